package neuralnetwork

import "brine/functions/internal/numpy"

// layer maps rows of its inputs to activation(inputs·weights + bias).
type layer struct {
	numpy.Affine // units × inputs
	activation   activation
}

// newLayer takes weights of inputs × units and a bias a unit.
func newLayer(weights numpy.Matrix, bias []float64, a activation) layer {
	return layer{numpy.NewAffine(weights.T(), bias), a}
}

// pass fills out, Stride numbers a row, with the activations of some rows.
func (l *layer) pass(out []float64, in *numpy.Terms, rows int) {
	l.Apply(out, in, rows)
	for r := range rows {
		l.activation(l.row(out, r))
	}
}

// row is the activations of row r.
func (l *layer) row(out []float64, r int) []float64 { return out[r*l.Stride():][:l.Rows] }
