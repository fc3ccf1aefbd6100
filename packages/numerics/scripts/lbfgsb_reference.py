"""Prints evaluation counts and minima of SciPy's L-BFGS-B for lbfgsb.test.ts: run with Python 3 and SciPy."""
import json
import numpy as np
import scipy
from scipy.optimize import minimize


def rosenbrock(x):
    f = np.sum(100 * (x[1:] - x[:-1] ** 2) ** 2 + (1 - x[:-1]) ** 2)
    g = np.zeros_like(x)
    g[:-1] += -400 * x[:-1] * (x[1:] - x[:-1] ** 2) - 2 * (1 - x[:-1])
    g[1:] += 200 * (x[1:] - x[:-1] ** 2)
    return f, g


def quadratic(x):
    a = 10.0 ** (np.arange(len(x)) * 4 / (len(x) - 1))
    d = x - np.arange(len(x)) / len(x)
    return 0.5 * np.sum(a * d * d), a * d


def beale(x):
    a, b = x
    t = [1.5 - a + a * b, 2.25 - a + a * b * b, 2.625 - a + a * b**3]
    j = [(b - 1, a), (b * b - 1, 2 * a * b), (b**3 - 1, 3 * a * b * b)]
    return sum(v * v for v in t), np.array([sum(2 * v * q[k] for v, q in zip(t, j)) for k in range(2)])


def powell(x):
    a, b, c, d = x
    f = (a + 10 * b) ** 2 + 5 * (c - d) ** 2 + (b - 2 * c) ** 4 + 10 * (a - d) ** 4
    g = [2 * (a + 10 * b) + 40 * (a - d) ** 3, 20 * (a + 10 * b) + 4 * (b - 2 * c) ** 3,
         10 * (c - d) - 8 * (b - 2 * c) ** 3, -10 * (c - d) - 40 * (a - d) ** 3]
    return f, np.array(g, float)


cases = {
    "rosenbrock2": (rosenbrock, [-1.2, 1], None),
    "rosenbrock10": (rosenbrock, [-1.2, 1] * 5, None),
    "rosenbrock10 in [-2, 0.8]": (rosenbrock, [-1.2, 0.5] * 5, (-2, 0.8)),
    "rosenbrock25 in [1.5, 100]": (rosenbrock, [3] * 25, (1.5, 100)),
    "quadratic20": (quadratic, [2] * 20, None),
    "quadratic20 in [0.25, 0.75]": (quadratic, [0.75] * 20, (0.25, 0.75)),
    "beale": (beale, [1, 1], (-4.5, 4.5)),
    "powell": (powell, [3, -1, 0, 1], None),
}
print("scipy", scipy.__version__)
for name, (f, start, bound) in cases.items():
    r = minimize(f, np.array(start, float), jac=True, method="L-BFGS-B", bounds=[bound] * len(start) if bound else None)
    print(json.dumps([name, r.nfev, r.nit, float(r.fun)]))
