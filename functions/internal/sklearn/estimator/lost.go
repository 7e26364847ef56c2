package estimator

import (
	"math"

	"brine/functions/internal/numpy"
)

// Lost returns one of orthogonal axes (axes × features) along which rows have no
// variance but rounding's, or -1. A row's place on an axis is the sum of its
// features times that: where the terms of a typical row add up to more than most
// deviations of the sum, scikit-learn's own answer differs between one row and
// many as soon as it is divided by the deviation.
func Lost(axes numpy.Matrix, variances []float64, most float64) int {
	spread := make([]float64, axes.Cols) // the deviation of each feature
	for i, variance := range variances {
		for j, v := range axes.Row(i) {
			spread[j] += float64(v * v * variance)
		}
	}
	for j, variance := range spread {
		spread[j] = math.Sqrt(variance)
	}
	for i, variance := range variances {
		terms := 0.0
		for j, v := range axes.Row(i) {
			terms += float64(math.Abs(v) * spread[j])
		}
		if !(variance > 0) || terms > most*math.Sqrt(variance) {
			return i
		}
	}
	return -1
}
