package neuralnetwork

import "brine/functions/internal/numpy"

// lanes is how many units of a layer are summed up together.
const lanes = 6

// layer maps rows of its inputs to activation(inputs·weights + bias). Rows of
// activations have the units' number rounded up to whole lanes.
type layer struct {
	units, inputs int
	// panels are the weights: for each lanes units, those of each input. What
	// is beyond the last unit is 0.
	panels     [][][lanes]float64
	bias       [][lanes]float64 // of each panel
	activation activation
}

// newLayer takes weights of inputs × units and a bias a unit.
func newLayer(weights numpy.Matrix, bias []float64, a activation) layer {
	l := layer{units: weights.Cols, inputs: weights.Rows, activation: a}
	l.panels = make([][][lanes]float64, (l.units+lanes-1)/lanes)
	l.bias = make([][lanes]float64, len(l.panels))
	for p := range l.panels {
		l.panels[p] = make([][lanes]float64, l.inputs)
		copy(l.bias[p][:], bias[p*lanes:])
		for i := range l.panels[p] {
			copy(l.panels[p][i][:], weights.Row(i)[p*lanes:])
		}
	}
	return l
}

// stride is from one row of activations to the next.
func (l *layer) stride() int { return len(l.panels) * lanes }

// pass fills out with the activations of some rows of in, which has stride
// numbers a row. The result of a row does not depend on the rows around it.
func (l *layer) pass(out, in []float64, stride, rows int) {
	width := l.stride()
	for p, panel := range l.panels {
		for r := range rows {
			sum(panel, &l.bias[p], in[r*stride:], (*[lanes]float64)(out[r*width+p*lanes:]))
		}
	}
	for r := range rows {
		l.activation(out[r*width : r*width+l.units])
	}
}

// sum computes a panel's units for a row. Its sums do not wait for each other;
// each is in the order of the inputs.
func sum(panel [][lanes]float64, bias *[lanes]float64, in []float64, out *[lanes]float64) {
	in = in[:len(panel)]
	var s0, s1, s2, s3, s4, s5 float64
	for i, x := range in {
		w := &panel[i]
		s0 += float64(x * w[0])
		s1 += float64(x * w[1])
		s2 += float64(x * w[2])
		s3 += float64(x * w[3])
		s4 += float64(x * w[4])
		s5 += float64(x * w[5])
	}
	out[0], out[1], out[2] = s0+bias[0], s1+bias[1], s2+bias[2]
	out[3], out[4], out[5] = s3+bias[3], s4+bias[4], s5+bias[5]
}
