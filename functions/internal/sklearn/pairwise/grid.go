package pairwise

import (
	"math"
	"math/bits"
)

// Grid says of numbers that they are multiples of 2^low below 2^high in
// magnitude, so that one can tell sums which nothing rounds.
type Grid struct{ low, high int }

// GridOf returns the coarsest one of finite numbers.
func GridOf(x []float64) Grid {
	g := Grid{math.MaxInt32, math.MinInt32}
	for _, v := range x {
		if v == 0 {
			continue
		}
		fraction, exponent := math.Frexp(v)
		zeros := bits.TrailingZeros64(uint64(math.Abs(fraction) * 0x1p53))
		g.low, g.high = min(g.low, exponent-53+zeros), max(g.high, exponent)
	}
	return g
}

// Exact tells whether the squared distance of two rows of n features, one on
// each grid, is not rounded in whichever order its at most 8n products are
// added up.
func (g Grid) Exact(other Grid, n int) bool {
	low, high := min(g.low, other.low), max(g.high, other.high)
	return 2*(high-low)+bits.Len(uint(8*n)) <= 53
}
