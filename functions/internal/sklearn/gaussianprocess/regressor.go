// Package gaussianprocess has the regressor and the classifier of
// sklearn.gaussian_process.
package gaussianprocess

import (
	"slices"

	"brine/functions/internal/frame"
	"brine/functions/internal/numpy"
	"brine/functions/internal/sklearn/estimator"
)

// Classes are the estimators of sklearn.gaussian_process.
var Classes = estimator.Registry{
	"sklearn.gaussian_process.GaussianProcessClassifier":               newClassifier,
	"sklearn.gaussian_process.GaussianProcessRegressor":                newRegressor,
	"sklearn.gaussian_process._BinaryGaussianProcessClassifierLaplace": newBinary,
}

// process is the covariances of a row with the training rows.
type process struct {
	name   string
	rows   numpy.Matrix // X_train_
	kernel kernel
}

// newProcess refuses training rows of float32: numpy before version 2 divides
// them by a length scale in that precision, and a model does not say which
// numpy it was made with.
// Source: sklearn/gaussian_process/kernels.py, RBF.__call__.
func newProcess(o *estimator.Object) (process, error) {
	p := process{name: o.Name(), rows: o.Matrix("X_train_")}
	k := o.Object("kernel_")
	o.Double("X_train_", "it scales its training rows in that precision")
	if err := o.Err(); err != nil {
		return p, err
	}
	if p.rows.Rows == 0 || p.rows.Cols == 0 {
		return p, o.Refuse("has no training rows")
	}
	var err error
	p.kernel, err = newKernel(k, p.rows)
	return p, err
}

// Inputs implements estimator.Estimator.
func (p *process) Inputs() []frame.Kind { return estimator.AllNumbers(p.rows.Cols) }

// fill sets dst to the covariances of q with the training rows.
func (p *process) fill(dst, q []float64) {
	for i := range dst {
		dst[i] = p.kernel.of(q, p.rows.Row(i))
	}
}

// regressor is the mean of the process given the training rows.
// Source: sklearn/gaussian_process/_gpr.py, GaussianProcessRegressor.predict.
type regressor struct {
	process
	alpha     numpy.Matrix // outputs × training rows
	mean, std []float64    // of the training targets
}

func newRegressor(o *estimator.Object) (estimator.Estimator, error) {
	p, err := newProcess(o)
	if err != nil {
		return nil, err
	}
	m := &regressor{process: p, alpha: o.Matrix("alpha_"), mean: o.Floats("_y_train_mean"), std: o.Floats("_y_train_std")}
	if len(o.Array("alpha_").Shape) == 2 {
		m.alpha = m.alpha.T()
	}
	if err := o.Err(); err != nil {
		return nil, err
	}
	if o.Before(1, 1) && len(m.mean) == 1 && len(m.std) == 1 { // unless normalize_y, one for all outputs
		m.mean, m.std = slices.Repeat(m.mean, m.alpha.Rows), slices.Repeat(m.std, m.alpha.Rows)
	}
	if n := m.alpha.Rows; n == 0 || m.alpha.Cols != p.rows.Rows || len(m.mean) != n || len(m.std) != n {
		return nil, o.Refuse("alpha_ and the means of its targets do not fit its %d training rows", p.rows.Rows)
	}
	return m, nil
}

// Outputs implements estimator.Predictor.
func (m *regressor) Outputs() int { return m.alpha.Rows }

// Predict implements estimator.Predictor.
func (m *regressor) Predict(x *frame.Frame) ([]frame.Column, error) {
	if err := estimator.CheckFinite(x, m.name); err != nil {
		return nil, err
	}
	out := make([]frame.Column, m.alpha.Rows)
	for k := range out {
		out[k] = x.NumberColumn("")
	}
	rows, covariances := estimator.RowsOf(x), x.Floats(m.rows.Rows)
	for r := range x.Rows {
		m.fill(covariances, rows.Row(r))
		for k := range out {
			mean, err := estimator.Expand(covariances, m.alpha.Row(k), r)
			if err != nil {
				return nil, err
			}
			out[k].Num[r] = float64(m.std[k]*mean) + m.mean[k]
		}
	}
	return out, nil
}
