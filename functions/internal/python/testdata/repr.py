"""Writes repr.txt: the bits of float64s and what repr makes of them.

    python repr.py > repr.txt
"""
import random
import struct

rng = random.Random(0)
values = [0.0, -0.0, float("inf"), float("-inf"), 5e-324, 2.2250738585072014e-308, 1.7976931348623157e308, 0.1 + 0.2, 1 / 3]
values += [float(f"{sign}{digits}e{p}") for p in range(-324, 309) for sign, digits in [("", 1), ("-", 1.5)]]
values += [2.0**p for p in range(-1074, 1024, 3)]
values += [n * 10.0**p for n in (1, 9, 99999999, 123456789, 9007199254740993) for p in range(-8, 10)]
values += [rng.random() * 10.0 ** rng.randint(-8, 20) for _ in range(600)]
values += [round(rng.gauss(0, 100), rng.randint(0, 6)) for _ in range(600)]
values += [struct.unpack("<d", rng.randbytes(8))[0] for _ in range(600)]
for v in values:
    if v == v:
        print(struct.pack(">d", v).hex(), repr(v))
