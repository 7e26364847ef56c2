package numpy

import "math"

// Expit is the logistic function 1/(1+exp(-x)). Source: scipy.special.expit.
func Expit(x float64) float64 { return 1 / (1 + Exp(-x)) }

// Logit is log(p/(1-p)) as scipy.special.logit has it since 1.15.
// Source: scipy/xsf, log_exp.h.
func Logit(p float64) float64 {
	if p < 0.3 || p > 0.65 {
		return PlainLogit(p)
	}
	s := 2 * (p - 0.5)
	return math.Log1p(s) - math.Log1p(-s)
}

// PlainLogit is scipy.special.logit before 1.15.
func PlainLogit(p float64) float64 { return Log(p / (1 - p)) }

// Softmax replaces the scores of one row by their softmax.
// Source: sklearn/utils/extmath.py, softmax.
func Softmax(row []float64) {
	top := row[ArgMax(row)]
	for i, v := range row {
		row[i] = Exp(v - top)
	}
	sum := Sum(row)
	for i := range row {
		row[i] /= sum
	}
}

// LogSumExp is log(Σ exp(row)); scratch has at least the length of row.
// Source: scipy/special/_logsumexp.py, logsumexp.
func LogSumExp(row, scratch []float64) float64 {
	top := row[ArgMax(row)]
	if math.IsInf(top, 0) || math.IsNaN(top) {
		top = 0
	}
	scratch = scratch[:len(row)]
	for i, v := range row {
		scratch[i] = Exp(v - top)
	}
	return Log(Sum(scratch)) + top
}
