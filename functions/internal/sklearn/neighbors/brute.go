package neighbors

import (
	"fmt"
	"math"

	"brine/functions/internal/frame"
	"brine/functions/internal/numpy"
	"brine/functions/internal/pickle"
	"brine/functions/internal/sklearn/estimator"
	"brine/functions/internal/sklearn/pairwise"
)

// brute compares a query with every training row.
//
// scikit-learn has two ways for that. Training rows of float64 go through a
// heap, in the order of the rows: the order here is that of a table with more
// rows than the model was fitted on. For a smaller one scikit-learn shares the
// training rows out to its threads, and which of several at the same distance
// is found depends on their number. All other dtypes, some metrics, and all
// rows before scikit-learn 1.1 go through numpy.argpartition. Since numpy 1.25,
// which scikit-learn 1.4 may have had, its choice among several at the same
// distance depends on the processor: such a query is an error.
// Source: sklearn/neighbors/_base.py, KNeighborsMixin.kneighbors;
// sklearn/metrics/_pairwise_distances_reduction/_argkmin.pyx.tp.
type brute struct {
	rows      numpy.Matrix
	ranks     func(dst []float64, q []float64, f *found)
	distance  func(rank float64) float64
	rankOf    func(distance float64) float64
	partition bool
	sort      func(dist []float64, at []int32)
	sparse    bool          // rows are kept by ranks alone, which take sparse queries
	unsettled bool          // which of several at the same distance is found depends on the processor
	rounds    bool          // ranks are sums that BLAS rounds in a way of its own
	grid      pairwise.Grid // with rounds: of the rows

	sieve *sieve    // of the rows, for a heap of squared distances; else nil
	norms []float64 // with a sieve: the squared length of each row
}

// unstable are the metrics that scikit-learn keeps away from its heap because
// they have many ties.
// Source: sklearn/metrics/_pairwise_distances_reduction/_dispatcher.py.
var unstable = map[string]bool{
	"mahalanobis": true, "hamming": true, "jaccard": true, "dice": true, "rogerstanimoto": true,
	"russellrao": true, "sokalmichener": true, "sokalsneath": true, "cosine": true,
}

// scipys are the metrics that scipy.spatial.distance.cdist computes in another
// order than DistanceMetric does.
var scipys = map[string]bool{"braycurtis": true, "mahalanobis": true, "seuclidean": true}

func newBrute(o *estimator.Object, metric string, features int) (*brute, error) {
	if metric == "precomputed" {
		return nil, o.Refuse(`metric="precomputed" takes distances to the training rows, not features`)
	}
	raw, ok := o.Get("_fit_X").(*pickle.Array)
	if !ok {
		return newSparse(o, metric, features)
	}
	data, err := floats(raw, -1, features)
	if err != nil {
		return nil, o.Refuse("its training rows: %v", err)
	}
	p, err := readParams(o)
	if err != nil {
		return nil, err
	}
	b := &brute{rows: numpy.Matrix{Rows: raw.Shape[0], Cols: features, Data: data}, sort: order(o)}
	b.partition = o.Before(1, 1) || unstable[metric] || raw.Dtype.Kind != 'f' || raw.Dtype.Size != 8
	b.unsettled = b.partition && !o.Before(1, 4)
	if err := b.measure(metric, p); err != nil {
		return nil, o.Refuse("%v", err)
	}
	return b, nil
}

// measure chooses the arithmetic of a metric.
func (b *brute) measure(name string, p pairwise.Params) error {
	same := func(v float64) float64 { return v }
	b.distance, b.rankOf = same, same
	switch {
	case name == "euclidean":
		if b.partition {
			b.expanded(pairwise.RowNorm)
		} else {
			b.heaped()
		}
		b.distance = math.Sqrt
		b.rankOf = func(d float64) float64 { return d * d }
		return nil
	case name == "sqeuclidean" && !b.partition:
		b.heaped()
		return nil
	case name == "l2" && b.partition:
		b.expanded(pairwise.RowNorm)
		b.rooted()
		return nil
	case name == "cosine":
		b.cosine()
		return nil
	case b.partition && scipys[name]:
		return fmt.Errorf("brute force with metric %s on training rows of this dtype is not supported", name)
	}
	m, err := pairwise.NewMetric(name, p, b.rows.Cols)
	if err != nil {
		return err
	}
	rank := m.Rank
	if b.partition {
		rank = func(x, y []float64) float64 { return m.Distance(m.Rank(x, y)) }
	} else {
		b.distance, b.rankOf = m.Distance, m.RankOf
	}
	b.ranks = func(dst, q []float64, _ *found) {
		for i := range dst {
			dst[i] = rank(q, b.rows.Row(i))
		}
	}
	return nil
}

// expanded ranks by ‖q‖² − 2 q·y + ‖y‖².
func (b *brute) expanded(norm func([]float64) float64) {
	b.rounds, b.grid = true, pairwise.GridOf(b.rows.Data)
	norms := pairwise.Norms(b.rows, norm)
	b.ranks = func(dst, q []float64, _ *found) {
		pairwise.SquaredEuclidean(dst, q, norm(q), b.rows, norms)
	}
}

// heaped ranks as expanded does, by what goes through the heap.
func (b *brute) heaped() {
	b.expanded(pairwise.SquaredNorm)
	b.norms, b.sieve = pairwise.Norms(b.rows, pairwise.SquaredNorm), newSieve(b.rows)
}

func (b *brute) rooted() {
	squares := b.ranks
	b.rounds = false // noise is of squares
	b.ranks = func(dst, q []float64, f *found) {
		squares(dst, q, f)
		for i, v := range dst {
			dst[i] = math.Sqrt(v)
		}
	}
}

// cosine ranks by 1 − q·y of rows that are scaled to length 1.
// Source: sklearn/metrics/pairwise.py, cosine_distances.
func (b *brute) cosine() {
	unit := numpy.Matrix{Rows: b.rows.Rows, Cols: b.rows.Cols, Data: make([]float64, len(b.rows.Data))}
	for i := range unit.Rows {
		normalize(unit.Row(i), b.rows.Row(i))
	}
	b.rows = unit
	b.ranks = func(dst, q []float64, f *found) {
		normalize(f.query, q)
		clear(dst)
		pairwise.AddProducts(dst, 1, f.query, unit)
		for i, v := range dst {
			dst[i] = min(max(1-v, 0), 2)
		}
	}
}

// shortest is the length below which a row is not scaled.
const shortest = 10 * 0x1p-52

// normalize scales x to length 1 into dst, unless it is 0.
// Source: sklearn/preprocessing/_data.py, normalize.
func normalize(dst, x []float64) {
	norm := math.Sqrt(pairwise.RowNorm(x))
	if norm < shortest {
		norm = 1
	}
	for i, v := range x {
		dst[i] = v / norm
	}
}

func (b *brute) size() int { return b.rows.Rows }

// reserve takes the memory that the queries of a block need from x.
func (b *brute) reserve(x *frame.Frame, f *found) {
	f.all = x.Floats(b.rows.Rows)
	f.order = x.Codes(b.rows.Rows)
	f.query = x.Floats(b.rows.Cols)
	f.sparse = x.Sparse
}

func (b *brute) nearest(q []float64, f *found) {
	if b.partition {
		b.ranks(f.all, q, f)
		b.choose(f)
	} else {
		b.heap(q, f)
		b.sort(f.dist, f.at)
	}
	b.contest(q, f.dist[len(f.dist)-1], f)
	for i, rank := range f.dist {
		f.dist[i] = b.distance(rank)
	}
}

// heap leaves the nearest rows in f as a heap.
func (b *brute) heap(q []float64, f *found) {
	for i := range f.dist {
		f.dist[i], f.at[i] = math.MaxFloat64, 0
	}
	f.next = math.MaxFloat64
	if b.sieve != nil {
		b.sift(q, f)
		return
	}
	b.ranks(f.all, q, f)
	for i, rank := range f.all {
		f.offer(rank, int32(i))
	}
}

// offer is push of a row, of which the nearest is noted that does not stay.
func (f *found) offer(rank float64, row int32) {
	f.next = min(f.next, max(rank, f.dist[0]))
	push(f.dist, f.at, rank, row)
}

// sift offers the heap the rows that may matter.
func (b *brute) sift(q []float64, f *found) {
	probe, n := b.sieve.probe(q), b.rows.Cols
	last := (b.rows.Rows + lanes - 1) / lanes
	for p := probe.next(0, last); p < last; p = probe.next(p+1, last) {
		from, to := p*lanes, min((p+1)*lanes, b.rows.Rows)
		rows := numpy.Matrix{Rows: to - from, Cols: n, Data: b.rows.Data[from*n : to*n]}
		ranks := f.all[:to-from]
		pairwise.SquaredEuclidean(ranks, q, probe.norm, rows, b.norms[from:to])
		for i, rank := range ranks {
			f.offer(rank, int32(from+i))
		}
		probe.within(f.dist[0] + b.noise(probe.norm, f.dist[0]))
	}
}

// choose is KNeighborsMixin._kneighbors_reduce_func.
func (b *brute) choose(f *found) {
	for i := range f.order {
		f.order[i] = int32(i)
	}
	s := selection{f.all, f.order}
	s.partition(len(f.dist) - 1)
	f.next = math.Inf(1)
	for _, row := range f.order[len(f.dist):] {
		f.next = min(f.next, f.all[row])
	}
	copy(f.at, f.order)
	selection{f.all, f.at}.sort()
	for i, row := range f.at {
		f.dist[i] = f.all[row]
	}
}

func (b *brute) within(q []float64, radius float64, f *found) {
	b.ranks(f.all, q, f)
	most := b.rankOf(radius)
	for i, rank := range f.all {
		if rank <= most {
			f.add(b.distance(rank), int32(i))
		}
	}
	b.border(q, most, f)
}
