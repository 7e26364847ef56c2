package tree

import (
	"errors"
	"fmt"
	"math"
)

// Nodes is one decoded tree, an element a node; node 0 is the root. It is what
// a pickle says, not yet known to be a tree: Forest.Add checks it.
type Nodes struct {
	// Left and Right are the children of a split; a leaf has -1 in both.
	Left, Right []int32
	// Feature is the column of the input that a split looks at.
	Feature []int32
	// Threshold is the largest value that goes to the left child.
	Threshold []float64
	// MissingLeft says that NaN goes to the left child. Where it is nil, the
	// estimator takes no missing values.
	MissingLeft []bool
	// Category is the position in Categories of the set that a split tests
	// instead of its threshold, -1 for a numeric split; nil if all are numeric.
	Category []int32
	// Categories are the sets that go to the left child.
	Categories []Set
	// Bytes says that of a category's code only the low byte counts.
	Bytes bool
}

// Set holds category codes and Missing, each as a bit.
type Set []uint64

// Missing is the code of a missing value, and of a category unknown at fit.
const Missing = -1

// bit is where a code is in a Set.
func bit(code int) uint32 { return uint32(code - Missing) }

// Add puts a code into the set.
func (s *Set) Add(code int) {
	at := bit(code)
	for len(*s) <= int(at>>6) {
		*s = append(*s, 0)
	}
	(*s)[at>>6] |= 1 << (at & 63)
}

// Has reports whether the code is in the set.
func (s Set) Has(code int) bool { return s.has(bit(code)) }

func (s Set) has(at uint32) bool {
	return int(at>>6) < len(s) && s[at>>6]>>(at&63)&1 != 0
}

func (n *Nodes) leaf(i int32) bool { return n.Left[i] < 0 && n.Right[i] < 0 }

func (n *Nodes) categorical(i int32) bool { return n.Category != nil && n.Category[i] >= 0 }

// cast says how the split makes a key of a cell.
func (n *Nodes) cast(i int32) cast {
	switch {
	case n.categorical(i) && n.Bytes:
		return byteCategory
	case n.categorical(i):
		return category
	case n.MissingLeft != nil && n.MissingLeft[i]:
		return left
	}
	return right
}

// check proves that there is a root, and something of each kind for every node.
func (n *Nodes) check() error {
	count := len(n.Left)
	if count == 0 || count > math.MaxInt32 {
		return fmt.Errorf("has %d nodes", count)
	}
	if len(n.Right) != count || len(n.Feature) != count || len(n.Threshold) != count ||
		n.MissingLeft != nil && len(n.MissingLeft) != count || n.Category != nil && len(n.Category) != count {
		return errors.New("has node columns of several lengths")
	}
	return nil
}

// checkSplit proves that a walk can go on from a split and will end: each child
// lies behind its parent and has no other, which taken remembers, and the split
// looks at one of the input's features.
func (n *Nodes) checkSplit(i int32, features int, taken []bool) error {
	l, r := n.Left[i], n.Right[i]
	count := int32(len(taken))
	if l <= i || r <= i || l >= count || r >= count || l == r || taken[l] || taken[r] {
		return fmt.Errorf("children %d and %d do not form a tree of %d nodes", l, r, count)
	}
	taken[l], taken[r] = true, true
	if n.Feature[i] < 0 || int(n.Feature[i]) >= features {
		return fmt.Errorf("feature %d of %d", n.Feature[i], features)
	}
	if n.categorical(i) {
		if int(n.Category[i]) >= len(n.Categories) {
			return fmt.Errorf("category set %d of %d", n.Category[i], len(n.Categories))
		}
		return nil
	}
	if math.IsNaN(n.Threshold[i]) {
		return errors.New("its threshold is NaN")
	}
	return nil
}

// Widen turns the features of a tree that was fitted on some columns of its
// input into those of the input.
func (n *Nodes) Widen(columns []int) error {
	for i, f := range n.Feature {
		if n.leaf(int32(i)) {
			continue
		}
		if f < 0 || int(f) >= len(columns) {
			return fmt.Errorf("node %d: feature %d of %d", i, f, len(columns))
		}
		n.Feature[i] = int32(columns[f])
	}
	return nil
}

// Depths returns the number of nodes above each one. The nodes must have been
// checked by Forest.Add.
func (n *Nodes) Depths() []int {
	depths := make([]int, len(n.Left))
	for i := range n.Left {
		if !n.leaf(int32(i)) {
			depths[n.Left[i]] = depths[i] + 1
			depths[n.Right[i]] = depths[i] + 1
		}
	}
	return depths
}
