"""Writes cells.json: odd cells of a number column, as pandas 2.0.3 reads them.

    python cells.py > cells.json     (pandas 2.0.3, numpy 1.24.3)

Each is [cell, bits, dtype]: the float64, as hexadecimal bits, that scikit-learn
would get of the cell above a cell 0.5, or above a cell True if the cell is a
bool; "" if it would get an error. The dtype "object" means that pandas read
text, and that Python's float made the number of it.
"""
import io
import itertools
import json
import struct

import numpy as np
import pandas as pd

BODIES = """0 1 7 007 1.5 .5 5. . 12345678 123456789 1234567890123456 12345678901234567890
123456789012345678901234567890 0.1 0.30000000000000004 1.7976931348623157e308 4.9e-324 2e-324 1e400 1e-400
9007199254740993 9007199254740992.5 9007199254740993.00000000000000000000001 0.000000000000000000000000012345678901234567
179769313486231580793728971405303415079934132710037826936173778980444968292764750946649017977587207096330286416692887910946555547851940402630657488671505820681908902000708383676273854845817711531764475730270069855571366959622842914819860834936475292719074168444365510704342711559699508093042880
1.5.2 1,5 1_000 0x10 1e5 1E+5 1e-05 1e5.5 1d5 ½ １ inf Inf INF Infinity infinity nan NaN NAN nAn NA N/A n/a #N/A #NA <NA>
NULL null Null None none -1.#IND 1.#QNAN True true TRUE tRUE False false FALSE T yes abc""".split()
PREFIXES = ["", " ", "+", "-", "--"]
SUFFIXES = ["", " ", "e5", "E-3", "e", "f", "_0", "\u00a0"]


def read(*column):
    table = "a\n" + "".join('"%s"\n' % cell for cell in column)
    return pd.read_csv(io.StringIO(table), float_precision="round_trip")["a"]


def answer(cell):
    column = read(cell, "True")
    if column.dtype != bool:
        column = read(cell, "0.5")
    try:
        value = np.asarray(column, dtype=np.float64)[0]
    except ValueError:
        return [cell, "", str(column.dtype)]
    bits = "nan" if np.isnan(value) else struct.pack(">d", value).hex()
    return [cell, bits, str(column.dtype)]


cells = ["", " ", "  ", "\t", "+", "-", "e5", "#N/A N/A", "-1.#QNAN", "1.#IND", "1 5", "1e 5", "1e+", "- 1", "\t1\n", "1%", "50 %"]
cells += ["".join(p) for p in itertools.product(PREFIXES, BODIES, SUFFIXES)]
print("[")
print(",\n".join(json.dumps(answer(cell)) for cell in dict.fromkeys(cells)))
print("]")
