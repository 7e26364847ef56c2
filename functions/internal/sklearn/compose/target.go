package compose

import (
	"brine/functions/internal/frame"
	"brine/functions/internal/sklearn/estimator"
)

// transformedTarget undoes a transform of the target after its regressor.
// Source: sklearn/compose/_target.py, TransformedTargetRegressor.predict.
type transformedTarget struct {
	regressor estimator.Predictor
	inverse   func(x *frame.Frame) (*frame.Frame, error)
	outputs   int
}

func newTransformedTarget(o *estimator.Object) (estimator.Estimator, error) {
	inner, outer := o.Object("regressor_"), o.Object("transformer_")
	if err := o.Err(); err != nil {
		return nil, err
	}
	regressor, err := estimator.BuildPredictor(inner)
	if err != nil {
		return nil, err
	}
	transformer, err := estimator.Build(outer)
	if err != nil {
		return nil, err
	}
	inverter, ok := transformer.(estimator.Inverter)
	if !ok {
		return nil, outer.Refuse("has no inverse_transform that is known")
	}
	if _, ok := regressor.(estimator.Classifier); ok {
		return nil, inner.Refuse("answers with labels where numbers are expected")
	}
	t := &transformedTarget{regressor: regressor, inverse: inverter.Inverse}
	if want := len(transformer.Inputs()); want != regressor.Outputs() {
		return nil, outer.Refuse("takes %d targets, but the regressor has %d", want, regressor.Outputs())
	}
	// No rows tell how many columns come out, and whether the inverse is known.
	columns := make([]frame.Column, regressor.Outputs())
	none, err := t.inverse(frame.New(0, nil).With(columns))
	if err != nil {
		return nil, err
	}
	t.outputs = len(none.Cols)
	return t, nil
}

// Inputs are the regressor's.
func (t *transformedTarget) Inputs() []frame.Kind { return t.regressor.Inputs() }

// SelectsByName is as the regressor does.
func (t *transformedTarget) SelectsByName() bool { return estimator.SelectsByName(t.regressor) }

// Outputs is the number of targets.
func (t *transformedTarget) Outputs() int { return t.outputs }

// Predict returns Number columns in the target's own scale.
func (t *transformedTarget) Predict(x *frame.Frame) ([]frame.Column, error) {
	y, err := t.regressor.Predict(x)
	if err != nil {
		return nil, err
	}
	out, err := t.inverse(x.With(y))
	if err != nil {
		return nil, err
	}
	return out.Cols, nil
}
