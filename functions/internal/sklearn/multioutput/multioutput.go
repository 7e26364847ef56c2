// Package multioutput has the estimators of sklearn.multioutput, which have an
// estimator for each of several targets.
package multioutput

import (
	"brine/functions/internal/frame"
	"brine/functions/internal/sklearn/estimator"
)

// Classes are the estimators of sklearn.multioutput.
var Classes = estimator.Registry{
	"sklearn.multioutput.ClassifierChain":       newChain,
	"sklearn.multioutput.MultiOutputClassifier": newSeparate,
	"sklearn.multioutput.MultiOutputRegressor":  newSeparate,
	"sklearn.multioutput.RegressorChain":        newChain,
}

// separate asks every estimator for its target.
// Source: sklearn/multioutput.py, _MultiOutputEstimator.predict.
type separate struct {
	inputs []frame.Kind
	each   []estimator.Predictor
}

func newSeparate(o *estimator.Object) (estimator.Estimator, error) {
	each, err := single(o)
	if err != nil {
		return nil, err
	}
	inputs, err := estimator.SharedInputs(o, each)
	if err != nil {
		return nil, err
	}
	return &separate{inputs, each}, nil
}

// single builds estimators_, which must have one output each.
func single(o *estimator.Object) ([]estimator.Predictor, error) {
	each, err := o.BuildPredictors("estimators_")
	if err != nil {
		return nil, err
	}
	for i, e := range each {
		if e.Outputs() != 1 {
			return nil, o.Refuse("estimators_[%d] has %d outputs, expected 1", i, e.Outputs())
		}
	}
	return each, nil
}

func (s *separate) Inputs() []frame.Kind { return s.inputs }
func (s *separate) Outputs() int         { return len(s.each) }

// SelectsByName implements estimator.NameSelector.
func (s *separate) SelectsByName() bool { return estimator.AllSelectByName(s.each) }

// Predict returns a column a target, in the order of the targets.
func (s *separate) Predict(x *frame.Frame) ([]frame.Column, error) {
	out := make([]frame.Column, 0, len(s.each))
	for _, e := range s.each {
		columns, err := e.Predict(x)
		if err != nil {
			return nil, err
		}
		out = append(out, columns[0])
	}
	return out, nil
}

// chain gives every estimator the predictions of those before it as further
// features, and answers with numbers.
// Source: sklearn/multioutput.py, _BaseChain.predict.
type chain struct {
	name     string
	features int
	each     []estimator.Predictor
	target   []int // of each estimator
}

func newChain(o *estimator.Object) (estimator.Estimator, error) {
	if o.Has("chain_method_") {
		if m := o.Str("chain_method_"); o.Err() == nil && m != "predict" {
			return nil, o.Refuse("chain_method=%q is not supported", m).WithHint(`Fit with chain_method="predict"`)
		}
	}
	each, err := single(o)
	if err != nil {
		return nil, err
	}
	c := &chain{name: o.Name(), features: o.Features(), each: each}
	order := o.Floats("order_")
	if err := o.Err(); err != nil {
		return nil, err
	}
	if c.target = permutation(order, len(each)); c.target == nil {
		return nil, o.Refuse("order_ is no order of its %d estimators", len(each))
	}
	for i, e := range each {
		if kinds := e.Inputs(); kinds != nil && len(kinds) != c.features+i {
			return nil, o.Refuse("estimators_[%d] takes %d features, expected %d", i, len(kinds), c.features+i)
		}
		if k, ok := e.(estimator.Classifier); ok && k.Classes().Num == nil {
			return nil, o.Refuse("estimators_[%d] answers with text, which the next one cannot take", i)
		}
	}
	return c, nil
}

// permutation returns nil if order does not have each of 0 to n-1 once.
func permutation(order []float64, n int) []int {
	if len(order) != n {
		return nil
	}
	out, seen := make([]int, n), make([]bool, n)
	for i, v := range order {
		if k := int(v); k < 0 || k >= n || float64(k) != v || seen[k] {
			return nil
		}
		out[i] = int(v)
		seen[out[i]] = true
	}
	return out
}

func (c *chain) Inputs() []frame.Kind { return estimator.AllNumbers(c.features) }
func (c *chain) Outputs() int         { return len(c.each) }

// Predict returns a Number column a target: labels come as numbers too.
func (c *chain) Predict(x *frame.Frame) ([]frame.Column, error) {
	if err := estimator.CheckFinite(x, c.name); err != nil {
		return nil, err
	}
	longer := x.With(append(make([]frame.Column, 0, len(x.Cols)+len(c.each)), x.Cols...))
	out := make([]frame.Column, len(c.each))
	for i, e := range c.each {
		columns, err := e.Predict(longer)
		if err != nil {
			return nil, err
		}
		cells, _ := estimator.Numbers(x, columns[0])
		out[c.target[i]] = frame.Column{Kind: frame.Number, Num: cells}
		longer = x.With(append(longer.Cols, out[c.target[i]]))
	}
	return out, nil
}
