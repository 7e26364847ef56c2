package featureextraction

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"brine/functions/internal/frame"
)

const words = 20_000

// wide has a vocabulary of words terms.
func wide() *vectorizer {
	v := &vectorizer{analyzer: &analyzer{lower: true, unit: "word", min: 1, max: 2}, width: words, weigh: &weights{norm: "l2"}}
	terms := make(map[string]int32, words)
	for i := range int32(words) {
		terms[fmt.Sprintf("word%d", i)] = i
		v.weigh.idf = append(v.weigh.idf, 1+float64(i))
	}
	v.place = func(term []byte) (int, bool) {
		if c, ok := terms[string(term)]; ok {
			return int(c), false
		}
		return -1, false
	}
	return v
}

// documents have 50 words each.
func documents(rows int, mem *frame.Arena) *frame.Frame {
	r := rand.New(rand.NewPCG(1, 2))
	x := frame.New(rows, mem)
	col := x.TextColumn("comment")
	for i := range col.Text {
		var text strings.Builder
		for range 50 {
			fmt.Fprintf(&text, "Word%d ", r.IntN(words))
		}
		col.Text[i] = text.String()
	}
	x.Cols = []frame.Column{col}
	return x
}

// TestWideStaysSparse: a wide vocabulary takes memory by the terms that there
// are, and none of it anew for each row.
func TestWideStaysSparse(t *testing.T) {
	v := wide()
	allocations := func(rows int) float64 {
		mem := new(frame.Arena)
		x := documents(rows, nil)
		return testing.AllocsPerRun(3, func() {
			mem.Reset()
			y, err := v.Transform(frame.New(rows, mem).With(x.Cols))
			if err != nil {
				t.Fatal(err)
			}
			if y.Cols != nil || len(y.Wide.Value) > 50*rows || len(y.Wide.Value) < 40*rows || len(y.Wide.Start) != rows+1 {
				t.Fatalf("%d rows are held as %d columns and %d cells", rows, len(y.Cols), len(y.Wide.Value))
			}
		})
	}
	if few, many := allocations(4), allocations(1000); many > few+8 {
		t.Errorf("%v allocations for 4 rows, %v for 1000", few, many)
	}
}

func BenchmarkTransform(b *testing.B) {
	v, mem := wide(), new(frame.Arena)
	x := documents(1000, nil)
	size := 0
	for _, text := range x.Cols[0].Text {
		size += len(text)
	}
	b.SetBytes(int64(size))
	for b.Loop() {
		mem.Reset()
		if _, err := v.Transform(frame.New(x.Rows, mem).With(x.Cols)); err != nil {
			b.Fatal(err)
		}
	}
}

// TestPlace compares with the columns of a FeatureHasher of 1000.
func TestPlace(t *testing.T) {
	for _, test := range []struct {
		term     string
		column   int
		negative bool
	}{
		{"", 0, false}, {"a", 850, false}, {"the", 958, true}, {"straße", 437, false}, {"日本", 838, true},
		{"hello world", 183, false}, {"word", 432, true},
		{"U\x07o\x83", 648, true}, // the hash is the lowest of all
	} {
		if column, negative := place([]byte(test.term), 1000); column != test.column || negative != test.negative {
			t.Errorf("%q: column %d, negative %v, want %d, %v", test.term, column, negative, test.column, test.negative)
		}
	}
}
