"""Compares brine with scikit-learn on models at random.

    python differential.py BRINE [--seed N] [--seconds N] [--only SEED.NUMBER]

Draws models, parameters and tables (draw.py), fits them with the scikit-learn that is installed, lets the program BRINE
predict from the pickle and a CSV, and compares with what predict says. Ends with 1 if an answer differs; the model, the
table and both answers are then in .local/differential/SEED.NUMBER.

An answer that scikit-learn gives otherwise when it is asked about one row, or about numbers that differ in their last bit,
or whose decision is 0 but for rounding, is counted and is no difference. Nor is one where scikit-learn raises an error: most
are its own faults, but they are listed to be looked at.
"""

import argparse
import collections
import io
import multiprocessing
import pickle
import re
import subprocess
import sys
import time
import warnings
from contextlib import suppress
from pathlib import Path

import joblib
import numpy as np
import pandas as pd
from threadpoolctl import threadpool_limits

from draw import Draw, Table

FOLDER = Path(".local/differential")
BAR = 1e-9  # of the largest answer
KERNELS = 1e-5  # what brine leaves of sums of kernels that cancel out, see COMPATIBILITY.md: of the largest answer, or of 1
MOVED = 1e3  # times as far as scikit-learn's own answer moves
LIMIT = 20  # seconds for one case


class Case:
    """A fitted model and what scikit-learn answers."""

    def __init__(self, seed, number):
        self.draw = draw = Draw([seed, number])
        self.name = f"{seed}.{number}"
        self.table = table = Table(draw)
        self.model, target = draw.model(table)
        self.named = bool(table.codes) or draw.chance(0.5)
        self.model.fit(self.input(read(table.fit) if draw.chance(0.5) else table.fit), target)
        self.asked = read(table.ask)
        try:
            self.want, self.error = self.answer(self.asked), None
        except Exception as error:
            self.want, self.error = None, error

    def answer(self, frame):
        """Rows × outputs, of numbers or of text."""
        y = np.asarray(self.model.predict(self.input(frame)))
        if len(y) != len(frame):
            raise ValueError(f"{len(y)} answers to {len(frame)} rows")  # scikit-learn 1.9: several outputs of Lars
        y = y.reshape(len(y), -1)
        return y if y.dtype.kind in "iuf" else y.astype(str)

    def input(self, frame):
        return frame if self.named else frame.to_numpy()

    def save(self, folder):
        folder.mkdir(parents=True, exist_ok=True)
        protocol = self.draw.one([0, 1, 2, 3, 4, 5, 5, 5])
        if self.draw.chance(0.3):
            (folder / "model.pkl").write_bytes(pickle.dumps(self.model, protocol))
        else:
            compress = self.draw.one([0, 0, 3, ("gzip", 3), ("bz2", 3), ("xz", 2), ("lzma", 2)])
            joblib.dump(self.model, folder / "model.pkl", compress=compress, protocol=protocol)
        self.table.ask.to_csv(folder / "data.csv", index=False)

    def differs(self, got):
        """Marks the rows whose answer is another by more than rounding may make it."""
        if self.want.dtype.kind == "U":
            return (got != self.want).any(axis=1)
        size = np.abs(self.want[np.isfinite(self.want)]).max(initial=1e-300)
        whole = pickle.dumps(self.model)  # a long repr is cut
        expands = any(name in whole for name in (b"GaussianProcess", b"KernelRidge"))
        bar = KERNELS * max(1, size) if expands else BAR * size
        return ~((distance(got, self.want) <= bar).all(axis=1))

    def unsure(self, rows, got):
        """Marks those of some rows that rounding decides: scikit-learn gives them another answer, or one as far from its own,
        if it is asked about one row, or if their numbers change by their last bit; or its decision is as good as none."""
        ask, want = self.asked, self.want[rows]
        others = [self.answer(nudged(ask, to))[rows] for to in (-np.inf, np.inf)]
        with suppress(ValueError):  # of one row, a sparse code has one dimension
            others.append(np.concatenate([self.answer(ask.iloc[i : i + 1]) for i in rows]))
        if want.dtype.kind == "U":
            moved = np.any([(o != want).any(axis=1) for o in others], axis=0)
        else:
            most = np.max([distance(o, want) for o in others], axis=0)
            moved = (distance(got[rows], want) <= MOVED * most).all(axis=1)
        return moved | self.close()[rows]

    def close(self):
        """Marks the rows whose decision is as good as none."""
        for method in ("decision_function", "predict_proba"):
            scores = getattr(self.model, method)(self.input(self.asked)) if hasattr(self.model, method) else None
            if not isinstance(scores, np.ndarray):
                continue
            scores = scores.reshape(len(scores), -1)
            if scores.shape[1] == 1:
                scores = np.hstack([scores, 0 * scores])
            top = np.sort(scores, axis=1)[:, -2:]
            return top[:, 1] - top[:, 0] <= BAR
        return np.zeros(len(self.asked), bool)


def read(frame):
    """A table as pandas reads it from a CSV."""
    return pd.read_csv(io.StringIO(frame.to_csv(index=False)), float_precision="round_trip")


def distance(a, b):
    """How far numbers are from one another; missing ones and infinite ones are where they are, or nowhere near."""
    a, b = a.astype(float), b.astype(float)
    return np.where((a == b) | (np.isnan(a) & np.isnan(b)), 0, np.nan_to_num(np.abs(a - b), nan=np.inf))


def nudged(frame, to):
    """A table whose numbers that are not whole have moved by one step."""
    number = frame.select_dtypes("number")
    return frame.assign(**number.where(number == number.round(), np.nextafter(number, to)))


def predicted(brine, case, folder):
    """What brine answers, as an array like case.want, if there is any, or why it does not, as text."""
    out = folder / "out.csv"
    out.unlink(missing_ok=True)
    run = subprocess.run([brine, "predict", folder / "model.pkl", folder / "data.csv", "-o", out, "--features", ",".join(case.table.ask)],
                         capture_output=True, text=True)
    if run.returncode == 1:
        return run.stderr.strip()
    run.check_returncode()
    if case.error:
        return None
    text = case.want.dtype.kind == "U"
    got = pd.read_csv(out, float_precision="round_trip", keep_default_na=False, na_values=[] if text else [""], dtype=str if text else None)
    return got.iloc[:, case.table.ask.shape[1] :].to_numpy()


def compare(brine, case, folder):
    """One word for how it went, and what to say of it."""
    got = predicted(brine, case, folder)
    if isinstance(got, str):
        return ("differs" if "internal error" in got else "errs" if case.error else "refused"), got
    if case.error:
        return "answers", f"where scikit-learn says {case.error!r:.300}"
    if got.shape != case.want.shape:
        return "differs", f"{got.shape[1]} columns of {got.shape[0]} rows, not {case.want.shape[1]} of {case.want.shape[0]}"
    rows = np.flatnonzero(case.differs(got))
    if len(rows) == 0:
        return "agrees", ""
    sure = rows[~case.unsure(rows, got)]
    if len(sure) == 0:
        return "unsure", ""
    np.savetxt(folder / "want.csv", case.want, fmt="%s")
    return "differs", f"row {sure[0] + 1}: {got[sure[0]]}, not {case.want[sure[0]]}"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("brine", type=Path)
    parser.add_argument("--seed", type=int, default=int(time.time()))
    parser.add_argument("--seconds", type=float, default=300)
    parser.add_argument("--only", help="one case again: SEED.NUMBER")
    asked = parser.parse_args()
    warnings.simplefilter("ignore")
    with threadpool_limits(1), np.errstate(all="ignore"):
        sys.exit(one(asked) if asked.only else many(asked))


def one(asked):
    seed, number = map(int, asked.only.split("."))
    case = Case(seed, number)
    print(case.model)
    case.save(FOLDER / case.name)
    how, why = compare(asked.brine, case, FOLDER / case.name)
    print(how, why)
    return how == "differs"


def many(asked):
    print(f"seed {asked.seed}", flush=True)
    count, reasons, number, until = collections.Counter(), collections.Counter(), 0, time.monotonic() + asked.seconds
    while time.monotonic() < until:
        number += 1
        how, why = apart(asked.brine, asked.seed, number)
        count[how] += 1
        if how in ("refused", "answers"):
            reasons[re.sub(r"-?\d[\d.]*(e[+-]?\d+)?", "#", why.split("): ")[-1])[:200]] += 1
        if how == "differs":
            print(f"{asked.seed}.{number}: {why}", flush=True)
    for reason, n in reasons.most_common():
        print(f"{n:5} {reason}")
    print(", ".join(f"{how}: {n}" for how, n in sorted(count.items())))
    return 1 if count["differs"] else 0


def apart(brine, seed, number):
    """Tries a case in a process of its own: a fit that does not end cannot be stopped otherwise."""
    fork = multiprocessing.get_context("fork")
    here, there = fork.Pipe(duplex=False)
    child = fork.Process(target=attempt, args=(brine, seed, number, there))
    child.start()
    there.close()
    try:
        return here.recv() if here.poll(LIMIT) else ("too slow", "")
    except EOFError:
        return "differs", "ended without an answer"
    finally:
        child.kill()
        child.join()


def attempt(brine, seed, number, pipe):
    folder = FOLDER / str(seed)
    try:
        case = Case(seed, number)
        case.save(folder)
    except Exception:  # what was drawn does not fit together
        pipe.send(("not fitted", ""))
        return
    how, why = compare(brine, case, folder)
    if how == "differs":
        folder.rename(FOLDER / case.name)
        why += f"\n    {' '.join(repr(case.model).split())[:400]}"
    pipe.send((how, why))


if __name__ == "__main__":
    main()
