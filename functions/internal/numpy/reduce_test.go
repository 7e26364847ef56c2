package numpy

import (
	"math"
	"testing"
)

// recipe returns n numbers that numpy makes alike:
// (numpy.arange(n) * 7919.0 % 1009) * 0.1 - 30.
func recipe(n int) []float64 {
	x := make([]float64, n)
	for i := range x {
		x[i] = float64(math.Mod(float64(i)*7919, 1009)*0.1) - 30
	}
	return x
}

func TestSumIsNumpys(t *testing.T) {
	// numpy.sum of the recipe; from 128 on it differs from a plain sum.
	want := map[int]float64{
		0: 0, 1: -0x1.ep+4, 7: 0x1.2866666666668p+6, 8: 0x1.159999999999ap+7, 9: 0x1.7866666666667p+7,
		127: 0x1.48p+11, 128: 0x1.4d9cccccccccep+11, 129: 0x1.515p+11,
		1000: 0x1.3fcf333333334p+14, 4097: 0x1.467e99999999ap+16,
	}
	for n, w := range want {
		if got := Sum(recipe(n)); got != w {
			t.Errorf("Sum of %d numbers = %x, want %x", n, got, w)
		}
	}
}

func TestDot(t *testing.T) {
	for _, n := range []int{0, 1, 3, 4, 5, 8, 101} {
		a, b := make([]float64, n), make([]float64, n)
		var want float64
		for i := range a {
			a[i], b[i] = float64(i), float64(2*i-7)
			want += a[i] * b[i]
		}
		if got := Dot(a, b); got != want {
			t.Errorf("Dot of %d whole numbers = %v, want %v", n, got, want)
		}
	}
}

func TestCombineAddsInOrder(t *testing.T) {
	x := recipe(7 * 13)
	for width := range 8 {
		columns, weights := make([][]float64, width), recipe(width)
		for c := range columns {
			columns[c] = x[c*13 : (c+1)*13]
		}
		all := make([]float64, 13)
		Combine(all, columns, weights)
		for r, got := range all {
			var want float64
			for c := range columns {
				want += float64(columns[c][r] * weights[c])
			}
			if got != want {
				t.Errorf("row %d of %d columns = %v, want %v", r, width, got, want)
			}
		}
	}
}

func TestArgMax(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(1)
	for _, c := range []struct {
		x    []float64
		want int
	}{
		{[]float64{3}, 0},
		{[]float64{1, 3, 2}, 1},
		{[]float64{1, 3, 3}, 1},
		{[]float64{-inf, -inf}, 0},
		{[]float64{1, nan, inf}, 1},
		{[]float64{nan, nan, 5}, 0},
	} {
		if got := ArgMax(c.x); got != c.want {
			t.Errorf("ArgMax(%v) = %d, want %d", c.x, got, c.want)
		}
	}
}
