"""The sample of the main job: a table of house sales, a pipeline that knows prices, and the result as it comes back."""

import joblib
import pandas as pd
from sklearn.compose import ColumnTransformer
from sklearn.ensemble import GradientBoostingRegressor
from sklearn.impute import SimpleImputer
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

from tables import HOUSE_NUMBERS, HOUSE_TEXTS, housing, with_gaps

FITTED, ROWS = 1500, 1000
FLAGS = ["Has garage"]
COLUMNS = ["id", *HOUSE_TEXTS, *HOUSE_NUMBERS, *FLAGS]


def make(folder):
    """Writes <folder>/house-prices/model.pkl, <folder>/house-prices.csv and <folder>/expected.csv."""
    table = with_gaps(housing(FITTED + ROWS, seed=11), ["House style", "Lot size (acres)", "bathrooms"], share=0.03)
    known, new = table.iloc[:FITTED], table.iloc[FITTED:][COLUMNS]
    path = folder / "house-prices" / "model.pkl"
    path.parent.mkdir(parents=True, exist_ok=True)
    joblib.dump(pipeline().fit(known[COLUMNS[1:]], known["price"]), path)
    new.to_csv(folder / "house-prices.csv", index=False)
    _answer(joblib.load(path), folder)


def pipeline():
    numbers = Pipeline([("impute", SimpleImputer(strategy="median")), ("scale", StandardScaler())])
    texts = Pipeline([("impute", SimpleImputer(strategy="most_frequent")), ("encode", OneHotEncoder(handle_unknown="ignore"))])
    prepare = ColumnTransformer([("numbers", numbers, HOUSE_NUMBERS), ("texts", texts, HOUSE_TEXTS), ("flags", "passthrough", FLAGS)])
    return Pipeline([("prepare", prepare), ("model", GradientBoostingRegressor(n_estimators=60, random_state=0))])


def _answer(model, folder):
    """The table's own lines, byte for byte, with the prediction behind each."""
    data = folder / "house-prices.csv"
    prediction = model.predict(pd.read_csv(data, float_precision="round_trip")[COLUMNS[1:]])
    cells = ["prediction", *map(repr, prediction.tolist())]
    lines = data.read_text(encoding="utf-8").splitlines()
    result = "".join(f"{line},{cell}\n" for line, cell in zip(lines, cells, strict=True))
    (folder / "expected.csv").write_text(result, encoding="utf-8")
