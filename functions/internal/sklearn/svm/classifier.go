package svm

import (
	"math"

	"brine/functions/internal/frame"
	"brine/functions/internal/numpy"
	"brine/functions/internal/sklearn/estimator"
)

// classifier decides between each pair of classes and takes the class with the
// most votes.
// Source: sklearn/svm/_base.py, BaseSVC; svm.cpp, svm_predict_values.
type classifier struct {
	*machine
	classes   *frame.Classes
	start     []int // first support vector of each class, and one past the last
	perClass  bool  // decision_function_shape="ovr"
	breakTies bool
	rough     rough // nil if there is none
}

func buildClassifier(o *estimator.Object) (estimator.Estimator, error) {
	m, err := openMachine(o)
	if err != nil {
		return nil, err
	}
	c := &classifier{machine: m, classes: o.Classes("classes_"), breakTies: o.Bool("break_ties")}
	shape, counts := o.Str("decision_function_shape"), o.Ints("_n_support")
	if err := o.Err(); err != nil {
		return nil, err
	}
	n := c.classes.Len()
	if n < 2 || len(counts) != n || m.coef.Rows != n-1 || len(m.intercept) != n*(n-1)/2 {
		return nil, o.Refuse("its coefficients and intercepts do not fit %d classes", n)
	}
	if c.start = starts(counts, m.vectors.Rows); c.start == nil {
		return nil, o.Refuse("_n_support does not add up to its %d support vectors", m.vectors.Rows)
	}
	if shape != "ovr" && shape != "ovo" {
		return nil, o.Refuse("decision_function_shape=%q is not supported", shape)
	}
	c.perClass = shape == "ovr"
	if c.breakTies && !c.perClass {
		return nil, o.Refuse("break_ties must be False when decision_function_shape is 'ovo'")
	}
	if !o.Compute(n-1, c.vectors.Rows, c.features) { // see folded
		return nil, o.Err()
	}
	c.rough = newRough(c, o.Str("kernel"), o.Float("_gamma"))
	return c.withProbability(o)
}

// starts adds counts up; nil if the total is not want.
func starts(counts []int, want int) []int {
	out := make([]int, 1, len(counts)+1)
	for _, n := range counts {
		if n < 0 || n > want {
			return nil
		}
		out = append(out, out[len(out)-1]+n)
	}
	if out[len(counts)] != want {
		return nil
	}
	return out
}

func (c *classifier) Outputs() int            { return 1 }
func (c *classifier) Classes() *frame.Classes { return c.classes }

// eachDecision calls do with libsvm's decision for each pair (i, j), i < j, of
// classes: positive for i. They are overwritten by the next row's.
func (c *classifier) eachDecision(x *frame.Frame, do func(row int, pairs []float64)) error {
	pairs, kernels := x.Floats(len(c.intercept)), x.Floats(c.vectors.Rows)
	return c.eachRow(x, func(r int, row []float64) {
		c.kernels(kernels, row)
		c.decide(pairs, kernels)
		do(r, pairs)
	})
}

// eachSign is eachDecision where only the signs of decisions count.
func (c *classifier) eachSign(x *frame.Frame, do func(row int, pairs []float64)) error {
	if c.rough == nil {
		return c.eachDecision(x, do)
	}
	pairs, kernels := x.Floats(len(c.intercept)), x.Floats(c.vectors.Rows)
	return c.eachRow(x, func(r int, row []float64) {
		if !c.rough.decide(pairs, kernels, row) {
			c.kernels(kernels, row)
			c.decide(pairs, kernels)
		}
		do(r, pairs)
	})
}

func (c *classifier) decide(pairs, kernels []float64) {
	c.eachPair(func(p int, i, j []float64, iAt, jAt int) {
		s := weigh(0, i, kernels[iAt:])
		pairs[p] = weigh(s, j, kernels[jAt:]) + c.intercept[p]
	})
}

// eachPair calls do for each pair (i, j), i < j, of classes with its number, the
// coefficients of the support vectors of both, and the first of these vectors.
func (c *classifier) eachPair(do func(p int, i, j []float64, iAt, jAt int)) {
	n, p := c.classes.Len(), 0
	for i := range n {
		for j := i + 1; j < n; j++ {
			i0, i1, j0, j1 := c.start[i], c.start[i+1], c.start[j], c.start[j+1]
			do(p, c.coef.Row(j - 1)[i0:i1], c.coef.Row(i)[j0:j1], i0, j0)
			p++
		}
	}
}

func (c *classifier) Predict(x *frame.Frame) ([]frame.Column, error) {
	if c.breakTies && c.classes.Len() > 2 {
		scores, err := c.Decision(x)
		if err != nil {
			return nil, err
		}
		return []frame.Column{estimator.ArgMax(scores, c.classes)}, nil
	}
	label := x.LabelColumn(c.classes)
	votes := x.Floats(c.classes.Len())
	err := c.eachSign(x, func(r int, pairs []float64) {
		clear(votes)
		vote(votes, pairs)
		label.Code[r] = int32(numpy.ArgMax(votes))
	})
	return []frame.Column{label}, err
}

func vote(votes, pairs []float64) {
	p := 0
	for i := range votes {
		for j := i + 1; j < len(votes); j++ {
			if pairs[p] > 0 {
				votes[i]++
			} else {
				votes[j]++
			}
			p++
		}
	}
}

// Decision is positive for the second of two classes; for more, it is one
// column a class, or one a pair with decision_function_shape="ovo".
func (c *classifier) Decision(x *frame.Frame) (*frame.Frame, error) {
	width := len(c.intercept)
	if c.perClass && width > 1 {
		width = c.classes.Len()
	}
	cols := make([]frame.Column, width)
	for k := range cols {
		cols[k] = x.NumberColumn("")
	}
	scores, sums := x.Floats(width), x.Floats(width)
	err := c.eachDecision(x, func(r int, pairs []float64) {
		switch {
		case len(pairs) == 1:
			scores[0] = -pairs[0]
		case c.perClass:
			oneVsRest(scores, sums, pairs)
		default:
			copy(scores, pairs)
		}
		for k, v := range scores {
			cols[k].Num[r] = v
		}
	})
	return x.With(cols), err
}

// oneVsRest turns the decisions of pairs into scores of classes: votes, with
// the sum of a class's confidences squeezed into less than half a vote. sums is
// scratch. A decision of 0 is a vote for the first class here, and one for the
// second in vote.
// Source: sklearn/utils/multiclass.py, _ovr_decision_function.
func oneVsRest(scores, sums, pairs []float64) {
	clear(scores)
	clear(sums)
	p := 0
	for i := range scores {
		for j := i + 1; j < len(scores); j++ {
			sums[i] += pairs[p]
			sums[j] -= pairs[p]
			if pairs[p] < 0 {
				scores[j]++
			} else {
				scores[i]++
			}
			p++
		}
	}
	for i, s := range sums {
		scores[i] += s / (3 * (math.Abs(s) + 1))
	}
}
