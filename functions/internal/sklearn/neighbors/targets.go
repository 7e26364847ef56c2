package neighbors

import (
	"brine/functions/internal/frame"
	"brine/functions/internal/pickle"
	"brine/functions/internal/sklearn/estimator"
)

// labels are the class codes of the training rows, for one output.
type labels struct {
	classes *frame.Classes
	code    []int32
}

// readLabels reads classes_ and _y: one output, or several if outputs_2d_.
// Source: sklearn/neighbors/_base.py, NeighborsBase._fit.
func readLabels(o *estimator.Object, rows int) ([]labels, error) {
	var out []labels
	if !o.Bool("outputs_2d_") {
		out = append(out, labels{classes: o.Classes("classes_")})
	} else {
		for i, v := range o.List("classes_") {
			a, ok := v.(*pickle.Array)
			if !ok {
				return nil, o.Refuse("classes_[%d] is %s", i, estimator.Describe(v))
			}
			c, err := estimator.ClassesOf(a)
			if err != nil {
				return nil, o.Refuse("classes_[%d] %v", i, err)
			}
			out = append(out, labels{classes: c})
		}
	}
	codes := o.Ints("_y")
	if err := o.Err(); err != nil {
		return nil, err
	}
	if len(out) == 0 || len(codes) != rows*len(out) {
		return nil, o.Refuse("_y has %d labels for %d rows and %d outputs", len(codes), rows, len(out))
	}
	for k := range out {
		out[k].code = make([]int32, rows)
		for r := range rows {
			c := codes[r*len(out)+k]
			if c < 0 || c >= out[k].classes.Len() {
				return nil, o.Refuse("_y[%d] is %d, with %d classes", r, c, out[k].classes.Len())
			}
			out[k].code[r] = int32(c)
		}
	}
	return out, nil
}

// readTargets reads the targets of a regressor, a slice of the training rows
// for each output.
func readTargets(o *estimator.Object, rows int) ([][]float64, error) {
	a := o.Array("_y")
	all := o.Floats("_y")
	if err := o.Err(); err != nil {
		return nil, err
	}
	if a.Dtype.Kind == 'f' && a.Dtype.Size < 8 {
		return nil, o.Refuse("it was fitted on targets of float%d, which is not supported", 8*a.Dtype.Size).
			WithHint("Fit on targets of float64")
	}
	outputs := 1
	if len(a.Shape) == 2 {
		outputs = a.Shape[1]
	}
	if outputs == 0 || len(all) != rows*outputs {
		return nil, o.Refuse("_y has shape %v, with %d training rows", a.Shape, rows)
	}
	targets := make([][]float64, outputs)
	for k := range targets {
		targets[k] = make([]float64, rows)
		for r := range rows {
			targets[k][r] = all[r*outputs+k]
		}
	}
	return targets, nil
}
