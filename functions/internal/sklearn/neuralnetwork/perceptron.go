// Package neuralnetwork has scikit-learn's multi-layer perceptrons.
package neuralnetwork

import (
	"math"
	"slices"

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

// perceptron is the forward pass that classifier and regressor share.
// Source: sklearn/neural_network/_multilayer_perceptron.py, _forward_pass_fast.
type perceptron struct {
	class  string
	layers []layer
	hand   func(to *numpy.Terms, row int, units []float64) // to the next layer
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
	p := &perceptron{class: o.Name(), hand: (*numpy.Terms).Set}
	if hidden == "relu" {
		hidden, p.hand = "identity", (*numpy.Terms).SetRectified
	}
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
		if !finite(w.Data) {
			return nil, o.Refuse("coefs_[%d] has a weight that is no finite number", i)
		}
		width = w.Cols
		p.layers = append(p.layers, newLayer(w, bias, act))
	}
	return p, nil
}

func (p *perceptron) Inputs() []frame.Kind {
	return estimator.AllNumbers(p.layers[0].Cols)
}

func finite(x []float64) bool {
	return !slices.ContainsFunc(x, func(v float64) bool { return math.IsNaN(v) || math.IsInf(v, 0) })
}

// units is the number of the last layer's units.
func (p *perceptron) units() int { return p.layers[len(p.layers)-1].Rows }

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
	row, units := x.Floats(len(x.Cols)), x.Floats(tile*p.widest(true))
	width := p.widest(false)
	terms := numpy.Terms{Len: x.Codes(tile), At: x.Codes(tile * width), X: x.Floats(tile * width)}
	last := &p.layers[len(p.layers)-1]
	for from := 0; from < x.Rows; from += tile {
		rows := min(tile, x.Rows-from)
		for r := range rows {
			for c := range x.Cols {
				row[c] = x.Cols[c].Num[from+r]
			}
			terms.Set(r, row)
		}
		p.pass(units, &terms, rows)
		for r := range rows {
			for k, v := range last.row(units, r) {
				out[k].Num[from+r] = v
			}
		}
	}
	return x.With(out), nil
}

// widest is the most numbers a row that go into a layer, or come out of one.
func (p *perceptron) widest(out bool) int {
	most := 0
	for i := range p.layers {
		if l := &p.layers[i]; out {
			most = max(most, l.Stride())
		} else {
			most = max(most, l.Cols)
		}
	}
	return most
}

// pass sends some rows through all layers, and leaves the last one's
// activations in units.
func (p *perceptron) pass(units []float64, terms *numpy.Terms, rows int) {
	for i := range p.layers {
		l := &p.layers[i]
		if i > 0 {
			for r := range rows {
				p.hand(terms, r, p.layers[i-1].row(units, r))
			}
		}
		l.pass(units, terms, rows)
	}
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
