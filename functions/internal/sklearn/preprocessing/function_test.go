package preprocessing

import (
	"errors"
	"math"
	"testing"

	"brine/functions/internal/frame"
	"brine/functions/internal/job"
	"brine/functions/internal/numpy"
)

// TestFunctionOfIntegers: what numpy would compute in another type than
// float64 is an error of the row.
func TestFunctionOfIntegers(t *testing.T) {
	square := call{name: "square", f: ufuncs["square"]}
	for _, test := range []struct {
		what   string
		call   call
		cells  []float64
		narrow bool
		row    int64 // 0 where there is none
	}{
		{"small", square, []float64{-3, 3037000499}, false, 0},
		{"large", square, []float64{2, 3037000500}, false, 2},
		{"large and negative", square, []float64{-1e18}, false, 1},
		{"a fraction", square, []float64{3037000500.5, math.NaN()}, false, 0},
		{"beyond all integers", square, []float64{1e20}, false, 0},
		{"negative of uint64", call{name: "negative", f: ufuncs["negative"]}, []float64{1, 1 << 63}, false, 2},
		{"another function", call{name: "log1p", f: math.Log1p}, []float64{1e18}, false, 0},
		{"bools", call{name: "exp", f: numpy.Exp}, []float64{0, 1}, true, 1},
		{"bools that pass", call{f: math.Abs}, []float64{0, 1}, true, 0},
	} {
		x := frame.New(len(test.cells), nil)
		x.Cols = []frame.Column{{Name: "x", Num: test.cells, Narrow: test.narrow}}
		_, err := (&function{}).apply(x, test.call)
		var e *job.Error
		if test.row == 0 && err == nil {
			continue
		}
		if !errors.As(err, &e) || e.Row != test.row || e.Column != "x" {
			t.Errorf("%s: the error is %v, want one of row %d", test.what, err, test.row)
		}
	}
}
