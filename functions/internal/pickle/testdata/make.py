"""Makes the pickles of this folder and want.json, what Python reads from them.

Python 3.11, scikit-learn 1.3.0, joblib 1.3.2, numpy 1.24.3, scipy 1.11.4,
pandas 2.0.3, lz4: python make.py
"""
import collections
import datetime
import decimal
import functools
import io
import json
import math
import os
import pickle
import re
import struct

import joblib
import joblib.numpy_pickle
import numpy as np

os.chdir(os.path.dirname(os.path.abspath(__file__)))
want = {}


def render(v):
    """Writes a value as Go's render in decode_test.go does."""
    if isinstance(v, (np.bool_, np.integer, np.str_, np.bytes_)):
        v = v.item()
    if v is None or isinstance(v, (bool, int)):
        return str(v)
    if isinstance(v, np.float32):
        return "f32 " + render(float(v))
    if isinstance(v, (float, np.floating)):
        v = float(v)
        return "nan" if math.isnan(v) else struct.pack(">d", v).hex()
    if isinstance(v, str):
        return json.dumps(v)
    if isinstance(v, (bytes, bytearray)):
        return "b" + v.hex()
    if isinstance(v, list):
        return "[" + ", ".join(map(render, v)) + "]"
    if isinstance(v, tuple):
        return "(" + ", ".join(map(render, v)) + ")"
    if isinstance(v, dict):
        return "{" + ", ".join(render(k) + ": " + render(x) for k, x in v.items()) + "}"
    if isinstance(v, (set, frozenset)):
        return "set(" + ", ".join(sorted(map(render, v))) + ")"
    if isinstance(v, type):
        return v.__module__ + "." + v.__qualname__
    if isinstance(v, np.dtype):
        return "dtype " + layout(v)
    if isinstance(v, np.ndarray):
        return f"array {layout(v.dtype)} {list(v.shape)} {elements(v)}"
    raise TypeError(type(v))


def layout(dtype):
    if dtype.names is None:
        return f"{dtype.kind}{dtype.itemsize}"
    fields = [f"{n}@{dtype.fields[n][1]} {layout(dtype.fields[n][0])}" for n in dtype.names]
    return f"{dtype.kind}{dtype.itemsize}(" + ", ".join(fields) + ")"


def elements(a):
    if a.dtype.names is not None and not a.dtype.hasobject:
        return "{" + ", ".join(f"{n}: {elements(a[n])}" for n in a.dtype.names) + "}"
    if a.dtype.kind in "biuf":
        return render([float(v) for v in np.asarray(a).ravel(order="C")])
    return render(np.asarray(a).ravel(order="C").tolist())


def save(name, obj, write):
    with open(name + ".pkl", "wb") as f:
        write(obj, f)
    want[name.split("-")[0]] = render(obj)


def each_protocol(name, obj):
    for protocol in range(6):
        save(f"{name}-p{protocol}", obj, lambda o, f: pickle.dump(o, f, protocol=protocol))


shared = [1]
values = {
    "none": None, "true": True, "false": False,
    "ints": [0, 1, 255, 256, 65535, 65536, 2**31 - 1, -1, -2**31, 2**31, 2**63 - 1, -2**63, 2**63, -2**63 - 1, 2**2100, -(2**2100)],
    "floats": [0.0, -0.0, 1.5, 0.1, 1e300, 5e-324, math.inf, -math.inf, math.nan],
    "text": ["", "plain", "new\nline", "back\\slash \\u0041", "é ÿ", "東京", "😀", "x" * 300, "'\""],
    "bytes": [b"", b"ab\x00\xff", bytes(range(256)), b"y" * 300], "bytearray": bytearray(b"\x00ab\xff"),
    "tuples": [(), (1,), (1, 2), (1, 2, 3), (1, 2, 3, 4)], "lists": [[], [1], [[1], [2, 3]]],
    "dicts": [{}, {"a": 1}, {1: "one", 2.5: None, (1, 2): True}],
    "sets": [set(), {1, 2, 3}, frozenset([4, 5])], "shared": [shared, shared],
    "classes": [int, str, range, collections.OrderedDict, np.float64, np.ndarray],
    "many": list(range(2500)),
}
each_protocol("values", values)

grid = np.arange(24, dtype=float).reshape(2, 3, 4) / 8
arrays = {
    "bool": np.array([True, False, True]),
    **{f"i{s}": np.array([-2**(8 * s - 1), -1, 0, 2**(8 * s - 1) - 1], f"i{s}") for s in (1, 2, 4, 8)},
    **{f"u{s}": np.array([0, 1, 2**(8 * s) - 1], f"u{s}") for s in (1, 2, 4, 8)},
    **{f"f{s}": np.array([0, -0.0, 1.5, -2.25, 6e-8, 65504, math.inf, -math.inf, math.nan], f"f{s}") for s in (2, 4, 8)},
    **{f"big {t}": np.array([1, -2, 300], ">" + t) for t in ("i2", "i4", "i8", "f2", "f4", "f8")},
    "big u2": np.array([1, 300], ">u2"), "big U": np.array(["ab", "東京"], ">U3"),
    "U": np.array([["a", "bcd"], ["é", "😀"]]), "U empty": np.array(["", ""]), "S": np.array([b"a", b"bcd"]),
    "0-d": np.array(2.5), "empty": np.empty((0, 3)), "2-d": grid[0], "3-d": grid,
    "Fortran 2-d": np.asfortranarray(grid[0]), "Fortran 3-d": np.asfortranarray(grid),
    "Fortran big": np.asfortranarray(grid[0].astype(">f4")), "Fortran U": np.asfortranarray([["a", "bc"], ["d", "e"], ["f", "gh"]]),
    "strided": grid[:, ::2, 1], "transposed": np.arange(6).reshape(2, 3).T, "matrix": np.matrix([[1, 2], [3, 4]]),
    "O text": np.array(["a", "東京"], object), "O mixed": np.array([1, 2.5, None, True, "x"], object),
    "O Fortran": np.asfortranarray(np.array([["a", "b"], ["c", "d"], ["e", "f"]], object)),
    "O of arrays": np.array([[np.arange(3), None], [np.array(["x"]), grid[0]]], object),
    "fields": np.array([(1, 0.5, 7), (2, -0.5, 8)], np.dtype({"names": ["left", "threshold", "go"], "formats": ["<i8", ">f8", "u1"], "itemsize": 24})),
    "nested fields": np.array([((1, 2), 3)], [("a", [("x", "i2"), ("y", "f4")]), ("b", "U2")]),
    "fields with objects": np.array([(1, "x"), (2, None)], [("a", "i4"), ("b", "O")]),
}
each_protocol("arrays", arrays)
scalars = {
    **{t: np.dtype(t).type(100) for t in ("i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", "f2", "f4", "f8")},
    "u8 big": np.uint64(2**64 - 1), "bool": np.bool_(True), "str": np.str_("東京"), "bytes": np.bytes_(b"ab"),
    "big-endian": np.array([258], ">i2")[0], "dtypes": [np.dtype("f8"), np.dtype(">i4"), np.dtype("U3"), np.dtype([("a", "i2"), ("b", "f4")])],
}
each_protocol("scalars", scalars)

for protocol in range(6):
    save(f"arrays-joblib-p{protocol}", arrays, lambda o, f: joblib.dump(o, f, protocol=protocol))
for method in ("zlib", "gzip", "bz2", "lzma", "xz", "lz4"):
    joblib.dump(arrays, f"arrays-joblib-{method}.pkl", compress=(method, 3))

# joblib before 1.2 had no alignment, and writes none where it cannot tell its place.
wrapper = joblib.numpy_pickle.NumpyArrayWrapper


def dump_without_alignment(obj, change):
    original = wrapper.__init__

    def init(self, *args, **kwargs):
        original(self, *args, **kwargs)
        change(self)

    wrapper.__init__ = init
    try:
        out = io.BytesIO()
        joblib.dump(obj, out)
        return out.getvalue()
    finally:
        wrapper.__init__ = original


save("arrays-joblib-unaligned-none", arrays, lambda o, f: f.write(dump_without_alignment(o, lambda w: setattr(w, "numpy_array_alignment_bytes", None))))
save("arrays-joblib-unaligned-absent", arrays, lambda o, f: f.write(dump_without_alignment(o, lambda w: delattr(w, "numpy_array_alignment_bytes"))))
save("arrays-numpy2-names", arrays, lambda o, f: f.write(pickle.dumps(o, protocol=2).replace(b"cnumpy.core.", b"cnumpy._core.")))


class Plain:
    def __init__(self):
        self.a, self.b = 1, [2]


class Slots:
    __slots__ = ("x",)

    def __init__(self):
        self.x = 3


class Items(list):
    pass


class Named(dict):
    pass


class Keyword:
    def __new__(cls, *args, **kwargs):
        return object.__new__(cls)

    def __getnewargs_ex__(self):
        return (1,), {"k": 2}


def objects():
    from sklearn.neighbors import KDTree
    from sklearn.tree import DecisionTreeClassifier
    named = Named(k=1)
    named.extra = True
    tree = DecisionTreeClassifier(max_depth=1).fit([[0.0], [1.0]], [0, 1])
    return {
        "plain": Plain(), "items": Items([1, 2]), "named": named,
        "ordered": collections.OrderedDict(a=1, b=2), "default": collections.defaultdict(list, a=1),
        "date": datetime.date(2024, 2, 29), "decimal": decimal.Decimal("1.10"), "partial": functools.partial(np.log1p),
        "pattern": re.compile("a+"), "slice": slice(1, None, 2), "range": range(3), "complex": 1 + 2j,
        "RandomState": np.random.RandomState(0), "Generator": np.random.default_rng(0),
        "masked": np.ma.masked_array([1, 2], [False, True]), "datetime64": np.datetime64("2024-02-29"), "longdouble": np.longdouble(1),
        "tree": tree.tree_, "kd": KDTree([[0.0], [1.0]]), "ufunc": np.log1p, "axis": np.array([1j]),
    }


for protocol in range(6):
    o = objects()
    if protocol >= 2:
        o["slots"] = Slots()
    if protocol >= 4:
        o["keyword"] = Keyword()
    with open(f"objects-p{protocol}.pkl", "wb") as f:
        joblib.dump(o, f, protocol=protocol)

with open("want.json", "w") as f:
    json.dump(want, f, indent=0, sort_keys=True)
