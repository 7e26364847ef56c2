package neuralnetwork

import (
	"math"

	"brine/functions/internal/numpy"
)

// activation changes a row of a layer's units in place.
type activation func(units []float64)

// activations are all but relu, which Terms.SetRectified does on the way to the
// next layer.
// Source: sklearn/neural_network/_base.py, ACTIVATIONS.
var activations = map[string]activation{
	"identity": func([]float64) {},
	"logistic": eachUnit(numpy.Expit),
	"tanh":     eachUnit(math.Tanh),
	"exp":      eachUnit(math.Exp), // MLPRegressor(loss="poisson"), from 1.7 on
	"softmax":  numpy.Softmax,
}

func eachUnit(f func(float64) float64) activation {
	return func(units []float64) {
		for k, v := range units {
			units[k] = f(v)
		}
	}
}
