"""A last step that shows what came to it, so that a transformer's own bits can be compared."""

import numpy as np
from sklearn.linear_model import LinearRegression
from sklearn.pipeline import make_pipeline

import adapt


class Identity(LinearRegression):
    """Becomes by its fit a plain LinearRegression that predicts its input: sums of one number and zeros are exact."""

    def fit(self, x, y=None):
        x = adapt.validated(self, x, accept_sparse=True)
        width = x.shape[1]
        self.coef_ = np.eye(width) if width > 1 else np.ones(1)
        self.intercept_ = np.zeros(width) if width > 1 else 0.0
        self.__class__ = LinearRegression
        return self


def shown(*transformers):
    """A pipeline whose prediction is the output of the last transformer."""
    return make_pipeline(*transformers, Identity())
