package decomposition

import (
	"math"

	"brine/functions/internal/frame"
	"brine/functions/internal/numpy"
	"brine/functions/internal/sklearn/estimator"
	"brine/functions/internal/sklearn/pairwise"
)

// kernelPCA projects the centred kernels of a row with the training rows.
// Source: sklearn/decomposition/_kernel_pca.py, KernelPCA.transform.
type kernelPCA struct {
	name       string
	rows       numpy.Matrix
	fill       func(dst, q []float64)
	projection *KernelProjection
	check      func(x *frame.Frame, class string) error
}

func newKernelPCA(o *estimator.Object) (estimator.Estimator, error) {
	m := &kernelPCA{name: o.Name(), rows: o.Dense("X_fit_"), check: estimator.CheckFinite}
	kernel, ok := o.Get("kernel").(string)
	params, features := kernelParams(o), o.Features()
	if err := o.Err(); err != nil {
		return nil, err
	}
	if !ok {
		return nil, o.Refuse("kernel is %s: a callable kernel needs Python", estimator.Describe(o.Get("kernel")))
	}
	if m.rows.Cols != features {
		return nil, o.Refuse("its training rows do not fit its %d features", features)
	}
	var err error
	if m.projection, err = NewKernelProjection(o, m.rows.Rows); err != nil {
		return nil, err
	}
	if !pairwise.TakesNegative(kernel) {
		m.check = estimator.CheckNotNegative
	}
	if m.fill, err = pairwise.NewKernel(kernel, params, m.rows); err != nil {
		return nil, o.Refuse("%v", err)
	}
	return m, nil
}

func kernelParams(o *estimator.Object) pairwise.KernelParams {
	p := pairwise.KernelParams{Gamma: math.NaN(), Degree: o.Float("degree"), Coef0: o.Float("coef0")}
	if o.Has("gamma") {
		p.Gamma = o.Float("gamma")
	}
	if o.Has("gamma_") {
		p.Gamma = o.Float("gamma_")
	}
	return p
}

// Inputs implements estimator.Estimator.
func (m *kernelPCA) Inputs() []frame.Kind { return estimator.AllNumbers(m.rows.Cols) }

// Transform implements estimator.Transformer.
func (m *kernelPCA) Transform(x *frame.Frame) (*frame.Frame, error) {
	if err := m.check(x, m.name); err != nil {
		return nil, err
	}
	n := m.projection.Components()
	rows, kernels, out := estimator.RowsOf(x), x.Floats(m.rows.Rows), x.Floats(x.Rows*n)
	for r := range x.Rows {
		m.fill(kernels, rows.Row(r))
		m.projection.Project(out[r*n:(r+1)*n], kernels)
	}
	return x.Numbers(out, n), nil
}
