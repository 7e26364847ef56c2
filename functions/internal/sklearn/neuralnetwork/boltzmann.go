package neuralnetwork

import (
	"brine/functions/internal/frame"
	"brine/functions/internal/numpy"
	"brine/functions/internal/sklearn/estimator"
)

// boltzmann is a BernoulliRBM: the probabilities of its hidden units.
// Source: sklearn/neural_network/_rbm.py, BernoulliRBM.transform.
type boltzmann struct {
	name    string
	weights numpy.Matrix // units × features
	bias    []float64
}

func buildBoltzmann(o *estimator.Object) (estimator.Estimator, error) {
	b := &boltzmann{o.Name(), o.Matrix("components_"), o.Floats("intercept_hidden_")}
	features := o.Features()
	if err := o.Err(); err != nil {
		return nil, err
	}
	if b.weights.Cols != features || len(b.bias) != b.weights.Rows {
		return nil, o.Refuse("components_ and intercept_hidden_ do not fit its %d features", features)
	}
	return b, nil
}

func (b *boltzmann) Inputs() []frame.Kind { return estimator.AllNumbers(b.weights.Cols) }

// Transform returns a column a hidden unit.
func (b *boltzmann) Transform(x *frame.Frame) (*frame.Frame, error) {
	if err := estimator.CheckFinite(x, b.name); err != nil {
		return nil, err
	}
	out := estimator.Combined(x, b.weights)
	for k, c := range out.Cols {
		for r, v := range c.Num {
			c.Num[r] = numpy.Expit(v + b.bias[k])
		}
	}
	return out, nil
}
