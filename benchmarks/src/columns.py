"""Problems of many columns, for columns.ts: run as a program, a JSON line {problem, seed, u} in, the value at u in the unit cube out.

bbob-F-D      function F of BBOB (Hansen et al. 2009) in D columns, instance seed + 1, of PyPI `ioh`: gap to the optimum. Its rotations are full
              matrices; those of the bbob-largescale suite (Varelas et al. 2018) have blocks.
hartmann6-D   Hartmann's function of 6 columns among D, which columns by the seed: gap to its minimum. levy4-D likewise.
lasso-D-K     weighted Lasso (Sehic et al. 2022, "LassoBench", their synthetic form): D/2 samples of D correlated columns, K of them with a true
              weight, a penalty a column from a hundredth of the largest useful one to that; mean square error of five-fold
              cross-validation divided by that of the true weights. The data are drawn here with numpy by the seed, and solved by
              scikit-learn's coordinate descent, at most 100 rounds to a tolerance of 1e-4; the original has one draw, and another program solves it.
"""

import json
import math
import sys
import warnings

import numpy as np


def bbob(function, columns, seed):
    import ioh

    problem = ioh.get_problem(function, instance=seed + 1, dimension=columns, problem_class=ioh.ProblemClass.BBOB)
    best = float(problem.optimum.y)
    return lambda u: float(problem((10 * u - 5).tolist())) - best


A = np.array([[10, 3, 17, 3.5, 1.7, 8], [0.05, 10, 17, 0.1, 8, 14], [3, 3.5, 1.7, 10, 17, 8], [17, 8, 0.05, 10, 0.1, 14]])
P = np.array(
    [
        [1312, 1696, 5569, 124, 8283, 5886],
        [2329, 4135, 8307, 3736, 1004, 9991],
        [2348, 1451, 3522, 2883, 3047, 6650],
        [4047, 8828, 8732, 5743, 1091, 381],
    ]
) / 1e4


def hartmann6(u):
    return 3.322368011391339 - float(np.array([1, 1.2, 3, 3.2]) @ np.exp(-(A * (u - P) ** 2).sum(axis=1)))


def levy4(u):
    w = 1 + (20 * u - 10 - 1) / 4
    inner = ((w[:-1] - 1) ** 2 * (1 + 10 * np.sin(math.pi * w[:-1] + 1) ** 2)).sum()
    return float(np.sin(math.pi * w[0]) ** 2 + inner + (w[-1] - 1) ** 2 * (1 + np.sin(2 * math.pi * w[-1]) ** 2))


def sparse(function, active, columns, seed):
    which = np.random.default_rng([seed, columns]).permutation(columns)[:active]
    return lambda u: function(u[which])


def lasso(columns, active, seed):
    from sklearn.linear_model import Lasso

    rng = np.random.default_rng([seed, columns, active])
    samples, correlation, ratio = columns // 2, 0.6, 10
    x = rng.standard_normal((samples, columns))
    for j in range(1, columns):
        x[:, j] = correlation * x[:, j - 1] + math.sqrt(1 - correlation**2) * x[:, j]
    weights = np.zeros(columns)
    weights[:: columns // active] = (-1.0) ** np.arange(active)
    signal, noise = x @ weights, rng.standard_normal(samples)
    y = signal + noise * np.linalg.norm(signal) / (ratio * np.linalg.norm(noise))
    kept = rng.permutation(samples)[: round(0.85 * samples)]
    x, y = x[kept], y[kept]
    folds = np.array_split(rng.permutation(len(y)), 5)
    largest = np.abs(x.T @ y).max() / len(y)
    oracle = ((y - x @ weights) ** 2).mean()

    def value(u):
        penalties = largest * 100.0 ** (u - 1)
        errors = []
        for fold in folds:
            rest = np.setdiff1d(np.arange(len(y)), fold)
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                model = Lasso(alpha=1, fit_intercept=False, tol=1e-4, max_iter=100).fit(x[rest] / penalties, y[rest])
            errors.append(((y[fold] - x[fold] / penalties @ model.coef_) ** 2).mean())
        return float(np.mean(errors) / oracle)

    return value


def opened(problem, seed):
    """The number of columns, and the value by a point of the unit cube."""
    name, *numbers = problem.split("-")
    numbers = [int(number) for number in numbers]
    if name == "bbob":
        return numbers[1], bbob(*numbers, seed)
    if name == "lasso":
        return numbers[0], lasso(*numbers, seed)
    functions = {"hartmann6": (hartmann6, 6), "levy4": (levy4, 4)}
    return numbers[0], sparse(*functions[name], numbers[0], seed)


if __name__ == "__main__":
    known = {}
    print(json.dumps({"ready": True}), flush=True)
    for line in sys.stdin:
        ask = json.loads(line)
        key = (ask["problem"], ask["seed"])
        if key not in known:
            known[key] = opened(*key)[1]
        print(json.dumps(known[key](np.clip(np.array(ask["u"]), 0, 1))), flush=True)
