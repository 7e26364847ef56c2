// Package dummy has scikit-learn's dummy estimators, which answer without
// looking at the features.
package dummy

import (
	"brine/functions/internal/frame"
	"brine/functions/internal/numpy"
	"brine/functions/internal/pickle"
	"brine/functions/internal/sklearn/estimator"
)

// Classes are the estimators of sklearn.dummy.
var Classes = estimator.Registry{
	"sklearn.dummy.DummyClassifier": newClassifier,
	"sklearn.dummy.DummyRegressor":  newRegressor,
}

// inputs are nil, as many as there may be, for a model that does not say how
// many features it was fitted with: those up to 1.5 do not.
func inputs(o *estimator.Object) []frame.Kind {
	if !o.Has("n_features_in_") {
		return nil
	}
	kinds := make([]frame.Kind, o.Features())
	for i := range kinds {
		kinds[i] = frame.Unused
	}
	return kinds
}

// regressor answers one number an output.
// Source: sklearn/dummy.py, DummyRegressor.predict.
type regressor struct {
	inputs   []frame.Kind
	constant []float64
}

func newRegressor(o *estimator.Object) (estimator.Estimator, error) {
	d := &regressor{inputs(o), o.Floats("constant_")}
	a := o.Array("constant_")
	if err := o.Err(); err != nil {
		return nil, err
	}
	if a.Dtype.Kind != 'f' || a.Dtype.Size != 8 || len(d.constant) == 0 {
		return nil, o.Refuse("its constant_ is no array of float64, which is not supported").
			WithHint("Fit it with a constant of float64, such as 3.0")
	}
	return d, nil
}

func (d *regressor) Inputs() []frame.Kind { return d.inputs }
func (d *regressor) Outputs() int         { return len(d.constant) }

func (d *regressor) Predict(x *frame.Frame) ([]frame.Column, error) {
	out := make([]frame.Column, len(d.constant))
	for k, v := range d.constant {
		out[k] = x.NumberColumn("")
		fill(out[k].Num, v)
	}
	return out, nil
}

func fill(dst []float64, v float64) {
	for r := range dst {
		dst[r] = v
	}
}

// several answers one label an output.
// Source: sklearn/dummy.py, DummyClassifier.predict.
type several struct {
	inputs []frame.Kind
	labels []label
}

// label is the answer of one output.
type label struct {
	classes *frame.Classes
	code    int32
}

// classifier is of one output, and has probabilities.
type classifier struct {
	several
	classes *frame.Classes
	proba   []float64
}

func newClassifier(o *estimator.Object) (estimator.Estimator, error) {
	strategy := o.Str("strategy")
	if o.Has("_strategy") {
		strategy = o.Str("_strategy")
	}
	sparse, outputs := o.Bool("sparse_output_"), o.Int("n_outputs_")
	d := several{inputs: inputs(o)}
	if err := o.Err(); err != nil {
		return nil, err
	}
	switch strategy {
	case "most_frequent", "prior", "constant":
	default:
		return nil, o.Refuse("strategy=%q draws its answers at random", strategy).
			WithHint(`Fit with strategy="prior", "most_frequent" or "constant"`)
	}
	if sparse {
		return nil, o.Refuse("was fitted with a sparse target and answers with a sparse matrix, which is not supported")
	}
	classes, priors, err := targets(o, outputs)
	if err != nil {
		return nil, err
	}
	if strategy == "constant" {
		d.labels, err = constants(o, len(classes))
	} else {
		d.labels, err = likeliest(o, classes, priors)
	}
	if err != nil {
		return nil, err
	}
	if outputs != 1 {
		return &d, nil
	}
	return &classifier{several: d, classes: classes[0], proba: probabilities(strategy, d.labels[0], classes[0], priors[0])}, nil
}

// targets reads the classes and their frequencies, of each output.
func targets(o *estimator.Object, outputs int) (classes []*frame.Classes, priors [][]float64, err error) {
	classValues, priorValues := []any{o.Get("classes_")}, []any{o.Get("class_prior_")}
	if outputs != 1 {
		classValues, priorValues = o.List("classes_"), o.List("class_prior_")
	}
	if err := o.Err(); err != nil {
		return nil, nil, err
	}
	if len(classValues) != outputs || len(priorValues) != outputs {
		return nil, nil, o.Refuse("has the classes of %d outputs, expected %d", len(classValues), outputs)
	}
	for k := range outputs {
		a, ok := classValues[k].(*pickle.Array)
		p, isArray := priorValues[k].(*pickle.Array)
		if !ok || !isArray {
			return nil, nil, o.Refuse("classes_ and class_prior_ must be arrays")
		}
		c, err := estimator.ClassesOf(a)
		if err != nil {
			return nil, nil, o.Refuse("classes_ %v", err)
		}
		prior, err := p.Floats()
		if err != nil || len(prior) != c.Len() || len(prior) == 0 {
			return nil, nil, o.Refuse("class_prior_ does not fit its %d classes", c.Len())
		}
		classes, priors = append(classes, c), append(priors, prior)
	}
	return classes, priors, nil
}

// likeliest are the most frequent classes. They share one array in
// scikit-learn, so labels of several types become one.
func likeliest(o *estimator.Object, classes []*frame.Classes, priors [][]float64) ([]label, error) {
	labels := make([]label, len(classes))
	for k, c := range classes {
		labels[k] = label{c, int32(numpy.ArgMax(priors[k]))}
		if c.Dtype != classes[0].Dtype {
			return nil, o.Refuse("answers with labels of several types, which is not supported")
		}
	}
	return labels, nil
}

// constants are the labels that the user gave, in the type in which they were given.
func constants(o *estimator.Object, outputs int) ([]label, error) {
	var a *pickle.Array
	switch v := o.Get("constant").(type) {
	case *pickle.Array:
		a = v
	case *pickle.List:
		a = &pickle.Array{Dtype: pickle.Dtype{Kind: 'O'}, Shape: []int{len(v.Items)}, Objects: v.Items}
	case pickle.Tuple:
		a = &pickle.Array{Dtype: pickle.Dtype{Kind: 'O'}, Shape: []int{len(v)}, Objects: v}
	default:
		a = &pickle.Array{Dtype: pickle.Dtype{Kind: 'O'}, Shape: []int{1}, Objects: []any{v}}
	}
	c, err := estimator.ClassesOf(a)
	if err != nil {
		return nil, o.Refuse("constant %v", err)
	}
	if c.Len() != outputs {
		return nil, o.Refuse("has %d constants for %d outputs", c.Len(), outputs)
	}
	labels := make([]label, outputs)
	for k := range labels {
		labels[k] = label{c, int32(k)}
	}
	return labels, nil
}

// probabilities are 1 for the label that is answered and 0 for the others, or
// the frequencies with strategy="prior".
// Source: sklearn/dummy.py, DummyClassifier.predict_proba.
func probabilities(strategy string, answer label, classes *frame.Classes, prior []float64) []float64 {
	if strategy == "prior" {
		return prior
	}
	proba := make([]float64, classes.Len())
	for k := range proba {
		if same(classes, k, answer.classes, int(answer.code)) {
			proba[k] = 1
		}
	}
	return proba
}

// same reports whether two labels are equal for Python.
func same(a *frame.Classes, i int, b *frame.Classes, j int) bool {
	if a.Num != nil && b.Num != nil {
		return a.Num[i] == b.Num[j]
	}
	return a.Text[i] == b.Text[j]
}

func (d *several) Inputs() []frame.Kind { return d.inputs }
func (d *several) Outputs() int         { return len(d.labels) }

func (d *several) Predict(x *frame.Frame) ([]frame.Column, error) {
	out := make([]frame.Column, len(d.labels))
	for k, l := range d.labels {
		out[k] = x.LabelColumn(l.classes)
		for r := range out[k].Code {
			out[k].Code[r] = l.code
		}
	}
	return out, nil
}

// Classes implements estimator.Classifier.
func (d *classifier) Classes() *frame.Classes { return d.classes }

// PredictProba implements estimator.Prober.
func (d *classifier) PredictProba(x *frame.Frame) (*frame.Frame, error) {
	out := make([]frame.Column, len(d.proba))
	for k, p := range d.proba {
		out[k] = x.NumberColumn("")
		fill(out[k].Num, p)
	}
	return x.With(out), nil
}
