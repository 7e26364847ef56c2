package numpy

import (
	"math"
	"math/rand/v2"
	"testing"
)

// TestAffine compares with sums taken one after the other, to the bit.
func TestAffine(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for _, rows := range []int{1, 5, 6, 13} {
		w := Matrix{Rows: rows, Cols: 9, Data: make([]float64, rows*9)}
		bias := make([]float64, rows)
		for i := range w.Data {
			w.Data[i] = r.NormFloat64()
			bias[i%rows] = r.NormFloat64()
		}
		x := Matrix{Rows: 3, Cols: 9, Data: make([]float64, 3*9)}
		for i := range x.Data {
			if x.Data[i] = r.NormFloat64(); i%3 == 0 {
				x.Data[i] = 0
			}
		}
		x.Data[1], x.Data[2] = math.Copysign(0, -1), math.SmallestNonzeroFloat64
		terms := Terms{Len: make([]int32, 3), At: make([]int32, 3*9), X: make([]float64, 3*9)}
		for i := range x.Rows {
			terms.Set(i, x.Row(i))
		}
		for _, b := range [][]float64{nil, bias} {
			a := NewAffine(w, b)
			got := make([]float64, 3*a.Stride())
			a.Apply(got, &terms, 3)
			for i := range 3 * rows {
				n, k := i/rows, i%rows
				var want float64
				for j, v := range x.Row(n) {
					want += float64(v * w.At(k, j))
				}
				if b != nil {
					want += b[k]
				}
				if got := got[n*a.Stride()+k]; math.Float64bits(got) != math.Float64bits(want) {
					t.Errorf("%d rows, vector %d, row %d: got %v, want %v", rows, n, k, got, want)
				}
			}
		}
	}
}

// TestSetRectified compares with Set of what is rectified before.
func TestSetRectified(t *testing.T) {
	x := []float64{1, -1, 0, math.Copysign(0, -1), math.Inf(1), math.Inf(-1), math.NaN(), math.Copysign(math.NaN(), -1), -5e-324, 5e-324}
	rectified := make([]float64, len(x))
	for i, v := range x {
		rectified[i] = max(v, 0)
	}
	terms := func() *Terms {
		return &Terms{Len: make([]int32, 2), At: make([]int32, 2*len(x)), X: make([]float64, 2*len(x))}
	}
	got, want := terms(), terms()
	got.SetRectified(1, x)
	want.Set(1, rectified)
	if got.Len[1] != want.Len[1] {
		t.Fatalf("%d terms, want %d", got.Len[1], want.Len[1])
	}
	for i := len(x); i < len(x)+int(want.Len[1]); i++ {
		if got.At[i] != want.At[i] || got.X[i] != want.X[i] && want.X[i] == want.X[i] {
			t.Errorf("term %d is %v at %d, want %v at %d", i, got.X[i], got.At[i], want.X[i], want.At[i])
		}
	}
}
