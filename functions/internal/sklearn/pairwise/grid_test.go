package pairwise

import (
	"math"
	"math/rand/v2"
	"testing"

	"brine/functions/internal/numpy"
)

// TestExact: sums that are said to be exact are the same in any order.
func TestExact(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	exact := 0
	for range 2000 {
		n := 1 + r.IntN(20)
		step, size := math.Ldexp(1, r.IntN(40)-20), math.Ldexp(1, r.IntN(30))
		row := func() []float64 {
			x := make([]float64, n)
			for j := range x {
				x[j] = step * math.Round(size*(2*r.Float64()-1))
			}
			return x
		}
		y, q := row(), row()
		if !GridOf(y).Exact(GridOf(q), n) {
			continue
		}
		exact++
		var up, down float64
		for j := range q {
			up += q[j]*q[j] - 2*q[j]*y[j] + y[j]*y[j]
			i := n - 1 - j
			down += (q[i] - y[i]) * (q[i] - y[i])
		}
		rank, rows := []float64{0}, numpy.Matrix{Rows: 1, Cols: n, Data: y}
		SquaredEuclidean(rank, q, SquaredNorm(q), rows, Norms(rows, SquaredNorm))
		if rank[0] != up || rank[0] != down {
			t.Fatalf("%v of %v: %v, %v and %v", q, y, rank[0], up, down)
		}
	}
	if exact < 200 {
		t.Errorf("%d of 2000 are exact", exact)
	}
}
