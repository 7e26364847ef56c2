package estimator

import (
	"math/big"
	"strings"
	"testing"

	"brine/functions/internal/pickle"
)

// TestDescribe: a value of any size is named in a few words.
func TestDescribe(t *testing.T) {
	nested := pickle.Tuple{int64(1)}
	for range 20 { // a million values, were they all told
		nested = pickle.Tuple{nested, nested}
	}
	for _, test := range []struct {
		v    any
		want string
	}{
		{nil, "None"},
		{true, "True"},
		{int64(-3), "int64 -3"},
		{0.5, "float64 0.5"},
		{`say "no"`, `"say \"no\""`},
		{strings.Repeat("x", 8<<20), "text of 8388608 bytes"},
		{make([]byte, 1<<20), "text or bytes"},
		{new(big.Int).Lsh(big.NewInt(1), 1<<16), "a large whole number"},
		{pickle.Global{Module: "numpy", Name: "mean"}, "numpy.mean"},
		{&pickle.Object{Class: pickle.Global{Module: "acme", Name: "Model"}, Args: nested}, "an instance of acme.Model"},
		{&pickle.Array{Shape: []int{2, 3}}, "an array of shape [2 3]"},
		{&pickle.List{Items: nested}, "a list"},
		{nested, "a tuple"},
		{&pickle.Set{Items: nested}, "a set"},
		{&pickle.Dict{Keys: nested, Values: nested}, "a dict"},
		{&pickle.Dtype{}, "a dtype"},
	} {
		if got := Describe(test.v); got != test.want {
			t.Errorf("got %.200s, want %s", got, test.want)
		}
	}
}
