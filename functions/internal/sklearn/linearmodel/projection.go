package linearmodel

import (
	"brine/functions/internal/frame"
	"brine/functions/internal/numpy"
	"brine/functions/internal/sklearn/estimator"
)

// lda is a LinearDiscriminantAnalysis of a solver that can also project.
// Source: sklearn/discriminant_analysis.py, LinearDiscriminantAnalysis.
type lda struct {
	*prober
	mean     []float64    // xbar_; nil for the eigen solver, which does not centre
	scalings numpy.Matrix // components × features
}

func buildLDA(o *estimator.Object) (estimator.Estimator, error) {
	c, err := openClassifier(o, o.Classes("classes_"))
	if err != nil {
		return nil, err
	}
	solver := o.Str("solver")
	if err := o.Err(); err != nil {
		return nil, err
	}
	p := &prober{c, logistic}
	if c.classes.Len() > 2 {
		p.link = softmax
	}
	if solver == "lsqr" {
		return p, nil
	}
	d := &lda{prober: p, scalings: o.Matrix("scalings_").T()}
	if solver == "svd" {
		d.mean = o.Floats("xbar_")
	}
	components := o.Int("_max_components")
	if err := o.Err(); err != nil {
		return nil, err
	}
	features := c.coef.Cols
	if d.scalings.Cols != features || d.mean != nil && len(d.mean) != features || components < 0 {
		return nil, o.Refuse("scalings_ and xbar_ do not fit its %d features", features)
	}
	d.scalings.Rows = min(d.scalings.Rows, components)
	return d, nil
}

// TakesSparse says no: scikit-learn takes none either.
func (d *lda) TakesSparse() bool { return false }

func (d *lda) Transform(x *frame.Frame) (*frame.Frame, error) {
	if err := estimator.CheckFinite(x, d.class); err != nil {
		return nil, err
	}
	if d.mean != nil {
		x = estimator.Standardized(x, d.mean, nil)
	}
	return estimator.Combined(x, d.scalings), nil
}

// projection maps standardized features to components.
type projection struct {
	class       string
	mean, scale []float64
	weights     numpy.Matrix // components × features
}

func newProjection(o *estimator.Object, weights string) (*projection, error) {
	p := &projection{
		class: o.Name(), weights: o.Matrix(weights).T(),
		mean: o.Floats(either(o, "_x_mean", "x_mean_")), scale: o.Floats(either(o, "_x_std", "x_std_")),
	}
	features := o.Features()
	if err := o.Err(); err != nil {
		return nil, err
	}
	if len(p.mean) != features || len(p.scale) != features || p.weights.Cols != features {
		return nil, o.Refuse("its means, scales and %s do not fit its %d features", weights, features)
	}
	return p, nil
}

// buildPLSSVD reads a PLSSVD, which only projects.
// Source: sklearn/cross_decomposition/_pls.py, PLSSVD.transform.
func buildPLSSVD(o *estimator.Object) (estimator.Estimator, error) {
	p, err := newProjection(o, "x_weights_")
	if err != nil {
		return nil, err
	}
	return p, nil
}

func (p *projection) Inputs() []frame.Kind { return estimator.AllNumbers(p.weights.Cols) }

func (p *projection) Transform(x *frame.Frame) (*frame.Frame, error) {
	if err := estimator.CheckFinite(x, p.class); err != nil {
		return nil, err
	}
	return estimator.Combined(estimator.Standardized(x, p.mean, p.scale), p.weights), nil
}

// pls is a partial least squares regression: a linear model of standardized
// features, which also projects them.
// Source: sklearn/cross_decomposition/_pls.py, _PLS.
type pls struct {
	*linear
	projection *projection
	unscaled   bool // coef_ is already divided by the scale: from 1.5 on
}

func buildPLS(o *estimator.Object) (estimator.Estimator, error) {
	l, err := newLinear(o, plsCoef(o), o.Floats(either(o, "intercept_", "_y_mean", "y_mean_")))
	if err != nil {
		return nil, err
	}
	p, err := newProjection(o, "x_rotations_")
	if err != nil {
		return nil, err
	}
	return &pls{l, p, !o.Before(1, 5)}, nil
}

// plsCoef returns the coefficients as targets × features. Up to 1.0 they were
// kept the other way round, in 1.1 and 1.2 under another name.
func plsCoef(o *estimator.Object) numpy.Matrix {
	coef := o.Matrix(either(o, "_coef_", "coef_"))
	if o.Before(1, 1) {
		return coef.T()
	}
	return coef
}

// either returns the first of names that o has, else the last.
func either(o *estimator.Object, names ...string) string {
	for _, name := range names {
		if o.Has(name) {
			return name
		}
	}
	return names[len(names)-1]
}

// TakesSparse says no: it subtracts means.
func (m *pls) TakesSparse() bool { return false }

func (m *pls) Outputs() int { return m.coef.Rows }

func (m *pls) Predict(x *frame.Frame) ([]frame.Column, error) {
	if err := estimator.CheckFinite(x, m.class); err != nil {
		return nil, err
	}
	scale := m.projection.scale
	if m.unscaled {
		scale = nil
	}
	scores, err := m.scores(estimator.Standardized(x, m.projection.mean, scale))
	if err != nil {
		return nil, err
	}
	return scores.Cols, nil
}

func (m *pls) Transform(x *frame.Frame) (*frame.Frame, error) { return m.projection.Transform(x) }
