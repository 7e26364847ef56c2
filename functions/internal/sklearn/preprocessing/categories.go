package preprocessing

import (
	"errors"
	"fmt"
	"math"

	"brine/functions/internal/frame"
	"brine/functions/internal/job"
	"brine/functions/internal/pickle"
	"brine/functions/internal/python"
	"brine/functions/internal/sklearn/estimator"
)

// unknown is the code of a cell that was not among the categories at fit.
const unknown = -1

// categories are the distinct values of one feature, in scikit-learn's order.
// They are all text or all numbers, so they say how the column is read.
type categories struct {
	kind    frame.Kind
	text    map[string]int32
	num     map[float64]int32
	missing int32 // the code of NaN, or unknown
	large   bool  // some are beyond all integers of numpy, see ambiguous
	len     int
}

// newCategories reads one array of categories_. A None among them is never
// met: a table's missing value is a NaN.
func newCategories(v any) (*categories, error) {
	a, ok := v.(*pickle.Array)
	if !ok || len(a.Shape) != 1 {
		return nil, fmt.Errorf("must hold arrays of categories, found %s", estimator.Describe(v))
	}
	items, err := elements(a)
	if err != nil {
		return nil, err
	}
	c := &categories{
		text: map[string]int32{}, num: map[float64]int32{},
		missing: unknown, len: len(items),
	}
	for i, item := range items {
		if err := c.add(item, a.Dtype.Kind == 'f', int32(i)); err != nil {
			return nil, err
		}
	}
	if len(c.text) > 0 && len(c.num) > 0 {
		return nil, errors.New("mixes text and numbers in one column, and a table's column is one or the other")
	}
	if len(c.text) > 0 || len(c.num) == 0 && a.Dtype.Kind == 'O' {
		c.kind = frame.Text
	}
	return c, nil
}

// add takes a category. Cells are compared with those of a float column as
// float64, whatever they are; with others they are as whole numbers too.
func (c *categories) add(item any, asFloats bool, code int32) error {
	if item == nil {
		return nil
	}
	if s, ok := item.(string); ok {
		c.text[s] = code
		return nil
	}
	v, ok := estimator.Number(item)
	switch {
	case !ok:
		return fmt.Errorf("has the category %s, which no table cell can equal", estimator.Describe(item))
	case math.IsNaN(v):
		c.missing = code
	case math.Abs(v) >= 1<<53 && !asFloats:
		return fmt.Errorf("has the category %v, which a float64 cannot tell from its neighbour", item)
	default:
		c.num[v] = code
		c.large = c.large || beyondIntegers(v)
	}
	return nil
}

// beyondIntegers tells a number that no integer of numpy is.
func beyondIntegers(v float64) bool { return math.Abs(v) >= 1<<64 }

// elements returns an array's elements as decoded values.
func elements(a *pickle.Array) ([]any, error) {
	switch a.Dtype.Kind {
	case 'O':
		return a.Objects, nil
	case 'U':
		s, err := a.Strings()
		return boxed(s), err
	case 'i', 'u', 'b':
		n, err := a.Ints()
		return boxed(n), err
	case 'f':
		f, err := a.Floats()
		return boxed(f), err
	}
	return nil, fmt.Errorf("has categories of numpy kind %q, which is not supported", a.Dtype.Kind)
}

func boxed[T any](values []T) []any {
	out := make([]any, len(values))
	for i, v := range values {
		out[i] = v
	}
	return out
}

// encode sets each code to the category of the column's cell, or to unknown.
func (c *categories) encode(codes []int32, col *frame.Column) {
	if c.kind == frame.Text {
		for r, s := range col.Text {
			code, ok := c.text[s]
			switch {
			case col.Missing != nil && col.Missing[r]:
				code = c.missing
			case !ok:
				code = unknown
			}
			codes[r] = code
		}
		return
	}
	for r, v := range col.Num {
		code, ok := c.num[v]
		switch {
		case v != v:
			code = c.missing
		case !ok:
			code = unknown
		}
		codes[r] = code
	}
}

// encoder is what the encoders share: the categories and their infrequent ones.
type encoder struct {
	class      string
	categories []*categories
	inputs     []frame.Kind
	refuses    bool // an unknown category is an error
	groups     []group
}

// group joins a feature's infrequent categories into one. The zero group joins none.
type group struct {
	code       []int // of each category, the infrequent ones sharing the last
	infrequent int   // that last code
}

func newEncoder(o *estimator.Object) (encoder, error) {
	n := len(o.List("categories_"))
	if !o.Before(1, 0) { // before, encoders did not count their features
		n = o.Features()
	}
	e := encoder{class: o.Name()}
	for i, v := range o.List("categories_") {
		c, err := newCategories(v)
		if err != nil {
			return e, o.Refuse("categories_[%d] %v", i, err)
		}
		e.categories = append(e.categories, c)
		e.inputs = append(e.inputs, c.kind)
	}
	if err := o.Err(); err != nil {
		return e, err
	}
	if len(e.categories) != n {
		return e, o.Refuse("has categories of %d features, expected %d", len(e.categories), n)
	}
	e.groups = make([]group, n)
	if o.Has("_infrequent_enabled") && o.Bool("_infrequent_enabled") {
		e.readGroups(o)
	}
	return e, o.Err()
}

func (e *encoder) readGroups(o *estimator.Object) {
	const name = "_default_to_infrequent_mappings"
	mappings := o.List(name)
	if o.Err() == nil && len(mappings) != len(e.groups) {
		o.Fail(name, "has %d entries for %d features", len(mappings), len(e.groups))
		return
	}
	for i, m := range mappings {
		if m == nil {
			continue
		}
		a, ok := m.(*pickle.Array)
		if !ok {
			o.Fail(name, "must hold arrays, found %s", estimator.Describe(m))
			return
		}
		codes, err := a.Ints()
		if err != nil {
			o.Fail(name, "%v", err)
			return
		}
		for _, code := range codes {
			if code < 0 || code >= int64(len(codes)) {
				o.Fail(name, "holds the code %d for %d categories", code, len(codes))
				return
			}
			e.groups[i].code = append(e.groups[i].code, int(code))
			e.groups[i].infrequent = max(e.groups[i].infrequent, int(code))
		}
	}
}

// Inputs are text or numbers, as the categories are.
func (e *encoder) Inputs() []frame.Kind { return e.inputs }

// codes returns the category of each cell of column c.
func (e *encoder) codes(x *frame.Frame, c int) ([]int32, error) {
	col := &x.Cols[c]
	codes := x.Codes(x.Rows)
	e.categories[c].encode(codes, col)
	if e.categories[c].large {
		if err := e.ambiguous(codes, col); err != nil {
			return nil, err
		}
	}
	if !e.refuses {
		return codes, nil
	}
	for r, code := range codes {
		if code == unknown {
			return nil, unknownCategory(e.class, col, c, r)
		}
	}
	return codes, nil
}

// ambiguous refuses a cell of a category that is beyond all integers of numpy. If
// it is written in digits alone, as are all others of its column, then the whole
// column is text to pandas; this block does not show that.
func (e *encoder) ambiguous(codes []int32, col *frame.Column) error {
	for r, v := range col.Num {
		if codes[r] == unknown || !beyondIntegers(v) {
			continue
		}
		e := job.Invalid("%s: pandas reads a column as text if all its cells are written in digits alone and one has as many as this", e.class).
			WithHint("Fit the encoder on smaller numbers")
		e.Row, e.Column, e.Value = int64(r)+1, col.Name, string(python.AppendFloat(nil, v, 64))
		return e
	}
	return nil
}

func unknownCategory(class string, col *frame.Column, c, r int) error {
	value, shown := "", "nan"
	switch {
	case col.Kind == frame.Text && (col.Missing == nil || !col.Missing[r]):
		value = job.Short(col.Text[r], job.MaxValue)
		shown = "'" + value + "'"
	case col.Kind == frame.Number && col.Num[r] == col.Num[r]:
		value = string(python.AppendFloat(nil, col.Num[r], 64))
		shown = value
	}
	e := job.Invalid("%s: Found unknown categories [%s] in column %d during transform", class, shown, c).
		WithHint("Mend the cell, or fit the encoder so that it allows for unknown categories (handle_unknown)")
	e.Row, e.Column, e.Value = int64(r)+1, col.Name, value
	return e
}
