package estimator

import (
	"math"

	"brine/functions/internal/job"
	"brine/functions/internal/numpy"
)

// Doubt is how far off a sum may be by the order of its terms alone, relative to
// itself or to 1. BLAS adds up in an order that depends on the processor and on
// how many rows are asked about, so scikit-learn's own answers differ by the
// rounding of the largest terms.
type Doubt float64

const (
	// KernelDoubt leaves five digits of a sum over training rows: what
	// numpy.allclose takes for equal.
	KernelDoubt Doubt = 1e-5
	// ScoreDoubt leaves four of a sum over features, which has fewer terms.
	ScoreDoubt Doubt = 1e-4

	epsilon = 0x1p-53
)

// Sure is how much the magnitudes of terms may add up to for none of their sums
// to be in doubt.
func (d Doubt) Sure() float64 { return float64(d) / epsilon }

// Check refuses the sum of a row, counted from 0, whose terms' magnitudes add up
// to size, if they cancel so far that it is in doubt. what they are and a hint
// are for the error.
func (d Doubt) Check(sum, size float64, row int, what, hint string) error {
	if !(size*epsilon > float64(d)*max(1, math.Abs(sum))) {
		return nil
	}
	e := job.Invalid("the %s cancel each other out but for %.1g of %.1g, and what is left depends on how the processor rounds", what, sum, size).
		WithHint("%s", hint)
	e.Row = int64(row) + 1
	return e
}

// Expand is the sum of a row's kernels weighed by coefficients, or an error if
// it is in doubt.
func Expand(kernels, coef []float64, row int) (float64, error) {
	sum := numpy.Dot(kernels, coef)
	var size float64
	for i, k := range kernels {
		size += math.Abs(float64(k * coef[i]))
	}
	return sum, KernelDoubt.Check(sum, size, row, "kernels", "Scale the features in a pipeline in front of the model, or fit with a larger alpha")
}
