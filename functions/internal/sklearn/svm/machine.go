// Package svm has the support vector machines of libsvm: SVC, NuSVC, SVR, NuSVR
// and OneClassSVM, fitted on dense or sparse tables.
package svm

import (
	"brine/functions/internal/frame"
	"brine/functions/internal/numpy"
	"brine/functions/internal/sklearn/estimator"
)

// Classes are the builders of this family.
var Classes = estimator.Registry{
	"sklearn.svm.NuSVC":       buildClassifier,
	"sklearn.svm.NuSVR":       buildRegressor,
	"sklearn.svm.OneClassSVM": buildOutlier,
	"sklearn.svm.SVC":         buildClassifier,
	"sklearn.svm.SVR":         buildRegressor,
}

// machine is what the five have in common: kernels with the support vectors,
// weighted and shifted.
type machine struct {
	class     string
	features  int
	kernel    kernel
	vectors   numpy.Matrix // support vectors × features
	coef      numpy.Matrix // (classes-1, or 1) × support vectors
	intercept []float64    // one a decision
}

func openMachine(o *estimator.Object) (*machine, error) {
	k, err := openKernel(o)
	if err != nil {
		return nil, err
	}
	m := &machine{
		class:     o.Name(),
		features:  o.Features(),
		kernel:    k,
		vectors:   o.Dense("support_vectors_"),
		coef:      o.Dense("_dual_coef_"),
		intercept: o.Floats("_intercept_"),
	}
	if err := o.Err(); err != nil {
		return nil, err
	}
	if m.vectors.Cols != m.features || m.coef.Cols != m.vectors.Rows {
		return nil, o.Refuse("support_vectors_ and _dual_coef_ of shapes (%d, %d) and (%d, %d) do not fit %d features",
			m.vectors.Rows, m.vectors.Cols, m.coef.Rows, m.coef.Cols, m.features)
	}
	return m, nil
}

// openSingle is for the machines of one decision.
func openSingle(o *estimator.Object) (*machine, error) {
	m, err := openMachine(o)
	if err != nil {
		return nil, err
	}
	if m.coef.Rows != 1 || len(m.intercept) != 1 {
		return nil, o.Refuse("has %d rows of coefficients and %d intercepts, want one of each", m.coef.Rows, len(m.intercept))
	}
	return m, nil
}

func (m *machine) Inputs() []frame.Kind { return estimator.AllNumbers(m.features) }

// eachRow calls do with each row.
func (m *machine) eachRow(x *frame.Frame, do func(r int, row []float64)) error {
	if err := estimator.CheckFinite(x, m.class); err != nil {
		return err
	}
	rows := numpy.Matrix{Rows: x.Rows, Cols: m.features, Data: x.RowMajor()}
	for r := range x.Rows {
		do(r, rows.Row(r))
	}
	return nil
}

// kernels fills dst with the kernels of a row and all support vectors.
func (m *machine) kernels(dst, row []float64) {
	for i := range dst {
		dst[i] = m.kernel(row, m.vectors.Row(i))
	}
}

// weigh adds coef·kernel to s, vector by vector.
// Source: svm.cpp, svm_predict_values.
func weigh(s float64, coef, kernels []float64) float64 {
	for i, c := range coef {
		s += float64(c * kernels[i])
	}
	return s
}

// single returns the one decision of each row.
func (m *machine) single(x *frame.Frame) (frame.Column, error) {
	out := x.NumberColumn("")
	coef, kernels := m.coef.Row(0), x.Floats(m.vectors.Rows)
	err := m.eachRow(x, func(r int, row []float64) {
		m.kernels(kernels, row)
		out.Num[r] = weigh(0, coef, kernels) + m.intercept[0]
	})
	return out, err
}

type regressor struct{ *machine }

func buildRegressor(o *estimator.Object) (estimator.Estimator, error) {
	m, err := openSingle(o)
	if err != nil {
		return nil, err
	}
	return regressor{m}, nil
}

func (m regressor) Outputs() int { return 1 }

func (m regressor) Predict(x *frame.Frame) ([]frame.Column, error) {
	out, err := m.single(x)
	if err != nil {
		return nil, err
	}
	return []frame.Column{out}, nil
}

// outlier labels a row 1 where its decision is positive, else -1.
type outlier struct {
	*machine
	classes *frame.Classes
	offset  float64
}

func buildOutlier(o *estimator.Object) (estimator.Estimator, error) {
	m, err := openSingle(o)
	if err != nil {
		return nil, err
	}
	return &outlier{machine: m, classes: estimator.IntClasses(-1, 1), offset: o.Float("offset_")}, o.Err()
}

func (d *outlier) Outputs() int { return 1 }

func (d *outlier) Decision(x *frame.Frame) (*frame.Frame, error) {
	out, err := d.single(x)
	if err != nil {
		return nil, err
	}
	return x.With([]frame.Column{out}), nil
}

// ScoreSamples implements estimator.Scorer.
func (d *outlier) ScoreSamples(x *frame.Frame) (*frame.Frame, error) {
	decisions, err := d.Decision(x)
	if err != nil {
		return nil, err
	}
	return estimator.Shift(decisions, d.offset), nil
}

func (d *outlier) Predict(x *frame.Frame) ([]frame.Column, error) {
	out, err := d.single(x)
	if err != nil {
		return nil, err
	}
	return []frame.Column{estimator.Over(0, x, out.Num, d.classes)}, nil
}
