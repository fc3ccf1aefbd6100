"""Prints src/profiles.generated.ts: Matern-5/2 and RBF covariances at distance r, by mpmath with 40 digits.

    python reference/profiles.py > src/profiles.generated.ts
"""
import random

import mpmath as mp

mp.mp.dps = 40
random.seed(1)
small = [0.0, 1e-12, 1e-6, 1e-3, 0.01, 0.1]


def distances(far):
    return small + [round(random.uniform(0, 3), 6) for _ in range(12)] + far


def rbf(r):
    return mp.exp(-(mp.mpf(r) ** 2) / 2)


def matern52(r):
    t = mp.sqrt(5) * mp.mpf(r)
    return (1 + t + t * t / 3) * mp.exp(-t)


print("// Written by reference/profiles.py. Pairs of distance and covariance.")
for name, f, far in (
    ("rbf", rbf, [5.0, 10.0, 17.25, 20.0, 37.6]),
    ("matern52", matern52, [5.0, 25.0, 100.0, 300.0, 316.0]),
):
    pairs = ", ".join(f"[{r!r}, {float(f(r))!r}]" for r in distances(far))
    print(f"export const {name}: readonly (readonly [number, number])[] = [{pairs}];")
