package tree

// Leaves writes the number of the leaf that each row reaches in a tree. keys
// are what Keys returned, a row for each element of out.
func (f *Forest) Leaves(tree int, keys, out []int32) {
	t := &f.trees[tree]
	width := len(f.columns)
	switch {
	case t.depth == 0:
		clear(out)
	case t.sets != nil && t.wide != nil:
		walkSets(t.wide, t, f.columns, keys, out)
	case t.sets != nil:
		walkSets(t.narrow, t, f.columns, keys, out)
	case t.wide != nil:
		walk(t.wide, t.shift, t.depth, keys, width, out)
	default:
		walk(t.narrow, t.shift, t.depth, keys, width, out)
	}
}

// step goes from a node to a child, or stays at a leaf. row is where the row's
// keys begin.
func step[L link](nodes []node[L], shift uint, keys []int32, row int, at L) L {
	n := nodes[at]
	var right L
	if keys[row+int(n.link&(1<<(shift&63)-1))] > n.key {
		right = 1
	}
	return n.link>>(shift&63) + right
}

// walk takes lanes of rows down together, so that the processor has as many
// loads under way as there are lanes: a step alone would wait for memory.
func walk[L link](nodes []node[L], shift uint, depth int, keys []int32, width int, out []int32) {
	const lanes = 8
	r := 0
	for ; r+lanes <= len(out); r += lanes {
		r0 := r * width
		r1 := r0 + width
		r2 := r1 + width
		r3 := r2 + width
		r4 := r3 + width
		r5 := r4 + width
		r6 := r5 + width
		r7 := r6 + width
		var a0, a1, a2, a3, a4, a5, a6, a7 L
		for range depth {
			b0 := step(nodes, shift, keys, r0, a0)
			b1 := step(nodes, shift, keys, r1, a1)
			b2 := step(nodes, shift, keys, r2, a2)
			b3 := step(nodes, shift, keys, r3, a3)
			b4 := step(nodes, shift, keys, r4, a4)
			b5 := step(nodes, shift, keys, r5, a5)
			b6 := step(nodes, shift, keys, r6, a6)
			b7 := step(nodes, shift, keys, r7, a7)
			moved := (a0 ^ b0) | (a1 ^ b1) | (a2 ^ b2) | (a3 ^ b3) | (a4 ^ b4) | (a5 ^ b5) | (a6 ^ b6) | (a7 ^ b7)
			a0, a1, a2, a3, a4, a5, a6, a7 = b0, b1, b2, b3, b4, b5, b6, b7
			if moved == 0 {
				break
			}
		}
		o := out[r : r+lanes : r+lanes]
		o[0] = nodes[a0].key - firstLeaf
		o[1] = nodes[a1].key - firstLeaf
		o[2] = nodes[a2].key - firstLeaf
		o[3] = nodes[a3].key - firstLeaf
		o[4] = nodes[a4].key - firstLeaf
		o[5] = nodes[a5].key - firstLeaf
		o[6] = nodes[a6].key - firstLeaf
		o[7] = nodes[a7].key - firstLeaf
	}
	for ; r < len(out); r++ {
		var at L
		for range depth {
			at = step(nodes, shift, keys, r*width, at)
		}
		out[r] = nodes[at].key - firstLeaf
	}
}

// walkSets is walk for a tree with categorical splits.
func walkSets[L link](nodes []node[L], t *compiled, columns []column, keys, out []int32) {
	for r := range out {
		row := keys[r*len(columns):]
		n := nodes[0]
		for n.key < firstLeaf {
			column := n.link & (1<<(t.shift&63) - 1)
			at := n.link >> (t.shift & 63)
			goRight := row[column] > n.key
			if columns[column].cast >= category {
				goRight = !t.sets[n.key].Has(int(row[column]))
			}
			if goRight {
				at++
			}
			n = nodes[at]
		}
		out[r] = n.key - firstLeaf
	}
}
