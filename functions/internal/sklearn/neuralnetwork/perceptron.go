// Package neuralnetwork has scikit-learn's multi-layer perceptrons.
package neuralnetwork

import (
	"brine/functions/internal/frame"
	"brine/functions/internal/sklearn/estimator"
)

// Classes are the builders of this family.
var Classes = estimator.Registry{
	"sklearn.neural_network.BernoulliRBM":  buildBoltzmann,
	"sklearn.neural_network.MLPClassifier": buildClassifier,
	"sklearn.neural_network.MLPRegressor":  buildRegressor,
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
		bias := biases[i].Data
		if w.Rows != width || w.Cols == 0 || len(bias) != w.Cols {
			return nil, o.Refuse("coefs_[%d] of shape (%d, %d) does not fit %d inputs and %d intercepts", i, w.Rows, w.Cols, width, len(bias))
		}
		width = w.Cols
		p.layers = append(p.layers, newLayer(w, bias, act))
	}
	return p, nil
}

func (p *perceptron) Inputs() []frame.Kind {
	return estimator.AllNumbers(p.layers[0].inputs)
}

// units is the number of the last layer's units.
func (p *perceptron) units() int { return p.layers[len(p.layers)-1].units }

// tile is how many rows pass through the layers at a time, so that a layer's
// activations stay in cache.
const tile = 32

// forward returns a Number column for each unit of the last layer.
func (p *perceptron) forward(x *frame.Frame) (*frame.Frame, error) {
	if err := estimator.CheckFinite(x, p.class); err != nil {
		return nil, err
	}
	out := make([]frame.Column, p.units())
	for k := range out {
		out[k] = x.NumberColumn("")
	}
	in := x.Floats(tile * len(x.Cols))
	buffers := make([][]float64, len(p.layers))
	for i := range buffers {
		buffers[i] = x.Floats(tile * p.layers[i].stride())
	}
	for from := 0; from < x.Rows; from += tile {
		rows := min(tile, x.Rows-from)
		for c := range x.Cols {
			for r, v := range x.Cols[c].Num[from : from+rows] {
				in[r*len(x.Cols)+c] = v
			}
		}
		units, stride := p.pass(in, len(x.Cols), buffers, rows)
		for k := range out {
			for r := range rows {
				out[k].Num[from+r] = units[r*stride+k]
			}
		}
	}
	return x.With(out), nil
}

// pass sends some rows through all layers and returns the last one's
// activations and their stride.
func (p *perceptron) pass(in []float64, stride int, buffers [][]float64, rows int) ([]float64, int) {
	for i := range p.layers {
		l := &p.layers[i]
		l.pass(buffers[i], in, stride, rows)
		in, stride = buffers[i], l.stride()
	}
	return in, stride
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
