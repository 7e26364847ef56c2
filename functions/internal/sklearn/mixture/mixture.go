// Package mixture has the mixtures of normal distributions of sklearn.mixture,
// which predict the component that a row most likely comes from.
package mixture

import (
	"math"

	"brine/functions/internal/frame"
	"brine/functions/internal/numpy"
	"brine/functions/internal/sklearn/estimator"
	"brine/functions/internal/sklearn/pairwise"
)

// Classes are the estimators of sklearn.mixture.
var Classes = estimator.Registry{
	"sklearn.mixture.BayesianGaussianMixture": newBayesian,
	"sklearn.mixture.GaussianMixture":         newGaussian,
}

// mixture weighs the densities of its components.
// Source: sklearn/mixture/_base.py, BaseMixture.
type mixture struct {
	name       string
	labels     *frame.Classes // the numbers of the components
	features   int
	components []density
}

// density is the logarithm of a component's weighed density.
type density struct {
	square func(row []float64) float64 // squared Mahalanobis distance
	logDet float64                     // of the Cholesky factor of the precision
	// added is what does not depend on the row beside, the weight among it.
	added float64
}

// newGaussian reads a GaussianMixture.
// Source: sklearn/mixture/_gaussian_mixture.py, GaussianMixture.
func newGaussian(o *estimator.Object) (estimator.Estimator, error) {
	m, err := newMixture(o)
	if err != nil {
		return nil, err
	}
	weights := o.Floats("weights_")
	if err := o.Err(); err != nil {
		return nil, err
	}
	if len(weights) != len(m.components) {
		return nil, o.Refuse("has %d weights for %d components", len(weights), len(m.components))
	}
	for k, w := range weights {
		m.components[k].added = numpy.Log(w)
	}
	return m, nil
}

// newMixture reads means and precisions.
func newMixture(o *estimator.Object) (*mixture, error) {
	means, kind := o.Matrix("means_"), o.Str("covariance_type")
	m := &mixture{name: o.Name(), features: o.Features()}
	factors := o.Floats("precisions_cholesky_")
	o.Double("precisions_cholesky_", "it projects its means in that precision")
	if err := o.Err(); err != nil {
		return nil, err
	}
	n, d := means.Rows, means.Cols
	if n == 0 || d != m.features || d == 0 {
		return nil, o.Refuse("has means of %d components and %d features, expected %d features", n, d, m.features)
	}
	size := map[string]int{"full": n * d * d, "tied": d * d, "diag": n * d, "spherical": n}[kind]
	if size == 0 {
		return nil, o.Refuse("covariance_type=%q is not supported", kind)
	}
	if len(factors) != size {
		return nil, o.Refuse("precisions_cholesky_ has %d numbers, expected %d", len(factors), size)
	}
	if kind == "tied" {
		factors = transposed(factors, d)
		if !o.Compute(n, d, d) {
			return nil, o.Err()
		}
	}
	numbers := make([]int64, n)
	for k := range n {
		numbers[k] = int64(k)
		part := factors
		if kind != "tied" {
			part = factors[k*(size/n) : (k+1)*(size/n)]
		}
		if kind == "full" {
			part = transposed(part, d)
		}
		m.components = append(m.components, densities[kind](means.Row(k), part))
	}
	m.labels = estimator.IntClasses(numbers...)
	return m, nil
}

// densities make a component's density from its mean and the Cholesky factor
// of its precision: the whole matrix, its diagonal, or the one number on it.
// Source: sklearn/mixture/_gaussian_mixture.py, _estimate_log_gaussian_prob
// and _compute_log_det_cholesky.
var densities = map[string]func(mean, factor []float64) density{
	"full": whole, "tied": whole, "diag": diagonal, "spherical": spherical,
}

// transposed is a square matrix column by column.
func transposed(m []float64, d int) []float64 {
	return numpy.Matrix{Rows: d, Cols: d, Data: m}.T().Data
}

// whole gets the factor column by column.
func whole(mean, factor []float64) density {
	d := len(mean)
	columns := numpy.Matrix{Rows: d, Cols: d, Data: factor}
	logs, centre := make([]float64, d), make([]float64, d)
	for j := range d {
		logs[j], centre[j] = numpy.Log(columns.At(j, j)), numpy.Dot(mean, columns.Row(j))
	}
	return density{logDet: numpy.Sum(logs), square: func(row []float64) float64 {
		var sum float64
		for j := range d {
			y := numpy.Dot(row, columns.Row(j)) - centre[j]
			sum += float64(y * y)
		}
		return sum
	}}
}

func diagonal(mean, factor []float64) density {
	d := len(mean)
	logs, precision, slope := make([]float64, d), make([]float64, d), make([]float64, d)
	var rest float64
	for j, f := range factor {
		logs[j] = numpy.Log(f)
		precision[j] = f * f
		slope[j] = mean[j] * precision[j]
		rest += float64(mean[j] * mean[j] * precision[j])
	}
	return density{logDet: numpy.Sum(logs), square: func(row []float64) float64 {
		var cross, squares float64 // fused as OpenBLAS does: large terms cancel
		for j, v := range row {
			cross = math.FMA(v, slope[j], cross)
			squares = math.FMA(v*v, precision[j], squares)
		}
		return rest - 2*cross + squares
	}}
}

func spherical(mean, factor []float64) density {
	precision := factor[0] * factor[0]
	slope := make([]float64, len(mean))
	for j, v := range mean {
		slope[j] = v * precision
	}
	rest := pairwise.ColumnNorm(mean) * precision
	return density{logDet: float64(len(mean)) * numpy.Log(factor[0]), square: func(row []float64) float64 {
		var cross float64
		for j, v := range row {
			cross = math.FMA(v, slope[j], cross)
		}
		return rest - 2*cross + float64(pairwise.ColumnNorm(row)*precision)
	}}
}

// at is the logarithm of the weighed density at a row.
func (d *density) at(row []float64) float64 {
	constant := float64(len(row)) * math.Log(2*math.Pi)
	return float64(-0.5*(constant+d.square(row))) + d.logDet + d.added
}

// Inputs implements estimator.Estimator.
func (m *mixture) Inputs() []frame.Kind { return estimator.AllNumbers(m.features) }

// Outputs implements estimator.Predictor.
func (m *mixture) Outputs() int { return 1 }

// Classes are the numbers of the components.
func (m *mixture) Classes() *frame.Classes { return m.labels }

// densities returns the weighed log-densities, a column a component.
func (m *mixture) densities(x *frame.Frame) (*frame.Frame, error) {
	if err := estimator.CheckFinite(x, m.name); err != nil {
		return nil, err
	}
	rows := estimator.RowsOf(x)
	out := make([]frame.Column, len(m.components))
	for k := range out {
		out[k] = x.NumberColumn("")
		for r := range out[k].Num {
			out[k].Num[r] = m.components[k].at(rows.Row(r))
		}
	}
	return x.With(out), nil
}

// Predict returns the likeliest component.
func (m *mixture) Predict(x *frame.Frame) ([]frame.Column, error) {
	scores, err := m.densities(x)
	if err != nil {
		return nil, err
	}
	return []frame.Column{estimator.ArgMax(scores, m.labels)}, nil
}

// PredictProba returns the share of each component in the density.
// Source: sklearn/mixture/_base.py, _estimate_log_prob_resp.
func (m *mixture) PredictProba(x *frame.Frame) (*frame.Frame, error) {
	scores, err := m.densities(x)
	if err != nil {
		return nil, err
	}
	scratch := x.Floats(len(m.components))
	estimator.EachRow(scores, func(row []float64) {
		total := numpy.LogSumExp(row, scratch)
		for k, v := range row {
			row[k] = numpy.Exp(v - total)
		}
	})
	return scores, nil
}

// ScoreSamples returns the logarithm of the density.
// Source: sklearn/mixture/_base.py, score_samples.
func (m *mixture) ScoreSamples(x *frame.Frame) (*frame.Frame, error) {
	densities, err := m.densities(x)
	if err != nil {
		return nil, err
	}
	scratch := x.Floats(len(m.components))
	estimator.EachRow(densities, func(row []float64) { row[0] = numpy.LogSumExp(row, scratch) })
	return x.With(densities.Cols[:1]), nil
}
