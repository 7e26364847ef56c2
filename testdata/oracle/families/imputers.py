"""Imputers that look at the other features of a row."""

import numpy as np
from sklearn.ensemble import ExtraTreesRegressor
from sklearn.impute import IterativeImputer, KNNImputer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.neighbors import KNeighborsRegressor
from sklearn.preprocessing import StandardScaler
from sklearn.tree import DecisionTreeClassifier

from case import BRUTE, DOT, EXACT, Case, plainly
from tables import FAULT_GAPS, GRID, GRID_NUMBERS, HOURS_GAPS, PRICE_NUMBERS_GAPS, Task, with_gaps

from .identity import shown

GRID_GAPS = Task(with_gaps(GRID, GRID_NUMBERS, 0.3), GRID_NUMBERS, "stock")  # ties, and rows with no feature
MARKED = Task(with_gaps(GRID, GRID_NUMBERS, 0.2).fillna(-1), GRID_NUMBERS, "stock")
EMPTY = Task(GRID_GAPS.table.assign(x=np.nan), GRID_NUMBERS, "stock")

CASES = [
    Case("iterative-imputer", shown(IterativeImputer(random_state=0)), PRICE_NUMBERS_GAPS, DOT),
    Case("iterative-imputer-scaled", make_pipeline(StandardScaler(), IterativeImputer(imputation_order="random", random_state=0), LogisticRegression()), FAULT_GAPS, DOT),
    Case("iterative-imputer-bounded", shown(IterativeImputer(n_nearest_features=2, min_value=0, max_value=1000, add_indicator=True, random_state=0)), HOURS_GAPS, DOT),
    Case("iterative-imputer-trees", shown(IterativeImputer(ExtraTreesRegressor(3, max_depth=4, random_state=0), max_iter=2, skip_complete=True, random_state=0)), PRICE_NUMBERS_GAPS, EXACT),
    Case("iterative-imputer-neighbors", shown(IterativeImputer(KNeighborsRegressor(4, algorithm="kd_tree"), max_iter=1, imputation_order="roman", random_state=0)), GRID_GAPS, EXACT),
    Case("iterative-imputer-classifier", shown(IterativeImputer(DecisionTreeClassifier(max_depth=3, random_state=0), initial_strategy="most_frequent", missing_values=-1, max_iter=2, random_state=0)), MARKED, EXACT),
    Case("iterative-imputer-no-rounds", shown(IterativeImputer(max_iter=0, initial_strategy="median")), PRICE_NUMBERS_GAPS, EXACT),
    Case("iterative-imputer-empty", shown(IterativeImputer(max_iter=3, random_state=0)), EMPTY, DOT),
    *(Case(f"iterative-imputer-protocol-{p}", shown(IterativeImputer(max_iter=2, random_state=0)), HOURS_GAPS, DOT, dump=plainly(p)) for p in (0, 1)),
    Case("knn-imputer", shown(KNNImputer()), PRICE_NUMBERS_GAPS, BRUTE),
    Case("knn-imputer-scaled", make_pipeline(StandardScaler(), KNNImputer(n_neighbors=3), LogisticRegression()), FAULT_GAPS, DOT),
    Case("knn-imputer-distance", shown(StandardScaler(), KNNImputer(weights="distance")), PRICE_NUMBERS_GAPS, BRUTE),
    Case("knn-imputer-ties", shown(KNNImputer(n_neighbors=7)), GRID_GAPS, BRUTE),
    Case("knn-imputer-distance-ties", shown(KNNImputer(n_neighbors=4, weights="distance", add_indicator=True)), GRID_GAPS, BRUTE),
    Case("knn-imputer-mark", shown(KNNImputer(n_neighbors=2, missing_values=-1)), MARKED, BRUTE),
    Case("knn-imputer-empty", shown(KNNImputer(keep_empty_features=True)), EMPTY, BRUTE),
]
