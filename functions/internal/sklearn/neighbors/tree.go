package neighbors

import (
	"math"

	"brine/functions/internal/sklearn/pairwise"
)

// tree is a fitted KDTree or BallTree. It is searched node for node as
// scikit-learn does, because that order decides which of several neighbours at
// the same distance is found.
// Source: sklearn/neighbors/_binary_tree.pxi, _kd_tree.pyx, _ball_tree.pyx.
type tree struct {
	metric pairwise.Metric
	sort   func(dist []float64, at []int32)
	ball   bool
	nodes  []node
	points []float64 // rows in the order of the leaves
	rows   []int32   // the training row of each point
	lower  []float64 // nodes × features: KD: least values; ball: centroids
	upper  []float64 // nodes × features: KD: largest values
	sieve  *sieve    // of the points; nil unless the metric is euclidean
}

// node covers points[start:end]. The children of node i are 2i+1 and 2i+2.
type node struct {
	start, end int32
	leaf       bool
	radius     float64 // ball
}

func (t *tree) size() int { return len(t.rows) }

// nearest is BinaryTree.query: depth first, the closer child first.
func (t *tree) nearest(q []float64, f *found) {
	for i := range f.dist {
		f.dist[i], f.at[i] = math.Inf(1), 0
	}
	s := treeSearch{tree: t, q: q, f: f}
	if t.sieve != nil {
		s.probe = t.sieve.probe(q)
	}
	s.nearest(0, t.bound(0, q))
	t.sort(f.dist, f.at)
	for i, rank := range f.dist {
		f.dist[i] = t.metric.Distance(rank)
	}
}

// within is BinaryTree.query_radius.
func (t *tree) within(q []float64, radius float64, f *found) {
	s := treeSearch{tree: t, q: q, f: f}
	s.within(0, radius, t.metric.RankOf(radius))
}

type treeSearch struct {
	*tree
	q     []float64
	f     *found
	probe probe // with a sieve
}

// nearest searches node i, whose points have at least rank bound.
func (s *treeSearch) nearest(i int, bound float64) {
	if bound > s.f.dist[0] {
		return
	}
	n := &s.nodes[i]
	if n.leaf {
		s.scan(n)
		return
	}
	first, second := 2*i+1, 2*i+2
	near, far := s.twoBounds(first)
	if !(near <= far) {
		first, second, near, far = second, first, far, near
	}
	s.nearest(first, near)
	s.nearest(second, far)
}

func (s *treeSearch) scan(n *node) {
	q, dist, at := s.q, s.f.dist, s.f.at
	points := s.points[int(n.start)*len(q) : int(n.end)*len(q)]
	if s.sieve == nil {
		rough := s.metric.Rough
		for _, row := range s.rows[n.start:n.end] {
			p := points[:len(q)]
			points = points[len(q):]
			if rough == nil || rough(q, p) <= dist[0]*(1+1e-9) {
				push(dist, at, s.metric.Rank(q, p), row)
			}
		}
		return
	}
	s.sift(int(n.start), int(n.end))
}

// sift is scan for euclidean distances. It leaves out rows that do not matter.
func (s *treeSearch) sift(start, end int) {
	q, dist, at, probe := s.q, s.f.dist, s.f.at, &s.probe
	last := (end + lanes - 1) / lanes
	for p := probe.next(start/lanes, last); p < last; p = probe.next(p+1, last) {
		for i := max(start, p*lanes); i < min(end, (p+1)*lanes); i++ {
			row := s.points[i*len(q):][:len(q)]
			var sum float64
			for j, v := range q {
				d := v - row[j]
				sum += float64(d * d)
			}
			if sum < dist[0] {
				push(dist, at, sum, s.rows[i])
				probe.within(dist[0])
			}
		}
	}
}

// within searches node i for points whose distance is at most radius, of which
// rank is the rank.
func (s *treeSearch) within(i int, radius, rank float64) {
	low, high := s.bounds(i)
	if low > radius {
		return
	}
	n := &s.nodes[i]
	if high > radius && !n.leaf {
		s.within(2*i+1, radius, rank)
		s.within(2*i+2, radius, rank)
		return
	}
	points := s.points[int(n.start)*len(s.q) : int(n.end)*len(s.q)]
	for _, row := range s.rows[n.start:n.end] {
		r := s.metric.Rank(s.q, points[:len(s.q)])
		points = points[len(s.q):]
		if high <= radius || r <= rank {
			s.f.add(s.metric.Distance(r), row)
		}
	}
}

// bound is the least rank that a point of node i can have (min_rdist).
func (t *tree) bound(i int, q []float64) float64 {
	if t.ball {
		centre := t.lower[i*len(q) : (i+1)*len(q)]
		distance := t.metric.Distance(t.metric.Rank(q, centre))
		return t.metric.RankOf(positive(distance - t.nodes[i].radius))
	}
	lower, upper := t.lower[i*len(q):(i+1)*len(q)], t.upper[i*len(q):(i+1)*len(q)]
	var sum float64
	if math.IsInf(t.metric.P, 1) {
		for j, v := range q {
			sum = max(sum, outside(v, lower[j], upper[j]))
		}
		return sum
	}
	for j, v := range q {
		if d := outside(v, lower[j], upper[j]); t.metric.P == 2 {
			sum += float64(d * d)
		} else {
			sum += float64(pairwise.Pow(d, t.metric.P))
		}
	}
	return sum
}

// positive is fmax(0, v), which is 0 for NaN: some metrics divide 0 by 0.
func positive(v float64) float64 {
	if v > 0 {
		return v
	}
	return 0
}

// twoBounds are bound of node i and of the next. For euclidean distances there
// are no branches, as the side of a box on which a query lies is hard to
// foretell: one of the two differences is not above 0.
func (s *treeSearch) twoBounds(i int) (first, second float64) {
	if s.ball || s.metric.P != 2 {
		return s.bound(i, s.q), s.bound(i+1, s.q)
	}
	q := s.q
	n := len(q)
	lower, upper := s.lower[i*n:][:n], s.upper[i*n:][:n]
	lower2, upper2 := s.lower[(i+1)*n:][:n], s.upper[(i+1)*n:][:n]
	for j, v := range q {
		below, above := lower[j]-v, v-upper[j]
		d := 0.5 * ((below + math.Abs(below)) + (above + math.Abs(above)))
		first += float64(d * d)
		below, above = lower2[j]-v, v-upper2[j]
		d = 0.5 * ((below + math.Abs(below)) + (above + math.Abs(above)))
		second += float64(d * d)
	}
	return first, second
}

// outside is how far v lies outside of an interval.
func outside(v, lower, upper float64) float64 {
	if v < lower {
		return lower - v
	}
	if v > upper {
		return v - upper
	}
	return 0
}

// bounds are the least and the largest distance that a point of node i can
// have (min_max_dist).
func (s *treeSearch) bounds(i int) (low, high float64) {
	q := s.q
	if s.ball {
		distance := s.metric.Distance(s.metric.Rank(q, s.lower[i*len(q):(i+1)*len(q)]))
		return positive(distance - s.nodes[i].radius), distance + s.nodes[i].radius
	}
	lower, upper := s.lower[i*len(q):(i+1)*len(q)], s.upper[i*len(q):(i+1)*len(q)]
	chebyshev := math.IsInf(s.metric.P, 1)
	for j, v := range q {
		near := outside(v, lower[j], upper[j])
		far := max(math.Abs(lower[j]-v), math.Abs(v-upper[j]))
		if chebyshev {
			low, high = max(low, near), max(high, far)
			continue
		}
		low += float64(pairwise.Pow(near, s.metric.P))
		high += float64(pairwise.Pow(far, s.metric.P))
	}
	if chebyshev {
		return low, high
	}
	return pairwise.Pow(low, 1/s.metric.P), pairwise.Pow(high, 1/s.metric.P)
}
