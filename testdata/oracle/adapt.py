"""The one place that knows how scikit-learn's versions differ to those who write cases.

Families are written for scikit-learn 1.3. In another version prepare() lets them be imported all the same: an option
that had another name gets it, and what the version has not at all becomes an Absent, which says so when it is fitted.
"""

import ast
import fnmatch
import functools
import importlib
import inspect
import sys
import types
from pathlib import Path

import sklearn
from sklearn.base import BaseEstimator
from sklearn.experimental import enable_halving_search_cv, enable_iterative_imputer  # noqa: F401 (they make names there to be imported)

VERSION = tuple(int(part) for part in sklearn.__version__.split(".")[:2])


class Lacks(Exception):
    """This version of scikit-learn has no such class, option or value."""


class Absent(BaseEstimator):
    """Stands for an estimator that this version has not."""

    def __init__(self, reason=None):
        self.reason = reason

    def fit(self, *args, **options):
        raise Lacks(self.reason)

    fit_transform = transform = predict = fit


# Names of options and of their values, and what they were called before a version: (version, class, option, ...).
OPTIONS = [
    ((1, 2), "OneHotEncoder", "sparse_output", "sparse"),
]
VALUES = [
    ((1, 1), "SGD*", "loss", "log_loss", "log"),
    ((1, 1), "*Tree*", "criterion", "log_loss", "entropy"),
    ((1, 0), "*Tree*", "criterion", "absolute_error", "mae"),
    ((1, 0), "GradientBoosting*", "loss", "absolute_error", "lad"),
    ((1, 0), "HistGradientBoosting*", "loss", "absolute_error", "least_absolute_deviation"),
]
# Cases that fail in versions before the first or from the second on, though all their names are there.
ALWAYS, NEVER = (0, 0), (9, 9)
FAILS = [
    ((1, 2), NEVER, "hist-gradient-boosting-classifier-categories", "categorical features have no names"),
    ((1, 0), NEVER, "ridge-classifier-multi-label", "a RidgeClassifier takes one output"),
    ((1, 0), NEVER, "calibrated-mixed", "a CalibratedClassifierCV takes numbers only"),
    ((1, 0), NEVER, "one-hot-encoder-drop-first-ignore", "drop only with unknown categories as errors"),
    ((1, 0), NEVER, "* OneHotEncoder if_binary", "drop only with unknown categories as errors"),
    ((1, 0), NEVER, "* OneHotEncoder drop list", "drop only with unknown categories as errors"),
    ((1, 0), NEVER, "missing at fit OrdinalEncoder*", "an OrdinalEncoder takes no missing values"),
    ((1, 0), NEVER, "plain PolynomialFeatures 2 to 4", "no lowest degree"),
    ((1, 0), NEVER, "columns in another order", "columns come in the order of fit"),
    ((1, 1), NEVER, "plain PolynomialFeatures 0", "no degree 0"),
    ((1, 3), NEVER, "decision-tree-*-missing", "trees take no missing values"),
    ((1, 9), NEVER, "decision-tree-regressor-missing-*", "such trees take no missing values"),
    ((1, 9), NEVER, "random-forest-regressor-missing-monotonic", "such trees take no missing values"),
    ((1, 3), NEVER, "ordinal-encoder-missing-tree", "trees take no missing values"),
    ((1, 3), NEVER, "hist-gradient-boosting-regressor-gamma", "no gamma loss"),
    ((1, 4), NEVER, "target-encoder-classes", "a TargetEncoder takes two classes"),
    ((1, 6), NEVER, "frozen*", "no FrozenEstimator"),
    (ALWAYS, (1, 8), "logistic-regression-liblinear", "liblinear takes two classes only"),
]


def prepare(sources):
    """Makes every name that these Python files import from scikit-learn one that can be called."""
    if VERSION < (1, 0):
        importlib.import_module("sklearn.experimental.enable_hist_gradient_boosting")
    for path in sources:
        for node in ast.walk(ast.parse(Path(path).read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("sklearn."):
                for alias in node.names:
                    _provide(node.module, alias.name)
    if not hasattr(sklearn.base, "_SetOutputMixin"):
        BaseEstimator.set_output = lambda self, **options: Absent("no set_output")


def reason(name, error):
    """Why the case of this name fails in this version with this error, or None if nobody knows."""
    if isinstance(error, Lacks):
        return str(error)
    for since, until, pattern, why in FAILS:
        if fnmatch.fnmatch(name, pattern) and not since <= VERSION < until:
            return why
    return None


def validated(model, x, **options):
    """What fit makes of its table first: features counted, their names kept."""
    if hasattr(model, "_validate_data"):
        return model._validate_data(x, **options)
    from sklearn.utils.validation import validate_data

    return validate_data(model, x, **options)


def _provide(module, name):
    try:
        home = importlib.import_module(module)
    except ImportError:
        home = sys.modules[module] = types.ModuleType(module)
    found = getattr(home, name, None)
    if found is None:
        setattr(home, name, functools.partial(_absent, f"no {module}.{name}"))
    elif inspect.isclass(found) and issubclass(found, BaseEstimator):
        _adapt(found)


def _absent(reason, *args, **options):
    return Absent(reason)


def _adapt(cls):
    """Has the class's constructor take the options of scikit-learn 1.3."""
    init = cls.__init__
    if init is object.__init__ or hasattr(init, "adapted"):
        return
    known = inspect.signature(init).parameters

    @functools.wraps(init)  # so that get_params still sees the own options
    def adapted(self, *args, **options):
        if type(self) is not cls:
            init(self, *args, **options)
            return
        options = _older(cls.__name__, options)
        unknown = sorted(options.keys() - known.keys())
        try:
            if unknown:
                raise TypeError(f"no option {', '.join(unknown)}")
            init(self, *args, **options)
        except TypeError as error:
            self.__class__ = Absent
            self.reason = f"{cls.__name__}: {error}"

    adapted.adapted = True
    cls.__init__ = adapted


def _older(cls, options):
    for since, pattern, option, old in OPTIONS:
        if VERSION < since and fnmatch.fnmatch(cls, pattern) and option in options:
            options[old] = options.pop(option)
    for since, pattern, option, value, old in VALUES:
        if VERSION < since and fnmatch.fnmatch(cls, pattern) and isinstance(options.get(option), str) and options[option] == value:
            options[option] = old
    return options
