package numpy

import (
	"math"
	"testing"
)

func near(got, want float64) bool { return math.Abs(got-want) <= 4e-16*math.Abs(want) }

func TestExpit(t *testing.T) {
	// scipy.special.expit
	for x, want := range map[float64]float64{
		-800: 0, -40: 0x1.39792499b1a24p-58, -1: 0x1.136561454ba86p-2, 0: 0.5,
		1e-3: 0x1.0020c49b78133p-1, 2.5: 0x1.d9291ddb596f8p-1, 40: 1, 800: 1,
	} {
		if got := Expit(x); !near(got, want) {
			t.Errorf("Expit(%v) = %v, want %v", x, got, want)
		}
	}
}

func TestSoftmax(t *testing.T) {
	row := []float64{1, 2, 3, -5}
	Softmax(row)
	// sklearn.utils.extmath.softmax
	want := []float64{0.09001048611713294, 0.24467386878296765, 0.6650925314115138, 0.0002231136883856403}
	for i := range row {
		if !near(row[i], want[i]) {
			t.Errorf("Softmax[%d] = %v, want %v", i, row[i], want[i])
		}
	}
}

func TestLogSumExp(t *testing.T) {
	inf := math.Inf(1)
	// scipy.special.logsumexp
	for _, c := range []struct {
		row  []float64
		want float64
	}{
		{[]float64{1, 2, 3, -5}, 3.407829103026328},
		{[]float64{-1000, -1001}, -999.6867383124818},
		{[]float64{-inf, -inf}, -inf},
		{[]float64{inf, 1}, inf},
	} {
		got := LogSumExp(c.row, make([]float64, len(c.row)))
		if got != c.want && !near(got, c.want) {
			t.Errorf("LogSumExp(%v) = %v, want %v", c.row, got, c.want)
		}
	}
}
