package pipeline

import (
	"brine/functions/internal/frame"
	"brine/functions/internal/sklearn/estimator"
)

// expose returns the pipeline with the methods that its last step has, as
// scikit-learn's available_if does.
func (s *steps) expose(predicts bool) estimator.Estimator {
	transforms := transforming{s}
	last, ok := s.last.(estimator.Predictor)
	if !ok || !predicts {
		return transforms
	}
	p := predicting{transforms, last}
	decider, decides := last.(estimator.Decider)
	d := deciding{s, decider}
	classifier, ok := last.(estimator.Classifier)
	if !ok && decides {
		return struct {
			predicting
			deciding
		}{p, d}
	}
	if !ok {
		return p
	}
	c := classifying{p, classifier}
	prober, probes := last.(estimator.Prober)
	pr := probing{s, prober}
	switch {
	case probes && decides:
		return struct {
			classifying
			probing
			deciding
		}{c, pr, d}
	case probes:
		return struct {
			classifying
			probing
		}{c, pr}
	case decides:
		return struct {
			classifying
			deciding
		}{c, d}
	}
	return c
}

type transforming struct{ *steps }

// Transform sends x through all steps.
func (t transforming) Transform(x *frame.Frame) (*frame.Frame, error) {
	if t.noTransform != nil {
		return nil, t.noTransform
	}
	x, err := t.through(x)
	if err != nil {
		return nil, err
	}
	return estimator.Transform(t.last.(estimator.Transformer), x)
}

// Inverse sends x back through all steps.
func (t transforming) Inverse(x *frame.Frame) (*frame.Frame, error) {
	if t.noInverse != nil {
		return nil, t.noInverse
	}
	x, err := t.last.(estimator.Inverter).Inverse(x)
	for i := len(t.before) - 1; i >= 0 && err == nil; i-- {
		x, err = t.before[i].(estimator.Inverter).Inverse(x)
	}
	return x, err
}

type predicting struct {
	transforming
	last estimator.Predictor
}

// Outputs is the last step's.
func (p predicting) Outputs() int { return p.last.Outputs() }

// Predict is the last step's answer to what the steps before it made of x.
func (p predicting) Predict(x *frame.Frame) ([]frame.Column, error) {
	x, err := p.through(x)
	if err != nil {
		return nil, err
	}
	return estimator.Predict(p.last, x)
}

type classifying struct {
	predicting
	last estimator.Classifier
}

// Classes are the last step's.
func (c classifying) Classes() *frame.Classes { return c.last.Classes() }

type probing struct {
	steps *steps
	last  estimator.Prober
}

// PredictProba is the last step's.
func (p probing) PredictProba(x *frame.Frame) (*frame.Frame, error) {
	x, err := p.steps.through(x)
	if err != nil {
		return nil, err
	}
	return estimator.PredictProba(p.last, x)
}

type deciding struct {
	steps *steps
	last  estimator.Decider
}

// Decision is the last step's.
func (d deciding) Decision(x *frame.Frame) (*frame.Frame, error) {
	x, err := d.steps.through(x)
	if err != nil {
		return nil, err
	}
	return estimator.Decision(d.steps.last, d.last, x)
}
