"""Draws estimators, their parameters and tables at random, by what scikit-learn says of itself: all_estimators() and the
constraints of their parameters, which it has from 1.2 on."""

import inspect
import numbers

import numpy as np
import pandas as pd
from sklearn.compose import make_column_transformer
from sklearn.impute import SimpleImputer
from sklearn.pipeline import make_pipeline, make_union
from sklearn.preprocessing import OneHotEncoder, OrdinalEncoder, StandardScaler
from sklearn.utils import all_estimators
from sklearn.utils._param_validation import Interval, Options

# Not drawn: what takes other tables than these, and what other draws are made of.
NOT_PREDICTORS = {"CategoricalNB", "Pipeline"}
NOT_TRANSFORMERS = {
    "ColumnTransformer", "CountVectorizer", "DictVectorizer", "FeatureHasher", "FeatureUnion", "HashingVectorizer", "LabelBinarizer",
    "LabelEncoder", "MultiLabelBinarizer", "PatchExtractor", "SparseCoder", "TfidfTransformer", "TfidfVectorizer",
}
# What a column of categories may hold: in some tables the last one is not there at fit.
CODES = [
    ["red", "green", 'dark, "blue"', "é", "none", "NA "], ["b", "a", None, "c", "A", "never seen"], [False, True],
    [3, 1, 2, 10, -1, 7], [1.5, np.nan, -0.25, 0.1, 1e6, 2.0], [1.0, 2.0, np.nan, 3.0, 4.0, 5.0],
]
# Parameters that change no number.
NOT_DRAWN = {"copy", "copy_X", "memory", "n_jobs", "self", "verbose", "verbose_feature_names_out", "warm_start"}
INNER = {"base_estimator", "estimator", "final_estimator", "regressor"}
GRIDS = {"param_distributions", "param_grid"}

PREDICTORS = [c for n, c in all_estimators() if hasattr(c, "predict") and n not in NOT_PREDICTORS]
TRANSFORMERS = [c for n, c in all_estimators() if hasattr(c, "transform") and not hasattr(c, "predict") and n not in NOT_TRANSFORMERS]


def parameters(cls):
    return inspect.signature(cls.__init__).parameters


def kind(cls):
    """ "classifier", "regressor", or another word, or None: what an estimator inside decides is a property."""
    found = getattr(cls, "_estimator_type", None)  # up to 1.5
    if found is None:
        bases = {b.__name__ for b in cls.__mro__}
        found = "classifier" if "ClassifierMixin" in bases else "regressor" if "RegressorMixin" in bases else None
    return found if isinstance(found, str) else None


class Draw:
    """One draw, the same for the same seed."""

    def __init__(self, seed):
        self.numpy = np.random.RandomState(seed)

    def chance(self, p):
        return self.numpy.random_sample() < p

    def one(self, of):
        return of[self.numpy.randint(len(of))]

    def model(self, table):
        """An unfitted predictor for a table, at times in a pipeline, and targets that it may be fitted to."""
        cls = self.one(PREDICTORS)
        self.kind = kind(cls) or self.one(["classifier", "regressor"])
        last = self.estimator(cls)
        steps = []
        if table.codes:
            rest = self.one(["passthrough", "drop", self.estimator(self.one(TRANSFORMERS)), make_pipeline(SimpleImputer(), StandardScaler())])
            steps.append(make_column_transformer((self.encoder(), table.codes), remainder=rest))
        if self.chance(0.35):
            some = [self.estimator(self.one(TRANSFORMERS)) for _ in range(self.one([1, 1, 2]))]
            steps += [make_union(*some)] if self.chance(0.2) else some
        target = table.target(self, self.kind)
        if cls.__name__.endswith("Chain") or self.chance(0.12):
            target = np.column_stack([target, table.target(self, self.kind)])
        return make_pipeline(*steps, last) if steps else last, target

    def encoder(self):
        """Of columns of categories, with others than those of fit."""
        encoder = self.one([OneHotEncoder(handle_unknown="ignore"), OneHotEncoder(sparse_output=False, handle_unknown="ignore"),
                            OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=-1), self.estimator(OneHotEncoder),
                            self.estimator(OrdinalEncoder), *[self.estimator(c) for c in TRANSFORMERS if c.__name__ == "TargetEncoder"]])
        return make_pipeline(SimpleImputer(strategy="most_frequent"), encoder) if self.chance(0.3) else encoder

    def estimator(self, cls):
        constraints = getattr(cls, "_parameter_constraints", {})
        drawn = {}
        for name, p in parameters(cls).items():
            required = p.default is inspect.Parameter.empty
            if name in INNER and (required or self.chance(0.5)):
                drawn[name] = self.inner()
            elif name in GRIDS:
                drawn[name] = {}
            elif name == "estimators":
                drawn[name] = [("a", self.inner()), ("b", self.inner())]
            elif name == "n_estimators":
                drawn[name] = self.one([1, 3, 10])
            elif name == "max_iter":  # some fits would not end
                drawn[name] = 100
            elif name == "random_state":
                drawn[name] = int(self.numpy.randint(1000))
            elif name in constraints and name not in NOT_DRAWN | INNER and not required and self.chance(0.4):
                drawn[name] = self.value(constraints[name], p.default)
        return cls(**drawn)

    def inner(self):
        simple = [c for c in PREDICTORS if kind(c) == self.kind and not (INNER | {"estimators"}) & set(parameters(c))]
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
        self.codes = []
        if draw.chance(0.35):
            self.add_codes(draw, rng)

    @staticmethod
    def holed(rng, x):
        return np.where(rng.random_sample(x.shape) < 0.1, np.nan, x).astype(x.dtype)

    def add_codes(self, draw, rng):
        """Columns of categories, whose first ones say something of the target."""
        for i in range(draw.one([1, 2, 3])):
            name, all = f"c{i}", draw.one(CODES)[: draw.one([2, 4, 6])]
            known = all if len(all) < 4 or draw.chance(0.5) else all[:-1]
            column = rng.choice(len(known), len(self.fit))
            self.signal = self.signal + (column == 0)
            self.fit[name] = [known[at] for at in column]
            self.ask[name] = [all[at] for at in rng.choice(len(all), len(self.ask))]
            self.codes.append(name)

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
        return y
