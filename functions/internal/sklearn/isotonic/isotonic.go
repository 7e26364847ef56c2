// Package isotonic has sklearn.isotonic.IsotonicRegression.
package isotonic

import (
	"math"
	"sort"

	"brine/functions/internal/frame"
	"brine/functions/internal/job"
	"brine/functions/internal/sklearn/estimator"
)

// Classes are the estimators of sklearn.isotonic.
var Classes = estimator.Registry{
	"sklearn.isotonic.IsotonicRegression": build,
}

// Regression interpolates between thresholds of its one feature.
// Source: sklearn/isotonic.py, IsotonicRegression._transform.
type Regression struct {
	x, y     []float64 // thresholds, ascending, and the answer at each
	bounds   string    // what to do beyond the thresholds: nan, clip or raise
	min, max float64   // what clip clips to
}

func build(o *estimator.Object) (estimator.Estimator, error) {
	m, err := New(o)
	if err != nil {
		return nil, err
	}
	return m, nil
}

// New reads a fitted IsotonicRegression.
func New(o *estimator.Object) (*Regression, error) {
	m := &Regression{
		x: o.Floats("X_thresholds_"), y: o.Floats("y_thresholds_"),
		bounds: o.Str("out_of_bounds"), min: o.Float("X_min_"), max: o.Float("X_max_"),
	}
	o.Double("X_thresholds_", "it answers in that precision")
	if err := o.Err(); err != nil {
		return nil, err
	}
	if len(m.x) == 0 || len(m.x) != len(m.y) || !sort.Float64sAreSorted(m.x) {
		return nil, o.Refuse("its thresholds do not fit together")
	}
	switch m.bounds {
	case "nan", "clip", "raise":
		return m, nil
	}
	return nil, o.Refuse("out_of_bounds=%q is not supported", m.bounds)
}

// Inputs is one number.
func (m *Regression) Inputs() []frame.Kind { return estimator.AllNumbers(1) }

// Outputs is 1.
func (m *Regression) Outputs() int { return 1 }

// Predict interpolates. Beyond the thresholds it answers NaN, the outermost
// answer or an error, as out_of_bounds says.
func (m *Regression) Predict(x *frame.Frame) ([]frame.Column, error) {
	if err := estimator.CheckFinite(x, "IsotonicRegression"); err != nil {
		return nil, err
	}
	out := x.NumberColumn("")
	for r, v := range x.Cols[0].Num {
		if m.bounds == "raise" && len(m.x) > 1 && (v < m.x[0] || v > m.x[len(m.x)-1]) {
			e := job.Invalid("IsotonicRegression answers only from %v to %v", m.x[0], m.x[len(m.x)-1]).
				WithHint(`Fit with out_of_bounds="clip", or leave such rows out`)
			e.Row, e.Column = int64(r)+1, x.Cols[0].Name
			return nil, e
		}
		out.Num[r] = m.At(v)
	}
	return []frame.Column{out}, nil
}

// At is the answer at v, NaN where there is none.
// Source: numpy/core/src/multiarray/compiled_base.c, arr_interp, by way of
// scipy.interpolate.interp1d.
func (m *Regression) At(v float64) float64 {
	last := len(m.x) - 1
	if m.bounds == "clip" {
		v = min(max(v, m.min), m.max)
	}
	if last == 0 {
		return m.y[0]
	}
	if !(v >= m.x[0] && v <= m.x[last]) {
		return math.NaN()
	}
	j := sort.Search(len(m.x), func(i int) bool { return m.x[i] > v }) - 1
	if j == last || m.x[j] == v {
		return m.y[j]
	}
	slope := (m.y[j+1] - m.y[j]) / (m.x[j+1] - m.x[j])
	return float64(slope*(v-m.x[j])) + m.y[j]
}
