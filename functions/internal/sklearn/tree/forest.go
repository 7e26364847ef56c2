package tree

import (
	"fmt"
	"math/bits"
)

// Forest is an immutable compiled set of trees over the same features. Rows
// become keys once (Keys); then each tree finds their leaves (Leaves). What a
// leaf is worth is its caller's business.
type Forest struct {
	features int
	cuts     [][]float64 // of each feature; nil for float32 keys
	columns  []column
	at       []int32 // position in columns of each feature and cast, plus 1
	trees    []compiled
}

// New returns a forest without trees that compares float32(x) with float64
// thresholds, as scikit-learn's sklearn.tree does, or with cuts (see Cuts),
// which must hold the thresholds of all trees to come, float64 x.
func New(features int, cuts [][]float64) *Forest {
	return &Forest{features: features, cuts: cuts, at: make([]int32, features*int(casts))}
}

// compiled is one tree. A leaf links to itself, so a row may take more steps
// than its path is long.
type compiled struct {
	narrow []node[uint32]
	wide   []node[uint64] // instead of narrow, where 32 bits are too few
	shift  uint           // a link is the left child's position above, the column below
	depth  int
	sets   []Set // of categorical splits
}

type link interface{ uint32 | uint64 }

// node is a split or a leaf. The right child of a split lies behind its left
// one. A split sends right the rows whose key in its column is above its own;
// no key is above a leaf's, which is firstLeaf plus the leaf's number.
type node[L link] struct {
	key  int32
	link L
}

// Add checks and compiles a tree. It returns the node that each of its leaves
// was, in the order of the numbers that Leaves returns. An error says what
// makes n no tree over the forest's features.
func (f *Forest) Add(n *Nodes) ([]int32, error) {
	if err := n.check(f.features); err != nil {
		return nil, err
	}
	if leaves := len(n.Left)/2 + 1; leaves > maxLeaves {
		return nil, fmt.Errorf("has %d leaves, more than the %d that are supported", leaves, maxLeaves)
	}
	columns := make([]int32, len(n.Left))
	for i := range columns {
		if !n.leaf(int32(i)) {
			columns[i] = f.column(n, int32(i))
		}
	}
	t := compiled{shift: uint(bits.Len(uint(len(f.columns))))}
	if n.Category != nil {
		t.sets = n.Categories
	}
	var leaves []int32
	if bits.Len(uint(len(n.Left)))+int(t.shift) <= 32 {
		t.narrow, leaves, t.depth = lay[uint32](f, n, columns, t.shift)
	} else {
		t.wide, leaves, t.depth = lay[uint64](f, n, columns, t.shift)
	}
	f.trees = append(f.trees, t)
	return leaves, nil
}

// column returns the position of the key that a split compares.
func (f *Forest) column(n *Nodes, i int32) int32 {
	how := right
	if n.categorical(i) {
		how = category
		if n.Bytes {
			how = byteCategory
		}
	} else if n.missingLeft(i) {
		how = left
	}
	feature := int(n.Feature[i])
	at := &f.at[feature*int(casts)+int(how)]
	if *at == 0 {
		f.columns = append(f.columns, column{feature, how})
		*at = int32(len(f.columns))
	}
	return *at - 1
}

// lay puts the nodes in depth-first order, each pair of children together, so
// that the nodes of a path lie near one another.
func lay[L link](f *Forest, n *Nodes, columns []int32, shift uint) (nodes []node[L], leaves []int32, depth int) {
	type visit struct{ node, at, depth int32 }
	nodes = make([]node[L], len(n.Left))
	leaves = make([]int32, 0, len(n.Left)/2+1)
	next := int32(1)
	stack := []visit{{}}
	for len(stack) > 0 {
		v := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		if n.leaf(v.node) {
			nodes[v.at] = node[L]{firstLeaf + int32(len(leaves)), L(v.at) << shift}
			leaves = append(leaves, v.node)
			depth = max(depth, int(v.depth))
			continue
		}
		nodes[v.at] = node[L]{f.thresholdKey(n, v.node), L(next)<<shift | L(columns[v.node])}
		stack = append(stack,
			visit{n.Right[v.node], next + 1, v.depth + 1},
			visit{n.Left[v.node], next, v.depth + 1})
		next += 2
	}
	return nodes, leaves, depth
}
