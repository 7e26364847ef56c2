// Package sklearn turns a decoded pickle into a Model that predicts with
// scikit-learn's own numbers, or refuses it with the reason.
package sklearn

import (
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

	names     []string // feature_names_in_, nil if fitted without names
	inputs    []frame.Kind
	predictor estimator.Predictor
	byName    bool // columns are looked up by name: their order is free, more may be given
}

// Feature is a table column that a model reads.
type Feature struct {
	Name string
	Kind frame.Kind // Number, Text or Unused
}

// Open checks a decoded file and builds its model. The error is a
// ValidationError that names module, class and place.
func Open(file *pickle.File) (*Model, error) {
	raw, ok := file.Root.(*pickle.Object)
	if !ok {
		return nil, notAModel(file)
	}
	root := estimator.NewObject(raw, registry)
	predictor, err := estimator.BuildPredictor(root)
	if err != nil {
		return nil, err
	}
	m := &Model{Class: root.Class(), predictor: predictor, names: featureNames(root)}
	m.Version, _ = attrString(raw, "_sklearn_version")
	m.inputs = slices.Clone(predictor.Inputs())
	for i, k := range m.inputs {
		if k == frame.Any {
			m.inputs[i] = frame.Number
		}
	}
	if b, ok := predictor.(interface{ SelectsByName() bool }); ok {
		m.byName = b.SelectsByName()
	}
	if m.names != nil && len(m.names) != len(m.inputs) {
		return nil, root.Refuse("has %d feature names for %d features", len(m.names), len(m.inputs))
	}
	return m, nil
}

func notAModel(file *pickle.File) error {
	names := make([]string, len(file.Globals))
	for i, g := range file.Globals {
		names[i] = g.String()
	}
	e := job.Invalid("the file holds %s, not a scikit-learn model", estimator.Describe(file.Root))
	if len(names) > 0 {
		e.Message += "; it names " + strings.Join(names, ", ") + " (nothing was run)"
	}
	return e.WithHint("Store the fitted estimator itself with joblib.dump or pickle.dump")
}

func attrString(o *pickle.Object, name string) (string, bool) {
	v, _ := o.Attr(name)
	s, ok := v.(string)
	return s, ok
}

// featureNames finds feature_names_in_ where scikit-learn does: on the
// estimator, else on a pipeline's first step or a search's best estimator.
func featureNames(o *estimator.Object) []string {
	for o != nil {
		if names := o.FeatureNames(); names != nil {
			return names
		}
		o = o.Inner()
	}
	return nil
}

// Outputs is the number of prediction columns.
func (m *Model) Outputs() int { return m.predictor.Outputs() }

// Names returns the model's own feature names in the order of fit, or nil.
func (m *Model) Names() []string { return m.names }

// Predict returns a column for each of Outputs. x has the columns that Bind
// returned. It is valid until the Arena of x is reset.
func (m *Model) Predict(x *frame.Frame) ([]frame.Column, error) {
	return m.predictor.Predict(x)
}

// Bind checks a job's feature columns against the model and returns, in the
// model's own order, the table columns to read. nil asks for the model's own
// names.
//
// As in scikit-learn, a model that was fitted with names takes the same names
// in the same order, unless it selects its columns by name; one fitted without
// takes any names of the right number.
func (m *Model) Bind(columns []string) ([]Feature, error) {
	names := m.names
	switch {
	case names == nil && columns == nil:
		return nil, job.Invalid("the model was fitted without feature names").
			WithHint("Name its %d feature columns in feature_columns, in the order of fit", len(m.inputs))
	case names == nil:
		if len(columns) != len(m.inputs) {
			return nil, job.Invalid("feature_columns has %d names, but the model expects %d features", len(columns), len(m.inputs))
		}
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

func (m *Model) checkNames(columns []string) error {
	if slices.Equal(columns, m.names) {
		return nil
	}
	var missing, extra []string
	for i, name := range m.names {
		if !slices.Contains(columns, name) && !(m.byName && m.inputs[i] == frame.Unused) {
			missing = append(missing, name)
		}
	}
	for _, name := range columns {
		if !slices.Contains(m.names, name) {
			extra = append(extra, name)
		}
	}
	var wrong []string
	if len(missing) > 0 {
		wrong = append(wrong, "missing: "+strings.Join(missing, ", "))
	}
	if len(extra) > 0 && !m.byName {
		wrong = append(wrong, "unknown: "+strings.Join(extra, ", "))
	}
	if len(wrong) == 0 && !m.byName {
		wrong = append(wrong, "they are in another order")
	}
	if len(wrong) == 0 {
		return nil
	}
	return job.Invalid("feature_columns are not those that the model was fitted with (%s)", strings.Join(wrong, "; ")).
		WithHint("%s", fmt.Sprintf("The model expects: %s. \"auto\" takes them by themselves", strings.Join(m.names, ", ")))
}
