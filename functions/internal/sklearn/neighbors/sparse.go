package neighbors

import (
	"math"
	"slices"

	"brine/functions/internal/numpy"
	"brine/functions/internal/pickle"
	"brine/functions/internal/sklearn/estimator"
	"brine/functions/internal/sklearn/pairwise"
)

// sparseRows are training rows kept as a scipy.sparse.csr_matrix, feature by
// feature.
type sparseRows struct {
	start []int // of each feature's cells
	row   []int // of each cell
	value []float64
	norms []float64 // the sum of the squares of each row
}

// newSparse is newBrute for training rows in a CSR, which scikit-learn
// multiplies itself, cell by cell in the order of the query.
// Source: sklearn/metrics/_pairwise_distances_reduction/_middle_term_computer.pyx.tp,
// _middle_term_sparse_sparse_64; sklearn/metrics/pairwise.py, cosine_distances.
func newSparse(o *estimator.Object, metric string, features int) (*brute, error) {
	rows, err := readSparse(o, features)
	if err != nil {
		return nil, err
	}
	b := &brute{rows: numpy.Matrix{Rows: len(rows.norms), Cols: features}, sort: order(o), sparse: true}
	switch metric {
	case "euclidean":
		b.partition = o.Before(1, 3) || !o.Before(1, 4)
		b.unsettled = b.partition // which way it goes is not the same in all versions before, nor in all of 1.4
		b.distance = math.Sqrt
		b.rankOf = func(d float64) float64 { return d * d }
		b.sparseEuclidean(rows)
	case "cosine":
		b.unsettled, b.partition = !o.Before(1, 4), true
		b.distance = func(v float64) float64 { return v }
		b.rankOf = b.distance
		b.sparseCosine(rows)
	default:
		return nil, o.Refuse("its training rows are a sparse matrix, for which metric=%q is not supported", metric).
			WithHint(`Fit on a dense array, or with metric "euclidean" or "cosine"`)
	}
	return b, nil
}

func readSparse(o *estimator.Object, features int) (*sparseRows, error) {
	raw, _ := o.Get("_fit_X").(*pickle.Object)
	if raw == nil || raw.Class.Name != "csr_matrix" && raw.Class.Name != "csr_array" {
		return nil, o.Refuse("its training rows are %s, which is not supported", estimator.Describe(o.Get("_fit_X"))).
			WithHint("Fit on a dense array or a CSR")
	}
	csr := o.Object("_fit_X")
	start, index, value := csr.Ints("indptr"), csr.Ints("indices"), csr.Floats("data")
	ofValue, ofIndex := csr.Array("data").Dtype, csr.Array("indices").Dtype
	if err := csr.Err(); err != nil {
		return nil, err
	}
	n := len(start) - 1
	outside := func(c int) bool { return c < 0 || c >= features }
	switch {
	case ofValue.Kind != 'f' || ofValue.Size != 8 || ofIndex.Size != 4 || len(value) == 0:
		return nil, csr.Refuse("only float64 with indices of 32 bits is supported for training rows")
	case n < 1 || start[0] != 0 || start[n] != len(value) || len(index) != len(value) ||
		!slices.IsSorted(start) || slices.ContainsFunc(index, outside):
		return nil, csr.Refuse("is not a well-formed sparse matrix of %d features", features)
	}
	return transposed(start, index, value, features), nil
}

func transposed(start, index []int, value []float64, features int) *sparseRows {
	s := &sparseRows{start: make([]int, features+1), row: make([]int, len(index)), value: make([]float64, len(index))}
	for _, c := range index {
		s.start[c+1]++
	}
	for c := range features {
		s.start[c+1] += s.start[c]
	}
	next := slices.Clone(s.start)
	for r := range len(start) - 1 {
		for k := start[r]; k < start[r+1]; k++ {
			at := next[index[k]]
			s.row[at], s.value[at] = r, value[k]
			next[index[k]]++
		}
		s.norms = append(s.norms, pairwise.ColumnNorm(value[start[r]:start[r+1]]))
	}
	return s
}

// add adds to dst the products of a query's cell with those of the rows.
func (s *sparseRows) add(dst []float64, column int, v float64) {
	for k := s.start[column]; k < s.start[column+1]; k++ {
		dst[s.row[k]] += float64(v * s.value[k])
	}
}

// addProducts adds to dst what scale makes of a query's cells times each row,
// in the order in which the query holds its cells.
func (s *sparseRows) addProducts(dst, q []float64, f *found, scale func(v float64) float64) {
	if q == nil {
		for i, column := range f.column {
			s.add(dst, int(column), scale(f.cell[i]))
		}
		return
	}
	for column, v := range q {
		if v != 0 {
			s.add(dst, column, scale(v))
		}
	}
}

// squares is the sum of the squares of a query; dense adds up one that is no
// sparse matrix.
func (f *found) squares(q []float64, dense func([]float64) float64) float64 {
	switch {
	case q == nil:
		return pairwise.ColumnNorm(f.cell)
	case f.sparse:
		return pairwise.ColumnNorm(q)
	}
	return dense(q)
}

// sparseEuclidean ranks by ‖q‖² − 2 q·y + ‖y‖².
func (b *brute) sparseEuclidean(rows *sparseRows) {
	b.ranks = func(dst, q []float64, f *found) {
		norm := f.squares(q, pairwise.SquaredNorm)
		clear(dst)
		rows.addProducts(dst, q, f, func(v float64) float64 { return -2 * v })
		for i, v := range dst {
			dst[i] = max((norm+v)+rows.norms[i], 0)
		}
	}
}

// sparseCosine ranks by 1 − q·y of rows that are scaled to length 1.
// Source: sklearn/utils/sparsefuncs_fast.pyx, inplace_csr_row_normalize_l2.
func (b *brute) sparseCosine(rows *sparseRows) {
	for k, r := range rows.row {
		if norm := rows.norms[r]; norm > 0 {
			rows.value[k] /= math.Sqrt(norm)
		}
	}
	b.ranks = func(dst, q []float64, f *found) {
		length := math.Sqrt(f.squares(q, pairwise.RowNorm))
		if length == 0 || !f.sparse && length < shortest {
			length = 1
		}
		clear(dst)
		rows.addProducts(dst, q, f, func(v float64) float64 { return v / length })
		for i, v := range dst {
			dst[i] = min(max(1-v, 0), 2)
		}
	}
}
