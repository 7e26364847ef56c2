"""What is measured, and what is to be reached."""

from typing import NamedTuple


class Model(NamedTuple):
    name: str
    what: str
    table: str  # the kind of its tables
    trained: int  # rows of fit
    classes: int = 0  # of the target; 0 for a regressor
    rows: int = 100_000  # whose inference alone is measured
    faster: float = 0  # goal: inference alone, times scikit-learn
    exact: bool = True  # its predictions are equal to the byte, else within 1e-12
    bound: str = ""  # what keeps inference alone from being faster


MODELS = [
    Model("linear", "linear regression", "numbers", 20_000, exact=False),
    Model("boosting", "gradient boosting, 100 × depth 3", "numbers", 20_000, faster=5),
    Model("histogram", "histogram boosting, 100 × 31 leaves", "numbers", 20_000, faster=8),
    Model("forest-8", "forest of 100, depth 8", "numbers", 20_000, faster=5),
    Model("forest", "forest of 100 deep trees", "numbers", 20_000, faster=6,
          bound="the second-level cache: a tree has 25,000 nodes of 8 bytes, and each step waits for the one before, of eight rows at a time"),
    Model("forest-half", "forest of 55 deep trees", "numbers", 20_000),
    Model("lightgbm", "LightGBM, 100 × 31 leaves", "numbers", 20_000),
    Model("svc", "SVC, rbf, 50 features", "wide", 3_000, classes=2, rows=10_000, faster=2),
    Model("knn", "KNN, KD tree of 20K rows", "numbers", 20_000, classes=3, rows=2_000, faster=3),
    Model("knn-brute", "KNN, brute force over 20K rows", "numbers", 20_000, classes=3, rows=2_000),
    Model("mlp", "MLP 10 → 100 → 50 → 3", "numbers", 20_000, classes=3, faster=1,
          bound="multiplications and additions one at a time, which is what Go compiles to; a BLAS does four at once, fused"),
    Model("onehot", "one-hot + scaler + logistic regression", "mixed", 20_000, classes=2, faster=3),
    Model("tfidf", "TF-IDF + logistic regression", "text", 20_000, classes=2, rows=20_000, faster=3),
]
BY_NAME = {m.name: m for m in MODELS}


class Job(NamedTuple):
    model: str
    rows: int
    goal: float = 0  # the handler's CPU seconds, times ours; 0 if none is set


JOBS = [
    Job("linear", 1_000, 250),
    Job("boosting", 1_000, 250),
    Job("forest", 1_000, 15),
    Job("linear", 100_000, 40),
    Job("boosting", 100_000, 30),
    Job("histogram", 100_000, 15),
    Job("forest", 100_000, 10),
    Job("linear", 1_000_000, 30),
    Job("svc", 10_000),
    Job("knn", 10_000),
    Job("mlp", 100_000),
    Job("onehot", 100_000),
    Job("tfidf", 20_000),
]
LONG = [Job("linear", 1_000_000), Job("boosting", 1_000_000), Job("histogram", 1_000_000), Job("forest", 1_000_000)]

# The models for which the other engines are to be passed too.
ENGINES_AHEAD = {"boosting", "histogram", "forest-8", "forest", "lightgbm"}
LLEAVES = 1.2  # goal: times lleaves, which is for LightGBM's models
