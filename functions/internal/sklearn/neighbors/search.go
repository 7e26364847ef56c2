package neighbors

import (
	"math"
	"slices"

	"brine/functions/internal/frame"
	"brine/functions/internal/job"
	"brine/functions/internal/pickle"
	"brine/functions/internal/sklearn/estimator"
	"brine/functions/internal/sklearn/pairwise"
)

// index finds training rows that are near a query.
type index interface {
	// nearest fills f with as many rows as it holds, the closest first.
	nearest(q []float64, f *found)
	// within adds to f every row whose distance is at most radius.
	within(q []float64, radius float64, f *found)
	// size is the number of training rows.
	size() int
}

// found is what one query found, and the memory of a block's queries.
type found struct {
	dist []float64 // distances
	at   []int32   // training rows

	all   []float64 // brute force: a distance to each training row
	order []int32   // brute force: all training rows
	query []float64 // cosine: the query at length 1

	sparse bool      // brute force: scikit-learn holds the queries as a sparse matrix
	column []int32   // of each cell of a query that is held as a CSR
	cell   []float64 // those cells
	next   float64   // brute force: the rank of the nearest row that is not among the found ones
	rivals []int32   // brute force: training rows of which the processor decides which are found
}

func (f *found) add(distance float64, row int32) {
	f.dist = append(f.dist, distance)
	f.at = append(f.at, row)
}

// search is what the estimators of this package have in common: the training
// rows, and how much each neighbour counts.
type search struct {
	name       string // of the estimator, for messages
	features   int
	index      index
	k          int     // neighbours of a query; 0 where radius decides
	radius     float64 // largest distance
	byDistance bool    // weights="distance"

	alike func(a, b int32) bool // whether it matters not which of two training rows is found; nil if it always does
}

// newSearch reads the attributes that NeighborsBase._fit leaves.
// Source: sklearn/neighbors/_base.py.
func newSearch(o *estimator.Object) (*search, error) {
	s := &search{name: o.Name(), features: o.Features()}
	if err := o.Err(); err != nil {
		return nil, err
	}
	var err error
	if s.index, err = newIndex(o, s.features); err != nil {
		return nil, err
	}
	return s, s.readWeights(o)
}

func (s *search) readWeights(o *estimator.Object) error {
	if !o.Has("weights") {
		return nil
	}
	switch w := o.Get("weights"); w {
	case "uniform":
	case "distance":
		s.byDistance = true
	default:
		return o.Refuse("weights is %s: a function of the user's needs Python", estimator.Describe(w)).
			WithHint(`Fit with weights="uniform" or "distance"`)
	}
	return nil
}

func newIndex(o *estimator.Object, features int) (index, error) {
	metric, ok := o.Get("effective_metric_").(string)
	if !ok && o.Err() == nil {
		return nil, o.Refuse("metric is %s: a function of the user's needs Python", estimator.Describe(o.Get("effective_metric_"))).
			WithHint("Fit with one of scikit-learn's own metrics")
	}
	method := o.Str("_fit_method")
	if err := o.Err(); err != nil {
		return nil, err
	}
	switch method {
	case "kd_tree", "ball_tree":
		t, err := readTree(o.Get("_tree"), features)
		if err != nil {
			return nil, o.Refuse("its tree of training rows: %v", err)
		}
		t.sort = order(o)
		return t, nil
	case "brute":
		return newBrute(o, metric, features)
	}
	return nil, o.Refuse("search method %q is not supported", method)
}

// readParams reads effective_metric_params_.
func readParams(o *estimator.Object) (pairwise.Params, error) {
	var p pairwise.Params
	dict, ok := o.Get("effective_metric_params_").(*pickle.Dict)
	if !ok {
		return p, nil
	}
	for i, key := range dict.Keys {
		v := dict.Values[i]
		var err error
		switch {
		case v == nil:
		case key == "p":
			p.P, _ = estimator.Number(v)
		case key == "w":
			p.W, err = floats(v, -1)
		case key == "V":
			p.V, err = floats(v, -1)
		case key == "VI":
			p.Inverse.Rows, p.Inverse.Cols = o.Features(), o.Features()
			p.Inverse.Data, err = floats(v, o.Features(), o.Features())
		default:
			return p, o.Refuse("metric parameter %v is not supported", key)
		}
		if err != nil {
			return p, o.Refuse("metric parameter %v: %v", key, err)
		}
	}
	return p, nil
}

// each finds the neighbours of every row of x, and hands visit the row and
// what was found. With weights="distance" the distances have become weights.
func (s *search) each(x *frame.Frame, visit func(row int, f *found) error) error {
	if err := estimator.CheckFinite(x, s.name); err != nil {
		return err
	}
	f := &found{dist: x.Floats(s.k), at: x.Codes(s.k)}
	if s.k == 0 {
		f.dist, f.at = x.Floats(s.index.size())[:0], x.Codes(s.index.size())[:0]
	}
	if b, ok := s.index.(*brute); ok {
		b.reserve(x, f)
	}
	var rows []float64
	if x.Wide == nil {
		rows = x.RowMajor()
	}
	for r := range x.Rows {
		var q []float64 // nil for a row of a CSR
		if x.Wide == nil {
			q = rows[r*s.features : (r+1)*s.features]
		} else {
			f.column, f.cell = x.Wide.Row(r)
		}
		f.rivals = nil
		if s.k > 0 {
			s.index.nearest(q, f)
		} else {
			f.dist, f.at = f.dist[:0], f.at[:0]
			s.index.within(q, s.radius, f)
		}
		if err := s.settle(r, f); err != nil {
			return err
		}
		if s.byDistance {
			weigh(f.dist)
		}
		if err := visit(r, f); err != nil {
			return err
		}
	}
	return nil
}

// TakesSparse implements estimator.SparseTaker.
func (s *search) TakesSparse() bool {
	b, ok := s.index.(*brute)
	return ok && b.sparse
}

// readK reads the number of neighbours from an attribute.
func (s *search) readK(o *estimator.Object, attribute string) error {
	s.k = o.Int(attribute)
	if err := o.Err(); err != nil {
		return err
	}
	if s.k < 1 || s.k > s.index.size() {
		return o.Refuse("%s is %d, with %d training rows", attribute, s.k, s.index.size())
	}
	o.Compute(s.k, s.k) // to put them in order, or to let them vote, at worst
	return o.Err()
}

// readRadius reads radius.
func (s *search) readRadius(o *estimator.Object) error {
	s.radius = o.Float("radius")
	if o.Err() == nil && !(s.radius >= 0) {
		return o.Refuse("radius is %v", s.radius)
	}
	return o.Err()
}

// noNeighbour is the error for a query that has none within radius.
func noNeighbour(row int, radius float64, hint string) *job.Error {
	e := job.Invalid("no training row lies within the radius %v", radius).WithHint("%s", hint)
	e.Row = int64(row) + 1
	return e
}

// settle refuses a query of which it depends on the processor which rows are its
// neighbours, unless that makes no difference.
func (s *search) settle(row int, f *found) error {
	differs := func(rival int32) bool { return s.alike == nil || !s.alike(rival, f.rivals[0]) }
	if !slices.ContainsFunc(f.rivals, differs) {
		return nil
	}
	last := "its radius"
	if s.k > 0 {
		last = "the last of its neighbours"
	}
	e := job.Invalid("%d training rows are as far as %s but for rounding, and which of them scikit-learn takes depends on the processor", len(f.rivals), last).
		WithHint(`Fit with algorithm="kd_tree" or "ball_tree"`)
	e.Row = int64(row) + 1
	return e
}

// weigh replaces distances by their inverses; where one is 0, its row and
// those like it count alone.
// Source: sklearn/neighbors/_base.py, _get_weights.
func weigh(dist []float64) {
	exact := false
	for i, d := range dist {
		dist[i] = 1 / d
		exact = exact || dist[i] > math.MaxFloat64
	}
	if !exact {
		return
	}
	for i, w := range dist {
		dist[i] = 0
		if w > math.MaxFloat64 {
			dist[i] = 1
		}
	}
}
