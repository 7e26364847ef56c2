package compose

import (
	"slices"
	"testing"

	"brine/functions/internal/pickle"
)

func TestResolver(t *testing.T) {
	r := resolver{at: map[string]int{"a": 0, "b": 1, "c": 2, "d": 3}, n: 4}
	list := func(items ...any) *pickle.List { return &pickle.List{Items: items} }
	cut := func(start, stop any) *pickle.Object {
		return &pickle.Object{Class: pickle.Global{Module: "builtins", Name: "slice"}, Args: []any{start, stop, nil}}
	}
	tests := []struct {
		what string
		spec any
		want []int // nil for an error
	}{
		{"names", list("c", "a"), []int{2, 0}},
		{"one name", "b", []int{1}},
		{"positions", list(int64(3), int64(-4)), []int{3, 0}},
		{"a tuple", pickle.Tuple{"d"}, []int{3}},
		{"a mask", list(true, false, false, true), []int{0, 3}},
		{"an array of names", &pickle.Array{Dtype: pickle.Dtype{Kind: 'O'}, Shape: []int{1}, Objects: []any{"b"}}, []int{1}},
		{"an array mask", &pickle.Array{Dtype: pickle.Dtype{Kind: 'b', Size: 1}, Shape: []int{4}, Data: []byte{0, 1, 1, 0}}, []int{1, 2}},
		{"a slice of positions", cut(int64(1), int64(3)), []int{1, 2}},
		{"a slice from the end", cut(int64(-2), nil), []int{2, 3}},
		{"a slice of names holds its stop", cut("b", "c"), []int{1, 2}},
		{"an unknown name", "z", nil},
		{"a position beyond", list(int64(4)), nil},
		{"a number", 1.5, nil},
		{"an object", &pickle.Object{Args: []any{&pickle.Dict{}}}, nil},
	}
	for _, test := range tests {
		got, err := r.all(test.spec)
		if (err != nil) != (test.want == nil) || !slices.Equal(got, test.want) {
			t.Errorf("%s: %v (%v), want %v", test.what, got, err, test.want)
		}
	}
}
