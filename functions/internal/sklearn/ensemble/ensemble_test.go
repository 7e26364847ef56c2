package ensemble

import (
	"maps"
	"math"
	"os"
	"slices"
	"strings"
	"testing"

	"brine/functions/internal/frame"
	"brine/functions/internal/job"
	"brine/functions/internal/numpy"
	"brine/functions/internal/pickle"
	"brine/functions/internal/sklearn/estimator"
	"brine/functions/internal/sklearn/tree"
)

var registry = func() estimator.Registry {
	all := maps.Clone(Classes)
	maps.Copy(all, tree.Classes)
	return all
}()

func build(root *pickle.Object) (estimator.Predictor, error) {
	return estimator.BuildPredictor(estimator.NewObject(root, registry, 0))
}

// load decodes the model of one of testdata's cases.
func load(t *testing.T, name string) *pickle.Object {
	t.Helper()
	data, err := os.ReadFile("../../../../testdata/models/" + name + "/model.pkl")
	if err != nil {
		t.Fatal(err)
	}
	file, err := pickle.Decode(data)
	if err != nil {
		t.Fatal(err)
	}
	return file.Root.(*pickle.Object)
}

// set gives an attribute, which must be there, another value.
func set(t *testing.T, o *pickle.Object, name string, v any) {
	t.Helper()
	state := o.State.(*pickle.Dict)
	at := slices.Index(state.Keys, any(name))
	if at < 0 {
		t.Fatalf("no attribute %s", name)
	}
	state.Values[at] = v
}

func get[T any](t *testing.T, o *pickle.Object, name string) T {
	t.Helper()
	v, ok := o.Attr(name)
	if !ok {
		t.Fatalf("no attribute %s", name)
	}
	return v.(T)
}

// child returns an element of a list or object array of instances.
func child(t *testing.T, o *pickle.Object, name string, i int) *pickle.Object {
	v, _ := o.Attr(name)
	switch v := v.(type) {
	case *pickle.List:
		return v.Items[i].(*pickle.Object)
	case *pickle.Array:
		return v.Objects[i].(*pickle.Object)
	}
	t.Fatalf("%s holds no instances", name)
	return nil
}

func TestBadModelsAreRefused(t *testing.T) {
	version := func(v string) func(*testing.T, *pickle.Object) {
		return func(t *testing.T, o *pickle.Object) { set(t, o, "_sklearn_version", v) }
	}
	attr := func(name string, v any) func(*testing.T, *pickle.Object) {
		return func(t *testing.T, o *pickle.Object) { set(t, o, name, v) }
	}
	for _, c := range []struct {
		model, want string
		spoil       func(*testing.T, *pickle.Object)
	}{
		{"random-forest-classifier", "has no trees", attr("estimators_", &pickle.List{})},
		{"random-forest-classifier", "RandomForestClassifier.estimators_[2].tree_", func(t *testing.T, o *pickle.Object) {
			get[*pickle.Object](t, child(t, o, "estimators_", 2), "tree_").Class.Name = "Oak"
		}},
		{"random-forest-regressor", "estimators_[1] (sklearn.tree._classes.DecisionTreeRegressor): its tree node 0: feature", func(t *testing.T, o *pickle.Object) {
			nodes := get[*pickle.Array](t, get[*pickle.Object](t, child(t, o, "estimators_", 1), "tree_"), "nodes")
			for _, f := range nodes.Dtype.Fields {
				if f.Name == "feature" {
					nodes.Data = slices.Clone(nodes.Data)
					nodes.Data[f.Offset] = 200
				}
			}
		}},
		{"random-forest-regressor-multi-output", "has 2 outputs, the forest has others", attr("n_outputs_", int64(1))},
		{"gradient-boosting-regressor", `loss "friedman" is not supported`, attr("loss", "friedman")},
		{"gradient-boosting-classifier", "has 3 classes and 1 trees a stage", func(t *testing.T, o *pickle.Object) {
			set(t, o, "classes_", get[*pickle.Array](t, load(t, "gradient-boosting-classifier-multi-class"), "classes_"))
		}},
		{"gradient-boosting-regressor-init", "computes in float32", func(t *testing.T, o *pickle.Object) {
			get[*pickle.Object](t, o, "init_").Class = pickle.Global{Module: "sklearn.linear_model._base", Name: "LinearRegression"}
		}},
		{"gradient-boosting-classifier", "has 3 priors for 2 classes", func(t *testing.T, o *pickle.Object) {
			set(t, get[*pickle.Object](t, o, "init_"), "class_prior_", &pickle.List{Items: []any{0.2, 0.3, 0.5}})
		}},
		{"hist-gradient-boosting-regressor", `loss "huber" is not supported`, attr("loss", "huber")},
		{"hist-gradient-boosting-regressor", "has 2 baselines for 1 trees", attr("_baseline_prediction", &pickle.List{Items: []any{0.5, 0.5}})},
		{"hist-gradient-boosting-classifier-multi-class", "iteration 0 is not a list of 1 trees", attr("n_trees_per_iteration_", int64(1))},
		{"hist-gradient-boosting-regressor-categories", "_preprocessor is missing", version("1.4.0")},
		{"hist-gradient-boosting-regressor-categories", "from scikit-learn 1.2 on", version("1.1.3")},
		{"hist-gradient-boosting-regressor-categories", "categorical split of feature", attr("is_categorical_", nil)},
		{"isolation-forest", "has path lengths of 0 and 12 trees", attr("_decision_path_lengths", pickle.Tuple{})},
		{"ada-boost-regressor", "has 1 weights for", attr("estimator_weights_", &pickle.List{Items: []any{1.0}})},
		{"ada-boost-classifier", `a class "No" of its own`, func(t *testing.T, o *pickle.Object) {
			set(t, o, "classes_", get[*pickle.Array](t, load(t, "ada-boost-classifier-samme"), "classes_"))
		}},
		{"bagging-classifier-features", "has 6 estimators and 0 sets of features", attr("estimators_features_", &pickle.List{})},
		{"bagging-classifier-features", "of 2 to estimators_[", attr("n_features_in_", int64(2))},
		{"bagging-classifier", "expects 4", func(t *testing.T, o *pickle.Object) {
			set(t, o, "estimators_features_", get[*pickle.List](t, load(t, "bagging-classifier-features"), "estimators_features_"))
			set(t, o, "estimators_", &pickle.List{Items: slices.Repeat([]any{child(t, o, "estimators_", 0)}, 6)})
		}},
		{"bagging-regressor", "classifiers for estimators", func(t *testing.T, o *pickle.Object) {
			for i := range get[*pickle.List](t, o, "estimators_").Items {
				get[*pickle.List](t, o, "estimators_").Items[i] = load(t, "decision-tree-classifier")
			}
		}},
	} {
		root := load(t, c.model)
		c.spoil(t, root)
		_, err := build(root)
		if err == nil || !strings.Contains(err.Error(), c.want) || job.TypeOf(err) != job.ValidationError {
			t.Errorf("%s: error %v, want a ValidationError with %q", c.model, err, c.want)
		}
	}
}

// zeros is some rows of zeros for p, with missing where asked.
func zeros(p estimator.Predictor, rows int) *frame.Frame {
	x := frame.New(rows, new(frame.Arena))
	for range p.Inputs() {
		x.Cols = append(x.Cols, x.NumberColumn("c"))
	}
	return x
}

// flatten makes every leaf of the trees add nothing.
func flatten(t *testing.T, o *pickle.Object) {
	if trees, ok := o.Attr("estimators_"); ok {
		for i := range trees.(*pickle.Array).Objects {
			values := get[*pickle.Array](t, get[*pickle.Object](t, child(t, o, "estimators_", i), "tree_"), "values")
			values.Data = make([]byte, len(values.Data))
		}
		return
	}
	set(t, o, "_predictors", &pickle.List{})
}

// TestLabelAtZero: which of two classes a raw prediction of about zero means
// has changed between versions.
func TestLabelAtZero(t *testing.T) {
	const small = 1e-17 // expit(small) is 1/2
	for _, c := range []struct {
		model, version string
		raw            float64
		want           int32
	}{
		{"gradient-boosting-classifier-zero", "1.3.0", 0, 0},
		{"gradient-boosting-classifier-zero", "1.4.0", 0, 1},
		{"hist-gradient-boosting-classifier", "1.3.0", 0, 0},
		{"hist-gradient-boosting-classifier", "1.3.0", small, 0},
		{"hist-gradient-boosting-classifier", "1.3.0", 1e-15, 1},
		{"hist-gradient-boosting-classifier", "1.5.0", 0, 0},
		{"hist-gradient-boosting-classifier", "1.5.0", small, 1},
	} {
		root := load(t, c.model)
		flatten(t, root)
		set(t, root, "_sklearn_version", c.version)
		if c.raw != 0 || strings.HasPrefix(c.model, "hist") {
			set(t, root, "_baseline_prediction", c.raw)
		}
		p, err := build(root)
		if err != nil {
			t.Fatal(err)
		}
		out, err := p.Predict(zeros(p, 3))
		if err != nil {
			t.Fatal(err)
		}
		if got := out[0].Code[2]; got != c.want {
			t.Errorf("%s of %s at %v: class %d, want %d", c.model, c.version, c.raw, got, c.want)
		}
	}
	// The exponential loss took the second class at zero from the beginning.
	m := boostedClassifier{scorer: flat{}, totals: 1, classes: estimator.IntClasses(0, 1), rule: fromZero}
	if out, _ := m.Predict(frame.New(1, nil)); out[0].Code[0] != 1 {
		t.Error("fromZero took the first class at zero")
	}
}

type flat struct{}

func (flat) Inputs() []frame.Kind                  { return nil }
func (flat) raw(x *frame.Frame) ([]float64, error) { return make([]float64, x.Rows), nil }

// TestLinks: the init estimator's probabilities become raw predictions by a
// rule that changed in 1.4. The numbers are of scikit-learn's own functions.
func TestLinks(t *testing.T) {
	const eps = 0x1p-23
	for _, c := range []struct {
		loss loss
		p    []float64
		want []float64
	}{
		{binomial, []float64{0.25, 0.75}, []float64{1.0986122886681098}},
		{binomial, []float64{1, 0}, []float64{-15.942385033669446}},
		{exponential, []float64{0.25, 0.75}, []float64{0.5493061443340549}},
		{multinomialLog, []float64{0.5, 0.25, 0.25}, []float64{-0.6931471805599453, -1.3862943611198906, -1.3862943611198906}},
		{multinomial, []float64{0.5, 0.25, 0.25}, []float64{0.4620981203732967, -0.23104906018664864, -0.23104906018664864}},
	} {
		raw := make([]float64, len(c.want))
		c.loss.link(raw, c.p, eps, numpy.PlainLogit)
		if !slices.Equal(raw, c.want) {
			t.Errorf("loss %d of %v: %v, want %v", c.loss, c.p, raw, c.want)
		}
	}
}

// doubtful may stand for a whole number that is rounded to another float32.
const doubtful = 1<<60 + 1<<36

// TestMissingValues: forests of 1.3 refuse what their trees alone would take,
// histograms take everything.
func TestMissingValues(t *testing.T) {
	for _, c := range []struct {
		model, version string
		value          float64
		refused        bool
	}{
		{"random-forest-regressor", "1.3.0", math.NaN(), true},
		{"random-forest-regressor", "1.4.0", math.NaN(), false},
		{"random-forest-regressor", "1.4.0", math.Inf(1), true},
		{"extra-trees-regressor", "1.4.0", math.NaN(), true},
		{"gradient-boosting-regressor", "1.4.0", math.NaN(), true},
		{"hist-gradient-boosting-regressor", "1.3.0", math.NaN(), false},
		{"hist-gradient-boosting-regressor", "1.3.0", math.Inf(-1), false},
		{"isolation-forest", "1.3.0", math.NaN(), true},
		{"isolation-forest", "1.6.0", math.NaN(), false},
		{"isolation-forest", "1.6.0", math.Inf(1), false},
		{"ada-boost-classifier", "1.3.0", math.NaN(), true},
		{"bagging-classifier", "1.3.0", math.NaN(), false},
		{"random-forest-classifier", "1.3.0", doubtful, true},
		{"random-forest-regressor", "1.4.0", -doubtful, true},
		{"random-forest-regressor", "1.4.0", doubtful + 256, false},
		{"extra-trees-regressor", "1.3.0", doubtful, true},
		{"gradient-boosting-classifier", "1.3.0", doubtful, true},
		{"gradient-boosting-regressor", "1.3.0", doubtful, true},
		{"hist-gradient-boosting-regressor", "1.3.0", doubtful, false},
		{"isolation-forest", "1.3.0", doubtful, true},
		{"isolation-forest", "1.6.0", doubtful, true},
		{"ada-boost-regressor", "1.3.0", doubtful, true},
		{"bagging-regressor", "1.3.0", doubtful, true},
	} {
		root := load(t, c.model)
		set(t, root, "_sklearn_version", c.version)
		if trees, ok := root.Attr("estimators_"); ok {
			if list, ok := trees.(*pickle.List); ok {
				for _, e := range list.Items {
					set(t, e.(*pickle.Object), "_sklearn_version", c.version)
				}
			}
		}
		p, err := build(root)
		if err != nil {
			t.Fatal(err)
		}
		x := zeros(p, 4)
		x.Cols[0].Num[3] = c.value
		_, err = p.Predict(x)
		e, ok := err.(*job.Error)
		if (err != nil) != c.refused || err != nil && (!ok || e.Row != 4 || e.Column != "c") {
			t.Errorf("%s of %s, %v: error %v", c.model, c.version, c.value, err)
		}
	}
}
