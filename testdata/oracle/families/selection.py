"""Features chosen by a model of them."""

from sklearn.ensemble import ExtraTreesClassifier, GradientBoostingClassifier, GradientBoostingRegressor, RandomForestRegressor
from sklearn.feature_selection import SelectFromModel
from sklearn.linear_model import Lasso, LogisticRegression, Ridge
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import LinearSVC
from sklearn.tree import DecisionTreeRegressor

from case import EXACT, TREE, Case
from tables import BAND, CHURNED, CHURNED_Z, FAULT, HEATING, LOADS, PRICE

from .identity import shown

SMALL = {"n_estimators": 5, "max_depth": 3, "random_state": 0}

CASES = [
    Case("select-from-model", shown(SelectFromModel(Ridge())), HEATING, EXACT),
    Case("select-from-model-lasso", shown(SelectFromModel(Lasso(alpha=1.0))), HEATING, EXACT),
    Case("select-from-model-l1", shown(SelectFromModel(LinearSVC(penalty="l1", dual=False, C=0.02, random_state=0))), CHURNED_Z, EXACT),
    Case("select-from-model-norm", shown(SelectFromModel(LogisticRegression(), norm_order=2, threshold="1.1*median")), FAULT, EXACT),
    Case("select-from-model-infinity", shown(SelectFromModel(Ridge(), norm_order=float("inf"), threshold="median")), LOADS, EXACT),
    Case("select-from-model-most", shown(SelectFromModel(Ridge(), threshold=-1.0, max_features=2)), PRICE, EXACT),
    Case("select-from-model-tree", make_pipeline(SelectFromModel(DecisionTreeRegressor(max_depth=4, random_state=0)), DecisionTreeRegressor(max_depth=3, random_state=0)), HEATING, TREE),
    Case("select-from-model-forest", shown(StandardScaler(), SelectFromModel(RandomForestRegressor(**SMALL), threshold="0.5*mean")), PRICE, EXACT),
    Case("select-from-model-extra-trees", shown(SelectFromModel(ExtraTreesClassifier(**SMALL), threshold="median")), CHURNED, EXACT),
    Case("select-from-model-boosting", shown(SelectFromModel(GradientBoostingRegressor(**SMALL))), HEATING, EXACT),
    Case("select-from-model-boosting-classes", shown(SelectFromModel(GradientBoostingClassifier(n_estimators=2, max_depth=2, random_state=0), threshold="median")), BAND, EXACT),
]
