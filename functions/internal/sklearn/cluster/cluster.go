// Package cluster predicts with scikit-learn's clusterings that assign new
// rows: each goes to the nearest centre, the first of several such.
package cluster

import (
	"math"

	"brine/functions/internal/frame"
	"brine/functions/internal/numpy"
	"brine/functions/internal/sklearn/estimator"
	"brine/functions/internal/sklearn/pairwise"
)

// Classes are the estimators of sklearn.cluster.
var Classes = estimator.Registry{
	"sklearn.cluster.AffinityPropagation":     newAffinityPropagation,
	"sklearn.cluster.AgglomerativeClustering": onlyFits,
	"sklearn.cluster.Birch":                   newBirch,
	"sklearn.cluster.BisectingKMeans":         newBisectingKMeans,
	"sklearn.cluster.DBSCAN":                  onlyFits,
	"sklearn.cluster.FeatureAgglomeration":    newFeatureAgglomeration,
	"sklearn.cluster.HDBSCAN":                 onlyFits,
	"sklearn.cluster.KMeans":                  newKMeans,
	"sklearn.cluster.MeanShift":               newMeanShift,
	"sklearn.cluster.MiniBatchKMeans":         newKMeans,
	"sklearn.cluster.OPTICS":                  onlyFits,
	"sklearn.cluster.SpectralBiclustering":    onlyFits,
	"sklearn.cluster.SpectralClustering":      onlyFits,
	"sklearn.cluster.SpectralCoclustering":    onlyFits,
}

var onlyFits = estimator.OnlyFits("clustering of this kind")

// centres are a clustering's centres, one a row.
type centres struct {
	name   string // of the estimator, for messages
	rows   numpy.Matrix
	norms  []float64 // ‖c‖² of each centre
	labels *frame.Classes
}

// newCentres reads the centres from an attribute and numbers them.
func newCentres(o *estimator.Object, attribute string) (*centres, error) {
	c := &centres{name: o.Name(), rows: o.Matrix(attribute)}
	features := o.Features()
	if err := o.Err(); err != nil {
		return nil, err
	}
	if c.rows.Cols != features || c.rows.Rows == 0 {
		return nil, o.Refuse("%s is %d × %d, with %d features", attribute, c.rows.Rows, c.rows.Cols, features)
	}
	c.norms = pairwise.Norms(c.rows, pairwise.RowNorm)
	numbers := make([]int64, c.rows.Rows)
	for i := range numbers {
		numbers[i] = int64(i)
	}
	c.labels = estimator.IntClasses(numbers...)
	return c, nil
}

// Inputs are all numbers.
func (c *centres) Inputs() []frame.Kind { return estimator.AllNumbers(c.rows.Cols) }

// Outputs is one column.
func (c *centres) Outputs() int { return 1 }

// Classes are the labels of the clusters.
func (c *centres) Classes() *frame.Classes { return c.labels }

// assign gives each row of x the code that choose returns; choose has room for
// a number a centre.
func (c *centres) assign(x *frame.Frame, choose func(ranks, q []float64) int32) ([]frame.Column, error) {
	if err := estimator.CheckFinite(x, c.name); err != nil {
		return nil, err
	}
	out := x.LabelColumn(c.labels)
	ranks, rows, n := x.Floats(c.rows.Rows), x.RowMajor(), c.rows.Cols
	for r := range x.Rows {
		out.Code[r] = choose(ranks, rows[r*n:(r+1)*n])
	}
	return []frame.Column{out}, nil
}

// nearest is the centre for which ‖q‖² − 2 q·c + ‖c‖² is least; norms are ‖c‖².
// Source: sklearn/metrics/pairwise.py, pairwise_distances_argmin.
func (c *centres) nearest(ranks, q, norms []float64) int32 {
	pairwise.SquaredEuclidean(ranks, q, pairwise.ColumnNorm(q), c.rows, norms)
	return int32(pairwise.ArgMin(ranks))
}

// transform returns the distance to each centre, a column each.
// Source: sklearn/metrics/pairwise.py, euclidean_distances.
func (c *centres) transform(x *frame.Frame) (*frame.Frame, error) {
	if err := estimator.CheckFinite(x, c.name); err != nil {
		return nil, err
	}
	n, k := c.rows.Cols, c.rows.Rows
	rows, out := x.RowMajor(), x.Floats(x.Rows*k)
	for r := range x.Rows {
		q, dst := rows[r*n:(r+1)*n], out[r*k:(r+1)*k]
		pairwise.SquaredEuclidean(dst, q, pairwise.RowNorm(q), c.rows, c.norms)
		for i, v := range dst {
			dst[i] = math.Sqrt(v)
		}
	}
	return x.Numbers(out, k), nil
}
