package kernelapproximation

import (
	"math"

	"brine/functions/internal/frame"
	"brine/functions/internal/job"
	"brine/functions/internal/numpy"
	"brine/functions/internal/pickle"
	"brine/functions/internal/sklearn/estimator"
)

// additive samples the Fourier transform of the additive χ² kernel of each
// feature at steps of an interval.
// Source: sklearn/kernel_approximation.py, AdditiveChi2Sampler.transform.
type additive struct {
	name     string
	features int
	steps    int
	interval float64
	floats   bool // what is in front makes float64 of any table
}

func newAdditive(o *estimator.Object) (estimator.Estimator, error) {
	a := &additive{name: o.Name(), features: o.Features(), steps: o.Int("sample_steps")}
	intervals := map[int]float64{1: 0.8, 2: 0.5, 3: 0.4}
	a.interval = intervals[a.steps]
	if o.Has("sample_interval") {
		a.interval = o.Float("sample_interval")
	}
	if err := o.Err(); err != nil {
		return nil, err
	}
	if a.steps < 1 || a.steps > 1<<10 || !(a.interval > 0) {
		return nil, o.Refuse("sample_steps=%d with an interval of %v is not supported", a.steps, a.interval)
	}
	if !o.Columns((2*a.steps - 1) * a.features) {
		return nil, o.Err()
	}
	var err error
	if a.floats, err = behindFloats(o); err != nil {
		return nil, err
	}
	return a, nil
}

// floats are steps whose output is of float64 whatever they are given.
var floats = map[string]bool{
	"sklearn.feature_extraction.TfidfTransformer": true,
	"sklearn.preprocessing.KBinsDiscretizer":      true,
	"sklearn.preprocessing.MaxAbsScaler":          true,
	"sklearn.preprocessing.MinMaxScaler":          true,
	"sklearn.preprocessing.Normalizer":            true,
	"sklearn.preprocessing.QuantileTransformer":   true,
	"sklearn.preprocessing.SplineTransformer":     true,
}

// encoders are steps whose output is of their dtype.
var encoders = map[string]bool{
	"sklearn.feature_extraction.CountVectorizer":   true,
	"sklearn.feature_extraction.HashingVectorizer": true,
	"sklearn.feature_extraction.TfidfVectorizer":   true,
	"sklearn.preprocessing.OneHotEncoder":          true,
	"sklearn.preprocessing.OrdinalEncoder":         true,
}

// behindFloats tells whether the step in front of o makes float64 of any table,
// and refuses one that makes whole numbers.
func behindFloats(o *estimator.Object) (bool, error) {
	front := inFront(o)
	if front == nil || !encoders[front.Class()] {
		return front != nil && floats[front.Class()], nil
	}
	dtype, err := estimator.OutputDtype(front)
	if err == nil && dtype.Whole {
		err = o.Refuse("the %s in front of it makes whole numbers, and scikit-learn cuts its answer to whole numbers then", front.Name()).
			WithHint("Fit the %s with dtype=numpy.float64", front.Name())
	}
	return err == nil, err
}

// inFront is the step in front of o in its pipeline, nil if it is the first of
// it or in none.
func inFront(o *estimator.Object) (front *estimator.Object) {
	pipeline := o.Owner()
	if pipeline == nil || pipeline.Class() != "sklearn.pipeline.Pipeline" {
		return nil
	}
	for _, entry := range pipeline.List("steps") {
		pair, ok := entry.(pickle.Tuple)
		if !ok || len(pair) != 2 {
			return nil
		}
		step, err := pipeline.Child(pair[1], ".steps")
		switch {
		case err != nil: // it passes through
		case step.Raw() == o.Raw():
			return front
		default:
			front = step
		}
	}
	return nil
}

// checkWhole refuses a row of whole numbers. Of a table that has no others
// scikit-learn cuts the answer to whole numbers, and whether this is one the row
// does not tell. A row of zeros becomes one of zeros in any case.
// Source: sklearn/kernel_approximation.py, AdditiveChi2Sampler._transform_dense,
// where the answer is numpy.zeros_like(X).
func (a *additive) checkWhole(x *frame.Frame) error {
	for r := range x.Rows {
		whole, zero := true, true
		for c := range x.Cols {
			v := x.Cols[c].Num[r]
			whole, zero = whole && v == math.Trunc(v), zero && v == 0
		}
		if whole && !zero {
			e := job.Invalid("%s: this row is of whole numbers, and of a table of whole numbers scikit-learn cuts the answer to whole numbers", a.name).
				WithHint("Put a MaxAbsScaler in front of it, in a pipeline")
			e.Row = int64(r) + 1
			return e
		}
	}
	return nil
}

// Inputs implements estimator.Estimator.
func (a *additive) Inputs() []frame.Kind { return estimator.AllNumbers(a.features) }

// Transform returns the zeroth sample of every feature, then the cosine and
// sine part of every further one.
func (a *additive) Transform(x *frame.Frame) (*frame.Frame, error) {
	if err := estimator.CheckNotNegative(x, a.name); err != nil {
		return nil, err
	}
	if !a.floats {
		if err := a.checkWhole(x); err != nil {
			return nil, err
		}
	}
	out := make([]frame.Column, 0, (2*a.steps-1)*len(x.Cols))
	add := func(f func(v float64) float64) {
		for _, c := range x.Cols {
			to := x.NumberColumn("")
			for r, v := range c.Num {
				if v != 0 {
					to.Num[r] = f(v)
				}
			}
			out = append(out, to)
		}
	}
	add(func(v float64) float64 { return math.Sqrt(v * a.interval) })
	for j := 1; j < a.steps; j++ {
		step := float64(j)
		cosh := math.Cosh(math.Pi * step * a.interval)
		factor := func(v float64) float64 { return math.Sqrt(2 * v * a.interval / cosh) }
		angle := func(v float64) float64 { return step * (a.interval * numpy.Log(v)) }
		add(func(v float64) float64 { return factor(v) * math.Cos(angle(v)) })
		add(func(v float64) float64 { return factor(v) * math.Sin(angle(v)) })
	}
	f := x.With(out)
	f.Sparse = x.Sparse
	return f, nil
}
