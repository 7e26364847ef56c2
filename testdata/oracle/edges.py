"""Rows a hair either side of the thresholds that a model of trees splits at."""

import numpy as np
import pandas as pd

OTHERS = []  # further functions like _splits, for models that are not scikit-learn's own


def rows(model, base, features, most=40, seed=7):
    """Copies of base's rows, each with one feature moved onto or next to a threshold.

    base is a table with the columns that features names. The result is empty if the model has no
    thresholds of its own.
    """
    own = {s for s in _splits(model) if s[0] < len(features)}  # others are at what a chain predicted before
    splits = sorted({s for s in own if base[features[s[0]]].dtype != bool})
    if not splits:
        return base.iloc[:0]
    r = np.random.default_rng(seed)
    chosen = [splits[i] for i in r.choice(len(splits), min(len(splits), most // 4), replace=False)]
    moved = []
    for feature, threshold in chosen:
        for value in _around(threshold):
            row = base.iloc[[r.integers(len(base))]].copy()
            moved.append(row.assign(**{features[feature]: value}))
    return pd.concat(moved)


def _around(threshold):
    """The threshold, its neighbours in float64, and a value that only float32 puts on the other side."""
    single = float(np.float32(threshold))
    return [threshold, np.nextafter(threshold, np.inf), np.nextafter(threshold, -np.inf), (single + threshold) / 2]


def _splits(model):
    """Yields (feature, threshold) of every split of a tree, a forest or a boosting."""
    if hasattr(model, "tree_"):
        inner = (model.tree_.children_left != -1) & np.isfinite(model.tree_.threshold)
        yield from zip(model.tree_.feature[inner].tolist(), model.tree_.threshold[inner].tolist())
    trees = getattr(model, "estimators_", [])
    for tree in trees if isinstance(trees, list) else np.ravel(trees):
        yield from _splits(tree)
    for stage in getattr(model, "_predictors", []):
        for tree in stage:
            for node in tree.nodes:
                if not node["is_leaf"] and not node["is_categorical"] and np.isfinite(node["num_threshold"]):
                    yield int(node["feature_idx"]), float(node["num_threshold"])
    for other in OTHERS:
        yield from other(model)
