package preprocessing

import (
	"math"
	"slices"
	"testing"

	"brine/functions/internal/frame"
	"brine/functions/internal/pickle"
)

func objects(items ...any) *pickle.Array {
	return &pickle.Array{Dtype: pickle.Dtype{Kind: 'O', Size: 8}, Shape: []int{len(items)}, Objects: items}
}

func TestCategories(t *testing.T) {
	text := frame.Column{Kind: frame.Text, Text: []string{"a", "b", "z", ""}, Missing: []bool{false, false, false, true}}
	num := frame.Column{Kind: frame.Number, Num: []float64{0, 1, 7, math.NaN()}}
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
		"a class":                   objects(pickle.Global{Module: "datetime", Name: "date"}),
		"no array":                  "a",
		"a numpy kind with no text": &pickle.Array{Dtype: pickle.Dtype{Kind: 'M', Size: 8}, Shape: []int{1}, Data: make([]byte, 8)},
	} {
		if _, err := newCategories(v); err == nil {
			t.Errorf("%s: no error", what)
		}
	}
}
