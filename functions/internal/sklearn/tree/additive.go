package tree

import (
	"fmt"

	"brine/functions/internal/frame"
)

// Additive is a forest whose trees add what their leaves hold to the totals of
// a row, tree after tree: the order that decides the last bit of a sum.
type Additive[T float32 | float64] struct {
	*Forest
	totals int
	terms  []term[T] // of each tree
	masks  *masks[T] // instead of a walk, where that is faster
}

// term is what a tree adds: width numbers a leaf, from a total on.
type term[T float32 | float64] struct {
	value        []T
	width, total int
}

// NewAdditive returns an ensemble without trees that adds to totals numbers a
// row. For features and cuts see New.
func NewAdditive[T float32 | float64](features, totals int, cuts [][]float64) *Additive[T] {
	return &Additive[T]{Forest: New(features, cuts), totals: totals}
}

// Give says what the leaves of the last tree that was added hold: width
// numbers each, which are added to the totals from one on.
func (a *Additive[T]) Give(value []T, width, total int) {
	if t := &a.trees[len(a.terms)]; t.leaves > maskBits { // others may become masks
		value = share(t, width, value)
	}
	a.terms = append(a.terms, term[T]{value, width, total})
}

// Trees is the number of trees.
func (a *Additive[T]) Trees() int { return len(a.terms) }

// Compile chooses how the trees are evaluated. It follows the last tree.
func (a *Additive[T]) Compile() {
	steps := 0
	for t := range a.trees {
		steps += a.trees[t].depth
	}
	a.masks = a.compile(steps)
}

// How says what Compile has chosen, for people.
func (a *Additive[T]) How() string {
	nodes, wide := 0, 0
	for t := range a.trees {
		nodes += len(a.trees[t].nodes) + len(a.trees[t].wide)
		wide += len(a.trees[t].wide)
	}
	of := fmt.Sprintf("%d trees, %d nodes: ", len(a.trees), nodes)
	switch {
	case a.masks != nil:
		return of + "all splits at once, by masks of leaves"
	case wide == 0:
		return of + "walked, 8 bytes a node"
	}
	return of + fmt.Sprintf("walked, %d of the nodes of 12 bytes, the others of 8", wide)
}

// Sum adds the trees to rows × totals numbers.
func (a *Additive[T]) Sum(x *frame.Frame, totals []T) {
	if a.masks != nil {
		a.masks.add(x, totals, a.totals)
		return
	}
	rows, leaves := a.Rows(x), x.Codes(x.Rows)
	for t, term := range a.terms {
		a.Leaves(t, rows, leaves)
		term.add(leaves, totals, a.totals)
	}
}

// add adds the values of the rows' leaves to rows × stride totals.
func (t *term[T]) add(leaves []int32, totals []T, stride int) {
	at := t.total
	switch t.width {
	case 1:
		for _, leaf := range leaves {
			totals[at] += t.value[leaf]
			at += stride
		}
	case 2:
		for _, leaf := range leaves {
			v, sum := t.value[2*int(leaf):][:2], totals[at:][:2]
			sum[0] += v[0]
			sum[1] += v[1]
			at += stride
		}
	default:
		for _, leaf := range leaves {
			sum := totals[at:][:t.width]
			for k, v := range t.value[int(leaf)*t.width:][:t.width] {
				sum[k] += v
			}
			at += stride
		}
	}
}
