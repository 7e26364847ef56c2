// Package compose has the estimators that put others side by side:
// ColumnTransformer, FeatureUnion and TransformedTargetRegressor.
package compose

import (
	"fmt"
	"slices"

	"brine/functions/internal/frame"
	"brine/functions/internal/job"
	"brine/functions/internal/pickle"
	"brine/functions/internal/sklearn/estimator"
)

// Classes are the estimators of this package.
var Classes = estimator.Registry{
	"sklearn.compose.ColumnTransformer":          newColumnTransformer,
	"sklearn.compose.TransformedTargetRegressor": newTransformedTarget,
	"sklearn.pipeline.FeatureUnion":              newFeatureUnion,
}

// union lays the outputs of several transformers side by side.
type union struct {
	class  string
	inputs []frame.Kind
	parts  []part
	byName bool
	whole  bool // every part is given all columns
	// sparse says whether the whole is a sparse matrix, given whether any part is.
	sparse func(any bool) bool
}

// part is one transformer and the columns that it is given.
type part struct {
	transformer estimator.Transformer // nil passes the columns through
	columns     []int
	weight      *float64
}

// Inputs merges what the parts want of each column.
func (u *union) Inputs() []frame.Kind { return u.inputs }

// SelectsByName reports whether columns are looked up by name.
func (u *union) SelectsByName() bool { return u.byName }

// TakesSparse reports whether all parts take what the union is given.
func (u *union) TakesSparse() bool {
	return u.whole && !slices.ContainsFunc(u.parts, func(p part) bool {
		return p.transformer != nil && !estimator.TakesSparse(p.transformer)
	})
}

// Transform has the parts' columns in their order.
func (u *union) Transform(x *frame.Frame) (*frame.Frame, error) {
	parts := make([]*frame.Frame, len(u.parts))
	for i, p := range u.parts {
		given := x
		if !u.whole {
			given = x.Select(p.columns)
		}
		var err error
		if parts[i], err = p.transform(given); err != nil {
			return nil, err
		}
	}
	out, err := u.join(x, parts)
	for last := out; err == nil && shake(parts); last = last.Shaken {
		last.Shaken, err = u.join(x, parts)
	}
	return out, err
}

// shake replaces the frames that have a Shaken by that. It reports whether there
// were any.
func shake(parts []*frame.Frame) (any bool) {
	for i, y := range parts {
		if y.Shaken != nil {
			parts[i], any = y.Shaken, true
		}
	}
	return any
}

// join lays what the parts made of x side by side.
func (u *union) join(x *frame.Frame, parts []*frame.Frame) (*frame.Frame, error) {
	anySparse, anyWide, anySingle, anyDouble := false, false, false, false
	for _, y := range parts {
		anySparse = anySparse || y.Sparse
		anyWide = anyWide || y.Wide != nil
		anySingle = anySingle || y.Single
		anyDouble = anyDouble || !y.Single && !narrow(y)
	}
	out, err := u.beside(x, parts, anyWide)
	if err != nil {
		return nil, err
	}
	out.Sparse, out.Single = u.sparse(anySparse), anySingle && !anyDouble
	return out, nil
}

// narrow tells columns that become float32 beside others that are.
func narrow(x *frame.Frame) bool {
	return x.Wide == nil && !slices.ContainsFunc(x.Cols, func(c frame.Column) bool { return !c.Narrow })
}

func (u *union) beside(x *frame.Frame, parts []*frame.Frame, wide bool) (*frame.Frame, error) {
	width := 0
	for _, y := range parts {
		width += len(y.Cols)
	}
	out := x.With(make([]frame.Column, 0, width))
	for _, y := range parts {
		out.Cols = append(out.Cols, y.Cols...)
	}
	if !wide {
		return out, nil
	}
	for _, col := range out.Cols {
		if col.Kind == frame.Text {
			return nil, job.Invalid("%s: text cannot be passed through beside a sparse matrix of numbers", u.class)
		}
	}
	return x.Beside(parts), nil
}

func (p *part) transform(x *frame.Frame) (*frame.Frame, error) {
	if p.transformer != nil {
		var err error
		if x, err = p.transformer.Transform(x); err != nil {
			return nil, err
		}
	}
	if p.weight == nil {
		return x, nil
	}
	return p.weigh(x), nil
}

// weigh multiplies by the part's weight.
func (p *part) weigh(x *frame.Frame) *frame.Frame {
	w := *p.weight
	out := x.Mapped(func(dst, src []float64) {
		for i, v := range src {
			dst[i] = v * w
			if x.Single {
				dst[i] = float64(float32(v) * float32(w))
			}
		}
	})
	if x.Shaken != nil {
		out.Shaken = p.weigh(x.Shaken)
	}
	return out
}

// add appends a part, merging what it wants of its columns. place is where in
// o it sits, for errors.
func (u *union) add(o *estimator.Object, p part, place string) error {
	var wants []frame.Kind
	switch {
	case p.transformer != nil:
		wants = p.transformer.Inputs()
	default:
		for range p.columns {
			k := frame.Any
			if p.weight != nil {
				k = frame.Number
			}
			wants = append(wants, k)
		}
	}
	if !o.Columns(len(p.columns)) {
		return o.Err()
	}
	if len(wants) != len(p.columns) {
		return o.Refuse("%s takes %d columns, but is given %d", place, len(wants), len(p.columns))
	}
	for i, c := range p.columns {
		if c < 0 || c >= len(u.inputs) {
			return o.Refuse("%s takes column %d of %d", place, c, len(u.inputs))
		}
		kind, ok := estimator.BothKinds(u.inputs[c], wants[i])
		if !ok {
			return o.Refuse("%s reads column %d as %s, another transformer as %s; a table's column is one or the other",
				place, c, wants[i], u.inputs[c])
		}
		u.inputs[c] = kind
	}
	u.parts = append(u.parts, p)
	return nil
}

// newFeatureUnion gives every transformer all columns.
// Source: sklearn/pipeline.py, FeatureUnion.transform.
func newFeatureUnion(o *estimator.Object) (estimator.Estimator, error) {
	u := &union{class: o.Name(), whole: true, byName: true, sparse: func(any bool) bool { return any }}
	weights, err := weightsOf(o)
	if err != nil {
		return nil, err
	}
	var parts []part
	for i, v := range o.List("transformer_list") {
		place := fmt.Sprintf(".transformer_list[%d]", i)
		entry := items(v)
		if len(entry) != 2 {
			return nil, o.Refuse("transformer_list[%d] must be a pair, found %s", i, estimator.Describe(v))
		}
		if entry[1] == "drop" {
			continue
		}
		t, err := transformer(o, entry[1], place)
		if err != nil {
			return nil, err
		}
		p := part{transformer: t, weight: weights[entry[0]]}
		u.byName = u.byName && t != nil && estimator.SelectsByName(t)
		if t != nil {
			u.inputs = make([]frame.Kind, len(t.Inputs()))
		}
		parts = append(parts, p)
	}
	if err := o.Err(); err != nil {
		return nil, err
	}
	if len(u.inputs) == 0 {
		return nil, o.Refuse("has no transformer that tells its columns")
	}
	all := make([]int, len(u.inputs))
	for i := range all {
		all[i] = i
		u.inputs[i] = frame.Unused
	}
	for i, p := range parts {
		p.columns = all
		if err := u.add(o, p, fmt.Sprintf("transformer_list[%d]", i)); err != nil {
			return nil, err
		}
	}
	return u, nil
}

// transformer builds what sits at a place; nil for "passthrough".
func transformer(o *estimator.Object, v any, place string) (estimator.Transformer, error) {
	if v == "passthrough" || v == nil {
		return nil, nil
	}
	child, err := o.Child(v, place)
	if err != nil {
		return nil, err
	}
	return estimator.BuildTransformer(child)
}

// weightsOf reads transformer_weights by the transformers' names.
func weightsOf(o *estimator.Object) (map[any]*float64, error) {
	weights := map[any]*float64{}
	if !o.Has("transformer_weights") {
		return weights, nil
	}
	d, ok := o.Get("transformer_weights").(*pickle.Dict)
	if !ok {
		return nil, o.Refuse("transformer_weights must be a dict")
	}
	for i, name := range d.Keys {
		s, isName := name.(string)
		w, isNumber := estimator.Number(d.Values[i])
		if !isName || !isNumber {
			return nil, o.Refuse("transformer_weights must map names to numbers")
		}
		weights[s] = &w
	}
	return weights, nil
}

// items returns the elements of a tuple or a list.
func items(v any) []any {
	switch v := v.(type) {
	case pickle.Tuple:
		return v
	case *pickle.List:
		return v.Items
	}
	return nil
}
