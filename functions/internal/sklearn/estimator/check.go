package estimator

import (
	"math"

	"brine/functions/internal/frame"
	"brine/functions/internal/job"
)

// CheckFinite answers as scikit-learn's check_array does with
// force_all_finite=True: an error that names the first cell, in row order, that
// is missing or infinite. class is the estimator's name for the message.
// Source: sklearn/utils/validation.py, _assert_all_finite.
func CheckFinite(x *frame.Frame, class string) error {
	return check(x, class, true, math.MaxFloat64)
}

// CheckFinite32 is CheckFinite for estimators that cast to float32: what
// overflows there is refused too.
func CheckFinite32(x *frame.Frame, class string) error {
	return check(x, class, true, math.MaxFloat32)
}

// CheckNotInf allows missing values (force_all_finite="allow-nan").
func CheckNotInf(x *frame.Frame, class string) error {
	return check(x, class, false, math.MaxFloat64)
}

// CheckNotInf32 is CheckNotInf for estimators that cast to float32.
func CheckNotInf32(x *frame.Frame, class string) error {
	return check(x, class, false, math.MaxFloat32)
}

func check(x *frame.Frame, class string, refuseNaN bool, largest float64) error {
	if x.Wide != nil {
		return checkWide(x, class, refuseNaN, largest)
	}
	row, col := x.Rows, -1
	for c := range x.Cols {
		for r, v := range x.Cols[c].Num[:min(row, len(x.Cols[c].Num))] {
			if math.Abs(v) > largest || refuseNaN && v != v {
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
func checkWide(x *frame.Frame, class string, refuseNaN bool, largest float64) error {
	for r := range x.Rows {
		_, value := x.Wide.Row(r)
		for _, v := range value {
			if math.Abs(v) > largest || refuseNaN && v != v {
				return unfit(class, v, r, "")
			}
		}
	}
	return nil
}

func unfit(class string, v float64, row int, column string) error {
	e := job.Invalid("%s takes no infinite or overflowing value", class)
	if v != v {
		e = job.Invalid("%s does not accept missing values (NaN)", class).
			WithHint("Fill them in the table, or put an imputer in front of the model")
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
