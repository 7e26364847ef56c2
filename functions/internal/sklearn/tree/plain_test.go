package tree

import (
	"encoding/binary"
	"errors"
	"math"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"

	"brine/functions/internal/pickle"
)

// records writes a tree as scikit-learn 1.3 does, depth first.
func records(n *Nodes) *pickle.Array {
	dtype := pickle.Dtype{Kind: 'V', Size: 64, Fields: slices.Concat(plain, []pickle.Field{
		{Name: "impurity", Offset: 32, Dtype: pickle.Dtype{Kind: 'f', Size: 8}},
		{Name: "n_node_samples", Offset: 40, Dtype: pickle.Dtype{Kind: 'i', Size: 8}},
		{Name: "weighted_n_node_samples", Offset: 48, Dtype: pickle.Dtype{Kind: 'f', Size: 8}},
		{Name: "missing_go_to_left", Offset: 56, Dtype: pickle.Dtype{Kind: 'u', Size: 1}},
	})}
	a := &pickle.Array{Dtype: dtype, Shape: []int{len(n.Left)}}
	var write func(i int32) int64
	write = func(i int32) int64 {
		at := len(a.Data)
		a.Data = append(a.Data, make([]byte, dtype.Size)...)
		put := func(offset int, v int64) { binary.LittleEndian.PutUint64(a.Data[at+offset:], uint64(v)) }
		put(0, -1)
		put(8, -1)
		put(16, int64(n.Feature[i]))
		put(24, int64(math.Float64bits(n.Threshold[i])))
		if n.MissingLeft != nil && n.MissingLeft[i] {
			a.Data[at+56] = 1
		}
		if !n.leaf(i) {
			put(0, write(n.Left[i]))
			put(8, write(n.Right[i]))
		}
		return int64(at / dtype.Size)
	}
	write(0)
	return a
}

func openRecords(a *pickle.Array) *record {
	return newRecord(a, "impurity", "n_node_samples", "weighted_n_node_samples", "missing_go_to_left")
}

// plainly is addPlain by way of the columns.
func plainly(f *Forest, a *pickle.Array, missing bool) ([]int32, error) {
	var fitted Fitted
	r := newRecord(a)
	if !fitted.readPlain(r) {
		return nil, errNotPlain
	}
	if missing {
		fitted.MissingLeft = r.bools("missing_go_to_left", nil)
	}
	return f.Add(&fitted.Nodes)
}

var errNotPlain = errors.New("the nodes are not plain")

// checkPlain compares both ways for a few trees of one forest, as they are and
// with a number of each spoilt.
func checkPlain(t *testing.T, seed uint64, missing, spoil bool, features int) {
	t.Helper()
	m := maker{Rand: rand.New(rand.NewPCG(seed, 1)), features: features, missing: missing}
	got, want := New(features, nil), New(features, nil)
	for range 3 {
		a := records(m.tree(m.IntN(200)))
		if spoil {
			at := m.IntN(len(a.Data)/8) * 8
			binary.LittleEndian.PutUint64(a.Data[at:], uint64(m.IntN(len(a.Data)/32)-2))
		}
		leaves, ok := got.addPlain(openRecords(a), missing)
		if !ok {
			if !spoil && features*2 <= 1<<columnBits {
				t.Fatalf("seed %d: a tree of %d nodes was left to Add", seed, a.Len())
			}
			return
		}
		leaves = slices.Clone(leaves)
		if plain, err := plainly(want, a, missing); err != nil || !slices.Equal(leaves, plain) {
			t.Fatalf("seed %d: leaves %v, want %v, %v", seed, leaves, plain, err)
		}
	}
	if !reflect.DeepEqual(got.trees, want.trees) || !slices.Equal(got.columns, want.columns) {
		t.Fatalf("seed %d: another forest", seed)
	}
}

func TestPlainTrees(t *testing.T) {
	for seed := range uint64(300) {
		checkPlain(t, seed, seed%2 == 0, false, 1+int(seed%7))
		checkPlain(t, seed, seed%2 == 0, true, 1+int(seed%7))
		checkPlain(t, seed, seed%2 == 0, false, 200)
	}
}

// TestPlainTreesLeftToAdd: what addPlain cannot do, or must not.
func TestPlainTreesLeftToAdd(t *testing.T) {
	const nodes = 9
	put := func(a *pickle.Array, node, offset int, v int64) {
		binary.LittleEndian.PutUint64(a.Data[node*64+offset:], uint64(v))
	}
	for name, spoil := range map[string]func(a *pickle.Array){
		"nothing but splits": func(a *pickle.Array) {
			for i := range nodes {
				put(a, i, 0, int64(i)+1)
				put(a, i, 8, nodes-1)
				put(a, i, 16, 0)
			}
		},
		"a NaN threshold":             func(a *pickle.Array) { put(a, 0, 24, int64(math.Float64bits(math.NaN()))) },
		"a child before its parent":   func(a *pickle.Array) { put(a, 0, 8, int64(binary.LittleEndian.Uint64(a.Data[8:]))-1<<32) },
		"a child beyond 32 bits":      func(a *pickle.Array) { put(a, 0, 8, int64(binary.LittleEndian.Uint64(a.Data[8:]))+1<<32) },
		"children in the other order": func(a *pickle.Array) { put(a, 0, 0, 2); put(a, 0, 8, 1) },
		"another type":                func(a *pickle.Array) { a.Dtype.Fields[0].Dtype.Kind = 'u' },
		"an unknown field":            func(a *pickle.Array) { a.Dtype.Fields[4].Name = "purity" },
		"no byte for missing values":  func(a *pickle.Array) { a.Dtype.Fields[7].Dtype.Size = 2 },
	} {
		m := maker{Rand: rand.New(rand.NewPCG(1, 1)), features: 2}
		a := records(m.tree(nodes / 2))
		if _, ok := New(2, nil).addPlain(openRecords(a), true); !ok {
			t.Fatal("a good tree was left to Add")
		}
		if spoil(a); a.Len() != nodes {
			t.Fatal("of another size")
		}
		if _, ok := New(2, nil).addPlain(openRecords(a), true); ok {
			t.Errorf("%s: it was taken", name)
		}
	}
}

func FuzzPlainTrees(f *testing.F) {
	f.Add(uint64(1), true, true, uint16(3))
	f.Fuzz(func(t *testing.T, seed uint64, missing, spoil bool, features uint16) {
		checkPlain(t, seed, missing, spoil, 1+int(features%300))
	})
}
