package gaussianprocess

import (
	"math"

	"brine/functions/internal/frame"
	"brine/functions/internal/numpy"
	"brine/functions/internal/sklearn/estimator"
)

// newClassifier is the binary classifier, or those of several classes one
// against the rest or one against another; the latter have no more than predict.
// Source: sklearn/gaussian_process/_gpc.py, GaussianProcessClassifier.
func newClassifier(o *estimator.Object) (estimator.Estimator, error) {
	e, err := o.Build("base_estimator_")
	if err != nil {
		return nil, err
	}
	c, ok := e.(estimator.Classifier)
	if !ok {
		return nil, o.Refuse("its base_estimator_ is no classifier")
	}
	if _, ok := e.(estimator.Prober); ok {
		return e, nil
	}
	return struct{ estimator.Classifier }{c}, nil
}

// binary is the Laplace approximation of the posterior.
// Source: sklearn/gaussian_process/_gpc.py, _BinaryGaussianProcessClassifierLaplace.
type binary struct {
	process
	classes *frame.Classes
	gain    []float64    // y_train_ - pi_
	root    []float64    // W_sr_
	factor  numpy.Matrix // L_, lower triangular
}

func newBinary(o *estimator.Object) (estimator.Estimator, error) {
	p, err := newProcess(o)
	if err != nil {
		return nil, err
	}
	c := &binary{process: p, classes: o.Classes("classes_"), gain: o.Floats("y_train_"), root: o.Floats("W_sr_"), factor: o.Matrix("L_")}
	probability := o.Floats("pi_")
	if err := o.Err(); err != nil {
		return nil, err
	}
	n := p.rows.Rows
	if c.classes.Len() != 2 || len(c.gain) != n || len(probability) != n || len(c.root) != n || c.factor.Rows != n || c.factor.Cols != n {
		return nil, o.Refuse("its attributes do not fit its %d training rows and two classes", n)
	}
	for i, v := range probability {
		c.gain[i] -= v
	}
	return c, nil
}

// Outputs implements estimator.Predictor.
func (c *binary) Outputs() int { return 1 }

// Classes implements estimator.Classifier.
func (c *binary) Classes() *frame.Classes { return c.classes }

// Predict implements estimator.Predictor.
func (c *binary) Predict(x *frame.Frame) ([]frame.Column, error) {
	mode := x.Floats(x.Rows)
	if err := c.each(x, func(r int, _, covariances []float64) { mode[r] = numpy.Dot(covariances, c.gain) }); err != nil {
		return nil, err
	}
	return []frame.Column{estimator.Over(0, x, mode, c.classes)}, nil
}

// PredictProba implements estimator.Prober.
func (c *binary) PredictProba(x *frame.Frame) (*frame.Frame, error) {
	out, v := x.NumberColumn(""), x.Floats(c.rows.Rows)
	err := c.each(x, func(r int, row, covariances []float64) {
		out.Num[r] = averaged(numpy.Dot(covariances, c.gain), c.kernel.self(row)-c.explained(v, covariances))
	})
	if err != nil {
		return nil, err
	}
	return estimator.WithComplement(x.With([]frame.Column{out})), nil
}

// each shows every row and its covariances with the training rows.
func (c *binary) each(x *frame.Frame, do func(r int, row, covariances []float64)) error {
	if err := estimator.CheckFinite(x, "GaussianProcessClassifier"); err != nil {
		return err
	}
	rows, covariances := estimator.RowsOf(x), x.Floats(c.rows.Rows)
	for r := range x.Rows {
		row := rows.Row(r)
		c.fill(covariances, row)
		do(r, row, covariances)
	}
	return nil
}

// explained is ‖v‖² with L v = W_sr · covariances.
func (c *binary) explained(v, covariances []float64) float64 {
	var sum float64
	for i, k := range covariances {
		v[i] = (c.root[i]*k - numpy.Dot(c.factor.Row(i)[:i], v[:i])) / c.factor.At(i, i)
		sum += float64(v[i] * v[i])
	}
	return sum
}

// The logistic function as a sum of five error functions.
// Source: Williams and Barber, Bayesian Classification with Gaussian
// Processes, appendix A; sklearn/gaussian_process/_gpc.py, LAMBDAS and COEFS.
var (
	lambdas = [...]float64{0.41, 0.4, 0.37, 0.44, 0.39}
	coefs   = [...]float64{-1854.8214151, 3516.89893646, 221.29346712, 128.12323805, -2010.49422654}
)

// averaged is the mean of the logistic function over a normal distribution.
func averaged(mean, variance float64) float64 {
	alpha := 1 / (2 * variance)
	var sum, total float64
	for i, lambda := range lambdas {
		integral := math.Sqrt(math.Pi/alpha) * math.Erf(lambda*mean*math.Sqrt(alpha/(alpha+lambda*lambda))) /
			(2 * math.Sqrt(variance*2*math.Pi))
		sum += float64(coefs[i] * integral)
		total += coefs[i]
	}
	return sum + float64(0.5*total)
}
