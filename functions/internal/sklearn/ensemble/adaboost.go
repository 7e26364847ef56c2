package ensemble

import (
	"brine/functions/internal/frame"
	"brine/functions/internal/numpy"
	"brine/functions/internal/sklearn/estimator"
)

// adaBoost is what both kinds have.
type adaBoost struct {
	members
	weights []float64 // of all rounds, of which there may be more than members
}

func buildAdaBoost(o *estimator.Object) (*adaBoost, error) {
	m, err := buildMembers(o, nil)
	if err != nil {
		return nil, err
	}
	a := &adaBoost{m, o.Floats("estimator_weights_")}
	if o.Err() == nil && len(a.weights) < len(m.each) {
		return nil, o.Refuse("has %d weights for %d estimators", len(a.weights), len(m.each))
	}
	return a, o.Err()
}

type adaBoostRegressor struct{ *adaBoost }

func buildAdaBoostRegressor(o *estimator.Object) (estimator.Estimator, error) {
	a, err := buildAdaBoost(o)
	if err != nil {
		return nil, err
	}
	for _, e := range a.each {
		if _, ok := e.(estimator.Classifier); ok || e.Outputs() != 1 {
			return nil, o.Refuse("has an estimator that is no regressor of one output")
		}
	}
	return &adaBoostRegressor{a}, nil
}

func (a *adaBoostRegressor) Outputs() int { return 1 }

// Predict implements estimator.Predictor: the weighted median.
// Source: sklearn/ensemble/_weight_boosting.py, _get_median_predict.
func (a *adaBoostRegressor) Predict(x *frame.Frame) ([]frame.Column, error) {
	if err := estimator.CheckFinite(x, a.name); err != nil {
		return nil, err
	}
	each := make([][]float64, len(a.each))
	err := a.eachMember(x, func(i int, e estimator.Predictor, view *frame.Frame) error {
		columns, err := e.Predict(view)
		if err != nil {
			return err
		}
		each[i] = x.Floats(x.Rows)
		copy(each[i], columns[0].Num)
		return nil
	})
	if err != nil {
		return nil, err
	}
	out := x.NumberColumn("")
	row, sums, order := x.Floats(len(each)), x.Floats(len(each)), make([]int, len(each))
	for r := range out.Num {
		for i := range each {
			row[i], order[i] = each[i][r], i
		}
		numpy.ArgSort(row, order)
		out.Num[r] = row[order[a.median(order, sums)]]
	}
	return []frame.Column{out}, nil
}

// median returns the first place at which half of the weight is reached.
func (a *adaBoostRegressor) median(order []int, sums []float64) int {
	sum := 0.0
	for i, at := range order {
		sum += a.weights[at]
		sums[i] = sum
	}
	for i, s := range sums {
		if s >= 0.5*sum {
			return i
		}
	}
	return 0
}

// adaBoostClassifier adds up what each member says of each class.
type adaBoostClassifier struct {
	*adaBoost
	classes *frame.Classes
	total   float64 // of the weights
	real    bool    // SAMME.R: the members' probabilities count, not their labels
	against float64 // what a vote takes from each other class, 0 up to 1.3
	codes   [][]int32
}

func buildAdaBoostClassifier(o *estimator.Object) (estimator.Estimator, error) {
	a, err := buildAdaBoost(o)
	if err != nil {
		return nil, err
	}
	m := &adaBoostClassifier{adaBoost: a, classes: o.Classes("classes_"), total: numpy.Sum(a.weights)}
	if o.Err() != nil {
		return nil, o.Err()
	}
	n := m.classes.Len()
	if n < 2 {
		return nil, o.Refuse("has %d classes", n)
	}
	if !o.Before(1, 4) {
		m.against = -1 / float64(n-1)
	}
	// The parameter is deprecated from 1.6 on, and gone later: SAMME is all there is.
	m.real = o.Before(1, 6) && o.Str("algorithm") == "SAMME.R"
	if !o.Compute(len(a.each), n) {
		return nil, o.Err()
	}
	at := map[string]int32{}
	for k, text := range m.classes.Text {
		at[text] = int32(k)
	}
	for i, e := range a.each {
		codes, err := m.positions(o, e, at)
		if err != nil {
			return nil, err
		}
		if _, ok := e.(estimator.Prober); m.real && (!ok || len(codes) != n) {
			return nil, o.Refuse("estimators_[%d] has no probabilities of all %d classes", i, n)
		}
		m.codes = append(m.codes, codes)
	}
	return m, o.Err()
}

// positions finds a member's classes among the ensemble's.
func (a *adaBoostClassifier) positions(o *estimator.Object, e estimator.Predictor, at map[string]int32) ([]int32, error) {
	c, ok := e.(estimator.Classifier)
	if !ok {
		return nil, o.Refuse("has an estimator that is no classifier of one output")
	}
	codes := make([]int32, c.Classes().Len())
	for i, text := range c.Classes().Text {
		if codes[i], ok = at[text]; !ok || c.Classes().Dtype != a.classes.Dtype {
			return nil, o.Refuse("has an estimator with a class %q of its own", text)
		}
	}
	return codes, nil
}

func (a *adaBoostClassifier) Outputs() int { return 1 }

// Classes implements estimator.Classifier.
func (a *adaBoostClassifier) Classes() *frame.Classes { return a.classes }

// Decision implements estimator.Decider.
// Source: sklearn/ensemble/_weight_boosting.py, AdaBoostClassifier.decision_function.
func (a *adaBoostClassifier) Decision(x *frame.Frame) (*frame.Frame, error) {
	if err := estimator.CheckFinite(x, a.name); err != nil {
		return nil, err
	}
	out := numberColumns(x, a.classes.Len())
	err := a.eachMember(x, func(i int, e estimator.Predictor, x *frame.Frame) error {
		if a.real {
			return addReal(e.(estimator.Prober), x, out)
		}
		return a.vote(i, e, x, out)
	})
	if err != nil {
		return nil, err
	}
	divide(out, a.total)
	if len(out) > 2 {
		return x.With(out), nil
	}
	for r, v := range out[0].Num {
		out[1].Num[r] = -v + out[1].Num[r]
	}
	return x.With(out[1:]), nil
}

// vote adds a member's weight to the class that it predicts.
func (a *adaBoostClassifier) vote(i int, e estimator.Predictor, x *frame.Frame, out []frame.Column) error {
	labels, err := e.Predict(x)
	if err != nil {
		return err
	}
	w := a.weights[i]
	for r, label := range labels[0].Code {
		for k := range out {
			if int32(k) == a.codes[i][label] {
				out[k].Num[r] += w
			} else {
				out[k].Num[r] += float64(a.against * w)
			}
		}
	}
	return nil
}

// addReal adds the centred logarithms of a member's probabilities.
// Source: sklearn/ensemble/_weight_boosting.py, _samme_proba.
func addReal(e estimator.Prober, x *frame.Frame, out []frame.Column) error {
	proba, err := e.PredictProba(x)
	if err != nil {
		return err
	}
	const eps = 0x1p-52
	n := float64(len(out))
	logs := x.Floats(len(out))
	for r := range x.Rows {
		for k := range logs {
			logs[k] = numpy.Log(max(proba.Cols[k].Num[r], eps))
		}
		mean := float64(1 / n * numpy.Sum(logs))
		for k, v := range logs {
			out[k].Num[r] += float64((n - 1) * (v - mean))
		}
	}
	return nil
}

// Predict implements estimator.Predictor.
func (a *adaBoostClassifier) Predict(x *frame.Frame) ([]frame.Column, error) {
	scores, err := a.Decision(x)
	if err != nil {
		return nil, err
	}
	if len(scores.Cols) == 1 {
		return []frame.Column{estimator.Over(0, x, scores.Cols[0].Num, a.classes)}, nil
	}
	return []frame.Column{estimator.ArgMax(scores, a.classes)}, nil
}

// PredictProba implements estimator.Prober.
// Source: sklearn/ensemble/_weight_boosting.py, _compute_proba_from_decision.
func (a *adaBoostClassifier) PredictProba(x *frame.Frame) (*frame.Frame, error) {
	scores, err := a.Decision(x)
	if err != nil {
		return nil, err
	}
	divisor := float64(a.classes.Len() - 1)
	if len(scores.Cols) == 1 {
		negated := x.NumberColumn("")
		for r, v := range scores.Cols[0].Num {
			negated.Num[r] = -v
		}
		scores = x.With([]frame.Column{negated, scores.Cols[0]})
		divisor = 2
	}
	divide(scores.Cols, divisor)
	softmax := softmaxInOrder // votes come column by column
	if a.real {
		softmax = numpy.Softmax
	}
	estimator.EachRow(scores, softmax)
	return scores, nil
}
