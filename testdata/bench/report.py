"""Writes what was measured as Markdown: medians, spreads, and whether each goal is reached."""

import os
import platform
import re
import time
from statistics import median

from models import BY_NAME, ENGINES_AHEAD, LLEAVES

HEAD = """# Benchmarks

Written by `make bench`{quick} on {date}: {machine}, {system}, {go}.
Every figure is the median of {rounds} rounds, with the smallest and the largest round in brackets;
what is compared takes turns within a round. Load average at the end: {load}. All of it took {minutes:.0f} minutes.
A goal that is not reached is a **miss**.
"""


def page(sections, rounds, quick, seconds):
    return "\n".join([HEAD.format(
        quick=" with `BENCH=quick`" if quick else "", date=time.strftime("%Y-%m-%d"), machine=machine(),
        system=f"{platform.system()} {platform.machine()}", go=go_version(), rounds=rounds,
        load=f"{os.getloadavg()[1]:.1f}", minutes=seconds / 60), *sections])


def machine():
    with open("/proc/cpuinfo") as f:
        return f"{re.search('model name.*: (.*)', f.read())[1].strip()}, {os.cpu_count()} cores"


def go_version():
    return os.popen("go env GOVERSION").read().strip()


def lines(header, rows):
    rule = ["---" if i == 0 else "---:" for i in range(len(header))]
    return "\n".join("| " + " | ".join(map(str, row)) + " |" for row in (header, rule, *rows)) + "\n"


def spread(values, form="{:.1f}"):
    return f"{form.format(median(values))} ({form.format(min(values))}–{form.format(max(values))})"


def verdict(reached):
    return "yes" if reached else "**miss**"


def bounds(misses):
    """What keeps each thing that missed its goal from reaching it."""
    return "\n".join(["", "What bounds the misses:", "", *(f"- *{what}*: {why}." for what, why in misses), ""]) if misses else ""


def count(rows):
    return f"{rows // 1_000_000}M" if rows >= 1_000_000 else f"{rows // 1_000}K"


def jobs(measured, starts):
    rows, misses = [], []
    start, nothing = (1000 * median(u.cpu for u in each) for each in zip(*starts))
    for job, pairs, agreement in measured:
        ours, theirs = zip(*pairs)
        times = [b.cpu / a.cpu for a, b in pairs]
        if median(times) < job.goal:
            misses.append((f"{BY_NAME[job.model].what}, {count(job.rows)}",
                           f"the start, which takes {start:.1f} of {1000 * median(u.cpu for u in ours):.1f} ms, and memory that is touched for the first time"))
        rows.append([
            BY_NAME[job.model].what, count(job.rows),
            f"{median(u.cpu for u in theirs):.2f}", f"{median(u.cpu for u in ours):.3f}", spread(times),
            f"≥ {job.goal}" if job.goal else "–", verdict(median(times) >= job.goal) if job.goal else "–",
            f"{median(b.wall / a.wall for a, b in pairs):.1f}",
            f"{median(u.peak for u in theirs):.0f}", f"{median(u.peak for u in ours):.0f}", f"{median(u.faults for u in ours):.0f}", agreement,
        ])
    return f"""
## Whole process, one core

`brine predict` and [the Python handler](bench/handler.py) (pandas 2.0.3, scikit-learn 1.3.0, one thread), start included,
each from a model file and a CSV to the CSV with predictions.
CPU is user and system seconds; *less* is how many times less of it brine takes. Page faults are how the system brings in the memory that a process touches.
`brine --version` takes {start:.1f} ms of CPU, and a Go program that does nothing {nothing:.1f} ms.

""" + lines(["model", "rows", "handler CPU s", "brine CPU s", "less", "goal", "reached", "wall, times less",
             "handler peak MB", "brine peak MB", "brine page faults", "results"], rows) + bounds(misses)


def inference(measured):
    engines = ["scikit-learn", "ONNX Runtime", "treelite", "lleaves"]
    rows, notes, misses = [], [], []
    for m, ready, rates in measured:
        cells = []
        for engine in engines:
            if engine not in rates:
                cells.append("refused" if engine in ready else "–")
                if engine in ready:
                    notes.append(f"- {engine} does not take *{m.what}*: {ready[engine]['refused']}")
                continue
            times = [ours / other for ours, other in zip(rates["brine"], rates[engine])]
            cells.append(f"{median(rates[engine]) / 1000:.1f}K · {spread(times, '{:.2f}')}")
            if far := ready[engine]["difference"]:
                what = "of the labels differ" if m.classes else "off at most"
                notes.append(f"- {engine} on *{m.what}*: {f'{far:.2%} ' + what if m.classes else f'{what} {far:.0e}'}")
        goals = [median(a / b for a, b in zip(rates["brine"], rates["scikit-learn"])) >= m.faster] if m.faster else []
        if m.name in ENGINES_AHEAD:
            goals += [median(a / b for a, b in zip(rates["brine"], rates[e])) > (LLEAVES if e == "lleaves" else 1)
                      for e in engines[1:] if e in rates]
        if not all(goals):
            misses.append((m.what, m.bound or "the number of its instructions: where they are spent is below"))
        rows.append([m.what, f"{median(rates['brine']) / 1000:.1f}K", *cells,
                     f"≥ {m.faster}" if m.faster else "–", verdict(all(goals)) if goals else "–"])
    return """
## Inference alone, one core

Rows a second in memory, and how many times as many brine does. ONNX Runtime and treelite run the same fitted model, on one thread;
treelite is compiled by tl2cgen and gcc, except the forest of deep trees (2.5 million nodes), which its interpreter GTIL runs.
LightGBM's model is measured against LightGBM itself in place of scikit-learn, and against lleaves, which compiles it by LLVM.
The goal is against scikit-learn; ahead of the others is a goal too for the models of trees (1.2 times lleaves).

""" + lines(["model", "brine rows/s", *(f"{e} rows/s · times" for e in engines), "goal", "reached"], rows) + bounds(misses) + \
        "\nHow far the other engines' predictions are from scikit-learn's; brine's are scikit-learn's (above).\n\n" + "\n".join(notes) + "\n"


def rest(table, opening, memory, cores, start):
    pairs, peak, size = opening
    times = [b / a for a, b in pairs]
    rates, plain = zip(*table)
    ahead = [a / b for a, b in table]
    misses = []
    if median(rates) < 400:
        misses.append(("the table path", f"the processor, on which encoding/csv and strconv parse {median(plain):.0f} MB/s and not 134, and in it the conversion of digits (see below)"))
    if median(start["job"]) > 15:
        misses.append(("cold start", f"a Go process with the SDK in it, {median(start['refusal']):.1f} ms, and then the requests to S3"))
    rows = [
        ["parse 10 float columns and write the result, one core", spread(rates, "{:.0f}") + " MB/s in", "≥ 400", verdict(median(rates) >= 400)],
        [f"the same: times encoding/csv and strconv ({median(plain):.0f} MB/s), which parse and write nothing", spread(ahead), "–", "–"],
        [f"open a forest of {size:.0f} MB: times less than joblib.load", spread(times), "≥ 3", verdict(median(times) >= 3)],
        ["the same: peak memory by its file", f"{peak / size:.2f} ({peak:.0f} MB)", "≤ 1.3", verdict(peak <= 1.3 * size)],
        ["cold start of `invoke`, process start to the first answer: 1K rows by the sample model, of an S3 that answers from memory", spread(start["job"]) + " ms", "≤ 15", verdict(median(start["job"]) <= 15)],
        ["the same, a refused payload (no S3)", spread(start["refusal"]) + " ms", "–", "–"],
    ]
    for model, peaks in memory:
        first, last = peaks[0][1], peaks[-1][1]
        rows.append([f"peak memory, {BY_NAME[model].what}, two cores: " + " · ".join(count(n) for n, _ in peaks),
                     " · ".join(f"{p:.0f}" for _, p in peaks) + " MB", "flat: + ≤ 32", verdict(last - first <= 32)])
    for job, runs in cores:
        times = [one.wall / two.wall for one, two, _ in runs]
        most = [sum(one.wall / each for each in both) for one, _, both in runs]
        if median(times) < 1.8:
            more = median(two.cpu / one.cpu for one, two, _ in runs) - 1
            idle = median(1 - two.cpu / two.wall / 2 for _, two, _ in runs)
            misses.append((f"two cores, {BY_NAME[job.model].what}",
                           f"{idle:.0%} of their time is idle, at the start, at the end and while one waits for the other, and {more:.0%} more CPU, as blocks change cores"))
        rows.append([f"two cores, times one core: {BY_NAME[job.model].what}, {count(job.rows)}; of two processes",
                     f"{spread(times, '{:.2f}')}; {spread(most, '{:.2f}')}", "≥ 1.8", verdict(median(times) >= 1.8)])
    return """
## The rest

The goal in MB/s is of a machine on which encoding/csv and strconv parse 134 MB/s, so what they do on this one is shown beside it.
Two processes that do the job side by side, each on a core of its own, show what the second core of this machine can add.

""" + lines(["what", "figure", "goal", "reached"], rows) + bounds(misses)


def profiles(measured):
    rows = [[what, ", ".join(f"`{readable(function)}` {percent:.0f}" for function, percent in top)] for what, top in measured]
    return """
## Where the time goes

What inference alone and the table path spend most of their time in: functions and their percentages, by `go tool pprof`.

""" + lines(["of", "in"], rows)


def readable(function):
    """A function's name without the path of its package and the types that it is compiled for."""
    return re.sub(r"\[.*\]", "", function).rsplit("/", 1)[-1]
