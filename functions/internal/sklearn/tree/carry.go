//go:build !amd64

package tree

// plusBelow returns n, and one more if a is below b, without a branch.
func plusBelow(n, a, b uint64) uint64 {
	var below uint64
	if a < b {
		below = 1
	}
	return n + below
}
