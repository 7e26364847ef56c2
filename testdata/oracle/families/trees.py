"""Decision trees and their forests."""

from sklearn.ensemble import ExtraTreesClassifier, ExtraTreesRegressor, RandomForestClassifier, RandomForestRegressor
from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor, ExtraTreeClassifier, ExtraTreeRegressor

from case import TREE, Case
from tables import (
    BAND, CHURN_SIGN, CHURNED, CLASS_AND_ZONE, EFFICIENCY, FAULT, FAULT_GAPS, HEATING, HOURS, HOURS_GAPS, LEAVES, LOADS,
    OVERS, PLAN, PLAN_LEVEL, PRICE, SOLD_FAST,
)

FOREST = {"n_estimators": 6, "max_depth": 5, "random_state": 0}
RISING = [1] + [0] * (len(HOURS_GAPS.features) - 1)

CASES = [
    Case("decision-tree-classifier", DecisionTreeClassifier(random_state=0), BAND, TREE),
    Case("decision-tree-classifier-binary", DecisionTreeClassifier(max_depth=6, random_state=0), CHURNED, TREE),
    Case("decision-tree-classifier-bool-labels", DecisionTreeClassifier(max_depth=6, random_state=0), SOLD_FAST, TREE),
    Case("decision-tree-classifier-int-labels", DecisionTreeClassifier(max_depth=6, random_state=0), PLAN, TREE),
    Case("decision-tree-classifier-float-labels", DecisionTreeClassifier(max_depth=6, random_state=0), PLAN_LEVEL, TREE),
    Case("decision-tree-classifier-entropy", DecisionTreeClassifier(criterion="entropy", min_samples_leaf=3, random_state=0), FAULT, TREE),
    Case("decision-tree-classifier-weights", DecisionTreeClassifier(max_depth=6, class_weight="balanced", random_state=0), CHURNED, TREE, weights="weight"),
    Case("decision-tree-classifier-multi-output", DecisionTreeClassifier(max_depth=6, random_state=0), CLASS_AND_ZONE, TREE),
    Case("decision-tree-classifier-multi-output-int", DecisionTreeClassifier(max_depth=6, random_state=0), OVERS, TREE),
    Case("decision-tree-classifier-missing", DecisionTreeClassifier(max_depth=7, random_state=0), FAULT_GAPS, TREE),
    Case("decision-tree-classifier-unnamed", DecisionTreeClassifier(max_depth=6, random_state=0), FAULT, TREE, named=False),
    Case("decision-tree-regressor", DecisionTreeRegressor(max_depth=9, random_state=0), HOURS, TREE),
    Case("decision-tree-regressor-absolute-error", DecisionTreeRegressor(criterion="absolute_error", max_depth=6, random_state=0), HEATING, TREE),
    Case("decision-tree-regressor-multi-output", DecisionTreeRegressor(max_depth=7, random_state=0), LOADS, TREE),
    Case("decision-tree-regressor-missing", DecisionTreeRegressor(min_samples_leaf=2, random_state=0), HOURS_GAPS, TREE),
    Case("decision-tree-regressor-missing-absolute-error", DecisionTreeRegressor(criterion="absolute_error", max_depth=6, random_state=0), HOURS_GAPS, TREE),
    Case("decision-tree-regressor-missing-monotonic", DecisionTreeRegressor(max_depth=6, monotonic_cst=RISING, random_state=0), HOURS_GAPS, TREE),
    Case("decision-tree-regressor-weights", DecisionTreeRegressor(max_depth=7, random_state=0), HEATING, TREE, weights="weight"),
    Case("extra-tree-classifier", ExtraTreeClassifier(max_depth=7, random_state=0), EFFICIENCY, TREE),
    Case("extra-tree-regressor", ExtraTreeRegressor(max_depth=7, random_state=0), PRICE, TREE),
    Case("random-forest-classifier", RandomForestClassifier(**FOREST), BAND, TREE),
    Case("random-forest-classifier-binary", RandomForestClassifier(**FOREST), CHURN_SIGN, TREE),
    Case("random-forest-classifier-bool-labels", RandomForestClassifier(**FOREST), LEAVES, TREE),
    Case("random-forest-classifier-weights", RandomForestClassifier(**FOREST, class_weight="balanced_subsample"), PLAN, TREE, weights="weight"),
    Case("random-forest-classifier-multi-output", RandomForestClassifier(**FOREST), CLASS_AND_ZONE, TREE),
    Case("random-forest-regressor", RandomForestRegressor(**FOREST), PRICE, TREE),
    Case("random-forest-regressor-poisson", RandomForestRegressor(**FOREST, criterion="poisson"), HOURS, TREE),
    Case("random-forest-regressor-missing-monotonic", RandomForestRegressor(**FOREST, criterion="absolute_error", monotonic_cst=RISING), HOURS_GAPS, TREE),
    Case("random-forest-regressor-multi-output", RandomForestRegressor(**FOREST), LOADS, TREE),
    Case("extra-trees-classifier", ExtraTreesClassifier(**FOREST), FAULT, TREE),
    Case("extra-trees-classifier-bootstrap", ExtraTreesClassifier(**FOREST, bootstrap=True, criterion="log_loss"), CHURNED, TREE),
    Case("extra-trees-classifier-multi-output", ExtraTreesClassifier(**FOREST), OVERS, TREE),
    Case("extra-trees-regressor", ExtraTreesRegressor(**FOREST), HOURS, TREE),
    Case("extra-trees-regressor-multi-output", ExtraTreesRegressor(**FOREST), LOADS, TREE),
]
