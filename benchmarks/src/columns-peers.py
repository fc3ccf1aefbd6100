"""Samplers of Optuna, and TuRBO-1 on BoTorch, on the problems of columns.py: python columns-peers.py TRIALS. JSON lines
{problem, seed, method} in, a run out: values in the order of their evaluation, seconds in the sampler.
"""

import importlib.metadata
import json
import sys
import time
import warnings

import numpy as np
import optuna
from columns import opened

warnings.simplefilter("ignore")
optuna.logging.set_verbosity(optuna.logging.ERROR)
trials = int(sys.argv[1])

SAMPLERS = {
    "optuna-cma-es": lambda seed: optuna.samplers.CmaEsSampler(seed=seed),
    "optuna-tpe": lambda seed: optuna.samplers.TPESampler(seed=seed),
    "optuna-tpe-multivariate": lambda seed: optuna.samplers.TPESampler(seed=seed, multivariate=True),
}


def optuna_run(method, seed, columns, value):
    space = {f"x{j}": optuna.distributions.FloatDistribution(0, 1) for j in range(columns)}
    study = optuna.create_study(sampler=SAMPLERS[method](seed))
    values, seconds = [], 0.0
    for _ in range(trials):
        start = time.perf_counter()
        trial = study.ask(space)
        u = np.array([trial.params[name] for name in space])
        seconds += time.perf_counter() - start
        values.append(value(u))
        start = time.perf_counter()
        study.tell(trial, values[-1])
        seconds += time.perf_counter() - start
    return values, seconds


def run(problem, seed, method):
    columns, value = opened(problem, seed)
    if method == "turbo":
        from columns_turbo import turbo

        return turbo(value, columns, trials, seed)
    return optuna_run(method, seed, columns, value)


packages = ("optuna", "cmaes", "botorch", "torch", "ioh", "scikit-learn")
print(json.dumps({name: importlib.metadata.version(name) for name in packages}), flush=True)
for line in sys.stdin:
    ask = json.loads(line)
    values, seconds = run(**ask)
    print(json.dumps({"values": values, "seconds": seconds}), flush=True)
