"""Measures brine and what it is compared with, side by side, and writes BENCHMARKS.md.

`make bench` runs it from the project's root. BENCH=quick takes fewer rounds, and
leaves out what takes longest.
"""

import csv
import filecmp
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import coldstart
import report
from models import BY_NAME, JOBS, LONG, MODELS, Job
from processes import CORES, run

BENCH = pathlib.Path("testdata/bench")
LOCAL = pathlib.Path(".local/bench")
WORK, INFERENCE, OUT, BIN = LOCAL / "work", LOCAL / "inference", LOCAL / "out", LOCAL / "bin"
PYTHON = str(LOCAL / "venv/bin/python")
BRINE, INVOKE = str(BIN / "brine"), str(BIN / "invoke")
QUICK = os.environ.get("BENCH") == "quick"
ROUNDS = 3 if QUICK else 7
SIZES = [1_000, 1_000_000] if QUICK else [1_000, 1_000_000, 10_000_000]


def data(model, rows):
    return WORK / f"{BY_NAME[model].table}-{rows}.csv"


def prepare():
    """Models, tables, the programs and the Go benchmarks' binaries."""
    for folder in WORK, INFERENCE, OUT, BIN:
        folder.mkdir(parents=True, exist_ok=True)
    # Installed, as they are used, and as the handler's libraries are. Go's linker
    # writes page by page, and until such a file is read from the disk anew Linux
    # maps it page by page, too, at each start: 10 to 20 % of a small job.
    shutil.copy("dist/host/brine", BRINE)
    shutil.copy("dist/host/invoke/bootstrap", INVOKE)
    subprocess.run(["go", "build", "-trimpath", "-ldflags=-s -w", "-o", WORK / "nothing", BENCH / "nothing.go"], check=True, env=os.environ | {"CGO_ENABLED": "0"})
    shutil.copy(WORK / "nothing", BIN / "nothing")
    tables = {data(j.model, j.rows).stem for j in JOBS + LONG} | {data("linear", n).stem for n in SIZES}
    tables |= {data(m.name, m.rows).stem for m in MODELS}
    run([PYTHON, "-W", "ignore", str(BENCH / "make.py"), str(WORK), *sorted(tables)], cores=CORES)
    for m in MODELS:
        folder = INFERENCE / m.name
        folder.mkdir(exist_ok=True)
        for link, target in ("model.pkl", WORK / f"{m.name}.pkl"), ("data.csv", data(m.name, m.rows)):
            (folder / link).unlink(missing_ok=True)
            (folder / link).symlink_to(target.absolute())
    for package in "sklearn", "table":
        subprocess.run(["go", "test", "-c", "-o", LOCAL / f"{package}.test", f"./functions/internal/{package}"], check=True)


def new(name):
    """The path of a result, for every process a file that is not there yet."""
    path = OUT / name
    path.unlink(missing_ok=True)
    return str(path)


def brine(job, cores=CORES[-1:], out="brine.csv"):
    return run([BRINE, "predict", str(WORK / f"{job.model}.pkl"), str(data(job.model, job.rows)), "-o", new(out)], cores)


def handler(job):
    path = data(job.model, job.rows)
    with open(path) as f:
        features = f.readline().strip().split(",")
    return run([PYTHON, str(BENCH / "handler.py"), str(WORK / f"{job.model}.pkl"), str(path), new("handler.csv"), *features])


def starts():
    """What it takes to start brine, and a program of Go that does nothing."""
    say("starts")
    return [(run([BRINE, "--version"]), run([str(BIN / "nothing")])) for _ in range(5 * ROUNDS)]


def agreement(model):
    """How the two results agree; a result that does not ends the run."""
    ours, theirs = OUT / "brine.csv", OUT / "handler.csv"
    if filecmp.cmp(ours, theirs, shallow=False):
        return "equal bytes"
    far = 0.0
    with open(ours) as a, open(theirs) as b:
        for mine, other in zip(csv.reader(a), csv.reader(b), strict=True):
            if mine == other:
                continue
            if mine[:-1] != other[:-1]:
                raise SystemExit(f"{model.name}: another row than the handler's: {mine}, not {other}")
            far = max(far, abs(float(mine[-1]) - float(other[-1])))
    if model.exact or far > 1e-12:
        raise SystemExit(f"{model.name}: {far} off the handler's result")
    return f"within {far:.0e}"


def jobs():
    """Whole processes, ours and the handler's in turn."""
    handler(JOBS[0])  # reads the libraries from the disk
    for job in JOBS:
        if QUICK and job.rows > 100_000:
            continue
        say(f"{job.model}, {job.rows} rows")
        brine(job)  # the same for model and table
        pairs = [(brine(job), handler(job)) for _ in range(ROUNDS)]
        yield job, pairs, agreement(BY_NAME[job.model])


def memory():
    """Peak MB by rows, on both cores."""
    for model in "linear", "boosting", "forest":
        say(f"memory of {model}")
        sizes = SIZES if model != "forest" else SIZES[:2]
        yield model, [(n, brine(Job(model, n), cores=CORES).peak) for n in sizes]


def cores():
    """Long jobs on one core, on two, and seconds of two processes at once, each on one of these."""
    for job in LONG[::3] if QUICK else LONG:
        say(f"{job.model}, one core and two")
        yield job, [(brine(job), brine(job, cores=CORES), side_by_side(job)) for _ in range(ROUNDS)]


def side_by_side(job):
    with ThreadPoolExecutor() as threads:
        return [u.wall for u in threads.map(lambda core: brine(job, [core], f"brine-{core}.csv"), CORES)]


def go_test(package, name, *more):
    """What one Go benchmark on one core prints."""
    binary = (LOCAL / f"{package}.test").absolute()
    return subprocess.run(
        [binary, "-test.run=^$", f"-test.bench={name}", "-test.cpu=1", "-test.benchtime=0.3s", *more],
        cwd=f"functions/internal/{package}", check=True, capture_output=True, text=True).stdout


def go_benchmark(package, name, unit):
    """The figure of one Go benchmark."""
    found = go_test(package, name)
    figure = re.search(rf"([\d.]+) {re.escape(unit)}", found)
    if not figure:
        raise SystemExit(f"{name} of {package} says\n{found}")
    return float(figure[1])


def profile(package, name, within):
    """The functions that take most of one Go benchmark's time in those named, and their percentages."""
    path = (LOCAL / "profile").absolute()
    go_test(package, name, f"-test.cpuprofile={path}")
    top = subprocess.check_output(
        ["go", "tool", "pprof", "-top", "-nodecount=5", "-relative_percentages", f"-focus={within}", LOCAL / f"{package}.test", path],
        text=True, stderr=subprocess.DEVNULL)
    found = re.findall(r"^ *\S+ +([\d.]+)% +\S+ +\S+ +\S+ +(\S+)", top, re.MULTILINE)
    if not found:
        raise SystemExit(f"pprof of {name} says\n{top}")
    return [(function, float(percent)) for percent, function in found]


def profiles():
    say("profiles")
    yield "the table path", profile("table", "^BenchmarkTable$/^4_decimals$", r"table\.\(\*(Splitter|Layout)\)")
    for m in compared():
        yield m.what, profile("sklearn", f"^BenchmarkPredict$/^{m.name}$", r"sklearn\.\(\*Model\)\.Predict")


def compared():
    """The models whose inference alone is measured."""
    return [m for m in MODELS if m.name not in ("linear", "forest-half")]


def inference():
    """Rows a second of each engine in turn, on one core."""
    for m in compared():
        say(f"inference of {m.name}")
        folder = INFERENCE / m.name
        with subprocess.Popen([PYTHON, BENCH / "engines.py", folder, LOCAL / "compiled" / m.name], stdin=subprocess.PIPE,
                              stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as child:
            ready = json.loads(child.stdout.readline())
            rates = {"brine": []}
            for _ in range(ROUNDS):
                rates["brine"].append(go_benchmark("sklearn", f"^BenchmarkPredict$/^{m.name}$", "rows/s"))
                for engine, how in ready.items():
                    if "rows" in how:
                        print(engine, file=child.stdin, flush=True)
                        rates.setdefault(engine, []).append(how["rows"] / json.loads(child.stdout.readline()))
            child.stdin.close()
        yield m, ready, rates


def opening(model="forest-half"):
    """Seconds to open a model here and by joblib.load, and the peak of a process that does."""
    say(f"opening {model}")
    path = str(WORK / f"{model}.pkl")
    timed = "import joblib, sklearn.ensemble, sys, time; t = time.perf_counter(); joblib.load(sys.argv[1]); print(time.perf_counter() - t)"
    pairs = []
    for _ in range(ROUNDS):
        ours = go_benchmark("sklearn", f"^BenchmarkOpen$/^{model}$", "ns/op") / 1e9
        pairs.append((ours, float(subprocess.check_output([PYTHON, "-c", timed, path]))))
    return pairs, run([BRINE, "predict", path, data("linear", 1_000), "-o", new("brine.csv")]).peak, os.path.getsize(path) / 1e6


def table():
    """MB a second of the table path, and of the standard library that only parses."""
    say("the table path")
    return [[go_benchmark("table", f"^Benchmark{name}$", "MB/s") for name in ("Table$/^4_decimals", "EncodingCSV")] for _ in range(ROUNDS)]


def say(what):
    print(f"{time.strftime('%H:%M:%S')} {what}", file=sys.stderr, flush=True)


def main():
    began = time.time()
    say("models and tables")
    prepare()
    sections = [
        report.jobs(list(jobs()), starts()),
        report.inference(list(inference())),
        report.rest(table(), opening(), list(memory()), list(cores()), coldstart.measure(INVOKE, ROUNDS)),
        report.profiles(profiles()),
    ]
    pathlib.Path("testdata/BENCHMARKS.md").write_text(report.page(sections, ROUNDS, QUICK, time.time() - began))


if __name__ == "__main__":
    main()
