// Package neuralnetwork has scikit-learn's multi-layer perceptrons.
package neuralnetwork

import (
	"brine/functions/internal/frame"
	"brine/functions/internal/numpy"
	"brine/functions/internal/sklearn/estimator"
)

// Classes are the builders of this family.
var Classes = estimator.Registry{
	"sklearn.neural_network.BernoulliRBM":  buildBoltzmann,
	"sklearn.neural_network.MLPClassifier": buildClassifier,
	"sklearn.neural_network.MLPRegressor":  buildRegressor,
}

// layer maps its inputs to activation(inputs·weightsᵀ + bias).
type layer struct {
	weights    numpy.Matrix // units × inputs
	bias       []float64    // one a unit
	activation activation
}

// perceptron is the forward pass that classifier and regressor share.
// Source: sklearn/neural_network/_multilayer_perceptron.py, _forward_pass_fast.
type perceptron struct {
	class  string
	layers []layer
}

func openPerceptron(o *estimator.Object) (*perceptron, error) {
	weights, biases := o.Matrices("coefs_"), o.Matrices("intercepts_")
	hidden, output := o.Str("activation"), o.Str("out_activation_")
	width := o.Features()
	if err := o.Err(); err != nil {
		return nil, err
	}
	if len(weights) == 0 || len(weights) != len(biases) {
		return nil, o.Refuse("has %d layers of weights and %d of intercepts", len(weights), len(biases))
	}
	p := &perceptron{class: o.Name()}
	for i, w := range weights {
		name := hidden
		if i == len(weights)-1 {
			name = output
		}
		act, ok := activations[name]
		if !ok {
			return nil, o.Refuse("activation %q is not supported", name)
		}
		l := layer{weights: w.T(), bias: biases[i].Data, activation: act}
		if l.weights.Cols != width || l.weights.Rows == 0 || len(l.bias) != l.weights.Rows {
			return nil, o.Refuse("coefs_[%d] of shape (%d, %d) does not fit %d inputs and %d intercepts", i, w.Rows, w.Cols, width, len(l.bias))
		}
		width = l.weights.Rows
		p.layers = append(p.layers, l)
	}
	return p, nil
}

func (p *perceptron) Inputs() []frame.Kind {
	return estimator.AllNumbers(p.layers[0].weights.Cols)
}

// units is the number of the last layer's units.
func (p *perceptron) units() int { return p.layers[len(p.layers)-1].weights.Rows }

// tile is how many rows pass through the layers at a time, so that a layer's
// activations stay in cache.
const tile = 64

// forward returns a Number column for each unit of the last layer.
func (p *perceptron) forward(x *frame.Frame) (*frame.Frame, error) {
	if err := estimator.CheckFinite(x, p.class); err != nil {
		return nil, err
	}
	out := make([]frame.Column, p.units())
	for k := range out {
		out[k] = x.NumberColumn("")
	}
	buffers := p.buffers(x)
	input := make([][]float64, len(x.Cols))
	for from := 0; from < x.Rows; from += tile {
		to := min(from+tile, x.Rows)
		for c := range input {
			input[c] = x.Cols[c].Num[from:to]
		}
		for k, cells := range p.pass(input, buffers, to-from) {
			copy(out[k].Num[from:to], cells)
		}
	}
	return x.With(out), nil
}

// buffers returns a tile's worth of cells for each unit of each layer.
func (p *perceptron) buffers(x *frame.Frame) [][][]float64 {
	buffers := make([][][]float64, len(p.layers))
	for i, l := range p.layers {
		buffers[i] = make([][]float64, l.weights.Rows)
		for k := range buffers[i] {
			buffers[i][k] = x.Floats(tile)
		}
	}
	return buffers
}

// pass sends the columns of some rows through all layers.
func (p *perceptron) pass(columns [][]float64, buffers [][][]float64, rows int) [][]float64 {
	for i, l := range p.layers {
		out := buffers[i]
		for k := range out {
			out[k] = out[k][:rows]
			clear(out[k])
			numpy.Combine(out[k], columns, l.weights.Row(k))
			for r := range out[k] {
				out[k][r] += l.bias[k]
			}
		}
		l.activation(out)
		columns = out
	}
	return columns
}

type regressor struct{ *perceptron }

func buildRegressor(o *estimator.Object) (estimator.Estimator, error) {
	p, err := openPerceptron(o)
	if err != nil {
		return nil, err
	}
	return regressor{p}, nil
}

func (m regressor) Outputs() int { return m.units() }

func (m regressor) Predict(x *frame.Frame) ([]frame.Column, error) {
	out, err := m.forward(x)
	if err != nil {
		return nil, err
	}
	return out.Cols, nil
}
