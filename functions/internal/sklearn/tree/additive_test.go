package tree

import (
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"brine/functions/internal/frame"
)

// sums tests an ensemble against the plain walk of each row, tree after tree:
// a boosting of small trees, or a forest whose leaves hold a few different
// rows of numbers.
func (m *maker) sums(t *testing.T, single, forest bool) {
	totals, width, splits := 1+m.IntN(3), 1, m.IntN(maskBits)
	if forest {
		width, splits = totals, m.IntN(4*maskBits)
	}
	trees := make([]*Nodes, 1+m.IntN(40))
	for i := range trees {
		trees[i] = m.tree(m.IntN(splits + 1))
	}
	var cuts [][]float64
	if !single {
		cuts = Cuts(trees, m.features)
	}
	a := NewAdditive[float64](m.features, totals, cuts)
	few := make([]float64, 1+m.IntN(8))
	for i := range few {
		few[i] = m.NormFloat64()
	}
	values := make([]map[int32][]float64, len(trees))
	for i, n := range trees {
		leaves, err := a.Add(n)
		if err != nil {
			t.Fatal(err)
		}
		values[i] = map[int32][]float64{}
		value := make([]float64, len(leaves)*width)
		for j, leaf := range leaves {
			row := value[j*width:][:width]
			for k := range row {
				row[k] = m.NormFloat64()
				if forest {
					row[k] = few[m.IntN(len(few))]
				}
			}
			values[i][leaf] = row
		}
		a.Give(value, width, i%(totals/width))
	}
	if forest {
		a.Compile()
	} else {
		a.masks = a.compile(math.MaxInt)
		if a.masks == nil && len(a.columns) > 0 {
			t.Fatal("the trees have no masks")
		}
	}
	x := m.frame(1 + m.IntN(20))
	got, row := make([]float64, x.Rows*totals), make([]float64, m.features)
	a.Sum(x, got)
	for r := range x.Rows {
		for c := range row {
			row[c] = x.Cols[c].Num[r]
		}
		want := make([]float64, totals)
		for i, n := range trees {
			at := i % (totals / width)
			for k, v := range values[i][plainLeaf(n, row, single)] {
				want[at+k] += v
			}
		}
		for k := range want {
			if got[r*totals+k] != want[k] {
				t.Fatalf("row %v: total %d is %v, want %v", row, k, got[r*totals+k], want[k])
			}
		}
	}
}

// TestSumsAreThoseOfThePlainWalk adds trees up by masks and by walks.
func TestSumsAreThoseOfThePlainWalk(t *testing.T) {
	for seed := range uint64(2000) {
		rng := rand.New(rand.NewPCG(seed, 3))
		m := &maker{Rand: rng, features: 1 + rng.IntN(5), missing: seed%3 == 0, categories: seed%4 == 1}
		m.sums(t, !m.categories && seed%2 == 0, seed%5 == 0)
	}
}

func FuzzSum(f *testing.F) {
	for seed := range uint64(12) {
		f.Add(seed, seed%2 == 0, seed%3 == 0, seed%4 == 1, seed%5 == 0)
	}
	f.Fuzz(func(t *testing.T, seed uint64, single, missing, categories, forest bool) {
		rng := rand.New(rand.NewPCG(seed, 4))
		m := &maker{Rand: rng, features: 1 + rng.IntN(9), missing: missing, categories: categories}
		m.sums(t, single && !categories, forest)
	})
}

// TestCompileWalksWhereThatIsFaster: masks are for few columns and few leaves.
func TestCompileWalksWhereThatIsFaster(t *testing.T) {
	for _, c := range []struct {
		name             string
		features, leaves int
		how              string
	}{
		{"boosting", 10, 8, "100 trees, 1500 nodes: all splits at once, by masks of leaves"},
		{"histogram boosting", 10, 31, "100 trees, 6100 nodes: all splits at once, by masks of leaves"},
		{"64 leaves", 10, 64, "100 trees, 12700 nodes: all splits at once, by masks of leaves"},
		{"65 leaves", 10, 65, "100 trees, 12900 nodes: walked, 8 bytes a node"},
		{"many columns", 2000, 31, "100 trees, 6100 nodes: walked, 5551 of the nodes of 12 bytes, the others of 8"},
	} {
		a := bushes(t, c.features, 100, c.leaves)
		if got := a.How(); got != c.how || (a.masks == nil) != strings.Contains(got, "walked") {
			t.Errorf("%s: %s, want %s", c.name, got, c.how)
		}
	}
}

// bushes is an ensemble of trees as training grows them.
func bushes(t testing.TB, features, trees, leaves int) *Additive[float64] {
	t.Helper()
	rng := rand.New(rand.NewPCG(1, 1))
	a := NewAdditive[float64](features, 1, nil)
	for range trees {
		nodes, err := a.Add(bush(rng, features, leaves))
		if err != nil {
			t.Fatal(err)
		}
		value := make([]float64, len(nodes))
		for i := range value {
			value[i] = rng.Float64()
		}
		a.Give(value, 1, 0)
	}
	a.Compile()
	return a
}

func BenchmarkSum(b *testing.B) {
	for _, c := range []struct {
		name          string
		trees, leaves int
		rows          int
	}{
		{"boosting", 100, 8, 10000}, {"histogram", 100, 31, 10000}, {"depth6", 100, 64, 10000},
		{"depth8", 100, 200, 10000}, {"deep", 100, 12500, 10000}, {"deep-large-block", 100, 12500, 65536},
	} {
		b.Run(c.name, func(b *testing.B) {
			a := bushes(b, 10, c.trees, c.leaves)
			rng := rand.New(rand.NewPCG(1, 2))
			cells := frame.New(c.rows, nil)
			for range 10 {
				col := cells.NumberColumn("")
				for r := range col.Num {
					col.Num[r] = rng.Float64()
				}
				cells.Cols = append(cells.Cols, col)
			}
			var mem frame.Arena
			out := make([]float64, c.rows)
			b.ReportAllocs()
			for b.Loop() {
				mem.Reset()
				x := frame.New(c.rows, &mem)
				x.Cols = cells.Cols
				a.Sum(x, out)
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(c.rows), "ns/row")
		})
	}
}
