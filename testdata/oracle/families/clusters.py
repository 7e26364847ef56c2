"""Clusterings that assign new rows, besides k-means."""

from sklearn.cluster import AffinityPropagation, Birch, BisectingKMeans, MeanShift

from case import DOT, Case
from tables import ENERGY, ENERGY_NUMBERS, GRID, GRID_NUMBERS, READINGS, Task

PLACES = Task(GRID, GRID_NUMBERS, None)

CASES = [
    Case("affinity-propagation", AffinityPropagation(random_state=0), READINGS.small(80, 60), DOT),
    Case("affinity-propagation-unconverged", AffinityPropagation(max_iter=1, random_state=0), READINGS.small(80, 60), DOT),
    Case("birch", Birch(threshold=2.0, n_clusters=4), READINGS, DOT),
    Case("birch-subclusters", Birch(threshold=1.0, n_clusters=None), PLACES, DOT),
    Case("bisecting-k-means", BisectingKMeans(6, random_state=0), READINGS, DOT),
    Case("bisecting-k-means-largest", BisectingKMeans(5, bisecting_strategy="largest_cluster", random_state=0), PLACES, DOT),
    Case("mean-shift", MeanShift(bandwidth=4.0), Task(ENERGY, ENERGY_NUMBERS, None), DOT),
]
