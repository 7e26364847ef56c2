package multiclass

import (
	"math"

	"brine/functions/internal/frame"
	"brine/functions/internal/sklearn/estimator"
)

// oneVsRest has an estimator a class, or one for two classes.
// Source: sklearn/multiclass.py, OneVsRestClassifier.
type oneVsRest struct {
	*team
	classes   *frame.Classes
	firstWins bool // of equal scores: from 1.8 on
	allZero   bool // rows of zeros stay so, and are not divided by 0: from 1.7 on
}

func newOneVsRest(o *estimator.Object) (estimator.Estimator, error) {
	t, err := newTeam(o)
	if err != nil {
		return nil, err
	}
	binarizer := o.Object("label_binarizer_")
	if err := o.Err(); err != nil {
		return nil, err
	}
	kind, classes := binarizer.Str("y_type_"), binarizer.Classes("classes_")
	sparse := binarizer.Bool("sparse_input_")
	if err := binarizer.Err(); err != nil {
		return nil, err
	}
	if sparse {
		return nil, o.Refuse("was fitted with a sparse target and answers with a sparse matrix, which is not supported")
	}
	n := len(t.each)
	switch {
	case kind == "multilabel-indicator" && classes.Len() == n:
		return &multiLabel{t, noYes}, nil
	case kind == "binary" && classes.Len() == 2 && n == 1, kind == "multiclass" && classes.Len() == n:
		return (&oneVsRest{t, classes, !o.Before(1, 8), !o.Before(1, 7)}).expose(), nil
	}
	return nil, o.Refuse("has %d estimators for a target of type %q with %d classes", n, kind, classes.Len())
}

// expose returns it with the methods that all its estimators have.
func (c *oneVsRest) expose() estimator.Estimator {
	probes, decides := true, true
	for _, e := range c.each {
		_, p := e.(estimator.Prober)
		_, d := e.(estimator.Decider)
		probes, decides = probes && p, decides && d
	}
	switch {
	case probes && decides:
		return struct {
			*oneVsRest
			prober
			decider
		}{c, prober{c}, decider{c}}
	case probes:
		return struct {
			*oneVsRest
			prober
		}{c, prober{c}}
	case decides:
		return struct {
			*oneVsRest
			decider
		}{c, decider{c}}
	}
	return c
}

func (c *oneVsRest) SelectsByName() bool     { return estimator.AllSelectByName(c.each) }
func (c *oneVsRest) Outputs() int            { return 1 }
func (c *oneVsRest) Classes() *frame.Classes { return c.classes }

// Predict returns the class with the largest score.
func (c *oneVsRest) Predict(x *frame.Frame) ([]frame.Column, error) {
	scores, err := c.scores(x)
	if err != nil {
		return nil, err
	}
	if len(scores.Cols) == 1 {
		return []frame.Column{estimator.Over(c.threshold, x, scores.Cols[0].Num, c.classes)}, nil
	}
	if c.firstWins {
		return []frame.Column{estimator.ArgMax(scores, c.classes)}, nil
	}
	label := x.LabelColumn(c.classes)
	for r := range x.Rows {
		most := math.Inf(-1)
		for k := range scores.Cols {
			if v := scores.Cols[k].Num[r]; v >= most {
				most, label.Code[r] = v, int32(k)
			}
		}
	}
	return []frame.Column{label}, nil
}

type prober struct{ of *oneVsRest }

// PredictProba returns the probabilities of each class against the rest,
// scaled to add up to 1.
func (p prober) PredictProba(x *frame.Frame) (*frame.Frame, error) {
	columns := make([]frame.Column, len(p.of.each))
	for i, e := range p.of.each {
		proba, err := e.(estimator.Prober).PredictProba(x)
		if err != nil {
			return nil, err
		}
		columns[i] = x.NumberColumn("")
		copy(columns[i].Num, proba.Cols[1].Num)
	}
	out := x.With(columns)
	if len(columns) == 1 {
		out = estimator.WithComplement(out)
	}
	estimator.EachRow(out, func(row []float64) {
		var sum float64 // numpy adds up columns here, so not in pairs
		for _, v := range row {
			sum += v
		}
		if sum == 0 && p.of.allZero {
			return
		}
		for k := range row {
			row[k] /= sum
		}
	})
	return out, nil
}

type decider struct{ of *oneVsRest }

// Decision returns the decision of each estimator.
func (d decider) Decision(x *frame.Frame) (*frame.Frame, error) {
	columns := make([]frame.Column, len(d.of.each))
	for i, e := range d.of.each {
		scores, err := e.(estimator.Decider).Decision(x)
		if err != nil {
			return nil, err
		}
		columns[i] = scores.Cols[0]
	}
	return x.With(columns), nil
}

// multiLabel answers 0 or 1 for each label.
type multiLabel struct {
	*team
	classes *frame.Classes
}

func (m *multiLabel) SelectsByName() bool { return estimator.AllSelectByName(m.each) }
func (m *multiLabel) Outputs() int        { return len(m.each) }

func (m *multiLabel) Predict(x *frame.Frame) ([]frame.Column, error) {
	scores, err := m.scores(x)
	if err != nil {
		return nil, err
	}
	labels := make([]frame.Column, len(scores.Cols))
	for k, c := range scores.Cols {
		labels[k] = estimator.Over(m.threshold, x, c.Num, m.classes)
	}
	return labels, nil
}
