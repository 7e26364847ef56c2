package decomposition

import (
	"math"
	"slices"
	"testing"

	"brine/functions/internal/numpy"
)

// TestPursuitByRounding: which of two atoms is taken must not hang on the last
// bits.
func TestPursuitByRounding(t *testing.T) {
	half := math.Sqrt(0.5)
	for _, test := range []struct {
		name     string
		gram     []float64 // of three atoms
		products []float64
		want     []float64 // nil if rounding decides
	}{
		{"two taken", []float64{1, 0, 0, 0, 1, 0, 0, 0, 1}, []float64{3, -2, 1}, []float64{3, -2, 0}},
		{"one is enough", []float64{1, 0.5, 0, 0.5, 1, 0, 0, 0, 1}, []float64{4, 2, 0}, []float64{4, 0, 0}},
		{"nothing to fit", []float64{1, 0, 0, 0, 1, 0, 0, 0, 1}, []float64{0, 0, 0}, []float64{0, 0, 0}},
		{"equal products", []float64{1, 0, 0, 0, 1, 0, 0, 0, 1}, []float64{2, -2, 1}, nil},
		{"a rest of rounding", []float64{1, 0.3, 0, 0.3, 1, 0, 0, 0, 1}, []float64{1e6, 3e5, 1e-8}, nil},
		{"atoms that depend", []float64{1, half, 0.9, half, half * half, 0, 0.9, 0, 1}, []float64{2, 1, 1.8}, nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			p := newPursuit(numpy.Matrix{Rows: 3, Cols: 3, Data: test.gram}, 2)
			row := slices.Clone(test.products)
			if ok := p.code(row); ok != (test.want != nil) || ok && !slices.Equal(row, test.want) {
				t.Errorf("%v becomes %v, %v; want %v", test.products, row, ok, test.want)
			}
		})
	}
}
