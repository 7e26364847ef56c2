package neuralnetwork

import (
	"math"

	"brine/functions/internal/numpy"
)

// activation changes the columns of a layer's units in place.
type activation func(units [][]float64)

// Source: sklearn/neural_network/_base.py, ACTIVATIONS.
var activations = map[string]activation{
	"identity": func([][]float64) {},
	"logistic": eachCell(numpy.Expit),
	"tanh":     eachCell(math.Tanh),
	"relu":     eachCell(func(v float64) float64 { return max(v, 0) }),
	"exp":      eachCell(math.Exp), // MLPRegressor(loss="poisson"), from 1.7 on
	"softmax":  softmax,
}

func eachCell(f func(float64) float64) activation {
	return func(units [][]float64) {
		for _, cells := range units {
			for r, v := range cells {
				cells[r] = f(v)
			}
		}
	}
}

func softmax(units [][]float64) {
	row := make([]float64, len(units))
	for r := range units[0] {
		for k := range row {
			row[k] = units[k][r]
		}
		numpy.Softmax(row)
		for k, v := range row {
			units[k][r] = v
		}
	}
}
