"""Estimators that predict with other estimators."""

import numpy as np
from sklearn.calibration import CalibratedClassifierCV
from sklearn.ensemble import RandomForestClassifier, StackingClassifier, StackingRegressor
from sklearn.feature_selection import RFE, RFECV
from sklearn.frozen import FrozenEstimator
from sklearn.linear_model import LinearRegression, LogisticRegression, Perceptron, RANSACRegressor, Ridge, RidgeClassifier
from sklearn.multiclass import OneVsOneClassifier, OneVsRestClassifier, OutputCodeClassifier
from sklearn.multioutput import ClassifierChain, MultiOutputClassifier, MultiOutputRegressor, RegressorChain
from sklearn.naive_bayes import GaussianNB
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.semi_supervised import LabelPropagation, LabelSpreading, SelfTrainingClassifier
from sklearn.svm import SVC
from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor

from case import BAYES, DOT, EXACT, KERNEL, SHARES, SVM, TREE, Case
from tables import (
    BAND, CHURN, CHURN_MIX, CHURN_Z, CHURN_NUMBERS, CHURNED, CHURNED_Z, CLASS_AND_ZONE, EFFICIENCY, FAULT, FAULT_Z, HEATING,
    HEATING_Z, HOURS, KIND, LEAVES, LOADS, OVERS, PLAN, PRICE_GAPS, Task,
)

from .compose import churn_prepared, prepared

LEAF, LEAF_C = DecisionTreeRegressor(max_depth=4, random_state=0), DecisionTreeClassifier(max_depth=4, random_state=0)
LOGISTIC = LogisticRegression(C=0.5)
SCALED = make_pipeline(StandardScaler(), LOGISTIC)
KNOWN = {"known": CHURN["Leaves soon"].astype(int).where(np.arange(len(CHURN)) % 3 == 0, -1)}
FEW_KNOWN = Task(CHURN.assign(**KNOWN), CHURN_NUMBERS, "known")
FEW_KNOWN_Z = Task(CHURN_Z.assign(**KNOWN), CHURN_NUMBERS, "known")
SCORERS = [("tree", LEAF_C), ("bayes", GaussianNB()), ("ridge", RidgeClassifier())]
REGRESSORS = [("tree", LEAF), ("ridge", Ridge()), ("none", "drop")]


def frozen(model, task):
    return FrozenEstimator(model.fit(task.x, task.y))


def calibrated(model, **options):
    return CalibratedClassifierCV(model, cv=2, **options)


CASES = [
    Case("multi-output-regressor", MultiOutputRegressor(LEAF), LOADS, TREE),
    Case("multi-output-regressor-linear", MultiOutputRegressor(make_pipeline(StandardScaler(), Ridge())), LOADS, DOT),
    Case("multi-output-classifier", MultiOutputClassifier(LEAF_C), CLASS_AND_ZONE, TREE),
    Case("multi-output-classifier-int", MultiOutputClassifier(SCALED), OVERS, DOT),
    Case("classifier-chain", ClassifierChain(SCALED, order=[1, 0]), OVERS, DOT),
    Case("classifier-chain-tree", ClassifierChain(LEAF_C, order="random", random_state=1), OVERS, TREE),
    Case("classifier-chain-cv", ClassifierChain(GaussianNB(), cv=3), OVERS, BAYES),
    Case("regressor-chain", RegressorChain(LEAF, order=[1, 0]), LOADS, TREE),
    Case("regressor-chain-linear", RegressorChain(Ridge()), LOADS, DOT),
    Case("one-vs-rest", OneVsRestClassifier(SCALED), BAND, DOT),
    Case("one-vs-rest-tree", OneVsRestClassifier(LEAF_C), FAULT, TREE),
    Case("one-vs-rest-decision", OneVsRestClassifier(RidgeClassifier()), PLAN, DOT),
    Case("one-vs-rest-regressor", OneVsRestClassifier(Ridge()), EFFICIENCY, DOT),
    Case("one-vs-rest-binary", OneVsRestClassifier(SCALED), CHURNED, DOT),
    Case("one-vs-rest-binary-tree", OneVsRestClassifier(LEAF_C), LEAVES, TREE),
    Case("one-vs-rest-multi-label", OneVsRestClassifier(SCALED), OVERS, DOT),
    Case("one-vs-rest-multi-label-tree", OneVsRestClassifier(LEAF_C), OVERS, TREE),
    Case("one-vs-rest-mixed", OneVsRestClassifier(make_pipeline(churn_prepared(), LOGISTIC)), CHURN_MIX, DOT),
    Case("one-vs-one", OneVsOneClassifier(SCALED), BAND, DOT),
    Case("one-vs-one-tree", OneVsOneClassifier(LEAF_C), KIND, TREE),
    Case("one-vs-one-regressor", OneVsOneClassifier(Ridge()), FAULT, DOT),
    Case("one-vs-one-binary", OneVsOneClassifier(SCALED), CHURNED, DOT),
    Case("one-vs-one-binary-tree", OneVsOneClassifier(LEAF_C), LEAVES, TREE),
    Case("output-code", OutputCodeClassifier(SCALED, code_size=3, random_state=0), BAND, DOT),
    Case("output-code-tree", OutputCodeClassifier(LEAF_C, code_size=2, random_state=3), FAULT, TREE),
    Case("calibrated", calibrated(GaussianNB()), CHURNED, BAYES),
    Case("calibrated-isotonic", calibrated(GaussianNB(), method="isotonic"), CHURNED, BAYES),
    Case("calibrated-decision", calibrated(make_pipeline(StandardScaler(), Perceptron(random_state=0))), BAND, DOT),
    Case("calibrated-isotonic-multi-class", calibrated(LEAF_C, method="isotonic"), FAULT, EXACT),
    Case("calibrated-one-model", calibrated(LOGISTIC, ensemble=False), FAULT_Z, DOT),
    Case("calibrated-one-model-isotonic", calibrated(SCALED, method="isotonic", ensemble=False), LEAVES, DOT),
    Case("calibrated-mixed", calibrated(make_pipeline(churn_prepared(), LOGISTIC)), CHURN_MIX, DOT),
    Case("stacking-classifier", StackingClassifier(SCORERS, LOGISTIC, cv=2), CHURNED_Z, DOT),
    Case("stacking-classifier-multi-class", StackingClassifier(SCORERS, cv=2), BAND, DOT),
    Case("stacking-classifier-tree", StackingClassifier(SCORERS[:1], LEAF_C, cv=2), FAULT, TREE),
    Case("stacking-classifier-predict", StackingClassifier(SCORERS, RandomForestClassifier(4, max_depth=4, random_state=0), cv=2, stack_method="predict", passthrough=True), PLAN, DOT),
    Case("stacking-classifier-mixed", StackingClassifier([("a", make_pipeline(churn_prepared(), LOGISTIC))], LOGISTIC, cv=2), CHURN_MIX, DOT),
    Case("stacking-regressor", StackingRegressor(REGRESSORS, cv=2), HEATING, DOT),
    Case("stacking-regressor-tree", StackingRegressor(REGRESSORS[:1], LEAF, cv=2), HOURS, TREE),
    Case("stacking-regressor-passthrough", StackingRegressor(REGRESSORS, LinearRegression(), cv=2, passthrough=True), HEATING_Z, DOT),
    Case("stacking-regressor-mixed", StackingRegressor([("a", make_pipeline(prepared(), Ridge())), ("b", make_pipeline(prepared(), LEAF))], Ridge(), cv=2), PRICE_GAPS, DOT),
    Case("ransac", RANSACRegressor(random_state=0), HEATING, DOT),
    Case("ransac-tree", RANSACRegressor(LEAF, min_samples=0.5, random_state=0), HOURS, TREE),
    Case("rfe", RFE(SCALED[-1], n_features_to_select=3), CHURNED_Z, DOT),
    Case("rfe-cv", RFECV(LEAF, cv=2), HEATING, TREE),
    Case("rfe-first", make_pipeline(RFE(Ridge(), n_features_to_select=3), LEAF), HEATING, TREE),
    Case("self-training", SelfTrainingClassifier(GaussianNB()), FEW_KNOWN, BAYES),
    Case("self-training-svc", make_pipeline(StandardScaler(), SelfTrainingClassifier(SVC(probability=True, random_state=0), criterion="k_best")), FEW_KNOWN, SVM),
    Case("label-propagation", LabelPropagation(gamma=2), FEW_KNOWN_Z.small(80, 60), KERNEL),
    Case("label-propagation-neighbors", LabelPropagation("knn", n_neighbors=9), FEW_KNOWN.small(80, 60), SHARES),
    Case("label-spreading", make_pipeline(StandardScaler(), LabelSpreading(gamma=1)), FAULT.small(80, 60), KERNEL),
    Case("label-spreading-neighbors", LabelSpreading("knn", n_neighbors=5), KIND.small(80, 60), SHARES),
    Case("frozen", frozen(LogisticRegression(max_iter=500), CHURNED), CHURNED, DOT),
    Case("frozen-calibrated", CalibratedClassifierCV(frozen(RandomForestClassifier(6, random_state=0), BAND)), BAND, BAYES),
]
