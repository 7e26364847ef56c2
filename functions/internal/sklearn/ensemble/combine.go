package ensemble

import (
	"slices"
	"sync"

	"brine/functions/internal/frame"
	"brine/functions/internal/pickle"
	"brine/functions/internal/sklearn/estimator"
)

// members are the estimators of an ensemble of any kind, each with the
// features that it looks at.
type members struct {
	name     string
	inputs   []frame.Kind
	each     []estimator.Predictor
	features [][]int // nil where each looks at all of them
}

// buildMembers builds estimators_. features may be nil.
func buildMembers(o *estimator.Object, features [][]int) (members, error) {
	m := members{name: o.Name(), features: features}
	for _, child := range o.Objects("estimators_") {
		p, err := estimator.BuildPredictor(child)
		if err != nil {
			return m, err
		}
		m.each = append(m.each, p)
	}
	if o.Err() != nil {
		return m, o.Err()
	}
	if len(m.each) == 0 || features != nil && len(features) != len(m.each) {
		return m, o.Refuse("has %d estimators and %d sets of features", len(m.each), len(features))
	}
	return m, m.readInputs(o)
}

// readInputs finds the kinds of column that serve all members. One that looks at
// no feature, such as a dummy, takes any.
func (m *members) readInputs(o *estimator.Object) error {
	width := -1 // not said
	for _, e := range m.each {
		if width < 0 && e.Inputs() != nil {
			width = len(e.Inputs())
		}
	}
	if o.Has("n_features_in_") {
		width = o.Features()
	}
	if o.Err() != nil {
		return o.Err()
	}
	if width < 0 && m.features == nil {
		return nil // any table will do
	}
	if width < 0 {
		return o.Refuse("has no usable n_features_in_")
	}
	m.inputs = make([]frame.Kind, width)
	for i := range m.inputs {
		m.inputs[i] = frame.Unused
	}
	for i, e := range m.each {
		at, kinds := m.columns(i), e.Inputs()
		if kinds == nil {
			kinds = slices.Repeat([]frame.Kind{frame.Unused}, len(at))
		}
		if len(at) != len(kinds) {
			return o.Refuse("hands %d features to estimators_[%d], which expects %d", len(at), i, len(kinds))
		}
		for j, kind := range kinds {
			if at[j] < 0 || at[j] >= width {
				return o.Refuse("hands feature %d of %d to estimators_[%d]", at[j], width, i)
			}
			both, ok := estimator.BothKinds(m.inputs[at[j]], kind)
			if !ok {
				return o.Refuse("hands feature %d to one estimator as a number and to another as text, which is not supported", at[j])
			}
			m.inputs[at[j]] = both
		}
	}
	return nil
}

// columns returns the positions of a member's features.
func (m *members) columns(i int) []int {
	if m.features != nil {
		return m.features[i]
	}
	all := make([]int, len(m.inputs))
	for j := range all {
		all[j] = j
	}
	return all
}

// memory is what one member after another computes in.
var memory = sync.Pool{New: func() any { return new(frame.Arena) }}

// eachMember shows x to one member after another. What a member returns is
// void when the next one is asked.
func (m *members) eachMember(x *frame.Frame, ask func(i int, e estimator.Predictor, x *frame.Frame) error) error {
	mem := memory.Get().(*frame.Arena)
	defer memory.Put(mem)
	for i, e := range m.each {
		mem.Reset()
		view := frame.New(x.Rows, mem)
		view.Cols, view.Sparse, view.Single = x.Cols, x.Sparse, x.Single
		if m.features != nil {
			view = view.Select(m.features[i])
		}
		if err := ask(i, e, view); err != nil {
			return err
		}
	}
	return nil
}

// Inputs implements estimator.Estimator.
func (m *members) Inputs() []frame.Kind { return m.inputs }

// featureSubsets reads estimators_features_.
func featureSubsets(o *estimator.Object) ([][]int, error) {
	subsets := [][]int{}
	for i, v := range o.List("estimators_features_") {
		a, ok := v.(*pickle.Array)
		if !ok {
			return nil, o.Refuse("estimators_features_[%d] is %s", i, estimator.Describe(v))
		}
		values, err := a.Ints()
		if err != nil {
			return nil, o.Refuse("estimators_features_[%d]: %v", i, err)
		}
		subset := make([]int, len(values))
		for j, f := range values {
			subset[j] = int(f)
		}
		subsets = append(subsets, subset)
	}
	return subsets, o.Err()
}

// encoded returns the numbers that a member's labels are, where the ensemble
// trained it on the positions of its own classes.
func encoded(o *estimator.Object, c *frame.Classes, classes int) ([]int, error) {
	codes := make([]int, c.Len())
	for i := range codes {
		if c.Dtype != frame.Int || i >= len(c.Num) || !(c.Num[i] >= 0 && c.Num[i] < float64(classes)) {
			return nil, o.Refuse("has an estimator whose class %q is not one of %d numbers", c.Text[i], classes)
		}
		codes[i] = int(c.Num[i])
	}
	return codes, nil
}

// voteFor adds w to the class that a member predicts; codes are its classes.
func voteFor(codes []int, e estimator.Predictor, x *frame.Frame, votes []frame.Column, w float64) error {
	labels, err := e.Predict(x)
	if err != nil {
		return err
	}
	for r, k := range labels[0].Code {
		votes[codes[k]].Num[r] += w
	}
	return nil
}

// numberColumns returns new columns of zeros.
func numberColumns(x *frame.Frame, n int) []frame.Column {
	out := make([]frame.Column, n)
	for c := range out {
		out[c] = x.NumberColumn("")
	}
	return out
}

// addScaled adds w·from to to.
func addScaled(to, from []float64, w float64) {
	for r, v := range from {
		to[r] += float64(v * w)
	}
}

// divide divides every cell by d.
func divide(columns []frame.Column, d float64) {
	for _, c := range columns {
		for r := range c.Num {
			c.Num[r] /= d
		}
	}
}
