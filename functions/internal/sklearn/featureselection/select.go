// Package featureselection has the transformers of sklearn.feature_selection
// that keep some of their columns as they are.
package featureselection

import (
	"math"
	"slices"
	"sort"

	"brine/functions/internal/frame"
	"brine/functions/internal/sklearn/estimator"
)

// Classes are the selectors of this package.
var Classes = estimator.Registry{
	"sklearn.feature_selection.VarianceThreshold":         newVarianceThreshold,
	"sklearn.feature_selection.SelectFromModel":           newFromModel,
	"sklearn.feature_selection.SelectKBest":               univariate("k_best", "k"),
	"sklearn.feature_selection.SelectPercentile":          univariate("percentile", "percentile"),
	"sklearn.feature_selection.SelectFpr":                 univariate("fpr", "alpha"),
	"sklearn.feature_selection.SelectFdr":                 univariate("fdr", "alpha"),
	"sklearn.feature_selection.SelectFwe":                 univariate("fwe", "alpha"),
	"sklearn.feature_selection.GenericUnivariateSelect":   newGenericUnivariateSelect,
	"sklearn.feature_selection.RFE":                       newElimination,
	"sklearn.feature_selection.RFECV":                     newElimination,
	"sklearn.feature_selection.SequentialFeatureSelector": newSupported,
}

// selector keeps the columns of a mask.
// Source: sklearn/feature_selection/_base.py, SelectorMixin.transform.
type selector struct {
	class  string
	inputs []frame.Kind
	kept   []int
	check  func(x *frame.Frame, class string) error
}

func newSelector(o *estimator.Object, mask []bool) (*selector, error) {
	n := o.Features()
	if err := o.Err(); err != nil {
		return nil, err
	}
	if len(mask) != n {
		return nil, o.Refuse("selects among %d features, expected %d", len(mask), n)
	}
	s := &selector{class: o.Name(), inputs: estimator.AllNumbers(n), check: estimator.CheckFinite}
	for i, keep := range mask {
		if keep {
			s.kept = append(s.kept, i)
		}
	}
	return s, nil
}

// Inputs are all numbers.
func (s *selector) Inputs() []frame.Kind { return s.inputs }

// TakesSparse implements estimator.SparseTaker.
func (s *selector) TakesSparse() bool { return true }

// Transform shares the columns that it keeps.
func (s *selector) Transform(x *frame.Frame) (*frame.Frame, error) {
	if err := s.check(x, s.class); err != nil {
		return nil, err
	}
	return x.Select(s.kept), nil
}

// newVarianceThreshold allows missing values.
// Source: sklearn/feature_selection/_variance_threshold.py.
func newVarianceThreshold(o *estimator.Object) (estimator.Estimator, error) {
	threshold := o.Float("threshold")
	s, err := newSelector(o, where(o.Floats("variances_"), func(v float64) bool { return v > threshold }))
	if err != nil {
		return nil, err
	}
	s.check = estimator.CheckNotInf
	return s, nil
}

// newSupported reads the mask support_. Missing values, which scikit-learn
// takes if the inner estimator does, are refused.
// Source: sklearn/feature_selection/_rfe.py and _sequential.py.
func newSupported(o *estimator.Object) (estimator.Estimator, error) {
	return newSelector(o, where(o.Floats("support_"), func(v float64) bool { return v != 0 }))
}

func where(values []float64, keep func(float64) bool) []bool {
	mask := make([]bool, len(values))
	for i, v := range values {
		mask[i] = keep(v)
	}
	return mask
}

// univariate builds the selectors that rank features by a score of each.
func univariate(mode, param string) estimator.Builder {
	return func(o *estimator.Object) (estimator.Estimator, error) {
		mask, err := univariateMask(o, mode, param)
		if err != nil {
			return nil, err
		}
		return newSelector(o, mask)
	}
}

func newGenericUnivariateSelect(o *estimator.Object) (estimator.Estimator, error) {
	mode := o.Str("mode")
	if err := o.Err(); err != nil {
		return nil, err
	}
	return univariate(mode, "param")(o)
}

// univariateMask is _get_support_mask.
// Source: sklearn/feature_selection/_univariate_selection.py.
func univariateMask(o *estimator.Object, mode, param string) ([]bool, error) {
	if mode == "k_best" && o.Get(param) == "all" {
		return slices.Repeat([]bool{true}, o.Features()), o.Err()
	}
	limit := o.Float(param)
	values := "pvalues_"
	if mode == "k_best" || mode == "percentile" {
		values = "scores_"
	}
	v := o.Floats(values)
	if err := o.Err(); err != nil {
		return nil, err
	}
	n := float64(len(v))
	switch mode {
	case "k_best":
		return best(cleaned(v), int(limit)), nil
	case "percentile":
		return topPercentile(cleaned(v), limit), nil
	case "fpr":
		return where(v, func(p float64) bool { return p < limit }), nil
	case "fwe":
		return where(v, func(p float64) bool { return p < limit/n }), nil
	case "fdr":
		highest := math.Inf(-1)
		for i, p := range sorted(v) {
			if p <= limit/n*float64(i+1) {
				highest = max(highest, p)
			}
		}
		return where(v, func(p float64) bool { return p <= highest }), nil
	}
	return nil, o.Refuse("mode=%q is not supported", mode)
}

// cleaned makes NaN the lowest score.
func cleaned(scores []float64) []float64 {
	out := slices.Clone(scores)
	for i, v := range out {
		if v != v {
			out[i] = -math.MaxFloat64
		}
	}
	return out
}

func sorted(v []float64) []float64 {
	out := slices.Clone(v)
	sort.Float64s(out)
	return out
}

// best keeps the k highest scores, the later of equals.
func best(scores []float64, k int) []bool {
	order := make([]int, len(scores))
	for i := range order {
		order[i] = i
	}
	sort.SliceStable(order, func(a, b int) bool { return scores[order[a]] < scores[order[b]] })
	mask := make([]bool, len(scores))
	for _, i := range order[max(0, len(order)-k):] {
		mask[i] = true
	}
	return mask
}

// topPercentile keeps the scores above the percentile, and as many of those at
// it as it has room for.
func topPercentile(scores []float64, percentile float64) []bool {
	if len(scores) == 0 || percentile == 100 || percentile == 0 {
		return where(scores, func(float64) bool { return percentile == 100 })
	}
	threshold := quantile(sorted(scores), (100-percentile)/100)
	mask := where(scores, func(v float64) bool { return v > threshold })
	room := int(float64(len(scores)) * percentile / 100)
	for _, kept := range mask {
		if kept {
			room--
		}
	}
	for i, v := range scores {
		if v == threshold && room > 0 {
			mask[i] = true
			room--
		}
	}
	return mask
}

// quantile is numpy.quantile by linear interpolation.
// Source: numpy/lib/function_base.py, _lerp.
func quantile(sorted []float64, q float64) float64 {
	at := float64(len(sorted)-1) * q
	i := int(math.Floor(at))
	a, b := sorted[i], sorted[min(i+1, len(sorted)-1)]
	t := at - math.Floor(at)
	if t >= 0.5 {
		return b - float64((b-a)*(1-t))
	}
	return a + float64((b-a)*t)
}
