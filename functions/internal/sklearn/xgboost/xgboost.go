// Package xgboost has XGBoost's scikit-learn estimators, versions 1.7 to 3: the
// UBJSON that a pickled Booster holds is read, checked and compiled into the
// trees of package tree. As in XGBoost, predictions are float32.
package xgboost

import (
	"brine/functions/internal/frame"
	"brine/functions/internal/sklearn/estimator"
)

// Classes are the estimators of this package.
var Classes = estimator.Registry{
	"xgboost.sklearn.XGBClassifier":   buildClassifier,
	"xgboost.sklearn.XGBRFClassifier": buildClassifier,
	"xgboost.sklearn.XGBRegressor":    buildRegressor,
	"xgboost.sklearn.XGBRFRegressor":  buildRegressor,
}

// checkObjective refuses an objective that is a function.
func checkObjective(o *estimator.Object) error {
	switch v := o.Get("objective").(type) {
	case nil, string:
		return o.Err()
	default:
		return o.Refuse("its objective is %s, which needs Python", estimator.Describe(v)).
			WithHint("Train it with one of XGBoost's own objectives")
	}
}

type regressor struct{ *booster }

func buildRegressor(o *estimator.Object) (estimator.Estimator, error) {
	if err := checkObjective(o); err != nil {
		return nil, err
	}
	b, err := buildBooster(o)
	if err != nil {
		return nil, err
	}
	if b.objective.label {
		return nil, o.Refuse("has an objective of classes")
	}
	return &regressor{b}, nil
}

// Outputs implements estimator.Predictor.
func (m *regressor) Outputs() int { return m.totals() }

// Predict implements estimator.Predictor.
func (m *regressor) Predict(x *frame.Frame) ([]frame.Column, error) {
	out, err := m.predict(x)
	if err != nil {
		return nil, err
	}
	return singles(x, out, m.totals()), nil
}

// singles are columns of float32.
func singles(x *frame.Frame, rowMajor []float32, width int) []frame.Column {
	cols := make([]frame.Column, width)
	for c := range cols {
		cols[c] = x.NumberColumn("")
		cols[c].Single = true
		for r := range cols[c].Num {
			cols[c].Num[r] = float64(rowMajor[r*width+c])
		}
	}
	return cols
}

type classifier struct {
	*booster
	classes *frame.Classes
}

func buildClassifier(o *estimator.Object) (estimator.Estimator, error) {
	if err := checkObjective(o); err != nil {
		return nil, err
	}
	b, err := buildBooster(o)
	if err != nil {
		return nil, err
	}
	n := o.Int("n_classes_")
	if o.Err() != nil {
		return nil, o.Err()
	}
	if n < 2 || n == 2 && b.totals() != 1 || n > 2 && b.totals() != n || b.objective.label && n == 2 {
		return nil, o.Refuse("has %d classes and %d trees an iteration", n, b.totals())
	}
	classes, err := classesOf(o, n)
	if err != nil {
		return nil, err
	}
	return &classifier{b, classes}, nil
}

// classesOf are the numbers from 0 on, or those of the LabelEncoder of older
// versions.
func classesOf(o *estimator.Object, n int) (*frame.Classes, error) {
	if !o.Has("_le") {
		labels := make([]int64, n)
		for i := range labels {
			labels[i] = int64(i)
		}
		return estimator.IntClasses(labels...), nil
	}
	encoder := o.Object("_le")
	if o.Err() != nil {
		return nil, o.Err()
	}
	classes := encoder.Classes("classes_")
	if encoder.Err() == nil && classes.Len() != n {
		return nil, o.Refuse("has %d labels for %d classes", classes.Len(), n)
	}
	return classes, encoder.Err()
}

// Outputs implements estimator.Predictor.
func (m *classifier) Outputs() int { return 1 }

// Classes implements estimator.Classifier.
func (m *classifier) Classes() *frame.Classes { return m.classes }

// Predict implements estimator.Predictor: the first of the largest
// probabilities, or the margins where they are what the model predicts itself.
// Source: xgboost/sklearn.py, XGBClassifier.predict.
func (m *classifier) Predict(x *frame.Frame) ([]frame.Column, error) {
	label, totals := x.LabelColumn(m.classes), m.totals()
	out, err := m.margins(x)
	if err != nil {
		return nil, err
	}
	for r := range label.Code {
		row := out[r*totals:][:totals]
		if !m.objective.label {
			m.objective.transform(row)
		}
		if totals > 1 {
			label.Code[r] = int32(argMax(row))
		} else if row[0] > 0.5 {
			label.Code[r] = 1
		}
	}
	return []frame.Column{label}, nil
}

// PredictProba implements estimator.Prober.
// Source: xgboost/sklearn.py, XGBClassifier.predict_proba.
func (m *classifier) PredictProba(x *frame.Frame) (*frame.Frame, error) {
	out, err := m.predict(x)
	if err != nil {
		return nil, err
	}
	totals := m.totals()
	if totals == 1 {
		both := make([]float32, 2*len(out))
		for r, p := range out {
			both[2*r], both[2*r+1] = 1-p, p
		}
		out, totals = both, 2
	}
	f := x.With(singles(x, out, totals))
	f.Single = true
	return f, nil
}
