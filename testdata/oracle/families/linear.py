"""Linear models: a dot product, an intercept, and for some a link."""

import numpy as np
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis
from sklearn.linear_model import (
    ARDRegression, BayesianRidge, ElasticNet, ElasticNetCV, GammaRegressor, HuberRegressor, Lars, LarsCV, Lasso, LassoCV,
    LassoLars, LassoLarsCV, LassoLarsIC, LinearRegression, LogisticRegression, LogisticRegressionCV, MultiTaskElasticNet,
    MultiTaskElasticNetCV, MultiTaskLasso, MultiTaskLassoCV, OrthogonalMatchingPursuit, OrthogonalMatchingPursuitCV,
    PassiveAggressiveClassifier, PassiveAggressiveRegressor, Perceptron, PoissonRegressor, QuantileRegressor, Ridge,
    RidgeClassifier, RidgeClassifierCV, RidgeCV, SGDClassifier, SGDOneClassSVM, SGDRegressor, TheilSenRegressor, TweedieRegressor,
)
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import PolynomialFeatures
from sklearn.svm import LinearSVC, LinearSVR

from case import DOT, TERMS, Case
from tables import (
    ALARM, ALARM_Z, BAND, CHURNED, CHURNED_Z, EFFICIENCY, FAILURES_Z, FAULT, FAULT_Z, HEATING, HEATING_Z, HOURS, LEAVES_Z,
    LOADS, OVERS, PLAN, PLAN_Z, PRICE, PRICE_AND_RENT, SOLD_FAST,
)

def polynomial_terms(model, x):
    linear = model[-1]
    return np.abs(model[:-1].transform(x)) @ np.abs(linear.coef_) + abs(linear.intercept_)


CASES = [
    Case("linear-regression", LinearRegression(), PRICE, DOT),
    Case("linear-regression-multi-output", LinearRegression(), PRICE_AND_RENT, DOT),
    Case("linear-regression-no-intercept", LinearRegression(fit_intercept=False), HEATING, DOT),
    Case("linear-regression-positive", LinearRegression(positive=True), PRICE, DOT),
    Case("linear-regression-unnamed", LinearRegression(), PRICE, DOT, named=False),
    Case("linear-regression-cancelling", make_pipeline(PolynomialFeatures(2), LinearRegression()), HOURS, TERMS, terms=polynomial_terms),
    Case("ridge", Ridge(alpha=2.5), PRICE, DOT),
    Case("ridge-multi-output", Ridge(alpha=np.array([1.0, 3.0])), LOADS, DOT),
    Case("ridge-cv", RidgeCV(), HEATING, DOT),
    Case("ridge-classifier", RidgeClassifier(), CHURNED, DOT),
    Case("ridge-classifier-multi-class", RidgeClassifier(), BAND, DOT),
    Case("ridge-classifier-multi-label", RidgeClassifier(), OVERS, DOT),
    Case("ridge-classifier-cv", RidgeClassifierCV(), EFFICIENCY, DOT),
    Case("lasso", Lasso(alpha=0.2), PRICE, DOT),
    Case("lasso-cv", LassoCV(cv=3), HEATING, DOT),
    Case("elastic-net", ElasticNet(alpha=0.1), HEATING, DOT),
    Case("elastic-net-cv", ElasticNetCV(cv=3), HEATING, DOT),
    Case("lars", Lars(), PRICE, DOT),
    Case("lars-multi-output", Lars(), LOADS, DOT),
    Case("lars-cv", LarsCV(cv=3), HEATING, DOT),
    Case("lasso-lars", LassoLars(alpha=0.01), HEATING, DOT),
    Case("lasso-lars-cv", LassoLarsCV(cv=3), HEATING, DOT),
    Case("lasso-lars-ic", LassoLarsIC(), HEATING, DOT),
    Case("orthogonal-matching-pursuit", OrthogonalMatchingPursuit(n_nonzero_coefs=4), PRICE, DOT),
    Case("orthogonal-matching-pursuit-cv", OrthogonalMatchingPursuitCV(cv=3), HEATING, DOT),
    Case("bayesian-ridge", BayesianRidge(), PRICE, DOT),
    Case("ard-regression", ARDRegression(), HEATING, DOT),
    Case("huber-regressor", HuberRegressor(), HEATING, DOT),
    Case("theil-sen-regressor", TheilSenRegressor(max_subpopulation=400, random_state=0), HEATING, DOT),
    Case("quantile-regressor", QuantileRegressor(quantile=0.8, alpha=0.01, solver="highs"), HEATING, DOT),
    Case("sgd-classifier", SGDClassifier(random_state=0), CHURNED_Z, DOT),
    Case("sgd-classifier-multi-class", SGDClassifier(random_state=0), FAULT_Z, DOT),
    Case("sgd-classifier-log-loss", SGDClassifier(loss="log_loss", alpha=0.02, random_state=0), ALARM_Z, DOT),
    Case("sgd-classifier-log-loss-multi-class", SGDClassifier(loss="log_loss", alpha=0.02, random_state=0), FAULT_Z, DOT),
    Case("sgd-classifier-modified-huber", SGDClassifier(loss="modified_huber", alpha=0.02, random_state=0), ALARM_Z, DOT),
    Case("sgd-classifier-modified-huber-multi-class", SGDClassifier(loss="modified_huber", alpha=0.02, random_state=0), FAULT_Z, DOT),
    Case("sgd-classifier-average", SGDClassifier(average=True, random_state=0), PLAN_Z, DOT),
    Case("sgd-regressor", SGDRegressor(random_state=0), HEATING_Z, DOT),
    Case("perceptron", Perceptron(random_state=0), FAULT_Z, DOT),
    Case("passive-aggressive-classifier", PassiveAggressiveClassifier(random_state=0), LEAVES_Z, DOT),
    Case("passive-aggressive-regressor", PassiveAggressiveRegressor(random_state=0), HEATING_Z, DOT),
    Case("poisson-regressor", PoissonRegressor(), FAILURES_Z, DOT),
    Case("gamma-regressor", GammaRegressor(), HOURS, DOT),
    Case("tweedie-regressor", TweedieRegressor(power=1.5, alpha=0.1), FAILURES_Z, DOT),
    Case("tweedie-regressor-identity", TweedieRegressor(power=0, link="identity"), HEATING, DOT),
    Case("multi-task-lasso", MultiTaskLasso(alpha=0.05), LOADS, DOT),
    Case("multi-task-lasso-cv", MultiTaskLassoCV(cv=3), LOADS, DOT),
    Case("multi-task-elastic-net", MultiTaskElasticNet(alpha=0.05), LOADS, DOT),
    Case("multi-task-elastic-net-cv", MultiTaskElasticNetCV(cv=3), LOADS, DOT),
    Case("linear-svc", LinearSVC(random_state=0, dual=False), CHURNED, DOT),
    Case("linear-svc-multi-class", LinearSVC(random_state=0, dual=False), BAND, DOT),
    Case("linear-svc-crammer-singer", LinearSVC(random_state=0, multi_class="crammer_singer", max_iter=200), FAULT, DOT),
    Case("linear-svr", LinearSVR(random_state=0, dual=True), HEATING, DOT),
    Case("logistic-regression", LogisticRegression(max_iter=500), CHURNED, DOT),
    Case("logistic-regression-multinomial", LogisticRegression(max_iter=500), BAND, DOT),
    Case("logistic-regression-multinomial-binary", LogisticRegression(max_iter=500, multi_class="multinomial"), ALARM, DOT),
    Case("logistic-regression-ovr", LogisticRegression(max_iter=500, multi_class="ovr"), FAULT, DOT),
    Case("logistic-regression-liblinear", LogisticRegression(solver="liblinear", penalty="l1", random_state=0), PLAN, DOT),
    Case("logistic-regression-bool-labels", LogisticRegression(max_iter=500), SOLD_FAST, DOT),
    Case("logistic-regression-cv", LogisticRegressionCV(Cs=4, cv=3, max_iter=300), EFFICIENCY, DOT),
    Case("linear-discriminant-analysis", LinearDiscriminantAnalysis(), BAND, DOT),
    Case("linear-discriminant-analysis-binary", LinearDiscriminantAnalysis(), CHURNED, DOT),
    Case("linear-discriminant-analysis-lsqr", LinearDiscriminantAnalysis(solver="lsqr", shrinkage="auto"), FAULT_Z, DOT),
    Case("sgd-one-class-svm", SGDOneClassSVM(nu=0.2, random_state=0), FAULT_Z, DOT),
]
