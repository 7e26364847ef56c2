package xgboost

import (
	"math"

	"brine/functions/internal/numpy"
)

// objective says how margins, the sums of the trees, become predictions.
type objective struct {
	// margin is what a base score starts the sums with.
	margin func(base float32) float32
	// transform changes the margins of a row in place.
	transform func(row []float32)
	// label is the class that the model itself predicts, in place of transform.
	label bool
}

// objectives are those that are supported, by their names.
// Source: src/objective, ProbToMargin and PredTransform of each.
var objectives = map[string]objective{
	"reg:squarederror":     {same, unchanged, false},
	"reg:squaredlogerror":  {same, unchanged, false},
	"reg:pseudohubererror": {same, unchanged, false},
	"reg:absoluteerror":    {same, unchanged, false},
	"reg:quantileerror":    {same, unchanged, false},
	"reg:logistic":         {logit, sigmoid, false},
	"binary:logistic":      {logit, sigmoid, false},
	"binary:logitraw":      {same, unchanged, false},
	"binary:hinge":         {same, step, false},
	"multi:softprob":       {same, softmax, false},
	"multi:softmax":        {same, softmax, true},
	"count:poisson":        {log, exponential, false},
	"reg:gamma":            {log, exponential, false},
	"reg:tweedie":          {log, exponential, false},
}

func same(base float32) float32 { return base }

func log(base float32) float32 { return float32(numpy.Log(float64(base))) }

func exp(v float32) float32 { return float32(numpy.Exp(float64(v))) }

// logit keeps off 0 and 1. Source: src/objective/regression_loss.h of version
// 3; before it such a base score was an error.
func logit(base float32) float32 {
	const eps = 1e-6
	base = min(max(base, eps), 1-eps)
	return -log(1/base - 1)
}

func unchanged([]float32) {}

// sigmoid does not overflow. Source: src/common/math.h, Sigmoid.
func sigmoid(row []float32) {
	for k, v := range row {
		row[k] = 1 / (exp(min(-v, 88.7)) + 1 + 1e-16)
	}
}

func step(row []float32) {
	for k, v := range row {
		row[k] = 0
		if v > 0 {
			row[k] = 1
		}
	}
}

func exponential(row []float32) {
	for k, v := range row {
		row[k] = exp(v)
	}
}

// softmax sums in float64. Source: src/common/math.h, Softmax.
func softmax(row []float32) {
	top := row[0]
	for _, v := range row {
		top = max(top, v)
	}
	sum := 0.0
	for k, v := range row {
		row[k] = exp(v - top)
		sum += float64(row[k])
	}
	for k := range row {
		row[k] /= float32(sum)
	}
}

// argMax is the first of the largest.
func argMax(row []float32) int {
	best, top := 0, float32(math.Inf(-1))
	for k, v := range row {
		if v > top {
			best, top = k, v
		}
	}
	return best
}
