"""Normal distributions, and kernels over the training rows."""

import numpy as np
from sklearn.covariance import EllipticEnvelope
from sklearn.discriminant_analysis import QuadraticDiscriminantAnalysis
from sklearn.gaussian_process import GaussianProcessClassifier, GaussianProcessRegressor
from sklearn.gaussian_process.kernels import (
    RBF, ConstantKernel, DotProduct, ExpSineSquared, Matern, PairwiseKernel, RationalQuadratic, WhiteKernel,
)
from sklearn.kernel_ridge import KernelRidge
from sklearn.mixture import BayesianGaussianMixture, GaussianMixture
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import MinMaxScaler, StandardScaler

from case import DENSITY, KERNEL, PROCESS, TERMS, Case
from tables import (
    ALARM_Z, BAND, CHURNED, CHURNED_Z, ENERGY_NUMBERS, ENERGY_Z, FAULT, FAULT_Z, HEATING, HEATING_Z, LOADS, READINGS, Task,
)

STANDARD = Task(ENERGY_Z, ENERGY_NUMBERS, None)
FEW_Z = HEATING_Z.small(seen=80, new=60)
SCALED = MinMaxScaler(clip=True)


def mixed(kind, components=3):
    return GaussianMixture(components, covariance_type=kind, random_state=0)


def bayesian(kind, components=3, **options):
    return BayesianGaussianMixture(n_components=components, covariance_type=kind, random_state=0, max_iter=60, **options)


NOISE = WhiteKernel(0.5)


def process(kernel, model=GaussianProcessRegressor, **options):
    return model(kernel, optimizer=None, random_state=0, **options)


def dual_terms(model, x):
    return np.abs(model._get_kernel(x, model.X_fit_)) @ np.abs(model.dual_coef_)


def process_terms(model, x):
    return np.abs(model.kernel_(x, model.X_train_)) @ np.abs(model.alpha_) * model._y_train_std + np.abs(model._y_train_mean)


CASES = [
    Case("quadratic-discriminant", QuadraticDiscriminantAnalysis(), FAULT, DENSITY),
    Case("quadratic-discriminant-binary", make_pipeline(StandardScaler(), QuadraticDiscriminantAnalysis(reg_param=0.1)), CHURNED, DENSITY),
    Case("quadratic-discriminant-priors", QuadraticDiscriminantAnalysis(priors=[0.2, 0.3, 0.5], reg_param=0.01), BAND, DENSITY),
    Case("gaussian-mixture", mixed("full"), READINGS, DENSITY),
    Case("gaussian-mixture-tied", mixed("tied", 4), READINGS, DENSITY),
    Case("gaussian-mixture-diag", mixed("diag", 4), STANDARD, DENSITY),
    Case("gaussian-mixture-spherical", mixed("spherical", 5), STANDARD, DENSITY),
    Case("gaussian-mixture-diag-raw", mixed("diag"), READINGS, DENSITY),
    Case("gaussian-mixture-scaled", make_pipeline(StandardScaler(), mixed("full", 2)), READINGS, DENSITY),
    Case("bayesian-mixture", bayesian("full"), READINGS, DENSITY),
    Case("bayesian-mixture-tied", bayesian("tied", 4), READINGS, DENSITY),
    Case("bayesian-mixture-diag", bayesian("diag", 6, weight_concentration_prior=0.01), STANDARD, DENSITY),
    Case("bayesian-mixture-spherical", bayesian("spherical", weight_concentration_prior_type="dirichlet_distribution"), STANDARD, DENSITY),
    Case("elliptic-envelope", EllipticEnvelope(random_state=0), READINGS, DENSITY),
    Case("elliptic-envelope-scaled", make_pipeline(StandardScaler(), EllipticEnvelope(contamination=0.2, random_state=0)), STANDARD, DENSITY),
    Case("kernel-ridge", make_pipeline(StandardScaler(), KernelRidge()), HEATING, KERNEL),
    Case("kernel-ridge-rbf", KernelRidge(kernel="rbf", gamma=0.2), FEW_Z, KERNEL),
    Case("kernel-ridge-rbf-multi-output", make_pipeline(StandardScaler(), KernelRidge(kernel="rbf", alpha=0.1)), LOADS.small(), KERNEL),
    Case("kernel-ridge-poly", KernelRidge(kernel="poly", degree=2, coef0=0.5), FEW_Z, KERNEL),
    Case("kernel-ridge-sigmoid", KernelRidge(kernel="sigmoid", gamma=0.05, coef0=0.1), FEW_Z, KERNEL),
    Case("kernel-ridge-laplacian", KernelRidge(kernel="laplacian"), FEW_Z, KERNEL),
    Case("kernel-ridge-cosine", KernelRidge(kernel="cosine"), FEW_Z, KERNEL),
    Case("kernel-ridge-chi2", make_pipeline(SCALED, KernelRidge(kernel="chi2", gamma=0.7)), HEATING.small(), KERNEL),
    Case("kernel-ridge-additive-chi2", make_pipeline(SCALED, KernelRidge(kernel="additive_chi2")), HEATING.small(), KERNEL),
    Case("kernel-ridge-raw", KernelRidge(kernel="rbf", gamma=1e-4), HEATING.small(), KERNEL),
    Case("kernel-ridge-cancelling", KernelRidge(), HEATING, TERMS, named=False, terms=dual_terms),
    Case("kernel-ridge-cancelling-poly", KernelRidge(kernel="poly", degree=2, gamma=1e-3), HEATING, TERMS, named=False, terms=dual_terms),
    Case("gaussian-process", GaussianProcessRegressor(ConstantKernel(2.0) * RBF(2.0) + NOISE, normalize_y=True), FEW_Z.small(40, 60), KERNEL),
    Case("gaussian-process-default", GaussianProcessRegressor(), FEW_Z.small(25, 60), KERNEL),
    Case("gaussian-process-anisotropic", process(RBF([1, 2, 3, 1.5, 2, 4]) + NOISE, normalize_y=True), FEW_Z.small(40, 60), KERNEL),
    Case("gaussian-process-matern", process(Matern(2.0, nu=1.5) + NOISE), FEW_Z.small(40, 60), KERNEL),
    Case("gaussian-process-matern-half", process(ConstantKernel(3) * Matern(nu=0.5) + NOISE), FEW_Z.small(40, 60), KERNEL),
    Case("gaussian-process-matern-rough", process(Matern([1, 2, 3, 1, 1, 1], nu=2.5), alpha=0.3), FEW_Z.small(40, 60), KERNEL),
    Case("gaussian-process-matern-smooth", process(Matern(3.0, nu=float("inf")) + NOISE), FEW_Z.small(40, 60), KERNEL),
    Case("gaussian-process-rational", process(RationalQuadratic(2.0, 0.7) + NOISE), FEW_Z.small(40, 60), KERNEL),
    Case("gaussian-process-periodic", process(ExpSineSquared(1.5, 7.0) * RBF(3) + NOISE), FEW_Z.small(40, 60), KERNEL),
    Case("gaussian-process-dot", process((DotProduct(0.8) + NOISE) ** 2), FEW_Z.small(40, 60), KERNEL),
    Case("gaussian-process-pairwise", process(PairwiseKernel(gamma=0.3, metric="laplacian") + NOISE), FEW_Z.small(40, 60), KERNEL),
    Case("gaussian-process-multi-output", make_pipeline(StandardScaler(), process(RBF(2) + NOISE, normalize_y=True)), LOADS.small(40, 60), KERNEL),
    Case("gaussian-process-cancelling", process(DotProduct() + NOISE), HEATING, TERMS, named=False, terms=process_terms),
    Case("gaussian-process-classifier", process(2 * RBF(1.5), GaussianProcessClassifier), CHURNED_Z.small(40, 60), PROCESS),
    Case("gaussian-process-classifier-fitted", GaussianProcessClassifier(random_state=0), ALARM_Z.small(40, 60), PROCESS),
    Case("gaussian-process-classifier-multi-class", process(RBF(2) + DotProduct(), GaussianProcessClassifier), FAULT_Z.small(20, 60), PROCESS),
    Case("gaussian-process-classifier-one-vs-one", process(RBF(2), GaussianProcessClassifier, multi_class="one_vs_one"), FAULT_Z.small(30, 60), PROCESS),
]
