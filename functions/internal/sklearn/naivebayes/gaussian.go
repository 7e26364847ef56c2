package naivebayes

import (
	"math"

	"brine/functions/internal/frame"
	"brine/functions/internal/numpy"
	"brine/functions/internal/sklearn/estimator"
)

// gaussian is a normal density a class and feature.
type gaussian struct {
	mean, variance numpy.Matrix // classes × features
	logPrior       []float64
	logScale       []float64 // -½ Σ log(2π·variance) of each class
}

func buildGaussian(o *estimator.Object) (estimator.Estimator, error) {
	c, err := open(o)
	if err != nil {
		return nil, err
	}
	variance := "var_"
	if !o.Has(variance) {
		variance = "sigma_" // up to 0.24
	}
	g := &gaussian{mean: o.Matrix("theta_"), variance: o.Matrix(variance)}
	prior := o.Floats("class_prior_")
	o.Double(variance, "it takes logarithms in that precision")
	if err := o.Err(); err != nil {
		return nil, err
	}
	n := c.classes.Len()
	for _, m := range []numpy.Matrix{g.mean, g.variance} {
		if m.Rows != n || m.Cols != c.features || len(prior) != n {
			return nil, o.Refuse("theta_, var_ and class_prior_ do not fit %d classes of %d features", n, c.features)
		}
	}
	logs := make([]float64, c.features)
	for k, p := range prior {
		for f, v := range g.variance.Row(k) {
			logs[f] = math.Log(2 * math.Pi * v)
		}
		g.logPrior = append(g.logPrior, math.Log(p))
		g.logScale = append(g.logScale, -0.5*numpy.Sum(logs))
	}
	c.likelihood = g.likelihood
	return c, nil
}

// likelihood adds the squares up feature by feature: numpy's order for the
// column-major array that a table of more than one row is.
// Source: sklearn/naive_bayes.py, GaussianNB._joint_log_likelihood.
func (g *gaussian) likelihood(x *frame.Frame, joint []frame.Column) error {
	for k, out := range joint {
		mean, variance := g.mean.Row(k), g.variance.Row(k)
		for f := range x.Cols {
			m, s := mean[f], variance[f]
			for r, v := range x.Cols[f].Num {
				d := v - m
				out.Num[r] += float64(d*d) / s
			}
		}
		for r, sum := range out.Num {
			out.Num[r] = g.logPrior[k] + (g.logScale[k] - float64(0.5*sum))
		}
	}
	return nil
}
