"""Naive Bayes, clusters and neural networks."""

from sklearn.cluster import KMeans, MiniBatchKMeans
from sklearn.naive_bayes import CategoricalNB, GaussianNB
from sklearn.neural_network import MLPClassifier, MLPRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OrdinalEncoder, StandardScaler

from case import BAYES, DOT, Case
from tables import (
    ALARM_Z, BAND, CHURN, CHURN_TEXTS, CHURNED, EFFICIENCY, ENERGY, ENERGY_NUMBERS, FAULT, HEATING, LEAVES, LOADS, OVERS, PLAN, READINGS, Task,
)


def network(kind, activation):
    model = kind(hidden_layer_sizes=(8, 5), activation=activation, solver="lbfgs", max_iter=60, random_state=0)
    return make_pipeline(StandardScaler(), model)


CASES = [
    Case("gaussian-nb", GaussianNB(), CHURNED, BAYES),
    Case("gaussian-nb-multi-class", GaussianNB(), EFFICIENCY, BAYES),
    Case("gaussian-nb-int-labels", GaussianNB(priors=[0.2, 0.5, 0.3]), PLAN, BAYES),
    Case("categorical-nb", CategoricalNB(), Task(CHURN, ["Support calls", "Senior citizen", "Paperless"], "churned"), BAYES),
    Case("categorical-nb-encoded", make_pipeline(OrdinalEncoder(), CategoricalNB(alpha=0.3, fit_prior=False)), Task(CHURN, CHURN_TEXTS, "Plan"), BAYES),
    Case("k-means", KMeans(5, n_init=3, random_state=0), READINGS, DOT),
    Case("k-means-elkan", KMeans(4, n_init=2, algorithm="elkan", random_state=0), Task(ENERGY, ENERGY_NUMBERS, None), DOT),
    Case("mini-batch-k-means", MiniBatchKMeans(6, n_init=3, random_state=0), READINGS, DOT),
    Case("mlp-classifier", MLPClassifier(hidden_layer_sizes=(6,), max_iter=100, random_state=0), ALARM_Z, DOT),
    Case("mlp-classifier-relu", network(MLPClassifier, "relu"), CHURNED, DOT),
    Case("mlp-classifier-tanh", network(MLPClassifier, "tanh"), BAND, DOT),
    Case("mlp-classifier-logistic", network(MLPClassifier, "logistic"), FAULT, DOT),
    Case("mlp-classifier-identity", network(MLPClassifier, "identity"), LEAVES, DOT),
    Case("mlp-classifier-multi-label", network(MLPClassifier, "relu"), OVERS, DOT),
    Case("mlp-regressor", network(MLPRegressor, "relu"), HEATING, DOT),
    Case("mlp-regressor-tanh", network(MLPRegressor, "tanh"), HEATING, DOT),
    Case("mlp-regressor-logistic", network(MLPRegressor, "logistic"), HEATING, DOT),
    Case("mlp-regressor-identity", network(MLPRegressor, "identity"), HEATING, DOT),
    Case("mlp-regressor-multi-output", network(MLPRegressor, "relu"), LOADS, DOT),
]
