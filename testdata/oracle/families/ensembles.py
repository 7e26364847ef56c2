"""Ensembles of estimators of any kind, and isolation forests."""

from sklearn.dummy import DummyClassifier, DummyRegressor
from sklearn.ensemble import (
    AdaBoostClassifier, AdaBoostRegressor, BaggingClassifier, BaggingRegressor, GradientBoostingClassifier,
    IsolationForest, RandomForestClassifier, VotingClassifier, VotingRegressor,
)
from sklearn.linear_model import RidgeClassifier
from sklearn.naive_bayes import GaussianNB
from sklearn.neighbors import KNeighborsRegressor
from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor, ExtraTreeClassifier, ExtraTreeRegressor

from case import BOOSTING, DOT, LIBM, TREE, Case
from tables import BAND, CHURN_SIGN, CHURNED, FAULT, HEATING, HOURS, LEAVES, LOADS, PLAN, PRICE, READINGS


def tree(kind, depth):
    return kind(max_depth=depth, random_state=0)


VOTERS = [("tree", tree(DecisionTreeClassifier, 4)), ("bayes", GaussianNB()), ("extra", tree(ExtraTreeClassifier, 5))]
ESTIMATES = [("tree", tree(DecisionTreeRegressor, 5)), ("extra", tree(ExtraTreeRegressor, 5)), ("near", KNeighborsRegressor())]

CASES = [
    Case("isolation-forest", IsolationForest(n_estimators=12, random_state=0), READINGS, LIBM),
    Case("isolation-forest-contamination", IsolationForest(n_estimators=12, contamination=0.1, max_samples=101, random_state=0), READINGS, LIBM),
    Case("isolation-forest-max-features", IsolationForest(n_estimators=9, max_features=0.5, random_state=0), READINGS, LIBM),
    Case("ada-boost-classifier", AdaBoostClassifier(n_estimators=12, random_state=0), CHURNED, LIBM),
    Case("ada-boost-classifier-multi-class", AdaBoostClassifier(tree(DecisionTreeClassifier, 2), n_estimators=9, random_state=0), PLAN, LIBM),
    Case("ada-boost-classifier-samme", AdaBoostClassifier(n_estimators=9, algorithm="SAMME", random_state=0), CHURN_SIGN, LIBM),
    Case("ada-boost-classifier-samme-multi-class", AdaBoostClassifier(tree(DecisionTreeClassifier, 3), n_estimators=9, algorithm="SAMME", random_state=0), BAND, LIBM),
    Case("ada-boost-regressor", AdaBoostRegressor(n_estimators=20, random_state=0), PRICE, TREE),
    Case("ada-boost-regressor-square", AdaBoostRegressor(tree(ExtraTreeRegressor, 4), n_estimators=9, loss="square", random_state=0), HEATING, TREE),
    Case("ada-boost-regressor-dummy", AdaBoostRegressor(DummyRegressor(), n_estimators=3, random_state=0), PRICE, TREE),
    Case("bagging-classifier", BaggingClassifier(n_estimators=5, max_samples=0.5, random_state=0), FAULT, TREE),
    Case("bagging-classifier-features", BaggingClassifier(tree(DecisionTreeClassifier, 5), n_estimators=6, max_features=0.5, random_state=0), BAND, TREE),
    Case("bagging-classifier-boosting", BaggingClassifier(GradientBoostingClassifier(n_estimators=3, random_state=0), n_estimators=3, random_state=0), LEAVES, BOOSTING),
    Case("bagging-classifier-votes", BaggingClassifier(RidgeClassifier(), n_estimators=5, random_state=0), PLAN, DOT),
    Case("bagging-classifier-dummy", BaggingClassifier(DummyClassifier(), n_estimators=3, max_features=0.5, random_state=0), FAULT, TREE),
    Case("bagging-regressor", BaggingRegressor(tree(DecisionTreeRegressor, 6), n_estimators=5, random_state=0), PRICE, TREE),
    Case("bagging-regressor-features", BaggingRegressor(tree(ExtraTreeRegressor, 6), n_estimators=5, max_features=4, bootstrap_features=True, random_state=0), HOURS, TREE),
    Case("bagging-regressor-multi-output", BaggingRegressor(tree(DecisionTreeRegressor, 5), n_estimators=4, random_state=0), LOADS, TREE),
    Case("voting-classifier-hard", VotingClassifier(VOTERS), PLAN, LIBM),
    Case("voting-classifier-hard-weights", VotingClassifier(VOTERS, weights=[2, 1, 1]), CHURNED, LIBM),
    Case("voting-classifier-soft", VotingClassifier(VOTERS, voting="soft"), BAND, LIBM),
    Case("voting-classifier-soft-weights", VotingClassifier([*VOTERS, ("gone", "drop")], voting="soft", weights=[0.3, 1, 2.5, 4]), LEAVES, LIBM),
    Case("voting-classifier-dummy", VotingClassifier([*VOTERS, ("dummy", DummyClassifier())], voting="soft"), BAND, LIBM),
    Case("voting-regressor", VotingRegressor(ESTIMATES), PRICE, TREE),
    Case("voting-regressor-weights", VotingRegressor([("gone", "drop"), *ESTIMATES], weights=[9, 1, 0.7, 2]), HEATING, TREE),
    Case("voting-regressor-dummy", VotingRegressor([("dummy", DummyRegressor()), *ESTIMATES]), PRICE, TREE, named=False),
    Case("gradient-boosting-classifier-forest-init", GradientBoostingClassifier(n_estimators=5, max_depth=2, init=RandomForestClassifier(n_estimators=4, max_depth=3, random_state=0), random_state=0), PLAN, LIBM),
]
