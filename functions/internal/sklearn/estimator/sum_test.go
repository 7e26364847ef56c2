package estimator

import (
	"errors"
	"math"
	"testing"

	"brine/functions/internal/job"
)

func TestExpand(t *testing.T) {
	for name, test := range map[string]struct {
		kernels, coef []float64
		want          float64
		refused       bool
	}{
		"no cancelling":        {[]float64{1, 2}, []float64{3, 4}, 11, false},
		"cancelling":           {[]float64{1e8, 1e8}, []float64{1, -0.99999999}, 1, false},
		"nothing left":         {[]float64{1e11, 1e11, 1}, []float64{1, -1, 1}, 1, true},
		"large and near":       {[]float64{1e15, 1e15}, []float64{1, 1}, 2e15, false},
		"zeros":                {[]float64{0, 0}, []float64{1, 1}, 0, false},
		"small beside an unit": {[]float64{1e8, 1e8}, []float64{1, -1}, 0, false},
	} {
		got, err := Expand(test.kernels, test.coef, 6)
		var e *job.Error
		if test.refused {
			if !errors.As(err, &e) || e.Row != 7 {
				t.Errorf("%s: the error is %v, want one of row 7", name, err)
			}
			continue
		}
		if err != nil || math.Abs(got-test.want) > 1e-7 {
			t.Errorf("%s is %v (%v), want %v", name, got, err, test.want)
		}
	}
}
