"""Searches of scikit-learn and ours at the same number of fits: JSON lines. `sklearn-search.py SEEDS TASK...`"""

import json
import sys
import time
import warnings

import numpy as np
from scipy.stats import loguniform
from sklearn.datasets import load_breast_cancer, load_diabetes, load_digits, load_iris, load_wine
from sklearn.experimental import enable_halving_search_cv  # noqa: F401
from sklearn.model_selection import (
    HalvingRandomSearchCV,
    KFold,
    RandomizedSearchCV,
    RepeatedKFold,
    StratifiedKFold,
    cross_val_score,
)
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC, SVR

from foothold.sklearn import FootholdSearchCV

FOLDS, CANDIDATES = 5, 16
# 12 candidates, then 4 and, where there are samples enough, 2: as many fits as of 16 candidates or a few more.
HALVING = 12
TASKS = {
    "breast cancer": (load_breast_cancer, SVC),
    "digits": (load_digits, SVC),
    "diabetes": (load_diabetes, SVR),
    # For choices of options alone: not in the reported figures.
    "wine": (load_wine, SVC),
    "iris": (load_iris, SVC),
}
warnings.simplefilter("ignore")


def searches(model, seed, splitter):
    name = model.__name__.lower()
    space = {f"{name}__C": loguniform(1e-3, 1e5), f"{name}__gamma": loguniform(1e-7, 1e2)}
    if model is SVR:
        space["svr__epsilon"] = loguniform(1e-2, 1e2)
    estimator = make_pipeline(StandardScaler(), model())
    shared = {"cv": splitter, "random_state": seed, "refit": False}
    yield "RandomizedSearchCV", RandomizedSearchCV(estimator, space, n_iter=CANDIDATES, **shared)
    yield (
        "HalvingRandomSearchCV",
        HalvingRandomSearchCV(estimator, space, n_candidates=HALVING, min_resources="exhaust", **shared),
    )
    yield "FootholdSearchCV", FootholdSearchCV(estimator, space, n_iter=CANDIDATES, **shared)


def fits(search):
    if hasattr(search, "n_fits_"):
        return search.n_fits_
    return FOLDS * len(search.cv_results_["params"])


def main():
    seeds, tasks = int(sys.argv[1]), sys.argv[2:]
    for task in tasks:
        load, model = TASKS[task]
        x, y = load(return_X_y=True)
        if task == "digits":
            x, y = x[::3], y[::3]
        judge = RepeatedKFold(n_splits=5, n_repeats=2, random_state=12345)
        for seed in range(seeds):
            splitter = (KFold if model is SVR else StratifiedKFold)(FOLDS, shuffle=True, random_state=seed)
            for name, search in searches(model, seed, splitter):
                start = time.perf_counter()
                search.fit(x, y)
                seconds = time.perf_counter() - start
                chosen = search.estimator.set_params(**search.best_params_)
                row = {
                    "task": task,
                    "search": name,
                    "seed": seed,
                    "fits": int(fits(search)),
                    "candidates": len({json.dumps(of, sort_keys=True, default=float) for of in search.cv_results_["params"]}),
                    # On folds that no search has seen.
                    "score": float(np.mean(cross_val_score(chosen, x, y, cv=judge))),
                    "searchScore": float(search.best_score_),
                    "seconds": seconds,
                }
                print(json.dumps(row), flush=True)


main()
