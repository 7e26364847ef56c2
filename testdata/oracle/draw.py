"""Draws estimators, their parameters and tables at random, by what scikit-learn says of itself: all_estimators() and the
constraints of their parameters, which it has from 1.2 on."""

import inspect
import numbers

import numpy as np
import pandas as pd
from sklearn.compose import make_column_transformer
from sklearn.pipeline import make_pipeline, make_union
from sklearn.preprocessing import OneHotEncoder, OrdinalEncoder
from sklearn.utils import all_estimators
from sklearn.utils._param_validation import Interval, Options

# Not drawn: what takes other tables or targets than these, and what searches for parameters, whose grid would be one more draw.
NOT_PREDICTORS = {
    "CategoricalNB", "ClassifierChain", "GridSearchCV", "HalvingGridSearchCV", "HalvingRandomSearchCV", "IsotonicRegression",
    "Pipeline", "RandomizedSearchCV", "RegressorChain",
}
NOT_TRANSFORMERS = {
    "ColumnTransformer", "CountVectorizer", "DictVectorizer", "FeatureHasher", "FeatureUnion", "HashingVectorizer", "LabelBinarizer",
    "LabelEncoder", "MultiLabelBinarizer", "PatchExtractor", "SparseCoder", "TfidfTransformer", "TfidfVectorizer",
}
# Parameters that change no number.
NOT_DRAWN = {"copy", "copy_X", "memory", "n_jobs", "self", "verbose", "verbose_feature_names_out", "warm_start"}
INNER = {"base_estimator", "estimator", "final_estimator", "regressor"}

PREDICTORS = [c for n, c in all_estimators() if hasattr(c, "predict") and n not in NOT_PREDICTORS]
TRANSFORMERS = [c for n, c in all_estimators() if hasattr(c, "transform") and not hasattr(c, "predict") and n not in NOT_TRANSFORMERS]


def parameters(cls):
    return inspect.signature(cls.__init__).parameters


def kind(cls):
    """ "classifier", "regressor", or another word, or None."""
    found = getattr(cls, "_estimator_type", None)  # up to 1.5
    if found is None:
        bases = {b.__name__ for b in cls.__mro__}
        found = "classifier" if "ClassifierMixin" in bases else "regressor" if "RegressorMixin" in bases else None
    return found


class Draw:
    """One draw, the same for the same seed."""

    def __init__(self, seed):
        self.numpy = np.random.RandomState(seed)

    def chance(self, p):
        return self.numpy.random_sample() < p

    def one(self, of):
        return of[self.numpy.randint(len(of))]

    def model(self, table):
        """An unfitted predictor for a table, at times in a pipeline, and what kind it is."""
        cls = self.one(PREDICTORS)
        last = self.estimator(cls)
        steps = []
        if table.text:
            encoder = self.one([OneHotEncoder(handle_unknown="ignore"), OneHotEncoder(sparse_output=False, handle_unknown="ignore"),
                                OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=-1)])
            rest = self.one(["passthrough", "drop", self.estimator(self.one(TRANSFORMERS))])
            steps.append(make_column_transformer((encoder, table.text), remainder=rest))
        if self.chance(0.35):
            some = [self.estimator(self.one(TRANSFORMERS)) for _ in range(self.one([1, 1, 2]))]
            steps += [make_union(*some)] if self.chance(0.2) else some
        return make_pipeline(*steps, last) if steps else last, kind(cls)

    def estimator(self, cls):
        constraints = getattr(cls, "_parameter_constraints", {})
        drawn = {}
        for name, p in parameters(cls).items():
            required = p.default is inspect.Parameter.empty
            if name in INNER and (required or self.chance(0.5)):
                drawn[name] = self.inner(cls)
            elif name == "estimators":
                drawn[name] = [("a", self.inner(cls)), ("b", self.inner(cls))]
            elif name == "n_estimators":
                drawn[name] = self.one([1, 3, 10])
            elif name == "max_iter":  # some fits would not end
                drawn[name] = 100
            elif name == "random_state":
                drawn[name] = int(self.numpy.randint(1000))
            elif name in constraints and name not in NOT_DRAWN | INNER and not required and self.chance(0.4):
                drawn[name] = self.value(constraints[name], p.default)
        return cls(**drawn)

    def inner(self, cls):
        simple = [c for c in PREDICTORS if kind(c) == (kind(cls) or "regressor") and not INNER & set(parameters(c)) and "estimators" not in parameters(c)]
        return self.estimator(self.one(simple))

    def value(self, constraints, default):
        """A value that the constraints of a parameter allow, of those that can be told."""
        c = self.one(constraints) if isinstance(constraints, list) else constraints
        if c is None:
            return None
        if c == "boolean":
            return self.chance(0.5)
        if isinstance(c, Options):
            return self.one(sorted(c.options - getattr(c, "deprecated", set()), key=str))
        if not isinstance(c, Interval):
            return default
        low = c.left if c.left is not None and np.isfinite(c.left) else 0
        high = c.right if c.right is not None and np.isfinite(c.right) else None
        if c.type is numbers.Integral:
            v = max(self.one([low, low + 1, low + 2, 3, 5, 8]), low)
            return int(v if high is None else min(v, high))
        if high is None:
            return float(low + self.one([1e-3, 0.1, 0.5, 1.0, 2.0]))
        return float(low + (high - low) * self.one([0.05, 0.3, 0.5, 0.9]))


class Table:
    """A table to fit on, and one to ask about: rows of the first, some near them, some far away."""

    def __init__(self, draw):
        rng, features = draw.numpy, draw.one([1, 2, 3, 5, 9])
        rows = draw.one([20, 60, 150])
        style = draw.one(["normal", "ties", "scale", "positive", "small", "single"])
        x = rng.normal(size=(rows, features))
        if style == "ties":
            x = np.round(x)
        elif style == "scale":
            x *= 10.0 ** rng.randint(-6, 7, size=features)
        elif style == "positive":
            x = np.abs(x)
        elif style == "small":
            x = np.round(np.abs(x) * 3)
        elif style == "single":
            x = x.astype(np.float32)
        if draw.chance(0.1):
            x[:, 0] = 1
        near = x[rng.permutation(rows)[:10]]
        if style not in ("ties", "small"):
            near = near + rng.normal(size=near.shape) * 0.3
        far = rng.normal(size=(5, features)) * draw.one([1, 100, 1e6])
        ask = np.vstack([x[:10], near, far]).astype(x.dtype).astype(np.float64)
        if style in ("positive", "small"):
            ask = np.abs(ask)
        if draw.chance(0.15):
            x, ask = self.holed(rng, x), self.holed(rng, ask)
        names = [f"x{i}" for i in range(features)]
        self.fit, self.ask = pd.DataFrame(x, columns=names), pd.DataFrame(ask, columns=names)
        self.signal = np.nan_to_num(x).astype(np.float64) @ rng.normal(size=features)
        self.text = []
        if draw.chance(0.2):
            self.add_text(draw, rng)

    @staticmethod
    def holed(rng, x):
        return np.where(rng.random_sample(x.shape) < 0.1, np.nan, x).astype(x.dtype)

    def add_text(self, draw, rng):
        words = ["red", "green", 'dark, "blue"', "é", "none", "NA "][: draw.one([2, 4, 6])]
        for name in ["t0", "t1"][: draw.one([1, 2])]:
            column = rng.choice(words, len(self.fit)).astype(object)
            self.signal = self.signal + (column == words[0])
            self.fit[name] = column
            self.ask[name] = rng.choice(words + ["never seen"], len(self.ask)).astype(object)
            self.text.append(name)

    def target(self, draw, kind):
        z = self.signal / (np.std(self.signal) + 1e-9) + draw.numpy.normal(size=len(self.signal)) * 0.3
        if kind == "classifier":
            n = draw.one([2, 2, 3, 5])
            y = np.digitize(z, np.quantile(z, np.linspace(0, 1, n + 1)[1:-1]))
            style = draw.one(["whole", "text", "bool", "float", "signs", "quoted"])
            if style == "text":
                return np.array([f"c{i}" for i in range(n)])[y]
            if style == "bool" and n == 2:
                return y.astype(bool)
            if style == "float":
                return y * 1.5 - 1
            if style == "signs":
                return y * 2 - 1
            if style == "quoted":
                return np.array(["A é", "b", 'C,"', "d", "e"], dtype=object)[y]
            return y
        y = np.exp(z / 2) if draw.chance(0.4) else z
        if draw.chance(0.1):
            y = np.abs(np.round(y))
        if draw.chance(0.12):
            y = np.column_stack([y, 1 - y])
        return y
