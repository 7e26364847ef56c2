package estimator

import (
	"math"

	"brine/functions/internal/numpy"
)

// Spread returns the standard deviation of each feature of rows that vary
// independently along orthogonal axes (features × axes), by these variances.
func Spread(axes numpy.Matrix, variances []float64) []float64 {
	out := make([]float64, axes.Rows)
	for j := range out {
		variance := 0.0
		for i, v := range axes.Row(j) {
			variance += float64(v * v * variances[i])
		}
		out[j] = math.Sqrt(variance)
	}
	return out
}

// Lost returns an axis (features × axes) along which rows have no variance but
// rounding's, or -1. A row's place on an axis is the sum of its features times
// that: where the terms of a typical row, whose features have this spread, add up
// to more than most deviations of the sum, scikit-learn's own answer differs
// between one row and many as soon as it is divided by the deviation.
func Lost(axes numpy.Matrix, spread, variances []float64, most float64) int {
	terms := make([]float64, axes.Cols)
	for j, s := range spread {
		for i, v := range axes.Row(j) {
			terms[i] += float64(math.Abs(v) * s)
		}
	}
	for i, v := range variances {
		if !(v > 0) || terms[i] > most*math.Sqrt(v) {
			return i
		}
	}
	return -1
}
