// Package discriminant has sklearn.discriminant_analysis.QuadraticDiscriminantAnalysis.
package discriminant

import (
	"math"

	"brine/functions/internal/frame"
	"brine/functions/internal/numpy"
	"brine/functions/internal/sklearn/estimator"
)

// Classes are the estimators of this package.
var Classes = estimator.Registry{
	"sklearn.discriminant_analysis.QuadraticDiscriminantAnalysis": build,
}

// quadratic has a normal distribution a class.
// Source: sklearn/discriminant_analysis.py, QuadraticDiscriminantAnalysis.
type quadratic struct {
	name    string
	classes *frame.Classes
	means   numpy.Matrix   // classes × features
	whiten  []numpy.Matrix // of each class: ranks × features
	logDet  []float64      // Σ log of the scalings of each class
	logPri  []float64
}

func build(o *estimator.Object) (estimator.Estimator, error) {
	q := &quadratic{name: o.Name(), classes: o.Classes("classes_"), means: o.Matrix("means_")}
	rotations, scalings := o.Matrices("rotations_"), o.Matrices("scalings_")
	priors, features := o.Floats("priors_"), o.Features()
	o.Double("rotations_", "it whitens in that precision")
	if err := o.Err(); err != nil {
		return nil, err
	}
	n := q.classes.Len()
	if n < 2 || q.means.Rows != n || q.means.Cols != features || len(rotations) != n || len(scalings) != n || len(priors) != n {
		return nil, o.Refuse("its means, rotations, scalings and priors do not fit %d classes", n)
	}
	for k, r := range rotations {
		s := scalings[k].Data
		if r.Rows != features || r.Cols != len(s) {
			return nil, o.Refuse("rotations_[%d] and scalings_[%d] do not fit its %d features", k, k, features)
		}
		// From 1.9 on scikit-learn raises an error at fit where a scaling is at most
		// tol, 1e-4; before, it warned. That bound is one of the features' units.
		// Source: sklearn/discriminant_analysis.py, QuadraticDiscriminantAnalysis.fit.
		w := r.T()
		if i := estimator.Lost(w, s, noise); i >= 0 {
			return nil, o.Refuse("scalings_[%d][%d] is %.1e: features of class %s are collinear, and its answer is what rounding left", k, i, s[i], q.classes.Text[k]).
				WithHint("Fit with a reg_param above 0, such as 0.01, or without the features that follow from others")
		}
		logs := make([]float64, len(s))
		for i := range w.Rows {
			scale := math.Pow(s[i], -0.5)
			for j := range w.Row(i) {
				w.Row(i)[j] *= scale
			}
			logs[i] = numpy.Log(s[i])
		}
		q.whiten, q.logDet = append(q.whiten, w), append(q.logDet, numpy.Sum(logs))
		q.logPri = append(q.logPri, numpy.Log(priors[k]))
	}
	return q, nil
}

// noise is how many deviations of a class along an axis the terms of a row's place
// on it may add up to. What is left is squared, and many squares are added up.
const noise = 1e5

func (q *quadratic) Inputs() []frame.Kind    { return estimator.AllNumbers(q.means.Cols) }
func (q *quadratic) Outputs() int            { return 1 }
func (q *quadratic) Classes() *frame.Classes { return q.classes }

// scores are the log-likelihoods of each class.
func (q *quadratic) scores(x *frame.Frame) (*frame.Frame, error) {
	if err := estimator.CheckFinite(x, q.name); err != nil {
		return nil, err
	}
	rows, centred := estimator.RowsOf(x), x.Floats(len(x.Cols))
	out := make([]frame.Column, q.classes.Len())
	for k, w := range q.whiten {
		out[k] = x.NumberColumn("")
		squares := x.Floats(w.Rows)
		for r := range out[k].Num {
			for j, v := range rows.Row(r) {
				centred[j] = v - q.means.At(k, j)
			}
			for i := range squares {
				v := numpy.Dot(centred, w.Row(i))
				squares[i] = v * v
			}
			out[k].Num[r] = float64(-0.5*(numpy.Sum(squares)+q.logDet[k])) + q.logPri[k]
		}
	}
	return x.With(out), nil
}

// Predict returns the likeliest class.
func (q *quadratic) Predict(x *frame.Frame) ([]frame.Column, error) {
	scores, err := q.scores(x)
	if err != nil {
		return nil, err
	}
	return []frame.Column{estimator.ArgMax(scores, q.classes)}, nil
}

// PredictProba implements estimator.Prober.
func (q *quadratic) PredictProba(x *frame.Frame) (*frame.Frame, error) {
	scores, err := q.scores(x)
	if err != nil {
		return nil, err
	}
	estimator.EachRow(scores, numpy.Softmax)
	return scores, nil
}

// Decision returns the scores; of two classes, that of the second over the first.
func (q *quadratic) Decision(x *frame.Frame) (*frame.Frame, error) {
	scores, err := q.scores(x)
	if err != nil {
		return nil, err
	}
	return estimator.Lead(scores), nil
}
