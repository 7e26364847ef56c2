package impute

import (
	"math"
	"slices"

	"brine/functions/internal/frame"
	"brine/functions/internal/job"
	"brine/functions/internal/numpy"
	"brine/functions/internal/sklearn/estimator"
	"brine/functions/internal/sklearn/neighbors"
	"brine/functions/internal/sklearn/pairwise"
)

// knnImputer fills a missing cell with the mean of that feature in the nearest
// training rows that have it.
// Source: sklearn/impute/_knn.py, KNNImputer.transform.
type knnImputer struct {
	class      string
	missing    marker
	indicated  []int // features whose missing marks become columns behind
	k          int
	byDistance bool
	unsettled  bool // which of several at the same distance is found depends on the processor
	keepEmpty  bool

	rows    numpy.Matrix // training rows, 0 where a cell is missing
	squares numpy.Matrix // of the cells of rows
	present numpy.Matrix // 1 where a cell is not missing
	absent  numpy.Matrix // 1 where one is
	norms   []float64
	grids   []pairwise.Grid // of each row
	donors  [][]int32       // the training rows that have a feature
	means   []float64       // of each feature
}

func newKNNImputer(o *estimator.Object) (estimator.Estimator, error) {
	n := o.Features()
	t := &knnImputer{
		class: o.Name(), missing: newMarker(o), k: o.Int("n_neighbors"), unsettled: !o.Before(1, 4),
		rows: o.Matrix("_fit_X"), keepEmpty: o.Has("keep_empty_features") && o.Bool("keep_empty_features"),
	}
	metric, weights, dtype := o.Get("metric"), o.Get("weights"), o.Array("_fit_X").Dtype
	if err := o.Err(); err != nil {
		return nil, err
	}
	t.byDistance = weights == "distance"
	switch {
	case metric != "nan_euclidean":
		return nil, o.Refuse("metric is %s: a function of the user's needs Python", estimator.Describe(metric)).
			WithHint(`Fit with metric="nan_euclidean"`)
	case weights != nil && weights != "uniform" && !t.byDistance:
		return nil, o.Refuse("weights is %s: a function of the user's needs Python", estimator.Describe(weights)).
			WithHint(`Fit with weights="uniform" or "distance"`)
	case dtype.Kind != 'f' || dtype.Size != 8:
		return nil, o.Refuse("its training rows are not of float64, so that it takes means in less than 64 bits").
			WithHint("Fit it on columns of float64")
	case t.k < 1 || t.rows.Cols != n || t.rows.Rows == 0 || t.missing.isText:
		return nil, o.Refuse("its training rows do not fit its %d features", n)
	}
	t.prepare()
	var err error
	t.indicated, err = indicated(o, n)
	return t, err
}

// prepare takes the missing cells out of the training rows.
func (t *knnImputer) prepare() {
	like := func() numpy.Matrix {
		return numpy.Matrix{Rows: t.rows.Rows, Cols: t.rows.Cols, Data: make([]float64, len(t.rows.Data))}
	}
	t.squares, t.present, t.absent = like(), like(), like()
	t.donors, t.means = make([][]int32, t.rows.Cols), make([]float64, t.rows.Cols)
	for i, v := range t.rows.Data {
		if t.missing.is(v) {
			t.rows.Data[i], t.absent.Data[i] = 0, 1
			continue
		}
		t.squares.Data[i], t.present.Data[i] = v*v, 1
		f := i % t.rows.Cols
		t.donors[f] = append(t.donors[f], int32(i/t.rows.Cols))
	}
	t.norms = pairwise.Norms(t.rows, pairwise.RowNorm)
	for i := range t.rows.Rows {
		t.grids = append(t.grids, pairwise.GridOf(t.rows.Row(i)))
	}
	columns := t.rows.T()
	for f := range t.means {
		t.means[f] = numpy.Sum(columns.Row(f)) / float64(len(t.donors[f]))
	}
}

// Inputs implements estimator.Estimator.
func (t *knnImputer) Inputs() []frame.Kind { return estimator.AllNumbers(t.rows.Cols) }

// Transform keeps the columns' names; a feature that had no value at fit is
// dropped, or all 0.
func (t *knnImputer) Transform(x *frame.Frame) (*frame.Frame, error) {
	if err := t.missing.check(x, t.class); err != nil {
		return nil, err
	}
	cols := make([]frame.Column, len(x.Cols))
	for c := range cols {
		cols[c] = x.NumberColumn(x.Cols[c].Name)
		if len(t.donors[c]) > 0 {
			copy(cols[c].Num, x.Cols[c].Num)
		}
	}
	q, rows := t.query(x), estimator.RowsOf(x)
	for r := range x.Rows {
		if err := t.fill(cols, r, rows.Row(r), q); err != nil {
			return nil, err
		}
	}
	var kept []frame.Column
	for c, col := range cols {
		if len(t.donors[c]) > 0 || t.keepEmpty {
			kept = append(kept, col)
		}
	}
	return x.With(append(kept, t.missing.marks(x, t.indicated)...)), nil
}

// query is the memory that the rows of a block share.
type query struct {
	row, squares, present, absent []float64 // as those of the training rows
	dist, counts, noise           []float64 // a training row; noise is how far the square of dist may be off
	near, terms                   []float64 // a donor
	at                            []int32
}

func (t *knnImputer) query(x *frame.Frame) *query {
	n, rows := t.rows.Cols, t.rows.Rows
	return &query{
		row: x.Floats(n), squares: x.Floats(n), present: x.Floats(n), absent: x.Floats(n),
		dist: x.Floats(rows), counts: x.Floats(rows), noise: x.Floats(rows), near: x.Floats(rows), terms: x.Floats(rows), at: x.Codes(rows),
	}
}

// fill fills the missing cells of one row.
func (t *knnImputer) fill(cols []frame.Column, r int, row []float64, q *query) error {
	if !slices.ContainsFunc(row, t.missing.is) {
		return nil
	}
	for f, v := range row {
		if t.missing.is(v) {
			q.row[f], q.squares[f], q.present[f], q.absent[f] = 0, 0, 0, 1
		} else {
			q.row[f], q.squares[f], q.present[f], q.absent[f] = v, v*v, 1, 0
		}
	}
	t.measure(q)
	for f := range row {
		if q.absent[f] == 0 || len(t.donors[f]) == 0 {
			continue
		}
		v, ok := t.mean(f, q)
		if !ok {
			e := job.Invalid("%s: the distances to the nearest training rows are so equal or so small that scikit-learn's answer depends on how the processor rounds", t.class).
				WithHint(`Fill the cell in the table, or fit with weights="uniform" on scaled columns or another number of neighbours`)
			e.Row, e.Column = int64(r)+1, cols[f].Name
			return e
		}
		cols[f].Num[r] = v
	}
	return nil
}

// measure sets the distances to the training rows: over the features that both
// rows have, scaled up to all of them; NaN where there are none.
// Source: sklearn/metrics/pairwise.py, nan_euclidean_distances.
func (t *knnImputer) measure(q *query) {
	norm, grid := pairwise.RowNorm(q.row), pairwise.GridOf(q.row)
	pairwise.SquaredEuclidean(q.dist, q.row, norm, t.rows, t.norms)
	pairwise.AddProducts(q.dist, -1, q.squares, t.absent)
	pairwise.AddProducts(q.dist, -1, q.absent, t.squares)
	clear(q.counts)
	pairwise.AddProducts(q.counts, 1, q.present, t.present)
	for i, count := range q.counts {
		q.noise[i] = 0
		if count == 0 {
			q.dist[i] = math.NaN()
			continue
		}
		if !grid.Exact(t.grids[i], len(q.row)) {
			q.noise[i] = roundings * 0x1p-53 * (norm + t.norms[i]) / count * float64(t.rows.Cols)
		}
		q.dist[i] = math.Sqrt(max(q.dist[i], 0) / count * float64(t.rows.Cols))
	}
}

// mean is that of a feature in the nearest donors. ok is false where rounding
// or the processor has a say in it.
func (t *knnImputer) mean(f int, q *query) (v float64, ok bool) {
	donors := t.donors[f]
	dist, at := q.near[:len(donors)], q.at[:len(donors)]
	known := false
	for i, row := range donors {
		dist[i], at[i] = q.dist[row], int32(i)
		known = known || dist[i] == dist[i]
	}
	if !known {
		return t.means[f], true
	}
	k := min(t.k, len(donors))
	neighbors.Smallest(dist, at, k)
	for i, d := range at {
		at[i] = donors[d]
	}
	if !t.settled(f, q, at, k) {
		return 0, false
	}
	terms, weights := q.terms[:k], q.near[:k]
	for i, row := range at[:k] {
		terms[i], weights[i] = t.rows.At(int(row), f), q.dist[row]
	}
	if !t.byDistance {
		return numpy.Sum(terms) / float64(k), true
	}
	neighbors.Weigh(weights)
	for i, w := range weights {
		if w != w {
			weights[i] = 0
		}
		terms[i] *= weights[i]
	}
	return numpy.Sum(terms) / numpy.Sum(weights), true
}
