"""Dummies, and the regression of one feature that rises or falls."""

from sklearn.dummy import DummyClassifier, DummyRegressor
from sklearn.isotonic import IsotonicRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from case import EXACT, Case
from tables import BAND, CHURNED, CLASS_AND_ZONE, ENERGY, HEATING, HOUSING, LEAVES, LOADS, PLAN, Task

ONE = Task(HOUSING, ["quality"], "price")
FALLING = Task(ENERGY.assign(load=-ENERGY["Heating load"]), ["Relative compactness"], "load")

CASES = [
    Case("dummy-classifier", DummyClassifier(), BAND, EXACT, named=False),
    Case("dummy-classifier-most-frequent", DummyClassifier(strategy="most_frequent"), LEAVES, EXACT, named=False),
    Case("dummy-classifier-constant", DummyClassifier(strategy="constant", constant="Yes"), CHURNED, EXACT, named=False),
    Case("dummy-classifier-constant-float", DummyClassifier(strategy="constant", constant=[40.0]), PLAN, EXACT, named=False),
    Case("dummy-classifier-multi-output", DummyClassifier(), CLASS_AND_ZONE, EXACT, named=False),
    Case("dummy-classifier-scaled", make_pipeline(StandardScaler(), DummyClassifier()), CHURNED, EXACT),
    Case("dummy-regressor", DummyRegressor(), HEATING, EXACT, named=False),
    Case("dummy-regressor-quantile", DummyRegressor(strategy="quantile", quantile=0.3), HEATING, EXACT, named=False),
    Case("dummy-regressor-multi-output", DummyRegressor(strategy="median"), LOADS, EXACT, named=False),
    Case("isotonic", IsotonicRegression(out_of_bounds="clip"), ONE, EXACT, named=False),
    Case("isotonic-nan", IsotonicRegression(), Task(HOUSING, ["Living area"], "price"), EXACT, named=False),
    Case("isotonic-auto", IsotonicRegression(increasing="auto", out_of_bounds="raise"), FALLING, EXACT, named=False),
    Case("isotonic-scaled", make_pipeline(StandardScaler(), IsotonicRegression(out_of_bounds="clip", y_min=30)), FALLING, EXACT),
]
