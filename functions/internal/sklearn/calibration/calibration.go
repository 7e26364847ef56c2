// Package calibration has sklearn.calibration.CalibratedClassifierCV.
package calibration

import (
	"brine/functions/internal/frame"
	"brine/functions/internal/numpy"
	"brine/functions/internal/sklearn/estimator"
	"brine/functions/internal/sklearn/isotonic"
)

// Classes are the estimators of sklearn.calibration.
var Classes = estimator.Registry{
	"sklearn.calibration.CalibratedClassifierCV": build,
}

// classifier averages calibrated probabilities.
// Source: sklearn/calibration.py, CalibratedClassifierCV.
type classifier struct {
	inputs  []frame.Kind
	classes *frame.Classes
	each    []calibrated
	byName  bool
	sparse  bool
}

// calibrated is a classifier with a calibrator for each of its scores.
type calibrated struct {
	of      estimator.Classifier
	correct []calibrator
	class   []int // that each calibrator is for
}

// calibrator makes a probability of a score.
type calibrator func(score float64) float64

func build(o *estimator.Object) (estimator.Estimator, error) {
	c := &classifier{classes: o.Classes("classes_")}
	children := o.Objects("calibrated_classifiers_")
	if err := o.Err(); err != nil {
		return nil, err
	}
	if c.classes.Len() < 2 {
		return nil, o.Refuse("a single class is not supported")
	}
	if !o.Compute(len(children), c.classes.Len()) {
		return nil, o.Err()
	}
	at := map[string]int{}
	for i, text := range c.classes.Text {
		at[text] = i
	}
	if len(at) != c.classes.Len() {
		return nil, o.Refuse("has one class twice")
	}
	var team []estimator.Classifier
	for _, child := range children {
		one, err := newCalibrated(child, at)
		if err != nil {
			return nil, err
		}
		c.each, team = append(c.each, one), append(team, one.of)
	}
	var err error
	c.inputs, err = estimator.SharedInputs(o, team)
	c.byName, c.sparse = estimator.AllSelectByName(team), estimator.AllTakeSparse(team)
	return c, err
}

// newCalibrated gets the positions of all classes by their text.
func newCalibrated(o *estimator.Object, classes map[string]int) (calibrated, error) {
	name := "estimator"
	if !o.Has(name) {
		name = "base_estimator" // up to 1.1
	}
	e, err := o.Build(name)
	if err != nil {
		return calibrated{}, err
	}
	c := calibrated{}
	of, ok := e.(estimator.Classifier)
	_, decides := e.(estimator.Decider)
	_, probes := e.(estimator.Prober)
	if !ok || !decides && !probes {
		return c, o.Refuse("its estimator has neither decision_function nor predict_proba")
	}
	c.of = of
	children := o.Objects("calibrators")
	if err := o.Err(); err != nil {
		return c, err
	}
	if len(children) == 0 || len(children) > of.Classes().Len() {
		return c, o.Refuse("has %d calibrators for %d classes", len(children), of.Classes().Len())
	}
	for k, child := range children {
		f, err := newCalibrator(child)
		if err != nil {
			return c, err
		}
		at := 1 // the one score of two classes is the second one's
		if len(classes) > 2 {
			at, ok = classes[of.Classes().Text[k]]
		}
		if !ok {
			return c, o.Refuse("its estimator answers with a class that it does not know")
		}
		c.correct, c.class = append(c.correct, f), append(c.class, at)
	}
	return c, nil
}

func newCalibrator(o *estimator.Object) (calibrator, error) {
	switch o.Class() {
	case "sklearn.isotonic.IsotonicRegression":
		m, err := isotonic.New(o)
		if err != nil {
			return nil, err
		}
		return m.At, nil
	case "sklearn.calibration._SigmoidCalibration":
		a, b := o.Float("a_"), o.Float("b_")
		return func(v float64) float64 { return numpy.Expit(-(float64(a*v) + b)) }, o.Err()
	}
	return nil, o.Refuse("this way to calibrate is not supported").WithHint(`Fit with method="sigmoid" or "isotonic"`)
}

// Inputs implements estimator.Estimator.
func (c *classifier) Inputs() []frame.Kind { return c.inputs }

// SelectsByName implements estimator.NameSelector.
func (c *classifier) SelectsByName() bool { return c.byName }

// TakesSparse implements estimator.SparseTaker.
func (c *classifier) TakesSparse() bool { return c.sparse }

// Outputs implements estimator.Predictor.
func (c *classifier) Outputs() int { return 1 }

// Classes implements estimator.Classifier.
func (c *classifier) Classes() *frame.Classes { return c.classes }

// Predict returns the most probable class.
func (c *classifier) Predict(x *frame.Frame) ([]frame.Column, error) {
	proba, err := c.PredictProba(x)
	if err != nil {
		return nil, err
	}
	return []frame.Column{estimator.ArgMax(proba, c.classes)}, nil
}

// PredictProba implements estimator.Prober.
func (c *classifier) PredictProba(x *frame.Frame) (*frame.Frame, error) {
	mean := make([]frame.Column, c.classes.Len())
	for k := range mean {
		mean[k] = x.NumberColumn("")
	}
	for _, one := range c.each {
		proba, err := one.probabilities(x, len(mean))
		if err != nil {
			return nil, err
		}
		for k := range mean {
			for r, v := range proba.Cols[k].Num {
				mean[k].Num[r] += v
			}
		}
	}
	for _, column := range mean {
		for r := range column.Num {
			column.Num[r] /= float64(len(c.each))
		}
	}
	return x.With(mean), nil
}

// probabilities are the calibrated scores, scaled to add up to 1.
// Source: sklearn/calibration.py, _CalibratedClassifier.predict_proba.
func (c *calibrated) probabilities(x *frame.Frame, classes int) (*frame.Frame, error) {
	scores, err := c.scores(x, classes == 2)
	if err != nil {
		return nil, err
	}
	out := make([]frame.Column, classes)
	for k := range out {
		out[k] = x.NumberColumn("")
	}
	for i, correct := range c.correct {
		to := out[c.class[i]].Num
		for r, v := range scores[i].Num {
			to[r] = correct(v)
		}
	}
	proba := x.With(out)
	estimator.EachRow(proba, normalize)
	return proba, nil
}

// scores are the decisions, or the probabilities where there are none; of two
// classes only the second one's.
func (c *calibrated) scores(x *frame.Frame, binary bool) ([]frame.Column, error) {
	if d, ok := c.of.(estimator.Decider); ok {
		scores, err := d.Decision(x)
		if err != nil {
			return nil, err
		}
		return scores.Cols, nil
	}
	proba, err := c.of.(estimator.Prober).PredictProba(x)
	if err != nil {
		return nil, err
	}
	if binary {
		return proba.Cols[1:], nil
	}
	return proba.Cols, nil
}

func normalize(row []float64) {
	if len(row) == 2 {
		row[0] = 1 - row[1]
	} else if sum := numpy.Sum(row); sum != 0 {
		for k := range row {
			row[k] /= sum
		}
	} else {
		for k := range row {
			row[k] = 1 / float64(len(row))
		}
	}
	for k, v := range row {
		if v > 1 && v <= 1+1e-5 {
			row[k] = 1
		}
	}
}
