"""Searches: the best estimator answers."""

from sklearn.ensemble import RandomForestRegressor
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.mixture import GaussianMixture
from sklearn.model_selection import GridSearchCV, HalvingGridSearchCV, HalvingRandomSearchCV, RandomizedSearchCV
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.tree import DecisionTreeClassifier

from case import DENSITY, DOT, TREE, Case
from tables import BAND, CHURN_MIX, CHURNED, HEATING, PRICE_GAPS, READINGS

from .compose import churn_prepared, prepared

SCALED_TREE = make_pipeline(StandardScaler(), DecisionTreeClassifier(random_state=0))
FEW = {"n_iter": 2, "cv": 3, "random_state": 0}

CASES = [
    Case("grid-search", GridSearchCV(make_pipeline(prepared(), Ridge()), {"ridge__alpha": [0.1, 1, 10]}, cv=3), PRICE_GAPS, DOT),
    Case("grid-search-classifier", GridSearchCV(make_pipeline(churn_prepared(), LogisticRegression()), {"logisticregression__C": [0.1, 1]}, cv=3), CHURN_MIX, DOT),
    Case("grid-search-tree", GridSearchCV(DecisionTreeClassifier(random_state=0), {"max_depth": [3, 5]}, cv=3), BAND, TREE),
    Case("grid-search-unnamed", GridSearchCV(make_pipeline(StandardScaler(), Ridge()), {"ridge__alpha": [1, 10]}, cv=3), HEATING, DOT, named=False),
    Case("grid-search-mixture", GridSearchCV(make_pipeline(StandardScaler(), GaussianMixture(random_state=0)), {"gaussianmixture__n_components": [2, 3]}, cv=3), READINGS, DENSITY),
    Case("randomized-search", RandomizedSearchCV(RandomForestRegressor(n_estimators=5, random_state=0), {"max_depth": [3, 4, 6]}, **FEW), HEATING, TREE),
    Case("halving-grid-search", HalvingGridSearchCV(DecisionTreeClassifier(random_state=0), {"max_depth": [3, 5, 7]}, cv=3, random_state=0), BAND, TREE),
    Case("halving-random-search", HalvingRandomSearchCV(make_pipeline(StandardScaler(), Ridge()), {"ridge__alpha": [0.1, 1, 10]}, cv=3, random_state=0), HEATING, DOT),
    Case("randomized-search-classifier", RandomizedSearchCV(SCALED_TREE, {"decisiontreeclassifier__max_depth": [3, 6]}, **FEW), CHURNED, TREE),
]
