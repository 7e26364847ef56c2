"""The Python handler's job on local files: handler.py MODEL DATA OUTPUT [FEATURE …].

It does what the documented prediction_handler.py does between its downloads and
its upload, without boto3.
"""

import sys

import joblib
import pandas as pd


def handle(model_path, data_path, output_path, feature_columns):
    model = joblib.load(model_path)
    data = pd.read_csv(data_path)
    missing = [name for name in feature_columns if name not in data.columns]
    if missing:
        raise ValueError(f"Missing required feature columns: {', '.join(missing)}")
    if data.empty:
        raise ValueError("Empty dataframe")
    data["prediction"] = model.predict(data[feature_columns])
    data.to_csv(output_path, index=False)


if __name__ == "__main__":
    model, data, output, *features = sys.argv[1:]
    handle(model, data, output, features)
