package pairwise

import (
	"math"

	"brine/functions/internal/job"
	"brine/functions/internal/numpy"
)

// unsure is how far off, relative to itself or to 1, an expansion may be by the
// order of its sum alone: what numpy.allclose takes for equal.
const unsure = 1e-5

// Expand is the sum of a row's kernels weighed by coefficients. BLAS takes it in
// an order that depends on the processor and on how many rows are asked about,
// so scikit-learn's own answers differ by the rounding of the largest terms.
// Where these cancel so far that fewer than five digits of the sum are left, it
// is an error of that row, counted from 0.
func Expand(kernels, coef []float64, row int) (float64, error) {
	sum := numpy.Dot(kernels, coef)
	var terms float64
	for i, k := range kernels {
		terms += math.Abs(float64(k * coef[i]))
	}
	if !(terms*0x1p-53 > unsure*max(1, math.Abs(sum))) {
		return sum, nil
	}
	e := job.Invalid("the kernels cancel each other out but for %.1g of %.1g, and what is left depends on how the processor rounds", sum, terms).
		WithHint("Scale the features in a pipeline in front of the model, or fit with a larger alpha")
	e.Row = int64(row) + 1
	return 0, e
}
