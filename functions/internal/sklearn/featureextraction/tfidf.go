package featureextraction

import (
	"math"

	"brine/functions/internal/frame"
	"brine/functions/internal/numpy"
	"brine/functions/internal/sklearn/estimator"
)

// weights make weighted frequencies of counts, term by term: their logarithm
// if asked for, times the term's weight, over the norm of the row.
type weights struct {
	class     string
	sublinear bool
	idf       []float64 // nil for all 1
	// reversed says that scikit-learn multiplies by a sparse diagonal matrix,
	// from which the cells of a row come in reversed order.
	reversed bool
	norm     string // l1, l2 or "" for none
}

// newWeights reads a TfidfTransformer of n terms.
// Source: sklearn/feature_extraction/text.py, TfidfTransformer.
func newWeights(o *estimator.Object, n int) (*weights, error) {
	w := &weights{class: o.Name(), sublinear: truth(o, "sublinear_tf")}
	var err error
	if o.Has("norm") {
		if w.norm, err = oneOf(o, "norm", "l1", "l2"); err != nil {
			return nil, err
		}
	}
	if truth(o, "use_idf") {
		if w.idf, w.reversed, err = idf(o); err != nil {
			return nil, err
		}
		if len(w.idf) != n {
			return nil, o.Refuse("has weights for %d terms, expected %d", len(w.idf), n)
		}
	}
	return w, o.Err()
}

// idf reads the terms' weights: up to 1.3 the diagonal of a sparse matrix.
func idf(o *estimator.Object) (idf []float64, diagonal bool, err error) {
	a, holder := o, "idf_"
	if o.Has("_idf_diag") {
		a, holder = o.Object("_idf_diag"), "data"
	}
	if err := o.Err(); err != nil {
		return nil, false, err
	}
	values := a.Array(holder)
	if a.Err() == nil && (values.Dtype.Kind != 'f' || values.Dtype.Size != 8) {
		return nil, false, o.Refuse("works in less than 64 bits, which is not supported").WithHint("Fit it with dtype=float64")
	}
	idf = a.Floats(holder)
	if a != o && !isDiagonal(a, len(idf)) && a.Err() == nil {
		return nil, false, a.Refuse("is not a diagonal matrix of compressed rows without zeros")
	}
	return idf, a != o, a.Err()
}

func isDiagonal(o *estimator.Object, n int) bool {
	shape, starts, columns := o.Floats("_shape"), o.Ints("indptr"), o.Ints("indices")
	if o.Name() != "csr_matrix" || len(shape) != 2 || shape[0] != float64(n) || shape[1] != float64(n) || len(starts) != n+1 || len(columns) != n {
		return false
	}
	for i := range n {
		if starts[i] != i || columns[i] != i {
			return false
		}
	}
	return starts[n] == n
}

// of weighs the counts of a frame that is held as a CSR.
func (w *weights) of(x *frame.Frame) (*frame.Frame, error) {
	out := x.NewCSR(x.Wide.Width)
	for r := range x.Rows {
		index, value := x.Wide.Row(r)
		for i := range index {
			if w.reversed {
				i = len(index) - 1 - i
			}
			out.Add(index[i], w.weight(int(index[i]), value[i]))
		}
		out.EndRow()
		if w.norm != "" {
			_, row := out.Row(r)
			w.normalize(row)
		}
	}
	y := x.Sparsely(out)
	if w.norm == "" {
		return y, nil
	}
	return y, estimator.CheckFinite(y, w.class)
}

func (w *weights) weight(column int, count float64) float64 {
	if w.sublinear {
		count = numpy.Log(count) + 1
	}
	if w.idf != nil {
		count *= w.idf[column]
	}
	return count
}

// normalize divides a row by its norm, unless that is 0.
// Source: sklearn/utils/sparsefuncs_fast.pyx, inplace_csr_row_normalize_l1 and _l2.
func (w *weights) normalize(row []float64) {
	var norm float64
	for _, v := range row {
		if w.norm == "l1" {
			norm += math.Abs(v)
		} else {
			norm += float64(v * v)
		}
	}
	if w.norm == "l2" {
		norm = math.Sqrt(norm)
	}
	if norm == 0 {
		return
	}
	for i := range row {
		row[i] /= norm
	}
}

// tfidf is TfidfTransformer behind something else that counts.
type tfidf struct {
	*weights
	inputs []frame.Kind
}

func newTfidfTransformer(o *estimator.Object) (estimator.Estimator, error) {
	n, err := terms(o)
	if err != nil {
		return nil, err
	}
	w, err := newWeights(o, n)
	if err != nil {
		return nil, err
	}
	return &tfidf{weights: w, inputs: estimator.AllNumbers(n)}, nil
}

// terms is n_features_in_; before 1.0 only the weights tell it.
func terms(o *estimator.Object) (int, error) {
	if o.Has("n_features_in_") {
		return o.Features(), o.Err()
	}
	if !truth(o, "use_idf") {
		return 0, o.Refuse("does not say how many terms it was fitted with").WithHint("Use a TfidfVectorizer, or a newer scikit-learn")
	}
	values, _, err := idf(o)
	return len(values), err
}

// Inputs are all numbers.
func (t *tfidf) Inputs() []frame.Kind { return t.inputs }

// TakesSparse implements estimator.SparseTaker.
func (t *tfidf) TakesSparse() bool { return true }

// Transform weighs the counts; its result is sparse even where they are not.
func (t *tfidf) Transform(x *frame.Frame) (*frame.Frame, error) {
	if err := estimator.CheckFinite(x, t.class); err != nil {
		return nil, err
	}
	if x.Wide == nil {
		x = x.Beside([]*frame.Frame{x})
	}
	return t.of(x)
}
