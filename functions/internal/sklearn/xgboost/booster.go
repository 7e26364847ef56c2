package xgboost

import (
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"

	"brine/functions/internal/frame"
	"brine/functions/internal/sklearn/estimator"
	"brine/functions/internal/sklearn/tree"
)

// booster is a compiled model. All its arithmetic is in float32.
type booster struct {
	name      string
	inputs    []frame.Kind
	missing   float32 // a cell that counts as missing beside NaN
	views     []view  // the features of the forest
	forest    *tree.Additive[float32]
	base      []float32 // the margins that the sums start from
	objective objective
}

// Inputs implements estimator.Estimator.
func (b *booster) Inputs() []frame.Kind { return b.inputs }

// totals is the number of margins a row.
func (b *booster) totals() int { return len(b.base) }

// learnerOf returns the model that a booster was pickled as.
func learnerOf(object *estimator.Object) (document, error) {
	return object.Once(func() (any, error) { return decodeLearner(object) })
}

func decodeLearner(object *estimator.Object) (document, error) {
	raw, ok := object.Get("handle").([]byte)
	if object.Err() != nil {
		return nil, object.Err()
	}
	if !ok {
		return nil, object.Refuse("attribute handle must be bytes, found %s", estimator.Describe(object.Get("handle")))
	}
	d, err := decode(raw)
	if err != nil {
		return nil, object.Refuse("its model %v", err).
			WithHint("XGBoost 1.7 and newer are supported: load it there and store it again")
	}
	return at(d, "Model", "learner"), nil
}

// FeatureNames returns the names that a model was fitted with, nil if none.
func FeatureNames(o *estimator.Object) []string {
	object := o.Object("_Booster")
	if o.Err() != nil {
		return nil
	}
	learner, err := learnerOf(object)
	if err != nil {
		return nil
	}
	names, _ := texts(at(learner, "feature_names"))
	if len(names) == 0 {
		return nil
	}
	return names
}

func buildBooster(o *estimator.Object) (*booster, error) {
	if err := checkOwners(o); err != nil {
		return nil, err
	}
	object := o.Object("_Booster")
	missing := o.Float("missing")
	if o.Err() != nil {
		return nil, o.Err()
	}
	learner, err := learnerOf(object)
	if err != nil {
		return nil, err
	}
	if handle, _ := object.Get("handle").([]byte); !object.Spend(len(handle) / 2) { // to compile it
		return nil, object.Err()
	}
	b := &booster{name: o.Name(), missing: float32(missing)}
	if err := b.read(object, learner, bestOf(object, learner)); err != nil {
		return nil, object.Refuse("its model %v", err)
	}
	return b, nil
}

// bestOf is the number of iterations to predict with, 0 for all: up to the best
// one that early stopping found. Up to version 1.7 it is the Python object's.
// Source: xgboost/sklearn.py, XGBModel._get_iteration_range.
func bestOf(object *estimator.Object, learner document) int {
	if v, ok := object.Raw().Attr("best_iteration"); ok {
		if best, ok := v.(int64); ok {
			return int(best) + 1
		}
	}
	if s, ok := at(learner, "attributes", "best_iteration").(string); ok {
		if best, err := strconv.Atoi(s); err == nil {
			return best + 1
		}
	}
	return 0
}

// read checks and compiles a model.
// Source: src/learner.cc, LearnerConfiguration::LoadConfig and LearnerIO::LoadModel.
func (b *booster) read(o *estimator.Object, learner document, best int) error {
	param := at(learner, "learner_model_param")
	features, err := count(param, "num_feature")
	if err != nil {
		return err
	}
	classes, err := count(param, "num_class")
	if err != nil {
		return err
	}
	targets := 1
	if at(param, "num_target") != nil {
		if targets, err = count(param, "num_target"); err != nil {
			return err
		}
	}
	if !o.Spend(features) || !o.Columns(classes+targets) {
		return errTooLarge
	}
	b.inputs = estimator.AllNumbers(features)
	name, _ := at(learner, "objective", "name").(string)
	known := false
	if b.objective, known = objectives[name]; !known {
		return fmt.Errorf("has the objective %q, which is not supported", name)
	}
	if b.base, err = baseScores(param, max(classes, targets, 1)); err != nil {
		return err
	}
	for k, v := range b.base {
		b.base[k] = b.objective.margin(v)
	}
	return b.readTrees(o, at(learner, "gradient_booster"), best)
}

var errTooLarge = errors.New("unfolds to far more than its size")

// most bounds what a damaged model can have allocated.
const most = 1 << 24

func count(param document, name string) (int, error) {
	s, _ := at(param, name).(string)
	n, err := strconv.Atoi(s)
	if err != nil || n < 0 || n > most {
		return 0, fmt.Errorf("has the %s %.40q", name, s)
	}
	return n, nil
}

// baseScores are written as one number, or since 3.1 as a list of one or of
// all.
func baseScores(param document, totals int) ([]float32, error) {
	s, _ := at(param, "base_score").(string)
	words := strings.Split(strings.Trim(s, "[]"), ",")
	if len(words) != 1 && len(words) != totals {
		return nil, fmt.Errorf("has %d base scores for %d outputs", len(words), totals)
	}
	base := make([]float32, totals)
	for k := range base {
		v, err := strconv.ParseFloat(strings.TrimSpace(words[k%len(words)]), 32)
		if err != nil || math.IsInf(v, 0) || v != v {
			return nil, fmt.Errorf("has the base_score %.40q", s)
		}
		base[k] = float32(v)
	}
	return base, nil
}

// readTrees reads a gbtree, or a dart: a gbtree with a weight for each tree.
// Source: src/gbm/gbtree.cc, GBTree::LoadModel and Dart::LoadModel.
func (b *booster) readTrees(o *estimator.Object, gradient document, best int) error {
	var weights []float64
	name := at(gradient, "name")
	switch name {
	case "gbtree":
	case "dart":
		var err error
		if weights, err = floats(at(gradient, "weight_drop")); err != nil {
			return fmt.Errorf("weight_drop %w", err)
		}
		gradient = at(gradient, "gbtree")
	default:
		return fmt.Errorf("has the booster %v, which is not supported", name)
	}
	model := at(gradient, "model")
	if encoders, ok := at(model, "cats", "enc").([]any); ok && len(encoders) > 0 {
		return errors.New("was fitted on columns of pandas' dtype category, which is not supported: " +
			"give it their codes as numbers and feature_types")
	}
	list, ok := at(model, "trees").([]any)
	groups, err := floats(at(model, "tree_info"))
	if !ok || err != nil || len(groups) != len(list) || weights != nil && len(weights) != len(list) {
		return errors.New("has trees that do not fit together")
	}
	used, err := usedTrees(model, best, len(list), b.totals())
	if err != nil {
		return err
	}
	return b.plant(o, list[:used], groups, weights)
}

// usedTrees is the number of the trees of the first iterations, of all if
// best is 0.
// Source: src/gbm/gbtree.cc, detail::LayerToTree.
func usedTrees(model document, best, trees, totals int) (int, error) {
	if best == 0 {
		return trees, nil
	}
	if starts, err := floats(at(model, "iteration_indptr")); err == nil {
		if best >= len(starts) || !(starts[best] >= 0 && starts[best] <= float64(trees)) {
			return 0, fmt.Errorf("ends before its best iteration %d", best-1)
		}
		return int(starts[best]), nil
	}
	parallel, err := count(at(model, "gbtree_model_param"), "num_parallel_tree")
	if err != nil {
		return 0, err
	}
	used := best * max(parallel, 1) * totals
	if best > most || used < 0 || used > trees {
		return 0, fmt.Errorf("ends before its best iteration %d", best-1)
	}
	return used, nil
}

// plant compiles the trees.
func (b *booster) plant(o *estimator.Object, list []any, groups, weights []float64) error {
	var v tree.Views[view]
	nodes := make([]*tree.Nodes, len(list))
	values := make([][]float32, len(list))
	for i, d := range list {
		t, err := readStored(o, d)
		if err == nil {
			nodes[i], values[i], err = t.nodes(len(b.inputs), &v)
		}
		if err != nil {
			return fmt.Errorf("has a tree %d that %w", i, err)
		}
	}
	b.views, b.forest = v.All, tree.NewAdditive[float32](len(v.All), b.totals(), nil)
	for i, n := range nodes {
		leaves, err := b.forest.Add(n)
		if err != nil {
			return fmt.Errorf("has a tree %d that %w", i, err)
		}
		group := int(groups[i])
		if group < 0 || group >= b.totals() {
			return fmt.Errorf("has a tree %d of output %d of %d", i, group, b.totals())
		}
		value := make([]float32, len(leaves))
		for j, leaf := range leaves {
			value[j] = values[i][leaf]
			if weights != nil {
				value[j] = b.weigh(value[j], float32(weights[i]), group)
			}
		}
		b.forest.Give(value, 1, group)
	}
	b.forest.Compile()
	o.Note(b.forest.How())
	return nil
}

// weigh is what a tree of a dart adds: XGBoost adds the base score first, and
// takes it off again.
// Source: src/gbm/gbtree.cc, Dart::InplacePredict.
func (b *booster) weigh(value, weight float32, group int) float32 {
	sum := b.base[group] + value
	return (sum - b.base[group]) * weight
}

// margins returns rows × totals sums. They are added up in the order of the trees.
// Source: src/predictor/cpu_predictor.cc, PredictByAllTrees.
func (b *booster) margins(x *frame.Frame) ([]float32, error) {
	if err := estimator.CheckCast32(x, b.name); err != nil {
		return nil, err
	}
	totals := b.totals()
	out := make([]float32, x.Rows*totals)
	for i := range out {
		out[i] = b.base[i%totals]
	}
	b.forest.Sum(b.see(x), out)
	return out, nil
}

// predict returns what XGBoost's own predict does, rows × totals.
func (b *booster) predict(x *frame.Frame) ([]float32, error) {
	out, err := b.margins(x)
	for i := 0; i < len(out); i += b.totals() {
		b.objective.transform(out[i : i+b.totals()])
	}
	return out, err
}

// see returns the features of the forest: each view of a column.
func (b *booster) see(x *frame.Frame) *frame.Frame {
	out := x.With(make([]frame.Column, len(b.views)))
	for i, v := range b.views {
		col := x.NumberColumn("")
		for r := range col.Num {
			col.Num[r] = math.NaN()
		}
		b.fill(col.Num, x, v.feature)
		if v.categorical {
			for r, cell := range col.Num {
				col.Num[r] = category(float32(cell))
			}
		}
		out.Cols[i] = col
	}
	return out
}

// fill writes the cells that are not missing. In a sparse matrix those that it
// does not hold are.
// Source: src/predictor/cpu_predictor.cc, AdapterView.
func (b *booster) fill(cells []float64, x *frame.Frame, feature int) {
	for r, v := range x.Cols[feature].Num {
		if float32(v) != b.missing && !(x.Sparse && v == 0) {
			cells[r] = v
		}
	}
}

// category is a cell's category. One that is none takes the way of those that
// no set holds.
// Source: src/common/categorical.h, Decision.
func category(v float32) float64 {
	if v < 0 || v >= mostCategories {
		return mostCategories
	}
	return float64(v)
}
