"""Makes the models, tables and expected predictions that the tests compare with.

    python make.py                        all cases, the sample, transformers.jsonl, and what characters.py and estimators.py make
    python make.py NAME...                the named cases only; * stands for anything
    python make.py --out FOLDER [NAME...] the same for the scikit-learn that is installed, whichever it is

A second run changes no table and no answer. It does change some model.pkl: the nodes of a tree have padding that numpy
leaves as it finds it, and a search notes its times. @FILE stands for the names in a file.

A version that has not what a case is about gets no such case; absent.json says why.
"""

import argparse
import fnmatch
import json
import shutil
import sys
import traceback
import warnings
from pathlib import Path

import numpy as np
from threadpoolctl import threadpool_limits

import adapt

HERE = Path(__file__).resolve().parent
TESTDATA = HERE.parent
MODELS = TESTDATA / "models"
adapt.prepare([*sorted((HERE / "families").glob("*.py")), HERE / "transformers.py"])

import transformers
from families import CASES


def main():
    parser = argparse.ArgumentParser(fromfile_prefix_chars="@")
    parser.add_argument("--out", type=Path)
    parser.add_argument("names", nargs="*")
    asked = parser.parse_args()
    warnings.simplefilter("ignore")
    out = asked.out or MODELS
    if not asked.names:
        shutil.rmtree(out, ignore_errors=True)
        everything(asked.out)
    with threadpool_limits(1), np.errstate(all="ignore"):  # sums in one order
        sys.exit(make(out, [c for c in CASES if wanted(c.name, asked.names)]))


def everything(out):
    """What there is beside the cases: the sample is of scikit-learn 1.3 only."""
    if out is None:
        import characters
        import estimators
        import sample

        characters.main()
        estimators.main(TESTDATA / "estimators.txt")
        sample.make(TESTDATA / "sample")
        transformers.main(TESTDATA / "transformers.jsonl")
        return
    out.mkdir(parents=True)
    transformers.main(out / "transformers.jsonl")


def wanted(name, patterns):
    return not patterns or any(fnmatch.fnmatch(name, p) for p in patterns)


def make(out, cases):
    """Makes the cases and returns how many failed without a known reason."""
    absent, failed = {}, 0
    for case in cases:
        print(case.name, flush=True)
        try:
            case.make(out / case.name)
        except Exception as error:
            reason = adapt.reason(case.name, error)
            shutil.rmtree(out / case.name)
            absent[case.name] = reason
            if reason is None:
                failed += 1
                traceback.print_exc()
    note(out / "absent.json", [case.name for case in cases], absent)
    return failed


def note(path, made, absent):
    """Writes why cases are absent; of cases not made now, what was known stays."""
    known = json.loads(path.read_text()) if path.exists() else {}
    known = {name: reason for name, reason in known.items() if name not in made}
    path.unlink(missing_ok=True)
    if known or absent:
        path.write_text(json.dumps({**known, **absent}, indent=2, sort_keys=True) + "\n")


if __name__ == "__main__":
    main()
