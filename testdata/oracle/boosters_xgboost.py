"""XGBoost's estimators, alone and inside those of scikit-learn. Versions before 3 take no quantiles."""

import json

import numpy as np
import xgboost
from sklearn.compose import ColumnTransformer
from sklearn.ensemble import RandomForestClassifier, StackingRegressor, VotingClassifier
from sklearn.impute import SimpleImputer
from sklearn.linear_model import Ridge
from sklearn.model_selection import GridSearchCV
from sklearn.multioutput import MultiOutputRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, OrdinalEncoder, StandardScaler
from xgboost import XGBClassifier, XGBRegressor, XGBRFClassifier, XGBRFRegressor

from boosters import FAULT_LEVEL, FAULT_LEVEL_GAPS, SHARE, ZIPS, Boosted
from case import Bar
from tables import (
    ALARM, ALARM_CODES, CHURN, CHURN_MIX, CHURN_NUMBERS, CHURN_TEXTS, FAILURES, HEATING, HOURS, HOURS_GAPS, HOUSE_NUMBERS, HOUSE_TEXTS, LOADS,
    PRICE, PRICE_MIXED, SENSORS, SENSORS_GAPS, SENSOR_CODES, SENSOR_NUMBERS, STOCK, Task, with_stranger,
)

SUMS = Bar("equal", "float32 sums of leaves in XGBoost's order; probabilities take exp", proba=2e-7)
LINK = Bar(2e-7, "the link takes exp in float32, whose last bit is the mathematics library's")
SMALL = dict(n_estimators=6, max_depth=3, n_jobs=1, random_state=0)
STOP = dict(n_estimators=60, learning_rate=0.8, early_stopping_rounds=2)
STRANGERS = Task(with_stranger(CHURN.assign(leaves=CHURN["churned"].eq("Yes").astype(int)), "Contract", "Lifetime"), CHURN_MIX.features, "leaves")
LEAVES_NUMBER = Task(CHURN.assign(leaves=CHURN["churned"].eq("Yes").astype(int)), CHURN_NUMBERS, "leaves")
SENTINEL = Task(SENSORS_GAPS.fillna(-999.0), SENSOR_CODES, "Hours left")
BEYOND = Task(
    SENSORS.assign(**{"temperature_c": SENSORS["temperature_c"].mask((SENSORS.index > 239) & (SENSORS.index % 5 == 0), np.inf)}), SENSOR_NUMBERS, "alarm"
)
ZIP_LEVELS = Task(ZIPS.table.assign(leaves=ZIPS.table["churned"].eq("Yes").astype(int)), ZIPS.features, "leaves")


def classifier(**options):
    return XGBClassifier(**{**SMALL, **options})


def regressor(**options):
    return XGBRegressor(**{**SMALL, **options})


def coded(model, numbers, categories, **options):
    return model(feature_types=["q"] * numbers + ["c"] * categories, enable_categorical=True, tree_method="hist", **options)


def encoded(encoder, model, texts, numbers):
    return make_pipeline(ColumnTransformer([("text", encoder, texts), ("numbers", StandardScaler(), numbers)]), model)


CASES = [
    Boosted("binary", classifier(), ALARM, SUMS),
    Boosted("binary-bool", classifier(), LEAVES_NUMBER, SUMS),
    Boosted("binary-array", classifier(max_depth=6), ALARM_CODES, SUMS, named=False),
    Boosted("binary-base-score", classifier(base_score=0.3), ALARM_CODES, SUMS),
    Boosted("binary-logitraw", classifier(objective="binary:logitraw"), ALARM, SUMS),
    Boosted("binary-hinge", classifier(objective="binary:hinge"), ALARM, SUMS),
    Boosted("binary-infinite", classifier(), BEYOND, SUMS),
    Boosted("multiclass", classifier(n_estimators=5), FAULT_LEVEL, SUMS),
    Boosted("multiclass-gaps", classifier(n_estimators=5), FAULT_LEVEL_GAPS, SUMS),
    Boosted("multiclass-softmax", classifier(n_estimators=5, objective="multi:softmax"), FAULT_LEVEL, SUMS),
    Boosted("dart", classifier(booster="dart", rate_drop=0.5, one_drop=True), ALARM_CODES, SUMS),
    Boosted("dart-regressor", regressor(booster="dart", rate_drop=0.5, normalize_type="forest"), HOURS, SUMS),
    Boosted("dart-multiclass", classifier(booster="dart", rate_drop=0.5, n_estimators=4), FAULT_LEVEL, SUMS),
    Boosted("random-forest", XGBRFClassifier(n_estimators=6, max_depth=4, n_jobs=1, random_state=0), ALARM, SUMS),
    Boosted("random-forest-regressor", XGBRFRegressor(n_estimators=6, max_depth=4, n_jobs=1, random_state=0), PRICE, SUMS),
    Boosted("parallel-trees", regressor(num_parallel_tree=3, subsample=0.6, **STOP), HOURS, SUMS, stop=True),
    Boosted("gaps", regressor(), HOURS_GAPS, SUMS),
    Boosted("sentinel", regressor(missing=-999.0), SENTINEL, SUMS),
    Boosted("stump", regressor(min_child_weight=1e6), PRICE, SUMS),
    Boosted("regression", regressor(), PRICE, SUMS),
    Boosted("regression-whole", regressor(max_depth=6), STOCK, SUMS),
    Boosted("regression-exact", regressor(tree_method="exact", gamma=30), HEATING, SUMS),
    Boosted("regression-approx", regressor(tree_method="approx"), HEATING, SUMS),
    Boosted("regression-lossguide", regressor(tree_method="hist", grow_policy="lossguide", max_leaves=6, max_depth=0), HOURS, SUMS),
    Boosted("regression-array", regressor(), HEATING, SUMS, named=False),
    Boosted("logistic", regressor(objective="reg:logistic"), SHARE, LINK),
    Boosted("absolute-error", regressor(objective="reg:absoluteerror"), HOURS, SUMS),
    Boosted("squared-log-error", regressor(objective="reg:squaredlogerror", min_child_weight=0, base_score=300), HOURS, SUMS),
    Boosted("pseudo-huber", regressor(objective="reg:pseudohubererror", min_child_weight=0, base_score=300), HOURS, SUMS),
    Boosted("poisson", regressor(objective="count:poisson"), FAILURES, LINK),
    Boosted("gamma", regressor(objective="reg:gamma", min_child_weight=0, base_score=300), HOURS, LINK),
    Boosted("tweedie", regressor(objective="reg:tweedie", tweedie_variance_power=1.3), HOURS, LINK),
    Boosted("several-targets", regressor(tree_method="hist", n_estimators=5), LOADS, SUMS),
    Boosted("stopped", regressor(**STOP), HOURS, SUMS, stop=True),
    Boosted("stopped-classifier", classifier(**STOP), FAULT_LEVEL, SUMS, stop=True),
    Boosted("codes", coded(classifier, 4, 2), ALARM_CODES, SUMS),
    Boosted("codes-gaps", coded(regressor, 4, 2, max_cat_to_onehot=1), HOURS_GAPS, SUMS),
    Boosted("codes-one-hot", coded(regressor, 4, 2, max_cat_to_onehot=50), HOURS_GAPS, SUMS),
    Boosted("codes-many", classifier(feature_types=["c", "q", "q"], enable_categorical=True, tree_method="hist", max_cat_to_onehot=1), ZIP_LEVELS, SUMS),
    Boosted("pipeline", encoded(OneHotEncoder(handle_unknown="ignore"), classifier(), CHURN_TEXTS, CHURN_NUMBERS), STRANGERS, SUMS),
    Boosted("pipeline-sparse", make_pipeline(OneHotEncoder(handle_unknown="ignore"), classifier()), Task(STRANGERS.table, CHURN_TEXTS, "leaves"), SUMS),
    Boosted("pipeline-ordinal", encoded(OrdinalEncoder(), regressor(), HOUSE_TEXTS, HOUSE_NUMBERS), PRICE_MIXED, SUMS),
    Boosted("pipeline-imputer", make_pipeline(SimpleImputer(), regressor()), HOURS_GAPS, SUMS),
    Boosted("search", GridSearchCV(classifier(), {"max_depth": [2, 3]}, cv=2), ALARM, SUMS),
    Boosted("voting", VotingClassifier([("xgb", classifier()), ("forest", RandomForestClassifier(5, max_depth=4, random_state=0))], voting="soft"), ALARM, LINK),
    Boosted("stacking", StackingRegressor([("xgb", regressor(n_estimators=4)), ("ridge", Ridge())], cv=2), HEATING, LINK),
    Boosted("multi-output", MultiOutputRegressor(regressor(n_estimators=4)), LOADS, SUMS),
]
if int(xgboost.__version__.split(".")[0]) >= 2:
    CASES += [
        Boosted("quantile", regressor(objective="reg:quantileerror", quantile_alpha=0.8), HEATING, SUMS),
        Boosted("quantiles", regressor(objective="reg:quantileerror", quantile_alpha=[0.2, 0.5, 0.9], n_estimators=4), HEATING, SUMS),
    ]


def splits(model):
    """Yields (feature, threshold) of every numeric split."""
    if not isinstance(model, (XGBClassifier, XGBRegressor)):
        return
    booster = json.loads(model.get_booster().save_raw("json"))["learner"]["gradient_booster"]
    for tree in booster.get("gbtree", booster)["model"]["trees"]:
        for left, feature, condition, kind in zip(tree["left_children"], tree["split_indices"], tree["split_conditions"], tree["split_type"]):
            if left != -1 and kind == 0:
                yield feature, float(np.float32(condition))
                yield feature, float(np.nextafter(np.float32(condition), np.float32(-np.inf)))
