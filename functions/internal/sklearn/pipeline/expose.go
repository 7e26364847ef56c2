package pipeline

import (
	"brine/functions/internal/frame"
	"brine/functions/internal/sklearn/estimator"
)

// expose returns the pipeline with the methods that its last step has, as
// scikit-learn's available_if does.
func (s *steps) expose(predicts bool) estimator.Estimator {
	last, ok := s.last.(estimator.Predictor)
	if !ok || !predicts {
		return all{s}
	}
	return estimator.Behind(allButLast{s}, last, all{s}, nil)
}

// all transforms by all steps.
type all struct{ *steps }

// Transform sends x through all steps.
func (t all) Transform(x *frame.Frame) (*frame.Frame, error) {
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
func (t all) Inverse(x *frame.Frame) (*frame.Frame, error) {
	if t.noInverse != nil {
		return nil, t.noInverse
	}
	x, err := t.last.(estimator.Inverter).Inverse(x)
	for i := len(t.before) - 1; i >= 0 && err == nil; i-- {
		x, err = t.before[i].(estimator.Inverter).Inverse(x)
	}
	return x, err
}

// allButLast transforms by the steps in front of the last one.
type allButLast struct{ *steps }

// Transform sends x through the steps.
func (t allButLast) Transform(x *frame.Frame) (*frame.Frame, error) { return t.through(x) }
