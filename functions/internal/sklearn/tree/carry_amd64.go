package tree

import "math/bits"

// plusBelow returns n, and one more if a is below b, without a branch: that is
// the carry of a subtraction, which an addition takes along.
func plusBelow(n, a, b uint64) uint64 {
	_, below := bits.Sub64(a, b, 0)
	n, _ = bits.Add64(n, 0, below)
	return n
}
