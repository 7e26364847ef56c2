// Package sklearn turns a decoded pickle into a Model that predicts with
// scikit-learn's own numbers, or refuses it with the reason.
package sklearn

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"brine/functions/internal/frame"
	"brine/functions/internal/job"
	"brine/functions/internal/pickle"
	"brine/functions/internal/sklearn/estimator"
)

// Model is a fitted scikit-learn model that is known to be predicted exactly.
// It is immutable and serves many goroutines at once.
type Model struct {
	// Class is the public name of the outermost estimator, such as
	// sklearn.pipeline.Pipeline.
	Class string
	// Version is the scikit-learn that wrote the model, "" if it does not say.
	Version string
	// Engines say how its parts are evaluated that can be in several ways.
	Engines []estimator.Note

	names     []string // feature_names_in_, nil if fitted without names
	inputs    []frame.Kind
	predictor estimator.Predictor
	byName    bool // columns are looked up by name: their order is free, more may be given
	spaceless bool // names may have underscores in place of spaces
}

// Feature is a table column that a model reads.
type Feature struct {
	Name string     `json:"name"`
	Kind frame.Kind `json:"kind"` // Number, Text or Unused
}

// Open checks a decoded file and builds its model. The error is a
// ValidationError that names module, class and place, and says what to do.
func Open(file *pickle.File) (m *Model, err error) {
	raw, ok := file.Root.(*pickle.Object)
	if !ok || isPandas(raw) {
		return nil, notAModel(file)
	}
	defer func() {
		if p := recover(); p != nil {
			m, err = nil, job.Invalid("%s: the model's attributes do not fit together (%v)", raw.Class, p).
				WithHint("Store the model again: the file may be damaged")
		}
	}()
	root := estimator.NewObject(raw, registry, file.Size)
	predictor, err := estimator.BuildPredictor(root)
	if err != nil {
		return nil, hinted(err)
	}
	m = &Model{
		Class: root.Class(), predictor: predictor, Engines: root.Notes(),
		names: featureNames(root), byName: estimator.SelectsByName(predictor),
	}
	if !root.Columns(len(predictor.Inputs())) { // or something before was not read for that reason
		return nil, root.Err()
	}
	m.Version, _ = attrString(raw, "_sklearn_version")
	m.spaceless = slices.ContainsFunc(file.Globals, func(g pickle.Global) bool { return strings.HasPrefix(g.Module, "lightgbm.") })
	m.inputs = slices.Clone(predictor.Inputs())
	for i, k := range m.inputs {
		if k == frame.Any {
			m.inputs[i] = frame.Number
		}
	}
	if m.names != nil && len(m.names) != len(m.inputs) {
		return nil, root.Refuse("has %d feature names for %d features", len(m.names), len(m.inputs))
	}
	m.try()
	return m, nil
}

// hinted says what to do about a refusal that does not say so itself.
func hinted(err error) error {
	var e *job.Error
	if errors.As(err, &e) && e.Hint == "" {
		return e.WithHint("COMPATIBILITY.md lists what can be predicted: fit on that, and store the model again")
	}
	return err
}

// try predicts one row, so that a damaged model panics while it is opened and
// not in the middle of a table. That the row may not suit the model is no matter.
func (m *Model) try() {
	x, zero, empty := frame.New(1, nil), []float64{0}, []string{""}
	x.Cols = make([]frame.Column, len(m.inputs))
	for i, kind := range m.inputs {
		x.Cols[i].Kind = kind
		switch kind {
		case frame.Number:
			x.Cols[i].Num = zero
		case frame.Text:
			x.Cols[i].Text = empty
		}
	}
	cols, err := m.Predict(x)
	if err == nil && len(cols) != m.Outputs() {
		panic(fmt.Sprintf("%d predictions where %d were announced", len(cols), m.Outputs()))
	}
}

func isPandas(o *pickle.Object) bool { return strings.HasPrefix(o.Class.Module, "pandas.") }

func notAModel(file *pickle.File) error {
	var names []string
	for _, g := range file.Globals {
		if len(names) == 20 {
			names = append(names, "…")
			break
		}
		names = append(names, g.String())
	}
	e := job.Invalid("the file holds %s, not a scikit-learn model", estimator.Describe(file.Root))
	if len(names) > 0 {
		e.Message += "; it names " + strings.Join(names, ", ") + " (nothing was run)"
	}
	if d, ok := file.Root.(*pickle.Dict); ok {
		for i, v := range d.Values {
			if o, ok := v.(*pickle.Object); ok && strings.HasPrefix(o.Class.Module, "sklearn.") {
				return e.WithHint("Store the %s under its key %s by itself", o.Class.Name, repr(d.Keys[i]))
			}
		}
	}
	return e.WithHint("Store the fitted estimator itself with joblib.dump or pickle.dump")
}

func attrString(o *pickle.Object, name string) (string, bool) {
	v, _ := o.Attr(name)
	s, ok := v.(string)
	return s, ok
}

// featureNames finds feature_names_in_ where scikit-learn does: on the
// estimator, else on a pipeline's first step or a search's best estimator. A
// booster keeps it in a form of its own.
func featureNames(o *estimator.Object) []string {
	for o != nil {
		if names := o.FeatureNames(); names != nil {
			return names
		}
		if own, ok := ownNames[o.Class()]; ok {
			return own(o)
		}
		o = o.Inner()
	}
	return nil
}

// Outputs is the number of prediction columns.
func (m *Model) Outputs() int { return m.predictor.Outputs() }

// Predict returns a column for each of Outputs. x has the columns that Bind
// returned. It is valid until the Arena of x is reset.
func (m *Model) Predict(x *frame.Frame) ([]frame.Column, error) {
	return m.predictor.Predict(x)
}

// Bind checks a job's feature columns against the model and returns, in the
// model's own order, the columns to read of a table that has those of header.
// nil asks for the model's own names.
//
// As in scikit-learn, a model that was fitted with names takes the same names
// in the same order, unless it selects its columns by name; one fitted without
// takes any names of the right number. LightGBM keeps an underscore in place of
// a space: its own names stand for columns with either.
func (m *Model) Bind(columns, header []string) ([]Feature, error) {
	names := m.names
	switch {
	case m.inputs == nil && columns == nil:
		return nil, job.Invalid("the model does not say which features it was fitted with").
			WithHint("Name any of the table's columns as its features: it looks at none")
	case names == nil && columns == nil:
		return nil, job.Invalid("the model was fitted without feature names").
			WithHint("Name its %d feature columns, in the order of fit", len(m.inputs))
	case names == nil:
		if m.inputs == nil {
			return unread(columns), nil
		}
		if len(columns) != len(m.inputs) {
			return nil, job.Invalid("the model expects %d features, not %d", len(m.inputs), len(columns))
		}
		names = columns
	case m.spaceless && columns == nil:
		var err error
		if names, err = spaced(names, header); err != nil {
			return nil, err
		}
	case m.spaceless && slices.EqualFunc(columns, names, equalButSpaces):
		names = columns
	case columns != nil:
		if err := m.checkNames(columns); err != nil {
			return nil, err
		}
	}
	features := make([]Feature, len(names))
	for i, name := range names {
		features[i] = Feature{Name: name, Kind: m.inputs[i]}
	}
	return features, nil
}

// equalButSpaces holds an underscore and a space for the same, as LightGBM does.
func equalButSpaces(a, b string) bool { return spaceless(a) == spaceless(b) }

func spaceless(name string) string { return strings.ReplaceAll(name, " ", "_") }

// spaced returns the columns of header that names, which may have underscores
// in place of spaces, stand for; a name that stands for none stays as it is.
func spaced(names, header []string) ([]string, error) {
	columns := map[string][]string{}
	for _, column := range header {
		columns[spaceless(column)] = append(columns[spaceless(column)], column)
	}
	found := slices.Clone(names)
	for i, name := range names {
		if strings.Contains(name, " ") {
			continue
		}
		alike := columns[name]
		if len(alike) > 1 {
			return nil, job.Invalid("LightGBM's feature name %s stands for more than one column: %s", name, strings.Join(alike, ", ")).
				WithHint("Name the feature columns that the model was fitted with")
		}
		if len(alike) == 1 {
			found[i] = alike[0]
		}
	}
	return found, nil
}

// unread are the features of a model that looks at none.
func unread(columns []string) []Feature {
	features := make([]Feature, len(columns))
	for i, name := range columns {
		features[i] = Feature{Name: name, Kind: frame.Unused}
	}
	return features
}

func (m *Model) checkNames(columns []string) error {
	if slices.Equal(columns, m.names) {
		return nil
	}
	var missing, extra, twice []string
	known, given := map[string]bool{}, map[string]bool{}
	for _, name := range m.names {
		known[name] = true
	}
	for _, name := range columns {
		if !known[name] {
			extra = append(extra, name)
		} else if given[name] {
			twice = append(twice, name)
		}
		given[name] = true
	}
	for i, name := range m.names {
		if !given[name] && !(m.byName && m.inputs[i] == frame.Unused) {
			missing = append(missing, name)
		}
	}
	var wrong []string
	say := func(what string, names []string) {
		if len(names) > 0 {
			wrong = append(wrong, what+": "+strings.Join(names, ", "))
		}
	}
	say("missing", missing)
	say("named twice", twice)
	if !m.byName {
		say("unknown", extra)
		if len(wrong) == 0 {
			wrong = append(wrong, "they are in another order")
		}
	}
	if len(wrong) == 0 {
		return nil
	}
	return job.Invalid("the feature columns are not those that the model was fitted with (%s)", strings.Join(wrong, "; ")).
		WithHint("The model expects: %s", strings.Join(m.names, ", "))
}
