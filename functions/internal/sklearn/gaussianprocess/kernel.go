package gaussianprocess

import (
	"math"

	"brine/functions/internal/numpy"
	"brine/functions/internal/sklearn/estimator"
	"brine/functions/internal/sklearn/pairwise"
)

// kernel is a covariance function of a process.
// Source: sklearn/gaussian_process/kernels.py.
type kernel struct {
	// of is the covariance of two rows that are not the same one.
	of func(x, y []float64) float64
	// self is the variance at a row (diag).
	self func(x []float64) float64
}

const kernels = "sklearn.gaussian_process."

// newKernel reads a fitted kernel that each row is to be put to with these.
func newKernel(o *estimator.Object, rows numpy.Matrix) (kernel, error) {
	if !o.Compute(rows.Rows, rows.Cols) {
		return kernel{}, o.Err()
	}
	features := rows.Cols
	switch o.Class() {
	case kernels + "Sum":
		return combined(o, rows, func(a, b float64) float64 { return a + b })
	case kernels + "Product":
		return combined(o, rows, func(a, b float64) float64 { return float64(a * b) })
	case kernels + "Exponentiation":
		return exponentiation(o, rows)
	case kernels + "ConstantKernel":
		v := o.Float("constant_value")
		return kernel{func(_, _ []float64) float64 { return v }, always(v)}, o.Err()
	case kernels + "WhiteKernel":
		return kernel{func(_, _ []float64) float64 { return 0 }, always(o.Float("noise_level"))}, o.Err()
	case kernels + "DotProduct":
		return dotProduct(o)
	case kernels + "RBF":
		return radial(o, features)
	case kernels + "Matern":
		return matern(o, features)
	case kernels + "RationalQuadratic":
		return rationalQuadratic(o)
	case kernels + "ExpSineSquared":
		return expSineSquared(o)
	case kernels + "PairwiseKernel":
		return pairwiseKernel(o)
	}
	return kernel{}, o.Refuse("this kernel is not supported").
		WithHint("Use the kernels of sklearn.gaussian_process.kernels")
}

func always(v float64) func([]float64) float64 { return func([]float64) float64 { return v } }

func combined(o *estimator.Object, rows numpy.Matrix, join func(a, b float64) float64) (kernel, error) {
	o1, o2 := o.Object("k1"), o.Object("k2")
	if err := o.Err(); err != nil {
		return kernel{}, err
	}
	k1, err := newKernel(o1, rows)
	if err != nil {
		return kernel{}, err
	}
	k2, err := newKernel(o2, rows)
	return kernel{
		func(x, y []float64) float64 { return join(k1.of(x, y), k2.of(x, y)) },
		func(x []float64) float64 { return join(k1.self(x), k2.self(x)) },
	}, err
}

func exponentiation(o *estimator.Object, rows numpy.Matrix) (kernel, error) {
	exponent, inner := o.Float("exponent"), o.Object("kernel")
	if err := o.Err(); err != nil {
		return kernel{}, err
	}
	k, err := newKernel(inner, rows)
	return kernel{
		func(x, y []float64) float64 { return math.Pow(k.of(x, y), exponent) },
		func(x []float64) float64 { return math.Pow(k.self(x), exponent) },
	}, err
}

func dotProduct(o *estimator.Object) (kernel, error) {
	sigma := o.Float("sigma_0")
	of := func(x, y []float64) float64 { return numpy.Dot(x, y) + float64(sigma*sigma) }
	return kernel{of, func(x []float64) float64 { return of(x, x) }}, o.Err()
}

// radial is exp(-d²/2) of the distance d in length scales.
func radial(o *estimator.Object, features int) (kernel, error) {
	square, err := scaledSquare(o, features)
	return kernel{func(x, y []float64) float64 { return numpy.Exp(-0.5 * square(x, y)) }, always(1)}, err
}

// scaledSquare is the squared distance of x/length_scale and y/length_scale.
func scaledSquare(o *estimator.Object, features int) (func(x, y []float64) float64, error) {
	scale := o.Floats("length_scale")
	if err := o.Err(); err != nil {
		return nil, err
	}
	if len(scale) == 1 {
		one := scale[0]
		return func(x, y []float64) float64 {
			var sum float64
			for i, v := range x {
				d := v/one - y[i]/one
				sum += float64(d * d)
			}
			return sum
		}, nil
	}
	if len(scale) != features {
		return nil, o.Refuse("length_scale has %d numbers for %d features", len(scale), features)
	}
	return func(x, y []float64) float64 {
		var sum float64
		for i, v := range x {
			d := v/scale[i] - y[i]/scale[i]
			sum += float64(d * d)
		}
		return sum
	}, nil
}

// matern has closed forms for some nu; the others need Bessel functions.
func matern(o *estimator.Object, features int) (kernel, error) {
	nu := o.Float("nu")
	square, err := scaledSquare(o, features)
	if err != nil {
		return kernel{}, err
	}
	var f func(d float64) float64
	switch nu {
	case 0.5:
		f = func(d float64) float64 { return numpy.Exp(-d) }
	case 1.5:
		f = func(d float64) float64 {
			k := d * math.Sqrt(3)
			return (1 + k) * numpy.Exp(-k)
		}
	case 2.5:
		f = func(d float64) float64 {
			k := d * math.Sqrt(5)
			return (1 + k + k*k/3) * numpy.Exp(-k)
		}
	case math.Inf(1):
		f = func(d float64) float64 { return numpy.Exp(-(d * d) / 2) }
	default:
		return kernel{}, o.Refuse("nu=%v is not supported", nu).WithHint("Fit with nu 0.5, 1.5, 2.5 or infinity")
	}
	return kernel{func(x, y []float64) float64 { return f(math.Sqrt(square(x, y))) }, always(1)}, nil
}

func squared(x, y []float64) float64 {
	var sum float64
	for i, v := range x {
		d := v - y[i]
		sum += float64(d * d)
	}
	return sum
}

func rationalQuadratic(o *estimator.Object) (kernel, error) {
	alpha, scale := o.Float("alpha"), o.Float("length_scale")
	unit := 2 * alpha * (scale * scale)
	return kernel{func(x, y []float64) float64 { return math.Pow(1+squared(x, y)/unit, -alpha) }, always(1)}, o.Err()
}

func expSineSquared(o *estimator.Object) (kernel, error) {
	scale, period := o.Float("length_scale"), o.Float("periodicity")
	frequency := math.Pi / period
	return kernel{func(x, y []float64) float64 {
		s := math.Sin(frequency*math.Sqrt(squared(x, y))) / scale
		return numpy.Exp(-2 * (s * s))
	}, always(1)}, o.Err()
}

// pairwiseKernel is one of sklearn.metrics.pairwise with its defaults.
func pairwiseKernel(o *estimator.Object) (kernel, error) {
	metric, gamma := o.Str("metric"), o.Float("gamma")
	if err := o.Err(); err != nil {
		return kernel{}, err
	}
	if o.Has("pairwise_kernels_kwargs") {
		return kernel{}, o.Refuse("pairwise_kernels_kwargs is not supported")
	}
	params := pairwise.KernelParams{Gamma: gamma, Degree: 3, Coef0: 1}
	one := func(y []float64) numpy.Matrix { return numpy.Matrix{Rows: 1, Cols: len(y), Data: y} }
	if _, err := pairwise.NewKernel(metric, params, one(nil)); err != nil || !pairwise.TakesNegative(metric) {
		return kernel{}, o.Refuse("metric=%q is not supported", metric)
	}
	of := func(x, y []float64) float64 {
		fill, _ := pairwise.NewKernel(metric, params, one(y))
		var k [1]float64
		fill(k[:], x)
		return k[0]
	}
	return kernel{of, func(x []float64) float64 { return of(x, x) }}, nil
}
