package mixture

import (
	"math"

	"brine/functions/internal/numpy"
	"brine/functions/internal/sklearn/estimator"
)

// newBayesian reads a BayesianGaussianMixture: the expected log-density under
// what it knows of weights and precisions.
// Source: sklearn/mixture/_bayesian_mixture.py, _estimate_log_prob.
func newBayesian(o *estimator.Object) (estimator.Estimator, error) {
	m, err := newMixture(o)
	if err != nil {
		return nil, err
	}
	n, d := len(m.components), float64(m.features)
	weights, err := logWeights(o, n)
	if err != nil {
		return nil, err
	}
	freedom, sharpness := o.Floats("degrees_of_freedom_"), o.Floats("mean_precision_")
	if err := o.Err(); err != nil {
		return nil, err
	}
	if len(freedom) == 1 { // one covariance for all
		freedom = repeat(freedom[0], n)
	}
	if len(freedom) != n || len(sharpness) != n {
		return nil, o.Refuse("degrees_of_freedom_ and mean_precision_ do not fit its %d components", n)
	}
	for k := range m.components {
		logLambda := d * math.Log(2)
		for j := range m.features {
			logLambda += digamma(0.5 * (freedom[k] - float64(j)))
		}
		m.components[k].added = weights[k] - 0.5*d*numpy.Log(freedom[k]) + 0.5*(logLambda-d/sharpness[k])
	}
	return m, nil
}

func repeat(v float64, n int) []float64 {
	out := make([]float64, n)
	for i := range out {
		out[i] = v
	}
	return out
}

// logWeights are the expected logarithms of the weights.
// Source: sklearn/mixture/_bayesian_mixture.py, _estimate_log_weights.
func logWeights(o *estimator.Object, n int) ([]float64, error) {
	kind := o.Str("weight_concentration_prior_type")
	if err := o.Err(); err != nil {
		return nil, err
	}
	switch kind {
	case "dirichlet_process":
		ab := o.Matrices("weight_concentration_")
		if err := o.Err(); err != nil {
			return nil, err
		}
		if len(ab) != 2 || len(ab[0].Data) != n || len(ab[1].Data) != n {
			return nil, o.Refuse("weight_concentration_ does not fit its %d components", n)
		}
		return stickLogs(ab[0].Data, ab[1].Data), nil
	case "dirichlet_distribution":
		c := o.Floats("weight_concentration_")
		if err := o.Err(); err != nil {
			return nil, err
		}
		if len(c) != n {
			return nil, o.Refuse("weight_concentration_ does not fit its %d components", n)
		}
		return dirichletLogs(c), nil
	}
	return nil, o.Refuse("weight_concentration_prior_type=%q is not supported", kind)
}

// stickLogs are those of a stick broken at places that are Beta(a, b).
func stickLogs(a, b []float64) []float64 {
	out := make([]float64, len(a))
	var rest float64 // of the stick that is left
	for k := range out {
		sum := digamma(a[k] + b[k])
		out[k] = digamma(a[k]) - sum + rest
		rest += digamma(b[k]) - sum
	}
	return out
}

func dirichletLogs(c []float64) []float64 {
	out := make([]float64, len(c))
	total := digamma(numpy.Sum(c))
	for k := range out {
		out[k] = digamma(c[k]) - total
	}
	return out
}

// digamma is the derivative of the logarithm of the gamma function, of x > 0:
// ψ(x) = ψ(x+1) - 1/x up to where its asymptotic series is exact.
// Source: Abramowitz and Stegun, 6.3.5 and 6.3.18.
func digamma(x float64) float64 {
	if !(x > 0) {
		return math.NaN()
	}
	var below float64
	for ; x < 10; x++ {
		below += 1 / x
	}
	z := 1 / (x * x)
	series := z * (1.0/12 - z*(1.0/120-z*(1.0/252-z*(1.0/240-z*(1.0/132-z*(691.0/32760-z*(1.0/12)))))))
	return math.Log(x) - 0.5/x - series - below
}
