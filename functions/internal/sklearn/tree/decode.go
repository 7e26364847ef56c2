package tree

import (
	"brine/functions/internal/pickle"
	"brine/functions/internal/sklearn/estimator"
)

// Fitted is the decoded state of a fitted DecisionTree or ExtraTree.
type Fitted struct {
	Nodes
	// Value holds what each node predicts: nodes × outputs × classes, row by
	// row; classes is the largest number of any output, and 1 in a regressor.
	Value            []float64
	Outputs, Classes int

	nodes *pickle.Array
}

// Samples returns the number of training rows in each node.
func (f *Fitted) Samples() ([]float64, error) {
	field, err := f.nodes.Field("n_node_samples")
	if err != nil {
		return nil, err
	}
	return field.Floats()
}

// Read decodes the tree_ of a fitted estimator, for a caller that takes missing
// values or refuses them. The nodes are not checked yet.
// Source: sklearn/tree/_tree.pyx, Tree.__setstate__.
func Read(o *estimator.Object, missing bool) (*Fitted, error) {
	t := o.Object("tree_")
	if t == nil {
		return nil, o.Err()
	}
	if c := t.Class(); c != "sklearn.tree.Tree" {
		return nil, t.Refuse("is not scikit-learn's own Tree")
	}
	nodes := t.Array("nodes")
	fields := newRecord(nodes, "impurity", "n_node_samples", "weighted_n_node_samples", "missing_go_to_left")
	values := t.Array("values")
	if t.Err() != nil {
		return nil, t.Err()
	}
	f := &Fitted{
		Nodes: Nodes{
			Left:      fields.ints("left_child"),
			Right:     fields.ints("right_child"),
			Feature:   fields.ints("feature"),
			Threshold: fields.floats("threshold"),
		},
		nodes: nodes,
	}
	if missing {
		f.MissingLeft = fields.bools("missing_go_to_left")
	}
	if err := fields.err(); err != nil {
		return nil, t.Refuse("%v", err)
	}
	value, err := values.Floats()
	if err != nil {
		return nil, t.Refuse("attribute values %v", err)
	}
	if len(values.Shape) != 3 || values.Shape[0] != len(f.Left) {
		return nil, t.Refuse("has %d nodes with values of shape %v", len(f.Left), values.Shape)
	}
	f.Value, f.Outputs, f.Classes = value, values.Shape[1], values.Shape[2]
	return f, nil
}

// TakesMissing reports whether predict of a decision tree takes NaN.
// Source: sklearn/tree/_classes.py, _support_missing_values and the allow_nan
// tag; the tag's rule changed in 1.6.
func TakesMissing(o *estimator.Object) bool {
	if o.Before(1, 3) || o.Has("monotonic_cst") {
		return false
	}
	extra := o.Class() == "sklearn.tree.ExtraTreeClassifier" || o.Class() == "sklearn.tree.ExtraTreeRegressor"
	splitter := o.Get("splitter")
	switch {
	case o.Before(1, 6) && splitter != "best",
		extra && !o.Before(1, 6) && splitter != "random",
		splitter != "best" && splitter != "random":
		return false
	}
	switch o.Get("criterion") {
	case "gini", "log_loss", "entropy", "squared_error", "friedman_mse", "poisson":
		return true
	}
	return false
}

// ReadHistogram decodes a TreePredictor of histogram gradient boosting, and
// what its leaves add to the raw prediction. known are the bitsets of the
// categories that were there at fit, by feature; nil for a numeric feature.
// Source: sklearn/ensemble/_hist_gradient_boosting/predictor.py and
// _predictor.pyx.
func ReadHistogram(o *estimator.Object, known []*Set) (*Nodes, []float64, error) {
	fields := newRecord(o.Array("nodes"), "count", "gain", "depth", "bin_threshold")
	if o.Err() != nil {
		return nil, nil, o.Err()
	}
	n := &Nodes{
		Left:        fields.ints("left"),
		Right:       fields.ints("right"),
		Feature:     fields.ints("feature_idx"),
		MissingLeft: fields.bools("missing_go_to_left"),
	}
	n.Threshold = fields.floats("num_threshold")
	value := fields.floats("value")
	categorical, bitset := fields.bools("is_categorical"), fields.ints("bitset_idx")
	leaf := fields.bools("is_leaf")
	if err := fields.err(); err != nil {
		return nil, nil, o.Refuse("%v", err)
	}
	for i := range leaf {
		if leaf[i] {
			n.Left[i], n.Right[i] = -1, -1
		} else if n.Left[i] < 0 || n.Right[i] < 0 {
			return nil, nil, o.Refuse("node %d: it is a split without children", i)
		}
	}
	n.Bytes = true
	if err := n.readSets(o, known, categorical, bitset); err != nil {
		return nil, nil, err
	}
	return n, value, nil
}

// readSets makes the sets of categories that go left at categorical splits:
// those of the split's bitset, and the unknown ones where missing values go.
func (n *Nodes) readSets(o *estimator.Object, known []*Set, categorical []bool, bitset []int32) error {
	for i := range n.Left {
		if n.leaf(int32(i)) || !categorical[i] {
			continue
		}
		if n.Category == nil {
			n.Category = make([]int32, len(n.Left))
			for j := range n.Category {
				n.Category[j] = -1
			}
		}
		bits := o.Matrix("raw_left_cat_bitsets")
		if o.Err() != nil {
			return o.Err()
		}
		f, b := int(n.Feature[i]), int(bitset[i])
		if f < 0 || f >= len(known) || known[f] == nil || b < 0 || b >= bits.Rows || bits.Cols != 8 {
			return o.Refuse("node %d: categorical split of feature %d by bitset %d is not among those of the model", i, f, b)
		}
		n.Category[i] = int32(len(n.Categories))
		n.Categories = append(n.Categories, leftSet(bits.Row(b), known[f], n.MissingLeft[i]))
	}
	return nil
}

func leftSet(words []float64, known *Set, missingLeft bool) Set {
	var s Set
	for code := range 256 {
		in := uint32(words[code/32])>>(code%32)&1 != 0
		if in || missingLeft && !known.Has(code) {
			s.Add(code)
		}
	}
	if missingLeft {
		s.Add(Missing)
	}
	return s
}
