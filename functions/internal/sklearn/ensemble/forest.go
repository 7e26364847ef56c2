package ensemble

import (
	"brine/functions/internal/frame"
	"brine/functions/internal/numpy"
	"brine/functions/internal/sklearn/estimator"
	"brine/functions/internal/sklearn/tree"
)

// leafValues returns what the leaves of a forest's tree add.
type leafValues func(t *tree.Fitted, o *estimator.Object, leaves []int32) ([]float64, error)

// buildForest compiles the trees of a random forest or extra trees, each of
// which adds width numbers a leaf.
// Source: sklearn/ensemble/_forest.py, _validate_X_predict and
// _accumulate_prediction.
func buildForest(o *estimator.Object, width int, values leafValues) (*additive, error) {
	features, trees := o.Features(), o.Objects("estimators_")
	if o.Err() != nil {
		return nil, o.Err()
	}
	if len(trees) == 0 {
		return nil, o.Refuse("has no trees")
	}
	a := newAdditive(o, features, width, nil)
	a.missing = !o.Before(1, 4) && tree.TakesMissing(trees[0])
	var fitted tree.Fitted
	for _, t := range trees {
		leaves, err := a.AddFitted(&fitted, t, a.missing)
		if err != nil {
			return nil, err
		}
		value, err := values(&fitted, t, leaves)
		if err != nil {
			return nil, err
		}
		if len(value) != len(leaves)*width {
			return nil, t.Refuse("has %d outputs, the forest has others", fitted.Outputs)
		}
		a.Give(value, width, 0)
	}
	a.compile(o)
	return a, nil
}

type forestRegressor struct{ *additive }

func buildForestRegressor(o *estimator.Object) (estimator.Estimator, error) {
	outputs := o.Int("n_outputs_")
	a, err := buildForest(o, outputs, func(t *tree.Fitted, o *estimator.Object, leaves []int32) ([]float64, error) {
		return t.Means(o, leaves)
	})
	if err != nil {
		return nil, err
	}
	return &forestRegressor{a}, nil
}

func (f *forestRegressor) Outputs() int { return f.totals }

// Predict implements estimator.Predictor.
// Source: sklearn/ensemble/_forest.py, ForestRegressor.predict.
func (f *forestRegressor) Predict(x *frame.Frame) ([]frame.Column, error) {
	means, err := f.means(x)
	if err != nil {
		return nil, err
	}
	return x.Numbers(means, f.totals).Cols, nil
}

// forestMulti is a forest of classifiers of any number of outputs, whose
// totals are the outputs' class probabilities one after the other.
type forestMulti struct {
	*additive
	classes []*frame.Classes
}

// forestClassifier is a forestMulti of one output.
type forestClassifier struct{ forestMulti }

func buildForestClassifier(o *estimator.Object) (estimator.Estimator, error) {
	classes, err := tree.Labels(o)
	if err != nil {
		return nil, err
	}
	width := 0
	for _, c := range classes {
		width += c.Len()
	}
	a, err := buildForest(o, width, func(t *tree.Fitted, o *estimator.Object, leaves []int32) ([]float64, error) {
		return t.Probabilities(o, leaves, classes)
	})
	if err != nil {
		return nil, err
	}
	m := forestMulti{a, classes}
	if len(classes) > 1 {
		return &m, nil
	}
	return &forestClassifier{m}, nil
}

func (f *forestMulti) Outputs() int { return len(f.classes) }

// Predict implements estimator.Predictor.
// Source: sklearn/ensemble/_forest.py, ForestClassifier.predict.
func (f *forestMulti) Predict(x *frame.Frame) ([]frame.Column, error) {
	means, err := f.means(x)
	if err != nil {
		return nil, err
	}
	out := make([]frame.Column, len(f.classes))
	at := 0
	for k, c := range f.classes {
		out[k] = largest(x, c, means, f.totals, at)
		at += c.Len()
	}
	return out, nil
}

// largest labels each row with the class of the first largest of its scores,
// which begin at a position within a row of some width.
func largest(x *frame.Frame, classes *frame.Classes, scores []float64, width, at int) frame.Column {
	out := x.LabelColumn(classes)
	for r := range out.Code {
		out.Code[r] = int32(numpy.ArgMax(scores[r*width+at:][:classes.Len()]))
	}
	return out
}

func (f *forestClassifier) Classes() *frame.Classes { return f.classes[0] }

// PredictProba implements estimator.Prober.
// Source: sklearn/ensemble/_forest.py, ForestClassifier.predict_proba.
func (f *forestClassifier) PredictProba(x *frame.Frame) (*frame.Frame, error) {
	means, err := f.means(x)
	if err != nil {
		return nil, err
	}
	return x.Numbers(means, f.totals), nil
}
