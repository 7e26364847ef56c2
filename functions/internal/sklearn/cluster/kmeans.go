package cluster

import (
	"brine/functions/internal/frame"
	"brine/functions/internal/numpy"
	"brine/functions/internal/sklearn/estimator"
	"brine/functions/internal/sklearn/pairwise"
)

// kMeans is a KMeans or a MiniBatchKMeans.
// Source: sklearn/cluster/_kmeans.py; _k_means_lloyd.pyx, _update_chunk_dense.
type kMeans struct{ *centres }

func newKMeans(o *estimator.Object) (estimator.Estimator, error) {
	c, err := newKMeansCentres(o)
	if err != nil {
		return nil, err
	}
	return &kMeans{c}, nil
}

func newKMeansCentres(o *estimator.Object) (*centres, error) {
	o.Double("cluster_centers_", "scikit-learn itself cannot predict a table of float64 with it")
	if err := o.Err(); err != nil {
		return nil, err
	}
	return newCentres(o, "cluster_centers_")
}

// Predict returns the number of the nearest centre.
func (m *kMeans) Predict(x *frame.Frame) ([]frame.Column, error) {
	return m.assign(x, func(ranks, q []float64) int32 { return closest(ranks, q, m.rows, m.norms) })
}

// Transform returns the distance to each centre.
func (m *kMeans) Transform(x *frame.Frame) (*frame.Frame, error) { return m.transform(x) }

// closest is the centre for which ‖c‖² − 2 q·c is least.
func closest(ranks, q []float64, rows numpy.Matrix, norms []float64) int32 {
	copy(ranks, norms)
	pairwise.AddProducts(ranks, -2, q, rows)
	return int32(pairwise.ArgMin(ranks))
}

// bisectingKMeans is a BisectingKMeans: a row goes down a binary tree, to the
// closer of two centres at each fork.
// Source: sklearn/cluster/_bisect_k_means.py, _predict_recursive.
type bisectingKMeans struct {
	*centres
	forks []fork // the root first
}

// fork holds the centres of its two sides.
type fork struct {
	pair  numpy.Matrix
	norms []float64
	next  [2]int // the fork of each side, or -1 minus its label
}

func newBisectingKMeans(o *estimator.Object) (estimator.Estimator, error) {
	c, err := newKMeansCentres(o)
	if err != nil {
		return nil, err
	}
	b := &bisectingKMeans{centres: c}
	var mean []float64
	if o.Has("_X_mean") {
		mean = o.Floats("_X_mean")
	}
	root := o.Object("_bisecting_tree")
	if err := o.Err(); err != nil {
		return nil, err
	}
	if mean != nil && len(mean) != c.rows.Cols {
		return nil, o.Refuse("_X_mean has %d means for %d features", len(mean), c.rows.Cols)
	}
	_, err = b.grow(root, mean)
	return b, err
}

// grow adds the forks from node on down and returns where they begin, in the
// form of fork.next.
func (b *bisectingKMeans) grow(node *estimator.Object, mean []float64) (int, error) {
	if !node.Has("left") {
		label := node.Int("label")
		if err := node.Err(); err != nil {
			return 0, err
		}
		if label < 0 || label >= b.labels.Len() {
			return 0, node.Refuse("label is %d, with %d clusters", label, b.labels.Len())
		}
		return -1 - label, nil
	}
	at := len(b.forks)
	if at >= b.labels.Len()-1 {
		return 0, node.Refuse("the tree has more forks than its %d clusters", b.labels.Len())
	}
	f := fork{pair: numpy.Matrix{Rows: 2, Cols: b.rows.Cols}}
	b.forks = append(b.forks, f)
	for side, name := range []string{"left", "right"} {
		child := node.Object(name)
		if err := node.Err(); err != nil {
			return 0, err
		}
		centre := child.Floats("center")
		if err := child.Err(); err != nil {
			return 0, err
		}
		if len(centre) != b.rows.Cols {
			return 0, child.Refuse("center has %d numbers for %d features", len(centre), b.rows.Cols)
		}
		for i, v := range centre {
			if mean != nil {
				v += mean[i]
			}
			f.pair.Data = append(f.pair.Data, v)
		}
		var err error
		if f.next[side], err = b.grow(child, mean); err != nil {
			return 0, err
		}
	}
	f.norms = pairwise.Norms(f.pair, pairwise.RowNorm)
	b.forks[at] = f
	return at, nil
}

// Predict returns the number of the cluster that a row arrives at.
func (b *bisectingKMeans) Predict(x *frame.Frame) ([]frame.Column, error) {
	return b.assign(x, func(ranks, q []float64) int32 {
		at := 0
		if len(b.forks) == 0 {
			at = -1
		}
		for at >= 0 {
			f := &b.forks[at]
			at = f.next[closest(ranks[:2], q, f.pair, f.norms)]
		}
		return int32(-1 - at)
	})
}

// Transform returns the distance to each centre.
func (b *bisectingKMeans) Transform(x *frame.Frame) (*frame.Frame, error) { return b.transform(x) }
