package ensemble

import (
	"fmt"

	"brine/functions/internal/frame"
	"brine/functions/internal/job"
	"brine/functions/internal/numpy"
	"brine/functions/internal/pickle"
	"brine/functions/internal/sklearn/estimator"
	"brine/functions/internal/sklearn/tree"
)

// histogram is the raw prediction of histogram gradient boosting: a baseline,
// to which every tree adds. It takes missing and infinite values.
type histogram struct {
	*additive
	baseline []float64
	front    estimator.Transformer // encodes categories and puts them first; nil if there are none
}

// buildHistogram compiles the trees of all iterations.
// Source: sklearn/ensemble/_hist_gradient_boosting/gradient_boosting.py,
// _raw_predict and _predict_iterations.
func buildHistogram(o *estimator.Object) (*histogram, error) {
	features, totals := o.Features(), o.Int("n_trees_per_iteration_")
	baseline := o.Floats("_baseline_prediction")
	predictors, err := predictors(o, totals)
	if err != nil {
		return nil, err
	}
	if o.Err() != nil {
		return nil, o.Err()
	}
	if len(baseline) != totals {
		return nil, o.Refuse("has %d baselines for %d trees an iteration", len(baseline), totals)
	}
	front, err := frontOf(o)
	if err != nil {
		return nil, err
	}
	known, err := knownCategories(o, features)
	if err != nil {
		return nil, err
	}
	nodes := make([]*tree.Nodes, len(predictors))
	values := make([][]float64, len(predictors))
	for i, p := range predictors {
		if nodes[i], values[i], err = tree.ReadHistogram(p, known); err != nil {
			return nil, err
		}
	}
	h := &histogram{newAdditive(o, features, totals, tree.Cuts(nodes, features)), baseline, front}
	if front != nil {
		h.inputs = front.Inputs()
	}
	for i, p := range predictors {
		leaves, err := h.plant(p, nodes[i])
		if err != nil {
			return nil, err
		}
		value := make([]float64, len(leaves))
		for j, n := range leaves {
			value[j] = values[i][n]
		}
		h.Give(value, 1, i%totals)
	}
	h.compile(o)
	return h, nil
}

// predictors returns the trees, iteration after iteration.
func predictors(o *estimator.Object, totals int) ([]*estimator.Object, error) {
	var out []*estimator.Object
	for i, iteration := range o.List("_predictors") {
		list, ok := iteration.(*pickle.List)
		if !ok || len(list.Items) != totals {
			return nil, o.Refuse("iteration %d is not a list of %d trees", i, totals)
		}
		for k, v := range list.Items {
			p, err := o.Child(v, fmt.Sprintf("._predictors[%d][%d]", i, k))
			if err != nil {
				return nil, err
			}
			out = append(out, p)
		}
	}
	return out, o.Err()
}

// frontOf builds what makes numbers of the categorical features from 1.4 on.
// Source: gradient_boosting.py, _preprocess_X.
func frontOf(o *estimator.Object) (estimator.Transformer, error) {
	if o.Before(1, 4) || !o.Has("is_categorical_") {
		return nil, nil
	}
	child := o.Object("_preprocessor")
	if err := o.Err(); err != nil {
		return nil, err
	}
	return estimator.BuildTransformer(child)
}

// knownCategories returns the categories of each feature that were there at
// fit; nil for a numeric one.
// Source: sklearn/ensemble/_hist_gradient_boosting/binning.py,
// _BinMapper.make_known_categories_bitsets.
func knownCategories(o *estimator.Object, features int) ([]*tree.Set, error) {
	if !o.Has("is_categorical_") {
		return nil, nil
	}
	if o.Before(1, 2) { // negative categories were no missing values
		return nil, o.Refuse("its categorical features are supported from scikit-learn 1.2 on").
			WithHint("Train it again with a newer scikit-learn, or encode the categories in front of it, in a pipeline")
	}
	mapper := o.Object("_bin_mapper")
	is := "is_categorical_"
	if o.Has("_is_categorical_remapped") {
		is = "_is_categorical_remapped"
	}
	categorical := o.Ints(is)
	if o.Err() != nil {
		return nil, o.Err()
	}
	values := mapper.List("bin_thresholds_")
	if mapper.Err() != nil {
		return nil, mapper.Err()
	}
	if len(categorical) != features || len(values) != features {
		return nil, o.Refuse("describes %d and %d of its %d features", len(categorical), len(values), features)
	}
	known := make([]*tree.Set, features)
	for f, is := range categorical {
		if is == 0 {
			continue
		}
		a, ok := values[f].(*pickle.Array)
		if !ok {
			return nil, mapper.Refuse("categories of feature %d are %s", f, estimator.Describe(values[f]))
		}
		codes, err := a.Floats()
		if err != nil {
			return nil, mapper.Refuse("categories of feature %d: %v", f, err)
		}
		known[f] = new(tree.Set)
		for _, c := range codes {
			if !(c >= 0 && c < 256) {
				return nil, mapper.Refuse("feature %d has the category %v, which is none", f, c)
			}
			known[f].Add(int(c))
		}
	}
	return known, nil
}

// raw returns the raw predictions, rows × totals.
func (h *histogram) raw(x *frame.Frame) ([]float64, error) {
	if x.Sparse {
		return nil, job.Invalid("%s takes no sparse input", h.name).
			WithHint("Make the step before it dense (sparse_output=False)")
	}
	if h.front != nil {
		var err error
		if x, err = h.front.Transform(x); err != nil {
			return nil, err
		}
	}
	raw := x.Floats(x.Rows * h.totals)
	repeat(raw, h.baseline)
	h.Sum(x, raw)
	return raw, nil
}

type histogramRegressor struct {
	*histogram
	exp bool // the link is the logarithm
}

func buildHistogramRegressor(o *estimator.Object) (estimator.Estimator, error) {
	h, err := buildHistogram(o)
	if err != nil {
		return nil, err
	}
	m := &histogramRegressor{histogram: h}
	switch loss := o.Get("loss"); loss {
	case "squared_error", "least_squares", "absolute_error", "least_absolute_deviation", "quantile":
	case "poisson", "gamma":
		m.exp = true
	default:
		return nil, o.Refuse("loss %s is not supported", estimator.Describe(loss))
	}
	if h.totals != 1 {
		return nil, o.Refuse("has %d trees an iteration, must have 1", h.totals)
	}
	return m, nil
}

func (m *histogramRegressor) Outputs() int { return 1 }

// Predict implements estimator.Predictor.
func (m *histogramRegressor) Predict(x *frame.Frame) ([]frame.Column, error) {
	raw, err := m.raw(x)
	if err != nil {
		return nil, err
	}
	if m.exp {
		for i, v := range raw {
			raw[i] = numpy.Exp(v)
		}
	}
	return x.Numbers(raw, 1).Cols, nil
}

func buildHistogramClassifier(o *estimator.Object) (estimator.Estimator, error) {
	h, err := buildHistogram(o)
	if err != nil {
		return nil, err
	}
	m := &boostedClassifier{scorer: h, totals: h.totals, classes: o.Classes("classes_"), rule: byProbability}
	if o.Err() != nil {
		return nil, o.Err()
	}
	if n := m.classes.Len(); n < 2 || h.totals != trees(n) {
		return nil, o.Refuse("has %d classes and %d trees an iteration", n, h.totals)
	}
	switch l := o.Get("loss"); l {
	case "log_loss", "auto", "binary_crossentropy", "categorical_crossentropy":
	default:
		return nil, o.Refuse("loss %s is not supported", estimator.Describe(l))
	}
	switch {
	case h.totals == 1:
		m.loss = binomial
	case o.Before(1, 1):
		m.loss = multinomialLog
	default:
		m.loss = multinomialSum
	}
	if !o.Before(1, 5) {
		m.rule = aboveZero
	}
	return m, nil
}
