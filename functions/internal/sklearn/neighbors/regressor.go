package neighbors

import (
	"math"
	"slices"

	"brine/functions/internal/frame"
	"brine/functions/internal/numpy"
	"brine/functions/internal/sklearn/estimator"
)

// averager is a KNeighborsRegressor or a RadiusNeighborsRegressor.
// Source: sklearn/neighbors/_regression.py.
type averager struct {
	*search
	targets [][]float64             // an output, a training row
	whole   bool                    // the targets are whole numbers
	sum     func([]float64) float64 // adds up the terms of a mean
}

func newKNeighborsRegressor(o *estimator.Object) (estimator.Estimator, error) {
	s, err := newSearch(o)
	if err != nil {
		return nil, err
	}
	if err := s.readK(o, "n_neighbors"); err != nil {
		return nil, err
	}
	t, err := readTargets(o, s.index.size())
	if err != nil {
		return nil, err
	}
	s.alike = func(a, b int32) bool {
		return !slices.ContainsFunc(t, func(of []float64) bool { return of[a] != of[b] })
	}
	a := &averager{search: s, targets: t, sum: inOrder}
	if len(t) == 1 || s.byDistance {
		a.sum = numpy.Sum
	}
	return a, nil
}

func newRadiusNeighborsRegressor(o *estimator.Object) (estimator.Estimator, error) {
	s, err := newSearch(o)
	if err != nil {
		return nil, err
	}
	if err := s.readRadius(o); err != nil {
		return nil, err
	}
	t, err := readTargets(o, s.index.size())
	if err != nil {
		return nil, err
	}
	a := &averager{search: s, targets: t, whole: o.Array("_y").Dtype.Kind != 'f', sum: inOrder}
	if len(t) == 1 {
		a.sum = numpy.Sum
	}
	return a, nil
}

func (a *averager) Inputs() []frame.Kind { return estimator.AllNumbers(a.features) }
func (a *averager) Outputs() int         { return len(a.targets) }

// Predict returns the mean of the neighbours' targets, weighed if the
// estimator says so: NaN where there are none. Where the targets are whole
// numbers, that is an error: what numpy makes of NaN there depends on the
// processor, and the type of the column on whether any row has a neighbour.
func (a *averager) Predict(x *frame.Frame) ([]frame.Column, error) {
	cols := make([]frame.Column, len(a.targets))
	for k := range cols {
		cols[k] = x.NumberColumn("")
	}
	scratch := x.Floats(a.index.size())
	err := a.each(x, func(row int, f *found) error {
		if len(f.at) == 0 && a.whole {
			return noNeighbour(row, a.radius, "Fit with a larger radius or on targets that are floats, or leave such rows out")
		}
		terms := scratch[:len(f.at)]
		for k, target := range a.targets {
			cols[k].Num[row] = a.average(target, f, terms)
		}
		return nil
	})
	return cols, err
}

func (a *averager) average(target []float64, f *found, terms []float64) float64 {
	if len(terms) == 0 {
		return math.NaN()
	}
	for i, row := range f.at {
		terms[i] = target[row]
		if a.byDistance {
			terms[i] *= f.dist[i]
		}
	}
	if a.byDistance {
		return a.sum(terms) / numpy.Sum(f.dist)
	}
	return a.sum(terms) / float64(len(terms))
}

// inOrder adds up from the first to the last, as numpy does along an axis that
// is not the innermost: with several outputs, that of the neighbours.
func inOrder(terms []float64) float64 {
	var sum float64
	for _, v := range terms {
		sum += v
	}
	return sum
}
