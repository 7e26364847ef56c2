// Package impute has the transformers of sklearn.impute.
package impute

import (
	"math"
	"slices"

	"brine/functions/internal/frame"
	"brine/functions/internal/job"
	"brine/functions/internal/pickle"
	"brine/functions/internal/python"
	"brine/functions/internal/sklearn/estimator"
)

// Classes are the transformers of this package.
var Classes = estimator.Registry{
	"sklearn.impute.IterativeImputer": newIterativeImputer,
	"sklearn.impute.KNNImputer":       newKNNImputer,
	"sklearn.impute.MissingIndicator": newMissingIndicator,
	"sklearn.impute.SimpleImputer":    newSimpleImputer,
}

// simpleImputer fills the missing cells of each column with one value.
// Source: sklearn/impute/_base.py, SimpleImputer.transform.
type simpleImputer struct {
	class     string
	inputs    []frame.Kind
	missing   marker
	fills     []fill
	indicated []int // features whose missing marks become columns behind
	cuts      bool  // in a table of whole numbers, fills are cut to such
}

// fill is what a feature's missing cells get; a feature that had no value at
// fit is dropped.
type fill struct {
	dropped bool
	isText  bool
	text    string
	num     float64
}

func newSimpleImputer(o *estimator.Object) (estimator.Estimator, error) {
	n, strategy := o.Features(), o.Str("strategy")
	t := &simpleImputer{class: o.Name(), missing: newMarker(o)}
	keepEmpty := strategy == "constant" && o.Before(1, 8) || o.Has("keep_empty_features") && o.Bool("keep_empty_features")
	statistics := o.Array("statistics_")
	t.cuts = t.missing.isNum && (strategy == "constant" || strategy == "most_frequent") && !fitOnObjects(o)
	if o.Err() == nil && statistics.Len() != n {
		o.Fail("statistics_", "has %d values for %d features", statistics.Len(), n)
	}
	for _, v := range fillValues(o, statistics) {
		f, ok := newFill(v)
		if !ok {
			return nil, o.Refuse("fills with %s, which no column holds", estimator.Describe(v))
		}
		f.dropped = !f.isText && math.IsNaN(f.num) && !keepEmpty
		t.fills = append(t.fills, f)
		t.inputs = append(t.inputs, f.kind(statistics.Dtype.Kind == 'O', strategy == "constant"))
	}
	var err error
	t.indicated, err = indicated(o, n)
	return t, err
}

// fitOnObjects reports whether an imputer takes any table as one of objects, as
// it does from 1.2 on if it was fitted on one.
func fitOnObjects(o *estimator.Object) bool {
	if !o.Has("_fit_dtype") {
		return false
	}
	d, ok := o.Get("_fit_dtype").(*pickle.Dtype)
	return ok && d.Kind == 'O'
}

// fillValues returns the statistics as decoded values.
func fillValues(o *estimator.Object, statistics *pickle.Array) []any {
	if statistics.Dtype.Kind == 'O' {
		return statistics.Objects
	}
	var values []any
	for _, v := range o.Floats("statistics_") {
		values = append(values, v)
	}
	return values
}

func newFill(v any) (fill, bool) {
	if s, ok := v.(string); ok {
		return fill{isText: true, text: s}, true
	}
	num, ok := estimator.Number(v)
	return fill{num: num}, ok
}

// kind says how the feature is read. An imputer that was fitted on objects had
// text among its columns: what it counted most often tells which, a constant
// tells nothing.
func (f fill) kind(objects, constant bool) frame.Kind {
	switch {
	case objects && constant:
		return frame.Any
	case f.isText, objects && f.dropped:
		return frame.Text
	}
	return frame.Number
}

// Inputs are text or numbers, as the imputer was fitted on.
func (t *simpleImputer) Inputs() []frame.Kind { return t.inputs }

// Transform keeps the columns' names.
func (t *simpleImputer) Transform(x *frame.Frame) (*frame.Frame, error) {
	if err := t.missing.check(x, t.class); err != nil {
		return nil, err
	}
	var cols []frame.Column
	for c, f := range t.fills {
		if f.dropped {
			continue
		}
		col, err := t.filled(x, &x.Cols[c], f)
		if err != nil {
			return nil, err
		}
		cols = append(cols, col)
	}
	out := x.With(append(cols, t.missing.marks(x, t.indicated)...))
	out.Sparse = x.Sparse
	return out, nil
}

// filled returns the column itself if nothing is missing.
func (t *simpleImputer) filled(x *frame.Frame, col *frame.Column, f fill) (frame.Column, error) {
	out := *col
	if t.cuts && f.num < 0 {
		if r := slices.IndexFunc(col.Num, unsigned); r >= 0 {
			return out, t.wouldCut(col, r, "%s fills a cell of this column with %v, which scikit-learn cannot if the whole table is of uint64, as this cell is", f)
		}
	}
	first := 0
	for first < x.Rows && !t.missing.at(col, first) {
		first++
	}
	if first == x.Rows {
		return out, nil
	}
	if f.isText != (col.Kind == frame.Text) {
		e := job.Invalid("%s would put a value of another type in this %s column", t.class, col.Kind).
			WithHint("Fill the cell in the table")
		e.Row, e.Column = int64(first)+1, col.Name
		return out, e
	}
	if f.isText {
		out.Text, out.Missing = slices.Clone(col.Text), nil
		for r := first; r < x.Rows; r++ {
			if t.missing.at(col, r) {
				out.Text[r] = f.text
			}
		}
		return out, nil
	}
	out.Num = x.Floats(x.Rows)
	copy(out.Num, col.Num)
	cut := t.cuts && !f.whole()
	for r := first; r < x.Rows; r++ {
		if !t.missing.at(col, r) {
			continue
		}
		if cut && wholeRow(x, r) {
			return out, t.wouldCut(col, r, "%s fills this cell with %v, which scikit-learn cuts to a whole number if no cell of the whole table has a fraction", f)
		}
		out.Num[r] = f.num
	}
	return out, nil
}

// whole reports whether an int64 holds the number that fills.
func (f fill) whole() bool { return f.num == math.Trunc(f.num) && f.num >= -1<<63 && f.num < 1<<63 }

// wholeRow reports whether a row has no fraction. One that has shows that the
// whole table is of floats to numpy.
func wholeRow(x *frame.Frame, r int) bool {
	for c := range x.Cols {
		if col := &x.Cols[c]; col.Kind == frame.Number && col.Num[r] != math.Trunc(col.Num[r]) {
			return false
		}
	}
	return true
}

// unsigned reports whether only a uint64 or a float holds a number.
func unsigned(v float64) bool { return v >= 1<<63 && v < 1<<64 }

// wouldCut refuses a cell on account of what numpy makes of a fill in a table of
// whole numbers. Whether the table is one, the rows at hand do not show.
func (t *simpleImputer) wouldCut(col *frame.Column, r int, why string, f fill) error {
	e := job.Invalid(why, t.class, f.num).
		WithHint("Fill the cells in the table, or leave them empty and fit with missing_values=numpy.nan")
	e.Row, e.Column, e.Value = int64(r)+1, col.Name, string(python.AppendFloat(nil, col.Num[r], 64))
	return e
}
