"""Embeddings that place new rows, and dictionaries of atoms."""

import numpy as np
from sklearn.cross_decomposition import CCA, PLSCanonical, PLSRegression
from sklearn.decomposition import DictionaryLearning, MiniBatchDictionaryLearning, SparseCoder
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.manifold import Isomap, LocallyLinearEmbedding
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import KernelCenterer, StandardScaler

from case import DOT, KERNEL, Case
from tables import ENERGY, ENERGY_NUMBERS, FAULT_Z, HEATING, HEATING_Z, LOADS, PRICE, READINGS, Task

from .identity import shown

ATOMS = np.random.RandomState(0).normal(size=(5, 6)).round(2)
SQUARE = Task(ENERGY, ENERGY_NUMBERS, "Heating load", 6)  # as many rows as features: a matrix of kernels


def dictionary(kind=DictionaryLearning, atoms=4, **options):
    return kind(atoms, max_iter=5, random_state=0, **options)


CASES = [
    Case("isomap", shown(Isomap(n_neighbors=6)), HEATING_Z.small(), KERNEL),
    Case("isomap-brute", shown(StandardScaler(), Isomap(n_neighbors=8, n_components=3, neighbors_algorithm="brute", metric="manhattan")), PRICE.small(), KERNEL),
    Case("isomap-radius", shown(Isomap(n_neighbors=None, radius=5.0)), HEATING_Z.small(), KERNEL),
    Case("isomap-model", make_pipeline(StandardScaler(), Isomap(n_neighbors=8), LogisticRegression()), FAULT_Z, KERNEL),
    Case("locally-linear-embedding", shown(LocallyLinearEmbedding(n_neighbors=6, random_state=0)), HEATING_Z.small(), KERNEL),
    Case("locally-linear-embedding-modified", shown(LocallyLinearEmbedding(n_neighbors=9, n_components=3, method="modified", random_state=0)), HEATING_Z, KERNEL),
    Case("locally-linear-embedding-model", make_pipeline(StandardScaler(), LocallyLinearEmbedding(n_neighbors=10, reg=0.01, random_state=0), LinearRegression()), PRICE, KERNEL),
    Case("dictionary-learning", shown(dictionary()), HEATING_Z, DOT),
    Case("dictionary-learning-omp", shown(dictionary(transform_n_nonzero_coefs=3)), HEATING_Z, DOT),
    Case("dictionary-learning-threshold", shown(dictionary(transform_algorithm="threshold", alpha=0.4)), HEATING_Z, DOT),
    Case("mini-batch-dictionary-learning", shown(StandardScaler(), dictionary(MiniBatchDictionaryLearning, transform_n_nonzero_coefs=2)), READINGS, DOT),
    Case("sparse-coder", shown(StandardScaler(), SparseCoder(ATOMS, transform_n_nonzero_coefs=4, split_sign=True)), HEATING, DOT),
    Case("sparse-coder-threshold", shown(StandardScaler(), SparseCoder(ATOMS, transform_algorithm="threshold", transform_alpha=0.5, positive_code=True)), HEATING_Z, DOT),
    Case("kernel-centerer", shown(KernelCenterer()), SQUARE, DOT),
    Case("pls-regression", PLSRegression(3), PRICE, DOT),
    Case("pls-regression-unscaled", PLSRegression(2, scale=False), LOADS, DOT),
    Case("pls-canonical", PLSCanonical(2), LOADS, DOT),
    Case("cca", CCA(2), LOADS, DOT),
]
