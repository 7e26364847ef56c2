"""Scalers, imputers and encoders: shown as they are, or in front of a model."""

import numpy as np
from sklearn.ensemble import GradientBoostingRegressor
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LinearRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import (
    MaxAbsScaler, MinMaxScaler, OneHotEncoder, OrdinalEncoder, RobustScaler, SplineTransformer, StandardScaler,
    TargetEncoder,
)
from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor

from case import DOT, EXACT, TREE, Case
from tables import (
    CHURN, CHURN_TEXTS, ENERGY, HEATING, HOUSE_TEXTS, HOUSING, HOUSING_GAPS, PRICE,
    PRICE_NUMBERS_GAPS, SENSORS, Task, with_stranger,
)

from .identity import shown

TEXTS = Task(HOUSING, HOUSE_TEXTS, "price")
TEXT_GAPS = Task(HOUSING_GAPS, HOUSE_TEXTS, "price")
CODES = Task(SENSORS, ["machine", "shift"], "Hours left")
STEPS = Task(ENERGY, ["Overall height", "Glazing area"], "Heating load")  # few distinct numbers with decimals
FLAGS = Task(CHURN, ["Paperless"], "churned")
FLAG_AND_TEXT = Task(CHURN, ["Paperless", "Contract"], "churned")
CALLS = Task(CHURN, ["Support calls", "Senior citizen"], "churned")

NEW_TEXTS = Task(with_stranger(HOUSING, "House style", "Split Foyer"), HOUSE_TEXTS, "price")
NEW_CODES = Task(with_stranger(SENSORS, "machine", 99), ["machine", "shift"], "Hours left")
CONTRACT = Task(CHURN, ["Contract"], "churned")
CONTRACT_AND_PAYMENT = Task(CHURN, CHURN_TEXTS, "churned")
PAYMENTS = Task(with_stranger(CHURN, "Contract", "Lifetime"), ["Contract", "Support calls"], "Payment method")
MANY = Task(CHURN, ["Support calls", "Senior citizen", "Paperless", *CHURN_TEXTS], "churned")
SOME = [["Two year", "Month-to-month", "One year"], ["Mailed check", "Credit card"]]
INFREQUENT = {"handle_unknown": "infrequent_if_exist", "sparse_output": False}

FEW, FEW_GAPS = PRICE.small(20), PRICE_NUMBERS_GAPS.small(20)  # some of the rows to predict are beyond those of fit

CASES = [
    Case("standard-scaler", shown(StandardScaler()), PRICE, EXACT),
    Case("standard-scaler-no-mean", shown(StandardScaler(with_mean=False)), PRICE, EXACT),
    Case("standard-scaler-no-std", shown(StandardScaler(with_std=False)), HEATING, EXACT),
    Case("standard-scaler-linear", make_pipeline(StandardScaler(), LinearRegression()), PRICE, DOT),
    Case("standard-scaler-tree", make_pipeline(StandardScaler(), DecisionTreeRegressor(max_depth=8, random_state=0)), HEATING, TREE),
    Case("min-max-scaler", shown(MinMaxScaler()), PRICE, EXACT),
    Case("min-max-scaler-range-clip", shown(MinMaxScaler((-1, 0.7), clip=True)), HEATING, EXACT),
    Case("max-abs-scaler", shown(MaxAbsScaler()), HEATING, EXACT),
    Case("max-abs-scaler-clip", shown(MaxAbsScaler(clip=True)), FEW, EXACT),
    Case("robust-scaler", shown(RobustScaler()), PRICE, EXACT),
    Case("robust-scaler-unit-variance", shown(RobustScaler(quantile_range=(10, 90), unit_variance=True)), HEATING, EXACT),
    Case("robust-scaler-no-centering", shown(RobustScaler(with_centering=False)), HEATING, EXACT),
    Case("spline-transformer-missing", shown(SplineTransformer(n_knots=3, handle_missing="zeros")), FEW_GAPS, EXACT),
    Case("simple-imputer-mean", shown(SimpleImputer()), PRICE_NUMBERS_GAPS, EXACT),
    Case("simple-imputer-median-indicator", shown(SimpleImputer(strategy="median", add_indicator=True)), PRICE_NUMBERS_GAPS, EXACT),
    Case("simple-imputer-most-frequent", shown(SimpleImputer(strategy="most_frequent")), PRICE_NUMBERS_GAPS, EXACT),
    Case("simple-imputer-constant", shown(SimpleImputer(strategy="constant", fill_value=-1.5)), PRICE_NUMBERS_GAPS, EXACT),
    Case("simple-imputer-missing-zero", shown(SimpleImputer(missing_values=0)), CALLS, EXACT),
    Case("simple-imputer-text", shown(SimpleImputer(strategy="most_frequent"), OneHotEncoder()), TEXT_GAPS, EXACT),
    Case("simple-imputer-text-constant", shown(SimpleImputer(strategy="constant", fill_value="unknown"), OneHotEncoder()), TEXT_GAPS, EXACT),
    Case("simple-imputer-boosting", make_pipeline(SimpleImputer(), GradientBoostingRegressor(n_estimators=8, random_state=0)), PRICE_NUMBERS_GAPS, TREE),
    Case("one-hot-encoder", shown(OneHotEncoder()), TEXTS, EXACT),
    Case("one-hot-encoder-ignore", shown(OneHotEncoder(handle_unknown="ignore")), NEW_TEXTS, EXACT),
    Case("one-hot-encoder-missing", shown(OneHotEncoder(handle_unknown="ignore")), TEXT_GAPS, EXACT),
    Case("one-hot-encoder-drop-first", shown(OneHotEncoder(drop="first")), TEXTS, EXACT),
    Case("one-hot-encoder-drop-first-ignore", shown(OneHotEncoder(drop="first", handle_unknown="ignore")), NEW_TEXTS, EXACT),
    Case("one-hot-encoder-drop-if-binary", shown(OneHotEncoder(drop="if_binary")), FLAG_AND_TEXT, EXACT),
    Case("one-hot-encoder-drop-named", shown(OneHotEncoder(drop=["Old Town", "SLvl"], sparse_output=False)), TEXTS, EXACT),
    Case("one-hot-encoder-infrequent", shown(OneHotEncoder(min_frequency=30, **INFREQUENT)), NEW_TEXTS, EXACT),
    Case("one-hot-encoder-infrequent-share", shown(OneHotEncoder(min_frequency=0.15, **INFREQUENT)), TEXT_GAPS, EXACT),
    Case("one-hot-encoder-max-categories", shown(OneHotEncoder(max_categories=3, drop="first", **INFREQUENT)), TEXTS, EXACT),
    Case("one-hot-encoder-int", shown(OneHotEncoder()), CODES, EXACT),
    Case("one-hot-encoder-int-ignore", shown(OneHotEncoder(handle_unknown="ignore")), NEW_CODES, EXACT),
    Case("one-hot-encoder-float", shown(OneHotEncoder()), STEPS, EXACT),
    Case("one-hot-encoder-bool", shown(OneHotEncoder()), FLAGS, EXACT),
    Case("one-hot-encoder-categories", shown(OneHotEncoder(categories=SOME, handle_unknown="ignore")), CONTRACT_AND_PAYMENT, EXACT),
    Case("one-hot-encoder-tree", make_pipeline(OneHotEncoder(handle_unknown="ignore"), DecisionTreeRegressor(random_state=0)), NEW_TEXTS, TREE),
    Case("one-hot-encoder-mixed", make_pipeline(OneHotEncoder(handle_unknown="ignore"), DecisionTreeClassifier(max_depth=6, random_state=0)), MANY, TREE),
    Case("target-encoder-classes", shown(TargetEncoder()), PAYMENTS, EXACT),
    Case("ordinal-encoder", shown(OrdinalEncoder()), TEXTS, EXACT),
    Case("ordinal-encoder-unknown", shown(OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=-1)), NEW_TEXTS, EXACT),
    Case("ordinal-encoder-missing", shown(OrdinalEncoder(encoded_missing_value=-9)), TEXT_GAPS, EXACT),
    Case("ordinal-encoder-missing-tree", make_pipeline(OrdinalEncoder(), DecisionTreeRegressor(max_depth=6, random_state=0)), TEXT_GAPS, TREE),
    Case("ordinal-encoder-int", shown(OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=-1)), NEW_CODES, EXACT),
    Case("ordinal-encoder-order", shown(OrdinalEncoder(categories=[["Month-to-month", "One year", "Two year"]], dtype=np.int64)), CONTRACT, EXACT),
]
