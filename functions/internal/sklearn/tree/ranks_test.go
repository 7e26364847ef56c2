package tree

import (
	"math"
	"math/rand/v2"
	"slices"
	"sort"
	"testing"
)

// TestRanks: a rank is what a binary search finds, for every number of keys, of
// values at them, a step beside them and far away, however many are asked for.
func TestRanks(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 5))
	for size := range 300 {
		cuts := make([]float64, size)
		for i := range cuts {
			cuts[i] = float64(float32(rng.NormFloat64()))
		}
		slices.Sort(cuts)
		cuts = slices.Compact(cuts)
		keys := make([]uint64, len(cuts))
		values := []float64{math.Inf(-1), -math.MaxFloat64, math.Copysign(0, -1), 0, math.MaxFloat64, math.Inf(1), math.NaN()}
		for i, c := range cuts {
			keys[i] = key64(c)
			values = append(values, math.Nextafter(c, math.Inf(-1)), c, math.Nextafter(c, math.Inf(1)))
		}
		values = values[:len(values)-rng.IntN(4)]
		r := newRanks(keys)
		for _, to := range []cast{left, right} {
			for _, single := range []bool{false, true} {
				const width = 3
				out := make([]uint32, width*len(values))
				r.number(values, to, single, 7, out, width)
				for i, v := range values {
					want := len(cuts)
					switch {
					case v != v && to == left:
						want = 0
					case single:
						want = sort.SearchFloat64s(cuts, float64(float32(v)))
					case v == v:
						want = sort.SearchFloat64s(cuts, v)
					}
					if v == v && int(r.of(key64(v))) != sort.SearchFloat64s(cuts, v) || int(out[i*width]) != 7+want {
						t.Fatalf("%d keys: %v (rounded: %v, cast %d) has the rank %d, want %d", len(cuts), v, single, to, out[i*width]-7, want)
					}
				}
			}
		}
	}
}
