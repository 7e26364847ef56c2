package preprocessing

import (
	"brine/functions/internal/frame"
	"brine/functions/internal/sklearn/estimator"
)

// oneHot is OneHotEncoder: a column of zeros and ones for each category.
// Source: sklearn/preprocessing/_encoders.py, OneHotEncoder.transform.
type oneHot struct {
	encoder
	features []hotFeature
	sparse   bool
	dtype    estimator.Dtype
}

// hotFeature says where a feature's categories go: the column among its width
// columns, or -1 for none.
type hotFeature struct {
	slot    []int
	unknown int
	width   int
}

func newOneHotEncoder(o *estimator.Object) (estimator.Estimator, error) {
	e, err := newEncoder(o)
	if err != nil {
		return nil, err
	}
	handle := o.Str("handle_unknown")
	t := &oneHot{encoder: e, sparse: sparseOutput(o)}
	d, err := estimator.OutputDtype(o)
	if err != nil {
		return nil, err
	}
	t.dtype = d
	unknownJoins := false
	switch handle {
	case "error":
		t.refuses = true
	case "ignore":
	case "infrequent_if_exist":
		unknownJoins = true
	case "warn": // is the same by the documentation; up to 1.7 it does as "ignore"
		unknownJoins = !o.Before(1, 8)
	default:
		return nil, o.Refuse("handle_unknown=%q is not supported", handle)
	}
	drops, err := droppedCodes(o, t.groups)
	if err != nil {
		return nil, err
	}
	for i, c := range t.categories {
		f, ok := newHotFeature(c.len, t.groups[i], drops[i], unknownJoins)
		if !ok {
			return nil, o.Refuse("the infrequent categories of feature %d do not match its categories", i)
		}
		if !o.Columns(f.width) {
			return nil, o.Err()
		}
		t.features = append(t.features, f)
	}
	return t, nil
}

// sparseOutput reads sparse_output, called sparse before scikit-learn 1.2.
func sparseOutput(o *estimator.Object) bool {
	if o.Has("sparse_output") {
		return o.Bool("sparse_output")
	}
	return o.Bool("sparse")
}

// droppedCodes returns for each feature the code, after grouping, that gets no
// column; -1 for none.
func droppedCodes(o *estimator.Object, groups []group) ([]int, error) {
	drops := make([]int, len(groups))
	for i := range drops {
		drops[i] = -1
	}
	name := "_drop_idx_after_grouping"
	if _, ok := o.Raw().Attr(name); !ok {
		name = "drop_idx_" // the same where nothing is grouped
		for _, g := range groups {
			if o.Has(name) && g.code != nil {
				return nil, o.Refuse("drop together with infrequent categories is not supported for this version of scikit-learn")
			}
		}
	}
	if !o.Has(name) {
		return drops, o.Err()
	}
	items, err := elements(o.Array(name))
	if err != nil {
		o.Fail(name, "%v", err)
	}
	if o.Err() == nil && len(items) != len(drops) {
		o.Fail(name, "has %d entries for %d features", len(items), len(drops))
	}
	if err := o.Err(); err != nil {
		return nil, err
	}
	for i, item := range items {
		if code, ok := item.(int64); ok {
			drops[i] = int(code)
		} else if item != nil {
			return nil, o.Refuse("attribute %s holds %s", name, estimator.Describe(item))
		}
	}
	return drops, nil
}

// newHotFeature lays out a feature of n categories. ok is false if the group
// does not fit them.
func newHotFeature(n int, g group, drop int, unknownJoins bool) (f hotFeature, ok bool) {
	place := func(code int) int {
		switch {
		case drop < 0 || code < drop:
			return code
		case code == drop:
			return -1
		}
		return code - 1
	}
	f = hotFeature{slot: make([]int, n), unknown: -1, width: n}
	if g.code != nil {
		if len(g.code) != n {
			return f, false
		}
		f.width = g.infrequent + 1
		if unknownJoins {
			f.unknown = place(g.infrequent)
		}
	}
	for i := range f.slot {
		code := i
		if g.code != nil {
			code = g.code[i]
		}
		if code < 0 {
			return f, false
		}
		f.slot[i] = place(code)
	}
	if drop >= 0 {
		f.width--
	}
	return f, drop <= f.width
}

// Transform lays the features' columns side by side.
func (t *oneHot) Transform(x *frame.Frame) (*frame.Frame, error) {
	if err := estimator.CheckNotInf(x, t.class); err != nil {
		return nil, err
	}
	var cols []frame.Column
	for i, f := range t.features {
		codes, err := t.codes(x, i)
		if err != nil {
			return nil, err
		}
		start := len(cols)
		for range f.width {
			col := x.NumberColumn(x.Cols[i].Name)
			col.Narrow = t.dtype.Narrow
			cols = append(cols, col)
		}
		for r, code := range codes {
			slot := f.unknown
			if code != unknown {
				slot = f.slot[code]
			}
			if slot >= 0 {
				cols[start+slot].Num[r] = 1
			}
		}
	}
	out := x.With(cols)
	out.Sparse, out.Single = t.sparse, t.dtype.Single
	return out, nil
}
