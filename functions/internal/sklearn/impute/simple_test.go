package impute

import (
	"encoding/binary"
	"errors"
	"math"
	"testing"

	"brine/functions/internal/frame"
	"brine/functions/internal/job"
	"brine/functions/internal/pickle"
	"brine/functions/internal/sklearn/estimator"
)

// simple is a SimpleImputer of two features that both get fill.
func simple(version, strategy string, missing any, fill float64, more ...any) *pickle.Object {
	data := make([]byte, 0, 16)
	for range 2 {
		data = binary.LittleEndian.AppendUint64(data, math.Float64bits(fill))
	}
	o := &pickle.Object{Class: pickle.Global{Module: "sklearn.impute._base", Name: "SimpleImputer"}}
	o.State = &pickle.Dict{
		Keys: append([]any{"n_features_in_", "strategy", "missing_values", "statistics_", "_sklearn_version"}, evens(more)...),
		Values: append([]any{int64(2), strategy, missing, &pickle.Array{
			Dtype: pickle.Dtype{Kind: 'f', Size: 8}, Shape: []int{2}, Data: data,
		}, version}, evens(more[min(1, len(more)):])...),
	}
	return o
}

func evens(items []any) (some []any) {
	for i := 0; i < len(items); i += 2 {
		some = append(some, items[i])
	}
	return some
}

// TestFillsThatAreCut: in a table of whole numbers numpy cuts what is filled
// in, unless the imputer makes floats of it, and only a fraction in the same row
// shows that it is none.
func TestFillsThatAreCut(t *testing.T) {
	objects := &pickle.Dtype{Kind: 'O', Size: 8}
	for _, test := range []struct {
		name  string
		model *pickle.Object
		row   []float64
		ok    bool
	}{
		{"most frequent", simple("1.3.0", "most_frequent", int64(-1), 0.5), []float64{2, -1}, false},
		{"constant", simple("1.3.0", "constant", -1.0, 0.5), []float64{2, -1}, false},
		{"constant, long ago", simple("0.24.2", "constant", -1.0, 0.5), []float64{2, -1}, false},
		{"beside a fraction", simple("1.3.0", "most_frequent", int64(-1), 0.5), []float64{2.5, -1}, true},
		{"of a row without a mark", simple("1.3.0", "most_frequent", int64(-1), 0.5), []float64{2, 1}, true},
		{"a whole number", simple("1.3.0", "most_frequent", int64(-1), 3), []float64{2, -1}, true},
		{"beyond int64", simple("1.3.0", "constant", int64(-1), 1e30), []float64{2, -1}, false},
		{"a mean", simple("1.3.0", "mean", int64(-1), 0.5), []float64{2, -1}, true},
		{"where NaN is missing", simple("1.3.0", "most_frequent", math.NaN(), 0.5), []float64{2, math.NaN()}, true},
		{"a negative one", simple("1.3.0", "constant", 0.0, -3), []float64{2, 0}, true},
		{"a negative one among uint64", simple("1.3.0", "constant", 0.0, -3), []float64{2, 1 << 63}, false},
		{"of objects", simple("1.3.0", "most_frequent", int64(-1), 0.5, "_fit_dtype", objects), []float64{2, -1}, true},
	} {
		e, err := newSimpleImputer(estimator.NewObject(test.model, Classes, 0))
		if err != nil {
			t.Fatalf("%s: %v", test.name, err)
		}
		x := frame.New(2, nil)
		for c, v := range test.row {
			x.Cols = append(x.Cols, frame.Column{Name: string(rune('a' + c)), Num: []float64{7, v}})
		}
		y, err := e.(*simpleImputer).Transform(x)
		var refused *job.Error
		switch {
		case test.ok && err != nil:
			t.Errorf("%s: %v", test.name, err)
		case test.ok && !(test.row[1] > 0) && y.Cols[1].Num[1] != e.(*simpleImputer).fills[1].num:
			t.Errorf("%s: filled with %v", test.name, y.Cols[1].Num[1])
		case !test.ok && (!errors.As(err, &refused) || refused.Row != 2 || refused.Column != "b" || refused.Value == ""):
			t.Errorf("%s: the error is %v, want one of row 2, column b", test.name, err)
		}
	}
}
