package tree

import (
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"brine/functions/internal/frame"
)

// plainLeaf is scikit-learn's own walk: what the engine must do to the node.
// Source: sklearn/tree/_tree.pyx, _apply_dense; with float64 x and categories,
// sklearn/ensemble/_hist_gradient_boosting/_predictor.pyx.
func plainLeaf(n *Nodes, row []float64, single bool) int32 {
	at := int32(0)
	for n.Left[at] >= 0 {
		x := row[n.Feature[at]]
		if single {
			x = float64(float32(x))
		}
		left := x <= n.Threshold[at]
		switch {
		case n.Category != nil && n.Category[at] >= 0:
			code := Missing
			if x >= 0 && n.Bytes {
				code = int(x) % 256
			} else if x >= 0 {
				code = int(x)
			}
			left = n.Categories[n.Category[at]].Has(code)
		case math.IsNaN(x):
			left = n.MissingLeft != nil && n.MissingLeft[at]
		}
		if left {
			at = n.Left[at]
		} else {
			at = n.Right[at]
		}
	}
	return at
}

// maker makes random trees and rows out of the values that go wrong first.
type maker struct {
	*rand.Rand
	features   int
	missing    bool
	categories bool
	seen       []float64 // thresholds so far
}

var awkward = []float64{0, math.Copysign(0, -1), 1, -1, 0.1, 0.3, 1e-45, -1e-45, 1e-320, math.MaxFloat32,
	-math.MaxFloat32, math.SmallestNonzeroFloat32, 16777217, 1e300, -1e300, math.Inf(1), math.Inf(-1)}

func (m *maker) value() float64 {
	switch m.IntN(4) {
	case 0:
		return awkward[m.IntN(len(awkward))]
	case 1:
		return m.NormFloat64()
	}
	if len(m.seen) == 0 {
		return m.NormFloat64()
	}
	v := m.seen[m.IntN(len(m.seen))]
	switch m.IntN(5) {
	case 0:
		return math.Nextafter(v, math.Inf(1))
	case 1:
		return math.Nextafter(v, math.Inf(-1))
	case 2:
		return float64(math.Nextafter32(float32(v), float32(math.Inf(1))))
	case 3:
		return float64(math.Nextafter32(float32(v), float32(math.Inf(-1))))
	}
	return v
}

// tree grows a tree of some splits; a split is put at any leaf so far, so that
// trees are as often chains as they are bushes.
func (m *maker) tree(splits int) *Nodes {
	n := &Nodes{Left: []int32{-1}, Right: []int32{-1}, Feature: []int32{-2}, Threshold: []float64{-2}}
	if m.missing {
		n.MissingLeft = []bool{false}
	}
	if m.categories {
		n.Category, n.Bytes = []int32{-1}, m.IntN(2) == 0
	}
	for range splits {
		at := m.IntN(len(n.Left))
		for n.Left[at] >= 0 {
			at = m.IntN(len(n.Left))
		}
		if m.IntN(2) == 0 && n.Left[len(n.Left)-1] < 0 {
			at = len(n.Left) - 1
		}
		n.Left[at], n.Right[at] = int32(len(n.Left)), int32(len(n.Left)+1)
		n.Feature[at] = int32(m.IntN(m.features))
		n.Threshold[at] = m.value()
		m.seen = append(m.seen, n.Threshold[at])
		for range 2 {
			n.Left, n.Right = append(n.Left, -1), append(n.Right, -1)
			n.Feature, n.Threshold = append(n.Feature, -2), append(n.Threshold, -2)
			if m.missing {
				n.MissingLeft = append(n.MissingLeft, m.IntN(2) == 0)
			}
			if m.categories {
				n.Category = append(n.Category, -1)
			}
		}
		if m.categories && m.IntN(2) == 0 {
			n.Category[at] = int32(len(n.Categories))
			n.Categories = append(n.Categories, Set{m.Uint64(), m.Uint64(), m.Uint64(), m.Uint64(), m.Uint64() & 1})
		}
	}
	return n
}

func (m *maker) frame(rows int) *frame.Frame {
	x := frame.New(rows, nil)
	for range m.features {
		c := x.NumberColumn("")
		for r := range c.Num {
			c.Num[r] = m.value()
			switch {
			case m.missing && m.IntN(8) == 0:
				c.Num[r] = math.NaN()
			case m.categories && m.IntN(2) == 0:
				c.Num[r] = float64(m.IntN(260)) + 0.5*float64(m.IntN(2))
			case m.categories && !(math.Abs(c.Num[r]) < 1e9):
				c.Num[r] = -1
			}
		}
		x.Cols = append(x.Cols, c)
	}
	return x
}

func (m *maker) test(t *testing.T, single bool) {
	trees := make([]*Nodes, 1+m.IntN(4))
	for i := range trees {
		trees[i] = m.tree(m.IntN(40))
	}
	var cuts [][]float64
	if !single {
		cuts = Cuts(trees, m.features)
	}
	f := New(m.features, cuts)
	leaves := make([][]int32, len(trees))
	for i, n := range trees {
		own, err := f.Add(n)
		if err != nil {
			t.Fatal(err)
		}
		leaves[i] = slices.Clone(own)
	}
	x := m.frame(1 + m.IntN(40))
	rows, got, row := f.Rows(x), make([]int32, x.Rows), make([]float64, m.features)
	for i, n := range trees {
		f.Leaves(i, rows, got)
		for r := range x.Rows {
			for c := range row {
				row[c] = x.Cols[c].Num[r]
			}
			if want := plainLeaf(n, row, single); leaves[i][got[r]] != want {
				t.Fatalf("tree %d: row %v reached node %d, want %d", i, row, leaves[i][got[r]], want)
			}
		}
	}
}

// TestLeavesAreThoseOfThePlainWalk covers NaN, infinities, zeros of both signs,
// subnormals and values a step either side of a threshold, of both widths.
func TestLeavesAreThoseOfThePlainWalk(t *testing.T) {
	for seed := range uint64(3000) {
		rng := rand.New(rand.NewPCG(seed, 1))
		m := &maker{Rand: rng, features: 1 + rng.IntN(5), missing: seed%3 == 0, categories: seed%4 == 1}
		m.test(t, !m.categories && seed%2 == 0)
	}
}

func FuzzLeaves(f *testing.F) {
	for seed := range uint64(12) {
		f.Add(seed, seed%2 == 0, seed%3 == 0, seed%4 == 1)
	}
	f.Fuzz(func(t *testing.T, seed uint64, single, missing, categories bool) {
		rng := rand.New(rand.NewPCG(seed, 2))
		m := &maker{Rand: rng, features: 1 + rng.IntN(9), missing: missing, categories: categories}
		m.test(t, single && !categories)
	})
}

// TestWideNodes walks a tree of so many columns that its links take 64 bits.
func TestWideNodes(t *testing.T) {
	const features = 1 << 16
	m := &maker{Rand: rand.New(rand.NewPCG(1, 1)), features: 1}
	n := m.tree(1 << 12)
	f := New(features, nil)
	for i := range n.Left {
		if n.Left[i] >= 0 {
			n.Feature[i] = int32(i) * 7
		}
	}
	for i := range features {
		f.columns = append(f.columns, column{feature: i})
		f.at[i*int(casts)] = int32(i + 1)
	}
	leaves, err := f.Add(n)
	if err != nil {
		t.Fatal(err)
	}
	if f.trees[0].wide == nil {
		t.Fatal("the tree has narrow nodes")
	}
	x := frame.New(9, nil)
	row := make([]float64, features)
	for i := range row {
		row[i] = m.value()
		col := x.NumberColumn("")
		col.Num[8] = row[i]
		x.Cols = append(x.Cols, col)
	}
	got := make([]int32, x.Rows)
	f.Leaves(0, f.Rows(x), got)
	if want := plainLeaf(n, row, true); leaves[got[8]] != want {
		t.Errorf("reached node %d, want %d", leaves[got[8]], want)
	}
}

// TestAddRefusesWhatIsNoTree: no such tree may be walked.
func TestAddRefusesWhatIsNoTree(t *testing.T) {
	good := func() *Nodes {
		return &Nodes{
			Left: []int32{1, -1, 3, -1, -1}, Right: []int32{2, -1, 4, -1, -1},
			Feature: []int32{0, -2, 1, -2, -2}, Threshold: []float64{0, -2, 0, -2, -2},
		}
	}
	if _, err := New(2, nil).Add(good()); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name, want string
		spoil      func(n *Nodes)
	}{
		{"empty", "0 nodes", func(n *Nodes) { *n = Nodes{} }},
		{"short", "several lengths", func(n *Nodes) { n.Feature = n.Feature[:4] }},
		{"short missing", "several lengths", func(n *Nodes) { n.MissingLeft = make([]bool, 4) }},
		{"cycle", "node 2", func(n *Nodes) { n.Left[2] = 0 }},
		{"itself", "node 0", func(n *Nodes) { n.Right[0] = 0 }},
		{"beyond", "node 2", func(n *Nodes) { n.Right[2] = 5 }},
		{"half a leaf", "node 1", func(n *Nodes) { n.Right[1] = 3 }},
		{"shared", "node 2", func(n *Nodes) { n.Left[0], n.Right[0], n.Left[2] = 1, 2, 2 }},
		{"two parents", "node 2", func(n *Nodes) { n.Left[1], n.Right[1], n.Feature[1] = 3, 4, 0 }},
		{"feature", "feature 2 of 2", func(n *Nodes) { n.Feature[2] = 2 }},
		{"no feature", "feature -1 of 2", func(n *Nodes) { n.Feature[2] = -1 }},
		{"threshold", "NaN", func(n *Nodes) { n.Threshold[2] = math.NaN() }},
		{"category", "category set 0 of 0", func(n *Nodes) { n.Category = []int32{0, -1, -1, -1, -1} }},
	} {
		n := good()
		c.spoil(n)
		if _, err := New(2, nil).Add(n); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: error %v, want one with %q", c.name, err, c.want)
		}
	}
}

// bush grows a tree as training does: the leaf of most rows is split within
// its own bounds, somewhere near the middle.
func bush(rng *rand.Rand, features, leaves int) *Nodes {
	type box struct {
		node     int32
		low, top []float64
		rows     int
	}
	n := &Nodes{Left: []int32{-1}, Right: []int32{-1}, Feature: []int32{-2}, Threshold: []float64{-2}}
	low, top := make([]float64, features), make([]float64, features)
	for i := range top {
		top[i] = 1
	}
	queue := []box{{0, low, top, leaves * 2}}
	for len(queue) > 0 && len(n.Left)/2+1 < leaves {
		b := queue[0]
		queue = queue[1:]
		if b.rows < 2 {
			continue
		}
		f := rng.IntN(features)
		share := 0.2 + 0.6*rng.Float64()
		cut := b.low[f] + share*(b.top[f]-b.low[f])
		l := int32(len(n.Left))
		n.Left[b.node], n.Right[b.node], n.Feature[b.node], n.Threshold[b.node] = l, l+1, int32(f), cut
		n.Left, n.Right = append(n.Left, -1, -1), append(n.Right, -1, -1)
		n.Feature, n.Threshold = append(n.Feature, -2, -2), append(n.Threshold, -2, -2)
		left, right := box{l, b.low, append([]float64{}, b.top...), int(share * float64(b.rows))}, box{l + 1, append([]float64{}, b.low...), b.top, int((1 - share) * float64(b.rows))}
		left.top[f], right.low[f] = cut, cut
		queue = append(queue, left, right)
	}
	return n
}
