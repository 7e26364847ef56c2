package neighbors

import (
	"brine/functions/internal/frame"
	"brine/functions/internal/numpy"
	"brine/functions/internal/sklearn/estimator"
)

// localOutlierFactor is a LocalOutlierFactor with novelty=True.
// Source: sklearn/neighbors/_lof.py.
type localOutlierFactor struct {
	*search
	reach   []float64 // the distance of each training row to its own k-th neighbour
	density []float64 // the local reachability density of each training row
	offset  float64
}

var inlier = estimator.IntClasses(-1, 1)

func newLocalOutlierFactor(o *estimator.Object) (estimator.Estimator, error) {
	if !o.Bool("novelty") && o.Err() == nil {
		return nil, o.Refuse("has no predict with novelty=False").WithHint("Fit with novelty=True")
	}
	s, err := newSearch(o)
	if err != nil {
		return nil, err
	}
	if err := s.readK(o, "n_neighbors_"); err != nil {
		return nil, err
	}
	distances := o.Matrix("_distances_fit_X_")
	l := &localOutlierFactor{search: s, density: o.Floats("_lrd"), offset: o.Float("offset_")}
	if err := o.Err(); err != nil {
		return nil, err
	}
	n := s.index.size()
	if distances.Rows != n || distances.Cols < s.k || len(l.density) != n {
		return nil, o.Refuse("has %d × %d distances and %d densities for %d training rows and %d neighbours",
			distances.Rows, distances.Cols, len(l.density), n, s.k)
	}
	l.reach = make([]float64, n)
	for i := range l.reach {
		l.reach[i] = distances.At(i, s.k-1)
	}
	return l, nil
}

func (l *localOutlierFactor) Inputs() []frame.Kind { return estimator.AllNumbers(l.features) }
func (l *localOutlierFactor) Outputs() int         { return 1 }

// Decision returns decision_function: negative for outliers.
func (l *localOutlierFactor) Decision(x *frame.Frame) (*frame.Frame, error) {
	scores, err := l.ScoreSamples(x)
	if err != nil {
		return nil, err
	}
	return estimator.Shift(scores, -l.offset), nil
}

// ScoreSamples implements estimator.Scorer.
func (l *localOutlierFactor) ScoreSamples(x *frame.Frame) (*frame.Frame, error) {
	out, terms := x.NumberColumn(""), x.Floats(l.k)
	err := l.each(x, func(row int, f *found) error {
		out.Num[row] = l.score(f, terms)
		return nil
	})
	if err != nil {
		return nil, err
	}
	return x.With([]frame.Column{out}), nil
}

// score is minus the mean density of the neighbours over that
// of the row itself.
func (l *localOutlierFactor) score(f *found, terms []float64) float64 {
	k := float64(l.k)
	for i, row := range f.at {
		terms[i] = max(f.dist[i], l.reach[row])
	}
	density := 1 / (numpy.Sum(terms)/k + 1e-10)
	for i, row := range f.at {
		terms[i] = l.density[row] / density
	}
	return -(numpy.Sum(terms) / k)
}

// Predict returns -1 for outliers and 1 for inliers.
func (l *localOutlierFactor) Predict(x *frame.Frame) ([]frame.Column, error) {
	decision, err := l.Decision(x)
	if err != nil {
		return nil, err
	}
	out := x.LabelColumn(inlier)
	for r, v := range decision.Cols[0].Num {
		if !(v < 0) {
			out.Code[r] = 1
		}
	}
	return []frame.Column{out}, nil
}
