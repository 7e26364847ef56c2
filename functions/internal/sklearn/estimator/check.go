package estimator

import (
	"math"

	"brine/functions/internal/frame"
	"brine/functions/internal/job"
	"brine/functions/internal/python"
)

// CheckFinite answers as scikit-learn's check_array does with
// force_all_finite=True: an error that names the first cell, in row order, that
// is missing or infinite. class is the estimator's name for the message.
// Source: sklearn/utils/validation.py, _assert_all_finite.
func CheckFinite(x *frame.Frame, class string) error {
	return check(x, class, limits{math.MaxFloat64, math.MaxFloat64, true})
}

// CheckFinite32 is CheckFinite for estimators that cast to float32: what
// overflows there is refused too, and what CheckCast32 refuses.
func CheckFinite32(x *frame.Frame, class string) error {
	return check(x, class, limits{exact, math.MaxFloat32, true})
}

// CheckNotInf allows missing values (force_all_finite="allow-nan").
func CheckNotInf(x *frame.Frame, class string) error {
	return check(x, class, limits{math.MaxFloat64, math.MaxFloat64, false})
}

// CheckNotInf32 is CheckNotInf for estimators that cast to float32.
func CheckNotInf32(x *frame.Frame, class string) error {
	return check(x, class, limits{exact, math.MaxFloat32, false})
}

// CheckCast32 takes any value for estimators that cast to float32, but for one
// of which the float32 is in doubt, see inDoubt.
func CheckCast32(x *frame.Frame, class string) error {
	return check(x, class, limits{exact, math.Inf(1), false})
}

// exact is up to where a float64 holds every whole number.
const exact = 1 << 53

// limits are what an estimator takes: every number up to the magnitude sure,
// none above largest.
type limits struct {
	sure, largest float64
	refuseNaN     bool
}

// refuses decides on a value that is not within l.sure.
func (l limits) refuses(v float64) bool {
	if v != v {
		return l.refuseNaN
	}
	return math.Abs(v) > l.largest || inDoubt(v)
}

// inDoubt tells a number that lies half way between two of float32, where it may
// stand for a whole number that a float64 does not hold: numpy casts an int64 or
// uint64 in one step, to the nearer one, by digits that are lost here.
func inDoubt(v float64) bool {
	const half, below = 1 << 28, 1<<29 - 1 // of the bits that float32 has not
	size := math.Abs(v)
	return size > exact && size < 1<<64 && math.Float64bits(v)&below == half
}

// CheckWithin is CheckFinite that also tells whether no value is beyond ±most.
func CheckWithin(x *frame.Frame, class string, most float64) (within bool, err error) {
	if check(x, class, limits{most, most, true}) == nil {
		return true, nil
	}
	return false, CheckFinite(x, class)
}

func check(x *frame.Frame, class string, l limits) error {
	if x.Wide != nil {
		return checkWide(x, class, l)
	}
	row, col := x.Rows, -1
	for c := range x.Cols {
		for r, v := range x.Cols[c].Num[:min(row, len(x.Cols[c].Num))] {
			if !(math.Abs(v) <= l.sure) && l.refuses(v) {
				row, col = r, c
				break
			}
		}
	}
	if col < 0 {
		return nil
	}
	return unfit(class, x.Cols[col].Num[row], row, x.Cols[col].Name)
}

// checkWide names no column: the columns of a CSR have no names.
func checkWide(x *frame.Frame, class string, l limits) error {
	for r := range x.Rows {
		_, value := x.Wide.Row(r)
		for _, v := range value {
			if !(math.Abs(v) <= l.sure) && l.refuses(v) {
				return unfit(class, v, r, "")
			}
		}
	}
	return nil
}

func unfit(class string, v float64, row int, column string) error {
	e := job.Invalid("%s takes no infinite or overflowing value", class)
	switch {
	case v != v:
		e = job.Invalid("%s does not accept missing values (NaN)", class).
			WithHint("Fill them in the table, or put an imputer in front of the model")
	case inDoubt(v):
		e = job.Invalid("%s rounds to float32, and this number lies half way between two: "+
			"to which a whole number this large is rounded, its digits beyond those of a float64 decide", class).
			WithHint("Fit the model on smaller numbers, or put a scaler in front of it, in a pipeline")
		e.Value = string(python.AppendFloat(nil, v, 64))
	}
	e.Row, e.Column = int64(row)+1, column
	return e
}

// CheckNotNegative is CheckFinite for estimators that take no negative value.
// Source: sklearn/utils/validation.py, check_non_negative.
func CheckNotNegative(x *frame.Frame, class string) error {
	if err := CheckFinite(x, class); err != nil {
		return err
	}
	for _, c := range x.Cols {
		for r, v := range c.Num {
			if v < 0 {
				e := job.Invalid("%s takes no negative value", class)
				e.Row, e.Column = int64(r)+1, c.Name
				return e
			}
		}
	}
	return nil
}
