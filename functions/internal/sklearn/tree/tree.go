// Package tree has scikit-learn's decision trees, and the engine that all of
// its tree ensembles share: decoded nodes (Nodes) are checked and compiled into
// a Forest, which finds the leaf of every row of a block.
package tree

import (
	"brine/functions/internal/frame"
	"brine/functions/internal/numpy"
	"brine/functions/internal/pickle"
	"brine/functions/internal/sklearn/estimator"
)

// Classes are the estimators of this package.
var Classes = estimator.Registry{
	"sklearn.tree.DecisionTreeClassifier": buildClassifier,
	"sklearn.tree.ExtraTreeClassifier":    buildClassifier,
	"sklearn.tree.DecisionTreeRegressor":  buildRegressor,
	"sklearn.tree.ExtraTreeRegressor":     buildRegressor,
}

// single is one compiled tree as an estimator.
type single struct {
	name    string
	inputs  []frame.Kind
	missing bool
	forest  *Forest
	outputs int
}

// build reads and compiles a tree, and returns the node of each leaf.
func build(o *estimator.Object) (single, *Fitted, []int32, error) {
	missing := TakesMissing(o)
	fitted, err := Read(o, missing)
	if err != nil {
		return single{}, nil, nil, err
	}
	features := o.Features()
	if o.Err() != nil {
		return single{}, nil, nil, o.Err()
	}
	s := single{
		name:    o.Name(),
		inputs:  estimator.AllNumbers(features),
		missing: missing,
		forest:  New(features, nil),
		outputs: fitted.Outputs,
	}
	leaves, err := s.forest.Add(&fitted.Nodes)
	if err != nil {
		return single{}, nil, nil, o.Refuse("its tree %v", err)
	}
	return s, fitted, leaves, nil
}

func (s *single) Inputs() []frame.Kind { return s.inputs }

func (s *single) Outputs() int { return s.outputs }

// leaves returns the number of the leaf of each row.
func (s *single) leaves(x *frame.Frame) ([]int32, error) {
	if err := Check(x, s.name, s.missing); err != nil {
		return nil, err
	}
	leaves := x.Codes(x.Rows)
	s.forest.Leaves(0, s.forest.Rows(x), leaves)
	return leaves, nil
}

// Check answers as scikit-learn's check of an input that is cast to float32;
// a sparse one takes no missing values in any case.
func Check(x *frame.Frame, class string, missing bool) error {
	if missing && !x.Sparse {
		return estimator.CheckNotInf32(x, class)
	}
	return estimator.CheckFinite32(x, class)
}

type regressor struct {
	single
	value []float64 // leaves × outputs
}

func buildRegressor(o *estimator.Object) (estimator.Estimator, error) {
	s, fitted, leaves, err := build(o)
	if err != nil {
		return nil, err
	}
	value, err := fitted.Means(o, leaves)
	if err != nil {
		return nil, err
	}
	return &regressor{s, value}, nil
}

// Means returns the values of the leaves of a regressor, leaves × outputs.
func (f *Fitted) Means(o *estimator.Object, leaves []int32) ([]float64, error) {
	if f.Classes != 1 {
		return nil, o.Refuse("is a regressor whose nodes hold %d values for each output", f.Classes)
	}
	value := make([]float64, 0, len(leaves)*f.Outputs)
	for _, n := range leaves {
		if f.Outputs == 1 {
			value = append(value, f.Value[n])
			continue
		}
		value = append(value, f.row(n)...)
	}
	return value, nil
}

// row returns what a node holds: outputs × classes.
func (f *Fitted) row(node int32) []float64 {
	width := f.Outputs * f.Classes
	return f.Value[int(node)*width:][:width]
}

func (m *regressor) Predict(x *frame.Frame) ([]frame.Column, error) {
	leaves, err := m.leaves(x)
	if err != nil {
		return nil, err
	}
	out := make([]frame.Column, m.outputs)
	for k := range out {
		out[k] = x.NumberColumn("")
		for r, leaf := range leaves {
			out[k].Num[r] = m.value[int(leaf)*m.outputs+k]
		}
	}
	return out, nil
}

// multi is a classifier of any number of outputs.
type multi struct {
	single
	classes []*frame.Classes // of each output
	code    []int32          // leaves × outputs: the class that is predicted
}

// classifier is a multi of one output.
type classifier struct {
	multi
	proba []float64 // leaves × classes
}

func buildClassifier(o *estimator.Object) (estimator.Estimator, error) {
	s, fitted, leaves, err := build(o)
	if err != nil {
		return nil, err
	}
	classes, err := Labels(o)
	if err != nil {
		return nil, err
	}
	proba, err := fitted.Probabilities(o, leaves, classes)
	if err != nil {
		return nil, err
	}
	m := multi{s, classes, fitted.majorities(leaves)}
	if len(classes) > 1 {
		return &m, nil
	}
	return &classifier{m, proba}, nil
}

// Labels returns the classes of each output of a tree or forest.
func Labels(o *estimator.Object) ([]*frame.Classes, error) {
	if o.Int("n_outputs_") == 1 {
		c := o.Classes("classes_")
		return []*frame.Classes{c}, o.Err()
	}
	var classes []*frame.Classes
	for _, v := range o.List("classes_") {
		a, ok := v.(*pickle.Array)
		if !ok {
			return nil, o.Refuse("attribute classes_ must hold arrays, found %s", estimator.Describe(v))
		}
		c, err := estimator.ClassesOf(a)
		if err != nil {
			return nil, o.Refuse("attribute classes_ %v", err)
		}
		classes = append(classes, c)
	}
	return classes, o.Err()
}

// majorities returns the class of most weight in each leaf, leaves × outputs.
// Source: sklearn/tree/_classes.py, BaseDecisionTree.predict.
func (f *Fitted) majorities(leaves []int32) []int32 {
	code := make([]int32, 0, len(leaves)*f.Outputs)
	for _, n := range leaves {
		row := f.row(n)
		for k := range f.Outputs {
			code = append(code, int32(numpy.ArgMax(row[k*f.Classes:][:f.Classes])))
		}
	}
	return code
}

// Probabilities returns the class probabilities of the leaves of a
// classifier, output by output within a leaf: leaves × the sum of the outputs'
// numbers of classes. Up to 1.3 a node holds weights, which are normalised.
// Source: sklearn/tree/_classes.py, DecisionTreeClassifier.predict_proba.
func (f *Fitted) Probabilities(o *estimator.Object, leaves []int32, classes []*frame.Classes) ([]float64, error) {
	most, sum := 0, 0
	for _, c := range classes {
		most, sum = max(most, c.Len()), sum+c.Len()
	}
	if len(classes) != f.Outputs || most != f.Classes {
		return nil, o.Refuse("has %d outputs of up to %d classes, but its nodes hold %d of %d",
			len(classes), most, f.Outputs, f.Classes)
	}
	proba := make([]float64, 0, len(leaves)*sum)
	for _, n := range leaves {
		row := f.row(n)
		for k, c := range classes {
			proba = append(proba, row[k*f.Classes:][:c.Len()]...)
			if o.Before(1, 4) {
				normalise(proba[len(proba)-c.Len():])
			}
		}
	}
	return proba, nil
}

func normalise(p []float64) {
	sum := numpy.Sum(p)
	if sum == 0 {
		return
	}
	for i := range p {
		p[i] /= sum
	}
}

func (m *multi) Predict(x *frame.Frame) ([]frame.Column, error) {
	leaves, err := m.leaves(x)
	if err != nil {
		return nil, err
	}
	out := make([]frame.Column, m.outputs)
	for k := range out {
		out[k] = x.LabelColumn(m.classes[k])
		for r, leaf := range leaves {
			out[k].Code[r] = m.code[int(leaf)*m.outputs+k]
		}
	}
	return out, nil
}

func (m *classifier) Classes() *frame.Classes { return m.classes[0] }

func (m *classifier) PredictProba(x *frame.Frame) (*frame.Frame, error) {
	leaves, err := m.leaves(x)
	if err != nil {
		return nil, err
	}
	out := make([]frame.Column, m.Classes().Len())
	for k := range out {
		out[k] = x.NumberColumn("")
		for r, leaf := range leaves {
			out[k].Num[r] = m.proba[int(leaf)*len(out)+k]
		}
	}
	return x.With(out), nil
}
