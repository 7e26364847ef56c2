package sklearn

import (
	"encoding/json"
	"strings"
	"testing"

	"brine/functions/internal/pickle"
)

func TestDescribe(t *testing.T) {
	root := Describe(decoded(t, "pipeline"))
	if root.Class != "sklearn.pipeline.Pipeline" || root.Version != "1.3.0" || !root.Verdict.Supported {
		t.Errorf("root is %+v with verdict %+v", root, root.Verdict)
	}
	if len(root.Verdict.Reads) != 9 || len(root.Children) != 2 {
		t.Fatalf("reads %d columns in %d steps, want 9 in 2", len(root.Verdict.Reads), len(root.Children))
	}
	columns, last := root.Children[0], root.Children[1]
	if columns.Place != "Pipeline.steps[0]" || columns.Class != "sklearn.compose.ColumnTransformer" || len(columns.Children) < 2 {
		t.Errorf("step 0 is %+v", columns)
	}
	if part := columns.Children[0]; part.Place != "Pipeline.steps[0].transformers_[0]" || len(part.Columns) == 0 {
		t.Errorf("its first part is %+v", part)
	}
	if last.Params["learning_rate"] != "0.1" || last.Fitted["estimators_"] != "10 × DecisionTreeRegressor" {
		t.Errorf("the last step has params %v and fitted %v", last.Params, last.Fitted)
	}
}

func TestDescribeText(t *testing.T) {
	tests := []struct {
		what string
		file func(t *testing.T) *pickle.File
		want []string
	}{
		{"a forest", func(t *testing.T) *pickle.File { return decoded(t, "random-forest-classifier") },
			[]string{"sklearn.ensemble.RandomForestClassifier (scikit-learn 1.3.0)", "\n  classes: ", " × DecisionTreeClassifier"}},
		{"a refused step", changed("pipeline", func(_ *testing.T, file *pickle.File) {
			step(file, 1).Class = pickle.Global{Module: "acme.models", Name: "Secret"}
		}), []string{"\n  supported: no: Pipeline.steps[1]", "acme.models.Secret  [not known to this build]"}},
		{"a dict", written("(dS'model'\nNsS'threshold'\nF0.5\ns."), []string{"dict\n", "'threshold'=0.5"}},
		{"a DataFrame", written("cpandas.core.frame\nDataFrame\n)R."), []string{"pandas.core.frame.DataFrame\n"}},
		{"a list", written("(lI1\na."), []string{"list\n  supported: no: the file holds a list"}},
		{"a list in itself", written("(lp0\ng0\na."), []string{"list\n"}},
	}
	for _, test := range tests {
		t.Run(test.what, func(t *testing.T) {
			n := Describe(test.file(t))
			var text strings.Builder
			if err := n.WriteText(&text); err != nil {
				t.Fatal(err)
			}
			for _, want := range test.want {
				if !strings.Contains(text.String(), want) {
					t.Errorf("no %q in:\n%s", want, text.String())
				}
			}
			if _, err := json.Marshal(n); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestRepr(t *testing.T) {
	tests := []struct {
		v    any
		want string
	}{
		{nil, "None"},
		{true, "True"},
		{int64(-3), "-3"},
		{1e-7, "1e-07"},
		{"it's", `"it's"`},
		{`say "no"`, `'say "no"'`},
		{strings.Repeat("x", 100), "<text of 100 bytes>"},
		{pickle.Tuple{int64(1), "a"}, "(1, 'a')"},
		{&pickle.List{Items: []any{&pickle.List{}}}, "[…]"},
		{&pickle.List{Items: make([]any, 1000)}, "<list of 1000>"},
		{&pickle.Dict{Keys: []any{"a"}, Values: []any{0.5}}, "{'a': 0.5}"},
		{pickle.Global{Module: "numpy", Name: "float64"}, "numpy.float64"},
		{&pickle.Array{Dtype: pickle.Dtype{Kind: 'f', Size: 4}, Shape: []int{2, 3}}, "float32(2×3)"},
	}
	for _, test := range tests {
		if got := repr(test.v); got != test.want {
			t.Errorf("repr(%v) = %s, want %s", test.v, got, test.want)
		}
	}
}
