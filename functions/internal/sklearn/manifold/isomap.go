package manifold

import (
	"math"

	"brine/functions/internal/frame"
	"brine/functions/internal/job"
	"brine/functions/internal/numpy"
	"brine/functions/internal/sklearn/decomposition"
	"brine/functions/internal/sklearn/estimator"
	"brine/functions/internal/sklearn/neighbors"
)

// isomap projects the geodesic distances of a row to all training rows: by way
// of its nearest neighbours.
// Source: sklearn/manifold/_isomap.py, Isomap.transform.
type isomap struct {
	nearest    *neighbors.Nearest
	distances  numpy.Matrix // between training rows
	projection *decomposition.KernelProjection
}

func newIsomap(o *estimator.Object) (estimator.Estimator, error) {
	t := &isomap{distances: o.Matrix("dist_matrix_")}
	search, pca := o.Object("nbrs_"), o.Object("kernel_pca_")
	if err := o.Err(); err != nil {
		return nil, err
	}
	var err error
	if byRadius := !o.Has("n_neighbors"); byRadius {
		t.nearest, err = neighbors.NewWithin(search)
	} else {
		t.nearest, err = neighbors.NewNearest(search)
	}
	if err != nil {
		return nil, err
	}
	n := t.nearest.Size()
	if t.distances.Rows != n || t.distances.Cols != n {
		return nil, o.Refuse("dist_matrix_ has shape (%d, %d) for %d training rows", t.distances.Rows, t.distances.Cols, n)
	}
	t.projection, err = decomposition.NewKernelProjection(pca, n)
	if err != nil {
		return nil, err
	}
	return t, nil
}

// Inputs implements estimator.Estimator.
func (t *isomap) Inputs() []frame.Kind { return estimator.AllNumbers(t.nearest.Features()) }

// Transform implements estimator.Transformer.
func (t *isomap) Transform(x *frame.Frame) (*frame.Frame, error) {
	n := t.projection.Components()
	out, kernels := x.Floats(x.Rows*n), x.Floats(t.nearest.Size())
	err := t.nearest.EachDistance(x, func(row int, nearest []int32, distance []float64) error {
		if len(nearest) == 0 {
			e := job.Invalid("Isomap: no training row lies within the radius").WithHint("Fit with a larger radius, or leave such rows out")
			e.Row = int64(row) + 1
			return e
		}
		t.geodesic(kernels, nearest, distance)
		for i, d := range kernels {
			kernels[i] = d * d * -0.5
		}
		t.projection.Project(out[row*n:(row+1)*n], kernels)
		return nil
	})
	if err != nil {
		return nil, err
	}
	return x.Numbers(out, n), nil
}

// geodesic fills dst with the shortest ways to the training rows.
func (t *isomap) geodesic(dst []float64, nearest []int32, distance []float64) {
	for i := range dst {
		dst[i] = math.Inf(1)
	}
	for k, via := range nearest {
		for i, d := range t.distances.Row(int(via)) {
			dst[i] = min(dst[i], d+distance[k])
		}
	}
}
