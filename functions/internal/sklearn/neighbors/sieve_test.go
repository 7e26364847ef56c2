package neighbors

import (
	"cmp"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"brine/functions/internal/numpy"
	"brine/functions/internal/sklearn/pairwise"
)

// scattered are rows about an offset; those on a grid have many ties.
func scattered(r *rand.Rand, rows, features int, offset, scale float64, grid bool) numpy.Matrix {
	m := numpy.Matrix{Rows: rows, Cols: features, Data: make([]float64, rows*features)}
	for i := range m.Data {
		v := r.NormFloat64()
		if grid {
			v = math.Round(v)
		}
		m.Data[i] = offset + scale*v
	}
	return m
}

// grow makes a KDTree of some levels.
func grow(t *testing.T, rows numpy.Matrix, levels int) *tree {
	t.Helper()
	metric, err := pairwise.NewMetric("euclidean", pairwise.Params{}, rows.Cols)
	if err != nil {
		t.Fatal(err)
	}
	g := &tree{metric: metric, sort: quicksort, nodes: make([]node, 1<<levels-1)}
	n := len(g.nodes) * rows.Cols
	g.lower, g.upper = make([]float64, n), make([]float64, n)
	for i := range rows.Rows {
		g.rows = append(g.rows, int32(i))
	}
	g.split(rows, 0, 0, rows.Rows)
	for _, i := range g.rows {
		g.points = append(g.points, rows.Row(int(i))...)
	}
	return g
}

func (t *tree) split(rows numpy.Matrix, i, start, end int) {
	at := t.rows[start:end]
	widest, width := 0, -1.0
	for j := range rows.Cols {
		column := func(a, b int32) int { return cmp.Compare(rows.At(int(a), j), rows.At(int(b), j)) }
		least := rows.At(int(slices.MinFunc(at, column)), j)
		most := rows.At(int(slices.MaxFunc(at, column)), j)
		t.lower[i*rows.Cols+j], t.upper[i*rows.Cols+j] = least, most
		if most-least > width {
			widest, width = j, most-least
		}
	}
	t.nodes[i] = node{start: int32(start), end: int32(end), leaf: 2*i+2 >= len(t.nodes)}
	if t.nodes[i].leaf {
		return
	}
	slices.SortFunc(at, func(a, b int32) int { return cmp.Compare(rows.At(int(a), widest), rows.At(int(b), widest)) })
	middle := (start + end) / 2
	t.split(rows, 2*i+1, start, middle)
	t.split(rows, 2*i+2, middle, end)
}

// eachScatter calls do with training rows and queries of many kinds.
func eachScatter(do func(rows, queries numpy.Matrix)) {
	r := rand.New(rand.NewPCG(1, 2))
	for _, features := range []int{1, 2, 10, 33} {
		for _, offset := range []float64{0, 1e3, 1e9} {
			for _, scale := range []float64{1, 1e-9, 1e-161, 1e149, 1e154, 1e300} {
				for _, grid := range []bool{false, true} {
					rows := scattered(r, 203, features, offset, scale, grid)
					rows.Data[7] *= 1e3
					queries := scattered(r, 20, features, offset, scale, grid)
					copy(queries.Data, rows.Data[:5*features])
					for i := range queries.Row(6) {
						queries.Row(6)[i] *= 100
					}
					do(rows, queries)
				}
			}
		}
	}
}

func sameNearest(t *testing.T, name string, with, without index, queries numpy.Matrix, memory func(k int) *found) {
	t.Helper()
	for _, k := range []int{1, 5} {
		for i := range queries.Rows {
			got, want := memory(k), memory(k)
			with.nearest(queries.Row(i), got)
			without.nearest(queries.Row(i), want)
			for j := range want.at {
				if got.at[j] != want.at[j] || math.Float64bits(got.dist[j]) != math.Float64bits(want.dist[j]) {
					t.Fatalf("%s: the nearest %d of %v are %v at %v, without a sieve %v at %v", name, k, queries.Row(i), got.at, got.dist, want.at, want.dist)
				}
			}
		}
	}
}

// TestSieveInTree holds a search with a sieve equal to one without.
func TestSieveInTree(t *testing.T) {
	eachScatter(func(rows, queries numpy.Matrix) {
		without := grow(t, rows, 4)
		with := *without
		with.sieve = newSieve(numpy.Matrix{Rows: rows.Rows, Cols: rows.Cols, Data: with.points})
		sameNearest(t, "tree", &with, without, queries, func(k int) *found {
			return &found{dist: make([]float64, k), at: make([]int32, k)}
		})
	})
}

// TestSieveInBrute holds a search with a sieve equal to one without.
func TestSieveInBrute(t *testing.T) {
	eachScatter(func(rows, queries numpy.Matrix) {
		with := &brute{rows: rows, sort: quicksort}
		if err := with.measure("euclidean", pairwise.Params{}); err != nil || with.sieve == nil {
			t.Fatal("no sieve", err)
		}
		without := *with
		without.sieve = nil
		sameNearest(t, "brute", with, &without, queries, func(k int) *found {
			return &found{dist: make([]float64, k), at: make([]int32, k), all: make([]float64, rows.Rows)}
		})
	})
}

// TestSieveSifts shows that a sieve is of use: few panels pass it.
func TestSieveSifts(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	rows := scattered(r, 4000, 8, 100, 1, false)
	p := newSieve(rows).probe(scattered(r, 1, 8, 100, 1, false).Row(0))
	p.within(1)
	passed := 0
	for i := p.next(0, 1000); i < 1000; i = p.next(i+1, 1000) {
		passed++
	}
	if passed == 0 || passed > 100 {
		t.Errorf("%d of 1000 panels passed", passed)
	}
}

// TestTwoBounds compares with the bounds of one node at a time.
func TestTwoBounds(t *testing.T) {
	eachScatter(func(rows, queries numpy.Matrix) {
		g := grow(t, rows, 4)
		for i := range queries.Rows {
			s := treeSearch{tree: g, q: queries.Row(i)}
			for child := 1; child < len(g.nodes); child += 2 {
				first, second := s.twoBounds(child)
				if first != g.bound(child, s.q) || second != g.bound(child+1, s.q) {
					t.Fatalf("bounds of %v are %v and %v, want %v and %v", s.q, first, second, g.bound(child, s.q), g.bound(child+1, s.q))
				}
			}
		}
	})
}
