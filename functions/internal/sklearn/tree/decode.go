package tree

import (
	"encoding/binary"
	"math"
	"slices"

	"brine/functions/internal/numpy"
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
func Read(o *estimator.Object, missing bool) (*Fitted, error) {
	f := &Fitted{}
	return f, f.Read(o, missing)
}

// Read is the function Read in the memory of f, for one tree after another.
// Source: sklearn/tree/_tree.pyx, Tree.__setstate__.
func (f *Fitted) Read(o *estimator.Object, missing bool) error {
	t, fields, err := f.open(o)
	if err != nil {
		return err
	}
	return f.read(t, fields, missing)
}

// open finds the tree_ of an estimator and the records of its nodes.
func (f *Fitted) open(o *estimator.Object) (*estimator.Object, *record, error) {
	t := o.Object("tree_")
	if t == nil {
		return nil, nil, o.Err()
	}
	if c := t.Class(); c != "sklearn.tree.Tree" {
		return nil, nil, t.Refuse("is not scikit-learn's own Tree")
	}
	f.nodes = t.Array("nodes")
	return t, newRecord(f.nodes, "impurity", "n_node_samples", "weighted_n_node_samples", "missing_go_to_left"), t.Err()
}

func (f *Fitted) read(t *estimator.Object, fields *record, missing bool) error {
	if !f.readPlain(fields) {
		f.Left = fields.ints("left_child", f.Left)
		f.Right = fields.ints("right_child", f.Right)
		f.Feature = fields.ints("feature", f.Feature)
		f.Threshold = fields.floats("threshold", f.Threshold)
	}
	if missing {
		f.MissingLeft = fields.bools("missing_go_to_left", f.MissingLeft)
	} else {
		f.MissingLeft = nil
	}
	if err := fields.err(); err != nil {
		return t.Refuse("%v", err)
	}
	return f.readValues(t)
}

func (f *Fitted) readValues(t *estimator.Object) error {
	values := t.Array("values")
	if t.Err() != nil {
		return t.Err()
	}
	value, err := values.AppendFloats(f.Value[:0])
	if err != nil {
		return t.Refuse("attribute values %v", err)
	}
	if nodes := f.nodes.Len(); len(values.Shape) != 3 || values.Shape[0] != nodes {
		return t.Refuse("has %d nodes with values of shape %v", nodes, values.Shape)
	}
	f.Value, f.Outputs, f.Classes = value, values.Shape[1], values.Shape[2]
	return nil
}

// plain are the fields that a node begins with wherever 64-bit little-endian
// machines have written it, in any version.
var plain = []pickle.Field{
	{Name: "left_child", Offset: 0, Dtype: pickle.Dtype{Kind: 'i', Size: 8}},
	{Name: "right_child", Offset: 8, Dtype: pickle.Dtype{Kind: 'i', Size: 8}},
	{Name: "feature", Offset: 16, Dtype: pickle.Dtype{Kind: 'i', Size: 8}},
	{Name: "threshold", Offset: 24, Dtype: pickle.Dtype{Kind: 'f', Size: 8}},
}

// readPlain reads the plain fields in one pass over the nodes. It reports
// whether they are as it expects them, and fit into 32 bits.
func (f *Fitted) readPlain(r *record) bool {
	n, size := r.a.Len(), r.a.Dtype.Size
	if !r.begins(plain) || len(r.a.Data) != n*size {
		return false
	}
	f.Left, f.Right = slices.Grow(f.Left[:0], n)[:n], slices.Grow(f.Right[:0], n)[:n]
	f.Feature, f.Threshold = slices.Grow(f.Feature[:0], n)[:n], slices.Grow(f.Threshold[:0], n)[:n]
	left, right, feature, threshold := f.Left[:n], f.Right[:n], f.Feature[:n], f.Threshold[:n]
	var lost int64
	for i := range n {
		node := (*[32]byte)(r.a.Data[i*size:])
		a := int64(binary.LittleEndian.Uint64(node[0:]))
		b := int64(binary.LittleEndian.Uint64(node[8:]))
		c := int64(binary.LittleEndian.Uint64(node[16:]))
		left[i], right[i], feature[i] = int32(a), int32(b), int32(c)
		threshold[i] = math.Float64frombits(binary.LittleEndian.Uint64(node[24:]))
		lost |= a ^ int64(int32(a)) | b ^ int64(int32(b)) | c ^ int64(int32(c))
	}
	return lost == 0
}

// TakesMissing reports whether predict of a decision tree takes NaN.
// Source: sklearn/tree/_classes.py, _support_missing_values and the allow_nan
// tag; the tag's rule changed in 1.6, and from 1.9 on neither the criterion nor
// monotonic constraints matter.
func TakesMissing(o *estimator.Object) bool {
	extra := o.Class() == "sklearn.tree.ExtraTreeClassifier" || o.Class() == "sklearn.tree.ExtraTreeRegressor"
	splitter := o.Get("splitter")
	switch {
	case o.Before(1, 3),
		o.Before(1, 6) && splitter != "best",
		extra && !o.Before(1, 6) && splitter != "random",
		splitter != "best" && splitter != "random":
		return false
	case !o.Before(1, 9):
		return true
	case o.Has("monotonic_cst"):
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
		Left:        fields.ints("left", nil),
		Right:       fields.ints("right", nil),
		Feature:     fields.ints("feature_idx", nil),
		MissingLeft: fields.bools("missing_go_to_left", nil),
	}
	n.Threshold = fields.floats("num_threshold", nil)
	value := fields.floats("value", nil)
	categorical, bitset := fields.bools("is_categorical", nil), fields.ints("bitset_idx", nil)
	leaf := fields.bools("is_leaf", nil)
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
	var bits numpy.Matrix
	for i := range n.Left {
		if n.leaf(int32(i)) || !categorical[i] {
			continue
		}
		if n.Category == nil {
			n.Category = make([]int32, len(n.Left))
			for j := range n.Category {
				n.Category[j] = -1
			}
			if bits = o.Matrix("raw_left_cat_bitsets"); o.Err() != nil {
				return o.Err()
			}
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
