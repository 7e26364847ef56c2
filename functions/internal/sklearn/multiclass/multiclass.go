// Package multiclass has the classifiers of sklearn.multiclass, which make one
// of several classes out of the answers of binary classifiers.
package multiclass

import (
	"brine/functions/internal/frame"
	"brine/functions/internal/sklearn/estimator"
)

// Classes are the estimators of sklearn.multiclass.
var Classes = estimator.Registry{
	"sklearn.multiclass.OneVsOneClassifier":   newOneVsOne,
	"sklearn.multiclass.OneVsRestClassifier":  newOneVsRest,
	"sklearn.multiclass.OutputCodeClassifier": newOutputCode,
	"sklearn.multiclass._ConstantPredictor":   newConstant,
}

// team is what the classifiers of this package have in common.
type team struct {
	inputs    []frame.Kind
	each      []estimator.Predictor
	threshold float64 // above which a score of theirs says yes
}

func newTeam(o *estimator.Object) (*team, error) {
	each, err := o.BuildPredictors("estimators_")
	if err != nil {
		return nil, err
	}
	inputs, err := estimator.SharedInputs(o, each)
	if err != nil {
		return nil, err
	}
	for i, e := range each {
		_, decides := e.(estimator.Decider)
		_, probes := e.(estimator.Prober)
		c, classifies := e.(estimator.Classifier)
		switch {
		case e.Outputs() != 1, classifies && c.Classes().Len() != 2:
			return nil, o.Refuse("estimators_[%d] does not decide between two classes", i)
		case classifies && !decides && !probes:
			return nil, o.Refuse("estimators_[%d] has neither decision_function nor predict_proba", i)
		}
	}
	return &team{inputs, each, threshold(each[0])}, nil
}

// threshold is 0 for decisions, 0.5 for probabilities and predictions.
// Source: sklearn/multiclass.py, _threshold_for_binary_predict.
func threshold(e estimator.Predictor) float64 {
	_, classifies := e.(estimator.Classifier)
	_, constant := e.(*constant)
	if _, ok := e.(estimator.Decider); ok && classifies && !constant {
		return 0
	}
	return 0.5
}

// score is how much a binary estimator is for its second class.
// Source: sklearn/multiclass.py, _predict_binary.
func score(e estimator.Predictor, x *frame.Frame) ([]float64, error) {
	if _, ok := e.(estimator.Classifier); !ok {
		columns, err := e.Predict(x)
		if err != nil {
			return nil, err
		}
		cells, _ := estimator.Numbers(x, columns[0])
		return cells, nil
	}
	if d, ok := e.(estimator.Decider); ok {
		scores, err := d.Decision(x)
		if err != nil {
			return nil, err
		}
		return scores.Cols[0].Num, nil
	}
	proba, err := e.(estimator.Prober).PredictProba(x)
	if err != nil {
		return nil, err
	}
	return proba.Cols[1].Num, nil
}

// scores returns a column an estimator.
func (t *team) scores(x *frame.Frame) (*frame.Frame, error) {
	columns := make([]frame.Column, len(t.each))
	for i, e := range t.each {
		cells, err := score(e, x)
		if err != nil {
			return nil, err
		}
		columns[i] = frame.Column{Kind: frame.Number, Num: cells}
	}
	return x.With(columns), nil
}

// TakesSparse implements estimator.SparseTaker.
func (t *team) TakesSparse() bool { return estimator.AllTakeSparse(t.each) }

// Inputs implements estimator.Estimator.
func (t *team) Inputs() []frame.Kind { return t.inputs }

// constant stands for the classifier of a class that all training rows had, or
// none.
// Source: sklearn/multiclass.py, _ConstantPredictor.
type constant struct {
	y       float64
	classes *frame.Classes
}

var noYes = estimator.IntClasses(0, 1)

func newConstant(o *estimator.Object) (estimator.Estimator, error) {
	c := &constant{o.Float("y_"), noYes}
	if err := o.Err(); err != nil {
		return nil, err
	}
	switch c.y {
	case 0, 1:
		return c, nil
	case -1: // of an output code for decisions
		c.classes = estimator.IntClasses(-1, 1)
		return c, nil
	}
	return nil, o.Refuse("y_ is %v, expected -1, 0 or 1", c.y)
}

func (c *constant) Inputs() []frame.Kind    { return nil }
func (c *constant) Outputs() int            { return 1 }
func (c *constant) Classes() *frame.Classes { return c.classes }

// Predict returns y_ for every row.
func (c *constant) Predict(x *frame.Frame) ([]frame.Column, error) {
	label := x.LabelColumn(c.classes)
	for r := range label.Code {
		label.Code[r] = int32(max(c.y, 0))
	}
	return []frame.Column{label}, nil
}

// Decision returns y_ for every row.
func (c *constant) Decision(x *frame.Frame) (*frame.Frame, error) {
	out := x.NumberColumn("")
	for r := range out.Num {
		out.Num[r] = c.y
	}
	return x.With([]frame.Column{out}), nil
}

// PredictProba returns 1 - y_ and y_ for every row.
func (c *constant) PredictProba(x *frame.Frame) (*frame.Frame, error) {
	yes, err := c.Decision(x)
	if err != nil {
		return nil, err
	}
	return estimator.WithComplement(yes), nil
}
