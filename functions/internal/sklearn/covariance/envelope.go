// Package covariance has sklearn.covariance.EllipticEnvelope, the one class
// there that predicts.
package covariance

import (
	"math"

	"brine/functions/internal/frame"
	"brine/functions/internal/numpy"
	"brine/functions/internal/sklearn/estimator"
)

// Classes are the estimators of this package.
var Classes = estimator.Registry{
	"sklearn.covariance.EllipticEnvelope":    build,
	"sklearn.covariance.EmpiricalCovariance": onlyFits,
	"sklearn.covariance.GraphicalLasso":      onlyFits,
	"sklearn.covariance.GraphicalLassoCV":    onlyFits,
	"sklearn.covariance.LedoitWolf":          onlyFits,
	"sklearn.covariance.MinCovDet":           onlyFits,
	"sklearn.covariance.OAS":                 onlyFits,
	"sklearn.covariance.ShrunkCovariance":    onlyFits,
}

var onlyFits = estimator.OnlyFits("estimate of a covariance")

// envelope labels a row -1 where its squared Mahalanobis distance is too
// large, else 1.
// Source: sklearn/covariance/_elliptic_envelope.py; _empirical_covariance.py, mahalanobis.
type envelope struct {
	name      string
	location  []float64
	precision numpy.Matrix // features × features
	offset    float64
}

var inOrOut = estimator.IntClasses(-1, 1)

func build(o *estimator.Object) (estimator.Estimator, error) {
	if !o.Has("precision_") {
		return nil, o.Refuse("has no precision_").WithHint("Fit with store_precision=True")
	}
	e := &envelope{name: o.Name(), location: o.Floats("location_"), precision: o.Matrix("precision_"), offset: o.Float("offset_")}
	n := o.Features()
	if err := o.Err(); err != nil {
		return nil, err
	}
	if len(e.location) != n || e.precision.Rows != n || e.precision.Cols != n {
		return nil, o.Refuse("location_ and precision_ do not fit its %d features", n)
	}
	return e, nil
}

func (e *envelope) Inputs() []frame.Kind { return estimator.AllNumbers(len(e.location)) }
func (e *envelope) Outputs() int         { return 1 }

// Predict returns 1 for inliers, -1 for outliers.
func (e *envelope) Predict(x *frame.Frame) ([]frame.Column, error) {
	scores, err := e.Decision(x)
	if err != nil {
		return nil, err
	}
	label := x.LabelColumn(inOrOut)
	for r, v := range scores.Cols[0].Num {
		if v >= 0 {
			label.Code[r] = 1
		}
	}
	return []frame.Column{label}, nil
}

// Decision is how far the score is above the offset.
func (e *envelope) Decision(x *frame.Frame) (*frame.Frame, error) {
	scores, err := e.ScoreSamples(x)
	if err != nil {
		return nil, err
	}
	return estimator.Shift(scores, -e.offset), nil
}

// ScoreSamples is minus the squared distance.
func (e *envelope) ScoreSamples(x *frame.Frame) (*frame.Frame, error) {
	if err := estimator.CheckFinite(x, e.name); err != nil {
		return nil, err
	}
	rows, centred, out := estimator.RowsOf(x), x.Floats(len(e.location)), x.NumberColumn("")
	for r := range out.Num {
		for j, v := range rows.Row(r) {
			centred[j] = v - e.location[j]
		}
		var sum float64
		for j, v := range centred {
			sum += float64(v * numpy.Dot(e.precision.Row(j), centred))
		}
		distance := math.Sqrt(sum)
		out.Num[r] = -(distance * distance)
	}
	return x.With([]frame.Column{out}), nil
}
