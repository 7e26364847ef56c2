package manifold

import (
	"math"

	"brine/functions/internal/frame"
	"brine/functions/internal/numpy"
	"brine/functions/internal/sklearn/estimator"
	"brine/functions/internal/sklearn/neighbors"
)

// locallyLinear places a row among the embedded training rows as it lies among
// those that are nearest to it.
// Source: sklearn/manifold/_locally_linear.py, LocallyLinearEmbedding.transform.
type locallyLinear struct {
	nearest   *neighbors.Nearest
	rows      numpy.Matrix // training rows
	embedding numpy.Matrix // training rows × components
	reg       float64
}

// leastReg keeps the systems of equations in which rounding has no say.
const leastReg = 1e-5

func newLocallyLinear(o *estimator.Object) (estimator.Estimator, error) {
	t := &locallyLinear{embedding: o.Matrix("embedding_"), reg: o.Float("reg")}
	search := o.Object("nbrs_")
	if err := o.Err(); err != nil {
		return nil, err
	}
	var err error
	if t.nearest, err = neighbors.NewNearest(search); err != nil {
		return nil, err
	}
	t.rows = search.Matrix("_fit_X")
	if err := search.Err(); err != nil {
		return nil, err
	}
	switch {
	case t.rows.Rows != t.nearest.Size() || t.rows.Cols != t.nearest.Features() || t.embedding.Rows != t.rows.Rows:
		return nil, o.Refuse("its training rows and their embedding do not fit together")
	case !(t.reg >= leastReg):
		return nil, o.Refuse("reg=%v is so small that rounding decides", t.reg).WithHint("Fit with a reg of %v or more", leastReg)
	}
	if k := t.nearest.Neighbours(); !o.Spend(k, k+t.rows.Cols) || !o.Compute(k, k, k+t.rows.Cols) {
		return nil, o.Err()
	}
	return t, nil
}

// Inputs implements estimator.Estimator.
func (t *locallyLinear) Inputs() []frame.Kind { return estimator.AllNumbers(t.rows.Cols) }

// Transform implements estimator.Transformer.
func (t *locallyLinear) Transform(x *frame.Frame) (*frame.Frame, error) {
	n, rows := t.embedding.Cols, estimator.RowsOf(x)
	out := x.Floats(x.Rows * n)
	err := t.nearest.EachDistance(x, func(row int, nearest []int32, _ []float64) error {
		weights := t.barycentre(rows.Row(row), nearest)
		for k, i := range nearest {
			for c, v := range t.embedding.Row(int(i)) {
				out[row*n+c] += float64(weights[k] * v)
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return x.Numbers(out, n), nil
}

// barycentre are the weights, of sum 1, with which the nearest training rows
// come nearest to q.
// Source: sklearn/manifold/_locally_linear.py, barycenter_weights.
func (t *locallyLinear) barycentre(q []float64, nearest []int32) []float64 {
	k := len(nearest)
	apart := numpy.Matrix{Rows: k, Cols: len(q), Data: make([]float64, k*len(q))}
	for i, row := range nearest {
		for f, v := range t.rows.Row(int(row)) {
			apart.Row(i)[f] = v - q[f]
		}
	}
	gram := numpy.Matrix{Rows: k, Cols: k, Data: make([]float64, k*k)}
	var trace float64
	for i := range k {
		for j := range k {
			gram.Row(i)[j] = numpy.Dot(apart.Row(i), apart.Row(j))
		}
		trace += gram.At(i, i)
	}
	ridge := t.reg
	if trace > 0 {
		ridge *= trace
	}
	weights := make([]float64, k)
	for i := range k {
		gram.Row(i)[i] += ridge
		weights[i] = 1
	}
	solve(gram, weights)
	sum := numpy.Sum(weights)
	for i := range weights {
		weights[i] /= sum
	}
	return weights
}

// solve replaces b by a⁻¹·b of a symmetric positive definite a, by Cholesky's
// decomposition, for which it overwrites a.
func solve(a numpy.Matrix, b []float64) {
	n := len(b)
	for i := range n {
		row := a.Row(i)
		for j := range i {
			row[j] = (row[j] - numpy.Dot(row[:j], a.Row(j)[:j])) / a.At(j, j)
		}
		row[i] = math.Sqrt(row[i] - numpy.Dot(row[:i], row[:i]))
		b[i] = (b[i] - numpy.Dot(row[:i], b[:i])) / row[i]
	}
	for i := n - 1; i >= 0; i-- {
		for j := i + 1; j < n; j++ {
			b[i] -= float64(a.At(j, i) * b[j])
		}
		b[i] /= a.At(i, i)
	}
}
