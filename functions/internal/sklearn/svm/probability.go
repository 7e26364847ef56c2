package svm

import (
	"math"

	"brine/functions/internal/frame"
	"brine/functions/internal/numpy"
	"brine/functions/internal/sklearn/estimator"
)

// prober is a classifier that was fitted with probability=True. predict never
// uses its probabilities.
type prober struct {
	*classifier
	a, b []float64 // of Platt's sigmoid for each pair of classes
}

// withProbability returns c itself, or with probabilities where it has them.
func (c *classifier) withProbability(o *estimator.Object) (estimator.Estimator, error) {
	if enabled, _ := o.Get("probability").(bool); !enabled {
		return c, nil
	}
	p := &prober{classifier: c, a: o.Floats("_probA"), b: o.Floats("_probB")}
	if err := o.Err(); err != nil {
		return nil, err
	}
	if len(p.a) == 0 { // probability was set after fit
		return c, nil
	}
	if len(p.a) != len(c.intercept) || len(p.b) != len(c.intercept) {
		return nil, o.Refuse("_probA and _probB do not fit its %d classes", c.classes.Len())
	}
	if n := c.classes.Len(); !o.Compute(n, n, max(100, n)) { // see couple
		return nil, o.Err()
	}
	return p, nil
}

// PredictProba couples the sigmoids of all pairs.
// Source: svm.cpp, svm_predict_probability.
func (p *prober) PredictProba(x *frame.Frame) (*frame.Frame, error) {
	n := p.classes.Len()
	cols := make([]frame.Column, n)
	for k := range cols {
		cols[k] = x.NumberColumn("")
	}
	square := func() numpy.Matrix { return numpy.Matrix{Rows: n, Cols: n, Data: x.Floats(n * n)} }
	pairwise, q := square(), square()
	proba, qp := x.Floats(n), x.Floats(n)
	err := p.eachDecision(x, func(r int, pairs []float64) {
		p.fill(pairwise, pairs)
		couple(proba, pairwise, q, qp)
		for k, v := range proba {
			cols[k].Num[r] = v
		}
	})
	return x.With(cols), err
}

// fill sets the probability of class i against class j.
func (p *prober) fill(pairwise numpy.Matrix, pairs []float64) {
	const least = 1e-7
	k := 0
	for i := range pairwise.Rows {
		for j := i + 1; j < pairwise.Cols; j++ {
			v := min(max(sigmoid(float64(pairs[k]*p.a[k])+p.b[k]), least), 1-least)
			pairwise.Row(i)[j], pairwise.Row(j)[i] = v, 1-v
			k++
		}
	}
}

// sigmoid is 1/(1+exp(v)). Source: svm.cpp, sigmoid_predict.
func sigmoid(v float64) float64 {
	if v >= 0 {
		e := numpy.Exp(-v)
		return e / (1 + e)
	}
	return 1 / (1 + numpy.Exp(v))
}

// couple solves for the class probabilities that fit the pairwise ones best,
// by as many steps as libsvm takes: its stopping rule is loose enough to show.
// q and qp are scratch.
// Source: svm.cpp, multiclass_probability (method 2 of Wu, Lin and Weng, 2004).
func couple(p []float64, pairwise, q numpy.Matrix, qp []float64) {
	n := len(p)
	for t := range n {
		p[t] = 1 / float64(n)
	}
	fillQ(q, pairwise)
	for range max(100, n) {
		pqp := multiply(qp, q, p)
		if largestError(qp, pqp) < 0.005/float64(n) {
			return
		}
		for t := range n {
			diff := (pqp - qp[t]) / q.At(t, t)
			p[t] += diff
			pqp = (pqp + float64(diff*(float64(diff*q.At(t, t))+float64(2*qp[t])))) / (1 + diff) / (1 + diff)
			for j := range n {
				qp[j] = (qp[j] + float64(diff*q.At(t, j))) / (1 + diff)
				p[j] /= 1 + diff
			}
		}
	}
}

// fillQ sets q[t][t] = Σ r[j][t]² and q[t][j] = -r[j][t]·r[t][j].
func fillQ(q, r numpy.Matrix) {
	for t := range q.Rows {
		row := q.Row(t)
		row[t] = 0
		for j := range row {
			if j == t {
				continue
			}
			row[t] += float64(r.At(j, t) * r.At(j, t))
			row[j] = -r.At(j, t) * r.At(t, j)
		}
	}
}

// multiply sets qp = Q·p and returns pᵀ·Q·p.
func multiply(qp []float64, q numpy.Matrix, p []float64) float64 {
	var pqp float64
	for t := range qp {
		qp[t] = weigh(0, q.Row(t), p)
		pqp += float64(p[t] * qp[t])
	}
	return pqp
}

func largestError(qp []float64, pqp float64) float64 {
	var largest float64
	for _, v := range qp {
		largest = max(largest, math.Abs(v-pqp))
	}
	return largest
}
