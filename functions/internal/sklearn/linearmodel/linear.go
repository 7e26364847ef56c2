// Package linearmodel has the estimators of scikit-learn whose prediction
// rests on scores X·coefᵀ + intercept, wherever scikit-learn itself keeps them.
//
// Scores are added up feature by feature in the order of fit. scikit-learn
// leaves the order to its BLAS; the difference is a few units in the last place
// of the largest term. A row of whose score that leaves too little is refused.
package linearmodel

import (
	"math"

	"brine/functions/internal/frame"
	"brine/functions/internal/numpy"
	"brine/functions/internal/sklearn/estimator"
)

// linear scores rows by X·coefᵀ + intercept.
// Source: sklearn/linear_model/_base.py, LinearModel._decision_function.
type linear struct {
	class     string
	coef      numpy.Matrix // outputs × features
	intercept []float64    // one an output
	sure      float64      // cells of at most this magnitude leave no score in doubt
}

func openLinear(o *estimator.Object) (*linear, error) {
	return newLinear(o, o.Dense("coef_"), o.Floats("intercept_"))
}

// newLinear checks the shapes; a single intercept serves all outputs.
func newLinear(o *estimator.Object, coef numpy.Matrix, intercept []float64) (*linear, error) {
	features := coef.Cols
	if !o.Before(1, 0) { // before, generalized linear models did not count their features
		features = o.Features()
	}
	if err := o.Err(); err != nil {
		return nil, err
	}
	if coef.Rows == 0 || coef.Cols != features {
		return nil, o.Refuse("coef_ has shape (%d, %d) for %d features", coef.Rows, coef.Cols, features)
	}
	if len(intercept) == 1 && coef.Rows > 1 {
		one := intercept[0]
		intercept = make([]float64, coef.Rows)
		for i := range intercept {
			intercept[i] = one
		}
	}
	if len(intercept) != coef.Rows {
		return nil, o.Refuse("has %d intercepts for %d outputs", len(intercept), coef.Rows)
	}
	l := &linear{class: o.Name(), coef: coef, intercept: intercept, sure: math.MaxFloat64}
	for k, b := range intercept {
		var weights float64
		for _, w := range coef.Row(k) {
			weights += math.Abs(w)
		}
		if weights != 0 {
			l.sure = min(l.sure, (estimator.ScoreDoubt.Sure()-math.Abs(b))/weights)
		}
	}
	return l, nil
}

func (l *linear) Inputs() []frame.Kind { return estimator.AllNumbers(l.coef.Cols) }

// scores returns a Number column an output.
func (l *linear) scores(x *frame.Frame) (*frame.Frame, error) {
	sure, err := estimator.CheckWithin(x, l.class, l.sure)
	if err != nil {
		return nil, err
	}
	out := estimator.Combined(x, l.coef)
	for k, c := range out.Cols {
		for r := range c.Num {
			c.Num[r] += l.intercept[k]
		}
	}
	if !sure {
		err = l.check(x, out)
	}
	return out, err
}

// check refuses the first row that has a score in doubt. The coefficients of
// features that follow from others can be anything that cancels out.
func (l *linear) check(x, scores *frame.Frame) error {
	for r := range x.Rows {
		for k, c := range scores.Cols {
			err := estimator.ScoreDoubt.Check(c.Num[r], math.Abs(l.intercept[k])+size(x, r, l.coef.Row(k)), r, "terms of the score",
				"Fit without features that follow from others (OneHotEncoder has drop=\"first\" for that), or with a penalty, as Ridge does")
			if err != nil {
				return err
			}
		}
	}
	return nil
}

// size adds up the magnitudes of a row's cells, weighed.
func size(x *frame.Frame, row int, weights []float64) (sum float64) {
	if x.Wide != nil {
		index, value := x.Wide.Row(row)
		for i, c := range index {
			sum += math.Abs(value[i] * weights[c])
		}
		return sum
	}
	for c, w := range weights {
		sum += math.Abs(x.Cols[c].Num[row] * w)
	}
	return sum
}

// TakesSparse implements estimator.SparseTaker.
func (l *linear) TakesSparse() bool { return true }
