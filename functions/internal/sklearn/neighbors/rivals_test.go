package neighbors

import (
	"math"
	"slices"
	"testing"

	"brine/functions/internal/frame"
	"brine/functions/internal/numpy"
	"brine/functions/internal/sklearn/pairwise"
)

// bruteOf is brute force by euclidean distances over rows.
func bruteOf(t *testing.T, partition bool, rows ...[]float64) *brute {
	t.Helper()
	b := &brute{rows: numpy.Matrix{Rows: len(rows), Cols: len(rows[0]), Data: slices.Concat(rows...)}, sort: quicksort, partition: partition}
	if err := b.measure("euclidean", pairwise.Params{}); err != nil {
		t.Fatal(err)
	}
	return b
}

// ask finds the k nearest rows of a query, or those within a radius if k is 0.
func (b *brute) ask(k int, radius float64, q ...float64) *found {
	f := &found{dist: make([]float64, k), at: make([]int32, k)}
	b.reserve(frame.New(1, nil), f)
	if k > 0 {
		b.nearest(q, f)
	} else {
		b.within(q, radius, f)
	}
	return f
}

// TestRivals: rows that rounding alone puts in an order are noted, whether a heap
// or a partition finds them; not those at the same distance for sure.
func TestRivals(t *testing.T) {
	const a, b = 0.6, 0.8 // 0.36 + 0.64 is 1 but for rounding
	for _, c := range []struct {
		name string
		rows [][]float64
		k    int
		q    []float64
		want []int32
	}{
		{"apart", [][]float64{{a, b, 0}, {b, -a, 0}, {2, 0, 0}}, 2, []float64{0, 0, 1}, nil},
		{"at one distance", [][]float64{{a, b, 0}, {b, -a, 0}, {-b, a, 0}, {2, 0, 0}}, 2, []float64{0, 0, 1}, []int32{0, 1, 2}},
		{"the nearer is known", [][]float64{{a, b, 0}, {0, 0, 0.9}, {b, -a, 0}}, 2, []float64{0, 0, 1}, []int32{0, 2}},
		{"the same row", [][]float64{{a, b, 0}, {a, b, 0}, {a, b, 0}}, 2, []float64{0, 0, 1}, nil},
		{"whole numbers", [][]float64{{3, 4}, {5, 0}, {0, -5}}, 2, []float64{0, 0}, nil},
		{"halves", [][]float64{{1.5, 2}, {2.5, 0}, {0, -2.5}}, 2, []float64{0, 0}, nil},
		{"all of them", [][]float64{{a, b}, {b, a}}, 2, []float64{0, 0}, nil},
	} {
		for _, partition := range []bool{false, true} {
			if f := bruteOf(t, partition, c.rows...).ask(c.k, 0, c.q...); !slices.Equal(f.rivals, c.want) {
				t.Errorf("%s (partition: %v): %v, want %v", c.name, partition, f.rivals, c.want)
			}
		}
	}
}

// TestRivalsByArgpartition: of rows at the very same distance it takes any.
func TestRivalsByArgpartition(t *testing.T) {
	b := bruteOf(t, true, []float64{3, 4}, []float64{5, 0}, []float64{9, 9}, []float64{1, 0})
	b.unsettled = true
	if f := b.ask(2, 0, 0, 0); !slices.Equal(f.rivals, []int32{0, 1}) {
		t.Errorf("%v", f.rivals)
	}
	b.ranks = func(dst, _ []float64, _ *found) {
		for i := range dst {
			dst[i] = math.Inf(1)
		}
	}
	b.rounds = false
	if f := b.ask(2, 0, 0, 0); !slices.Equal(f.rivals, []int32{0, 1, 2, 3}) {
		t.Errorf("at an infinite distance: %v", f.rivals)
	}
	b = bruteOf(t, true, []float64{3, 4}, []float64{5, 0}, []float64{9, 9}, []float64{1, 0})
	b.unsettled = true
	if f := b.ask(3, 0, 0, 0); f.rivals != nil {
		t.Errorf("of all that are as near: %v", f.rivals)
	}
}

func TestRivalsAtBorder(t *testing.T) {
	b := bruteOf(t, false, []float64{0.6, 0.8}, []float64{0.5, 0})
	if f := b.ask(0, 1, 0, 0); !slices.Equal(f.rivals, []int32{0}) {
		t.Errorf("%v", f.rivals)
	}
	if f := b.ask(0, 1.1, 0, 0); f.rivals != nil || len(f.at) != 2 {
		t.Errorf("inside: %v", f.rivals)
	}
	if f := bruteOf(t, false, []float64{3, 4}).ask(0, 5, 0, 0); f.rivals != nil || len(f.at) != 1 {
		t.Errorf("of whole numbers: %v", f.rivals)
	}
}

// TestSettle: rivals matter unless they are alike.
func TestSettle(t *testing.T) {
	class := []int{0, 1, 1}
	s := &search{k: 1, alike: func(a, b int32) bool { return class[a] == class[b] }}
	for _, c := range []struct {
		rivals []int32
		wrong  bool
	}{{nil, false}, {[]int32{1, 2}, false}, {[]int32{0, 1, 2}, true}} {
		if err := s.settle(0, &found{rivals: c.rivals}); (err != nil) != c.wrong {
			t.Errorf("%v: %v", c.rivals, err)
		}
	}
	if err := (&search{}).settle(0, &found{rivals: []int32{1}}); err == nil {
		t.Error("a row at the border of a radius is taken")
	}
}
