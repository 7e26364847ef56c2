package estimator

import (
	"math"

	"brine/functions/internal/frame"
	"brine/functions/internal/job"
)

const (
	// roundings is how many roundings of its terms a sum may be off.
	roundings = 8
	// steady is how far a prediction may move when sums are off by that,
	// relative to itself or to 1.
	steady = 1e-6
)

// Shake sets y.Shaken to the Number columns of y moved up, and then down, by some
// roundings of their sizes: column by column, what the magnitudes of the terms of
// each cell add up to. A Transformer calls it of which some columns may hold
// nothing but rounding. What divides these by their spread, or splits at them,
// makes numbers of them that are not scikit-learn's; nor are scikit-learn's the
// same for one row and for many.
func Shake(y *frame.Frame, sizes [][]float64) {
	y.Shaken = moved(y, sizes, roundings*epsilon)
	y.Shaken.Shaken = moved(y, sizes, -roundings*epsilon)
}

func moved(y *frame.Frame, sizes [][]float64, by float64) *frame.Frame {
	cols := make([]frame.Column, len(y.Cols))
	for c := range cols {
		cols[c] = y.NumberColumn(y.Cols[c].Name)
		for r, v := range y.Cols[c].Num {
			cols[c].Num[r] = v + float64(by*sizes[c][r])
		}
	}
	return y.With(cols)
}

// checkSteady refuses the first row of which rounding decides the answer: shaken
// is what came of numbers that may be as true.
func checkSteady(answers, shaken []frame.Column) error {
	row := math.MaxInt
	for c := range answers {
		p, s := &answers[c], &shaken[c]
		for r, code := range p.Code[:min(row, len(p.Code))] {
			if code != s.Code[r] {
				row = r
				break
			}
		}
		for r, v := range p.Num[:min(row, len(p.Num))] {
			if math.Abs(v-s.Num[r]) > steady*max(1, math.Abs(v)) {
				row = r
				break
			}
		}
	}
	if row == math.MaxInt {
		return nil
	}
	e := job.Invalid("the prediction depends on how the processor rounds: components of a transformer are nothing but rounding").
		WithHint("Fit with fewer components (n_components)")
	e.Row = int64(row) + 1
	return e
}
