"""Optuna's pruners on recorded curves: python pruning-optuna.py FILE, called by pruning.ts. Prints JSON lines."""

import json
import sys
import warnings

import optuna
from optuna.pruners import (
    HyperbandPruner,
    MedianPruner,
    PatientPruner,
    PercentilePruner,
    SuccessiveHalvingPruner,
)

warnings.simplefilter("ignore")
optuna.logging.set_verbosity(optuna.logging.ERROR)
with open(sys.argv[1]) as file:
    given = json.load(file)
budget = given["budget"]
epochs = len(next(iter(given["curves"].values()))[0])
pruners = {
    "optuna median": lambda: MedianPruner(),
    "optuna median, warm-up 4, our settings": lambda: MedianPruner(n_warmup_steps=4),
    "optuna percentile 25": lambda: PercentilePruner(25.0),
    "optuna percentile 25, warm-up 4, our settings": lambda: PercentilePruner(25.0, n_warmup_steps=4),
    "optuna successive halving": lambda: SuccessiveHalvingPruner(),
    "optuna successive halving 4, 2, our settings": lambda: SuccessiveHalvingPruner(min_resource=4, reduction_factor=2),
    "optuna hyperband": lambda: HyperbandPruner(max_resource=epochs),
    "optuna hyperband 2, 2, our settings": lambda: HyperbandPruner(min_resource=2, max_resource=epochs, reduction_factor=2),
    "optuna patient median": lambda: PatientPruner(MedianPruner(), patience=3),
}


def needed(pruner, run):
    curves = given["curves"][run["task"]]
    study = optuna.create_study(study_name=f"{run['task']} {run['seed']}", pruner=pruner)
    spent = 0
    for index, k in enumerate(run["order"]):
        trial = study.ask()
        pruned = False
        for i, value in enumerate(curves[k]):
            if spent == budget:
                return {"epochs": budget, "missed": True, "trials": index + 1}
            spent += 1
            trial.report(value, i + 1)
            if trial.should_prune():
                pruned = True
                break
        value = curves[k][-1]
        if not pruned and value <= run["target"]:
            return {"epochs": spent, "missed": False, "trials": index + 1}
        if pruned:
            study.tell(trial, state=optuna.trial.TrialState.PRUNED)
        else:
            study.tell(trial, value)
    raise RuntimeError("too few settings")


print(json.dumps(optuna.__version__))
for name, make in pruners.items():
    for run in given["runs"]:
        result = needed(make(), run)
        print(json.dumps({"pruner": name, "task": run["task"], "seed": run["seed"], **result}), flush=True)
