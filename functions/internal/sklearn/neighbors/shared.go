package neighbors

import (
	"brine/functions/internal/frame"
	"brine/functions/internal/sklearn/estimator"
)

// Smallest brings the indices of the k smallest values to the front of at, in
// the order in which numpy.argpartition(values, k-1) leaves them; NaN counts
// as larger than any number. k is at least 1 and at most len(at).
func Smallest(values []float64, at []int32, k int) { selection{values, at}.partition(k - 1) }

// Weigh replaces distances by what weights="distance" makes of them.
func Weigh(dist []float64) { weigh(dist) }

// NewWithin reads a NearestNeighbors and its radius: all training rows within
// it are found.
func NewWithin(o *estimator.Object) (*Nearest, error) {
	s, err := newSearch(o)
	if err != nil {
		return nil, err
	}
	return &Nearest{s}, s.readRadius(o)
}

// EachDistance hands visit the training rows found for every row of x, and
// their distances. Both are overwritten by the next row's. An error of visit
// ends it.
func (n *Nearest) EachDistance(x *frame.Frame, visit func(row int, nearest []int32, distance []float64) error) error {
	return n.search.each(x, func(row int, f *found) error { return visit(row, f.at, f.dist) })
}
