package xgboost

import (
	"slices"
	"testing"

	"brine/functions/internal/pickle"
	"brine/functions/internal/sklearn/estimator"
)

// TestFarCategories: sets that share their codes, or hold ones far from 0, take
// memory that the model's size must allow.
func TestFarCategories(t *testing.T) {
	const n = 1000
	for _, test := range []struct {
		codes []float64
		size  float64 // of each set
		want  error
	}{
		{slices.Repeat([]float64{7}, n), 1, nil},
		{[]float64{mostCategories - 1}, 1, errTooLarge},
		{slices.Repeat([]float64{7}, 100*n), 100 * n, errTooLarge},
	} {
		nodes := make([]float64, n)
		for i := range nodes {
			nodes[i] = float64(i)
		}
		d := map[string]any{
			"categories": test.codes, "categories_nodes": nodes,
			"categories_segments": make([]float64, n), "categories_sizes": slices.Repeat([]float64{test.size}, n),
		}
		o := estimator.NewObject(&pickle.Object{}, nil, 8*n)
		s := stored{left: make([]float64, n)}
		if err := s.readSets(o, d); err != test.want {
			t.Errorf("%d codes: %v", len(test.codes), err)
		}
	}
}
