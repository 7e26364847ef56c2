package tree

import (
	"math"
	"math/bits"
)

// ranks tells of a number how many of some sorted ones are below it. They are a
// binary tree in an array, the children of node i being 2i and 2i+1, in which
// all paths are of one length: a step is a load, a comparison and an addition,
// and no branch, so that the searches of several numbers overlap.
// Source: Khuong and Morin, Array Layouts for Comparison-Based Searching (ACM
// JEA 22, 2017): the layout of Eytzinger.
type ranks struct {
	sorted []uint64 // keys as of key64
	nodes  []uint64 // the first is none
	depth  int
}

// newRanks takes distinct keys in order.
func newRanks(sorted []uint64) ranks {
	r := ranks{sorted: sorted, depth: bits.Len(uint(len(sorted)))}
	if r.depth == 0 {
		return r
	}
	r.nodes = make([]uint64, 1<<r.depth)
	next := 0
	var fill func(node int)
	fill = func(node int) {
		if node >= len(r.nodes) {
			return
		}
		fill(2 * node)
		r.nodes[node] = math.MaxUint64 // what no key is above
		if next < len(sorted) {
			r.nodes[node] = sorted[next]
			next++
		}
		fill(2*node + 1)
	}
	fill(1)
	return r
}

// child is the right child of a node that is below a key, the left one of another.
func child(nodes []uint64, node, key uint64) uint64 {
	return plusBelow(2*node, nodes[node], key)
}

// of returns the rank of a key.
func (r *ranks) of(key uint64) uint32 {
	node := uint64(1)
	for range r.depth {
		node = child(r.nodes, node, key)
	}
	return uint32(node - 1<<r.depth)
}

// ofFour is of for four keys at once.
func (r *ranks) ofFour(k0, k1, k2, k3 uint64) (r0, r1, r2, r3 uint32) {
	n0, n1, n2, n3 := uint64(1), uint64(1), uint64(1), uint64(1)
	nodes := r.nodes
	for range r.depth {
		n0 = child(nodes, n0, k0)
		n1 = child(nodes, n1, k1)
		n2 = child(nodes, n2, k2)
		n3 = child(nodes, n3, k3)
	}
	all := uint64(1) << r.depth
	return uint32(n0 - all), uint32(n1 - all), uint32(n2 - all), uint32(n3 - all)
}

// number writes first plus the rank of each value to every width-th place of
// out. NaN goes where its cast says: below all keys, or above.
func (r *ranks) number(values []float64, to cast, single bool, first uint32, out []uint32, width int) {
	missing := uint64(math.MaxUint64)
	if to == left {
		missing = 0
	}
	for len(values) >= 4 {
		v := values[:4]
		r0, r1, r2, r3 := r.ofFour(rankKey(v[0], single, missing), rankKey(v[1], single, missing),
			rankKey(v[2], single, missing), rankKey(v[3], single, missing))
		out[0], out[width], out[2*width], out[3*width] = first+r0, first+r1, first+r2, first+r3
		values, out = values[4:], out[min(4*width, len(out)):]
	}
	for i, v := range values {
		out[i*width] = first + r.of(rankKey(v, single, missing))
	}
}

// rankKey is the key of a value, which may be rounded to float32 first.
func rankKey(v float64, single bool, missing uint64) uint64 {
	if v != v {
		return missing
	}
	if single {
		v = float64(float32(v))
	}
	return key64(v)
}
