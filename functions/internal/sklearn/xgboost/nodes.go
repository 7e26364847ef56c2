package xgboost

import (
	"errors"
	"fmt"
	"math"

	"brine/functions/internal/sklearn/estimator"
	"brine/functions/internal/sklearn/tree"
)

// view is a feature as numeric or as categorical splits see it: each is a
// feature of the forest.
type view struct {
	feature     int
	categorical bool
}

// stored is a tree as the model keeps it, an element a node. The leaves' values
// are among the split conditions.
type stored struct {
	left, right, feature, condition, defaultLeft, kind []float64
	sets                                               map[int]*tree.Set // of the categorical splits
}

// readStored reads a tree's arrays.
// Source: src/tree/tree_model.cc, RegTree::LoadModel.
func readStored(o *estimator.Object, d document) (*stored, error) {
	var t stored
	for name, to := range map[string]*[]float64{
		"left_children": &t.left, "right_children": &t.right, "split_indices": &t.feature,
		"split_conditions": &t.condition, "default_left": &t.defaultLeft, "split_type": &t.kind,
	} {
		var err error
		if *to, err = floats(at(d, name)); err != nil {
			return nil, fmt.Errorf("%s %w", name, err)
		}
	}
	n := len(t.left)
	for _, column := range [][]float64{t.right, t.feature, t.condition, t.defaultLeft, t.kind} {
		if len(column) != n {
			return nil, errors.New("has node columns of several lengths")
		}
	}
	if n == 0 {
		return nil, errors.New("has no nodes")
	}
	if size := at(d, "tree_param", "size_leaf_vector"); size != "0" && size != "1" {
		return nil, errors.New("has a vector in each leaf, which is not supported")
	}
	return &t, t.readSets(o, d)
}

// mostCategories is how many categories a feature has at most.
// Source: src/common/categorical.h, OutOfRangeCat.
const mostCategories = 1 << 24

// readSets reads the sets of categories that go right.
func (t *stored) readSets(o *estimator.Object, d document) error {
	var columns [4][]float64
	for i, name := range []string{"categories", "categories_nodes", "categories_segments", "categories_sizes"} {
		var err error
		if columns[i], err = floats(at(d, name)); err != nil {
			return fmt.Errorf("%s %w", name, err)
		}
	}
	codes, nodes, begins, sizes := columns[0], columns[1], columns[2], columns[3]
	if len(nodes) != len(begins) || len(nodes) != len(sizes) {
		return errors.New("has sets of categories that do not fit together")
	}
	t.sets = map[int]*tree.Set{}
	for i, n := range nodes {
		from, to := begins[i], begins[i]+sizes[i]
		if !(from >= 0 && sizes[i] >= 0 && to <= float64(len(codes)) && n >= 0 && n < float64(len(t.left))) {
			return fmt.Errorf("has a set of categories from %v to %v of %d", from, to, len(codes))
		}
		set := new(tree.Set)
		if !o.Spend(int(sizes[i])) {
			return errTooLarge
		}
		for _, code := range codes[int(from):int(to)] {
			if !(code >= 0 && code < mostCategories) {
				return fmt.Errorf("has the category %v", code)
			}
			if beyond := int(code)/64 - len(*set); beyond > 0 && !o.Spend(beyond) {
				return errTooLarge
			}
			set.Add(int(code))
		}
		t.sets[int(n)] = set
	}
	return nil
}

// nodes numbers the nodes that the root leads to from the top down, and
// returns what each leaf adds. A split sends left what is below its condition:
// at most the number before it.
// Source: src/predictor/predict_fn.h, GetNextNode.
func (t *stored) nodes(features int, v *tree.Views[view]) (*tree.Nodes, []float32, error) {
	n := &tree.Nodes{}
	var value []float32
	add := func() int32 {
		n.Left, n.Right = append(n.Left, -1), append(n.Right, -1)
		n.Feature, n.Threshold = append(n.Feature, 0), append(n.Threshold, 0)
		n.MissingLeft, n.Category = append(n.MissingLeft, false), append(n.Category, -1)
		value = append(value, 0)
		return int32(len(n.Left) - 1)
	}
	type visit struct {
		from int
		to   int32
	}
	queue := []visit{{0, add()}}
	for len(queue) > 0 {
		from, to := queue[0].from, queue[0].to
		queue = queue[1:]
		if t.left[from] == -1 {
			value[to] = float32(t.condition[from])
			continue
		}
		if len(n.Left) > len(t.left) {
			return nil, nil, errors.New("has nodes that form no tree")
		}
		l, err := t.node(t.left[from])
		if err != nil {
			return nil, nil, err
		}
		r, err := t.node(t.right[from])
		if err != nil {
			return nil, nil, err
		}
		first, second := add(), add()
		n.Left[to], n.Right[to] = first, second
		if err := t.split(n, from, to, features, v); err != nil {
			return nil, nil, err
		}
		if n.Category[to] >= 0 {
			l, r = r, l // the set names what goes right
		}
		queue = append(queue, visit{l, first}, visit{r, second})
	}
	return n, value, nil
}

func (t *stored) node(i float64) (int, error) {
	if !(i > 0 && i < float64(len(t.left))) {
		return 0, fmt.Errorf("has the child %v of %d nodes", i, len(t.left))
	}
	return int(i), nil
}

func (t *stored) split(n *tree.Nodes, from int, to int32, features int, v *tree.Views[view]) error {
	f := t.feature[from]
	if !(f >= 0 && f < float64(features)) {
		return fmt.Errorf("splits at feature %v of %d", f, features)
	}
	w := view{int(f), t.kind[from] != 0}
	n.Feature[to] = v.Number(w)
	if w.categorical {
		set := t.sets[from]
		if set == nil {
			return fmt.Errorf("has no categories at its split %d", from)
		}
		if t.defaultLeft[from] == 0 {
			set.Add(tree.Missing)
		}
		n.Category[to] = int32(len(n.Categories))
		n.Categories = append(n.Categories, *set)
		return nil
	}
	below := math.Nextafter32(float32(t.condition[from]), float32(math.Inf(-1)))
	if math.IsInf(float64(below), -1) || below != below {
		return fmt.Errorf("splits at %v", t.condition[from])
	}
	n.Threshold[to], n.MissingLeft[to] = float64(below), t.defaultLeft[from] != 0
	return nil
}
