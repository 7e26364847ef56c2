package tree

// Leaves writes the number of the leaf that each row reaches in a tree.
func (f *Forest) Leaves(tree int, rows Rows, out []int32) {
	t := &f.trees[tree]
	switch {
	case t.depth == 0:
		clear(out)
	case t.wide != nil:
		f.walkWide(t, rows, out)
	default:
		walk(t, rows, len(f.columns), out)
	}
}

// step goes from a node to a child, or stays at a leaf.
func step(nodes []node, t *tile, lane int, at uint64) uint64 {
	n := nodes[at]
	return plusBelow(uint64(n.left()), uint64(n.key), uint64(t[int(n.column())*lanes+lane]))
}

// walk finds the leaves of rows, a tile at a time.
func walk(t *compiled, rows Rows, width int, out []int32) {
	for ; len(out) >= lanes; out, rows = out[lanes:], rows[lanes*width:] {
		descend(t, (*tile)(rows), (*[lanes]int32)(out))
	}
	if len(out) == 0 {
		return
	}
	var last [lanes]int32
	descend(t, (*tile)(rows), &last)
	copy(out, last[:])
}

// descend takes the rows of a tile down together, so that the processor has as
// many loads under way as there are lanes: a step alone would wait for memory.
// Nobody asks whether they have arrived before there have been the usual steps.
// It is not inlined, so that the places of the rows stay in registers.
//
//go:noinline
func descend(tree *compiled, t *tile, leaf *[lanes]int32) {
	nodes := tree.nodes
	var a0, a1, a2, a3, a4, a5, a6, a7 uint64
	for range tree.usual {
		a0 = step(nodes, t, 0, a0)
		a1 = step(nodes, t, 1, a1)
		a2 = step(nodes, t, 2, a2)
		a3 = step(nodes, t, 3, a3)
		a4 = step(nodes, t, 4, a4)
		a5 = step(nodes, t, 5, a5)
		a6 = step(nodes, t, 6, a6)
		a7 = step(nodes, t, 7, a7)
	}
	for range tree.depth - tree.usual {
		b0 := step(nodes, t, 0, a0)
		b1 := step(nodes, t, 1, a1)
		b2 := step(nodes, t, 2, a2)
		b3 := step(nodes, t, 3, a3)
		moved := (a0 ^ b0) | (a1 ^ b1) | (a2 ^ b2) | (a3 ^ b3)
		a0, a1, a2, a3 = b0, b1, b2, b3
		b0 = step(nodes, t, 4, a4)
		b1 = step(nodes, t, 5, a5)
		b2 = step(nodes, t, 6, a6)
		b3 = step(nodes, t, 7, a7)
		moved |= (a4 ^ b0) | (a5 ^ b1) | (a6 ^ b2) | (a7 ^ b3)
		a4, a5, a6, a7 = b0, b1, b2, b3
		if moved == 0 {
			break
		}
	}
	for l, at := range [lanes]uint64{a0, a1, a2, a3, a4, a5, a6, a7} {
		leaf[l] = int32(nodes[at].key - firstLeaf)
	}
}

// walkWide is walk for wide nodes, a row at a time.
func (f *Forest) walkWide(t *compiled, rows Rows, out []int32) {
	for r := range out {
		row := rows[r/lanes*lanes*len(f.columns)+r%lanes:]
		n := t.wide[0]
		for n.key < firstLeaf {
			key, at := row[n.column*lanes], n.left
			right := key > n.key
			if f.columns[n.column].categorical() {
				right = !t.sets[n.key].has(key)
			}
			if right {
				at++
			}
			n = t.wide[at]
		}
		out[r] = int32(n.key - firstLeaf)
	}
}
