package neighbors

import (
	"math"
	"slices"

	"brine/functions/internal/sklearn/pairwise"
)

// roundings is how many roundings of its terms a rank may be off, as BLAS adds
// them up in an order of its own.
const roundings = 8

// noise is how far apart the ranks of two rows may be for the processor to decide
// which of them is nearer to a query of the squared length norm: ‖y‖² is at most
// twice that of the query and twice the rank.
func (b *brute) noise(norm, rank float64) float64 {
	if !b.rounds {
		return 0
	}
	return roundings * 0x1p-53 * (3*norm + 2*rank)
}

// length is the squared length of a query, where noise needs it.
func (b *brute) length(q []float64) float64 {
	if !b.rounds {
		return 0
	}
	return pairwise.SquaredNorm(q)
}

// contest notes as rivals the rows that are as near to a query as the last one
// that was found, unless it is known which of them scikit-learn takes: of rows at
// the very same distance it is, but by argpartition.
func (b *brute) contest(q []float64, last float64, f *found) {
	noise := b.noise(b.length(q), last)
	if f.next-last > noise {
		return
	}
	if noise > 0 && b.grid.Exact(pairwise.GridOf(q), len(q)) {
		noise = 0
	}
	if f.next-last > noise || noise == 0 && !b.unsettled {
		return
	}
	if b.sieve != nil { // it left ranks out
		b.ranks(f.all, q, f)
	}
	if near := f.near(last, noise); b.unsettled || !b.same(near) {
		f.rivals = near
	}
}

// border notes as rivals the rows of which rounding decides whether they are
// within a radius, given its rank.
func (b *brute) border(q []float64, most float64, f *found) {
	if !b.rounds {
		return
	}
	if near := f.near(most, b.noise(b.length(q), most)); len(near) > 0 && !b.grid.Exact(pairwise.GridOf(q), len(q)) {
		f.rivals = near
	}
}

// near lists the rows whose rank is a given one but for noise.
func (f *found) near(rank, noise float64) []int32 {
	rows := f.order[:0]
	for i, v := range f.all {
		if v == rank || math.Abs(v-rank) <= noise { // both may be infinite
			rows = append(rows, int32(i))
		}
	}
	return rows
}

// same tells whether rows are equal to each other, so that their ranks are.
func (b *brute) same(rows []int32) bool {
	return !slices.ContainsFunc(rows, func(r int32) bool {
		return !slices.Equal(b.rows.Row(int(r)), b.rows.Row(int(rows[0])))
	})
}
