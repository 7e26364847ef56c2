"""Support vector machines over libsvm."""

from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC, SVR, NuSVC, NuSVR, OneClassSVM

from case import SVM, Case
from tables import ALARM, BAND, CHURNED, EFFICIENCY, FAULT, FAULT_Z, HEATING, HOURS, LEAVES, PLAN, READINGS


def scaled(model):
    return make_pipeline(StandardScaler(), model)


CASES = [
    Case("svc", SVC(gamma=0.02), ALARM, SVM),
    Case("svc-scaled", scaled(SVC()), CHURNED, SVM),
    Case("svc-linear", scaled(SVC(kernel="linear")), CHURNED, SVM),
    Case("svc-poly", scaled(SVC(kernel="poly", degree=4, coef0=0.7)), ALARM, SVM),
    Case("svc-sigmoid", scaled(SVC(kernel="sigmoid", coef0=-0.3)), LEAVES, SVM),
    Case("svc-multi-class", SVC(), FAULT_Z, SVM),
    Case("svc-multi-class-ovo", scaled(SVC(decision_function_shape="ovo")), BAND, SVM),
    Case("svc-break-ties", scaled(SVC(break_ties=True, kernel="linear")), EFFICIENCY, SVM),
    Case("svc-probability", SVC(gamma=0.02, probability=True, random_state=0), ALARM, SVM),
    Case("svc-probability-multi-class", scaled(SVC(probability=True, random_state=0)), BAND, SVM),
    Case("svc-class-weight", scaled(SVC(gamma="auto", class_weight="balanced")), PLAN, SVM),
    Case("nu-svc", scaled(NuSVC(nu=0.3)), CHURNED, SVM),
    Case("nu-svc-multi-class", scaled(NuSVC(nu=0.2, kernel="poly", degree=2)), FAULT, SVM),
    Case("nu-svc-probability", scaled(NuSVC(nu=0.2, probability=True, random_state=0)), EFFICIENCY, SVM),
    Case("svr", SVR(C=20, gamma=0.05), HEATING, SVM),
    Case("svr-linear", scaled(SVR(kernel="linear", C=5)), HEATING, SVM),
    Case("svr-poly", scaled(SVR(kernel="poly", C=5)), HOURS, SVM),
    Case("svr-sigmoid", scaled(SVR(kernel="sigmoid", gamma=0.05)), HEATING, SVM),
    Case("one-class-svm", scaled(OneClassSVM(nu=0.2)), READINGS, SVM),
    Case("one-class-svm-poly", OneClassSVM(kernel="poly", degree=2, gamma=1e-4, coef0=1, nu=0.3), READINGS, SVM),
    Case("nu-svr", scaled(NuSVR(nu=0.4, C=10)), HOURS, SVM),
]
