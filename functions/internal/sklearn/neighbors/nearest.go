package neighbors

import (
	"brine/functions/internal/frame"
	"brine/functions/internal/sklearn/estimator"
)

// Nearest is a fitted sklearn.neighbors.NearestNeighbors, which other
// estimators keep to find training rows.
type Nearest struct{ search *search }

// NewNearest reads a NearestNeighbors and its n_neighbors.
func NewNearest(o *estimator.Object) (*Nearest, error) {
	s, err := newSearch(o)
	if err != nil {
		return nil, err
	}
	return &Nearest{s}, s.readK(o, "n_neighbors")
}

// Features is the number of columns that Each takes.
func (n *Nearest) Features() int { return n.search.features }

// Size is the number of training rows.
func (n *Nearest) Size() int { return n.search.index.size() }

// Neighbours is the number of them that Each finds of a row.
func (n *Nearest) Neighbours() int { return n.search.k }

// Each hands visit the nearest training rows of every row of x, the closest
// first. They are overwritten by the next row's.
func (n *Nearest) Each(x *frame.Frame, visit func(row int, nearest []int32)) error {
	return n.search.each(x, func(row int, f *found) error {
		visit(row, f.at)
		return nil
	})
}
