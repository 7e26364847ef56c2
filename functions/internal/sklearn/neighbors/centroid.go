package neighbors

import (
	"math"
	"slices"

	"brine/functions/internal/frame"
	"brine/functions/internal/numpy"
	"brine/functions/internal/sklearn/estimator"
	"brine/functions/internal/sklearn/pairwise"
)

// centroid is a NearestCentroid.
// Source: sklearn/neighbors/_nearest_centroid.py.
type centroid struct {
	name    string
	centres numpy.Matrix
	classes *frame.Classes
	ranks   func(dst, q []float64)
}

// newNearestCentroid returns a classifier that from scikit-learn 1.6 on also
// has probabilities, if its metric is Euclidean.
func newNearestCentroid(o *estimator.Object) (estimator.Estimator, error) {
	c, err := newCentroid(o)
	if err != nil || !o.Has("class_prior_") {
		return c, err
	}
	prior := o.Floats("class_prior_")
	if o.Err() == nil && len(prior) != c.classes.Len() {
		o.Fail("class_prior_", "has %d values for %d classes", len(prior), c.classes.Len())
	}
	if err := o.Err(); err != nil {
		return nil, err
	}
	if o.Get("metric") == "euclidean" {
		return newNormal(o, c, prior)
	}
	if !uniform(prior) {
		return nil, o.Refuse("priors that differ are supported for the Euclidean metric only")
	}
	return c, nil
}

// uniform is numpy.isclose of every prior and their mean.
func uniform(prior []float64) bool {
	mean := 1 / float64(len(prior))
	return !slices.ContainsFunc(prior, func(p float64) bool { return !(math.Abs(p-mean) <= 1e-8+float64(1e-5*mean)) })
}

func newCentroid(o *estimator.Object) (*centroid, error) {
	c := &centroid{name: o.Name(), centres: o.Matrix("centroids_"), classes: o.Classes("classes_")}
	features := o.Features()
	metric, ok := o.Get("metric").(string)
	if err := o.Err(); err != nil {
		return nil, err
	}
	if !ok {
		return nil, o.Refuse("metric is %s: a function of the user's needs Python", estimator.Describe(o.Get("metric")))
	}
	if c.centres.Rows == 0 || c.centres.Rows != c.classes.Len() || c.centres.Cols != features {
		return nil, o.Refuse("centroids_ is %d × %d, with %d classes and %d features",
			c.centres.Rows, c.centres.Cols, c.classes.Len(), features)
	}
	switch metric {
	case "euclidean":
		norms := pairwise.Norms(c.centres, pairwise.RowNorm)
		c.ranks = func(dst, q []float64) {
			pairwise.SquaredEuclidean(dst, q, pairwise.ColumnNorm(q), c.centres, norms)
		}
	case "manhattan":
		m, err := pairwise.NewMetric(metric, pairwise.Params{}, features)
		if err != nil {
			return nil, o.Refuse("%v", err)
		}
		c.ranks = func(dst, q []float64) {
			for i := range dst {
				dst[i] = m.Rank(q, c.centres.Row(i))
			}
		}
	default:
		return nil, o.Refuse("metric %q is not supported; scikit-learn has deprecated it here", metric).
			WithHint("Fit with metric=\"euclidean\" or \"manhattan\"")
	}
	return c, nil
}

func (c *centroid) Inputs() []frame.Kind    { return estimator.AllNumbers(c.centres.Cols) }
func (c *centroid) Outputs() int            { return 1 }
func (c *centroid) Classes() *frame.Classes { return c.classes }

// Predict returns the class of the nearest centroid, the first of several such.
func (c *centroid) Predict(x *frame.Frame) ([]frame.Column, error) {
	if err := estimator.CheckFinite(x, c.name); err != nil {
		return nil, err
	}
	out := x.LabelColumn(c.classes)
	ranks, rows, n := x.Floats(c.centres.Rows), x.RowMajor(), c.centres.Cols
	for r := range x.Rows {
		c.ranks(ranks, rows[r*n:(r+1)*n])
		out.Code[r] = int32(pairwise.ArgMin(ranks))
	}
	return []frame.Column{out}, nil
}

// normal is a NearestCentroid that takes each class for a normal distribution
// around its centroid, all of one diagonal covariance.
// Source: sklearn/neighbors/_nearest_centroid.py, _decision_function;
// sklearn/discriminant_analysis.py, DiscriminantAnalysisPredictionMixin.
type normal struct {
	*centroid
	scale   []float64    // of each feature; 1 where it does not vary
	scaled  numpy.Matrix // the centroids over scale
	norms   []float64    // of the rows of scaled
	twice   []float64    // 2 log(prior) of each class
	nearest bool         // the priors are equal: the nearest centroid is predicted
}

func newNormal(o *estimator.Object, c *centroid, prior []float64) (*normal, error) {
	m := &normal{centroid: c, scale: o.Floats("within_class_std_dev_"), nearest: uniform(prior)}
	if o.Err() == nil && len(m.scale) != c.centres.Cols {
		o.Fail("within_class_std_dev_", "has %d values for %d features", len(m.scale), c.centres.Cols)
	}
	if err := o.Err(); err != nil {
		return nil, err
	}
	m.scale = slices.Clone(m.scale)
	for j, s := range m.scale {
		if s == 0 {
			m.scale[j] = 1
		}
	}
	m.scaled = numpy.Matrix{Rows: c.centres.Rows, Cols: c.centres.Cols, Data: make([]float64, len(c.centres.Data))}
	for k, p := range prior {
		m.over(m.scaled.Row(k), c.centres.Row(k))
		m.twice = append(m.twice, 2*numpy.Log(p))
	}
	m.norms = pairwise.Norms(m.scaled, pairwise.RowNorm)
	return m, nil
}

// over divides a row by the scale.
func (m *normal) over(dst, row []float64) {
	for j, v := range row {
		dst[j] = v / m.scale[j]
	}
}

// scores are the log-likelihoods of each class, but for a constant.
func (m *normal) scores(x *frame.Frame) (*frame.Frame, error) {
	if err := estimator.CheckFinite(x, m.name); err != nil {
		return nil, err
	}
	out := make([]frame.Column, len(m.twice))
	for k := range out {
		out[k] = x.NumberColumn("")
	}
	squares, q := x.Floats(len(out)), x.Floats(m.scaled.Cols)
	rows, n := x.RowMajor(), m.scaled.Cols
	for r := range x.Rows {
		m.over(q, rows[r*n:(r+1)*n])
		pairwise.SquaredEuclidean(squares, q, pairwise.RowNorm(q), m.scaled, m.norms)
		for k, v := range squares {
			distance := math.Sqrt(v)
			out[k].Num[r] = m.twice[k] - float64(distance*distance)
		}
	}
	return x.With(out), nil
}

// Predict returns the nearest or, if the priors differ, the likeliest class.
func (m *normal) Predict(x *frame.Frame) ([]frame.Column, error) {
	if m.nearest {
		return m.centroid.Predict(x)
	}
	scores, err := m.scores(x)
	if err != nil {
		return nil, err
	}
	return []frame.Column{estimator.ArgMax(scores, m.classes)}, nil
}

// PredictProba implements estimator.Prober.
func (m *normal) PredictProba(x *frame.Frame) (*frame.Frame, error) {
	scores, err := m.scores(x)
	if err != nil {
		return nil, err
	}
	estimator.EachRow(scores, numpy.Softmax)
	return scores, nil
}

// Decision implements estimator.Decider.
func (m *normal) Decision(x *frame.Frame) (*frame.Frame, error) {
	scores, err := m.scores(x)
	if err != nil {
		return nil, err
	}
	return estimator.Lead(scores), nil
}
