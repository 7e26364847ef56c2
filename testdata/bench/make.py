"""Makes the models and tables that are measured, each from a seed: make.py FOLDER.

What is there already stays. A table is named KIND-ROWS.csv; a model is fitted
on rows of its table's kind that are in none of the tables.
"""

import pathlib
import sys

import joblib
import numpy as np
import pandas as pd
from lightgbm import LGBMRegressor
from sklearn.compose import ColumnTransformer
from sklearn.ensemble import GradientBoostingRegressor, HistGradientBoostingRegressor, RandomForestRegressor
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.neighbors import KNeighborsClassifier
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler
from sklearn.svm import SVC

from models import MODELS

COLOURS = ["red", "green", "blue", "black", "white", "dark grey"]
CITIES = [f"city {i}" for i in range(40)]
GRADES = ["low", "middle", "high"]


def table(kind, rows, seed):
    """Rows of features. Numbers have four decimals, which pandas reads exactly."""
    r = np.random.default_rng(seed)
    if kind == "text":
        words = np.array([f"word{i}" for i in range(3000)])
        rank = np.minimum(r.zipf(1.3, (rows, 30)) - 1, len(words) - 1)
        return pd.DataFrame({"text": [" ".join(line) for line in words[rank]]})
    columns = {"numbers": 10, "wide": 50, "mixed": 5}[kind]
    numbers = pd.DataFrame(np.round(r.normal(size=(rows, columns)), 4), columns=[f"x{i}" for i in range(columns)])
    if kind != "mixed":
        return numbers
    for name, values in ("colour", COLOURS), ("city", CITIES), ("grade", GRADES):
        numbers[name] = r.choice(values, rows)
    return numbers


def target(x, seed):
    """A number a row that a model can learn."""
    r = np.random.default_rng(seed)
    if "text" in x:
        return x.text.str.contains("word7 ") * 2.0 - 1 + r.normal(size=len(x)) * 0.1
    n = x.select_dtypes("number").to_numpy()
    y = n @ np.linspace(-1, 1, n.shape[1]) + np.sin(3 * n[:, 0]) * n[:, 1] + 0.3 * r.normal(size=len(n))
    return y + 0.5 * x.grade.eq("high").to_numpy() if "grade" in x else y


ESTIMATORS = {
    "linear": LinearRegression(),
    "boosting": GradientBoostingRegressor(random_state=1),
    "histogram": HistGradientBoostingRegressor(random_state=1),
    "lightgbm": LGBMRegressor(random_state=1, n_jobs=1, verbose=-1),
    "forest": RandomForestRegressor(random_state=1),
    "forest-8": RandomForestRegressor(max_depth=8, random_state=1),
    "svc": SVC(),
    "knn": KNeighborsClassifier(algorithm="kd_tree"),
    "knn-brute": KNeighborsClassifier(algorithm="brute"),
    "mlp": MLPClassifier((100, 50), max_iter=30, random_state=1),
    "onehot": make_pipeline(
        ColumnTransformer([
            ("numbers", StandardScaler(), [f"x{i}" for i in range(5)]),
            ("names", OneHotEncoder(handle_unknown="ignore"), ["colour", "city", "grade"]),
        ]),
        LogisticRegression(),
    ),
    "tfidf": make_pipeline(ColumnTransformer([("text", TfidfVectorizer(), "text")]), LogisticRegression(max_iter=300)),
}


def model(m):
    if m.name == "forest-half":  # about 100 MB
        forest = joblib.load(folder / "forest.pkl")
        forest.estimators_ = forest.estimators_[:55]
        forest.n_estimators = len(forest.estimators_)
        return forest
    x = table(m.table, m.trained, seed=0)
    y = target(x, seed=0)
    if m.classes == 2:
        y = np.where(y > 0, "yes", "no")
    elif m.classes:
        y = np.digitize(y, np.quantile(y, np.linspace(0, 1, m.classes + 1)[1:-1]))
    return ESTIMATORS[m.name].fit(x, y)


def main(rows):
    for m in MODELS:
        path = folder / f"{m.name}.pkl"
        if not path.exists():
            joblib.dump(model(m), path)
    for kind, n in rows:
        path = folder / f"{kind}-{n}.csv"
        if not path.exists():
            with open(path, "w") as f:
                for at in range(0, n, 1_000_000):
                    part = table(kind, min(n - at, 1_000_000), seed=n + at)
                    part.to_csv(f, index=False, header=at == 0)


if __name__ == "__main__":
    folder = pathlib.Path(sys.argv[1])
    main((kind, int(n)) for kind, n in (name.rsplit("-", 1) for name in sys.argv[2:]))
