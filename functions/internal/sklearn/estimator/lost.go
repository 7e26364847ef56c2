package estimator

import (
	"math"

	"brine/functions/internal/numpy"
)

// Lost returns one of orthogonal axes (features × axes) along which rows have no
// variance but rounding's, or -1. A row's place on an axis is the sum of its
// features times that: where the terms of a typical row add up to more than most
// deviations of the sum, scikit-learn's own answer differs between one row and
// many as soon as it is divided by the deviation.
func Lost(axes numpy.Matrix, variances []float64, most float64) int {
	terms := make([]float64, axes.Cols)
	for j := range axes.Rows {
		variance := 0.0 // of feature j
		for i, v := range axes.Row(j) {
			variance += float64(v * v * variances[i])
		}
		for i, v := range axes.Row(j) {
			terms[i] += float64(math.Abs(v) * math.Sqrt(variance))
		}
	}
	for i, v := range variances {
		if !(v > 0) || terms[i] > most*math.Sqrt(v) {
			return i
		}
	}
	return -1
}
