package naivebayes

import (
	"math"

	"brine/functions/internal/frame"
	"brine/functions/internal/job"
	"brine/functions/internal/numpy"
	"brine/functions/internal/sklearn/estimator"
)

// weighted is a joint log likelihood X·weightsᵀ + offset.
type weighted struct {
	weights   numpy.Matrix // classes × features
	offset    []float64    // one a class
	binarize  bool         // X is 1 where it exceeds threshold, else 0
	threshold float64
}

// openWeighted reads feature_log_prob_ and class_log_prior_.
func openWeighted(o *estimator.Object) (*classifier, *weighted, error) {
	c, err := open(o)
	if err != nil {
		return nil, nil, err
	}
	w := &weighted{weights: o.Matrix("feature_log_prob_"), offset: o.Floats("class_log_prior_")}
	if err := o.Err(); err != nil {
		return nil, nil, err
	}
	if n := c.classes.Len(); w.weights.Rows != n || w.weights.Cols != c.features || len(w.offset) != n {
		return nil, nil, o.Refuse("feature_log_prob_ and class_log_prior_ do not fit %d classes of %d features", n, c.features)
	}
	c.likelihood, c.sparse = w.likelihood, true
	return c, w, nil
}

func (w *weighted) likelihood(x *frame.Frame, joint []frame.Column) error {
	if w.binarize {
		x = w.binarized(x)
	}
	estimator.AddProduct(joint, x, w.weights)
	for k, out := range joint {
		for r := range out.Num {
			out.Num[r] += w.offset[k]
		}
	}
	return nil
}

// binarized is sklearn/preprocessing/_data.py, binarize.
func (w *weighted) binarized(x *frame.Frame) *frame.Frame {
	return x.Mapped(func(dst, src []float64) {
		for i, v := range src {
			if v > w.threshold {
				dst[i] = 1
			}
		}
	})
}

func buildMultinomial(o *estimator.Object) (estimator.Estimator, error) {
	c, _, err := openWeighted(o)
	if err != nil {
		return nil, err
	}
	return c, nil
}

// buildComplement: the prior counts only where there is a single class.
// Source: sklearn/naive_bayes.py, ComplementNB._joint_log_likelihood.
func buildComplement(o *estimator.Object) (estimator.Estimator, error) {
	c, w, err := openWeighted(o)
	if err != nil {
		return nil, err
	}
	if c.classes.Len() > 1 {
		w.offset = make([]float64, c.classes.Len())
	}
	return c, nil
}

// buildBernoulli folds the absence of each feature into weights and offset.
// Source: sklearn/naive_bayes.py, BernoulliNB._joint_log_likelihood.
func buildBernoulli(o *estimator.Object) (estimator.Estimator, error) {
	c, w, err := openWeighted(o)
	if err != nil {
		return nil, err
	}
	if o.Has("binarize") {
		w.binarize, w.threshold = true, o.Float("binarize")
	}
	if err := o.Err(); err != nil {
		return nil, err
	}
	present, prior := w.weights, w.offset
	w.weights = numpy.Matrix{Rows: present.Rows, Cols: present.Cols, Data: make([]float64, len(present.Data))}
	w.offset = make([]float64, len(prior))
	absent := make([]float64, c.features)
	for k := range prior {
		for f, v := range present.Row(k) {
			absent[f] = math.Log(1 - numpy.Exp(v))
			w.weights.Row(k)[f] = v - absent[f]
		}
		w.offset[k] = prior[k] + numpy.Sum(absent)
	}
	return c, nil
}

// categorical is a table a feature of the log probability of each category.
type categorical struct {
	class    string
	tables   []numpy.Matrix // a feature: classes × categories
	logPrior []float64
}

func buildCategorical(o *estimator.Object) (estimator.Estimator, error) {
	c, err := open(o)
	if err != nil {
		return nil, err
	}
	t := &categorical{class: c.class, tables: o.Matrices("feature_log_prob_"), logPrior: o.Floats("class_log_prior_")}
	if err := o.Err(); err != nil {
		return nil, err
	}
	n := c.classes.Len()
	if len(t.tables) != c.features || len(t.logPrior) != n {
		return nil, o.Refuse("feature_log_prob_ and class_log_prior_ do not fit %d classes of %d features", n, c.features)
	}
	for f, table := range t.tables {
		if table.Rows != n {
			return nil, o.Refuse("feature_log_prob_[%d] has %d rows for %d classes", f, table.Rows, n)
		}
	}
	c.likelihood = t.likelihood
	return c, nil
}

// likelihood takes a cell's whole part as its category, as a cast to int does.
// Source: sklearn/naive_bayes.py, CategoricalNB._joint_log_likelihood.
func (t *categorical) likelihood(x *frame.Frame, joint []frame.Column) error {
	if err := t.check(x); err != nil {
		return err
	}
	for k, out := range joint {
		for f, table := range t.tables {
			logProb := table.Row(k)
			for r, v := range x.Cols[f].Num {
				out.Num[r] += logProb[int(v)]
			}
		}
		for r := range out.Num {
			out.Num[r] += t.logPrior[k]
		}
	}
	return nil
}

// check answers for the first row with a category that was not there at fit.
func (t *categorical) check(x *frame.Frame) error {
	for r := range x.Rows {
		for f, table := range t.tables {
			if v := x.Cols[f].Num[r]; v <= -1 || v >= float64(table.Cols) {
				e := job.Invalid("%s knows the categories 0 to %d here, found %v", t.class, table.Cols-1, v)
				e.Row, e.Column = int64(r)+1, x.Cols[f].Name
				return e
			}
		}
	}
	return nil
}
