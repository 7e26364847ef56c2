"""Makes the cases of LightGBM and XGBoost.

    python boosters.py [NAME...]   those of whichever of the two is installed, below testdata/boosters/<package>-<version>

boosters/*.txt pin the versions that are committed, each an environment of Python 3.11. XGBoost needs no more than they say.
"""

from __future__ import annotations

import shutil
import sys
import warnings
from dataclasses import dataclass, field, replace
from functools import partial
from importlib import import_module, metadata
from importlib.util import find_spec
from pathlib import Path
from typing import Callable

import joblib
import numpy as np
from sklearn.base import clone

import edges
from case import Case
from tables import CHURN, SENSOR_CODES, SENSORS, SENSORS_GAPS, Task

HERE = Path(__file__).resolve().parent

# XGBoost takes class labels from 0 on only.
LEVELS = {0: 0, 1: 1, 3: 2}
FAULT_LEVEL = Task(SENSORS.assign(fault=SENSORS["fault"].map(LEVELS)), SENSOR_CODES, "fault")
FAULT_LEVEL_GAPS = Task(SENSORS_GAPS.assign(fault=SENSORS["fault"].map(LEVELS)), SENSOR_CODES, "fault")
SHARE = Task(SENSORS.assign(share=(SENSORS["humidity_pct"] / 100 * SENSORS["alarm"]).round(3)), SENSOR_CODES, "share")
ZIPS = Task(CHURN.assign(area=(CHURN["tenure"] * 37 + CHURN["Support calls"] * 211) % 1500), ["area", "Monthly charges", "tenure"], "churned")


@dataclass(frozen=True)
class Boosted(Case):
    """A case of a booster: further arguments of fit, rows to stop early by, columns of dtype category."""

    dump: Callable = partial(joblib.dump, compress=3)
    fit: dict = field(default_factory=dict)
    stop: bool = False
    categories: tuple = ()

    def __post_init__(self):
        table = self.task.table.iloc[: self.task.seen + 25]
        object.__setattr__(self, "task", replace(self.task, table=table))

    def _fit(self):
        x, y = self._shape(self.task.x), self.task.y
        fit = dict(self.fit)
        if self.stop:
            fit["eval_set"] = [(x[160:], y[160:])]
            x, y = x[:160], y[:160]
        return clone(self.model).fit(x, y, **fit)

    def _shape(self, x):
        return super()._shape(x.astype({c: "category" for c in self.categories}))

    def _facts(self, model):
        """LightGBM keeps an underscore in place of a space, so that the names must be given."""
        facts = super()._facts(model)
        if any(" " in name for name in self.task.features):
            facts["features"] = self.task.features
        return facts


def main():
    warnings.simplefilter("ignore")
    for package in "lightgbm", "xgboost":
        if find_spec(package) is None:
            continue
        module = import_module(f"boosters_{package}")
        edges.OTHERS.append(module.splits)
        out = HERE.parent / "boosters" / f"{package}-{metadata.version(package)}"
        if len(sys.argv) == 1:
            shutil.rmtree(out, ignore_errors=True)
        for case in module.CASES:
            if len(sys.argv) == 1 or case.name in sys.argv[1:]:
                print(case.name, flush=True)
                with np.errstate(all="ignore"):
                    case.make(out / case.name)


if __name__ == "__main__":
    sys.modules["boosters"] = sys.modules[__name__]
    main()
