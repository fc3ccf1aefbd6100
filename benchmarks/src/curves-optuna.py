"""Optuna's TPE with a pruner, one epoch at a time: python curves-optuna.py PRUNER SEED, called by curves-optuna.ts.

Prints what to train as JSON lines and reads the error after each epoch; null ends it.
"""

import json
import sys
import warnings

import optuna
from optuna.pruners import HyperbandPruner, MedianPruner, PercentilePruner, SuccessiveHalvingPruner

warnings.simplefilter("ignore")
optuna.logging.set_verbosity(optuna.logging.ERROR)
epochs = 52
pruner = {
    "hyperband": lambda: HyperbandPruner(max_resource=epochs),
    "successive halving": lambda: SuccessiveHalvingPruner(),
    "median": lambda: MedianPruner(),
    # Whether a quarter of the trials was as good at that epoch.
    "percentile": lambda: PercentilePruner(25.0),
}[sys.argv[1]]()
study = optuna.create_study(
    study_name=sys.argv[2], pruner=pruner, sampler=optuna.samplers.TPESampler(seed=int(sys.argv[2]))
)


def error_after(params, epoch):
    print(json.dumps({"params": params, "from": epoch - 1, "to": epoch}), flush=True)
    value = json.loads(sys.stdin.readline() or "null")
    if value is None:
        sys.exit(0)
    return value


while True:
    trial = study.ask()
    params = {
        "batch_size": trial.suggest_int("batch_size", 16, 512, log=True),
        "learning_rate": trial.suggest_float("learning_rate", 1e-4, 0.1, log=True),
        "momentum": trial.suggest_float("momentum", 0.1, 0.99),
        "weight_decay": trial.suggest_float("weight_decay", 1e-5, 0.1),
        "num_layers": trial.suggest_int("num_layers", 1, 5),
        "max_units": trial.suggest_int("max_units", 64, 1024, log=True),
        "max_dropout": trial.suggest_float("max_dropout", 0, 1),
    }
    pruned = False
    for epoch in range(1, epochs + 1):
        value = error_after(params, epoch)
        trial.report(value, epoch)
        if epoch < epochs and trial.should_prune():
            pruned = True
            break
    if pruned:
        study.tell(trial, state=optuna.trial.TrialState.PRUNED)
    else:
        study.tell(trial, value)
