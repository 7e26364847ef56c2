"""Pickles that would call something, made by Python itself: writes hostile.json.

Loading any of them in Python runs it. Made with Python 3.11, scikit-learn 1.3.0,
numpy 1.24.3 and joblib 1.3.2.
"""
import asyncio.subprocess, base64, code, copyreg, cProfile, ctypes, functools, importlib, io, json, marshal
import operator, os, pdb, pickle, pydoc, runpy, shutil, socket, subprocess, timeit, webbrowser

import joblib, numpy, numpy.testing
from sklearn.linear_model import LinearRegression


class Call:
    def __init__(self, function, *args):
        self.made = function, args

    def __reduce__(self):
        return self.made


class State(Call):
    """Its state goes to the function (the sixth item of a reduction)."""

    def __reduce__(self):
        return object, (), "id", None, None, self.made[0]


CALLS = [
    Call(os.system, "id"), Call(eval, "1"), Call(exec, "1"), Call(compile, "1", "x", "eval"), Call(open, "x"), Call(__import__, "os"),
    Call(getattr, dict, "get"), Call(setattr, dict, "a", 1), Call(globals), Call(breakpoint), Call(input),
    Call(os.popen, "id"), Call(os.remove, "x"), Call(os.execv, "/bin/sh", ("sh",)), Call(os.putenv, "a", "b"),
    Call(subprocess.Popen, "id"), Call(subprocess.run, "id"), Call(subprocess.check_output, "id"), Call(subprocess.getoutput, "id"),
    Call(io.open_code, "x"), Call(importlib.import_module, "os"), Call(runpy.run_path, "x"), Call(runpy.run_module, "x"),
    Call(marshal.loads, b"N"), Call(pickle.loads, b"N."), Call(pickle.load, "x"), Call(joblib.load, "x"),
    Call(numpy.load, "x"), Call(numpy.fromfile, "x"), Call(numpy.loadtxt, "x"), Call(numpy.save, "x", 1), Call(numpy.testing.rundocs, "x"),
    Call(shutil.rmtree, "x"), Call(socket.create_connection, ("x", 1)), Call(webbrowser.open, "x"), Call(ctypes.CDLL, "x"),
    Call(pdb.run, "1"), Call(cProfile.run, "1"), Call(timeit.timeit, "1"), Call(code.interact), Call(pydoc.pipepager, "1", "id"),
    Call(pydoc.locate, "os"), Call(functools.reduce, eval, ("1", "2")), Call(operator.methodcaller, "system", "id"),
    Call(copyreg.add_extension, "os", "system", 1), Call(copyreg.constructor, len),
    Call(asyncio.subprocess.create_subprocess_shell, "id"), State(os.system),
]


def called(call):
    """The name as a pickle has it."""
    function = call.made[0]
    module = pickle.whichmodule(function, function.__qualname__).lstrip("_")  # below protocol 3 it has Python 2's
    return f"{module}.{function.__qualname__}"


def model(call):
    m = LinearRegression().fit(numpy.eye(2), numpy.arange(2))
    m.coef_ = call
    return m


def dumped(value):
    out = io.BytesIO()
    joblib.dump(value, out)
    return out.getvalue()


out = []


def add(name, data, *calls):
    out.append({"name": name, "pickle": base64.b64encode(data).decode(), "calls": [called(c) for c in calls]})


for call in CALLS:
    for protocol in range(6):
        add(f"{called(call)}, protocol {protocol}", pickle.dumps(call, protocol), call)
one, two = CALLS[0], CALLS[1]
for name, value in {
    "in a model's attribute": model(one), "two in a list": [one, two], "as a dict's key and value": {"a": one, "b": {"c": two}},
    "in an array of objects": numpy.array([one, two], dtype=object), "in a model's array of objects": model(numpy.array([one, two], dtype=object)),
    "as another call's argument": Call(os.system, two), "in a partial": functools.partial(print, one),
}.items():
    calls = [c for c in (one, two) if c.made[0].__qualname__.encode() in pickle.dumps(value, 0)]
    for protocol in range(6):
        add(f"{name}, protocol {protocol}", pickle.dumps(value, protocol), *calls)
    add(f"{name}, joblib", dumped(value), *calls)

with open(__file__.removesuffix(".py") + ".json", "w") as f:
    json.dump(out, f, indent=0)
    f.write("\n")
