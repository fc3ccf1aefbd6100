"""Writes src/sobol/directions.generated.ts: run with Python 3 and SciPy, no arguments.

The primitive polynomials and initial numbers of Joe & Kuo 2008 ("Constructing Sobol sequences with better
two-dimensional projections", set D6), as SciPy ships them. A bit stream, most significant bit first, for dimensions
2, 3, ...: the degree s (5 bits), the inner coefficients (s - 1 bits), then m_i without its last bit, which is 1
(i - 1 bits), for i = 1 ... s. Also src/sobol/sobol.reference.json: points of SciPy's unscrambled sequence.
"""
import base64
import json
import os
import numpy as np
import scipy
from scipy.stats import qmc

DIMENSIONS = 4096
HERE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "src", "sobol")
table = dict(np.load(os.path.join(os.path.dirname(scipy.__file__), "stats", "_sobol_direction_numbers.npz")))
bits = []


def put(value, width):
    bits.extend((value >> (width - 1 - k)) & 1 for k in range(width))


for d in range(1, DIMENSIONS):
    poly = int(table["poly"][d])
    s = poly.bit_length() - 1
    put(s, 5)
    put((poly >> 1) & ((1 << (s - 1)) - 1), s - 1)
    for i in range(s):
        m = int(table["vinit"][d][i])
        assert m % 2 == 1 and m < 2 ** (i + 1)
        put(m >> 1, i)

bits.extend([0] * (-len(bits) % 8))
text = base64.b64encode(bytes(int("".join(map(str, bits[k:k + 8])), 2) for k in range(0, len(bits), 8))).decode()
with open(os.path.join(HERE, "directions.generated.ts"), "w") as out:
    out.write("// Written by scripts/sobol_table.py; do not edit.\n\n")
    out.write(f"export const tabledDimensions = {DIMENSIONS};\n")
    out.write("/** Bit stream, base64: degree, coefficients, initial numbers of each dimension from the second on. */\n")
    out.write(f"export const packedDirections =\n  '{text}';\n")

points = qmc.Sobol(DIMENSIONS, scramble=False).random(64)
chosen = [0, 1, 2, 3, 7, 20, 100, 500, 1023, 1024, 2047, 4095]
with open(os.path.join(HERE, "sobol.reference.json"), "w") as out:
    json.dump({"columns": chosen, "points": [[float(v) for v in row[chosen]] for row in points]}, out)
