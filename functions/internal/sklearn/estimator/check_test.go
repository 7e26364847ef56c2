package estimator

import (
	"errors"
	"math"
	"testing"

	"brine/functions/internal/frame"
	"brine/functions/internal/job"
)

// TestCastInDoubt: of a whole number that a float64 does not hold, only the
// float64 half way between two of float32 leaves the float32 open.
func TestCastInDoubt(t *testing.T) {
	for _, n := range []int64{1<<60 + 1<<36 + 1, 1<<60 + 1<<36 - 1, -1<<60 - 1<<36 - 1, math.MaxInt64 - 1<<38, 1<<54 + 1<<30 + 1} {
		v, inOneStep, inTwo := float64(n), float32(n), float32(float64(n))
		if inOneStep != inTwo && !inDoubt(v) {
			t.Errorf("%d becomes %v or %v", n, inOneStep, inTwo)
		}
	}
	for v, want := range map[float64]bool{
		1<<60 + 1<<36: true, -1<<60 - 1<<36: true, 1<<60 + 3<<36: true, 1<<63 + 1<<39: true,
		1<<60 + 1<<36 + 1<<8: false, 1 << 60: false,
		1<<53 + 1<<29: true, 1<<52 + 1<<28: false, // which a float64 holds
		1<<64 + 1<<40: false, // which no integer of numpy does
		1:             false,
	} {
		x := frame.New(2, nil)
		x.Cols = []frame.Column{{Name: "a", Num: []float64{0, v}}}
		for name, err := range map[string]error{
			"finite": CheckFinite32(x, "Tree"), "not infinite": CheckNotInf32(x, "Tree"), "any": CheckCast32(x, "Tree"),
		} {
			var e *job.Error
			if refused := errors.As(err, &e) && e.Row == 2 && e.Column == "a" && e.Value != ""; refused != want {
				t.Errorf("%s, %v: %v", name, v, err)
			}
		}
		if err := CheckFinite(x, "Scaler"); err != nil {
			t.Errorf("%v: %v", v, err)
		}
	}
	x := frame.New(3, nil)
	x.Cols = []frame.Column{{Num: []float64{math.NaN(), math.Inf(1), 1e300}}}
	if err := CheckCast32(x, "IsolationForest"); err != nil {
		t.Error(err)
	}
}
