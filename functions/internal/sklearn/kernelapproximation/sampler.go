// Package kernelapproximation has the transformers of
// sklearn.kernel_approximation, in whose output inner products are about what
// a kernel is of the input.
package kernelapproximation

import (
	"math"

	"brine/functions/internal/frame"
	"brine/functions/internal/job"
	"brine/functions/internal/numpy"
	"brine/functions/internal/sklearn/estimator"
)

// Classes are the estimators of sklearn.kernel_approximation.
var Classes = estimator.Registry{
	"sklearn.kernel_approximation.AdditiveChi2Sampler":   newAdditive,
	"sklearn.kernel_approximation.Nystroem":              newNystroem,
	"sklearn.kernel_approximation.PolynomialCountSketch": newSketch,
	"sklearn.kernel_approximation.RBFSampler":            newRBF,
	"sklearn.kernel_approximation.SkewedChi2Sampler":     newSkewed,
}

// fourier is scale·cos(X·weights + offset), of the logarithms of X + skew if
// there is a skew.
// Source: sklearn/kernel_approximation.py, RBFSampler.transform and
// SkewedChi2Sampler.transform.
type fourier struct {
	name    string
	weights numpy.Matrix // components × features
	offset  []float64
	scale   float64
	skewed  bool
	skew    float64
}

func newRBF(o *estimator.Object) (estimator.Estimator, error) { return newFourier(o, false) }

func newSkewed(o *estimator.Object) (estimator.Estimator, error) { return newFourier(o, true) }

func newFourier(o *estimator.Object, skewed bool) (estimator.Estimator, error) {
	n := o.Int("n_components")
	f := &fourier{
		name: o.Name(), weights: o.Matrix("random_weights_").T(), offset: o.Floats("random_offset_"),
		scale: math.Sqrt(2 / float64(n)), skewed: skewed,
	}
	if skewed {
		f.skew = o.Float("skewedness")
		f.scale = math.Sqrt(2) / math.Sqrt(float64(n))
	}
	features := o.Features()
	if err := o.Err(); err != nil {
		return nil, err
	}
	if n < 1 || f.weights.Rows != n || f.weights.Cols != features || len(f.offset) != n {
		return nil, o.Refuse("its weights and offsets do not fit %d components and %d features", n, features)
	}
	return f, nil
}

// Inputs implements estimator.Estimator.
func (f *fourier) Inputs() []frame.Kind { return estimator.AllNumbers(f.weights.Cols) }

// Transform implements estimator.Transformer.
func (f *fourier) Transform(x *frame.Frame) (*frame.Frame, error) {
	if err := estimator.CheckFinite(x, f.name); err != nil {
		return nil, err
	}
	if f.skewed {
		var err error
		if x, err = f.logarithms(x); err != nil {
			return nil, err
		}
	}
	out := estimator.Combined(x, f.weights)
	for k, c := range out.Cols {
		for r, v := range c.Num {
			c.Num[r] = f.scale * math.Cos(v+f.offset[k])
		}
	}
	return out, nil
}

func (f *fourier) logarithms(x *frame.Frame) (*frame.Frame, error) {
	out := make([]frame.Column, len(x.Cols))
	for j, c := range x.Cols {
		out[j] = x.NumberColumn(c.Name)
		for r, v := range c.Num {
			if v <= -f.skew {
				e := job.Invalid("%s takes no value of %v or below", f.name, -f.skew)
				e.Row, e.Column = int64(r)+1, c.Name
				return nil, e
			}
			out[j].Num[r] = numpy.Log(v + f.skew)
		}
	}
	return x.With(out), nil
}
