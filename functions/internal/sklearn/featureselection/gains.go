package featureselection

import (
	"brine/functions/internal/numpy"
	"brine/functions/internal/sklearn/estimator"
)

// gains are feature_importances_ of a tree or of an ensemble of trees.
// Source: sklearn/tree/_classes.py, sklearn/ensemble/_forest.py and _gb.py,
// feature_importances_.
func gains(model *estimator.Object) ([]float64, error) {
	switch model.Name() {
	case "DecisionTreeClassifier", "DecisionTreeRegressor", "ExtraTreeClassifier", "ExtraTreeRegressor":
		sizes, _, err := treeGains(model, true)
		return sizes, err
	case "RandomForestClassifier", "RandomForestRegressor", "ExtraTreesClassifier", "ExtraTreesRegressor":
		return meanGains(model, true)
	case "GradientBoostingClassifier", "GradientBoostingRegressor":
		return meanGains(model, false)
	}
	return nil, model.Refuse("its importances of features are not known").
		WithHint("Select with a linear model, a tree, a forest or gradient boosting")
}

// meanGains is the mean of the trees that split, scaled to add up to 1.
func meanGains(model *estimator.Object, scaled bool) ([]float64, error) {
	var sum []float64
	trees := 0.0
	for _, child := range model.Objects("estimators_") {
		sizes, splits, err := treeGains(child, scaled)
		if err != nil {
			return nil, err
		}
		if sum == nil {
			sum = make([]float64, len(sizes))
		}
		if len(sizes) != len(sum) {
			return nil, child.Refuse("has %d features, the first tree %d", len(sizes), len(sum))
		}
		if !splits {
			continue
		}
		trees++
		for j, v := range sizes {
			sum[j] += v
		}
	}
	if err := model.Err(); err != nil {
		return nil, err
	}
	if trees == 0 {
		return sum, nil
	}
	for j := range sum {
		sum[j] /= trees
	}
	scale(sum, numpy.Sum(sum))
	return sum, nil
}

func scale(sizes []float64, total float64) {
	for j := range sizes {
		sizes[j] /= total
	}
}

// treeGains adds up by feature how much impurity each split takes away.
// Source: sklearn/tree/_tree.pyx, Tree.compute_feature_importances.
func treeGains(model *estimator.Object, scaled bool) (sizes []float64, splits bool, err error) {
	tree, features := model.Object("tree_"), model.Features()
	if err := model.Err(); err != nil {
		return nil, false, err
	}
	a := tree.Array("nodes")
	if err := tree.Err(); err != nil {
		return nil, false, err
	}
	fields := map[string][]float64{}
	for _, name := range []string{"left_child", "right_child", "feature", "impurity", "weighted_n_node_samples"} {
		f, err := a.Field(name)
		if err != nil {
			return nil, false, tree.Refuse("its nodes %v", err)
		}
		if fields[name], err = f.Floats(); err != nil {
			return nil, false, tree.Refuse("its %s %v", name, err)
		}
	}
	weight, impurity := fields["weighted_n_node_samples"], fields["impurity"]
	sizes = make([]float64, features)
	for i, l := range fields["left_child"] {
		if l == -1 {
			continue
		}
		left, right, feature := int(l), int(fields["right_child"][i]), int(fields["feature"][i])
		if left < 0 || left >= len(weight) || right < 0 || right >= len(weight) || feature < 0 || feature >= features {
			return nil, false, tree.Refuse("its node %d leads nowhere", i)
		}
		gain := float64(weight[i]*impurity[i]) - float64(weight[left]*impurity[left])
		sizes[feature] += gain - float64(weight[right]*impurity[right])
	}
	if len(weight) == 0 {
		return nil, false, tree.Refuse("has no nodes")
	}
	scale(sizes, weight[0])
	if total := numpy.Sum(sizes); scaled && total > 0 {
		scale(sizes, total)
	}
	return sizes, len(weight) > 1, nil
}
