package lightgbm

import (
	"fmt"
	"strconv"
	"strings"

	"brine/functions/internal/frame"
	"brine/functions/internal/sklearn/estimator"
	"brine/functions/internal/sklearn/tree"
)

// booster is a compiled model.
type booster struct {
	name       string
	inputs     []frame.Kind
	categories []*categories // of each feature, nil if it has none from pandas
	views      []view        // the features of the forest
	forest     *tree.Additive[float64]
	totals     int     // trees an iteration
	average    float64 // how many iterations the scores are a mean of, 1 if they are a sum
	link       link
	rounding   *rounding // nil where the cells are float64 in any case
}

// Inputs implements estimator.Estimator.
func (b *booster) Inputs() []frame.Kind { return b.inputs }

func buildBooster(o *estimator.Object) (*booster, error) {
	if err := checkParameters(o); err != nil {
		return nil, err
	}
	object := o.Object("_Booster")
	if o.Err() != nil {
		return nil, o.Err()
	}
	s, best := modelText(object), object.Int("best_iteration")
	if object.Err() != nil || !object.Spend(len(s)/2) { // to parse it
		return nil, object.Err()
	}
	b := &booster{name: o.Name(), average: 1}
	t, err := splitText(s)
	if err == nil {
		err = b.read(t, best)
	}
	if err != nil {
		return nil, object.Refuse("its model text %v", err)
	}
	if n := o.Int("_n_features"); o.Err() == nil && n != len(b.inputs) {
		return nil, o.Refuse("has %d features, its model text %d", n, len(b.inputs))
	}
	if o.Err() != nil {
		return nil, o.Err()
	}
	object.Note(b.forest.How())
	return b, b.readCategories(object, t)
}

// checkParameters refuses what changes the prediction and is no part of the text.
func checkParameters(o *estimator.Object) error {
	if v := o.Get("_objective"); o.Err() == nil {
		if _, ok := v.(string); !ok {
			return o.Refuse("its objective is %s, which needs Python", estimator.Describe(v)).
				WithHint("Train it with one of LightGBM's own objectives")
		}
	}
	for _, name := range []string{
		"pred_early_stop", "start_iteration_predict", "num_iteration_predict", "predict_raw_score",
		"raw_score", "predict_leaf_index", "predict_contrib", "linear_tree",
	} {
		if v, ok := o.Raw().Attr(name); ok && v != nil && v != false {
			return o.Refuse("its parameter %s = %s is not supported", name, estimator.Describe(v))
		}
	}
	return o.Err()
}

// read checks and compiles the model text, up to the best iteration if there is one.
// Source: src/boosting/gbdt_model_text.cpp, LoadModelFromString.
func (b *booster) read(t *text, best int) error {
	version := t.head["version"]
	if version != "v3" && version != "v4" {
		return fmt.Errorf("is of version %.20q, which is not known", version)
	}
	last, err := t.head.int("max_feature_idx")
	if err != nil {
		return err
	}
	infos := strings.Fields(t.head["feature_infos"])
	if len(infos) != last+1 || len(strings.Fields(t.head["feature_names"])) != last+1 {
		return fmt.Errorf("describes %d of its %d features", len(infos), last+1)
	}
	b.inputs = estimator.AllNumbers(last + 1)
	if b.totals, err = t.head.int("num_tree_per_iteration"); err != nil {
		return err
	}
	if b.totals < 1 || len(t.trees) == 0 || len(t.trees)%b.totals != 0 {
		return fmt.Errorf("has %d trees, %d an iteration", len(t.trees), b.totals)
	}
	if b.link, err = linkOf(t.head, b.totals); err != nil {
		return err
	}
	trees := t.trees
	if best > 0 && best < len(trees)/b.totals {
		trees = trees[:best*b.totals]
	}
	if _, mean := t.head["average_output"]; mean {
		b.average = float64(len(trees) / b.totals)
	}
	nodes, err := b.plant(trees)
	if err == nil && version == "v3" {
		b.rounding = newRounding(infos, nodes, b.views)
	}
	return err
}

// plant compiles the trees.
func (b *booster) plant(trees []fields) ([]*tree.Nodes, error) {
	nodes := make([]*tree.Nodes, len(trees))
	values := make([][]float64, len(trees))
	var v tree.Views[view]
	for i, f := range trees {
		var err error
		if nodes[i], values[i], err = readTree(f, len(b.inputs), &v); err != nil {
			return nil, fmt.Errorf("has a tree %d that %w", i, err)
		}
	}
	b.views = v.All
	b.forest = tree.NewAdditive[float64](len(v.All), b.totals, tree.Cuts(nodes, len(v.All)))
	for i, n := range nodes {
		leaves, err := b.forest.Add(n)
		if err != nil {
			return nil, fmt.Errorf("has a tree %d that %w", i, err)
		}
		splits := len(values[i]) - 1
		value := make([]float64, len(leaves))
		for j, leaf := range leaves {
			if int(leaf) < splits {
				return nil, fmt.Errorf("has a tree %d whose split %d is a leaf", i, leaf)
			}
			value[j] = values[i][int(leaf)-splits]
		}
		b.forest.Give(value, 1, i%b.totals)
	}
	b.forest.Compile()
	return nodes, nil
}

// linkOf reads the objective: its name and what it needs to know.
// Source: src/objective/objective_function.cpp and each ToString.
func linkOf(head fields, totals int) (link, error) {
	words := strings.Fields(head["objective"])
	if len(words) == 0 {
		return nil, fmt.Errorf("has no objective of LightGBM's own")
	}
	unknown := fmt.Errorf("has the objective %q, which is not supported", head["objective"])
	params := map[string]string{}
	for _, w := range words[1:] {
		key, value, _ := strings.Cut(w, ":")
		params[key] = value
	}
	switch name := words[0]; name {
	case "regression", "regression_l1", "huber", "fair", "quantile", "mape":
		if _, ok := params["sqrt"]; ok && name == "regression" {
			return one(squared, totals)
		}
		if len(params) > 0 {
			return nil, unknown
		}
		return identity, nil
	case "poisson", "gamma", "tweedie":
		return one(exponential, totals)
	case "cross_entropy":
		return one(sigmoid(1), totals)
	case "binary", "multiclassova":
		slope, err := strconv.ParseFloat(params["sigmoid"], 64)
		if err != nil {
			return nil, unknown
		}
		return sigmoid(slope), nil
	case "multiclass":
		return softmax, nil
	}
	return nil, unknown
}

// one is a link for models of one output.
func one(l link, totals int) (link, error) {
	if totals != 1 {
		return nil, fmt.Errorf("has %d trees an iteration, must have 1", totals)
	}
	return l, nil
}

// raw returns the sums of the trees, rows × totals.
// Source: src/boosting/gbdt_prediction.cpp, GBDT::PredictRaw.
func (b *booster) raw(x *frame.Frame) ([]float64, error) {
	seen, err := b.see(x)
	if err != nil {
		return nil, err
	}
	out := x.Floats(x.Rows * b.totals)
	b.forest.Sum(seen, out)
	return out, nil
}

// predict returns rows × totals numbers.
// Source: src/boosting/gbdt_prediction.cpp, GBDT::Predict.
func (b *booster) predict(x *frame.Frame) ([]float64, error) {
	out, err := b.raw(x)
	if err != nil {
		return nil, err
	}
	for i := 0; i < len(out); i += b.totals {
		row := out[i : i+b.totals]
		for k := range row {
			row[k] /= b.average
		}
		b.link(row)
	}
	return out, nil
}
