package impute

import (
	"math"
	"slices"

	"brine/functions/internal/frame"
	"brine/functions/internal/job"
	"brine/functions/internal/pickle"
	"brine/functions/internal/sklearn/estimator"
)

// marker is missing_values: which cells count as missing. A value that a table
// cannot hold marks none.
type marker struct {
	nan    bool
	isNum  bool
	num    float64
	isText bool
	text   string
}

func newMarker(o *estimator.Object) (m marker) {
	v := o.Get("missing_values")
	if g, ok := v.(pickle.Global); ok && g.Name == "NA" {
		return marker{nan: true} // pandas.NA
	}
	if m.text, m.isText = v.(string); m.isText {
		return m
	}
	m.num, m.isNum = estimator.Number(v)
	if math.IsNaN(m.num) {
		return marker{nan: true}
	}
	if v != nil && !m.isNum {
		o.Fail("missing_values", "must be a number, text or None, found %s", estimator.Describe(v))
	}
	return m
}

// at reports whether the column's cell in row r is missing.
func (m *marker) at(col *frame.Column, r int) bool {
	if col.Kind == frame.Text {
		isNaN := col.Missing != nil && col.Missing[r]
		if m.nan || isNaN {
			return m.nan && isNaN
		}
		return m.isText && col.Text[r] == m.text
	}
	return m.is(col.Num[r])
}

// is reports whether a number counts as missing.
func (m *marker) is(v float64) bool { return m.nan && v != v || m.isNum && v == m.num }

// check answers as check_array does: NaN is an error unless it is the mark.
func (m *marker) check(x *frame.Frame, class string) error {
	if m.nan {
		return estimator.CheckNotInf(x, class)
	}
	for c := range x.Cols {
		if r := slices.Index(x.Cols[c].Missing, true); r >= 0 {
			e := job.Invalid("%s does not accept missing values (NaN): it was told that another value marks them", class)
			e.Row, e.Column = int64(r)+1, x.Cols[c].Name
			return e
		}
	}
	return estimator.CheckFinite(x, class)
}

// marks returns a column of zeros and ones for each of the features.
func (m *marker) marks(x *frame.Frame, features []int) []frame.Column {
	cols := make([]frame.Column, len(features))
	for i, f := range features {
		cols[i] = x.NumberColumn(x.Cols[f].Name)
		for r := range cols[i].Num {
			if m.at(&x.Cols[f], r) {
				cols[i].Num[r] = 1
			}
		}
	}
	return cols
}

// features reads which of n features an indicator marks.
func features(o *estimator.Object, n int) []int {
	list := o.Ints("features_")
	for _, f := range list {
		if f < 0 || f >= n {
			o.Fail("features_", "names feature %d of %d", f, n)
			return nil
		}
	}
	return list
}

// indicated reads which of an imputer's n features have their missing marks
// put behind as columns.
func indicated(o *estimator.Object, n int) ([]int, error) {
	if !o.Has("add_indicator") || !o.Bool("add_indicator") {
		return nil, o.Err()
	}
	indicator := o.Object("indicator_")
	if indicator == nil {
		return nil, o.Err()
	}
	list := features(indicator, n)
	if err := indicator.Err(); err != nil {
		return nil, err
	}
	return list, o.Err()
}

// indicator is MissingIndicator.
// Source: sklearn/impute/_base.py, MissingIndicator.transform.
type indicator struct {
	class    string
	inputs   []frame.Kind
	missing  marker
	features []int
	others   []int // features that must have no missing value
	sparse   bool
}

func newMissingIndicator(o *estimator.Object) (estimator.Estimator, error) {
	n := o.Features()
	t := &indicator{class: o.Name(), missing: newMarker(o), features: features(o, n)}
	t.sparse = o.Get("sparse") == true
	strict := o.Str("features") == "missing-only" && o.Bool("error_on_new")
	kind := frame.Any
	switch {
	case t.missing.isNum:
		kind = frame.Number
	case t.missing.isText:
		kind = frame.Text
	}
	marked := make([]bool, n)
	for _, f := range t.features {
		marked[f] = true
	}
	for i, isMarked := range marked {
		t.inputs = append(t.inputs, kind)
		if strict && !isMarked {
			t.others = append(t.others, i)
		}
	}
	return t, o.Err()
}

// Inputs may be anything that can be missing.
func (t *indicator) Inputs() []frame.Kind { return t.inputs }

// Transform has a column for each feature that had missing values at fit.
func (t *indicator) Transform(x *frame.Frame) (*frame.Frame, error) {
	if err := t.missing.check(x, t.class); err != nil {
		return nil, err
	}
	for _, f := range t.others {
		for r := range x.Rows {
			if t.missing.at(&x.Cols[f], r) {
				e := job.Invalid("%s: this feature has missing values in transform but had none in fit", t.class)
				e.Row, e.Column = int64(r)+1, x.Cols[f].Name
				return nil, e
			}
		}
	}
	marks := t.missing.marks(x, t.features)
	for i := range marks {
		marks[i].Narrow = true
	}
	out := x.With(marks)
	out.Sparse = t.sparse
	return out, nil
}
