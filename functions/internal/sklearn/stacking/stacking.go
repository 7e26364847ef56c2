// Package stacking has the estimators of sklearn.ensemble that predict with
// what other estimators predict.
package stacking

import (
	"slices"

	"brine/functions/internal/frame"
	"brine/functions/internal/pickle"
	"brine/functions/internal/sklearn/estimator"
)

// Classes are the estimators of this package.
var Classes = estimator.Registry{
	"sklearn.ensemble.StackingClassifier": newClassifier,
	"sklearn.ensemble.StackingRegressor":  newRegressor,
}

// layer makes of a table what its estimators answer to it, and of the table
// itself if it is passed through.
// Source: sklearn/ensemble/_stacking.py, _BaseStacking._transform.
type layer struct {
	inputs      []frame.Kind
	each        []estimator.Predictor
	ask         []question
	passthrough bool
}

// question asks an estimator for its columns.
type question func(e estimator.Predictor, x *frame.Frame) ([]frame.Column, error)

func newRegressor(o *estimator.Object) (estimator.Estimator, error) { return newStack(o, nil) }

func newClassifier(o *estimator.Object) (estimator.Estimator, error) {
	// Up to 1.1 it is _le, and there is one target.
	if v, _ := o.Raw().Attr("_label_encoder"); isList(v) {
		return nil, o.Refuse("was fitted on several targets, which is not supported")
	}
	classes := o.Classes("classes_")
	if err := o.Err(); err != nil {
		return nil, err
	}
	return newStack(o, classes)
}

func isList(v any) bool {
	_, ok := v.(*pickle.List)
	return ok
}

// newStack builds a regressor if classes is nil.
func newStack(o *estimator.Object, classes *frame.Classes) (estimator.Estimator, error) {
	l, width, err := newLayer(o, classes)
	if err != nil {
		return nil, err
	}
	child := o.Object("final_estimator_")
	if err := o.Err(); err != nil {
		return nil, err
	}
	last, err := estimator.BuildPredictor(child)
	if err != nil {
		return nil, err
	}
	if kinds := last.Inputs(); kinds != nil && len(kinds) != width || slices.Contains(kinds, frame.Text) {
		return nil, child.Refuse("does not take the %d numbers that it is given", width)
	}
	c, ok := last.(estimator.Classifier)
	if ok != (classes != nil) || ok && !isCodes(c.Classes(), classes.Len()) {
		return nil, child.Refuse("does not answer with what the stack does")
	}
	return estimator.Behind(l, last, l, classes), nil
}

// isCodes reports whether labels are the numbers from 0 to n-1.
func isCodes(c *frame.Classes, n int) bool {
	if c.Len() != n || c.Num == nil {
		return false
	}
	for i, v := range c.Num {
		if v != float64(i) {
			return false
		}
	}
	return true
}

// newLayer also returns the number of columns that it makes.
func newLayer(o *estimator.Object, classes *frame.Classes) (l *layer, width int, err error) {
	l = &layer{passthrough: o.Bool("passthrough")}
	if l.each, err = o.BuildPredictors("estimators_"); err != nil {
		return nil, 0, err
	}
	if l.inputs, err = estimator.SharedInputs(o, l.each); err != nil {
		return nil, 0, err
	}
	methods := o.List("stack_method_")
	if err := o.Err(); err != nil {
		return nil, 0, err
	}
	if len(methods) != len(l.each) {
		return nil, 0, o.Refuse("has %d methods for %d estimators", len(methods), len(l.each))
	}
	for i, e := range l.each {
		method, _ := methods[i].(string)
		ask, columns := choose(e, method, classes)
		if ask == nil {
			return nil, 0, o.Refuse("cannot ask estimators_[%d] for %s", i, estimator.Describe(methods[i]))
		}
		l.ask = append(l.ask, ask)
		width += columns
	}
	if !l.passthrough {
		return l, width, nil
	}
	for j, kind := range l.inputs {
		if kind == frame.Text {
			return nil, 0, o.Refuse("passes feature %d through, which is text", j)
		}
		l.inputs[j] = frame.Number
	}
	return l, width + len(l.inputs), nil
}

// choose returns nil if the estimator lacks the method. Of the probabilities
// of two classes only the second counts.
func choose(e estimator.Predictor, method string, classes *frame.Classes) (ask question, columns int) {
	switch method {
	case "predict":
		if c, ok := e.(estimator.Classifier); ok && c.Classes().Num == nil {
			return nil, 0
		}
		return predictions, e.Outputs()
	case "predict_proba":
		p, ok := e.(estimator.Prober)
		if !ok || classes == nil {
			return nil, 0
		}
		if classes.Len() == 2 {
			return secondProbability, p.Classes().Len() - 1
		}
		return probabilities, p.Classes().Len()
	case "decision_function":
		c, ok := e.(estimator.Classifier)
		if _, decides := e.(estimator.Decider); !ok || !decides {
			return nil, 0
		}
		if c.Classes().Len() == 2 {
			return decisions, 1
		}
		return decisions, c.Classes().Len()
	}
	return nil, 0
}

func predictions(e estimator.Predictor, x *frame.Frame) ([]frame.Column, error) {
	columns, err := e.Predict(x)
	if err != nil {
		return nil, err
	}
	out := make([]frame.Column, len(columns))
	for k, c := range columns {
		cells, _ := estimator.Numbers(x, c)
		out[k] = frame.Column{Kind: frame.Number, Num: cells}
	}
	return out, nil
}

func probabilities(e estimator.Predictor, x *frame.Frame) ([]frame.Column, error) {
	proba, err := e.(estimator.Prober).PredictProba(x)
	if err != nil {
		return nil, err
	}
	return proba.Cols, nil
}

func secondProbability(e estimator.Predictor, x *frame.Frame) ([]frame.Column, error) {
	columns, err := probabilities(e, x)
	if err != nil {
		return nil, err
	}
	return columns[1:], nil
}

func decisions(e estimator.Predictor, x *frame.Frame) ([]frame.Column, error) {
	scores, err := e.(estimator.Decider).Decision(x)
	if err != nil {
		return nil, err
	}
	return scores.Cols, nil
}

// Inputs implements estimator.Estimator.
func (l *layer) Inputs() []frame.Kind { return l.inputs }

// SelectsByName implements estimator.NameSelector.
func (l *layer) SelectsByName() bool { return !l.passthrough && estimator.AllSelectByName(l.each) }

// Transform returns the answers of all estimators, then the table if it is
// passed through.
func (l *layer) Transform(x *frame.Frame) (*frame.Frame, error) {
	var out []frame.Column
	for i, e := range l.each {
		columns, err := l.ask[i](e, x)
		if err != nil {
			return nil, err
		}
		out = append(out, columns...)
	}
	if l.passthrough {
		out = append(out, x.Cols...)
	}
	return x.With(out), nil
}
