package pairwise

import (
	"fmt"
	"math"

	"brine/functions/internal/numpy"
)

// KernelParams are the parameters that some kernels take.
type KernelParams struct {
	Gamma  float64 // NaN for the kernel's default
	Degree float64
	Coef0  float64
}

// NewKernel returns a function that fills dst with the kernel of a query with
// each of some rows. The function serves many goroutines at once.
// Source: sklearn/metrics/pairwise.py, PAIRWISE_KERNEL_FUNCTIONS.
func NewKernel(name string, p KernelParams, rows numpy.Matrix) (func(dst, q []float64), error) {
	gamma := p.Gamma
	if math.IsNaN(gamma) {
		gamma = 1 / float64(rows.Cols)
	}
	dot := func(dst, q []float64) {
		clear(dst)
		AddProducts(dst, 1, q, rows)
	}
	switch name {
	case "linear":
		return dot, nil
	case "poly", "polynomial":
		return mapped(dot, func(v float64) float64 { return math.Pow(float64(v*gamma)+p.Coef0, p.Degree) }), nil
	case "sigmoid":
		return mapped(dot, func(v float64) float64 { return math.Tanh(float64(v*gamma) + p.Coef0) }), nil
	case "rbf":
		norms := Norms(rows, ColumnNorm)
		squares := func(dst, q []float64) { SquaredEuclidean(dst, q, ColumnNorm(q), rows, norms) }
		return mapped(squares, func(v float64) float64 { return numpy.Exp(-gamma * v) }), nil
	case "laplacian":
		return each(rows, func(x, y []float64) float64 { return numpy.Exp(-gamma * manhattan(x, y)) }), nil
	case "cosine":
		return each(rows, cosine), nil
	case "additive_chi2":
		return each(rows, func(x, y []float64) float64 { return -chiSquared(x, y) }), nil
	case "chi2":
		if math.IsNaN(p.Gamma) {
			gamma = 1
		}
		return each(rows, func(x, y []float64) float64 { return numpy.Exp(-chiSquared(x, y) * gamma) }), nil
	}
	return nil, fmt.Errorf("kernel %q is not supported", name)
}

// TakesNegative reports whether a kernel takes negative features.
func TakesNegative(name string) bool { return name != "chi2" && name != "additive_chi2" }

func mapped(fill func(dst, q []float64), f func(float64) float64) func(dst, q []float64) {
	return func(dst, q []float64) {
		fill(dst, q)
		for i, v := range dst {
			dst[i] = f(v)
		}
	}
}

func each(rows numpy.Matrix, f func(x, y []float64) float64) func(dst, q []float64) {
	return func(dst, q []float64) {
		for i := range dst {
			dst[i] = f(q, rows.Row(i))
		}
	}
}

func cosine(x, y []float64) float64 {
	a, b := length(x), length(y)
	var sum float64
	for i, v := range x {
		sum += float64((v / a) * (y[i] / b))
	}
	return sum
}

// length is that of a row to be scaled to 1: 1 for a row of zeros.
// Source: sklearn/preprocessing/_data.py, normalize.
func length(x []float64) float64 {
	if norm := math.Sqrt(ColumnNorm(x)); norm >= 10*0x1p-52 {
		return norm
	}
	return 1
}

// chiSquared is Σ (x-y)²/(x+y).
// Source: sklearn/metrics/_pairwise_fast.pyx, _chi2_kernel_fast.
func chiSquared(x, y []float64) float64 {
	var sum float64
	for i, v := range x {
		if total := v + y[i]; total != 0 {
			d := v - y[i]
			sum += d * d / total
		}
	}
	return sum
}
