package neighbors

import (
	"encoding/binary"
	"math"
	"slices"
	"strings"
	"testing"

	"brine/functions/internal/pickle"
	"brine/functions/internal/sklearn/pairwise"
)

func floatArray(values []float64, shape ...int) *pickle.Array {
	a := &pickle.Array{Dtype: pickle.Dtype{Kind: 'f', Size: 8}, Shape: shape}
	for _, v := range values {
		a.Data = binary.LittleEndian.AppendUint64(a.Data, math.Float64bits(v))
	}
	return a
}

func intArray(values ...uint64) *pickle.Array {
	a := &pickle.Array{Dtype: pickle.Dtype{Kind: 'i', Size: 8}, Shape: []int{len(values)}}
	for _, v := range values {
		a.Data = binary.LittleEndian.AppendUint64(a.Data, v)
	}
	return a
}

// nodeArray is node_data: start, end, is_leaf and radius of each node.
func nodeArray(nodes ...[4]float64) *pickle.Array {
	whole := pickle.Dtype{Kind: 'i', Size: 8}
	a := &pickle.Array{Shape: []int{len(nodes)}, Dtype: pickle.Dtype{Kind: 'V', Size: 32, Fields: []pickle.Field{
		{Name: "idx_start", Offset: 0, Dtype: whole},
		{Name: "idx_end", Offset: 8, Dtype: whole},
		{Name: "is_leaf", Offset: 16, Dtype: whole},
		{Name: "radius", Offset: 24, Dtype: pickle.Dtype{Kind: 'f', Size: 8}},
	}}}
	for _, n := range nodes {
		for _, v := range n[:3] {
			a.Data = binary.LittleEndian.AppendUint64(a.Data, uint64(v))
		}
		a.Data = binary.LittleEndian.AppendUint64(a.Data, math.Float64bits(n[3]))
	}
	return a
}

func extension(class string, state pickle.Tuple) *pickle.Object {
	return &pickle.Object{
		Class: pickle.Global{Module: "sklearn", Name: "newObj"},
		Args:  []any{pickle.Global{Module: "sklearn", Name: class}},
		State: state,
	}
}

// smallTree is the state of a KDTree of the points 0, 10, 1 and 11 on a line.
func smallTree() pickle.Tuple {
	metric := extension("EuclideanDistance64", pickle.Tuple{2.0, floatArray([]float64{0}, 1), floatArray([]float64{0}, 1, 1)})
	return pickle.Tuple{
		floatArray([]float64{0, 10, 1, 11}, 4, 1),
		intArray(2, 0, 3, 1),
		nodeArray([4]float64{0, 4, 0, 5.5}, [4]float64{0, 2, 1, 0.5}, [4]float64{2, 4, 1, 0.5}),
		floatArray([]float64{0, 0, 10, 11, 1, 11}, 2, 3, 1),
		int64(2), int64(2), int64(3), int64(0), int64(0), int64(0), int64(0), metric, nil,
	}
}

func TestTree(t *testing.T) {
	tree, err := readTree(extension("KDTree", smallTree()), 1)
	if err != nil {
		t.Fatal(err)
	}
	tree.sort = quicksort
	f := &found{dist: make([]float64, 3), at: make([]int32, 3)}
	tree.nearest([]float64{9}, f)
	if !slices.Equal(f.at, []int32{1, 3, 2}) || !slices.Equal(f.dist, []float64{1, 2, 8}) {
		t.Errorf("the nearest of 9 are %v at %v", f.at, f.dist)
	}
	f = &found{}
	tree.within([]float64{1}, 1, f)
	if !slices.Equal(f.at, []int32{2, 0}) || !slices.Equal(f.dist, []float64{0, 1}) {
		t.Errorf("within 1 of 1 are %v at %v", f.at, f.dist)
	}
}

// TestBoundOfNoDistance: two rows without a truth have the distance 0/0, which
// keeps no node from its turn.
func TestBoundOfNoDistance(t *testing.T) {
	metric, err := pairwise.NewMetric("sokalsneath", pairwise.Params{}, 2)
	if err != nil {
		t.Fatal(err)
	}
	g := &tree{
		metric: metric, sort: quicksort, ball: true, points: []float64{0, 0, 1, 0}, rows: []int32{0, 1},
		nodes: []node{{start: 0, end: 2, radius: 1}, {start: 0, end: 1, leaf: true}, {start: 1, end: 2, leaf: true}},
		lower: []float64{0.5, 0, 0, 0, 1, 0},
	}
	f := &found{dist: make([]float64, 1), at: make([]int32, 1)}
	g.nearest([]float64{0, 0}, f)
	if f.at[0] != 1 || f.dist[0] != 1 {
		t.Errorf("the nearest is %v at %v", f.at, f.dist)
	}
}

func TestReadTreeRefuses(t *testing.T) {
	for _, c := range []struct {
		name   string
		damage func(state pickle.Tuple)
		want   string
	}{
		{"a row twice", func(s pickle.Tuple) { s[1] = intArray(2, 0, 3, 3) }, "no permutation"},
		{"a row that is not there", func(s pickle.Tuple) { s[1] = intArray(2, 0, 3, 4) }, "no permutation"},
		{"too few rows", func(s pickle.Tuple) { s[1] = intArray(2, 0, 1) }, "idx_array has 3 rows"},
		{"NaN", func(s pickle.Tuple) { s[0] = floatArray([]float64{0, 10, math.NaN(), 11}, 4, 1) }, "finite"},
		{"another width", func(s pickle.Tuple) { s[0] = floatArray([]float64{0, 10, 1, 11}, 2, 2) }, "shape"},
		{"a node past the end", func(s pickle.Tuple) { s[2] = nodeArray([4]float64{0, 5, 1, 0}) }, "covers points"},
		{"a root of half", func(s pickle.Tuple) { s[2] = nodeArray([4]float64{0, 2, 1, 0}) }, "root"},
		{"no children", func(s pickle.Tuple) { s[2] = nodeArray([4]float64{0, 4, 0, 0}) }, "children are missing"},
		{"a gap", func(s pickle.Tuple) {
			s[2] = nodeArray([4]float64{0, 4, 0, 5.5}, [4]float64{0, 2, 1, 0.5}, [4]float64{3, 4, 1, 0.5})
		}, "share out"},
		{"too few bounds", func(s pickle.Tuple) { s[3] = floatArray([]float64{0, 0, 10, 11}, 2, 2, 1) }, "node_bounds"},
		{"turned bounds", func(s pickle.Tuple) { s[3] = floatArray([]float64{0, 2, 10, 11, 1, 11}, 2, 3, 1) }, "lower bound above"},
		{"a user's metric", func(s pickle.Tuple) {
			s[11] = extension("PyFuncDistance64", pickle.Tuple{2.0, s[3], s[3], nil, nil})
		}, "PyFuncDistance64"},
		{"a metric for ball trees", func(s pickle.Tuple) {
			s[11] = extension("HammingDistance64", s[11].(*pickle.Object).State.(pickle.Tuple))
		}, "cannot search"},
	} {
		state := smallTree()
		c.damage(state)
		if _, err := readTree(extension("KDTree", state), 1); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v, want an error with %q", c.name, err, c.want)
		}
	}
	if _, err := readTree(extension("QuadTree", smallTree()), 1); err == nil {
		t.Error("a QuadTree was taken")
	}
}
