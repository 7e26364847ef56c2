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

func check(x *frame.Frame, class string, refuseNaN bool, largest float64) error {
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
	e := job.Invalid("%s takes no infinite or overflowing value", class)
	if v := x.Cols[col].Num[row]; v != v {
		e = job.Invalid("%s does not accept missing values (NaN)", class).
			WithHint("Fill them in the table, or put an imputer in front of the model")
	}
	e.Row, e.Column = int64(row)+1, x.Cols[col].Name
	return e
}
