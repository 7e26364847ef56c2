package tree

import (
	"encoding/binary"
	"math"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"

	"brine/functions/internal/frame"
	"brine/functions/internal/job"
	"brine/functions/internal/pickle"
	"brine/functions/internal/sklearn/estimator"
)

// load decodes the model of one of testdata's cases.
func load(t *testing.T, name string) *pickle.Object {
	t.Helper()
	data, err := os.ReadFile("../../../../testdata/models/" + name + "/model.pkl")
	if err != nil {
		t.Fatal(err)
	}
	file, err := pickle.Decode(data)
	if err != nil {
		t.Fatal(err)
	}
	return file.Root.(*pickle.Object)
}

// attribute returns the place of an attribute's value.
func attribute(t *testing.T, o *pickle.Object, name string) *any {
	t.Helper()
	state := o.State.(*pickle.Dict)
	at := slices.Index(state.Keys, any(name))
	if at < 0 {
		t.Fatalf("no attribute %s", name)
	}
	return &state.Values[at]
}

func object(t *testing.T, o *pickle.Object, name string) *pickle.Object {
	return (*attribute(t, o, name)).(*pickle.Object)
}

func array(t *testing.T, o *pickle.Object, name string) *pickle.Array {
	return (*attribute(t, o, name)).(*pickle.Array)
}

// setInt writes a whole number into a field of a node.
func setInt(a *pickle.Array, field string, node int, v int64) {
	a.Data = slices.Clone(a.Data)
	for _, f := range a.Dtype.Fields {
		if f.Name == field {
			binary.LittleEndian.PutUint64(a.Data[node*a.Dtype.Size+f.Offset:], uint64(v))
		}
	}
}

func buildRoot(root *pickle.Object) (estimator.Predictor, error) {
	return estimator.BuildPredictor(estimator.NewObject(root, Classes, 0))
}

// TestCorruptTreesAreRefused: a model that would lead a walk astray is the
// user's to mend, and says where it is wrong.
func TestCorruptTreesAreRefused(t *testing.T) {
	for _, c := range []struct {
		name, model, want string
		spoil             func(t *testing.T, tree *pickle.Object)
	}{
		{"a cycle", "decision-tree-regressor", "node 0: children 0 and", func(t *testing.T, tree *pickle.Object) {
			setInt(array(t, tree, "nodes"), "left_child", 0, 0)
		}},
		{"a child beyond the nodes", "decision-tree-classifier", "node 0: children 1 and 1000000", func(t *testing.T, tree *pickle.Object) {
			setInt(array(t, tree, "nodes"), "right_child", 0, 1_000_000)
		}},
		{"a child beyond 32 bits", "decision-tree-classifier", `field "right_child" of its nodes holds 4294967298 (element 0)`, func(t *testing.T, tree *pickle.Object) {
			setInt(array(t, tree, "nodes"), "right_child", 0, 1<<32+2)
		}},
		{"a feature that is none", "extra-tree-regressor", "node 0: feature 99 of 6", func(t *testing.T, tree *pickle.Object) {
			setInt(array(t, tree, "nodes"), "feature", 0, 99)
		}},
		{"a threshold that is NaN", "decision-tree-regressor", "node 0: its threshold is NaN", func(t *testing.T, tree *pickle.Object) {
			setInt(array(t, tree, "nodes"), "threshold", 0, int64(math.Float64bits(math.NaN())))
		}},
		{"a field of a later version", "decision-tree-regressor", `field "is_categorical"`, func(t *testing.T, tree *pickle.Object) {
			nodes := array(t, tree, "nodes")
			nodes.Dtype.Fields = append(slices.Clone(nodes.Dtype.Fields), pickle.Field{Name: "is_categorical", Dtype: pickle.Dtype{Kind: 'u', Size: 1}})
		}},
		{"a field that is missing", "decision-tree-regressor", `no field "threshold"`, func(t *testing.T, tree *pickle.Object) {
			nodes := array(t, tree, "nodes")
			nodes.Dtype.Fields = slices.DeleteFunc(slices.Clone(nodes.Dtype.Fields), func(f pickle.Field) bool { return f.Name == "threshold" })
		}},
		{"values of other nodes", "decision-tree-regressor", "with values of shape [1 1 1]", func(t *testing.T, tree *pickle.Object) {
			array(t, tree, "values").Shape = []int{1, 1, 1}
			array(t, tree, "values").Data = make([]byte, 8)
		}},
		{"values of other classes", "decision-tree-classifier", "3 classes, but its nodes hold 1 of 1", func(t *testing.T, tree *pickle.Object) {
			v := array(t, tree, "values")
			v.Shape = []int{v.Shape[0], 1, 1}
			v.Data = v.Data[:8*v.Shape[0]]
		}},
		{"a tree of another library", "decision-tree-classifier", "is not scikit-learn's own Tree", func(_ *testing.T, tree *pickle.Object) {
			tree.Class.Module = "sktree.tree._tree"
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			root := load(t, c.model)
			c.spoil(t, object(t, root, "tree_"))
			_, err := buildRoot(root)
			if err == nil || !strings.Contains(err.Error(), c.want) || job.TypeOf(err) != job.ValidationError {
				t.Errorf("error %v, want a ValidationError with %q", err, c.want)
			}
		})
	}
}

// TestBigEndianAndNarrowFields reads what other machines write.
func TestBigEndianAndNarrowFields(t *testing.T) {
	record := newRecord(&pickle.Array{
		Shape: []int{2},
		Dtype: pickle.Dtype{Kind: 'V', Size: 13, Fields: []pickle.Field{
			{Name: "a", Offset: 0, Dtype: pickle.Dtype{Kind: 'i', Size: 4, Big: true}},
			{Name: "b", Offset: 4, Dtype: pickle.Dtype{Kind: 'f', Size: 8, Big: true}},
			{Name: "c", Offset: 12, Dtype: pickle.Dtype{Kind: 'u', Size: 1}},
		}},
		Data: []byte{255, 255, 255, 254, 0x3f, 0xf8, 0, 0, 0, 0, 0, 0, 240, 0, 0, 1, 0, 0xbf, 0xf8, 0, 0, 0, 0, 0, 0, 0},
	})
	if got := record.ints("a", nil); !slices.Equal(got, []int32{-2, 256}) {
		t.Errorf("a = %v", got)
	}
	if got := record.floats("b", nil); !slices.Equal(got, []float64{1.5, -1.5}) {
		t.Errorf("b = %v", got)
	}
	if err := record.err(); err == nil || !strings.Contains(err.Error(), `"c"`) {
		t.Errorf("error %v, want one about the unread c", err)
	}
	record = newRecord(record.a, "c")
	record.ints("a", nil)
	record.floats("b", nil)
	if got := record.bools("c", nil); !slices.Equal(got, []bool{true, false}) || record.err() != nil {
		t.Errorf("c = %v, %v", got, record.err())
	}
}

// reversed returns the nodes as another machine could have written them: fields
// in the other order, and big-endian.
func reversed(nodes *pickle.Array) *pickle.Array {
	out := &pickle.Array{Dtype: nodes.Dtype, Shape: nodes.Shape, Data: slices.Clone(nodes.Data)}
	out.Dtype.Fields = nil
	at := 0
	for _, f := range slices.Backward(nodes.Dtype.Fields) {
		for i := range nodes.Len() {
			from, to := nodes.Data[i*nodes.Dtype.Size+f.Offset:], out.Data[i*nodes.Dtype.Size+at:]
			for b := range f.Dtype.Size {
				to[b] = from[f.Dtype.Size-1-b]
			}
		}
		f.Offset, f.Dtype.Big = at, true
		out.Dtype.Fields = append(out.Dtype.Fields, f)
		at += f.Dtype.Size
	}
	return out
}

// TestReadAgain: trees of several sizes, read one after the other into the same
// memory in both layouts, are what each is by itself.
func TestReadAgain(t *testing.T) {
	var f Fitted
	for _, name := range []string{"decision-tree-regressor", "extra-tree-regressor", "decision-tree-classifier", "decision-tree-regressor"} {
		for _, missing := range []bool{true, false} {
			root := load(t, name)
			o := estimator.NewObject(root, Classes, 0)
			want, err := Read(o, missing)
			if err != nil || len(want.Left) < 3 || (want.MissingLeft != nil) != missing {
				t.Fatalf("%s: %v, %+v", name, err, want)
			}
			nodes := attribute(t, object(t, root, "tree_"), "nodes")
			for _, layout := range []any{*nodes, reversed((*nodes).(*pickle.Array))} {
				*nodes = layout
				if err := f.Read(o, missing); err != nil {
					t.Fatal(err)
				}
				f.nodes = want.nodes
				if !reflect.DeepEqual(&f, want) {
					t.Errorf("%s, missing %v: got %+v, want %+v", name, missing, f, want)
				}
			}
		}
	}
}

func TestTakesMissing(t *testing.T) {
	for _, c := range []struct {
		model, version, splitter, criterion string
		monotonic, want                     bool
	}{
		{"decision-tree-classifier", "1.2.2", "best", "gini", false, false},
		{"decision-tree-classifier", "1.3.0", "best", "gini", false, true},
		{"decision-tree-classifier", "1.3.0", "best", "entropy", false, true},
		{"decision-tree-classifier", "1.5.2", "random", "gini", false, false},
		{"decision-tree-classifier", "1.6.0", "random", "gini", false, true},
		{"decision-tree-regressor", "1.3.0", "best", "squared_error", false, true},
		{"decision-tree-regressor", "1.3.0", "best", "absolute_error", false, false},
		{"extra-tree-regressor", "1.3.0", "random", "squared_error", false, false},
		{"extra-tree-regressor", "1.3.0", "best", "squared_error", false, true},
		{"extra-tree-regressor", "1.6.0", "random", "squared_error", false, true},
		{"extra-tree-classifier", "1.6.0", "best", "gini", false, false},
		{"decision-tree-regressor", "1.5.2", "best", "squared_error", true, false},
		{"decision-tree-regressor", "1.8.0", "best", "squared_error", true, false},
		{"decision-tree-regressor", "1.8.0", "best", "absolute_error", false, false},
		{"decision-tree-regressor", "1.9.1", "best", "squared_error", true, true},
		{"decision-tree-regressor", "1.9.1", "random", "absolute_error", true, true},
		{"extra-tree-regressor", "1.9.1", "random", "absolute_error", true, true},
		{"extra-tree-regressor", "1.9.1", "best", "absolute_error", false, false},
	} {
		root := load(t, c.model)
		*attribute(t, root, "_sklearn_version") = c.version
		*attribute(t, root, "splitter") = c.splitter
		*attribute(t, root, "criterion") = c.criterion
		if c.monotonic {
			state := root.State.(*pickle.Dict)
			state.Keys, state.Values = append(state.Keys, "monotonic_cst"), append(state.Values, &pickle.List{Items: []any{int64(1)}})
		}
		if got := TakesMissing(estimator.NewObject(root, Classes, 0)); got != c.want {
			t.Errorf("%+v: %v", c, got)
		}
	}
}

// TestInputIsChecked names the first cell that scikit-learn would refuse.
func TestInputIsChecked(t *testing.T) {
	for _, c := range []struct {
		model string
		value float64
		want  string // of the error; "" for none
	}{
		{"decision-tree-regressor", math.NaN(), ""},
		{"decision-tree-regressor", math.Inf(1), "infinite"},
		{"decision-tree-regressor", 1e39, "overflowing"},
		{"decision-tree-regressor", 1<<60 + 1<<36, "half way"},
		{"decision-tree-regressor", 1<<60 + 1<<36 + 1<<8, ""},
		{"decision-tree-regressor-absolute-error", math.NaN(), "missing values"},
		{"extra-tree-classifier", math.NaN(), "missing values"},
	} {
		p, err := buildRoot(load(t, c.model))
		if err != nil {
			t.Fatal(err)
		}
		x := frame.New(3, nil)
		for range p.Inputs() {
			x.Cols = append(x.Cols, x.NumberColumn("c"))
		}
		x.Cols[1].Name = "here"
		x.Cols[1].Num[2] = c.value
		_, err = p.Predict(x)
		e, ok := err.(*job.Error)
		if c.want == "" {
			if err != nil {
				t.Errorf("%s, %v: %v", c.model, c.value, err)
			}
		} else if !ok || e.Row != 3 || e.Column != "here" || !strings.Contains(e.Message, c.want) {
			t.Errorf("%s, %v: error %v, want one with %q at row 3, column here", c.model, c.value, err, c.want)
		}
		x.Sparse = true
		if _, err := p.Predict(x); err == nil && c.value != 1<<60+1<<36+1<<8 {
			t.Errorf("%s took %v in a sparse matrix", c.model, c.value)
		}
	}
}

// TestByteKey: how x86-64 casts a float64 to uint8, which is undefined in C.
func TestByteKey(t *testing.T) {
	for v, code := range map[float64]int{
		0: 0, math.Copysign(0, -1): 0, 3.99: 3, 255: 255, 256: 0, 300.5: 44, 2147483647: 255, 2147483648: 0, 1e300: 0,
		math.Inf(1): 0, -0.5: Missing, -1: Missing, math.Inf(-1): Missing,
	} {
		if got := byteKey(v); got != bit(code) {
			t.Errorf("byteKey(%v) = %d, want the bit of %d", v, got, code)
		}
	}
	if got := byteKey(math.NaN()); got != bit(Missing) {
		t.Errorf("byteKey(NaN) = %d", got)
	}
}
