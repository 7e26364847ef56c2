"""Nearest neighbours: trees, brute force, and many ties.

Classifiers by brute force are asked on arrays: scikit-learn 1.3.0 fails on a DataFrame there (AttributeError: 'Flags'
object has no attribute 'c_contiguous'), which 1.3.1 mends.
"""

from sklearn.neighbors import (
    KNeighborsClassifier, KNeighborsRegressor, LocalOutlierFactor, NearestCentroid, RadiusNeighborsClassifier, RadiusNeighborsRegressor,
)

from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder

from case import BRUTE, CANCELLED, CENTROID, LIBM, NEIGHBORS, Case
from tables import (
    BAND, CHURN, CHURN_TEXTS, CLASS_AND_ZONE, EFFICIENCY, ENERGY, FAULT, GRID, GRID_NUMBERS, HEATING, HOURS, KIND, LOADS, PRICE, READINGS, STOCK, STOCK_AND_PICKS, Task,
)

WORDS = Task(CHURN, CHURN_TEXTS, "churned")
STEPS = Task(ENERGY, ["Overall height", "Glazing area", "Relative compactness"], "Heating load")
PLACES = Task(GRID, GRID_NUMBERS, None)

CASES = [
    Case("knn-classifier", KNeighborsClassifier(), FAULT, NEIGHBORS),
    Case("knn-classifier-kd-tree-ties", KNeighborsClassifier(7, algorithm="kd_tree", leaf_size=5), KIND, NEIGHBORS),
    Case("knn-classifier-ball-tree-ties", KNeighborsClassifier(6, algorithm="ball_tree", leaf_size=8), KIND, NEIGHBORS),
    Case("knn-classifier-kd-tree-distance", KNeighborsClassifier(5, algorithm="kd_tree", weights="distance"), KIND, NEIGHBORS),
    Case("knn-classifier-ball-tree-distance", KNeighborsClassifier(4, algorithm="ball_tree", weights="distance"), EFFICIENCY, NEIGHBORS),
    Case("knn-classifier-manhattan", KNeighborsClassifier(5, metric="manhattan", algorithm="kd_tree", leaf_size=10), KIND, NEIGHBORS),
    Case("knn-classifier-p1", KNeighborsClassifier(4, p=1, algorithm="ball_tree"), BAND, NEIGHBORS),
    Case("knn-classifier-p3", KNeighborsClassifier(5, p=3, weights="distance"), FAULT, LIBM),
    Case("knn-classifier-chebyshev", KNeighborsClassifier(5, metric="chebyshev", algorithm="kd_tree", leaf_size=10), KIND, NEIGHBORS),
    Case("knn-classifier-chebyshev-ball", KNeighborsClassifier(5, metric="chebyshev", algorithm="ball_tree", leaf_size=10), EFFICIENCY, NEIGHBORS),
    Case("knn-classifier-brute", KNeighborsClassifier(5, algorithm="brute"), FAULT, BRUTE, named=False),
    Case("knn-classifier-brute-distance", KNeighborsClassifier(5, algorithm="brute", weights="distance"), BAND, CANCELLED),
    Case("knn-classifier-brute-ties", KNeighborsClassifier(7, algorithm="brute"), KIND, BRUTE, named=False),
    Case("knn-classifier-brute-manhattan", KNeighborsClassifier(5, algorithm="brute", metric="manhattan"), KIND, BRUTE, named=False),
    Case("knn-classifier-cosine", KNeighborsClassifier(5, metric="cosine"), EFFICIENCY, BRUTE, named=False),
    Case("knn-classifier-multi-output", KNeighborsClassifier(5), CLASS_AND_ZONE, NEIGHBORS),
    Case("knn-regressor", KNeighborsRegressor(), PRICE, NEIGHBORS),
    Case("knn-regressor-kd-tree-ties", KNeighborsRegressor(7, algorithm="kd_tree", leaf_size=5), STOCK, NEIGHBORS),
    Case("knn-regressor-ball-tree-distance", KNeighborsRegressor(6, algorithm="ball_tree", weights="distance", leaf_size=8), HOURS, NEIGHBORS),
    Case("knn-regressor-distance-ties", KNeighborsRegressor(9, weights="distance", algorithm="kd_tree"), STOCK, NEIGHBORS),
    Case("knn-regressor-many", KNeighborsRegressor(20, algorithm="ball_tree"), HEATING, NEIGHBORS),
    Case("knn-regressor-brute", KNeighborsRegressor(5, algorithm="brute", p=1, weights="distance"), HEATING, BRUTE),
    Case("knn-regressor-cosine", KNeighborsRegressor(5, metric="cosine", weights="distance"), HOURS, CANCELLED),
    Case("knn-regressor-multi-output", KNeighborsRegressor(5, weights="distance"), LOADS, NEIGHBORS),
    Case("knn-regressor-multi-output-ties", KNeighborsRegressor(7, algorithm="kd_tree"), STOCK_AND_PICKS, NEIGHBORS),
    Case("knn-classifier-hamming", KNeighborsClassifier(5, metric="hamming", algorithm="brute", weights="distance"), KIND, NEIGHBORS),
    Case("knn-classifier-canberra", KNeighborsClassifier(5, metric="canberra"), KIND, NEIGHBORS),
    Case("knn-regressor-brute-ties", KNeighborsRegressor(20, algorithm="brute"), STOCK, NEIGHBORS),
    Case("radius-neighbors-classifier", RadiusNeighborsClassifier(2.0, outlier_label="most_frequent"), KIND, NEIGHBORS),
    Case("radius-neighbors-classifier-distance", RadiusNeighborsClassifier(1.0, weights="distance", algorithm="ball_tree", leaf_size=5, outlier_label="most_frequent"), KIND, NEIGHBORS),
    Case("radius-neighbors-classifier-brute", RadiusNeighborsClassifier(3.0, algorithm="brute", outlier_label="most_frequent"), KIND, NEIGHBORS),
    Case("radius-neighbors-regressor", RadiusNeighborsRegressor(1.0, leaf_size=5), STOCK, NEIGHBORS),
    Case("radius-neighbors-regressor-distance", RadiusNeighborsRegressor(30.0, weights="distance"), HOURS, NEIGHBORS),
    Case("radius-neighbors-regressor-multi-output", RadiusNeighborsRegressor(3.0, weights="distance"), STOCK_AND_PICKS, NEIGHBORS),
    Case("nearest-centroid", NearestCentroid(), FAULT, CENTROID),
    Case("nearest-centroid-manhattan", NearestCentroid(metric="manhattan"), BAND, NEIGHBORS),
    Case("nearest-centroid-shrunken", NearestCentroid(shrink_threshold=0.3), EFFICIENCY, CENTROID),
    Case("local-outlier-factor", LocalOutlierFactor(10, novelty=True, contamination=0.1), READINGS, NEIGHBORS),
    Case("local-outlier-factor-ties", LocalOutlierFactor(8, novelty=True, algorithm="ball_tree", leaf_size=5), PLACES, NEIGHBORS),
    Case("local-outlier-factor-brute", LocalOutlierFactor(novelty=True, algorithm="brute"), READINGS, BRUTE),
    Case("knn-classifier-sparse", make_pipeline(OneHotEncoder(), KNeighborsClassifier(7)), WORDS, NEIGHBORS),
    Case("knn-classifier-sparse-cosine", make_pipeline(OneHotEncoder(), KNeighborsClassifier(9, metric="cosine", weights="distance")), WORDS, BRUTE),
    Case("knn-regressor-sparse", make_pipeline(OneHotEncoder(handle_unknown="ignore"), KNeighborsRegressor(6, weights="distance")), STEPS, BRUTE),
    Case("radius-neighbors-classifier-sparse", make_pipeline(OneHotEncoder(), RadiusNeighborsClassifier(1.5, outlier_label="most_frequent")), WORDS, NEIGHBORS),
]
