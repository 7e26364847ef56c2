package ensemble

import (
	"brine/functions/internal/frame"
	"brine/functions/internal/numpy"
	"brine/functions/internal/sklearn/estimator"
)

// scorer is a boosting's raw prediction.
type scorer interface {
	estimator.Estimator
	// raw returns the raw predictions, rows × totals.
	raw(x *frame.Frame) ([]float64, error)
}

// rule is how a version of scikit-learn chooses labels. The rules differ where
// a raw prediction is zero, and where rounding ties two probabilities.
type rule uint8

const (
	byProbability rule = iota // the first largest probability
	fromZero                  // the second class of two if raw >= 0, else the first largest raw
	aboveZero                 // the second class of two if raw > 0, else the first largest raw
)

// boostedClassifier makes labels and probabilities of raw predictions: one a
// row for two classes, else one for each class.
type boostedClassifier struct {
	scorer
	totals  int
	classes *frame.Classes
	loss    loss
	rule    rule
}

// trees is the number of trees a stage or iteration for a number of classes.
func trees(classes int) int {
	if classes == 2 {
		return 1
	}
	return classes
}

// Outputs implements estimator.Predictor.
func (m *boostedClassifier) Outputs() int { return 1 }

// Classes implements estimator.Classifier.
func (m *boostedClassifier) Classes() *frame.Classes { return m.classes }

// Predict implements estimator.Predictor.
// Source: predict of sklearn/ensemble/_gb.py, GradientBoostingClassifier, and of
// sklearn/ensemble/_hist_gradient_boosting/gradient_boosting.py,
// HistGradientBoostingClassifier.
func (m *boostedClassifier) Predict(x *frame.Frame) ([]frame.Column, error) {
	raw, err := m.raw(x)
	if err != nil {
		return nil, err
	}
	if m.rule == byProbability {
		n := m.classes.Len()
		return []frame.Column{largest(x, m.classes, m.loss.probabilities(x, raw, n), n, 0)}, nil
	}
	if m.totals > 1 {
		return []frame.Column{largest(x, m.classes, raw, m.totals, 0)}, nil
	}
	out := x.LabelColumn(m.classes)
	for r, v := range raw {
		if v > 0 || v == 0 && m.rule == fromZero {
			out.Code[r] = 1
		}
	}
	return []frame.Column{out}, nil
}

// PredictProba implements estimator.Prober.
func (m *boostedClassifier) PredictProba(x *frame.Frame) (*frame.Frame, error) {
	raw, err := m.raw(x)
	if err != nil {
		return nil, err
	}
	n := m.classes.Len()
	return x.Numbers(m.loss.probabilities(x, raw, n), n), nil
}

// Decision implements estimator.Decider.
func (m *boostedClassifier) Decision(x *frame.Frame) (*frame.Frame, error) {
	raw, err := m.raw(x)
	if err != nil {
		return nil, err
	}
	return x.Numbers(raw, m.totals), nil
}

// loss says how raw predictions and probabilities belong together.
type loss uint8

const (
	binomial       loss = iota // p = expit(raw)
	exponential                // p = expit(2·raw)
	multinomial                // p = softmax(raw), raw centred
	multinomialSum             // the same, summed class after class as numpy does for columns
	multinomialLog             // p = exp(raw − logsumexp(raw)), up to 1.3
)

// link writes the raw predictions of one row's probabilities, of every class,
// each clipped to within eps. logit is the one of the version's scipy.
// Source: sklearn/_loss/link.py.
func (l loss) link(raw, p []float64, eps float64, logit func(float64) float64) {
	clip := func(v float64) float64 { return min(max(v, eps), 1-eps) }
	switch l {
	case binomial:
		raw[0] = logit(clip(p[1]))
	case exponential:
		raw[0] = 0.5 * logit(clip(p[1]))
	case multinomialLog:
		for k, v := range p {
			raw[k] = numpy.Log(clip(v))
		}
	case multinomial:
		for k, v := range p {
			raw[k] = numpy.Log(clip(v))
		}
		mean := numpy.Exp(numpy.Sum(raw) / float64(len(raw)))
		for k, v := range p {
			raw[k] = numpy.Log(clip(v) / mean)
		}
	}
}

// probabilities returns rows × classes.
func (l loss) probabilities(x *frame.Frame, raw []float64, classes int) []float64 {
	p := x.Floats(x.Rows * classes)
	switch l {
	case binomial, exponential:
		for r, v := range raw {
			if l == exponential {
				v *= 2
			}
			p[2*r+1] = numpy.Expit(v)
			p[2*r] = 1 - p[2*r+1]
		}
	case multinomial:
		copy(p, raw)
		for r := range x.Rows {
			numpy.Softmax(p[r*classes:][:classes])
		}
	case multinomialSum:
		copy(p, raw)
		for r := range x.Rows {
			softmaxInOrder(p[r*classes:][:classes])
		}
	case multinomialLog:
		scratch := x.Floats(classes)
		for r := range x.Rows {
			row := raw[r*classes:][:classes]
			sum := numpy.LogSumExp(row, scratch)
			for k, v := range row {
				p[r*classes+k] = numpy.Exp(v - sum)
			}
		}
	}
	return p
}

// softmaxInOrder is numpy.Softmax without its pairwise sum: histogram gradient
// boosting keeps its raw predictions column by column.
func softmaxInOrder(row []float64) {
	top := row[numpy.ArgMax(row)]
	sum := 0.0
	for k, v := range row {
		row[k] = numpy.Exp(v - top)
		sum += row[k]
	}
	for k := range row {
		row[k] /= sum
	}
}
