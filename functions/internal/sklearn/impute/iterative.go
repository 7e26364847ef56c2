package impute

import (
	"fmt"
	"slices"

	"brine/functions/internal/frame"
	"brine/functions/internal/pickle"
	"brine/functions/internal/sklearn/estimator"
)

// iterativeImputer fills the missing cells with those of initial, and then
// predicts one feature after the other, in rounds, from the others as they are
// by then.
//
// scikit-learn leaves out the rounds for a table in which every cell is
// missing; here a row is answered as in any other table.
// Source: sklearn/impute/_iterative.py, IterativeImputer.transform.
type iterativeImputer struct {
	class     string
	missing   marker
	indicated []int // features whose missing marks become columns behind
	initial   *simpleImputer
	kept      []int // features that initial does not drop; what follows counts these
	sequence  []imputation
}

// imputation predicts one feature from others.
type imputation struct {
	feature   int
	others    []int
	predictor estimator.Predictor
	min, max  float64
}

func newIterativeImputer(o *estimator.Object) (estimator.Estimator, error) {
	n, rounds := o.Features(), o.Int("n_iter_")
	t := &iterativeImputer{class: o.Name(), missing: newMarker(o)}
	posterior := o.Bool("sample_posterior")
	keepsEmpty := o.Has("keep_empty_features") && o.Bool("keep_empty_features")
	if err := o.Err(); err != nil {
		return nil, err
	}
	switch {
	case posterior:
		return nil, o.Refuse("sample_posterior=True draws random numbers, so that no two answers are the same").
			WithHint("Fit with sample_posterior=False")
	case keepsEmpty && rounds > 0:
		return nil, o.Refuse("keep_empty_features=True is not supported: versions of scikit-learn disagree on which cells are missing then").
			WithHint("Drop the features that have no value, and fit with keep_empty_features=False")
	}
	initial, err := o.Build("initial_imputer_")
	if err != nil {
		return nil, err
	}
	var ok bool
	if t.initial, ok = initial.(*simpleImputer); !ok || len(t.initial.fills) != n || len(t.initial.indicated) > 0 {
		return nil, o.Refuse("its initial imputer does not fit its %d features", n)
	}
	t.initial.cuts = false // its table is of floats by then
	for f, fill := range t.initial.fills {
		if !fill.dropped {
			t.kept = append(t.kept, f)
		}
	}
	if t.indicated, err = indicated(o, n); err != nil || rounds == 0 {
		return t, err
	}
	return t, t.readSequence(o)
}

func (t *iterativeImputer) readSequence(o *estimator.Object) error {
	low, high, n := o.Floats("_min_value"), o.Floats("_max_value"), len(t.kept)
	for i, v := range o.List("imputation_sequence_") {
		step, err := readImputation(o, v, fmt.Sprintf(".imputation_sequence_[%d]", i))
		if err != nil {
			return err
		}
		outside := func(f int) bool { return f < 0 || f >= n }
		inputs := step.predictor.Inputs()
		if outside(step.feature) || slices.ContainsFunc(step.others, outside) || len(low) != n || len(high) != n ||
			inputs != nil && len(inputs) != len(step.others) || step.predictor.Outputs() != 1 {
			return o.Refuse("step %d of its imputation sequence does not fit its %d features", i, n)
		}
		step.min, step.max = low[step.feature], high[step.feature]
		t.sequence = append(t.sequence, step)
	}
	return o.Err()
}

// namedTuple returns the items of an instance of a named tuple. Protocols 0 and
// 1 make it of one tuple, later ones of its items.
func namedTuple(v any) pickle.Tuple {
	o, ok := v.(*pickle.Object)
	if !ok {
		return nil
	}
	if len(o.Args) == 1 {
		if items, ok := o.Args[0].(pickle.Tuple); ok {
			return items
		}
	}
	return o.Args
}

// readImputation reads an _ImputerTriplet, a named tuple.
func readImputation(o *estimator.Object, v any, place string) (step imputation, err error) {
	triplet := namedTuple(v)
	if len(triplet) != 3 {
		return step, o.Refuse("%s is %s", place, estimator.Describe(v))
	}
	feature, ok := triplet[0].(int64)
	others, isArray := triplet[1].(*pickle.Array)
	if !ok || !isArray {
		return step, o.Refuse("%s does not name its features", place)
	}
	step.feature = int(feature)
	at, err := others.Ints()
	if err != nil {
		return step, o.Refuse("%s: %v", place, err)
	}
	for _, f := range at {
		step.others = append(step.others, int(f))
	}
	child, err := o.Child(triplet[2], place+".estimator")
	if err != nil {
		return step, err
	}
	step.predictor, err = estimator.BuildPredictor(child)
	return step, err
}

// Inputs implements estimator.Estimator.
func (t *iterativeImputer) Inputs() []frame.Kind { return estimator.AllNumbers(len(t.initial.fills)) }

// Transform keeps the columns' names; a feature that had no value at fit is
// dropped.
func (t *iterativeImputer) Transform(x *frame.Frame) (*frame.Frame, error) {
	filled, err := t.initial.Transform(x)
	if err != nil {
		return nil, err
	}
	gaps := make([][]int32, len(t.kept))
	for c, f := range t.kept {
		for r := range x.Rows {
			if t.missing.at(&x.Cols[f], r) {
				gaps[c] = append(gaps[c], int32(r))
			}
		}
		filled.Cols[c].Num = slices.Clone(filled.Cols[c].Num)
	}
	for _, step := range t.sequence {
		if err := step.apply(filled, gaps[step.feature]); err != nil {
			return nil, err
		}
	}
	return x.With(append(filled.Cols, t.missing.marks(x, t.indicated)...)), nil
}

// apply predicts a feature anew in some rows.
func (s *imputation) apply(filled *frame.Frame, rows []int32) error {
	if len(rows) == 0 {
		return nil
	}
	given := filled.With(make([]frame.Column, len(s.others)))
	given.Rows = len(rows)
	for i, f := range s.others {
		given.Cols[i] = given.NumberColumn("")
		for k, r := range rows {
			given.Cols[i].Num[k] = filled.Cols[f].Num[r]
		}
	}
	predicted, err := s.predictor.Predict(given)
	if err != nil {
		return err
	}
	cells, ok := estimator.Numbers(given, predicted[0])
	if !ok {
		panic("an imputer's classes are text")
	}
	for k, r := range rows {
		filled.Cols[s.feature].Num[r] = min(max(cells[k], s.min), s.max)
	}
	return nil
}
