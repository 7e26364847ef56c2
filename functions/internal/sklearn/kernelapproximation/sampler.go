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

// additive samples the Fourier transform of the additive χ² kernel of each
// feature at steps of an interval.
// Source: sklearn/kernel_approximation.py, AdditiveChi2Sampler.transform.
type additive struct {
	name     string
	features int
	steps    int
	interval float64
}

func newAdditive(o *estimator.Object) (estimator.Estimator, error) {
	a := &additive{name: o.Name(), features: o.Features(), steps: o.Int("sample_steps")}
	intervals := map[int]float64{1: 0.8, 2: 0.5, 3: 0.4}
	a.interval = intervals[a.steps]
	if o.Has("sample_interval") {
		a.interval = o.Float("sample_interval")
	}
	if err := o.Err(); err != nil {
		return nil, err
	}
	if a.steps < 1 || a.steps > 1<<10 || !(a.interval > 0) {
		return nil, o.Refuse("sample_steps=%d with an interval of %v is not supported", a.steps, a.interval)
	}
	if !o.Columns((2*a.steps - 1) * a.features) {
		return nil, o.Err()
	}
	return a, nil
}

// Inputs implements estimator.Estimator.
func (a *additive) Inputs() []frame.Kind { return estimator.AllNumbers(a.features) }

// Transform returns the zeroth sample of every feature, then the cosine and
// sine part of every further one.
func (a *additive) Transform(x *frame.Frame) (*frame.Frame, error) {
	if err := estimator.CheckNotNegative(x, a.name); err != nil {
		return nil, err
	}
	out := make([]frame.Column, 0, (2*a.steps-1)*len(x.Cols))
	add := func(f func(v float64) float64) {
		for _, c := range x.Cols {
			to := x.NumberColumn("")
			for r, v := range c.Num {
				if v != 0 {
					to.Num[r] = f(v)
				}
			}
			out = append(out, to)
		}
	}
	add(func(v float64) float64 { return math.Sqrt(v * a.interval) })
	for j := 1; j < a.steps; j++ {
		step := float64(j)
		cosh := math.Cosh(math.Pi * step * a.interval)
		factor := func(v float64) float64 { return math.Sqrt(2 * v * a.interval / cosh) }
		angle := func(v float64) float64 { return step * (a.interval * numpy.Log(v)) }
		add(func(v float64) float64 { return factor(v) * math.Cos(angle(v)) })
		add(func(v float64) float64 { return factor(v) * math.Sin(angle(v)) })
	}
	f := x.With(out)
	f.Sparse = x.Sparse
	return f, nil
}
