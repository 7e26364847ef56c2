package neighbors

import (
	"slices"

	"brine/functions/internal/frame"
	"brine/functions/internal/numpy"
	"brine/functions/internal/sklearn/estimator"
)

// voters is a KNeighborsClassifier of any number of outputs.
// Source: sklearn/neighbors/_classification.py.
type voters struct {
	*search
	labels []labels
}

func newKNeighborsClassifier(o *estimator.Object) (estimator.Estimator, error) {
	s, err := newSearch(o)
	if err != nil {
		return nil, err
	}
	if err := s.readK(o, "n_neighbors"); err != nil {
		return nil, err
	}
	l, err := readLabels(o, s.index.size())
	if err != nil {
		return nil, err
	}
	s.alike = func(a, b int32) bool {
		return !slices.ContainsFunc(l, func(of labels) bool { return of.code[a] != of.code[b] })
	}
	if !o.Bool("outputs_2d_") {
		return &voter{voters{s, l}}, nil
	}
	return &voters{s, l}, nil
}

func (v *voters) Inputs() []frame.Kind { return estimator.AllNumbers(v.features) }
func (v *voters) Outputs() int         { return len(v.labels) }

// Predict returns the class that most of the neighbours have, the first of
// several such.
func (v *voters) Predict(x *frame.Frame) ([]frame.Column, error) {
	cols := make([]frame.Column, len(v.labels))
	for k, l := range v.labels {
		cols[k] = x.LabelColumn(l.classes)
	}
	scratch := x.Floats(v.k)
	counts := x.Codes(v.mostClasses())
	err := v.each(x, func(row int, f *found) error {
		for k, l := range v.labels {
			if v.byDistance {
				cols[k].Code[row] = l.weighedMode(f, scratch)
			} else {
				cols[k].Code[row] = l.mode(f, counts)
			}
		}
		return nil
	})
	return cols, err
}

func (v *voters) mostClasses() int {
	most := 0
	for _, l := range v.labels {
		most = max(most, l.classes.Len())
	}
	return most
}

// mode is scipy.stats.mode of the neighbours' codes. counts must be zeros, one
// a class, and is so again.
func (l labels) mode(f *found, counts []int32) int32 {
	best, most := int32(0), int32(0)
	for _, row := range f.at {
		c := l.code[row]
		counts[c]++
		if counts[c] > most || counts[c] == most && c < best {
			best, most = c, counts[c]
		}
	}
	for _, row := range f.at {
		counts[l.code[row]] = 0
	}
	return best
}

// weighedMode is sklearn.utils.extmath.weighted_mode of the neighbours' codes,
// weighed by f.dist.
func (l labels) weighedMode(f *found, scratch []float64) int32 {
	best, most := int32(0), 0.0
	for i, row := range f.at {
		c := l.code[row]
		if l.earlier(f.at[:i], c) {
			continue
		}
		for j, other := range f.at {
			scratch[j] = 0
			if l.code[other] == c {
				scratch[j] = f.dist[j]
			}
		}
		if sum := numpy.Sum(scratch); sum > most || sum == most && sum > 0 && c < best {
			best, most = c, sum
		}
	}
	return best
}

func (l labels) earlier(rows []int32, c int32) bool {
	for _, row := range rows {
		if l.code[row] == c {
			return true
		}
	}
	return false
}

// probabilities writes the share of each class among the neighbours.
func (l labels) probabilities(dst []float64, f *found, weighed bool) {
	clear(dst)
	for i, row := range f.at {
		w := 1.0
		if weighed {
			w = f.dist[i]
		}
		dst[l.code[row]] += w
	}
	scaleToOne(dst)
}

func scaleToOne(p []float64) {
	sum := numpy.Sum(p)
	if sum == 0 {
		return
	}
	for c := range p {
		p[c] /= sum
	}
}

// voter is a KNeighborsClassifier of a single output.
type voter struct{ voters }

// Classes are classes_.
func (v *voter) Classes() *frame.Classes { return v.labels[0].classes }

// PredictProba returns each class's share of the neighbours' votes.
func (v *voter) PredictProba(x *frame.Frame) (*frame.Frame, error) {
	n := v.Classes().Len()
	all := x.Floats(x.Rows * n)
	err := v.each(x, func(row int, f *found) error {
		v.labels[0].probabilities(all[row*n:(row+1)*n], f, v.byDistance)
		return nil
	})
	if err != nil {
		return nil, err
	}
	return x.Numbers(all, n), nil
}
