"""Gradient boosting and histogram gradient boosting."""

from sklearn.ensemble import (
    GradientBoostingClassifier, GradientBoostingRegressor, HistGradientBoostingClassifier, HistGradientBoostingRegressor,
)
from sklearn.tree import DecisionTreeRegressor

from case import BOOSTING, BOOSTING_LINK, Case
from tables import (
    ALARM, ALARM_CODES, BAND, CHURN_SIGN, CHURNED, FAILURES, FAULT, FAULT_GAPS, HEATING, HOURS, HOURS_GAPS, LEAVES, PLAN, PRICE,
)

STAGES = {"n_estimators": 12, "random_state": 0}
ROUNDS = {"max_iter": 12, "max_leaf_nodes": 12, "random_state": 0}
CODES = ["machine", "shift"]

CASES = [
    Case("gradient-boosting-classifier", GradientBoostingClassifier(**STAGES), CHURNED, BOOSTING),
    Case("gradient-boosting-classifier-multi-class", GradientBoostingClassifier(n_estimators=7, max_depth=2, random_state=0), PLAN, BOOSTING),
    Case("gradient-boosting-classifier-exponential", GradientBoostingClassifier(**STAGES, loss="exponential"), CHURN_SIGN, BOOSTING),
    Case("gradient-boosting-classifier-zero", GradientBoostingClassifier(**STAGES, init="zero", subsample=0.7), ALARM, BOOSTING),
    Case("gradient-boosting-classifier-zero-multi-class", GradientBoostingClassifier(n_estimators=7, max_depth=2, init="zero", random_state=0), BAND, BOOSTING),
    Case("gradient-boosting-classifier-bool-labels", GradientBoostingClassifier(**STAGES), LEAVES, BOOSTING),
    Case("gradient-boosting-regressor", GradientBoostingRegressor(**STAGES), PRICE, BOOSTING),
    Case("gradient-boosting-regressor-huber", GradientBoostingRegressor(**STAGES, loss="huber"), HOURS, BOOSTING),
    Case("gradient-boosting-regressor-quantile", GradientBoostingRegressor(**STAGES, loss="quantile", alpha=0.9), HOURS, BOOSTING),
    Case("gradient-boosting-regressor-absolute-error", GradientBoostingRegressor(**STAGES, loss="absolute_error"), HEATING, BOOSTING),
    Case("gradient-boosting-regressor-zero", GradientBoostingRegressor(**STAGES, init="zero", learning_rate=0.31), HEATING, BOOSTING),
    Case("gradient-boosting-regressor-init", GradientBoostingRegressor(**STAGES, init=DecisionTreeRegressor(max_depth=2, random_state=0)), PRICE, BOOSTING),
    Case("gradient-boosting-regressor-weights", GradientBoostingRegressor(**STAGES), HEATING, BOOSTING, weights="weight"),
    Case("hist-gradient-boosting-classifier", HistGradientBoostingClassifier(**ROUNDS), CHURNED, BOOSTING),
    Case("hist-gradient-boosting-classifier-multi-class", HistGradientBoostingClassifier(max_iter=7, max_leaf_nodes=6, random_state=0), FAULT, BOOSTING),
    Case("hist-gradient-boosting-classifier-missing", HistGradientBoostingClassifier(max_iter=7, max_leaf_nodes=6, random_state=0), FAULT_GAPS, BOOSTING),
    Case("hist-gradient-boosting-classifier-categories", HistGradientBoostingClassifier(**ROUNDS, categorical_features=CODES), ALARM_CODES, BOOSTING),
    Case("hist-gradient-boosting-classifier-early-stopping", HistGradientBoostingClassifier(**ROUNDS, early_stopping=True), LEAVES, BOOSTING),
    Case("hist-gradient-boosting-regressor", HistGradientBoostingRegressor(**ROUNDS), PRICE, BOOSTING),
    Case("hist-gradient-boosting-regressor-missing", HistGradientBoostingRegressor(**ROUNDS), HOURS_GAPS, BOOSTING),
    Case("hist-gradient-boosting-regressor-categories", HistGradientBoostingRegressor(**ROUNDS, categorical_features=[4, 5]), HOURS_GAPS, BOOSTING),
    Case("hist-gradient-boosting-regressor-absolute-error", HistGradientBoostingRegressor(**ROUNDS, loss="absolute_error"), HEATING, BOOSTING),
    Case("hist-gradient-boosting-regressor-quantile", HistGradientBoostingRegressor(**ROUNDS, loss="quantile", quantile=0.2), HOURS, BOOSTING),
    Case("hist-gradient-boosting-regressor-poisson", HistGradientBoostingRegressor(**ROUNDS, loss="poisson"), FAILURES, BOOSTING_LINK),
    Case("hist-gradient-boosting-regressor-gamma", HistGradientBoostingRegressor(**ROUNDS, loss="gamma"), HOURS, BOOSTING_LINK),
]
