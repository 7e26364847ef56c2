package ensemble

import (
	"brine/functions/internal/frame"
	"brine/functions/internal/job"
	"brine/functions/internal/sklearn/estimator"
)

// bagging is what both kinds have.
type bagging struct {
	members
	n float64 // n_estimators, which the sums are divided by
}

func buildBagging(o *estimator.Object) (*bagging, error) {
	features, err := featureSubsets(o)
	if err != nil {
		return nil, err
	}
	m, err := buildMembers(o, features)
	if err != nil {
		return nil, err
	}
	b := &bagging{m, float64(o.Int("n_estimators"))}
	return b, o.Err()
}

type baggingRegressor struct{ *bagging }

func buildBaggingRegressor(o *estimator.Object) (estimator.Estimator, error) {
	b, err := buildBagging(o)
	if err != nil {
		return nil, err
	}
	for _, e := range b.each {
		if e.Outputs() != b.each[0].Outputs() {
			return nil, o.Refuse("has estimators of several numbers of outputs")
		}
		if _, ok := e.(estimator.Classifier); ok {
			return nil, o.Refuse("has classifiers for estimators")
		}
	}
	return &baggingRegressor{b}, nil
}

func (b *baggingRegressor) Outputs() int { return b.each[0].Outputs() }

// Predict implements estimator.Predictor.
// Source: sklearn/ensemble/_bagging.py, BaggingRegressor.predict.
func (b *baggingRegressor) Predict(x *frame.Frame) ([]frame.Column, error) {
	out := numberColumns(x, b.Outputs())
	err := b.eachMember(x, func(_ int, e estimator.Predictor, x *frame.Frame) error {
		columns, err := e.Predict(x)
		for k, c := range columns {
			addScaled(out[k].Num, c.Num, 1)
		}
		return err
	})
	divide(out, b.n)
	return out, err
}

type baggingClassifier struct {
	*bagging
	classes *frame.Classes
	codes   [][]int // of each member's classes
}

// baggingDecider is a baggingClassifier whose members decide.
type baggingDecider struct{ *baggingClassifier }

func buildBaggingClassifier(o *estimator.Object) (estimator.Estimator, error) {
	b, err := buildBagging(o)
	if err != nil {
		return nil, err
	}
	m := &baggingClassifier{bagging: b, classes: o.Classes("classes_")}
	if o.Err() != nil {
		return nil, o.Err()
	}
	deciders := 0
	for _, e := range b.each {
		c, ok := e.(estimator.Classifier)
		if !ok {
			return nil, o.Refuse("has an estimator that is no classifier of one output")
		}
		codes, err := encoded(o, c.Classes(), m.classes.Len())
		if err != nil {
			return nil, err
		}
		m.codes = append(m.codes, codes)
		if _, ok := e.(estimator.Decider); ok {
			deciders++
		}
	}
	if deciders == len(b.each) {
		return &baggingDecider{m}, nil
	}
	return m, nil
}

func (b *baggingClassifier) Outputs() int { return 1 }

// Classes implements estimator.Classifier.
func (b *baggingClassifier) Classes() *frame.Classes { return b.classes }

// PredictProba implements estimator.Prober. Members without probabilities vote.
// Source: sklearn/ensemble/_bagging.py, _parallel_predict_proba.
func (b *baggingClassifier) PredictProba(x *frame.Frame) (*frame.Frame, error) {
	out := numberColumns(x, b.classes.Len())
	err := b.eachMember(x, func(i int, e estimator.Predictor, x *frame.Frame) error {
		p, ok := e.(estimator.Prober)
		if !ok {
			return voteFor(b.codes[i], e, x, out, 1)
		}
		proba, err := p.PredictProba(x)
		if err != nil {
			return err
		}
		for k, code := range b.codes[i] {
			addScaled(out[code].Num, proba.Cols[k].Num, 1)
		}
		return nil
	})
	divide(out, b.n)
	return x.With(out), err
}

// Predict implements estimator.Predictor.
func (b *baggingClassifier) Predict(x *frame.Frame) ([]frame.Column, error) {
	proba, err := b.PredictProba(x)
	if err != nil {
		return nil, err
	}
	return []frame.Column{estimator.ArgMax(proba, b.classes)}, nil
}

// Decision implements estimator.Decider.
// Source: sklearn/ensemble/_bagging.py, BaggingClassifier.decision_function.
func (b *baggingDecider) Decision(x *frame.Frame) (*frame.Frame, error) {
	var out []frame.Column
	err := b.eachMember(x, func(_ int, e estimator.Predictor, view *frame.Frame) error {
		d, err := e.(estimator.Decider).Decision(view)
		if err != nil {
			return err
		}
		if out == nil {
			out = numberColumns(x, len(d.Cols))
		}
		if len(d.Cols) != len(out) {
			return job.Invalid("%s has estimators that decide among several numbers of classes", b.name)
		}
		for k, c := range d.Cols {
			addScaled(out[k].Num, c.Num, 1)
		}
		return nil
	})
	divide(out, b.n)
	return x.With(out), err
}
