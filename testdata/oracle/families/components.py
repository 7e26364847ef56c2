"""Transformers that map rows to components or to a kernel's features, shown by an identity or before a model."""

from sklearn.cluster import FeatureAgglomeration
from sklearn.decomposition import (
    PCA, FactorAnalysis, FastICA, IncrementalPCA, KernelPCA, LatentDirichletAllocation, MiniBatchSparsePCA, SparsePCA,
    TruncatedSVD,
)
from sklearn.ensemble import RandomTreesEmbedding
from sklearn.kernel_approximation import AdditiveChi2Sampler, Nystroem, PolynomialCountSketch, RBFSampler, SkewedChi2Sampler
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.neighbors import NeighborhoodComponentsAnalysis
from sklearn.neural_network import BernoulliRBM
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import MinMaxScaler, OneHotEncoder, StandardScaler
from sklearn.random_projection import GaussianRandomProjection, SparseRandomProjection
from sklearn.svm import LinearSVC

from case import DOT, EXACT, KERNEL, LIBM, TREE, Case
from tables import BAND, CHURN, CHURN_TEXTS, CHURNED, FAULT, HEATING, HEATING_Z, PRICE, READINGS, Task

from .identity import shown

TEXTS = Task(CHURN, CHURN_TEXTS, "churned")
FEW = {"n_components": 3, "random_state": 0}
POSITIVE = MinMaxScaler(clip=True)

CASES = [
    Case("pca", shown(PCA(3)), PRICE, DOT),
    Case("pca-whiten", make_pipeline(StandardScaler(), PCA(0.9, whiten=True), LogisticRegression()), BAND, DOT),
    Case("pca-randomized", shown(PCA(svd_solver="randomized", **FEW)), READINGS, DOT),
    Case("incremental-pca", shown(IncrementalPCA(2, batch_size=50)), HEATING, DOT),
    Case("truncated-svd", shown(TruncatedSVD(**FEW)), HEATING, DOT),
    Case("truncated-svd-sparse", shown(OneHotEncoder(), TruncatedSVD(**FEW)), TEXTS, DOT),
    Case("factor-analysis", shown(FactorAnalysis(**FEW)), HEATING_Z, DOT),
    Case("factor-analysis-rotated", shown(StandardScaler(), FactorAnalysis(2, rotation="varimax")), PRICE, DOT),
    Case("fast-ica", shown(FastICA(**FEW)), READINGS, DOT),
    Case("fast-ica-plain", shown(StandardScaler(), FastICA(whiten=False, max_iter=20, random_state=0)), READINGS, DOT),
    Case("kernel-pca", shown(KernelPCA(3, kernel="rbf")), HEATING_Z.small(), KERNEL),
    Case("kernel-pca-linear", make_pipeline(StandardScaler(), KernelPCA(4), LinearRegression()), HEATING.small(), KERNEL),
    Case("kernel-pca-poly", shown(KernelPCA(3, kernel="poly", degree=2, gamma=0.1)), HEATING_Z.small(), KERNEL),
    Case("kernel-pca-sigmoid", shown(KernelPCA(2, kernel="sigmoid", gamma=0.01, coef0=0.2)), HEATING_Z.small(), KERNEL),
    Case("kernel-pca-cosine", shown(KernelPCA(2, kernel="cosine")), HEATING_Z.small(), KERNEL),
    Case("gaussian-random-projection", shown(GaussianRandomProjection(**FEW)), HEATING, DOT),
    Case("sparse-random-projection", shown(SparseRandomProjection(**FEW)), HEATING, DOT),
    Case("sparse-random-projection-sparse", shown(OneHotEncoder(), SparseRandomProjection(dense_output=True, **FEW)), TEXTS, DOT),
    Case("neighborhood-components", shown(StandardScaler(), NeighborhoodComponentsAnalysis(2, max_iter=10, random_state=0)), FAULT, DOT),
    Case("nystroem", shown(Nystroem(gamma=0.1, n_components=6, random_state=0)), HEATING_Z, KERNEL),
    Case("nystroem-poly", shown(Nystroem(kernel="poly", degree=2, gamma=0.1, **FEW)), HEATING_Z, KERNEL),
    Case("nystroem-chi2", make_pipeline(POSITIVE, Nystroem(kernel="chi2", n_components=8, random_state=0), LinearSVC(random_state=0)), CHURNED, KERNEL),
    Case("rbf-sampler", shown(StandardScaler(), RBFSampler(n_components=8, random_state=0)), HEATING, KERNEL),
    Case("skewed-chi2-sampler", shown(POSITIVE, SkewedChi2Sampler(skewedness=0.1, n_components=6, random_state=0)), HEATING, KERNEL),
    Case("additive-chi2-sampler", shown(POSITIVE, AdditiveChi2Sampler(sample_steps=2)), READINGS.small(), LIBM),
    Case("additive-chi2-sampler-sparse", make_pipeline(OneHotEncoder(), AdditiveChi2Sampler(sample_interval=0.7), LogisticRegression()), TEXTS, DOT),
    Case("polynomial-count-sketch", shown(StandardScaler(), PolynomialCountSketch(degree=3, n_components=9, coef0=1, random_state=0)), HEATING, KERNEL),
    Case("polynomial-count-sketch-model", make_pipeline(StandardScaler(), PolynomialCountSketch(gamma=0.5, n_components=20, random_state=0), LinearRegression()), HEATING, KERNEL),
    Case("sparse-pca", shown(SparsePCA(max_iter=20, **FEW)), HEATING_Z, DOT),
    Case("mini-batch-sparse-pca", shown(StandardScaler(), MiniBatchSparsePCA(max_iter=20, **FEW)), READINGS, DOT),
    Case("latent-dirichlet-allocation", shown(MinMaxScaler((0, 9), clip=True), LatentDirichletAllocation(max_iter=4, **FEW)), HEATING, KERNEL),
    Case("latent-dirichlet-allocation-sparse", make_pipeline(OneHotEncoder(), LatentDirichletAllocation(doc_topic_prior=0.1, max_iter=4, **FEW), LogisticRegression()), TEXTS, KERNEL),
    Case("feature-agglomeration", shown(FeatureAgglomeration(3)), HEATING, EXACT),
    Case("random-trees-embedding", shown(RandomTreesEmbedding(2, max_depth=2, random_state=0)), READINGS.small(60, 60), TREE),
    Case("random-trees-embedding-model", make_pipeline(RandomTreesEmbedding(5, max_depth=3, sparse_output=False, random_state=0), LogisticRegression()), FAULT, DOT),
    Case("bernoulli-rbm", make_pipeline(POSITIVE, BernoulliRBM(5, random_state=0), LogisticRegression()), CHURNED, DOT),
]
