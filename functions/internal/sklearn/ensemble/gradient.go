package ensemble

import (
	"math"

	"brine/functions/internal/frame"
	"brine/functions/internal/numpy"
	"brine/functions/internal/sklearn/estimator"
	"brine/functions/internal/sklearn/tree"
)

// gradient is gradient boosting's raw prediction: an initial one, to which
// every tree of every stage adds its own, shrunk by the learning rate.
type gradient struct {
	*additive
	initial initial
}

// initial writes the raw predictions that the trees start from.
type initial func(x *frame.Frame, raw []float64) error

// buildGradient compiles the stages.
// Source: sklearn/ensemble/_gradient_boosting.pyx, predict_stages.
func buildGradient(o *estimator.Object) (*gradient, error) {
	features, rate := o.Features(), o.Float("learning_rate")
	trees, shape := o.Objects("estimators_"), o.Array("estimators_").Shape
	if o.Err() != nil {
		return nil, o.Err()
	}
	if len(shape) != 2 || len(trees) == 0 {
		return nil, o.Refuse("has trees of shape %v", shape)
	}
	a := newAdditive(o, features, shape[1], nil)
	var fitted tree.Fitted
	for i, t := range trees {
		leaves, err := a.AddFitted(&fitted, t, false)
		if err != nil {
			return nil, err
		}
		value, err := fitted.Means(t, leaves)
		if err != nil {
			return nil, err
		}
		if fitted.Outputs != 1 {
			return nil, t.Refuse("has %d outputs, must have 1", fitted.Outputs)
		}
		for j := range value {
			value[j] *= rate
		}
		a.Give(value, 1, i%a.totals)
	}
	a.compile(o)
	return &gradient{additive: a}, nil
}

// raw returns the raw predictions, rows × totals.
// Source: sklearn/ensemble/_gb.py, BaseGradientBoosting._raw_predict.
func (g *gradient) raw(x *frame.Frame) ([]float64, error) {
	if err := estimator.CheckFinite32(x, g.name); err != nil {
		return nil, err
	}
	raw := x.Floats(x.Rows * g.totals)
	if err := g.initial(x, raw); err != nil {
		return nil, err
	}
	g.Sum(x, raw)
	return raw, nil
}

// constant is an initial prediction that looks at no feature.
func constant(scores []float64) initial {
	return func(_ *frame.Frame, raw []float64) error {
		repeat(raw, scores)
		return nil
	}
}

// repeat writes the same numbers into every row.
func repeat(raw, row []float64) {
	for i := 0; i < len(raw); i += len(row) {
		copy(raw[i:], row)
	}
}

// single rounds the cells to float32, as the boosting's own check does before
// the init estimator sees them.
func single(x *frame.Frame) *frame.Frame {
	out := x.With(make([]frame.Column, len(x.Cols)))
	out.Single = true
	for c := range x.Cols {
		out.Cols[c] = x.NumberColumn(x.Cols[c].Name)
		for r, v := range x.Cols[c].Num {
			out.Cols[c].Num[r] = float64(float32(v))
		}
	}
	return out
}

// initObject returns the init estimator, or nil where it is "zero". Only one
// whose own arithmetic is the same for float32 input is taken.
func initObject(o *estimator.Object, dummy string) (*estimator.Object, error) {
	if o.Get("init_") == "zero" {
		return nil, nil
	}
	init := o.Object("init_")
	if o.Err() != nil {
		return nil, o.Err()
	}
	switch init.Class() {
	case dummy,
		"sklearn.tree.DecisionTreeClassifier", "sklearn.tree.DecisionTreeRegressor",
		"sklearn.tree.ExtraTreeClassifier", "sklearn.tree.ExtraTreeRegressor",
		"sklearn.ensemble.RandomForestClassifier", "sklearn.ensemble.RandomForestRegressor",
		"sklearn.ensemble.ExtraTreesClassifier", "sklearn.ensemble.ExtraTreesRegressor",
		"sklearn.ensemble.GradientBoostingClassifier", "sklearn.ensemble.GradientBoostingRegressor",
		"sklearn.ensemble.HistGradientBoostingClassifier", "sklearn.ensemble.HistGradientBoostingRegressor":
		return init, nil
	}
	return nil, init.Refuse("as the init estimator it computes in float32, which is not supported").
		WithHint("Train the model with the default init, init=\"zero\", or a tree or forest")
}

type gradientRegressor struct{ *gradient }

func buildGradientRegressor(o *estimator.Object) (estimator.Estimator, error) {
	g, err := buildGradient(o)
	if err != nil {
		return nil, err
	}
	switch loss := o.Get("loss"); loss {
	case "squared_error", "ls", "absolute_error", "lad", "huber", "quantile":
	default:
		return nil, o.Refuse("loss %s is not supported", estimator.Describe(loss))
	}
	if g.totals != 1 {
		return nil, o.Refuse("has %d trees a stage, must have 1", g.totals)
	}
	g.initial, err = regressionStart(o)
	if err != nil {
		return nil, err
	}
	return &gradientRegressor{g}, nil
}

// regressionStart is the init estimator's prediction.
// Source: sklearn/ensemble/_gb_losses.py, RegressionLossFunction, and
// sklearn/dummy.py, DummyRegressor.predict.
func regressionStart(o *estimator.Object) (initial, error) {
	init, err := initObject(o, "sklearn.dummy.DummyRegressor")
	switch {
	case err != nil:
		return nil, err
	case init == nil:
		return constant([]float64{0}), nil
	case init.Class() == "sklearn.dummy.DummyRegressor":
		value := init.Float("constant_")
		return constant([]float64{value}), init.Err()
	}
	p, err := estimator.BuildPredictor(init)
	if err != nil {
		return nil, err
	}
	return func(x *frame.Frame, raw []float64) error {
		out, err := p.Predict(single(x))
		if err != nil {
			return err
		}
		copy(raw, out[0].Num)
		return nil
	}, nil
}

func (g *gradientRegressor) Outputs() int { return 1 }

// Predict implements estimator.Predictor.
func (g *gradientRegressor) Predict(x *frame.Frame) ([]frame.Column, error) {
	raw, err := g.raw(x)
	if err != nil {
		return nil, err
	}
	return x.Numbers(raw, 1).Cols, nil
}

func buildGradientClassifier(o *estimator.Object) (estimator.Estimator, error) {
	g, err := buildGradient(o)
	if err != nil {
		return nil, err
	}
	m := &boostedClassifier{scorer: g, totals: g.totals, classes: o.Classes("classes_"), rule: byProbability}
	if o.Err() != nil {
		return nil, o.Err()
	}
	if n := m.classes.Len(); n < 2 || g.totals != trees(n) {
		return nil, o.Refuse("has %d classes and %d trees a stage", n, g.totals)
	}
	l := o.Get("loss")
	logistic := l == "log_loss" || l == "deviance"
	switch {
	case logistic && g.totals == 1:
		m.loss = binomial
	case logistic && o.Before(1, 4):
		m.loss = multinomialLog
	case logistic:
		m.loss = multinomial
	case l == "exponential" && g.totals == 1:
		m.loss = exponential
	default:
		return nil, o.Refuse("loss %s is not supported", estimator.Describe(l))
	}
	if m.loss == exponential || !o.Before(1, 4) {
		m.rule = fromZero
	}
	g.initial, err = classificationStart(o, m)
	return m, err
}

// classificationStart is the loss's link of the init estimator's probabilities.
// Source: sklearn/ensemble/_gb_losses.py, get_init_raw_predictions (up to 1.3);
// sklearn/ensemble/_gb.py, _init_raw_predictions.
func classificationStart(o *estimator.Object, m *boostedClassifier) (initial, error) {
	eps := float64(math.Nextafter32(1, 2) - 1)
	if !o.Before(1, 8) {
		eps = math.Nextafter(1, 2) - 1
	}
	logit := numpy.Logit
	if o.Before(1, 7) { // released when scipy was older than 1.15
		logit = numpy.PlainLogit
	}
	init, err := initObject(o, "sklearn.dummy.DummyClassifier")
	switch {
	case err != nil:
		return nil, err
	case init == nil:
		return constant(make([]float64, m.totals)), nil
	case init.Class() == "sklearn.dummy.DummyClassifier" && init.Get("strategy") == "prior":
		prior := init.Floats("class_prior_")
		if len(prior) != m.classes.Len() {
			return nil, init.Refuse("has %d priors for %d classes", len(prior), m.classes.Len())
		}
		raw := make([]float64, m.totals)
		m.loss.link(raw, prior, eps, logit)
		return constant(raw), init.Err()
	}
	p, err := estimator.BuildPredictor(init)
	if err != nil {
		return nil, err
	}
	prober, ok := p.(estimator.Prober)
	if !ok || prober.Classes().Len() != m.classes.Len() {
		return nil, init.Refuse("gives no probabilities of the %d classes", m.classes.Len())
	}
	if o.Before(1, 3) && m.totals > 1 && init.Name() == "HistGradientBoostingClassifier" {
		return nil, init.Refuse("as the init estimator for several classes it makes scikit-learn before 1.3 add trees to the wrong rows").
			WithHint("Train the model again with a newer scikit-learn")
	}
	return func(x *frame.Frame, raw []float64) error {
		proba, err := prober.PredictProba(single(x))
		if err != nil {
			return err
		}
		p := make([]float64, len(proba.Cols))
		for r := range x.Rows {
			for k := range p {
				p[k] = proba.Cols[k].Num[r]
			}
			m.loss.link(raw[r*m.totals:][:m.totals], p, eps, logit)
		}
		return nil
	}, nil
}
