package tree

import (
	"fmt"
	"math"
	"slices"
)

// Forest is an immutable compiled set of trees over the same features. Rows
// become keys once (Rows); then each tree finds their leaves (Leaves). What a
// leaf is worth is its caller's business.
type Forest struct {
	features int
	cuts     []ranks // of each feature; nil for float32 keys
	columns  []column
	at       []int32 // position in columns of each feature and cast, plus 1
	trees    []compiled

	// The memory of Add, for one tree after another.
	leaves []int32
	taken  []bool
	later  []visit
}

// visit is a node that is to be laid at a place.
type visit struct{ node, at, depth int32 }

// New returns a forest without trees that compares float32(x) with float64
// thresholds, as scikit-learn's sklearn.tree does, or with cuts (see Cuts),
// which must hold the thresholds of all trees to come, float64 x.
func New(features int, cuts [][]float64) *Forest {
	f := &Forest{features: features, at: make([]int32, features*int(casts))}
	if cuts == nil {
		return f
	}
	f.cuts = make([]ranks, features)
	for i, values := range cuts {
		keys := make([]uint64, len(values))
		for j, v := range values {
			keys[j] = key64(v)
		}
		f.cuts[i] = newRanks(keys)
	}
	return f
}

// compiled is one tree, as nodes of either kind.
type compiled struct {
	nodes []node
	wide  []wideNode
	sets  []Set // of categorical splits, which only wide nodes have

	leaves, depth int
	usual         int // steps down to a leaf: the leaves' mean depth
}

// wideNode is a split or a leaf. The right child of a split lies behind its
// left one. A split sends right the rows whose key in its column is above its
// own, or is not in the set of that number. No key is above a leaf's, which is
// firstLeaf plus the leaf's number, and which is its own left child: a row may
// take more steps than its path is long.
type wideNode struct {
	key          uint32
	column, left uint32
}

// node is a wideNode in 8 bytes.
type node struct {
	key  uint32
	link uint32 // left above, column below
}

const columnBits = 8

func (n node) left() uint32 { return n.link >> columnBits }

func (n node) column() uint8 { return uint8(n.link) }

// at returns a node of a tree of either kind.
func (t *compiled) at(i uint32) wideNode {
	if t.wide != nil {
		return t.wide[i]
	}
	n := t.nodes[i]
	return wideNode{n.key, uint32(n.column()), n.left()}
}

// Add checks and compiles a tree. It returns the node that each of its leaves
// was, from left to right: the order of the numbers that Leaves returns; they
// are valid until the next Add. An error says what makes n no tree over the
// forest's features.
func (f *Forest) Add(n *Nodes) ([]int32, error) {
	if err := n.check(); err != nil {
		return nil, err
	}
	if leaves := len(n.Left)/2 + 1; leaves > maxLeaves {
		return nil, fmt.Errorf("has %d leaves, more than the %d that are supported", leaves, maxLeaves)
	}
	t := compiled{sets: n.Categories}
	if f.narrow(n) {
		t.nodes = make([]node, len(n.Left))
	} else {
		t.wide = make([]wideNode, len(n.Left))
	}
	leaves, err := f.lay(&t, n)
	if err != nil {
		return nil, err
	}
	t.leaves = len(leaves)
	f.trees = append(f.trees, t)
	return leaves, nil
}

// narrow reports whether a tree fits into nodes of 8 bytes.
func (f *Forest) narrow(n *Nodes) bool {
	const most = 1 << columnBits
	if n.Category != nil || len(n.Left) > math.MaxUint32>>columnBits {
		return false
	}
	if f.features*int(casts) <= most {
		return true
	}
	columns := len(f.columns)
	seen := make([]bool, len(f.at))
	for i, feature := range n.Feature {
		if n.leaf(int32(i)) || feature < 0 || int(feature) >= f.features {
			continue
		}
		at := int(feature)*int(casts) + int(n.cast(int32(i)))
		if f.at[at] == 0 && !seen[at] {
			seen[at] = true
			columns++
		}
	}
	return columns <= most
}

// column returns the position of the key that a split compares.
func (f *Forest) column(feature int32, how cast) uint32 {
	at := &f.at[int(feature)*int(casts)+int(how)]
	if *at == 0 {
		f.columns = append(f.columns, column{int(feature), how})
		*at = int32(len(f.columns))
	}
	return uint32(*at - 1)
}

// lay checks the nodes and puts them in depth-first order, each pair of
// children together, so that the nodes of a path lie near one another. It
// returns the leaves.
func (f *Forest) lay(t *compiled, n *Nodes) ([]int32, error) {
	leaves, later := f.leaves[:0], f.later[:0]
	f.taken = slices.Grow(f.taken[:0], len(n.Left))[:len(n.Left)]
	clear(f.taken)
	next, depths := int32(1), 0
	var v visit
	for {
		if n.leaf(v.node) {
			t.put(v.at, wideNode{firstLeaf + uint32(len(leaves)), 0, uint32(v.at)})
			leaves = append(leaves, v.node)
			t.depth = max(t.depth, int(v.depth))
			depths += int(v.depth)
			if len(later) == 0 {
				t.usual = depths / len(leaves)
				f.leaves, f.later = leaves, later
				return leaves, nil
			}
			v = later[len(later)-1]
			later = later[:len(later)-1]
			continue
		}
		if err := n.checkSplit(v.node, f.features, f.taken); err != nil {
			return nil, fmt.Errorf("node %d: %w", v.node, err)
		}
		t.put(v.at, wideNode{f.thresholdKey(n, v.node), f.column(n.Feature[v.node], n.cast(v.node)), uint32(next)})
		later = append(later, visit{n.Right[v.node], next + 1, v.depth + 1})
		v = visit{n.Left[v.node], next, v.depth + 1}
		next += 2
	}
}

func (t *compiled) put(at int32, n wideNode) {
	if t.wide != nil {
		t.wide[at] = n
		return
	}
	t.nodes[at] = node{n.key, n.left<<columnBits | n.column}
}
