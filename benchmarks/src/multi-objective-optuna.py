"""Optuna's samplers for two objectives, asked and told over lines of JSON by multi-objective.ts: python multi-objective-optuna.py.

{"create": SAMPLER, "dimensions": d, "seed": s} begins a study, {"ask": true} is answered with coordinates in the unit cube, {"tell": [a, b]} ends
the trial. Each answer has the seconds that the study's call took.
"""

import json
import sys
import time
import warnings

import optuna

warnings.simplefilter("ignore")
optuna.logging.set_verbosity(optuna.logging.ERROR)

SAMPLERS = {
    "optuna-gp": lambda seed: optuna.samplers.GPSampler(seed=seed),
    "optuna-tpe": lambda seed: optuna.samplers.TPESampler(seed=seed, multivariate=True),
    "optuna-nsga2": lambda seed: optuna.samplers.NSGAIISampler(seed=seed, population_size=20),
}

study = trial = space = None
for line in sys.stdin:
    request = json.loads(line)
    start = time.perf_counter()
    answer = {}
    if "create" in request:
        space = {f"x{i}": optuna.distributions.FloatDistribution(0, 1) for i in range(request["dimensions"])}
        study = optuna.create_study(directions=["minimize"] * 2, sampler=SAMPLERS[request["create"]](request["seed"]))
    elif "ask" in request:
        trial = study.ask(space)
        answer["point"] = [trial.params[name] for name in space]
    else:
        study.tell(trial, request["tell"])
    print(json.dumps({**answer, "seconds": time.perf_counter() - start, "version": optuna.__version__}), flush=True)
