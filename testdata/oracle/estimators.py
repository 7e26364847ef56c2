"""Lists every estimator of this scikit-learn and which of predict and transform it has.

    python estimators.py
"""

from pathlib import Path

from sklearn.experimental import enable_halving_search_cv, enable_iterative_imputer  # noqa: F401 (they add three)
from sklearn.utils import all_estimators

from case import public_name

OUT = Path(__file__).resolve().parent.parent / "estimators.txt"


def main(out=OUT):
    lines = []
    for _, cls in all_estimators():
        methods = [method for method in ("predict", "transform") if hasattr(cls, method)]
        lines.append(" ".join([public_name(cls), *methods]))
    out.write_text("\n".join(sorted(lines)) + "\n")


if __name__ == "__main__":
    main()
