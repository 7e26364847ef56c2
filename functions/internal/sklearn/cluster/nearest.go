package cluster

import (
	"slices"

	"brine/functions/internal/frame"
	"brine/functions/internal/sklearn/estimator"
)

// meanShift is a MeanShift, or an AffinityPropagation that converged.
// Source: sklearn/cluster/_mean_shift.py, _affinity_propagation.py.
type meanShift struct{ *centres }

func newMeanShift(o *estimator.Object) (estimator.Estimator, error) {
	c, err := newCentres(o, "cluster_centers_")
	if err != nil {
		return nil, err
	}
	return &meanShift{c}, nil
}

// Predict returns the number of the nearest centre.
func (m *meanShift) Predict(x *frame.Frame) ([]frame.Column, error) {
	return m.assign(x, func(ranks, q []float64) int32 { return m.nearest(ranks, q, m.norms) })
}

func newAffinityPropagation(o *estimator.Object) (estimator.Estimator, error) {
	if o.Has("affinity") && o.Str("affinity") == "precomputed" {
		return nil, o.Refuse(`has no predict with affinity="precomputed"`)
	}
	if a := o.Array("cluster_centers_"); o.Err() == nil && a.Len() == 0 {
		return &unassigned{o.Name(), o.Features()}, o.Err()
	}
	return newMeanShift(o)
}

// unassigned is an AffinityPropagation that did not converge: every row is -1.
type unassigned struct {
	name     string
	features int
}

var noCluster = estimator.IntClasses(-1)

func (u *unassigned) Inputs() []frame.Kind    { return estimator.AllNumbers(u.features) }
func (u *unassigned) Outputs() int            { return 1 }
func (u *unassigned) Classes() *frame.Classes { return noCluster }

// Predict returns -1 for every row.
func (u *unassigned) Predict(x *frame.Frame) ([]frame.Column, error) {
	if err := estimator.CheckFinite(x, u.name); err != nil {
		return nil, err
	}
	return []frame.Column{x.LabelColumn(noCluster)}, nil
}

// birch is a Birch: a row has the label of the nearest subcluster.
// Source: sklearn/cluster/_birch.py.
type birch struct {
	*centres
	code  []int32   // the label of each subcluster
	norms []float64 // ‖c‖² in the precision of fit; Predict uses these alone
}

func newBirch(o *estimator.Object) (estimator.Estimator, error) {
	c, err := newCentres(o, "subcluster_centers_")
	if err != nil {
		return nil, err
	}
	b := &birch{centres: c, norms: o.Floats("_subcluster_norms")}
	labels := o.Ints("subcluster_labels_")
	if err := o.Err(); err != nil {
		return nil, err
	}
	if len(b.norms) != c.rows.Rows || len(labels) != c.rows.Rows {
		return nil, o.Refuse("has %d norms and %d labels for %d subclusters", len(b.norms), len(labels), c.rows.Rows)
	}
	distinct := slices.Compact(slices.Sorted(slices.Values(labels)))
	numbers := make([]int64, len(distinct))
	for i, v := range distinct {
		numbers[i] = int64(v)
	}
	c.labels = estimator.IntClasses(numbers...)
	for _, v := range labels {
		code, _ := slices.BinarySearch(distinct, v)
		b.code = append(b.code, int32(code))
	}
	return b, nil
}

// Predict returns the label of the nearest subcluster.
func (b *birch) Predict(x *frame.Frame) ([]frame.Column, error) {
	return b.assign(x, func(ranks, q []float64) int32 { return b.code[b.nearest(ranks, q, b.norms)] })
}

// Transform returns the distance to each subcluster.
func (b *birch) Transform(x *frame.Frame) (*frame.Frame, error) { return b.transform(x) }
