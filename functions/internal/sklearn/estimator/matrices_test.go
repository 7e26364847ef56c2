package estimator

import (
	"encoding/base64"
	"slices"
	"strings"
	"testing"

	"brine/functions/internal/pickle"
)

// sparse is an estimator with nothing but
// coef_ = scipy.sparse.csr_matrix([[0, 2.5, 0], [0, 0, 0], [-1, 0, 3]]).
const sparse = "" +
	"gAJjc2tsZWFybi5saW5lYXJfbW9kZWwuX3N0b2NoYXN0aWNfZ3JhZGllbnQKU0dEUmVncmVzc29yCnEAKYFxAX1xAihYBQAAAGNvZWZfcQNjc2" +
	"NpcHkuc3BhcnNlLl9jc3IKY3NyX21hdHJpeApxBCmBcQV9cQYoWAYAAABfc2hhcGVxB0sDSwOGcQhYCAAAAG1heHByaW50cQlLMlgEAAAAZGF0" +
	"YXEKY251bXB5LmNvcmUubXVsdGlhcnJheQpfcmVjb25zdHJ1Y3QKcQtjbnVtcHkKbmRhcnJheQpxDEsAhXENY19jb2RlY3MKZW5jb2RlCnEOWA" +
	"EAAABicQ9YBgAAAGxhdGluMXEQhnERUnESh3ETUnEUKEsBSwOFcRVjbnVtcHkKZHR5cGUKcRZYAgAAAGY4cReJiIdxGFJxGShLA1gBAAAAPHEa" +
	"Tk5OSv////9K/////0sAdHEbYoloDlgaAAAAAAAAAAAABEAAAAAAAADDsMK/AAAAAAAACEBxHGgQhnEdUnEedHEfYlgHAAAAaW5kaWNlc3EgaA" +
	"toDEsAhXEhaBKHcSJScSMoSwFLA4VxJGgWWAIAAABpNHEliYiHcSZScScoSwNoGk5OTkr/////Sv////9LAHRxKGKJaA5YDAAAAAEAAAAAAAAA" +
	"AgAAAHEpaBCGcSpScSt0cSxiWAYAAABpbmRwdHJxLWgLaAxLAIVxLmgSh3EvUnEwKEsBSwSFcTFoJ4loDlgQAAAAAAAAAAEAAAABAAAAAwAAAH" +
	"EyaBCGcTNScTR0cTVidWJYEAAAAF9za2xlYXJuX3ZlcnNpb25xNlgFAAAAMS4zLjBxN3ViLg=="

func openSparse(t *testing.T) (*Object, *pickle.Dict) {
	t.Helper()
	data, err := base64.StdEncoding.DecodeString(sparse)
	if err != nil {
		t.Fatal(err)
	}
	file, err := pickle.Decode(data)
	if err != nil {
		t.Fatal(err)
	}
	root := file.Root.(*pickle.Object)
	coef, _ := root.Attr("coef_")
	return NewObject(root, nil, 0), coef.(*pickle.Object).State.(*pickle.Dict)
}

func TestDense(t *testing.T) {
	o, _ := openSparse(t)
	m := o.Dense("coef_")
	if err := o.Err(); err != nil {
		t.Fatal(err)
	}
	if m.Rows != 3 || m.Cols != 3 || !slices.Equal(m.Data, []float64{0, 2.5, 0, 0, 0, 0, -1, 0, 3}) {
		t.Errorf("unfolded to %+v", m)
	}
}

func TestDenseRefuses(t *testing.T) {
	ints := func(numbers ...byte) *pickle.Array {
		return &pickle.Array{Dtype: pickle.Dtype{Kind: 'i', Size: 1}, Shape: []int{len(numbers)}, Data: numbers}
	}
	const malformed = "SGDRegressor.coef_ (scipy.sparse._csr.csr_matrix): is not a well-formed sparse matrix"
	for _, test := range []struct {
		what, attribute string
		value           any
		want            string
	}{
		{"a column beyond the last", "indices", ints(1, 0, 3), malformed},
		{"a column before the first", "indices", ints(1, 0, 255), malformed},
		{"rows that end before they start", "indptr", ints(0, 2, 1, 3), malformed},
		{"rows beyond the data", "indptr", ints(0, 1, 1, 4), malformed},
		{"too few rows", "indptr", ints(0, 1, 3), malformed},
		{"no rows", "indptr", ints(), malformed},
		{"too large", "_shape", pickle.Tuple{int64(3), int64(1 << 40)}, "too large to unfold"},
		{"no shape", "_shape", nil, "_shape must hold numbers, found None"},
	} {
		t.Run(test.what, func(t *testing.T) {
			o, state := openSparse(t)
			state.Values[slices.Index(state.Keys, any(test.attribute))] = test.value
			o.Dense("coef_")
			if err := o.Err(); err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("error is %v, want %q", err, test.want)
			}
		})
	}
}
