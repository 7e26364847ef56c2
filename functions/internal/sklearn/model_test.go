package sklearn

import (
	"slices"
	"strings"
	"testing"

	"brine/functions/internal/frame"
	"brine/functions/internal/job"
	"brine/functions/internal/pickle"
	"brine/functions/internal/sklearn/estimator"
)

// decoded reads the model of a case in testdata/models.
func decoded(t *testing.T, name string) *pickle.File {
	t.Helper()
	file, err := pickle.Decode(read(t, models+"/"+name, "model.pkl"))
	if err != nil {
		t.Fatal(err)
	}
	return file
}

func TestBind(t *testing.T) {
	const (
		named   = "linear-regression"
		unnamed = "linear-regression-unnamed"
		byName  = "column-transformer-names"
	)
	tests := []struct {
		what    string
		model   string
		columns func(own []string) []string // nil asks for the model's own
		want    func(own []string) []string // what is read, in the model's order
		err     string
	}{
		{what: "auto", model: named, want: same},
		{what: "its own names", model: named, columns: same, want: same},
		{what: "another order", model: named, columns: reversed, err: "they are in another order"},
		{what: "a name missing", model: named, columns: tail, err: "missing: Living area)"},
		{what: "a name more", model: named, columns: more, err: "unknown: extra)"},
		{what: "a name missing and one more", model: named, columns: func(own []string) []string { return more(tail(own)) },
			err: "missing: Living area; unknown: extra)"},
		{what: "a name twice", model: named, columns: doubled, err: "named twice: Living area)"},
		{what: "no names, auto", model: unnamed, err: "the model was fitted without feature names. Name its 6 feature columns, in the order of fit"},
		{what: "no names, six given", model: unnamed, columns: six, want: func([]string) []string { return six(nil) }},
		{what: "no names, seven given", model: unnamed, columns: func([]string) []string { return more(six(nil)) },
			err: "the model expects 6 features, not 7"},
		{what: "by name, another order", model: byName, columns: reversed, want: same},
		{what: "by name, a name more", model: byName, columns: more, want: same},
		{what: "by name, an unused name missing", model: byName,
			columns: func(own []string) []string { return without(own, "Paperless") }, want: same},
		{what: "by name, a used name missing", model: byName,
			columns: func(own []string) []string { return without(own, "Contract") }, err: "missing: Contract)"},
		{what: "by name, a name twice", model: byName, columns: doubled, err: "named twice: tenure)"},
	}
	for _, test := range tests {
		t.Run(test.what, func(t *testing.T) {
			m, err := Open(decoded(t, test.model))
			if err != nil {
				t.Fatal(err)
			}
			var columns []string
			if test.columns != nil {
				columns = test.columns(m.names)
			}
			features, err := m.Bind(columns, nil)
			if test.err != "" {
				wantInvalid(t, err, test.err)
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, f := range features {
				got = append(got, f.Name)
			}
			if want := test.want(m.names); !slices.Equal(got, want) {
				t.Errorf("reads %q, want %q", got, want)
			}
		})
	}
}

func same(own []string) []string    { return own }
func tail(own []string) []string    { return own[1:] }
func more(own []string) []string    { return append(slices.Clone(own), "extra") }
func doubled(own []string) []string { return append(slices.Clone(own), own[0]) }
func six([]string) []string         { return []string{"a", "b", "c", "d", "e", "f"} }

func reversed(own []string) []string {
	own = slices.Clone(own)
	slices.Reverse(own)
	return own
}

func without(own []string, name string) []string {
	return slices.DeleteFunc(slices.Clone(own), func(s string) bool { return s == name })
}

func wantInvalid(t *testing.T, err error, text string) {
	t.Helper()
	if err == nil || job.TypeOf(err) != job.ValidationError || !strings.Contains(err.Error(), text) {
		t.Errorf("error %v, want a ValidationError with %q", err, text)
	}
}

// TestKinds shows that the model decides how a column is read.
func TestKinds(t *testing.T) {
	m, err := Open(decoded(t, "column-transformer-names"))
	if err != nil {
		t.Fatal(err)
	}
	features, err := m.Bind(nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]frame.Kind{"tenure": frame.Number, "Paperless": frame.Unused, "Contract": frame.Text}
	for _, f := range features {
		if kind, ok := want[f.Name]; ok && f.Kind != kind {
			t.Errorf("%s is read as %s, want %s", f.Name, f.Kind, kind)
		}
		delete(want, f.Name)
	}
	if len(want) > 0 {
		t.Errorf("never read: %v", want)
	}
}

// TestOpenRefuses opens what is no model, or none that is known.
func TestOpenRefuses(t *testing.T) {
	tests := []struct {
		what string
		file func(t *testing.T) *pickle.File
		want string
	}{
		{"a dict", written("(dp0\nS'a'\nI1\ns."), "the file holds a dict, not a scikit-learn model"},
		{"a list", written("(lp0\nI1\na."), "the file holds a list, not a scikit-learn model"},
		{"a number", written("I1\n."), "not a scikit-learn model"},
		{"a DataFrame", written("cpandas.core.frame\nDataFrame\n)R."),
			"pandas.core.frame.DataFrame, not a scikit-learn model; it names pandas.core.frame.DataFrame (nothing was run)"},
		{"a list of DataFrames", written("(lcpandas.core.frame\nDataFrame\n)Ra."),
			"holds a list, not a scikit-learn model; it names pandas.core.frame.DataFrame (nothing was run)"},
		{"a class of one's own", func(*testing.T) *pickle.File {
			return &pickle.File{Root: &pickle.Object{Class: pickle.Global{Module: "acme.models", Name: "Secret"}}}
		}, "Secret (acme.models.Secret): this class is not supported"},
		{"a model in a dict", func(t *testing.T) *pickle.File {
			root := decoded(t, "linear-regression").Root
			return &pickle.File{Root: &pickle.Dict{Keys: []any{"model"}, Values: []any{root}}}
		}, "Store the LinearRegression under its key 'model' by itself"},
		{"a transformer", func(t *testing.T) *pickle.File {
			return &pickle.File{Root: step(decoded(t, "pipeline"), 0)}
		}, "ColumnTransformer (sklearn.compose._column_transformer.ColumnTransformer): has no predict. COMPATIBILITY.md lists what can be predicted: fit on that, and store the model again"},
		{"an unknown step", changed("pipeline", func(_ *testing.T, file *pickle.File) {
			step(file, 1).Class = pickle.Global{Module: "acme.models", Name: "Secret"}
		}), "Pipeline.steps[1] (acme.models.Secret): this class is not supported"},
		{"an unfitted step", changed("pipeline", func(_ *testing.T, file *pickle.File) {
			step(file, 1).State = &pickle.Dict{}
		}), "attribute n_features_in_ is missing. Fit the model before it is stored"},
		{"a search without its best", changed("grid-search", func(_ *testing.T, file *pickle.File) {
			file.Root.(*pickle.Object).State = &pickle.Dict{}
		}), "has no best_estimator_. Fit the search with refit=True"},
		{"steps in the wrong order", changed("pipeline", func(_ *testing.T, file *pickle.File) {
			first, last := step(file, 0), step(file, 1)
			*first, *last = *last, *first
		}), "has no transform"},
		{"another model's last step", changed("pipeline", func(t *testing.T, file *pickle.File) {
			*step(file, 1) = *decoded(t, "linear-regression").Root.(*pickle.Object)
		}), "takes 6 columns, but the step before it gives"},
	}
	for _, test := range tests {
		t.Run(test.what, func(t *testing.T) {
			_, err := Open(test.file(t))
			wantInvalid(t, err, test.want)
		})
	}
}

// written decodes a pickle of protocol 0.
func written(text string) func(t *testing.T) *pickle.File {
	return func(t *testing.T) *pickle.File {
		file, err := pickle.Decode([]byte(text))
		if err != nil {
			t.Fatal(err)
		}
		return file
	}
}

// changed decodes the model of a case and changes it.
func changed(name string, change func(*testing.T, *pickle.File)) func(t *testing.T) *pickle.File {
	return func(t *testing.T) *pickle.File {
		file := decoded(t, name)
		change(t, file)
		return file
	}
}

// step is one of a pipeline's steps.
func step(file *pickle.File, i int) *pickle.Object {
	steps, _ := file.Root.(*pickle.Object).Attr("steps")
	return steps.(*pickle.List).Items[i].(pickle.Tuple)[1].(*pickle.Object)
}

// brittle panics as an estimator of a damaged model may.
type brittle struct{}

func (brittle) Inputs() []frame.Kind { return estimator.AllNumbers(1) }
func (brittle) Outputs() int         { return 1 }
func (brittle) Predict(x *frame.Frame) ([]frame.Column, error) {
	return []frame.Column{x.Cols[len(x.Cols[0].Num)]}, nil
}

func TestOpenRefusesDamage(t *testing.T) {
	const class = "acme.Brittle"
	registry[class] = func(*estimator.Object) (estimator.Estimator, error) { return brittle{}, nil }
	defer delete(registry, class)
	root := &pickle.Object{Class: pickle.Global{Module: "acme", Name: "Brittle"}}
	_, err := Open(&pickle.File{Root: root})
	wantInvalid(t, err, "acme.Brittle: the model's attributes do not fit together (runtime error: index out of range")
}
