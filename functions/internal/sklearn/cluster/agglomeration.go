package cluster

import (
	"brine/functions/internal/frame"
	"brine/functions/internal/pickle"
	"brine/functions/internal/sklearn/estimator"
)

// agglomeration is the mean of each group of features.
// Source: sklearn/cluster/_feature_agglomeration.py, AgglomerationTransform.transform.
type agglomeration struct {
	name   string
	labels []int // the group of each feature
	sizes  []float64
}

func newFeatureAgglomeration(o *estimator.Object) (estimator.Estimator, error) {
	if pool, ok := o.Get("pooling_func").(pickle.Global); !ok || pool.String() != "numpy.mean" {
		return nil, o.Refuse("pooling_func is %s; only numpy.mean is supported", estimator.Describe(o.Get("pooling_func")))
	}
	a := &agglomeration{name: o.Name(), labels: o.Ints("labels_")}
	features := o.Features()
	if err := o.Err(); err != nil {
		return nil, err
	}
	if len(a.labels) != features {
		return nil, o.Refuse("has the groups of %d features, expected %d", len(a.labels), features)
	}
	for _, k := range a.labels {
		if k < 0 || k >= features {
			return nil, o.Refuse("has a group %d of %d features", k, features)
		}
		for len(a.sizes) <= k {
			a.sizes = append(a.sizes, 0)
		}
		a.sizes[k]++
	}
	return a, nil
}

// Inputs implements estimator.Estimator.
func (a *agglomeration) Inputs() []frame.Kind { return estimator.AllNumbers(len(a.labels)) }

// Transform returns a column a group.
func (a *agglomeration) Transform(x *frame.Frame) (*frame.Frame, error) {
	if err := estimator.CheckFinite(x, a.name); err != nil {
		return nil, err
	}
	out := make([]frame.Column, len(a.sizes))
	for k := range out {
		out[k] = x.NumberColumn("")
	}
	for j, k := range a.labels {
		for r, v := range x.Cols[j].Num {
			out[k].Num[r] += v
		}
	}
	for k, size := range a.sizes {
		for r := range out[k].Num {
			out[k].Num[r] /= size
		}
	}
	return x.With(out), nil
}
