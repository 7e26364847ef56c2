package estimator

import (
	"slices"

	"brine/functions/internal/frame"
)

// SharedInputs returns the kinds of column that serve all estimators of a
// meta-estimator, each of which gets its whole table. A column that one wants
// as a number and another as text is refused.
func SharedInputs[T Estimator](o *Object, team []T) ([]frame.Kind, error) {
	if len(team) == 0 {
		return nil, o.Refuse("has no estimators").WithHint(unfitted)
	}
	var shared []frame.Kind
	for i, e := range team {
		if e.Inputs() == nil { // it looks at none
			continue
		}
		if shared == nil {
			shared = slices.Repeat([]frame.Kind{frame.Unused}, len(e.Inputs()))
		}
		if len(e.Inputs()) != len(shared) {
			return nil, o.Refuse("its estimator %d takes %d features, another one %d", i, len(e.Inputs()), len(shared))
		}
		for j, kind := range e.Inputs() {
			both, ok := BothKinds(shared[j], kind)
			if !ok {
				return nil, o.Refuse("hands feature %d to one estimator as a number and to another as text, which is not supported", j)
			}
			shared[j] = both
		}
	}
	return shared, nil
}

// AllSelectByName reports whether every estimator looks its columns up by name.
func AllSelectByName[T Estimator](team []T) bool {
	for _, e := range team {
		if !SelectsByName(e) {
			return false
		}
	}
	return true
}

// AllTakeSparse reports whether every estimator takes a sparse frame held as a CSR.
func AllTakeSparse[T Estimator](team []T) bool {
	for _, e := range team {
		if !TakesSparse(e) {
			return false
		}
	}
	return true
}

// BuildPredictors builds the estimators that an attribute lists.
func (o *Object) BuildPredictors(name string) ([]Predictor, error) {
	var team []Predictor
	for _, child := range o.Objects(name) {
		p, err := BuildPredictor(child)
		if err != nil {
			return nil, err
		}
		team = append(team, p)
	}
	return team, o.Err()
}
