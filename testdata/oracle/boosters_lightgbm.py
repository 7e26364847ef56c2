"""LightGBM's estimators, alone and inside those of scikit-learn."""

from lightgbm import LGBMClassifier, LGBMRegressor
from sklearn.calibration import CalibratedClassifierCV
from sklearn.compose import ColumnTransformer
from sklearn.ensemble import StackingRegressor, VotingClassifier
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.model_selection import GridSearchCV
from sklearn.multioutput import MultiOutputRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, OrdinalEncoder, StandardScaler

from boosters import SHARE, ZIPS, Boosted
from case import Bar
from tables import (
    ALARM, ALARM_CODES, BAND, CHURN_MIX, CHURN_NUMBERS, CHURN_SIGN, CHURN_TEXTS, CHURNED, CHURNED_Z, EFFICIENCY, FAILURES, FAULT, FAULT_GAPS,
    HEATING, HOUSE_TEXTS, HOURS, HOURS_GAPS, HOUSE_NUMBERS, KIND, LEAVES, LOADS, PLAN, PLAN_LEVEL, PRICE, PRICE_GAPS, PRICE_MIXED, STOCK,
    Task, with_stranger, CHURN,
)

SUMS = Bar("equal", "sums of leaves in LightGBM's order; probabilities take exp", proba=1e-12)
LINK = Bar(1e-12, "the log link takes exp, whose last bit is the mathematics library's")
SMALL = dict(n_estimators=6, num_leaves=7, min_child_samples=8, n_jobs=1, verbose=-1, random_state=0)
STRANGERS = Task(with_stranger(CHURN, "Contract", "Lifetime"), CHURN_MIX.features, "churned")


def classifier(**options):
    return LGBMClassifier(**{**SMALL, **options})


def regressor(**options):
    return LGBMRegressor(**{**SMALL, **options})


def encoded(encoder, model, texts, numbers):
    return make_pipeline(ColumnTransformer([("text", encoder, texts), ("numbers", StandardScaler(), numbers)]), model)


CASES = [
    Boosted("binary", classifier(), CHURNED, SUMS),
    Boosted("binary-bool", classifier(num_leaves=15), LEAVES, SUMS),
    Boosted("binary-int", classifier(), CHURN_SIGN, SUMS),
    Boosted("binary-array", classifier(), ALARM, SUMS, named=False),
    Boosted("binary-sigmoid", classifier(sigmoid=0.7, is_unbalance=True), ALARM_CODES, SUMS),
    Boosted("binary-z", classifier(), CHURNED_Z, SUMS),
    Boosted("cross-entropy", classifier(objective="cross_entropy"), ALARM, SUMS),
    Boosted("multiclass", classifier(n_estimators=5), FAULT, SUMS),
    Boosted("multiclass-gaps", classifier(n_estimators=5), FAULT_GAPS, SUMS),
    Boosted("multiclass-text", classifier(n_estimators=5), EFFICIENCY, SUMS),
    Boosted("multiclass-float", classifier(n_estimators=4), PLAN_LEVEL, SUMS),
    Boosted("multiclass-ova", classifier(n_estimators=5, objective="multiclassova"), PLAN, SUMS),
    Boosted("multiclass-whole", classifier(n_estimators=5), KIND, SUMS, named=False),
    Boosted("dart", classifier(boosting_type="dart", drop_rate=0.5), BAND, SUMS),
    Boosted("random-forest", classifier(boosting_type="rf", subsample=0.6, subsample_freq=1), CHURNED, SUMS),
    Boosted("random-forest-regressor", regressor(boosting_type="rf", subsample=0.6, subsample_freq=1), PRICE, SUMS),
    Boosted("goss", classifier(boosting_type="goss", learning_rate=0.5), ALARM_CODES, SUMS),
    Boosted("zero-as-missing", classifier(zero_as_missing=True), ALARM_CODES, SUMS),
    Boosted("zero-as-missing-gaps", regressor(zero_as_missing=True), HOURS_GAPS, SUMS),
    Boosted("no-missing", regressor(use_missing=False), HOURS_GAPS, SUMS),
    Boosted("gaps", regressor(), HOURS_GAPS, SUMS),
    Boosted("stump", regressor(min_child_samples=500), PRICE, SUMS),
    Boosted("regression", regressor(), PRICE, SUMS),
    Boosted("regression-whole", regressor(), STOCK, SUMS, named=False),
    Boosted("regression-array", regressor(), HEATING, SUMS, named=False),
    Boosted("regression-sqrt", regressor(reg_sqrt=True), HOURS, SUMS),
    Boosted("regression-l1", regressor(objective="regression_l1"), HOURS, SUMS),
    Boosted("huber", regressor(objective="huber"), HOURS, SUMS),
    Boosted("fair", regressor(objective="fair"), HOURS, SUMS),
    Boosted("mape", regressor(objective="mape"), HOURS, SUMS),
    Boosted("quantile", regressor(objective="quantile", alpha=0.8), HEATING, SUMS),
    Boosted("poisson", regressor(objective="poisson"), FAILURES, LINK),
    Boosted("gamma", regressor(objective="gamma"), HOURS, LINK),
    Boosted("tweedie", regressor(objective="tweedie"), HOURS, LINK),
    Boosted("cross-entropy-regressor", regressor(objective="cross_entropy"), SHARE, LINK),
    Boosted("stopped", regressor(n_estimators=60, learning_rate=0.6, early_stopping_round=2), HOURS, SUMS, stop=True),
    Boosted("stopped-classifier", classifier(n_estimators=30, learning_rate=0.9, early_stopping_round=1), FAULT, SUMS, stop=True),
    Boosted("codes", classifier(), ALARM_CODES, SUMS, fit={"categorical_feature": ["machine", "shift"]}),
    Boosted("codes-gaps", classifier(n_estimators=5, min_data_per_group=5, cat_smooth=1), FAULT_GAPS, SUMS, fit={"categorical_feature": [4, 5]}),
    Boosted("codes-many", classifier(min_data_per_group=1, cat_smooth=1, max_cat_to_onehot=1, min_child_samples=2), ZIPS, SUMS, fit={"categorical_feature": [0]}, named=False),
    Boosted("categories", classifier(min_data_per_group=5), CHURN_MIX, SUMS, categories=tuple(CHURN_TEXTS)),
    Boosted("categories-unseen", classifier(min_data_per_group=5), STRANGERS, SUMS, categories=tuple(CHURN_TEXTS)),
    Boosted("categories-gaps", regressor(min_data_per_group=5), PRICE_GAPS, SUMS, categories=tuple(HOUSE_TEXTS)),
    Boosted("categories-numbers", regressor(min_data_per_group=5), HOURS_GAPS, SUMS, categories=("machine", "shift")),
    Boosted("pipeline", encoded(OneHotEncoder(handle_unknown="ignore"), classifier(), CHURN_TEXTS, CHURN_NUMBERS), STRANGERS, SUMS),
    Boosted("pipeline-ordinal", encoded(OrdinalEncoder(), regressor(), HOUSE_TEXTS, HOUSE_NUMBERS), PRICE_MIXED, SUMS),
    Boosted("pipeline-imputer", make_pipeline(SimpleImputer(), regressor()), HOURS_GAPS, SUMS),
    Boosted("search", GridSearchCV(classifier(), {"num_leaves": [4, 6]}, cv=2), ALARM, SUMS),
    Boosted("calibrated", CalibratedClassifierCV(classifier(n_estimators=4), cv=2), ALARM, LINK),
    Boosted("voting", VotingClassifier([("lgbm", classifier()), ("linear", LogisticRegression(max_iter=2000))], voting="soft"), ALARM, LINK),
    Boosted("stacking", StackingRegressor([("lgbm", regressor(n_estimators=4)), ("ridge", Ridge())], cv=2), HEATING, LINK),
    Boosted("multi-output", MultiOutputRegressor(regressor(n_estimators=4)), LOADS, SUMS),
]


def splits(model):
    """Yields (feature, threshold) of every numeric split."""
    if isinstance(model, (LGBMClassifier, LGBMRegressor)):
        for tree in model.booster_.dump_model()["tree_info"]:
            yield from _below(tree["tree_structure"])


def _below(node):
    if "split_feature" not in node:
        return
    if node["decision_type"] == "<=":
        yield node["split_feature"], node["threshold"]
    yield from _below(node["left_child"])
    yield from _below(node["right_child"])
