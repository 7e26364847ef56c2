// Package lightgbm has LightGBM's scikit-learn estimators, versions 3 and 4:
// the model text that a pickled Booster holds is parsed, checked and compiled
// into the trees of package tree.
package lightgbm

import (
	"brine/functions/internal/frame"
	"brine/functions/internal/numpy"
	"brine/functions/internal/sklearn/estimator"
)

// Classes are the estimators of this package.
var Classes = estimator.Registry{
	"lightgbm.sklearn.LGBMClassifier": buildClassifier,
	"lightgbm.sklearn.LGBMRegressor":  buildRegressor,
}

type regressor struct{ *booster }

func buildRegressor(o *estimator.Object) (estimator.Estimator, error) {
	b, err := buildBooster(o)
	if err != nil {
		return nil, err
	}
	if b.totals != 1 {
		return nil, o.Refuse("is a regressor of %d outputs, must have 1", b.totals)
	}
	return &regressor{b}, nil
}

// Outputs implements estimator.Predictor.
func (m *regressor) Outputs() int { return 1 }

// Predict implements estimator.Predictor.
func (m *regressor) Predict(x *frame.Frame) ([]frame.Column, error) {
	out, err := m.predict(x)
	if err != nil {
		return nil, err
	}
	return x.Numbers(out, 1).Cols, nil
}

type classifier struct {
	*booster
	classes *frame.Classes
}

func buildClassifier(o *estimator.Object) (estimator.Estimator, error) {
	b, err := buildBooster(o)
	if err != nil {
		return nil, err
	}
	m := &classifier{b, o.Classes("_classes")}
	if o.Err() != nil {
		return nil, o.Err()
	}
	n := m.classes.Len()
	if n < 2 || n == 2 && b.totals != 1 || n > 2 && b.totals != n {
		return nil, o.Refuse("has %d classes and %d trees an iteration", n, b.totals)
	}
	if _, decides := o.Raw().Attr("_fitted_with_feature_names"); decides { // what has it is of 4.7 or newer
		return &decider{m}, nil
	}
	return m, nil
}

// decider is a classifier of LightGBM 4.7, which brought decision_function.
type decider struct{ *classifier }

// Decision implements estimator.Decider.
// Source: lightgbm/sklearn.py, LGBMClassifier.decision_function.
func (m *decider) Decision(x *frame.Frame) (*frame.Frame, error) {
	raw, err := m.raw(x)
	if err != nil {
		return nil, err
	}
	return x.Numbers(raw, m.totals), nil
}

// Outputs implements estimator.Predictor.
func (m *classifier) Outputs() int { return 1 }

// Classes implements estimator.Classifier.
func (m *classifier) Classes() *frame.Classes { return m.classes }

// Predict implements estimator.Predictor: the first class of the largest
// probability. Source: lightgbm/sklearn.py, LGBMClassifier.predict.
func (m *classifier) Predict(x *frame.Frame) ([]frame.Column, error) {
	p, err := m.PredictProba(x)
	if err != nil {
		return nil, err
	}
	return []frame.Column{estimator.ArgMax(p, m.classes)}, nil
}

// PredictProba implements estimator.Prober.
// Source: lightgbm/sklearn.py, LGBMClassifier.predict_proba.
func (m *classifier) PredictProba(x *frame.Frame) (*frame.Frame, error) {
	out, err := m.predict(x)
	if err != nil {
		return nil, err
	}
	p := x.Numbers(out, m.totals)
	if m.totals == 1 {
		return estimator.WithComplement(p), nil
	}
	return p, nil
}

// link turns the raw scores of a row into what LightGBM predicts, in place.
type link func(row []float64)

func identity([]float64) {}

// squared undoes the square root of reg_sqrt.
func squared(row []float64) {
	v := row[0]
	switch {
	case v > 0:
		row[0] = v * v
	case v < 0:
		row[0] = -v * v
	}
}

func exponential(row []float64) { row[0] = numpy.Exp(row[0]) }

// sigmoid is the logistic function of each score by itself.
// Source: src/objective/binary_objective.hpp, ConvertOutput.
func sigmoid(slope float64) link {
	return func(row []float64) {
		for k, v := range row {
			row[k] = 1 / (1 + numpy.Exp(-slope*v))
		}
	}
}

// softmax sums in the order of the classes.
// Source: include/LightGBM/utils/common.h, Softmax.
func softmax(row []float64) {
	top := row[numpy.ArgMax(row)]
	sum := 0.0
	for k, v := range row {
		row[k] = numpy.Exp(v - top)
		sum += row[k]
	}
	for k := range row {
		row[k] /= sum
	}
}
