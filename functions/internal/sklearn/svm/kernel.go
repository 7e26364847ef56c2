package svm

import (
	"math"

	"brine/functions/internal/numpy"
	"brine/functions/internal/sklearn/estimator"
)

// kernel is libsvm's kernel function of a row and a support vector.
type kernel func(x, y []float64) float64

// openKernel reads kernel, degree, _gamma and coef0.
// Source: sklearn/svm/src/libsvm/svm.cpp, Kernel::k_function.
func openKernel(o *estimator.Object) (kernel, error) {
	name, ok := o.Get("kernel").(string)
	if !ok {
		return nil, o.Refuse("kernel is %s: a callable kernel needs Python", estimator.Describe(o.Get("kernel")))
	}
	gamma, coef0, degree := o.Float("_gamma"), o.Float("coef0"), o.Float("degree")
	if err := o.Err(); err != nil {
		return nil, err
	}
	switch name {
	case "linear":
		return numpy.Dot, nil
	case "rbf":
		return func(x, y []float64) float64 { return numpy.Exp(-gamma * squaredDistance(x, y)) }, nil
	case "sigmoid":
		return func(x, y []float64) float64 { return math.Tanh(float64(gamma*numpy.Dot(x, y)) + coef0) }, nil
	case "poly":
		if degree < 0 || degree != math.Trunc(degree) || degree > math.MaxInt32 {
			return nil, o.Refuse("degree=%v is no whole number that libsvm takes", degree)
		}
		return func(x, y []float64) float64 { return power(float64(gamma*numpy.Dot(x, y))+coef0, int(degree)) }, nil
	case "precomputed":
		return nil, o.Refuse("kernel='precomputed' needs a row's kernel with all training rows, which a table of features does not hold")
	}
	return nil, o.Refuse("kernel=%q is not supported", name)
}

// squaredDistance adds (x-y)² up in the lanes of numpy.Dot.
func squaredDistance(x, y []float64) float64 {
	y = y[:len(x)]
	var s0, s1, s2, s3 float64
	i := 0
	for ; i+4 <= len(x); i += 4 {
		a, b := x[i:i+4:i+4], y[i:i+4:i+4]
		d0, d1, d2, d3 := a[0]-b[0], a[1]-b[1], a[2]-b[2], a[3]-b[3]
		s0 += float64(d0 * d0)
		s1 += float64(d1 * d1)
		s2 += float64(d2 * d2)
		s3 += float64(d3 * d3)
	}
	s := (s0 + s1) + (s2 + s3)
	for ; i < len(x); i++ {
		d := x[i] - y[i]
		s += float64(d * d)
	}
	return s
}

// power is base to a whole power by squaring. Source: svm.cpp, powi.
func power(base float64, times int) float64 {
	out := 1.0
	for ; times > 0; times /= 2 {
		if times%2 == 1 {
			out *= base
		}
		base *= base
	}
	return out
}
