package preprocessing

import (
	"encoding/binary"
	"errors"
	"math"
	"slices"
	"testing"

	"brine/functions/internal/frame"
	"brine/functions/internal/job"
	"brine/functions/internal/pickle"
)

func objects(items ...any) *pickle.Array {
	return &pickle.Array{Dtype: pickle.Dtype{Kind: 'O', Size: 8}, Shape: []int{len(items)}, Objects: items}
}

func floats(items ...float64) *pickle.Array {
	a := &pickle.Array{Dtype: pickle.Dtype{Kind: 'f', Size: 8}, Shape: []int{len(items)}}
	for _, v := range items {
		a.Data = binary.LittleEndian.AppendUint64(a.Data, math.Float64bits(v))
	}
	return a
}

func TestCategories(t *testing.T) {
	text := frame.Column{Kind: frame.Text, Text: []string{"a", "b", "z", ""}, Missing: []bool{false, false, false, true}}
	num := frame.Column{Kind: frame.Number, Num: []float64{0, 1, 7, math.NaN()}}
	large := frame.Column{Kind: frame.Number, Num: []float64{0.5, 1e22, 1 << 53, 1<<53 + 2}}
	tests := []struct {
		what  string
		array *pickle.Array
		col   frame.Column
		want  []int32
	}{
		{"text", objects("a", "b"), text, []int32{0, 1, -1, -1}},
		{"text and NaN", objects("a", "b", math.NaN()), text, []int32{0, 1, -1, 2}},
		{"text and None", objects("a", "b", nil), text, []int32{0, 1, -1, -1}},
		{"text, None and NaN", objects("b", nil, math.NaN()), text, []int32{-1, 0, -1, 2}},
		{"only NaN", objects(math.NaN()), text, []int32{-1, -1, -1, 0}},
		{"numbers", objects(int64(0), 7.0), num, []int32{0, -1, 1, -1}},
		{"large floats", floats(0.5, 1<<53, 1e22), large, []int32{0, 2, 1, -1}},
		{"bools and NaN", objects(false, true, math.NaN()), num, []int32{0, 1, -1, 2}},
	}
	for _, test := range tests {
		c, err := newCategories(test.array)
		if err != nil {
			t.Errorf("%s: %v", test.what, err)
			continue
		}
		if c.kind != test.col.Kind {
			t.Errorf("%s: read as %s, want %s", test.what, c.kind, test.col.Kind)
			continue
		}
		got := make([]int32, len(test.want))
		c.encode(got, &test.col)
		if !slices.Equal(got, test.want) {
			t.Errorf("%s: codes %v, want %v", test.what, got, test.want)
		}
	}
}

func TestCategoriesRefused(t *testing.T) {
	for what, v := range map[string]any{
		"text and numbers":          objects("a", int64(1)),
		"an integer past 2^53":      objects(int64(1<<53 + 1)),
		"a float among objects":     objects(1e22, 0.5),
		"a class":                   objects(pickle.Global{Module: "datetime", Name: "date"}),
		"no array":                  "a",
		"a numpy kind with no text": &pickle.Array{Dtype: pickle.Dtype{Kind: 'M', Size: 8}, Shape: []int{1}, Data: make([]byte, 8)},
	} {
		if _, err := newCategories(v); err == nil {
			t.Errorf("%s: no error", what)
		}
	}
}

// TestLargeCategory: of a category beyond all integers, no cell shows whether
// pandas reads its column as numbers. All other cells are encoded.
func TestLargeCategory(t *testing.T) {
	c, err := newCategories(floats(0.5, 1<<60, 1e22))
	if err != nil {
		t.Fatal(err)
	}
	e := &encoder{class: "OrdinalEncoder", categories: []*categories{c}}
	for _, test := range []struct {
		cell float64
		code int32 // -2 where the cell is refused
	}{{0.5, 0}, {1 << 60, 1}, {1e22, -2}, {1e23, -1}, {math.Inf(1), -1}} {
		x := frame.New(2, nil)
		x.Cols = []frame.Column{{Name: "a", Num: []float64{0.5, test.cell}}}
		codes, err := e.codes(x, 0)
		var refused *job.Error
		if test.code == -2 {
			if !errors.As(err, &refused) || refused.Row != 2 || refused.Column != "a" || refused.Value != "1e+22" {
				t.Errorf("%v: the error is %v", test.cell, err)
			}
		} else if err != nil || codes[1] != test.code {
			t.Errorf("%v: %v, %v", test.cell, codes, err)
		}
	}
}
