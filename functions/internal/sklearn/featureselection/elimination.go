package featureselection

import "brine/functions/internal/sklearn/estimator"

// newElimination is a recursive feature elimination, which also predicts: with
// the estimator that it fitted to the features it kept. It only selects where
// that estimator cannot be built.
// Source: sklearn/feature_selection/_rfe.py, RFE.predict.
func newElimination(o *estimator.Object) (estimator.Estimator, error) {
	s, err := newSelector(o, where(o.Floats("support_"), func(v float64) bool { return v != 0 }))
	if err != nil {
		return nil, err
	}
	e, err := o.Build("estimator_")
	if err != nil {
		return s, nil
	}
	last, ok := e.(estimator.Predictor)
	if !ok {
		return s, nil
	}
	if n := len(last.Inputs()); n != len(s.kept) && last.Inputs() != nil {
		return nil, o.Refuse("keeps %d features, of which its estimator takes %d", len(s.kept), n)
	}
	return estimator.Behind(s, last, s, nil), nil
}
