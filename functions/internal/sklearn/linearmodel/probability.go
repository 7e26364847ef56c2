package linearmodel

import (
	"brine/functions/internal/frame"
	"brine/functions/internal/numpy"
	"brine/functions/internal/sklearn/estimator"
)

// prober is a classifier that turns its scores into probabilities.
type prober struct {
	*classifier
	link link
}

// link makes a column a class of one score (of two classes) or of one a class.
// It may write into scores.
type link func(scores *frame.Frame) *frame.Frame

func (p *prober) PredictProba(x *frame.Frame) (*frame.Frame, error) {
	scores, err := p.scores(x)
	if err != nil {
		return nil, err
	}
	return p.link(scores), nil
}

// buildLogistic builds a LogisticRegression, with one-vs-rest or multinomial
// probabilities.
// Source: sklearn/linear_model/_logistic.py, LogisticRegression.predict_proba.
func buildLogistic(o *estimator.Object) (estimator.Estimator, error) {
	c, err := openClassifier(o, o.Classes("classes_"))
	if err != nil {
		return nil, err
	}
	mode, solver := "auto", o.Str("solver") // multi_class is gone from 1.8 on
	if o.Has("multi_class") {
		mode = o.Str("multi_class")
	}
	if err := o.Err(); err != nil {
		return nil, err
	}
	switch mode {
	case "ovr", "warn":
		return &prober{c, logistic}, nil
	case "multinomial":
		return &prober{c, softmax}, nil
	case "auto", "deprecated":
	default:
		return nil, o.Refuse("multi_class=%q is not supported", mode)
	}
	oneVsRest := solver == "liblinear" || solver == "newton-cholesky" && o.Before(1, 6)
	if c.classes.Len() == 2 || oneVsRest {
		return &prober{c, logistic}, nil
	}
	return &prober{c, softmax}, nil
}

// buildSGD builds an SGDClassifier: its loss decides whether it has
// probabilities.
// Source: sklearn/linear_model/_stochastic_gradient.py, SGDClassifier.predict_proba.
func buildSGD(o *estimator.Object) (estimator.Estimator, error) {
	c, err := openClassifier(o, o.Classes("classes_"))
	if err != nil {
		return nil, err
	}
	loss := o.Str("loss")
	if err := o.Err(); err != nil {
		return nil, err
	}
	switch loss {
	case "log_loss", "log": // log up to 1.0
		return &prober{c, logistic}, nil
	case "modified_huber":
		return &prober{c, modifiedHuber}, nil
	}
	return c, nil
}

// logistic is the expit of each score, normalized over several classes.
// Source: sklearn/linear_model/_base.py, LinearClassifierMixin._predict_proba_lr.
func logistic(scores *frame.Frame) *frame.Frame {
	for _, c := range scores.Cols {
		for r, v := range c.Num {
			c.Num[r] = numpy.Expit(v)
		}
	}
	if len(scores.Cols) == 1 {
		return estimator.WithComplement(scores)
	}
	estimator.EachRow(scores, normalize)
	return scores
}

func normalize(row []float64) {
	sum := numpy.Sum(row)
	for i := range row {
		row[i] /= sum
	}
}

// softmax is that of the scores, of -s and s where there is one.
func softmax(scores *frame.Frame) *frame.Frame {
	if len(scores.Cols) == 1 {
		negative := scores.NumberColumn("")
		for r, v := range scores.Cols[0].Num {
			negative.Num[r] = -v
		}
		scores = scores.With([]frame.Column{negative, scores.Cols[0]})
	}
	estimator.EachRow(scores, numpy.Softmax)
	return scores
}

// modifiedHuber is (clip(score, -1, 1) + 1) / 2, normalized over several
// classes; they are alike where all are 0.
func modifiedHuber(scores *frame.Frame) *frame.Frame {
	for _, c := range scores.Cols {
		for r, v := range c.Num {
			c.Num[r] = (min(max(v, -1), 1) + 1) / 2
		}
	}
	if len(scores.Cols) == 1 {
		return estimator.WithComplement(scores)
	}
	estimator.EachRow(scores, func(row []float64) {
		if numpy.Sum(row) == 0 {
			for i := range row {
				row[i] = 1
			}
		}
		normalize(row)
	})
	return scores
}
