package impute

import (
	"errors"
	"math"
	"testing"

	"brine/functions/internal/frame"
	"brine/functions/internal/job"
	"brine/functions/internal/numpy"
)

// TestUnsettledNeighbours asks for the mean of the nearest training row's last
// feature, which is at different distances from the query 0.1, 0.2, NaN.
func TestUnsettledNeighbours(t *testing.T) {
	nan := math.NaN()
	for _, test := range []struct {
		name       string
		rows       []float64
		byDistance bool
		unsettled  bool
		query      []float64
		ok         bool
	}{
		{"one is nearest", []float64{0.1, 0.3, 5, 0.7, 0.7, 6}, false, true, []float64{0.1, 0.2, nan}, true},
		{"two are, by rounded products", []float64{0.1, 0.3, 5, 0.1, 0.3, 6}, false, false, []float64{0.1, 0.2, nan}, false},
		{"two are, with one value", []float64{0.1, 0.3, 5, 0.3, 0.2, 5}, false, true, []float64{0.1, 0.2, nan}, true},
		{"two are, by exact products", []float64{1, 3, 5, 3, 1, 6}, false, false, []float64{1, 1, nan}, true},
		{"two are, in new versions", []float64{1, 3, 5, 3, 1, 6}, false, true, []float64{1, 1, nan}, false},
		{"a weight of rounding", []float64{0.1, 0.2, 5, 0.7, 0.7, 6}, true, false, []float64{0.1, 0.2, nan}, false},
		{"the same without weights", []float64{0.1, 0.2, 5, 0.7, 0.7, 6}, false, false, []float64{0.1, 0.2, nan}, true},
		{"an infinite weight", []float64{1, 2, 5, 7, 7, 6}, true, false, []float64{1, 2, nan}, true},
	} {
		t.Run(test.name, func(t *testing.T) {
			imputer := &knnImputer{
				class: "KNNImputer", missing: marker{nan: true}, k: 1, byDistance: test.byDistance, unsettled: test.unsettled,
				rows: numpy.Matrix{Rows: 2, Cols: 3, Data: test.rows},
			}
			imputer.prepare()
			x := frame.New(1, nil)
			for _, v := range test.query {
				x.Cols = append(x.Cols, frame.Column{Kind: frame.Number, Num: []float64{v}})
			}
			y, err := imputer.Transform(x)
			if !test.ok {
				var e *job.Error
				if !errors.As(err, &e) || e.Row != 1 {
					t.Fatalf("the error is %v, want one of row 1", err)
				}
				return
			}
			if err != nil || y.Cols[2].Num[0] != 5 {
				t.Fatalf("got %v, %v, want 5", y, err)
			}
		})
	}
}
