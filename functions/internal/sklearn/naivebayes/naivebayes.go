// Package naivebayes has scikit-learn's naive Bayes classifiers.
package naivebayes

import (
	"brine/functions/internal/frame"
	"brine/functions/internal/numpy"
	"brine/functions/internal/sklearn/estimator"
)

// Classes are the builders of this family.
var Classes = estimator.Registry{
	"sklearn.naive_bayes.BernoulliNB":   buildBernoulli,
	"sklearn.naive_bayes.CategoricalNB": buildCategorical,
	"sklearn.naive_bayes.ComplementNB":  buildComplement,
	"sklearn.naive_bayes.GaussianNB":    buildGaussian,
	"sklearn.naive_bayes.MultinomialNB": buildMultinomial,
}

// classifier takes the class of the largest joint log likelihood.
// Source: sklearn/naive_bayes.py, _BaseNB.
type classifier struct {
	class    string
	features int
	classes  *frame.Classes
	// likelihood sets joint, a column of zeros a class, to log P(c) + log P(x|c).
	likelihood func(x *frame.Frame, joint []frame.Column) error
	sparse     bool // likelihood takes a frame held as a CSR
}

// open reads what all of the family have; likelihood is still to be set.
func open(o *estimator.Object) (*classifier, error) {
	c := &classifier{class: o.Name(), features: o.Features(), classes: o.Classes("classes_")}
	if err := o.Err(); err != nil {
		return nil, err
	}
	if c.classes.Len() == 0 {
		return nil, o.Refuse("has no classes")
	}
	return c, nil
}

func (c *classifier) Inputs() []frame.Kind    { return estimator.AllNumbers(c.features) }
func (c *classifier) TakesSparse() bool       { return c.sparse }
func (c *classifier) Outputs() int            { return 1 }
func (c *classifier) Classes() *frame.Classes { return c.classes }

func (c *classifier) joint(x *frame.Frame) (*frame.Frame, error) {
	if err := estimator.CheckFinite(x, c.class); err != nil {
		return nil, err
	}
	cols := make([]frame.Column, c.classes.Len())
	for k := range cols {
		cols[k] = x.NumberColumn("")
	}
	return x.With(cols), c.likelihood(x, cols)
}

func (c *classifier) Predict(x *frame.Frame) ([]frame.Column, error) {
	joint, err := c.joint(x)
	if err != nil {
		return nil, err
	}
	return []frame.Column{estimator.ArgMax(joint, c.classes)}, nil
}

func (c *classifier) PredictProba(x *frame.Frame) (*frame.Frame, error) {
	joint, err := c.joint(x)
	if err != nil {
		return nil, err
	}
	scratch := x.Floats(len(joint.Cols))
	estimator.EachRow(joint, func(row []float64) {
		total := numpy.LogSumExp(row, scratch)
		for k, v := range row {
			row[k] = numpy.Exp(v - total)
		}
	})
	return joint, nil
}
