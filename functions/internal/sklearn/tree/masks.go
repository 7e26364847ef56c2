package tree

import (
	"math/bits"

	"brine/functions/internal/frame"
)

// The trees of a boosting are small: what a row's comparisons say of all splits
// at once costs less than a walk down each tree.
//
// Every leaf is a bit. A split whose test fails rules out the leaves of its
// left subtree, and of those that no split rules out the leftmost one is the
// row's. The splits that look at the same column fail in the order of their
// thresholds, so there is one mask of leaves for every interval between two
// thresholds, and a row's leaves are the AND of one mask for each column.
// Source: Lucchese et al., QuickScorer (SIGIR 2015).
type masks[T float32 | float64] struct {
	columns []intervals
	groups  []group[T]
}

const (
	maskBits  = 64 // leaves that a tree may have
	smallBits = 7  // those of a tree of three levels, but for its last leaf
	maskWords = 4  // that are looked up together
)

type mask [maskWords]uint64

// intervals says in which interval of a column a cell is. Those of all
// columns are numbered through.
type intervals struct {
	column
	single      bool   // cells are rounded to float32
	cuts        ranks  // the thresholds
	first, last uint32 // the numbers of its intervals
}

// group is a run of trees that add to the same total.
type group[T float32 | float64] struct {
	total  int
	trees  int
	bits   uint     // of a tree in a mask: smallBits or a power of two
	at     []uint16 // of each interval of all columns: its mask
	masks  []mask
	values []T                // of the leaf of each bit, at its place (see deBruijn)
	small  [][smallBits + 1]T // in place of values, where a tree has that many bits
}

// number writes the number of each cell's interval, one each width numbers.
func (iv *intervals) number(values []float64, out []uint32, width int) {
	last := iv.last - iv.first
	switch iv.cast {
	case category:
		for i, v := range values {
			out[i*width] = iv.first + min(categoryKey(v), last)
		}
	case byteCategory:
		for i, v := range values {
			out[i*width] = iv.first + min(byteKey(v), last)
		}
	default:
		iv.cuts.number(values, iv.cast, iv.single, iv.first, out, width)
	}
}

// add adds the trees to rows × stride totals.
func (m *masks[T]) add(x *frame.Frame, totals []T, stride int) {
	width := len(m.columns)
	rows := x.Keys(x.Rows * width)
	for c := range m.columns {
		iv := &m.columns[c]
		iv.number(x.Cols[iv.feature].Num, rows[c:], width)
	}
	for i := range m.groups {
		m.groups[i].add(rows, width, totals, stride)
	}
}

// sums is how many rows are added up together: a sum waits for the one before
// it, those of other rows need not.
const sums = 4

func (g *group[T]) add(rows []uint32, width int, totals []T, stride int) {
	count := len(rows) / width
	for first := 0; first < count; first += sums {
		var left [sums]mask
		var sum [sums]T
		n := min(sums, count-first)
		for r := range n {
			m := &left[r]
			m[0], m[1], m[2], m[3] = and(rows[(first+r)*width:][:width], g.at, g.masks)
			sum[r] = totals[(first+r)*stride+g.total]
		}
		g.sum(&left, &sum)
		for r := range n {
			totals[(first+r)*stride+g.total] = sum[r]
		}
	}
}

// and returns the leaves that none of a row's intervals rules out. It is not
// inlined, so that the words stay in registers.
//
//go:noinline
func and(row []uint32, at []uint16, masks []mask) (a0, a1, a2, a3 uint64) {
	a0 = ^uint64(0)
	a1, a2, a3 = a0, a0, a0
	for _, interval := range row {
		m := &masks[at[interval]]
		a0 &= m[0]
		a1 &= m[1]
		a2 &= m[2]
		a3 &= m[3]
	}
	return
}

// deBruijn times a power of two has that power in its highest six bits, each
// in another way: a perfect hash, which finds a lowest bit faster than BSF.
const deBruijn = 0x03f79d71b4ca8b09

// sum adds the values of the leftmost leaves.
func (g *group[T]) sum(left *[sums]mask, sum *[sums]T) {
	if g.small != nil {
		g.sumSmall(left, sum)
		return
	}
	s0, s1, s2, s3 := sum[0], sum[1], sum[2], sum[3]
	trees, inWord := g.trees, int(64/g.bits)
	for w := 0; trees > 0; w++ {
		v := (*[64]T)(g.values[64*w:])
		b0, b1, b2, b3 := left[0][w], left[1][w], left[2][w], left[3][w]
		tree := ^uint64(0) >> (64 - g.bits)
		for range min(trees, inWord) {
			s0 += v[(b0&-b0)*deBruijn>>58]
			s1 += v[(b1&-b1)*deBruijn>>58]
			s2 += v[(b2&-b2)*deBruijn>>58]
			s3 += v[(b3&-b3)*deBruijn>>58]
			b0 &^= tree
			b1 &^= tree
			b2 &^= tree
			b3 &^= tree
			tree <<= g.bits & 63
		}
		trees -= inWord
	}
	sum[0], sum[1], sum[2], sum[3] = s0, s1, s2, s3
}

// lowest is the number of the lowest bit of a small tree, of none that of its
// last leaf.
var lowest = func() (of [1 << smallBits]uint8) {
	for b := range of {
		of[b] = uint8(min(bits.TrailingZeros(uint(b)), smallBits))
	}
	return of
}()

// sumSmall is sum where every tree is small: a table finds its lowest bit. A
// tree's last leaf, which no split rules out, has none, so that nine trees share
// a word.
func (g *group[T]) sumSmall(left *[sums]mask, sum *[sums]T) {
	s0, s1, s2, s3 := sum[0], sum[1], sum[2], sum[3]
	for w, rest := 0, g.small; len(rest) > 0; w++ {
		trees := rest[:min(len(rest), 64/smallBits)]
		b0, b1, b2, b3 := left[0][w], left[1][w], left[2][w], left[3][w]
		for t := range trees {
			v := &trees[t]
			s0 += v[lowest[b0%(1<<smallBits)]&smallBits]
			s1 += v[lowest[b1%(1<<smallBits)]&smallBits]
			s2 += v[lowest[b2%(1<<smallBits)]&smallBits]
			s3 += v[lowest[b3%(1<<smallBits)]&smallBits]
			b0 >>= smallBits
			b1 >>= smallBits
			b2 >>= smallBits
			b3 >>= smallBits
		}
		rest = rest[len(trees):]
	}
	sum[0], sum[1], sum[2], sum[3] = s0, s1, s2, s3
}
