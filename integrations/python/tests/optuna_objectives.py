"""What the tests of ``FootholdSampler`` optimize."""

from __future__ import annotations

import math
from typing import Any

import optuna

optuna.logging.set_verbosity(optuna.logging.WARNING)


def bowl(trial: optuna.Trial) -> float:
    """Least at (0.7, -1.3), where it is 0."""
    return (trial.suggest_float("x", -5, 5) - 0.7) ** 2 + (trial.suggest_float("y", -5, 5) + 1.3) ** 2


def params_of(study: optuna.Study) -> list[dict[str, Any]]:
    return [trial.params for trial in study.trials]


def conditional(trial: optuna.Trial) -> float:
    """Least with sgd at lr 0.1 and momentum 0.8, where it is 0."""
    lr = trial.suggest_float("lr", 1e-4, 1, log=True)
    value = (math.log10(lr) + 1) ** 2
    if trial.suggest_categorical("optimizer", ["adam", "sgd"]) == "sgd":
        return value + 4 * (trial.suggest_float("momentum", 0, 1) - 0.8) ** 2
    return value + 0.3 + (trial.suggest_float("beta", 0, 1) - 0.5) ** 2
