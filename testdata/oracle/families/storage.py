"""One small model in every form that joblib and pickle store."""

from functools import partial

import joblib
from sklearn.compose import make_column_transformer
from sklearn.ensemble import GradientBoostingRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder

from case import TREE, Case, plainly
from tables import HOUSING, Task

FEATURES = ["Neighborhood", "Living area", "quality"]
MODEL = make_pipeline(
    make_column_transformer((OneHotEncoder(handle_unknown="ignore"), FEATURES[:1]), remainder="passthrough"),
    GradientBoostingRegressor(n_estimators=3, max_depth=2, random_state=0),
)
FORMS = (
    {f"joblib-{method}": partial(joblib.dump, compress=(method, 3)) for method in ("zlib", "gzip", "bz2", "lzma", "xz", "lz4")}
    | {f"joblib-protocol-{p}": partial(joblib.dump, protocol=p) for p in range(6)}
    | {f"pickle-protocol-{p}": plainly(p) for p in range(6)}
)
CASES = [Case(f"storage-{form}", MODEL, Task(HOUSING, FEATURES, "price").small(), TREE, dump=dump) for form, dump in FORMS.items()]
