package estimator

import (
	"slices"

	"brine/functions/internal/numpy"
	"brine/functions/internal/pickle"
)

// Matrices returns a list of arrays, each as Matrix does.
func (o *Object) Matrices(name string) []numpy.Matrix {
	items := o.List(name)
	out := make([]numpy.Matrix, len(items))
	for i, v := range items {
		a, ok := v.(*pickle.Array)
		if !ok {
			o.Fail(name, "must hold arrays, found %s", Describe(v))
			return nil
		}
		out[i] = o.matrix(name, a)
	}
	return out
}

// denseLimit bounds what a sparse matrix may unfold to: 512 MiB.
const denseLimit = 1 << 26

// Dense is Matrix for an attribute that may also be a scipy.sparse matrix of
// compressed rows, which it unfolds.
func (o *Object) Dense(name string) numpy.Matrix {
	raw, ok := o.Get(name).(*pickle.Object)
	if !ok {
		return o.Matrix(name)
	}
	csr := o.Object(name)
	if n := csr.Name(); n != "csr_matrix" && n != "csr_array" {
		o.Fail(name, "is %s, which is not supported", Describe(raw))
		return numpy.Matrix{}
	}
	m, err := csr.unfold()
	if err != nil && o.err == nil {
		o.err = err
	}
	return m
}

// unfold makes a dense matrix of a scipy.sparse.csr_matrix. Repeated entries
// add up.
func (o *Object) unfold() (numpy.Matrix, error) {
	shape := o.Floats("_shape")
	data, indices, starts := o.Floats("data"), o.Ints("indices"), o.Ints("indptr")
	if o.err != nil {
		return numpy.Matrix{}, o.err
	}
	if len(shape) != 2 || len(starts) == 0 || float64(len(starts)-1) != shape[0] || shape[1] < 0 ||
		starts[0] < 0 || starts[len(starts)-1] > len(data) || len(data) != len(indices) || !slices.IsSorted(starts) {
		return numpy.Matrix{}, o.Refuse("is not a well-formed sparse matrix")
	}
	if shape[0]*shape[1] > denseLimit {
		return numpy.Matrix{}, o.Refuse("is a sparse matrix of %.0f × %.0f, too large to unfold", shape[0], shape[1])
	}
	m := numpy.Matrix{Rows: int(shape[0]), Cols: int(shape[1])}
	if !o.Spend(m.Rows, m.Cols) {
		return numpy.Matrix{}, o.err
	}
	m.Data = make([]float64, m.Rows*m.Cols)
	for i := range m.Rows {
		row := m.Row(i)
		for k := starts[i]; k < starts[i+1]; k++ {
			if j := indices[k]; j < 0 || j >= m.Cols {
				return numpy.Matrix{}, o.Refuse("is not a well-formed sparse matrix")
			}
			row[indices[k]] += data[k]
		}
	}
	return m, nil
}
