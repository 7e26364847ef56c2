package featureselection

import (
	"math"
	"sort"
	"strconv"
	"strings"

	"brine/functions/internal/numpy"
	"brine/functions/internal/sklearn/estimator"
)

// newFromModel keeps the features whose importance for a model reaches a
// threshold. Missing values, which scikit-learn takes if the model does, are
// refused.
// Source: sklearn/feature_selection/_from_model.py, SelectFromModel.
func newFromModel(o *estimator.Object) (estimator.Estimator, error) {
	name := "estimator_"
	if !o.Has(name) {
		name = "estimator" // prefit, up to 1.0
	}
	model := o.Object(name)
	if err := o.Err(); err != nil {
		return nil, err
	}
	scores, err := importances(o, model)
	if err != nil {
		return nil, err
	}
	threshold, err := thresholdOf(o, model, scores)
	if err != nil {
		return nil, err
	}
	most := len(scores)
	if o.Has("max_features") {
		name := "max_features"
		if o.Has("max_features_") {
			name = "max_features_"
		}
		most = o.Int(name)
	}
	if err := o.Err(); err != nil {
		return nil, err
	}
	s := &selector{class: o.Name(), inputs: estimator.AllNumbers(len(scores)), check: estimator.CheckFinite}
	for i, among := range highest(scores, most) {
		if among && !(scores[i] < threshold) {
			s.kept = append(s.kept, i)
		}
	}
	return s, nil
}

// highest marks the n highest scores, the first of equals.
func highest(scores []float64, n int) []bool {
	order := make([]int, len(scores))
	for i := range order {
		order[i] = i
	}
	sort.SliceStable(order, func(a, b int) bool { return -scores[order[a]] < -scores[order[b]] })
	mask := make([]bool, len(scores))
	for _, i := range order[:min(max(n, 0), len(order))] {
		mask[i] = true
	}
	return mask
}

// importances are the coefficients' sizes, or how much a tree's splits gain.
// Source: sklearn/feature_selection/_base.py, _get_feature_importances.
func importances(o, model *estimator.Object) ([]float64, error) {
	switch getter := o.Get("importance_getter"); getter {
	case "auto", "coef_", "feature_importances_":
	default:
		if o.Has("importance_getter") {
			return nil, o.Refuse("importance_getter is %s, which is not supported", estimator.Describe(getter)).
				WithHint(`Fit with importance_getter="auto"`)
		}
	}
	order := o.Float("norm_order")
	if err := o.Err(); err != nil {
		return nil, err
	}
	if !model.Has("coef_") {
		return gains(model)
	}
	coef := model.Dense("coef_")
	if err := model.Err(); err != nil {
		return nil, err
	}
	if order != 1 && order != 2 && !math.IsInf(order, 1) {
		return nil, o.Refuse("norm_order=%v is not supported", order)
	}
	sizes := make([]float64, coef.Cols)
	for i := range coef.Rows {
		for j, v := range coef.Row(i) {
			switch order {
			case 1:
				sizes[j] += math.Abs(v)
			case 2:
				sizes[j] += float64(v * v)
			default:
				sizes[j] = max(sizes[j], math.Abs(v))
			}
		}
	}
	if order == 2 {
		for j, v := range sizes {
			sizes[j] = math.Sqrt(v)
		}
		if len(model.Array("coef_").Shape) == 1 { // no norm then, but the size
			for j, v := range coef.Data {
				sizes[j] = math.Abs(v)
			}
		}
	}
	return sizes, nil
}

// thresholdOf is a number, or a multiple of the mean or the median.
// Source: sklearn/feature_selection/_from_model.py, _calculate_threshold.
func thresholdOf(o, model *estimator.Object, scores []float64) (float64, error) {
	v, scale := o.Get("threshold"), 1.0
	if v == nil {
		if isSparse(model) {
			return 1e-5, nil
		}
		v = "mean"
	}
	text, ok := v.(string)
	if !ok {
		return o.Float("threshold"), o.Err()
	}
	if factor, of, found := strings.Cut(text, "*"); found {
		f, err := strconv.ParseFloat(strings.TrimSpace(factor), 64)
		if err != nil {
			return 0, o.Refuse("threshold=%q is not supported", text)
		}
		scale, text = f, strings.TrimSpace(of)
	}
	switch text {
	case "mean":
		return scale * (numpy.Sum(scores) / float64(len(scores))), nil
	case "median":
		s, n := sorted(scores), len(scores)
		if n%2 == 1 {
			return scale * s[n/2], nil
		}
		return scale * ((s[n/2-1] + s[n/2]) / 2), nil
	}
	return 0, o.Refuse("threshold=%q is not supported", text)
}

// isSparse reports whether a model's penalty makes coefficients 0.
func isSparse(model *estimator.Object) bool {
	if penalty, _ := model.Raw().Attr("penalty"); penalty == "l1" || strings.Contains(model.Name(), "Lasso") {
		return true
	}
	if model.Before(1, 8) {
		return strings.Contains(model.Name(), "ElasticNet") && (isOne(model, "l1_ratio_") || isOne(model, "l1_ratio"))
	}
	switch model.Name() {
	case "ElasticNet", "LogisticRegression":
		return isOne(model, "l1_ratio")
	case "ElasticNetCV", "LogisticRegressionCV":
		return isOne(model, "l1_ratio_")
	}
	return false
}

// isOne reports whether an attribute has nothing but numbers that
// numpy.isclose finds equal to 1.
func isOne(model *estimator.Object, name string) bool {
	if !model.Has(name) {
		return false
	}
	for _, v := range model.Floats(name) {
		if !(math.Abs(v-1) <= 1e-8+1e-5) {
			return false
		}
	}
	return true
}
