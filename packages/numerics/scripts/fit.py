"""Writes src/fits.generated.ts and src/special.reference.json: run with Python 3 and mpmath, no arguments.

Each fit is a table of polynomials in the local variable of equal pieces of t = 4 / (4 + x), interpolated at
Chebyshev nodes with 80 digits, so that the stored doubles are exact to rounding:
  scaled   (1 + 2x) erfcx(x)                  x >= 0
  gap      (1 + x)^2 (1 - x m(x))             x >= 0, m the Mills ratio of the standard normal
  small    erf(x) / x in x^2, one piece       0 <= x <= 1/2
  root     log h(z0 + v) / v, one piece       |v| <= 1/4, h(z) = phi(z) + z Phi(z), h(z0) = 1
"""
import base64
import json
import os
import struct
import mpmath as mp

mp.mp.dps = 80
HERE = os.path.dirname(os.path.abspath(__file__))
SOURCE = os.path.join(HERE, "..", "src")


def polynomial(f, degree):
    """Monomial coefficients on [-1, 1] of the interpolant at Chebyshev nodes, constant first."""
    n = degree + 1
    nodes = [mp.cos(mp.pi * (k + mp.mpf(1) / 2) / n) for k in range(n)]
    values = [f(u) for u in nodes]
    cheb = [2 * sum(v * mp.cos(j * mp.pi * (k + mp.mpf(1) / 2) / n) for k, v in enumerate(values)) / n for j in range(n)]
    cheb[0] /= 2
    previous, current = [mp.mpf(1)], [mp.mpf(0), mp.mpf(1)]
    total = [mp.mpf(0)] * n
    for j in range(n):
        basis = previous if j == 0 else current
        for k, b in enumerate(basis):
            total[k] += cheb[j] * b
        if j >= 1:
            nxt = [mp.mpf(0)] + [2 * b for b in current]
            for k, b in enumerate(previous):
                nxt[k] -= b
            previous, current = current, nxt
    last = abs(cheb[-1]) + abs(cheb[-2])
    return total, last


def erfcx(x):
    return mp.erfc(x) * mp.exp(x * x)


def mills(x):
    return mp.sqrt(mp.pi / 2) * erfcx(x / mp.sqrt(2))


def log_h(z):
    z = mp.mpf(z)
    with mp.workdps(60 if abs(z) < 1e3 else 40):
        if z < -1e8:
            s = 1 / (z * z)
            return -z * z / 2 - mp.log(2 * mp.pi) / 2 + mp.log(s) + mp.log(1 - 3 * s + 15 * s * s)
        if z < 0:
            with mp.workdps(100):
                return -z * z / 2 - mp.log(2 * mp.pi) / 2 + mp.log(1 + z * mills(-z))
        return mp.log(mp.npdf(z) + z * mp.ncdf(z))


def log_h_gradient(z):
    z = mp.mpf(z)
    if z < -1e8:
        s = 1 / (z * z)
        return -z * (1 - s + 3 * s * s) / (1 - 3 * s + 15 * s * s)
    with mp.workdps(100):
        if z < 0:
            return mills(-z) / (1 + z * mills(-z))
        return mp.ncdf(z) / (mp.npdf(z) + z * mp.ncdf(z))


def truncated(bound):
    """Variance of a standard normal below the bound, what it lost, dV/d bound, log of the entropy lost, and its derivative."""
    with mp.workdps(500):
        g = mp.mpf(bound)
        r = mp.npdf(g) / mp.ncdf(g)
        delta = g + r
        variance = 1 - r * delta
        entropy = g * r / 2 - mp.log(mp.ncdf(g))
        slope = -r * (variance + delta ** 2) / (2 * entropy)
        return [variance, r * delta, -r * (variance - delta ** 2), mp.log(entropy), slope]


def pieces(f, count, degree):
    rows = []
    for i in range(count):
        row, last = polynomial(lambda u: f(4 / ((i + (u + 1) / 2) / count) - 4), degree)
        assert last < 2e-17, (i, mp.nstr(last))
        rows.extend(row)
    return rows


def listed(name, values, doc):
    text = ", ".join(repr(float(v)) for v in values)
    return f"/** {doc} */\nexport const {name}: readonly number[] = [{text}];\n"


def packed(name, values, doc):
    """Base64 of the doubles: the first byte of each, then the second of each, and so on, which compresses best."""
    rows = [struct.pack("<d", float(v)) for v in values]
    text = base64.b64encode(bytes(row[k] for k in range(8) for row in rows)).decode()
    return f"/** {doc} */\nexport const {name}: FitTable = /* @__PURE__ */ fitTable(\n  '{text}',\n);\n"


def main():
    count, degree = 12, 13
    scaled = pieces(lambda x: (1 + 2 * x) * erfcx(x), count, degree)
    gap = pieces(lambda x: (1 + x) ** 2 * (1 - x * mills(x)), count, degree)
    small, last = polynomial(lambda u: mp.erf(mp.sqrt((u + 1) / 8)) / mp.sqrt((u + 1) / 8), 10)
    assert last < 2e-17, mp.nstr(last)
    z0 = mp.findroot(lambda z: mp.npdf(z) + z * mp.ncdf(z) - 1, 0.9)
    root, last = polynomial(lambda u: log_h(z0 + u / 4) / (u / 4), 17)
    assert last < 2e-17, mp.nstr(last)
    high = float(z0)
    with open(os.path.join(SOURCE, "fits.generated.ts"), "w") as out:
        out.write("// Written by scripts/fit.py; do not edit.\n")
        out.write("import { type FitTable, fitTable } from './fit-table.ts';\n\n")
        out.write(f"export const pieceCount = {count};\nexport const pieceDegree = {degree};\n\n")
        out.write(packed("scaledFit", scaled, "(1 + 2x) erfcx(x) on pieces of t = 4 / (4 + x)."))
        out.write(packed("gapFit", gap, "(1 + x)² (1 − x·m(x)) on pieces of t = 4 / (4 + x)."))
        out.write(listed("smallFit", small, "erf(x) / x in u = 8x² − 1, |x| ≤ ½."))
        out.write(listed("rootFit", root, "log h(z₀ + v) / v in u = 4v, |v| ≤ ¼."))
        out.write(f"/** z₀ with h(z₀) = 1, as a double and what that leaves. */\n")
        out.write(f"export const rootHigh = {high!r};\nexport const rootLow = {float(z0 - mp.mpf(high))!r};\n")

    def table(f, xs):
        rows = []
        for x in xs:
            y = f(mp.mpf(x))
            rows.append([float(x), float(y)])
        return rows

    steps = [i / 16 for i in range(-96, 97)]
    wide = [s * 10.0 ** e for e in range(-300, 101, 10) for s in (-1.0, 1.0, 2.3, -3.7)]
    tails = [i / 4 for i in range(24, 110)]
    inner = [x for x in wide if abs(x) < 1e100]
    reference = {
        "erfc": table(mp.erfc, steps + tails + [26.5, 26.6, 27.0, 27.2, 27.226] + [x for x in inner if abs(x) < 1]),
        "erfcx": table(erfcx, steps + tails + [-26.0, -20.3, 1e4, 1e7, 1e8] + [x for x in inner if abs(x) < 1])
        + table(lambda x: 1 / (x * mp.sqrt(mp.pi)), [1e20, 1e100, 1e300]),
        "normalCdf": table(mp.ncdf, steps + [-t for t in tails if t < 38] + [-38.2, -38.4, -38.45, 1e-300, 9.0]),
        "logNormalCdf": table(lambda z: mp.log1p(-mp.ncdf(-z)) if z > 0 else mp.log(mp.ncdf(z)) if z > -1e3 else -z * z / 2 + mp.log(mills(-z)) - mp.log(2 * mp.pi) / 2,
                              steps + [-t for t in tails] + [7.0, 9.0, 20.0, 37.0, 38.3, -1e2, -1e4, -1e6]),
        "normalQuantile": table(lambda p: quantile(p), [1e-320, 1e-308, 1e-200, 1e-100, 1e-30, 1e-10, 1e-5, 1e-3, 0.01, 0.02425, 0.1, 0.2,
                                 0.25, 0.3, 0.4, 0.45, 0.499, 0.4999999, 0.5, 0.5000001, 0.51, 0.6, 0.7, 0.75, 0.8, 0.9, 0.975, 0.999, 0.999999, 1 - 2.0 ** -40, 1 - 2.0 ** -53]),
        "logH": table(log_h, steps + [-t for t in tails] + wide + [0.9, 0.902, high, high + 1e-9, high - 1e-13, 0.65, 1.16, -1e3, -12345.6]),
        "logHGradient": table(log_h_gradient, steps + [-t for t in tails] + wide),
        "lgamma": table(mp.loggamma, [1e-300, 1e-20, 1e-5, 0.1, 0.3, 0.5, 0.9, 0.999999, 1.0, 1.0000001, 1.3, 1.5, 1.9, 2.0, 2.0000001, 2.5, 3.0, 5.5, 7.9,
                              8.1, 10.0, 33.3, 100.0, 1e4, 1e10, 1e100, 1e300]),
    }
    bounds = [-1e6, -1e3, -60, -25, -20.001, -19.999, -10, -3, -1, -0.5, -1e-9, 0, 0.3, 1, 2.5, 6, 8, 15, 40]
    reference["upperTruncatedNormal"] = [[float(b)] + [float(v) for v in truncated(b)] for b in bounds]
    with open(os.path.join(SOURCE, "special.reference.json"), "w") as out:
        out.write("{\n" + ",\n".join(f'"{k}": {json.dumps(v)}' for k, v in reference.items()) + "\n}\n")


def quantile(p):
    if p == mp.mpf(1) / 2:
        return mp.mpf(0)
    if p < 0.1:
        start = -mp.sqrt(-2 * mp.log(p))
        start += mp.log(-start * mp.sqrt(2 * mp.pi)) / -start
        return mp.findroot(lambda z: mp.log(mp.ncdf(z)) - mp.log(p), start)
    if p > 0.9:
        return -quantile(1 - p)
    return mp.sqrt(2) * mp.erfinv(2 * p - 1)


main()
