"""Transformers and what they make of a small table, each a line of transformers.jsonl.

    python transformers.py

A line has the pickled estimator (base64), the table's cells as a CSV holds them (null for an empty one), and either
the transformed rows (null for NaN) or the text of scikit-learn's error. Where this version of scikit-learn has no such
transformer it has only absent, the reason. bar is "equal" unless the arithmetic takes
exp, log, pow or a BLAS sum.
"""

import base64
import io
import json
import pickle
import warnings
import zlib
from pathlib import Path

import numpy as np
import pandas as pd
from scipy import sparse
from sklearn.base import clone
from sklearn.compose import ColumnTransformer, make_column_selector
from sklearn.cross_decomposition import CCA, PLSSVD, PLSCanonical, PLSRegression
from sklearn.feature_selection import (
    RFE, GenericUnivariateSelect, SelectFdr, SelectFpr, SelectFwe, SelectKBest, SelectPercentile,
    SequentialFeatureSelector, VarianceThreshold, f_regression,
)
from sklearn.impute import MissingIndicator, SimpleImputer
from sklearn.linear_model import LinearRegression
from sklearn.pipeline import FeatureUnion, make_pipeline
from sklearn.preprocessing import (
    Binarizer, FunctionTransformer, KBinsDiscretizer, MaxAbsScaler, MinMaxScaler, Normalizer, OneHotEncoder,
    OrdinalEncoder, PolynomialFeatures, PowerTransformer, QuantileTransformer, RobustScaler, SplineTransformer,
    StandardScaler, TargetEncoder,
)

import adapt

OUT = Path(__file__).resolve().parent.parent / "transformers.jsonl"
ROWS = 60
LIBM = 1e-12

random = np.random.RandomState(0)


def numbers(columns=4, missing=0.0):
    values = random.lognormal(0, 1.5, (ROWS, columns)) * random.choice([-1, 1], (ROWS, columns))
    values[random.rand(ROWS, columns) < missing] = np.nan
    return pd.DataFrame(values, columns=[f"x{i}" for i in range(columns)])


def without(table, share, *columns):
    """The table with some cells of these columns missing."""
    table = table.copy()
    for c in columns:
        if pd.api.types.is_numeric_dtype(table[c]):
            table[c] = table[c].astype(float)
        table.loc[random.rand(len(table)) < share, c] = np.nan
    return table


def some(table, scale=1.0, rows=12):
    chosen = table.sample(rows, random_state=1).reset_index(drop=True)
    return chosen * scale if scale != 1 else chosen


PLAIN, HOLES = numbers(), numbers(missing=0.15)
WHOLE = pd.DataFrame({"a": random.randint(0, 50, ROWS), "b": random.randint(-5, 5, ROWS), "c": random.rand(ROWS)})
POSITIVE = numbers(3).abs() + 0.01
WORDS = pd.DataFrame({
    "city": random.choice(["Paris", "London", "Zürich", "a b", '"q"'], ROWS, p=[0.4, 0.3, 0.2, 0.05, 0.05]),
    "size": random.choice(["S", "M", "L"], ROWS),
    "code": random.choice([1, 2, 3, 7], ROWS),
    "flag": random.choice([True, False], ROWS),
})
WORD_HOLES = without(WORDS, 0.1, "city", "code")
BOTH = pd.concat([HOLES, WORD_HOLES], axis=1)
TARGET = PLAIN["x0"] * 2 + random.randn(ROWS)


def strange(table):
    """Some rows, two with a category that is not in the table."""
    table = some(table)
    table.loc[3, "city"], table.loc[5, "code"] = "Rome", 9
    return table


class Cases:
    def __init__(self):
        self.lines = []

    def add(self, name, estimator, train, table, y=None, bar="equal"):
        model = fitted(name, estimator, train, y)
        line = {"name": name, "absent": model.reason} if isinstance(model, adapt.Absent) else asked(name, model, table, bar)
        self.lines.append(json.dumps(line, ensure_ascii=False))

    def each(self, prefix, estimators, train, table, y=None, bar="equal"):
        for name, estimator in estimators.items():
            self.add(f"{prefix} {name}", estimator, train, table, y, bar)


def fitted(name, estimator, x, y):
    """The estimator fitted, or an Absent that says why this version cannot."""
    try:
        return clone(estimator).fit(x, y)
    except Exception as error:
        reason = adapt.reason(name, error)
        if reason is None:
            raise
        return adapt.Absent(reason)


def asked(name, model, table, bar):
    text = table.to_csv(index=False)
    cells = pd.read_csv(io.StringIO(text), dtype=str)
    line = {
        "name": name,
        "model": base64.b64encode(zlib.compress(pickle.dumps(model, 4), 9)).decode(),
        "names": list(cells.columns),
        "cells": [[None if pd.isna(v) else v for v in cells[c]] for c in cells.columns],
        "bar": bar,
    }
    try:
        answer = model.transform(pd.read_csv(io.StringIO(text), float_precision="round_trip"))
    except ValueError as error:
        reason = adapt.reason(name, error)
        if reason is not None:
            return {"name": name, "absent": reason}
        line["error"] = str(error)
    else:
        line["answer"] = [[plain(v) for v in row] for row in dense(answer).tolist()]
    return line


def dense(answer):
    return answer.toarray() if sparse.issparse(answer) else np.asarray(answer)


def plain(value):
    if isinstance(value, str):
        return value
    return None if np.isnan(value) else float(value)


def scalers(cases):
    estimators = {
        "StandardScaler": StandardScaler(),
        "StandardScaler with_mean=False": StandardScaler(with_mean=False),
        "StandardScaler with_std=False": StandardScaler(with_std=False),
        "StandardScaler of nothing": StandardScaler(with_mean=False, with_std=False),
        "MinMaxScaler": MinMaxScaler(),
        "MinMaxScaler clip": MinMaxScaler((-1, 2), clip=True),
        "MaxAbsScaler": MaxAbsScaler(),
        "RobustScaler": RobustScaler(),
        "RobustScaler unit_variance": RobustScaler(with_centering=False, unit_variance=True),
        "RobustScaler with_scaling=False": RobustScaler(with_scaling=False),
    }
    cases.each("holes", estimators, HOLES, some(numbers(missing=0.1) * 3))
    cases.each("whole", estimators, WHOLE, some(WHOLE))


def mathematics(cases):
    cases.each("plain", {
        "Normalizer l1": Normalizer("l1"),
        "Normalizer max": Normalizer("max"),
        "Binarizer": Binarizer(threshold=0.3),
        "PolynomialFeatures": PolynomialFeatures(2),
        "PolynomialFeatures 3": PolynomialFeatures(3, include_bias=False),
        "PolynomialFeatures interaction_only": PolynomialFeatures(3, interaction_only=True),
        "PolynomialFeatures 2 to 4": PolynomialFeatures((2, 4)),
        "PolynomialFeatures 0": PolynomialFeatures(0),
        "KBinsDiscretizer": KBinsDiscretizer(5),
        "KBinsDiscretizer ordinal": KBinsDiscretizer(4, encode="ordinal", strategy="uniform"),
        "KBinsDiscretizer onehot-dense": KBinsDiscretizer(3, encode="onehot-dense"),
    }, PLAIN, some(PLAIN))
    cases.each("plain", {"Normalizer l2": Normalizer()}, PLAIN, some(PLAIN), bar=LIBM)
    cases.each("missing", {"Normalizer": Normalizer()}, PLAIN, some(HOLES))
    power = {"yeo-johnson": PowerTransformer(), "yeo-johnson alone": PowerTransformer(standardize=False)}
    cases.each("PowerTransformer", power, PLAIN, some(HOLES), bar=LIBM)
    power = {"box-cox": PowerTransformer("box-cox"), "box-cox alone": PowerTransformer("box-cox", standardize=False)}
    cases.each("PowerTransformer", power, POSITIVE, some(POSITIVE), bar=LIBM)
    cases.each("PowerTransformer of negative", power, POSITIVE, some(PLAIN[["x0", "x1", "x2"]]))
    quantile = QuantileTransformer(n_quantiles=20)
    cases.each("QuantileTransformer", {"uniform": quantile}, HOLES, some(HOLES, 1.1))
    quantile = QuantileTransformer(n_quantiles=20, output_distribution="normal")
    cases.each("QuantileTransformer", {"normal": quantile}, HOLES, some(HOLES, 1.1), bar=LIBM)
    cases.each("QuantileTransformer of whole", {"normal": quantile}, WHOLE, some(WHOLE), bar=LIBM)
    for extrapolation in "constant", "linear", "continue", "periodic", "error":
        spline = SplineTransformer(n_knots=6, degree=3, extrapolation=extrapolation, include_bias=False)
        cases.each("SplineTransformer", {extrapolation: spline}, PLAIN, some(PLAIN, 1.2))
    spline = SplineTransformer(degree=2, extrapolation="linear", knots="quantile")
    cases.each("SplineTransformer", {"quantile": spline}, PLAIN, some(PLAIN, 1.2))
    cases.each("FunctionTransformer", {
        f.__name__: FunctionTransformer(f) for f in (np.sqrt, np.square, np.abs, np.negative, np.sign, np.rint, np.floor)
    } | {"None": FunctionTransformer()}, POSITIVE, some(POSITIVE))
    cases.each("FunctionTransformer", {
        f.__name__: FunctionTransformer(f, validate=True) for f in (np.log1p, np.expm1, np.log, np.exp, np.log2, np.log10)
    }, POSITIVE, some(POSITIVE), bar=LIBM)


def selectors(cases):
    cases.each("select", {
        "VarianceThreshold": VarianceThreshold(10.0),
        "SelectKBest": SelectKBest(f_regression, k=2),
        "SelectKBest all": SelectKBest(f_regression, k="all"),
        "SelectPercentile": SelectPercentile(f_regression, percentile=40),
        "SelectFpr": SelectFpr(f_regression),
        "SelectFdr": SelectFdr(f_regression),
        "SelectFwe": SelectFwe(f_regression),
        "GenericUnivariateSelect": GenericUnivariateSelect(f_regression, mode="k_best", param=3),
        "RFE": RFE(LinearRegression(), n_features_to_select=2),
        "SequentialFeatureSelector": SequentialFeatureSelector(LinearRegression(), n_features_to_select=2),
    }, PLAIN, some(PLAIN), TARGET)
    cases.each("missing", {"VarianceThreshold": VarianceThreshold(10.0)}, HOLES, some(HOLES))


def encoders(cases):
    infrequent = {"min_frequency": 10, "handle_unknown": "infrequent_if_exist"}
    encoded = {"handle_unknown": "use_encoded_value"}
    estimators = {
        "OneHotEncoder": OneHotEncoder(),
        "OneHotEncoder ignore": OneHotEncoder(handle_unknown="ignore", sparse_output=False),
        "OneHotEncoder first": OneHotEncoder(drop="first"),
        "OneHotEncoder if_binary": OneHotEncoder(drop="if_binary", handle_unknown="ignore"),
        "OneHotEncoder drop list": OneHotEncoder(drop=["Paris", "M", 2, True], handle_unknown="ignore"),
        "OneHotEncoder min_frequency": OneHotEncoder(**infrequent),
        "OneHotEncoder min_frequency first": OneHotEncoder(drop="first", **infrequent),
        "OneHotEncoder min_frequency ignore": OneHotEncoder(drop="if_binary", min_frequency=10, handle_unknown="ignore"),
        "OneHotEncoder max_categories": OneHotEncoder(max_categories=2, handle_unknown="infrequent_if_exist"),
        "OneHotEncoder one category": OneHotEncoder(max_categories=1, handle_unknown="infrequent_if_exist"),
        "OneHotEncoder int": OneHotEncoder(dtype=int, handle_unknown="ignore"),
        "OrdinalEncoder": OrdinalEncoder(),
        "OrdinalEncoder unknown_value": OrdinalEncoder(unknown_value=-1, **encoded),
        "OrdinalEncoder unknown nan": OrdinalEncoder(unknown_value=np.nan, **encoded),
        "OrdinalEncoder missing": OrdinalEncoder(unknown_value=-2, encoded_missing_value=-1, **encoded),
        "OrdinalEncoder min_frequency": OrdinalEncoder(unknown_value=-2, min_frequency=10, **encoded),
        "OrdinalEncoder max_categories": OrdinalEncoder(
            unknown_value=100, max_categories=3, encoded_missing_value=50, **encoded
        ),
        "OrdinalEncoder int32": OrdinalEncoder(dtype=np.int32, unknown_value=-1, encoded_missing_value=-5, **encoded),
    }
    cases.each("known", estimators, WORDS, some(WORDS))
    cases.each("unknown", estimators, WORDS, strange(WORDS))
    cases.each("missing at fit", estimators, WORD_HOLES, strange(WORD_HOLES))
    cases.each("missing", estimators, WORDS, some(WORD_HOLES))
    ignore = OneHotEncoder(handle_unknown="ignore")
    two = WORDS[["city", "size"]]
    cases.add("categories of numpy text", ignore, two.to_numpy().astype("U"), some(two))
    given = OneHotEncoder(categories=[["London", "Paris", "Rome"], ["M", "S"]], handle_unknown="ignore")
    cases.add("categories given", given, two, some(two))
    none = WORD_HOLES[["city"]].where(WORD_HOLES[["city"]].notna(), None)
    cases.add("category None", ignore, none, some(WORD_HOLES[["city"]]))
    digits = pd.DataFrame({"z": ["1", "2", "10", "x"]})
    encoder = OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=-1)
    cases.add("numbers as text", encoder, digits, pd.DataFrame({"z": ["1", "10", "q", "2", "x"]}))
    cases.add("TargetEncoder", TargetEncoder(), WORDS, strange(WORDS), TARGET)
    cases.add("TargetEncoder binary", TargetEncoder(), WORD_HOLES, strange(WORD_HOLES), TARGET > 0)


def imputers(cases):
    estimators = {
        "mean": SimpleImputer(),
        "median": SimpleImputer(strategy="median"),
        "most_frequent": SimpleImputer(strategy="most_frequent"),
        "constant": SimpleImputer(strategy="constant", fill_value=-7),
        "add_indicator": SimpleImputer(add_indicator=True),
        "keep_empty_features": SimpleImputer(keep_empty_features=True),
    }
    cases.each("SimpleImputer", estimators, HOLES, some(HOLES))
    empty = HOLES.assign(x1=np.nan)
    cases.each("SimpleImputer of an empty column,", estimators, empty, some(empty))
    minus = SimpleImputer(missing_values=-5, strategy="median")
    cases.each("SimpleImputer", {"missing_values": minus}, WHOLE, some(WHOLE))
    cases.each("SimpleImputer missing_values", {"NaN": minus}, WHOLE, some(without(WHOLE, 0.2, "c")))
    text = without(WORD_HOLES[["city", "size"]], 0.1, "size")
    cases.each("SimpleImputer of text", {
        "most_frequent": SimpleImputer(strategy="most_frequent"),
        "add_indicator": SimpleImputer(strategy="most_frequent", add_indicator=True),
    }, text, some(text))
    mixed = WORD_HOLES[["city", "code"]]
    cases.each("SimpleImputer of both", {"most_frequent": SimpleImputer(strategy="most_frequent")}, mixed, some(mixed))
    marked = SimpleImputer(strategy="most_frequent", missing_values="S")
    cases.each("SimpleImputer of text", {"missing_values": marked}, WORDS[["size"]], some(WORDS[["size"]]))
    cases.each("MissingIndicator", {
        "missing-only": MissingIndicator(), "all": MissingIndicator(features="all"),
    }, HOLES, some(HOLES))
    full = HOLES.assign(x2=1.5)
    cases.each("MissingIndicator of a full column,", {
        "error_on_new": MissingIndicator(), "no error": MissingIndicator(error_on_new=False),
    }, full, some(HOLES))


def word_steps(**options):
    encoder = OneHotEncoder(handle_unknown="ignore", **options)
    return make_pipeline(SimpleImputer(strategy="constant", fill_value="missing"), encoder)


def number_steps():
    return make_pipeline(SimpleImputer(strategy="median"), StandardScaler())


def columns(**options):
    parts = [("n", number_steps(), ["x0", "x1"]), ("c", word_steps(), ["city", "size"])]
    return ColumnTransformer(parts, **options)


def compositions(cases):
    words = ("c", word_steps(), ["city", "size"])
    mask = np.array([True] + [False] * 7)
    floats, texts = make_column_selector(dtype_include=float), make_column_selector(dtype_include=object)
    scaled = ("s", SimpleImputer(), ["x0", "x1"])
    union = FeatureUnion([
        ("a", columns()), ("b", ColumnTransformer([("q", SimpleImputer(add_indicator=True), ["code", "x3"])])),
    ])
    cases.each("columns", {
        "by name": columns(),
        "passthrough and drop": ColumnTransformer([
            ("n", number_steps(), ["x3", "x0"]), words, ("p", "passthrough", ["flag", "x1"]), ("d", "drop", ["x2"]),
        ], remainder="passthrough"),
        "remainder": ColumnTransformer([words], remainder=SimpleImputer()),
        "transformer_weights": columns(transformer_weights={"n": 0.3, "c": 2}),
        "slices, positions, mask": ColumnTransformer([
            ("n", number_steps(), slice("x0", "x2")), ("m", StandardScaler(), slice(1, 4)),
            ("o", MinMaxScaler(), [-2, -1]), ("k", MinMaxScaler(), mask),
        ]),
        "selectors": ColumnTransformer([("n", number_steps(), floats), ("c", word_steps(), texts), ("e", Binarizer(), [])]),
        "index": ColumnTransformer([("n", number_steps(), BOTH.columns[:3]), ("c", word_steps(), BOTH.columns[4:6])]),
        "pandas": ColumnTransformer(
            [scaled, ("c", word_steps(sparse_output=False), ["city", "size"])], remainder="passthrough"
        ).set_output(transform="pandas"),
        "float32 beside float64": ColumnTransformer([scaled, ("c", word_steps(dtype=np.float32), ["city"])]),
        "union": union,
        "sparse, StandardScaler": make_pipeline(
            ColumnTransformer([scaled, words], sparse_threshold=1.0), StandardScaler(with_mean=False)
        ),
        "sparse, MaxAbsScaler, polynomial": make_pipeline(
            ColumnTransformer([scaled, words], sparse_threshold=1.0), MaxAbsScaler(), PolynomialFeatures(3)
        ),
        "sparse union, RobustScaler": make_pipeline(union, RobustScaler(with_centering=False)),
    }, BOTH, some(BOTH))
    other = some(BOTH).assign(extra=1)[["city", "extra", "x1", "size", "x0"]]
    cases.add("columns in another order", columns(), BOTH, other)
    parts = [("n", number_steps(), [0, 1]), ("r", RobustScaler(), slice(2, 4))]
    cases.add("columns by position", ColumnTransformer(parts), HOLES.to_numpy(), some(HOLES))
    full = BOTH.assign(city=BOTH["city"].fillna("q"))
    cases.each("columns", {"passed on": make_pipeline(
        ColumnTransformer([("p", "passthrough", ["city", "size", "x0"])]),
        ColumnTransformer([("c", OneHotEncoder(), [0, 1]), ("x", SimpleImputer(), [2])]),
    )}, full, some(full))
    cases.each("FeatureUnion", {"weights": FeatureUnion(
        [("a", StandardScaler()), ("b", "passthrough"), ("c", "drop"), ("d", PolynomialFeatures(2))],
        transformer_weights={"a": 0.1, "b": 3},
    )}, PLAIN, some(PLAIN))
    cases.each("constant", {"of text and numbers": word_steps()}, WORDS[["city", "code"]], some(WORDS[["city", "code"]]))


def projections(cases):
    """Those whose fit_transform gives two tables, so that no pipeline takes them."""
    two = PLAIN[["x0", "x1"]] + random.randn(ROWS, 2)
    cases.each("projection", {
        "PLSSVD": PLSSVD(2),
        "PLSSVD unscaled": PLSSVD(1, scale=False),
        "PLSRegression": PLSRegression(2),
        "CCA": CCA(1),
        "PLSCanonical": PLSCanonical(2),
    }, PLAIN, some(PLAIN), two, bar=LIBM)


def main(out=OUT):
    warnings.simplefilter("ignore")
    cases = Cases()
    for family in scalers, mathematics, selectors, encoders, imputers, compositions, projections:
        family(cases)
    out.write_text("\n".join(cases.lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
