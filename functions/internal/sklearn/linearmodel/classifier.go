package linearmodel

import (
	"brine/functions/internal/frame"
	"brine/functions/internal/sklearn/estimator"
)

// classifier labels a row by the sign of its one score, or by the largest of
// one score a class.
// Source: sklearn/linear_model/_base.py, LinearClassifierMixin.
type classifier struct {
	*linear
	classes *frame.Classes
}

func openClassifier(o *estimator.Object, classes *frame.Classes) (*classifier, error) {
	l, err := openLinear(o)
	if err != nil {
		return nil, err
	}
	n := classes.Len()
	if binary := n == 2 && l.coef.Rows == 1; !binary && (n < 3 || l.coef.Rows != n) {
		return nil, o.Refuse("coef_ has %d rows for %d classes", l.coef.Rows, n)
	}
	return &classifier{linear: l, classes: classes}, nil
}

func buildClassifier(o *estimator.Object) (estimator.Estimator, error) {
	c, err := openClassifier(o, o.Classes("classes_"))
	if err != nil {
		return nil, err
	}
	return c, nil
}

func (c *classifier) Outputs() int            { return 1 }
func (c *classifier) Classes() *frame.Classes { return c.classes }

func (c *classifier) Decision(x *frame.Frame) (*frame.Frame, error) { return c.scores(x) }

func (c *classifier) Predict(x *frame.Frame) ([]frame.Column, error) {
	scores, err := c.scores(x)
	if err != nil {
		return nil, err
	}
	if len(scores.Cols) == 1 {
		return []frame.Column{estimator.Over(0, x, scores.Cols[0].Num, c.classes)}, nil
	}
	return []frame.Column{estimator.ArgMax(scores, c.classes)}, nil
}

// buildRidge builds a RidgeClassifier, whose classes its label binarizer keeps
// and which also answers several labels at once.
// Source: sklearn/linear_model/_ridge.py, _RidgeClassifierMixin.
func buildRidge(o *estimator.Object) (estimator.Estimator, error) {
	binarizer := o.Object("_label_binarizer")
	if err := o.Err(); err != nil {
		return nil, err
	}
	kind, classes := binarizer.Str("y_type_"), binarizer.Classes("classes_")
	sparse := binarizer.Bool("sparse_input_")
	if err := binarizer.Err(); err != nil {
		return nil, err
	}
	switch {
	case sparse:
		return nil, o.Refuse("was fitted with a sparse target and answers with a sparse matrix, which is not supported")
	case kind == "multilabel-indicator":
		l, err := openLinear(o)
		if err != nil {
			return nil, err
		}
		return &multiLabel{linear: l, classes: estimator.IntClasses(0, 1)}, nil
	}
	c, err := openClassifier(o, classes)
	if err != nil {
		return nil, err
	}
	return c, nil
}

// multiLabel answers 0 or 1 for each label by the sign of its score.
type multiLabel struct {
	*linear
	classes *frame.Classes
}

func (m *multiLabel) Outputs() int { return m.coef.Rows }

func (m *multiLabel) Decision(x *frame.Frame) (*frame.Frame, error) { return m.scores(x) }

func (m *multiLabel) Predict(x *frame.Frame) ([]frame.Column, error) {
	scores, err := m.scores(x)
	if err != nil {
		return nil, err
	}
	labels := make([]frame.Column, len(scores.Cols))
	for k, c := range scores.Cols {
		labels[k] = estimator.Over(0, x, c.Num, m.classes)
	}
	return labels, nil
}

// outlier labels a row 1 where its score is not negative, else -1.
// Source: sklearn/linear_model/_stochastic_gradient.py, SGDOneClassSVM.
type outlier struct {
	*linear
	classes *frame.Classes
	offset  float64
}

func buildOutlier(o *estimator.Object) (estimator.Estimator, error) {
	coef, offset := o.Dense("coef_"), o.Float("offset_")
	l, err := newLinear(o, coef, []float64{-offset})
	if err != nil {
		return nil, err
	}
	return &outlier{linear: l, classes: estimator.IntClasses(-1, 1), offset: offset}, nil
}

func (d *outlier) Outputs() int { return 1 }

func (d *outlier) Decision(x *frame.Frame) (*frame.Frame, error) { return d.scores(x) }

// ScoreSamples implements estimator.Scorer.
func (d *outlier) ScoreSamples(x *frame.Frame) (*frame.Frame, error) {
	scores, err := d.scores(x)
	if err != nil {
		return nil, err
	}
	return estimator.Shift(scores, d.offset), nil
}

func (d *outlier) Predict(x *frame.Frame) ([]frame.Column, error) {
	scores, err := d.scores(x)
	if err != nil {
		return nil, err
	}
	label := x.LabelColumn(d.classes)
	for r, v := range scores.Cols[0].Num {
		if v >= 0 {
			label.Code[r] = 1
		}
	}
	return []frame.Column{label}, nil
}
