package impute

import "math"

const (
	// roundings bounds by how many roundings of the norms of two rows the
	// square of their distance is off.
	roundings = 16
	// lost is the share of a squared distance that may be rounding where it
	// becomes a weight.
	lost = 1e-9
)

// settled says whether the k nearest donors, which lead in at, would be the
// same however products were rounded, or have at least the same values; and,
// where distances become weights, whether these are more than rounding.
//
// scikit-learn takes a distance as the difference of BLAS sums, whose last
// bits depend on the processor; so does, from numpy 1.25 on, which of several
// equal ones argpartition finds.
func (t *knnImputer) settled(f int, q *query, at []int32, k int) bool {
	square := func(row int32) float64 {
		if d := q.dist[row]; d == d {
			return d * d
		}
		return math.MaxFloat64
	}
	last := at[0]
	for _, row := range at[:k] {
		if square(row) > square(last) {
			last = row
		}
		if t.byDistance && q.noise[row] > lost*square(row) {
			return false
		}
	}
	like := func(row int32) bool {
		noise := q.noise[row] + q.noise[last]
		return math.Abs(square(row)-square(last)) <= noise && (noise > 0 || t.unsettled)
	}
	value, outside, differ := t.rows.At(int(last), f), false, false
	for i, row := range at {
		if like(row) {
			outside = outside || i >= k
			differ = differ || t.rows.At(int(row), f) != value
		}
	}
	return !outside || !differ
}
