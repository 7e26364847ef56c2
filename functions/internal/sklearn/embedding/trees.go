// Package embedding has sklearn.ensemble.RandomTreesEmbedding.
package embedding

import (
	"brine/functions/internal/frame"
	"brine/functions/internal/pickle"
	"brine/functions/internal/sklearn/estimator"
	"brine/functions/internal/sklearn/tree"
)

// Classes are the estimators of this package.
var Classes = estimator.Registry{
	"sklearn.ensemble.RandomTreesEmbedding": build,
}

// trees has a column for each leaf of each tree: 1 where a row ends up in it.
// Source: sklearn/ensemble/_forest.py, RandomTreesEmbedding.transform.
type trees struct {
	name     string
	features int
	forest   *tree.Forest
	column   [][]int32 // of each leaf of each tree; -1 for one that no training row was in
	width    int
	sparse   bool
}

func build(o *estimator.Object) (estimator.Estimator, error) {
	t := &trees{name: o.Name(), features: o.Features()}
	children, encoder := o.Objects("estimators_"), o.Object("one_hot_encoder_")
	if err := o.Err(); err != nil {
		return nil, err
	}
	name := "sparse_output"
	if !encoder.Has(name) {
		name = "sparse" // up to 1.1
	}
	t.sparse = encoder.Bool(name)
	categories := encoder.List("categories_")
	if err := encoder.Err(); err != nil {
		return nil, err
	}
	if len(children) == 0 || len(categories) != len(children) {
		return nil, o.Refuse("has %d trees and the leaves of %d", len(children), len(categories))
	}
	t.forest = tree.New(t.features, nil)
	for i, child := range children {
		if err := t.add(child, categories[i]); err != nil {
			return nil, err
		}
		if !o.Columns(len(t.column[i])) {
			return nil, o.Err()
		}
	}
	return t, nil
}

// add gives the leaves of a tree their columns: those of the nodes that known lists.
func (t *trees) add(o *estimator.Object, known any) error {
	fitted, err := tree.Read(o, false)
	if err != nil {
		return err
	}
	leaves, err := t.forest.Add(&fitted.Nodes)
	if err != nil {
		return o.Refuse("its tree %v", err)
	}
	a, ok := known.(*pickle.Array)
	if !ok {
		return o.Refuse("its leaves are %s", estimator.Describe(known))
	}
	nodes, err := a.Ints()
	if err != nil {
		return o.Refuse("its leaves %v", err)
	}
	at := map[int64]int32{}
	for _, node := range nodes {
		at[node] = int32(t.width)
		t.width++
	}
	columns := make([]int32, len(leaves))
	for i, node := range leaves {
		columns[i] = -1
		if c, ok := at[int64(node)]; ok {
			columns[i] = c
		}
	}
	t.column = append(t.column, columns)
	return nil
}

// Inputs implements estimator.Estimator.
func (t *trees) Inputs() []frame.Kind { return estimator.AllNumbers(t.features) }

// Transform implements estimator.Transformer.
func (t *trees) Transform(x *frame.Frame) (*frame.Frame, error) {
	if err := tree.Check(x, t.name, false); err != nil {
		return nil, err
	}
	out := make([]frame.Column, t.width)
	for c := range out {
		out[c] = x.NumberColumn("")
	}
	rows, leaves := t.forest.Rows(x), x.Codes(x.Rows)
	for i, columns := range t.column {
		t.forest.Leaves(i, rows, leaves)
		for r, leaf := range leaves {
			if c := columns[leaf]; c >= 0 {
				out[c].Num[r] = 1
			}
		}
	}
	f := x.With(out)
	f.Sparse = t.sparse
	return f, nil
}
