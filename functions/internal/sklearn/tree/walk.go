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
		walk(t.nodes, rows, len(f.columns), out)
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

// walk takes the rows of a tile down together, so that the processor has as
// many loads under way as there are lanes: a step alone would wait for memory.
func walk(nodes []node, rows Rows, width int, out []int32) {
	for first := 0; first < len(out); first += lanes {
		t := (*tile)(rows[first*width:])
		var a0, a1, a2, a3, a4, a5, a6, a7 uint32
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
		leaves := [lanes]int32{nodes[a0].key, nodes[a1].key, nodes[a2].key, nodes[a3].key,
			nodes[a4].key, nodes[a5].key, nodes[a6].key, nodes[a7].key}
		for l := range min(lanes, len(out)-first) {
			out[first+l] = leaves[l] - firstLeaf
		}
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
