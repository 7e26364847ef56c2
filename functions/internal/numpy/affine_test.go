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
