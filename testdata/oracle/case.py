"""A case: a model, what it is asked, and how near to scikit-learn's answer is near enough."""

from __future__ import annotations

import json
import pickle
from contextlib import suppress
from dataclasses import dataclass
from typing import Callable

import joblib
import numpy as np
import pandas as pd
from sklearn.base import BaseEstimator, clone

import adapt
import edges
from tables import Task


@dataclass(frozen=True)
class Bar:
    """How near a prediction must come: "equal", or a distance that is multiplied by the largest number of
    the answer (if above 1), or of what a case's terms are. proba is the same for probabilities, where they
    are further off."""

    prediction: str | float
    why: str
    proba: str | float | None = None


TREE = Bar("equal", "trees compare float32 features with float64 thresholds and sum in scikit-learn's order")
BOOSTING = Bar("equal", "raw scores are sums of leaves in scikit-learn's order; probabilities take exp", proba=1e-12)
BOOSTING_LINK = Bar(1e-12, "the log link takes exp, whose last bit is the mathematics library's")
DOT = Bar(1e-12, "BLAS sums in an order of its own")
TERMS = Bar(1e-14, "BLAS sums whose terms cancel: the bar is of the sum of their magnitudes; scikit-learn's own answer moves with the processor and the number of rows")
SVM = Bar(1e-10, "kernels take exp, tanh and pow over BLAS-like sums")
NEIGHBORS = Bar("equal", "the pickled tree walked and the heap's ties kept as scikit-learn does")
BRUTE = Bar(1e-12, "brute force takes its distances from BLAS sums; labels are equal")
CANCELLED = Bar(1e-10, "weights divide by a distance: by what is left of the difference of BLAS sums")
CENTROID = Bar(1e-12, "labels are equal; probabilities take differences of squares in the thousands, of BLAS sums", proba=1e-11)
BAYES = Bar(1e-12, "numpy sums pairwise; exp and log are the mathematics library's")
DENSITY = Bar(1e-12, "differences of BLAS sums of squares; exp and log are the mathematics library's")
KERNEL = Bar(1e-12, "kernels take exp, tanh and pow over BLAS sums")
PROCESS = Bar(1e-12, "kernels over BLAS sums; probabilities are the difference of numbers in the thousands", proba=1e-11)
SHARES = Bar(1e-12, "shares of neighbours at one distance are added in an order that differs between versions")
EXACT = Bar("equal", "transformers calculate cell by cell, or with means kept in the model")
LIBM = Bar(1e-12, "the last bit of exp, log and pow is the mathematics library's")


@dataclass(frozen=True)
class Case:
    name: str
    model: BaseEstimator
    task: Task
    bar: Bar
    weights: str | None = None  # the table's column of sample weights
    named: bool = True  # fitted and asked on a DataFrame, so that the model knows its features' names; else on an array
    dump: Callable = joblib.dump  # (model, path)
    terms: Callable | None = None  # (model, features) -> the magnitudes, added up, of the terms that an answer is the sum of

    def make(self, folder):
        """Fits the model and writes model.pkl, data.csv, expected.csv and case.json."""
        folder.mkdir(parents=True, exist_ok=True)
        path, data = folder / "model.pkl", folder / "data.csv"
        self.dump(self._fit(), path)
        model = joblib.load(path)
        new = self.task.new
        if self.named:
            new = pd.concat([new, edges.rows(model, new, self.task.features)])
        new.to_csv(data, index=False)
        table = pd.read_csv(data, float_precision="round_trip")
        x = self._shape(table[self.task.features])
        answer(model, x).to_csv(folder / "expected.csv", index=False, na_rep="nan")
        facts = self._facts(model)
        if self.terms:
            facts["scale"] = float(f"{np.max(self.terms(model, x)):.3g}")
        (folder / "case.json").write_text(json.dumps(facts, indent=2) + "\n")

    def _fit(self):
        x, y = self._shape(self.task.x), self.task.y
        fit = {}
        if self.weights:
            fit["sample_weight"] = self.task.table[self.weights].to_numpy()[: len(x)]
        return clone(self.model).fit(x, y, **fit)

    def _shape(self, x):
        return x if self.named else x.to_numpy()

    def _facts(self, model):
        facts = {
            "class": public_name(type(model)),
            "features": None if self.named and adapt.VERSION >= (1, 0) else self.task.features,
            "bar": self.bar.prediction,
            "why": self.bar.why,
        }
        if self.bar.proba is not None:
            facts["proba_bar"] = self.bar.proba
        return facts


def plainly(protocol):
    """A dump by pickle itself."""

    def dump(model, path):
        with open(path, "wb") as file:
            pickle.dump(model, file, protocol=protocol)

    return dump


def public_name(cls):
    """sklearn.svm.SVC for sklearn.svm._classes.SVC."""
    return ".".join(cls.__module__.split(".")[:2] + [cls.__name__])


def answer(model, x):
    """The prediction and, of a model with one output, its probabilities, decision values and scores."""
    columns = _columns("prediction", model.predict(x))
    if len(columns) > 1:
        return pd.DataFrame(columns)
    for method, name in ("predict_proba", "proba"), ("decision_function", "decision"), ("score_samples", "score"):
        if hasattr(model, method):
            with suppress(ValueError):  # a one-vs-one Gaussian process has the method and refuses
                columns |= _columns(name, getattr(model, method)(x), numbered=True)
    return pd.DataFrame(columns)


def _columns(name, values, numbered=False):
    values = np.asarray(values)
    if values.ndim == 1:
        values = values[:, None]
    if values.shape[1] == 1 and not numbered:
        return {name: values[:, 0]}
    return {f"{name}_{i}": values[:, i] for i in range(values.shape[1])}
