package ensemble

import (
	"brine/functions/internal/frame"
	"brine/functions/internal/numpy"
	"brine/functions/internal/pickle"
	"brine/functions/internal/sklearn/estimator"
)

// voting is what both kinds have.
type voting struct {
	members
	weights []float64 // nil where all weigh the same
}

// buildVoting leaves out the weights of dropped estimators.
// Source: sklearn/ensemble/_voting.py, _weights_not_none.
func buildVoting(o *estimator.Object) (*voting, error) {
	m, err := buildMembers(o, nil)
	if err != nil {
		return nil, err
	}
	v := &voting{members: m}
	if !o.Has("weights") {
		return v, nil
	}
	weights, named := o.Floats("weights"), o.List("estimators")
	if o.Err() != nil {
		return nil, o.Err()
	}
	if len(weights) != len(named) {
		return nil, o.Refuse("has %d weights for %d estimators", len(weights), len(named))
	}
	for i, pair := range named {
		if p, ok := pair.(pickle.Tuple); ok && len(p) == 2 && p[1] == "drop" {
			continue
		}
		v.weights = append(v.weights, weights[i])
	}
	if len(v.weights) != len(m.each) {
		return nil, o.Refuse("has %d weights for %d fitted estimators", len(v.weights), len(m.each))
	}
	return v, nil
}

func (v *voting) weight(i int) float64 {
	if v.weights == nil {
		return 1
	}
	return v.weights[i]
}

// total is what averages are divided by. Source: numpy.average.
func (v *voting) total() float64 {
	if v.weights == nil {
		return float64(len(v.each))
	}
	return numpy.Sum(v.weights)
}

// SelectsByName implements estimator.NameSelector: every member gets the very
// table, so it must be free for all of them.
func (v *voting) SelectsByName() bool {
	for _, e := range v.each {
		if !estimator.SelectsByName(e) {
			return false
		}
	}
	return true
}

type votingRegressor struct{ *voting }

func buildVotingRegressor(o *estimator.Object) (estimator.Estimator, error) {
	v, err := buildVoting(o)
	if err != nil {
		return nil, err
	}
	for _, e := range v.each {
		if _, ok := e.(estimator.Classifier); ok || e.Outputs() != 1 {
			return nil, o.Refuse("has an estimator that is no regressor of one output")
		}
	}
	return &votingRegressor{v}, nil
}

func (v *votingRegressor) Outputs() int { return 1 }

// Predict implements estimator.Predictor.
// Source: sklearn/ensemble/_voting.py, VotingRegressor.predict.
func (v *votingRegressor) Predict(x *frame.Frame) ([]frame.Column, error) {
	out := numberColumns(x, 1)
	err := v.eachMember(x, func(i int, e estimator.Predictor, x *frame.Frame) error {
		columns, err := e.Predict(x)
		if err != nil {
			return err
		}
		addScaled(out[0].Num, columns[0].Num, v.weight(i))
		return nil
	})
	divide(out, v.total())
	return out, err
}

// hardVoting counts labels.
type hardVoting struct {
	*voting
	classes *frame.Classes
	codes   [][]int // of each member's classes
}

// softVoting averages probabilities.
type softVoting struct {
	*voting
	classes *frame.Classes
}

func buildVotingClassifier(o *estimator.Object) (estimator.Estimator, error) {
	v, err := buildVoting(o)
	if err != nil {
		return nil, err
	}
	classes, kind := o.Classes("classes_"), o.Str("voting")
	if o.Err() != nil {
		return nil, o.Err()
	}
	hard := &hardVoting{voting: v, classes: classes}
	for _, e := range v.each {
		c, ok := e.(estimator.Classifier)
		if !ok {
			return nil, o.Refuse("has an estimator that is no classifier of one output")
		}
		codes, err := encoded(o, c.Classes(), classes.Len())
		if err != nil {
			return nil, err
		}
		hard.codes = append(hard.codes, codes)
		if _, ok := e.(estimator.Prober); kind == "soft" && (!ok || len(codes) != classes.Len()) {
			return nil, o.Refuse("has an estimator without the probabilities of all %d classes", classes.Len())
		}
	}
	switch kind {
	case "hard":
		return hard, nil
	case "soft":
		return &softVoting{v, classes}, nil
	}
	return nil, o.Refuse("voting=%q is not supported", kind)
}

func (v *hardVoting) Outputs() int { return 1 }

// Classes implements estimator.Classifier.
func (v *hardVoting) Classes() *frame.Classes { return v.classes }

// Predict implements estimator.Predictor.
// Source: sklearn/ensemble/_voting.py, VotingClassifier.predict.
func (v *hardVoting) Predict(x *frame.Frame) ([]frame.Column, error) {
	votes := numberColumns(x, v.classes.Len())
	err := v.eachMember(x, func(i int, e estimator.Predictor, x *frame.Frame) error {
		return voteFor(v.codes[i], e, x, votes, v.weight(i))
	})
	if err != nil {
		return nil, err
	}
	return []frame.Column{estimator.ArgMax(x.With(votes), v.classes)}, nil
}

func (v *softVoting) Outputs() int { return 1 }

// Classes implements estimator.Classifier.
func (v *softVoting) Classes() *frame.Classes { return v.classes }

// PredictProba implements estimator.Prober.
// Source: sklearn/ensemble/_voting.py, VotingClassifier.predict_proba.
func (v *softVoting) PredictProba(x *frame.Frame) (*frame.Frame, error) {
	out := numberColumns(x, v.classes.Len())
	err := v.eachMember(x, func(i int, e estimator.Predictor, x *frame.Frame) error {
		proba, err := e.(estimator.Prober).PredictProba(x)
		if err != nil {
			return err
		}
		for k, c := range proba.Cols {
			addScaled(out[k].Num, c.Num, v.weight(i))
		}
		return nil
	})
	divide(out, v.total())
	return x.With(out), err
}

// Predict implements estimator.Predictor.
func (v *softVoting) Predict(x *frame.Frame) ([]frame.Column, error) {
	proba, err := v.PredictProba(x)
	if err != nil {
		return nil, err
	}
	return []frame.Column{estimator.ArgMax(proba, v.classes)}, nil
}
