package preprocessing

import (
	"math"
	"slices"

	"brine/functions/internal/frame"
	"brine/functions/internal/job"
	"brine/functions/internal/numpy"
	"brine/functions/internal/sklearn/estimator"
)

// spacing is numpy.spacing(1.0).
const spacing = 0x1p-52

// power is invertible, and has a scaler in it that takes nothing infinite.
type power struct {
	invertible
	standardize bool
}

// Transform maps every column.
func (p *power) Transform(x *frame.Frame) (*frame.Frame, error) {
	y, err := p.invertible.Transform(x)
	if err != nil || !p.standardize {
		return y, err
	}
	return y, estimator.CheckNotInf(y, p.class)
}

// newPowerTransformer makes each feature more Gaussian, then standardizes it.
// Of a lambda of float32 numpy from version 2 on takes 2 - lambda, and 1/lambda
// to invert it, in that precision.
// Source: sklearn/preprocessing/_data.py, PowerTransformer.
func newPowerTransformer(o *estimator.Object) (estimator.Estimator, error) {
	n := o.Features()
	o.Double("lambdas_", "it calculates with its lambdas in that precision")
	lambdas := perFeature(o, "lambdas_", n)
	method, standardize := o.Str("method"), o.Bool("standardize")
	if err := o.Err(); err != nil {
		return nil, err
	}
	t := &power{invertible{columnwise{class: o.Name(), inputs: estimator.AllNumbers(n), check: estimator.CheckNotInf}}, standardize}
	forward, inverse := yeoJohnson, inverseYeoJohnson
	switch method {
	case "yeo-johnson":
	case "box-cox":
		forward, inverse = boxCox, inverseBoxCox
		t.check = checkPositive
	default:
		return nil, o.Refuse("method=%q is not supported", method)
	}
	var scaler affine
	if standardize {
		s := o.Object("_scaler")
		if s == nil {
			return nil, o.Err()
		}
		scaler = affine{shift: perFeature(s, "mean_", n), scale: perFeature(s, "scale_", n)}
		if err := s.Err(); err != nil {
			return nil, err
		}
	}
	t.forward = func(dst, src []float64, c int) {
		for i, v := range src {
			dst[i] = forward(v, lambdas[c])
		}
		scaler.forward(dst, dst, c)
	}
	t.inverse = func(dst, src []float64, c int) {
		scaler.inverse(dst, src, c)
		for i, v := range dst {
			dst[i] = inverse(v, lambdas[c])
		}
	}
	return t, nil
}

func checkPositive(x *frame.Frame, class string) error {
	for c := range x.Cols {
		for r, v := range x.Cols[c].Num {
			if v <= 0 {
				e := job.Invalid("%s: the Box-Cox transformation can only be applied to strictly positive data", class)
				e.Row, e.Column = int64(r)+1, x.Cols[c].Name
				return e
			}
		}
	}
	return estimator.CheckNotInf(x, class)
}

func yeoJohnson(x, lambda float64) float64 {
	switch {
	case x != x:
		return x
	case x >= 0 && math.Abs(lambda) < spacing:
		return math.Log1p(x)
	case x >= 0:
		return (math.Pow(x+1, lambda) - 1) / lambda
	case math.Abs(lambda-2) > spacing:
		return -(math.Pow(-x+1, 2-lambda) - 1) / (2 - lambda)
	}
	return -math.Log1p(-x)
}

func inverseYeoJohnson(x, lambda float64) float64 {
	switch {
	case x != x:
		return x
	case x >= 0 && math.Abs(lambda) < spacing:
		return numpy.Exp(x) - 1
	case x >= 0:
		return math.Pow(float64(x*lambda)+1, 1/lambda) - 1
	case math.Abs(lambda-2) > spacing:
		return 1 - math.Pow(float64(-(2-lambda)*x)+1, 1/(2-lambda))
	}
	return 1 - numpy.Exp(-x)
}

// boxCox is scipy.special.boxcox.
func boxCox(x, lambda float64) float64 {
	if math.Abs(lambda) < 1e-19 {
		return numpy.Log(x)
	}
	return math.Expm1(lambda*numpy.Log(x)) / lambda
}

func inverseBoxCox(x, lambda float64) float64 {
	if lambda == 0 {
		return numpy.Exp(x)
	}
	return math.Pow(float64(x*lambda)+1, 1/lambda)
}

// newQuantileTransformer maps each feature to its quantile, or from there to a
// normal distribution.
// Source: sklearn/preprocessing/_data.py, QuantileTransformer._transform_col.
func newQuantileTransformer(o *estimator.Object) (estimator.Estimator, error) {
	n, references, quantiles := o.Features(), o.Floats("references_"), o.Matrix("quantiles_")
	distribution := o.Str("output_distribution")
	if err := o.Err(); err != nil {
		return nil, err
	}
	if quantiles.Rows != len(references) || quantiles.Cols != n || len(references) == 0 {
		return nil, o.Refuse("quantiles_ of shape %d×%d do not fit %d references of %d features",
			quantiles.Rows, quantiles.Cols, len(references), n)
	}
	if distribution != "uniform" && distribution != "normal" {
		return nil, o.Refuse("output_distribution=%q is not supported", distribution)
	}
	q := quantile{columns: quantiles.T(), references: references, normal: distribution == "normal"}
	q.downReferences = mirrored(references)
	for c := range n {
		q.down = append(q.down, mirrored(q.columns.Row(c)))
	}
	return &invertible{columnwise{
		class: o.Name(), inputs: estimator.AllNumbers(n), check: estimator.CheckNotInf,
		forward: q.forward, inverse: q.inverse,
	}}, nil
}

type quantile struct {
	columns        numpy.Matrix // features × quantiles
	references     []float64
	down           [][]float64 // both mirrored: reversed and negated
	downReferences []float64
	normal         bool
}

func mirrored(x []float64) []float64 {
	out := slices.Clone(x)
	slices.Reverse(out)
	for i := range out {
		out[i] = -out[i]
	}
	return out
}

// boundsThreshold is BOUNDS_THRESHOLD.
const boundsThreshold = 1e-7

// clipAt is where a normal output ends on both sides.
var clipLow, clipHigh = normalPPF(boundsThreshold - spacing), normalPPF(1 - (boundsThreshold - spacing))

func (q *quantile) forward(dst, src []float64, c int) {
	column := q.columns.Row(c)
	lowest, highest := column[0], column[len(column)-1]
	for i, v := range src {
		dst[i] = v
		if v != v {
			continue
		}
		y := 0.5 * (interp(v, column, q.references) - interp(-v, q.down[c], q.downReferences))
		if q.above(v, highest) {
			y = 1
		}
		if q.below(v, lowest) {
			y = 0
		}
		if q.normal {
			y = min(max(normalPPF(y), clipLow), clipHigh)
		}
		dst[i] = y
	}
}

func (q *quantile) inverse(dst, src []float64, c int) {
	column := q.columns.Row(c)
	for i, v := range src {
		dst[i] = v
		if v != v {
			continue
		}
		if q.normal {
			v = normalCDF(v)
		}
		dst[i] = interp(v, q.references, column)
		if q.above(v, 1) {
			dst[i] = column[len(column)-1]
		}
		if q.below(v, 0) {
			dst[i] = column[0]
		}
	}
}

func (q *quantile) above(v, bound float64) bool {
	if q.normal {
		return v+boundsThreshold > bound
	}
	return v == bound
}

func (q *quantile) below(v, bound float64) bool {
	if q.normal {
		return v-boundsThreshold < bound
	}
	return v == bound
}

// interp is numpy.interp for one x that is no NaN; xs ascend.
// Source: numpy/core/src/multiarray/compiled_base.c, arr_interp.
func interp(x float64, xs, ys []float64) float64 {
	last := len(xs) - 1
	j := countUpTo(xs, x) - 1
	switch {
	case j < 0:
		return ys[0]
	case j >= last:
		return ys[last]
	case xs[j] == x:
		return ys[j]
	}
	slope := (ys[j+1] - ys[j]) / (xs[j+1] - xs[j])
	return float64(slope*(x-xs[j])) + ys[j]
}
