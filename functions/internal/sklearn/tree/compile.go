package tree

import (
	"cmp"
	"math/bits"
	"slices"
)

// split is a split of a tree of at most 64 leaves.
type split struct {
	column int32
	key    uint32
	ruled  uint64 // the leaves of its left subtree
}

// splits lists the splits of a tree.
func (t *compiled) splits() []split {
	all := make([]split, 0, t.leaves-1)
	leaves := 0
	var visit func(at uint32)
	visit = func(at uint32) {
		n := t.at(at)
		if n.key >= firstLeaf {
			leaves++
			return
		}
		first := leaves
		visit(n.left)
		all = append(all, split{int32(n.column), n.key, (1<<leaves - 1) &^ (1<<first - 1)})
		visit(n.left + 1)
	}
	visit(0)
	return all
}

// cut is a numeric split's threshold as key64.
func (f *Forest) cut(s split) uint64 {
	if f.cuts != nil {
		return f.cuts[f.columns[s.column].feature].sorted[s.key]
	}
	return key64(float64(float32Of(s.key)))
}

// mostIntervals bounds the intervals, of which each group has a list.
const mostIntervals = 1 << 15

// intervals returns the intervals of each column, given the splits of each tree.
func (f *Forest) intervals(splits [][]split) []intervals {
	out, cuts := make([]intervals, len(f.columns)), make([][]uint64, len(f.columns))
	for t := range splits {
		for _, s := range splits[t] {
			iv := &out[s.column]
			if f.columns[s.column].categorical() {
				// One more than its last code.
				iv.last = max(iv.last, uint32(min(64*len(f.trees[t].sets[s.key]), mostIntervals)))
				continue
			}
			cuts[s.column] = append(cuts[s.column], f.cut(s))
		}
	}
	next := uint32(0)
	for c := range out {
		iv := &out[c]
		iv.column, iv.single = f.columns[c], f.cuts == nil
		slices.Sort(cuts[c])
		iv.cuts = newRanks(slices.Compact(cuts[c]))
		iv.first, iv.last = next, next+max(iv.last, uint32(len(iv.cuts.sorted)))
		next = iv.last + 1
	}
	return out
}

// ruling is a split of a group, and where its leaves are.
type ruling struct {
	split
	tree, word int32
	from       uint32 // the first interval in which a numeric split fails
}

// compile makes the masks of the trees, or returns nil where a walk is the
// better way: for trees of more leaves than a word has bits, and for so many
// columns that a row takes more masks than a walk takes steps.
func (a *Additive[T]) compile(steps int) *masks[T] {
	if !a.maskable() {
		return nil
	}
	splits := make([][]split, len(a.trees))
	for t := range a.trees {
		splits[t] = a.trees[t].splits()
	}
	m := &masks[T]{columns: a.intervals(splits)}
	if len(m.columns) == 0 || m.columns[len(m.columns)-1].last >= mostIntervals {
		return nil
	}
	for total := range a.totals {
		trees, bits := a.treesOf(total)
		for some := range slices.Chunk(trees, maskWords*int(64/bits)) {
			m.groups = append(m.groups, a.group(total, bits, some, m.columns, splits))
		}
		if len(m.groups)*len(m.columns) > steps {
			return nil
		}
	}
	return m
}

func (a *Additive[T]) maskable() bool {
	for t, term := range a.terms {
		if term.width != 1 || a.trees[t].leaves > maskBits {
			return false
		}
	}
	return true
}

// treesOf returns the trees that add to a total, and how many bits each takes.
func (a *Additive[T]) treesOf(total int) (trees []int, size uint) {
	leaves := 1
	for t, term := range a.terms {
		if term.total == total {
			trees = append(trees, t)
			leaves = max(leaves, a.trees[t].leaves)
		}
	}
	if size = 1 << bits.Len(uint(leaves-1)); size == smallBits+1 {
		size = smallBits
	}
	return trees, size
}

func (a *Additive[T]) group(total int, size uint, trees []int, columns []intervals, splits [][]split) group[T] {
	g := group[T]{total: total, trees: len(trees), bits: size}
	g.place(a.terms, trees)
	rulings := a.rulings(size, trees, columns, splits)
	g.at = make([]uint16, 0, columns[len(columns)-1].last+1)
	g.masks = make([]mask, 0, len(rulings)+len(columns))
	for c := range columns {
		n := 0
		for n < len(rulings) && int(rulings[n].column) == c {
			n++
		}
		if columns[c].categorical() {
			g.addCategories(a.Forest, &columns[c], rulings[:n])
		} else {
			g.addNumbers(&columns[c], rulings[:n])
		}
		rulings = rulings[n:]
	}
	return g
}

// place puts the values of the leaves of some trees where sum finds them.
func (g *group[T]) place(terms []term[T], trees []int) {
	if g.bits == smallBits {
		g.small = make([][smallBits + 1]T, len(trees))
		for i, t := range trees {
			copy(g.small[i][:], terms[t].value)
		}
		return
	}
	inWord := int(64 / g.bits)
	g.values = make([]T, (len(trees)+inWord-1)/inWord*64)
	for i, t := range trees {
		shift := uint(i%inWord) * g.bits
		for leaf, v := range terms[t].value {
			bit := uint64(1) << (shift + uint(leaf))
			g.values[i/inWord*64+int(bit*deBruijn>>58)] = v
		}
	}
}

// rulings returns the splits of a group's trees, column after column, those of
// a numeric one in the order in which they fail.
func (a *Additive[T]) rulings(size uint, trees []int, columns []intervals, splits [][]split) []ruling {
	count := 0
	for _, t := range trees {
		count += len(splits[t])
	}
	inWord := int(64 / size)
	rulings := make([]ruling, 0, count)
	for i, t := range trees {
		for _, s := range splits[t] {
			s.ruled <<= uint(i%inWord) * size
			r := ruling{split: s, tree: int32(t), word: int32(i / inWord)}
			if iv := &columns[s.column]; !iv.categorical() {
				r.from = iv.cuts.of(a.cut(s)) + 1
			}
			rulings = append(rulings, r)
		}
	}
	slices.SortFunc(rulings, func(a, b ruling) int {
		if a.column != b.column {
			return cmp.Compare(a.column, b.column)
		}
		return cmp.Compare(a.from, b.from)
	})
	return rulings
}

// none rules out no leaf.
func none() mask {
	var m mask
	for i := range m {
		m[i] = ^uint64(0)
	}
	return m
}

func (g *group[T]) addMask(m mask) {
	g.masks = append(g.masks, m)
	g.at = append(g.at, uint16(len(g.masks)-1))
}

// addNumbers adds the intervals of a numeric column, whose rulings are in the
// order of from: each has the mask of the one below it, and of the splits
// between them.
func (g *group[T]) addNumbers(iv *intervals, rulings []ruling) {
	m := none()
	g.addMask(m)
	for k := range iv.last - iv.first {
		if len(rulings) == 0 || rulings[0].from > k+1 {
			g.at = append(g.at, g.at[len(g.at)-1])
			continue
		}
		for len(rulings) > 0 && rulings[0].from == k+1 {
			m[rulings[0].word] &^= rulings[0].ruled
			rulings = rulings[1:]
		}
		g.addMask(m)
	}
}

// addCategories adds a mask for each category, in the order of their bits.
func (g *group[T]) addCategories(f *Forest, iv *intervals, rulings []ruling) {
	for at := range iv.last - iv.first + 1 {
		m := none()
		for _, r := range rulings {
			if !f.trees[r.tree].sets[r.key].has(at) {
				m[r.word] &^= r.ruled
			}
		}
		g.addMask(m)
	}
}
