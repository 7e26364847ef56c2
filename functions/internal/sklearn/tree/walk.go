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
func step(nodes []node, rows *tile, lane int, at uint32) uint32 {
	n := nodes[at]
	var right uint32
	if rows[int(n.column())*lanes+lane] > n.key {
		right = 1
	}
	return n.left() + right
}

// walk finds the leaves of rows, a tile at a time.
func walk(t *compiled, rows Rows, width int, out []int32) {
	for first := 0; first < len(out); first += lanes {
		var leaf [lanes]int32
		leaf[0], leaf[1], leaf[2], leaf[3], leaf[4], leaf[5], leaf[6], leaf[7] =
			descend(t.nodes, (*tile)(rows[first*width:]), t.usual)
		for l := range min(lanes, len(out)-first) {
			out[first+l] = leaf[l] - firstLeaf
		}
	}
}

// descend takes the rows of a tile down together, so that the processor has as
// many loads under way as there are lanes: a step alone would wait for memory.
// Nobody asks whether they have arrived before there have been the usual steps.
// It returns the keys of the leaves. It is not inlined, so that the places of
// the rows stay in registers.
//
//go:noinline
func descend(nodes []node, t *tile, usual int) (k0, k1, k2, k3, k4, k5, k6, k7 int32) {
	var a0, a1, a2, a3, a4, a5, a6, a7 uint32
	for range usual {
		a0 = step(nodes, t, 0, a0)
		a1 = step(nodes, t, 1, a1)
		a2 = step(nodes, t, 2, a2)
		a3 = step(nodes, t, 3, a3)
		a4 = step(nodes, t, 4, a4)
		a5 = step(nodes, t, 5, a5)
		a6 = step(nodes, t, 6, a6)
		a7 = step(nodes, t, 7, a7)
	}
	for moved := uint32(1); moved != 0; {
		b0 := step(nodes, t, 0, a0)
		b1 := step(nodes, t, 1, a1)
		b2 := step(nodes, t, 2, a2)
		b3 := step(nodes, t, 3, a3)
		moved = (a0 ^ b0) | (a1 ^ b1) | (a2 ^ b2) | (a3 ^ b3)
		a0, a1, a2, a3 = b0, b1, b2, b3
		b0 = step(nodes, t, 4, a4)
		b1 = step(nodes, t, 5, a5)
		b2 = step(nodes, t, 6, a6)
		b3 = step(nodes, t, 7, a7)
		moved |= (a4 ^ b0) | (a5 ^ b1) | (a6 ^ b2) | (a7 ^ b3)
		a4, a5, a6, a7 = b0, b1, b2, b3
	}
	return nodes[a0].key, nodes[a1].key, nodes[a2].key, nodes[a3].key,
		nodes[a4].key, nodes[a5].key, nodes[a6].key, nodes[a7].key
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
				right = !t.sets[n.key].Has(int(key))
			}
			if right {
				at++
			}
			n = t.wide[at]
		}
		out[r] = n.key - firstLeaf
	}
}
