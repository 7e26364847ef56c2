// Package kernelridge has sklearn.kernel_ridge.KernelRidge.
package kernelridge

import (
	"math"

	"brine/functions/internal/frame"
	"brine/functions/internal/numpy"
	"brine/functions/internal/sklearn/estimator"
	"brine/functions/internal/sklearn/pairwise"
)

// Classes are the estimators of sklearn.kernel_ridge.
var Classes = estimator.Registry{
	"sklearn.kernel_ridge.KernelRidge": build,
}

// ridge is the kernels of a row with the training rows, weighed.
// Source: sklearn/kernel_ridge.py, KernelRidge.predict.
type ridge struct {
	name   string
	rows   numpy.Matrix
	coef   numpy.Matrix // outputs × training rows
	check  func(x *frame.Frame, class string) error
	kernel func(dst, q []float64)
}

func build(o *estimator.Object) (estimator.Estimator, error) {
	r := &ridge{name: o.Name(), rows: o.Dense("X_fit_"), coef: o.Matrix("dual_coef_")}
	if len(o.Array("dual_coef_").Shape) == 2 {
		r.coef = r.coef.T()
	}
	kernel, ok := o.Get("kernel").(string)
	p := pairwise.KernelParams{Gamma: math.NaN(), Degree: o.Float("degree"), Coef0: o.Float("coef0")}
	if o.Has("gamma") {
		p.Gamma = o.Float("gamma")
	}
	if err := o.Err(); err != nil {
		return nil, err
	}
	if !ok {
		return nil, o.Refuse("kernel is %s: a callable kernel needs Python", estimator.Describe(o.Get("kernel")))
	}
	if n := o.Features(); r.rows.Cols != n || r.coef.Cols != r.rows.Rows || r.coef.Rows == 0 {
		return nil, o.Refuse("its %d training rows, dual_coef_ and %d features do not fit together", r.rows.Rows, n)
	}
	r.check = estimator.CheckFinite
	if !pairwise.TakesNegative(kernel) {
		r.check = estimator.CheckNotNegative
	}
	var err error
	if r.kernel, err = pairwise.NewKernel(kernel, p, r.rows); err != nil {
		return nil, o.Refuse("%v", err)
	}
	return r, nil
}

// Inputs implements estimator.Estimator.
func (m *ridge) Inputs() []frame.Kind { return estimator.AllNumbers(m.rows.Cols) }

// Outputs implements estimator.Predictor.
func (m *ridge) Outputs() int { return m.coef.Rows }

// Predict implements estimator.Predictor.
func (m *ridge) Predict(x *frame.Frame) ([]frame.Column, error) {
	if err := m.check(x, m.name); err != nil {
		return nil, err
	}
	out := make([]frame.Column, m.coef.Rows)
	for k := range out {
		out[k] = x.NumberColumn("")
	}
	kernels, cells, n := x.Floats(m.rows.Rows), x.RowMajor(), m.rows.Cols
	for r := range x.Rows {
		m.kernel(kernels, cells[r*n:(r+1)*n])
		for k := range out {
			var err error
			if out[k].Num[r], err = estimator.Expand(kernels, m.coef.Row(k), r); err != nil {
				return nil, err
			}
		}
	}
	return out, nil
}
