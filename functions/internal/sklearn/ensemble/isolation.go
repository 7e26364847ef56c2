package ensemble

import (
	"brine/functions/internal/frame"
	"brine/functions/internal/numpy"
	"brine/functions/internal/pickle"
	"brine/functions/internal/sklearn/estimator"
	"brine/functions/internal/sklearn/tree"
)

// isolationForest adds up path lengths.
type isolationForest struct {
	*additive
	anyValue    bool    // NaN and infinities are taken unchecked, from 1.6 on
	denominator float64 // trees × the average path length of a tree's sample
	offset      float64
}

var outlierClasses = estimator.IntClasses(-1, 1)

// buildIsolationForest compiles the trees.
// Source: sklearn/ensemble/_iforest.py, _compute_score_samples.
func buildIsolationForest(o *estimator.Object) (estimator.Estimator, error) {
	features, trees := o.Features(), o.Objects("estimators_")
	if o.Err() != nil {
		return nil, o.Err()
	}
	subsets, err := isolationSubsets(o, features)
	if err != nil {
		return nil, err
	}
	if len(trees) == 0 || subsets != nil && len(subsets) != len(trees) {
		return nil, o.Refuse("has %d trees and %d sets of features", len(trees), len(subsets))
	}
	parts, err := readPathParts(o, len(trees))
	if err != nil {
		return nil, err
	}
	m := &isolationForest{additive: newAdditive(o, features, 1, nil), anyValue: !o.Before(1, 6)}
	var fitted tree.Fitted
	for i, t := range trees {
		if err := fitted.Read(t, m.anyValue); err != nil {
			return nil, err
		}
		if subsets != nil {
			if err := fitted.Widen(subsets[i]); err != nil {
				return nil, t.Refuse("its tree %v", err)
			}
		}
		leaves, err := m.plant(t, &fitted.Nodes)
		if err != nil {
			return nil, err
		}
		lengths, err := parts.lengths(o, i, &fitted)
		if err != nil {
			return nil, err
		}
		value := make([]float64, len(leaves))
		for j, n := range leaves {
			value[j] = lengths[n]
		}
		m.Give(value, 1, 0)
	}
	m.compile(o)
	sample := "_max_samples"
	if !o.Has(sample) {
		sample = "max_samples_"
	}
	m.denominator = float64(len(trees)) * averagePathLength(o.Float(sample))
	m.offset = o.Float("offset_")
	return m, o.Err()
}

// isolationSubsets returns the features that each tree looks at, nil where
// that is all of them.
func isolationSubsets(o *estimator.Object, features int) ([][]int, error) {
	if o.Int("_max_features") == features {
		return nil, o.Err()
	}
	return featureSubsets(o)
}

// pathParts are what the lengths of each tree's paths are made of. Models from
// 1.3 on hold them; both are nil in older ones.
type pathParts struct{ depths, averages []any }

func readPathParts(o *estimator.Object, trees int) (p pathParts, err error) {
	if !o.Has("_decision_path_lengths") {
		return p, nil
	}
	p = pathParts{o.List("_decision_path_lengths"), o.List("_average_path_length_per_tree")}
	if o.Err() == nil && (len(p.depths) < trees || len(p.averages) < trees) {
		return p, o.Refuse("has path lengths of %d and %d trees", len(p.depths), len(p.averages))
	}
	return p, o.Err()
}

// lengths returns the length of the path to each node of a tree, as if its
// training rows had been isolated from one another.
func (p pathParts) lengths(o *estimator.Object, i int, fitted *tree.Fitted) ([]float64, error) {
	if p.depths == nil {
		samples, err := fitted.Samples()
		if err != nil {
			return nil, o.Refuse("estimators_[%d] %v", i, err)
		}
		lengths := make([]float64, len(samples))
		for n, depth := range fitted.Depths() {
			lengths[n] = float64(depth+1) + averagePathLength(samples[n]) - 1
		}
		return lengths, nil
	}
	depth, ok := p.depths[i].(*pickle.Array)
	average, ok2 := p.averages[i].(*pickle.Array)
	if !ok || !ok2 {
		return nil, o.Refuse("has path lengths that are no arrays")
	}
	lengths, err := depth.Floats()
	if err != nil {
		return nil, o.Refuse("path lengths: %v", err)
	}
	rest, err := average.Floats()
	if err != nil {
		return nil, o.Refuse("path lengths: %v", err)
	}
	if len(lengths) != len(fitted.Left) || len(rest) != len(fitted.Left) {
		return nil, o.Refuse("has %d and %d path lengths for a tree of %d nodes", len(lengths), len(rest), len(fitted.Left))
	}
	for n := range lengths {
		lengths[n] = lengths[n] + rest[n] - 1
	}
	return lengths, nil
}

// averagePathLength is that of an isolation tree of n rows.
// Source: sklearn/ensemble/_iforest.py, _average_path_length.
func averagePathLength(n float64) float64 {
	const eulerGamma = 0.5772156649015329
	switch {
	case n <= 1:
		return 0
	case n == 2:
		return 1
	}
	return float64(2*(numpy.Log(n-1)+eulerGamma)) - 2*(n-1)/n
}

func (m *isolationForest) Outputs() int { return 1 }

// Predict implements estimator.Predictor: -1 for an outlier, else 1.
func (m *isolationForest) Predict(x *frame.Frame) ([]frame.Column, error) {
	decisions, err := m.Decision(x)
	if err != nil {
		return nil, err
	}
	out := x.LabelColumn(outlierClasses)
	for r, d := range decisions.Cols[0].Num {
		if !(d < 0) {
			out.Code[r] = 1
		}
	}
	return []frame.Column{out}, nil
}

// Decision implements estimator.Decider.
func (m *isolationForest) Decision(x *frame.Frame) (*frame.Frame, error) {
	scores, err := m.ScoreSamples(x)
	if err != nil {
		return nil, err
	}
	return estimator.Shift(scores, -m.offset), nil
}

// ScoreSamples implements estimator.Scorer.
func (m *isolationForest) ScoreSamples(x *frame.Frame) (*frame.Frame, error) {
	check := estimator.CheckFinite32
	if m.anyValue {
		check = estimator.CheckCast32
	}
	if err := check(x, m.name); err != nil {
		return nil, err
	}
	scores := x.Floats(x.Rows)
	m.Sum(x, scores)
	for i, depth := range scores {
		exponent := 1.0
		if m.denominator != 0 {
			exponent = depth / m.denominator
		}
		scores[i] = -numpy.Exp2(-exponent)
	}
	return x.Numbers(scores, 1), nil
}
