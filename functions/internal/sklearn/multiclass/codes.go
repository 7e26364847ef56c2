package multiclass

import (
	"math"

	"brine/functions/internal/frame"
	"brine/functions/internal/numpy"
	"brine/functions/internal/sklearn/estimator"
	"brine/functions/internal/sklearn/pairwise"
)

// oneVsOne has an estimator for each pair (i, j), i < j, of classes.
// Source: sklearn/multiclass.py, OneVsOneClassifier.
type oneVsOne struct {
	*team
	classes *frame.Classes
}

func newOneVsOne(o *estimator.Object) (estimator.Estimator, error) {
	if o.Has("pairwise_indices_") {
		return nil, o.Refuse("has estimators that take distances or kernels of the training rows, which a table of features does not hold")
	}
	t, err := newTeam(o)
	if err != nil {
		return nil, err
	}
	if o.Before(1, 1) {
		t.threshold = 0
	}
	c := &oneVsOne{t, o.Classes("classes_")}
	if err := o.Err(); err != nil {
		return nil, err
	}
	if n := c.classes.Len(); n < 2 || len(t.each) != n*(n-1)/2 {
		return nil, o.Refuse("has %d estimators for %d classes", len(t.each), n)
	}
	return c, nil
}

func (c *oneVsOne) Outputs() int            { return 1 }
func (c *oneVsOne) Classes() *frame.Classes { return c.classes }

// Predict returns the class with the largest decision.
func (c *oneVsOne) Predict(x *frame.Frame) ([]frame.Column, error) {
	scores, err := c.Decision(x)
	if err != nil {
		return nil, err
	}
	if len(scores.Cols) == 1 {
		return []frame.Column{estimator.Over(c.threshold, x, scores.Cols[0].Num, c.classes)}, nil
	}
	return []frame.Column{estimator.ArgMax(scores, c.classes)}, nil
}

// Decision is a class's votes, and the sum of its confidences squeezed into
// less than half a vote; of two classes only the second counts.
// Source: sklearn/utils/multiclass.py, _ovr_decision_function.
func (c *oneVsOne) Decision(x *frame.Frame) (*frame.Frame, error) {
	n := c.classes.Len()
	votes, sums := make([]frame.Column, n), make([][]float64, n)
	for k := range votes {
		votes[k], sums[k] = x.NumberColumn(""), x.Floats(x.Rows)
	}
	p := 0
	for i := range n {
		for j := i + 1; j < n; j++ {
			if err := count(c.each[p], x, votes[i].Num, votes[j].Num, sums[i], sums[j]); err != nil {
				return nil, err
			}
			p++
		}
	}
	for k, column := range votes {
		for r, s := range sums[k] {
			column.Num[r] += s / (3 * (math.Abs(s) + 1))
		}
	}
	if n == 2 {
		votes = votes[1:]
	}
	return x.With(votes), nil
}

// count adds what one estimator says of its two classes.
func count(e estimator.Predictor, x *frame.Frame, votes0, votes1, sums0, sums1 []float64) error {
	columns, err := e.Predict(x)
	if err != nil {
		return err
	}
	confidence, err := score(e, x)
	if err != nil {
		return err
	}
	said, _ := estimator.Numbers(x, columns[0])
	for r, v := range said {
		sums0[r] -= confidence[r]
		sums1[r] += confidence[r]
		switch v {
		case 0:
			votes0[r]++
		case 1:
			votes1[r]++
		}
	}
	return nil
}

// outputCode takes the class whose row of the code book is nearest to the scores.
// Source: sklearn/multiclass.py, OutputCodeClassifier.predict.
type outputCode struct {
	*team
	classes *frame.Classes
	book    numpy.Matrix // classes × estimators
	norms   []float64
}

func newOutputCode(o *estimator.Object) (estimator.Estimator, error) {
	t, err := newTeam(o)
	if err != nil {
		return nil, err
	}
	c := &outputCode{team: t, classes: o.Classes("classes_"), book: o.Matrix("code_book_")}
	if err := o.Err(); err != nil {
		return nil, err
	}
	if c.book.Rows != c.classes.Len() || c.book.Cols != len(t.each) || c.book.Rows == 0 {
		return nil, o.Refuse("code_book_ does not fit its %d classes and %d estimators", c.classes.Len(), len(t.each))
	}
	c.norms = pairwise.Norms(c.book, pairwise.SquaredNorm)
	return c, nil
}

func (c *outputCode) SelectsByName() bool     { return estimator.AllSelectByName(c.each) }
func (c *outputCode) Outputs() int            { return 1 }
func (c *outputCode) Classes() *frame.Classes { return c.classes }

func (c *outputCode) Predict(x *frame.Frame) ([]frame.Column, error) {
	scores, err := c.scores(x)
	if err != nil {
		return nil, err
	}
	label, ranks := x.LabelColumn(c.classes), x.Floats(c.book.Rows)
	rows, n := scores.RowMajor(), c.book.Cols
	for r := range x.Rows {
		q := rows[r*n : (r+1)*n]
		pairwise.SquaredEuclidean(ranks, q, pairwise.SquaredNorm(q), c.book, c.norms)
		label.Code[r] = int32(pairwise.ArgMin(ranks))
	}
	return []frame.Column{label}, nil
}
