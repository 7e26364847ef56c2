"""Pipelines, column transformers, unions and transformed targets."""

import numpy as np
from sklearn.compose import ColumnTransformer, TransformedTargetRegressor, make_column_selector, make_column_transformer
from sklearn.ensemble import GradientBoostingClassifier, GradientBoostingRegressor, HistGradientBoostingRegressor, RandomForestRegressor
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import FeatureUnion, Pipeline, make_pipeline
from sklearn.preprocessing import MinMaxScaler, OneHotEncoder, OrdinalEncoder, StandardScaler
from sklearn.tree import DecisionTreeRegressor

from case import BOOSTING, DOT, EXACT, LIBM, NEIGHBORS, TREE, Case
from tables import (
    CHURN_MIX, CHURN_NUMBERS, CHURN_TEXTS, HEATING, HOURS, HOUSE_NUMBERS, HOUSE_TEXTS, LOADS, PRICE, PRICE_AND_RENT,
    PRICE_GAPS, PRICE_MIXED, PRICE_NUMBERS_GAPS,
)

from .identity import shown

IGNORE = OneHotEncoder(handle_unknown="ignore")
BOOSTED = GradientBoostingRegressor(n_estimators=10, random_state=0)
TREE_9 = DecisionTreeRegressor(max_depth=9, random_state=0)


def prepared(**options):
    """The preparation that most pipelines in use have."""
    numbers = make_pipeline(SimpleImputer(strategy="median"), StandardScaler())
    texts = make_pipeline(SimpleImputer(strategy="constant", fill_value="none"), OneHotEncoder(handle_unknown="ignore"))
    return ColumnTransformer([("numbers", numbers, HOUSE_NUMBERS), ("texts", texts, HOUSE_TEXTS)], **options)


def churn_prepared(**options):
    return ColumnTransformer([("texts", IGNORE, CHURN_TEXTS), ("numbers", StandardScaler(), CHURN_NUMBERS[:4])], **options)


def columns(*steps, **options):
    """A column transformer of unnamed (transformer, columns) steps."""
    return ColumnTransformer([(f"step {i}", step, of) for i, (step, of) in enumerate(steps)], **options)


TEXTS = (OneHotEncoder(sparse_output=False), HOUSE_TEXTS)
SPARSE_TEXTS = (OneHotEncoder(), HOUSE_TEXTS)
BEDROOMS, BUILT = ("passthrough", ["bedrooms"]), (MinMaxScaler(), ["Year built"])
FIRST_TWO, THIRD_AND_FIFTH = [True, True] + 7 * [False], [False, False, True, False, True] + 4 * [False]
OBJECTS, NUMBERS = make_column_selector(dtype_include=object), make_column_selector(dtype_include=np.number)
INDICATED = SimpleImputer(strategy="median", add_indicator=True)
NESTED = Pipeline([("fill", SimpleImputer()), ("scale", Pipeline([("min", MinMaxScaler())]))])
SLICES = make_column_transformer(
    (OneHotEncoder(), slice(0, 2)), (MinMaxScaler(), slice("Living area", "bathrooms")), (StandardScaler(), slice(-3, None)),
)
SWAPPED = columns((StandardScaler(), ["Living area", "quality"]), (MinMaxScaler(), ["quality", "Living area"]))

CASES = [
    Case("pipeline", Pipeline([("prepare", prepared()), ("model", BOOSTED)]), PRICE_GAPS, TREE),
    Case("pipeline-linear", make_pipeline(prepared(), LinearRegression()), PRICE_GAPS, DOT),
    Case("pipeline-logistic", make_pipeline(churn_prepared(), LogisticRegression()), CHURN_MIX, DOT),
    Case("pipeline-boosting-classifier", make_pipeline(churn_prepared(), GradientBoostingClassifier(n_estimators=10, random_state=0)), CHURN_MIX, BOOSTING),
    Case("pipeline-forest", make_pipeline(prepared(), RandomForestRegressor(6, max_depth=6, random_state=0)), PRICE_GAPS, TREE),
    Case("pipeline-hist", make_pipeline(prepared(sparse_threshold=0), HistGradientBoostingRegressor(max_iter=10, max_leaf_nodes=8, random_state=0)), PRICE_GAPS, TREE),
    Case("pipeline-neighbors", make_pipeline(churn_prepared(sparse_threshold=0), KNeighborsClassifier()), CHURN_MIX, NEIGHBORS),
    Case("pipeline-nested", Pipeline([("all", NESTED), ("model", TREE_9)]), PRICE_NUMBERS_GAPS, TREE),
    Case("pipeline-passthrough", Pipeline([("nothing", "passthrough"), ("scale", StandardScaler()), ("none", None), ("model", TREE_9)]), PRICE, TREE),
    Case("pipeline-alone", Pipeline([("model", TREE_9)]), HEATING, TREE),
    Case("pipeline-unnamed", make_pipeline(StandardScaler(), TREE_9), HEATING, TREE, named=False),
    Case("pipeline-of-model-pipeline", make_pipeline(SimpleImputer(), make_pipeline(StandardScaler(), TREE_9)), PRICE_NUMBERS_GAPS, TREE),
    Case("column-transformer-names", shown(churn_prepared()), CHURN_MIX, EXACT),
    Case("column-transformer-indices", shown(columns((StandardScaler(), [3, -2]), (OneHotEncoder(), [0]))), PRICE_MIXED, EXACT),
    Case("column-transformer-slices", shown(SLICES), PRICE_MIXED, EXACT),
    Case("column-transformer-mask", shown(columns((OrdinalEncoder(), FIRST_TWO), (StandardScaler(), THIRD_AND_FIFTH))), PRICE_MIXED, EXACT),
    Case("column-transformer-selector", shown(columns((OneHotEncoder(), OBJECTS), (MinMaxScaler(), NUMBERS))), PRICE_MIXED, EXACT),
    Case("column-transformer-pass-and-drop", shown(columns(("passthrough", ["quality"]), ("drop", ["bedrooms"]), (StandardScaler(), ["Living area", "Year built"]))), PRICE_MIXED, EXACT),
    Case("column-transformer-remainder-passthrough", shown(columns(TEXTS, BUILT, remainder="passthrough")), PRICE_MIXED, EXACT),
    Case("column-transformer-remainder-scaled", shown(columns(SPARSE_TEXTS, remainder=MinMaxScaler())), PRICE_MIXED, EXACT),
    Case("column-transformer-weights", shown(columns((StandardScaler(), HOUSE_NUMBERS[:3]), SPARSE_TEXTS, transformer_weights={"step 0": 0.3, "step 1": 7})), PRICE_MIXED, EXACT),
    Case("column-transformer-sparse", shown(columns(SPARSE_TEXTS, BEDROOMS, sparse_threshold=1.0)), PRICE_MIXED, EXACT),
    Case("column-transformer-dense", shown(columns(SPARSE_TEXTS, BEDROOMS, sparse_threshold=0)), PRICE_MIXED, EXACT),
    Case("column-transformer-pandas", shown(columns(TEXTS, BUILT, remainder="passthrough").set_output(transform="pandas")), PRICE_MIXED, EXACT),
    Case("column-transformer-plain-names", shown(columns((OrdinalEncoder(), HOUSE_TEXTS), (MinMaxScaler(), HOUSE_NUMBERS), verbose_feature_names_out=False).set_output(transform="pandas")), PRICE_MIXED, EXACT),
    Case("column-transformer-twice", make_pipeline(SWAPPED, TREE_9), PRICE_MIXED, TREE),
    Case("column-transformer-chain", shown(columns((OrdinalEncoder(), HOUSE_TEXTS), remainder="passthrough"), columns((OneHotEncoder(), [0]), (StandardScaler(), [2, 5]))), PRICE_MIXED, EXACT),
    Case("feature-union", shown(FeatureUnion([("scaled", StandardScaler()), ("ranged", MinMaxScaler())])), HEATING, EXACT),
    Case("feature-union-weights", shown(FeatureUnion([("a", StandardScaler()), ("b", "passthrough"), ("c", "drop")], transformer_weights={"a": 0.1, "b": 3})), HEATING, EXACT),
    Case("feature-union-linear", make_pipeline(FeatureUnion([("a", make_pipeline(SimpleImputer(), StandardScaler())), ("b", INDICATED)]), LinearRegression()), PRICE_NUMBERS_GAPS, DOT),
    Case("transformed-target-standard", TransformedTargetRegressor(TREE_9, transformer=StandardScaler()), PRICE, EXACT),
    Case("transformed-target-min-max", TransformedTargetRegressor(BOOSTED, transformer=MinMaxScaler((1, 2))), HEATING, EXACT),
    Case("transformed-target-multi-output", TransformedTargetRegressor(LinearRegression(), transformer=StandardScaler()), PRICE_AND_RENT, DOT),
    Case("transformed-target-multi-output-tree", TransformedTargetRegressor(TREE_9, transformer=StandardScaler()), LOADS, EXACT),
    Case("transformed-target-log1p", TransformedTargetRegressor(BOOSTED, func=np.log1p, inverse_func=np.expm1), HOURS, LIBM),
    Case("transformed-target-log", TransformedTargetRegressor(LinearRegression(), func=np.log, inverse_func=np.exp), PRICE, LIBM),
    Case("transformed-target-sqrt", TransformedTargetRegressor(TREE_9, func=np.sqrt, inverse_func=np.square), HOURS, EXACT),
    Case("transformed-target-pipeline", TransformedTargetRegressor(make_pipeline(prepared(), LinearRegression()), func=np.log1p, inverse_func=np.expm1), PRICE_GAPS, LIBM),
]
