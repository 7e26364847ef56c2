"""Inference alone by the other engines, on one thread: engines.py FOLDER CACHE.

FOLDER has model.pkl and data.csv. The first line out is a JSON object: for each
engine the rows that it predicts and the largest difference from scikit-learn's
numbers (for labels, the share that differs), or why it cannot take the model.
Then each line in names an engine, which predicts the rows once, and its seconds
come back.
"""

import contextlib
import json
import os
import pathlib
import sys
import time
import warnings

import joblib
import numpy as np
import pandas as pd
from sklearn.feature_extraction.text import TfidfVectorizer
from threadpoolctl import threadpool_limits

from models import BY_NAME, ENGINES_AHEAD

LARGE = 50e6  # bytes of a model; gcc takes minutes for such, and the other engines are far behind
FEW_ROWS = 2_000


def scikit_learn(model, x, *_):
    return len(x), lambda: model.predict(x)


def onnx_runtime(model, x, cache, large):
    import onnxruntime as ort
    from skl2onnx import to_onnx
    from skl2onnx.common.data_types import FloatTensorType, StringTensorType

    named = isinstance(x, pd.DataFrame)
    if named:
        numeric = {c: x[c].dtype.kind == "f" for c in x}
        types = [(c, FloatTensorType([None, 1]) if numeric[c] else StringTensorType([None, 1])) for c in x]
        feed = {c: x[[c]].to_numpy(np.float32 if numeric[c] else object) for c in x}
    else:
        types, feed = [("x", FloatTensorType([None, x.shape[1]]))], {"x": x.astype(np.float32)}
    path = cache / "model.onnx"
    if not path.exists():
        options = {TfidfVectorizer: {"locale": "C"}}
        if hasattr(model, "classes_"):
            options[id(model)] = {"zipmap": False}
        path.write_bytes(to_onnx(model, initial_types=types, options=options).SerializeToString())
    threads = ort.SessionOptions()
    threads.intra_op_num_threads = threads.inter_op_num_threads = 1
    session = ort.InferenceSession(str(path), threads, providers=["CPUExecutionProvider"])
    first = [session.get_outputs()[0].name]
    if large:
        feed = {name: cells[:10 * FEW_ROWS] for name, cells in feed.items()}
    return len(next(iter(feed.values()))), lambda: session.run(first, feed)[0].ravel()


def treelite(model, x, cache, large):
    import tl2cgen
    import treelite

    if hasattr(model, "booster_"):
        trees = treelite.frontend.from_lightgbm(model.booster_)
    else:
        trees = treelite.sklearn.import_model(model)
    if not hasattr(model, "_bin_mapper") and not hasattr(model, "booster_"):  # scikit-learn compares float32 features
        x = x.astype(np.float32).astype(np.float64)
    if large:
        few = np.ascontiguousarray(x[:FEW_ROWS])
        return len(few), lambda: treelite.gtil.predict(trees, few, nthread=1).ravel()
    library = cache / "model.so"
    if not library.exists():
        tl2cgen.export_lib(trees, toolchain="gcc", libpath=library, params={"parallel_comp": 16})
    predictor = tl2cgen.Predictor(library, nthread=1)
    rows = tl2cgen.DMatrix(x, dtype=trees.input_type)
    return len(x), lambda: predictor.predict(rows).ravel()


def lleaves(model, x, cache, _):
    import lleaves

    path = cache / "model.txt"
    model.booster_.save_model(str(path))
    compiled = lleaves.Model(model_file=str(path))
    compiled.compile(cache=cache / "model.bin")
    return len(x), lambda: compiled.predict(x, n_jobs=1)


ENGINES = {"scikit-learn": scikit_learn, "ONNX Runtime": onnx_runtime, "treelite": treelite, "lleaves": lleaves}


def difference(want, got):
    want, got = np.asarray(want), np.asarray(got)
    if want.dtype.kind == "f":
        return float(np.max(np.abs(want - got)))
    return float(np.mean(want != got))


def main(folder, cache):
    name = folder.name
    cache.mkdir(parents=True, exist_ok=True)
    model = joblib.load(folder / "model.pkl")
    x = pd.read_csv(folder / "data.csv")
    if BY_NAME[name].table in ("numbers", "wide"):
        x = np.ascontiguousarray(x.to_numpy())
    large = (folder / "model.pkl").stat().st_size > LARGE
    ready, runs = {}, {}
    want = model.predict(x)
    for engine, prepare in ENGINES.items():
        if engine == "treelite" and name not in ENGINES_AHEAD or engine == "lleaves" and name != "lightgbm":
            continue
        try:
            rows, runs[engine] = prepare(model, x, cache, large)
            ready[engine] = {"rows": rows, "difference": difference(want[:rows], runs[engine]())}
        except Exception as e:
            ready[engine] = {"refused": str(e).strip().splitlines()[0][:150] if str(e) else type(e).__name__}
    answer(ready)
    for line in sys.stdin:
        start = time.perf_counter()
        runs[line.strip()]()
        answer(time.perf_counter() - start)


def answer(value):
    print(json.dumps(value), file=replies, flush=True)


if __name__ == "__main__":
    warnings.filterwarnings("ignore")
    replies = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # what the libraries print is no answer
    with threadpool_limits(1), contextlib.redirect_stdout(sys.stderr):
        main(pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]))
