"""Objectives, constraints, and trials that do not come to a value."""

from __future__ import annotations

import math

import optuna
import pytest
from foothold.errors import InvalidArgumentError
from foothold.optuna import FootholdSampler
from optuna.trial import TrialState

from optuna_objectives import bowl


def test_several_objectives() -> None:
    study = optuna.create_study(directions=["minimize", "maximize"], sampler=FootholdSampler(seed=1))
    # The front is 0 ≤ x ≤ 2 at y = 0.
    study.optimize(
        lambda trial: (
            (x := trial.suggest_float("x", -5, 5)) ** 2 + (y := trial.suggest_float("y", -5, 5)) ** 2,
            -((x - 2) ** 2) - y**2,
        ),
        n_trials=40,
    )
    front = [trial.params for trial in study.best_trials]
    near = [params for params in front if -0.3 < params["x"] < 2.3 and abs(params["y"]) < 0.5]
    assert len(near) >= 5


def constrained(trial: optuna.Trial) -> float:
    """x + y, at least 1 wanted by the constraint 1 - x·y ≤ 0: the least feasible value is 2."""
    x, y = trial.suggest_float("x", 0, 4), trial.suggest_float("y", 0, 4)
    trial.set_user_attr("constraint", 1 - x * y)
    return x + y


def feasible_best(study: optuna.Study) -> float:
    return min(trial.value for trial in study.trials if trial.user_attrs["constraint"] <= 0)


def test_constraints_of_a_function() -> None:
    sampler = FootholdSampler(seed=1, constraints_func=lambda trial: [trial.user_attrs["constraint"]])
    study = optuna.create_study(sampler=sampler)
    study.optimize(constrained, n_trials=30)
    assert all(trial.system_attrs["constraints"] == (trial.user_attrs["constraint"],) for trial in study.trials)
    assert feasible_best(study) < 2.1
    # Without them the least sum, far from feasible, is all that counts.
    plain = optuna.create_study(sampler=FootholdSampler(seed=1))
    plain.optimize(constrained, n_trials=30)
    assert feasible_best(plain) > feasible_best(study)


@pytest.mark.skipif(not hasattr(optuna.Trial, "set_constraint"), reason="Optuna 4 has no Trial.set_constraint")
def test_constraints_of_the_trial() -> None:
    def objective(trial: optuna.Trial) -> float:
        value = constrained(trial)
        trial.set_constraint("product", trial.user_attrs["constraint"])
        return value

    study = optuna.create_study(sampler=FootholdSampler(seed=1))
    study.optimize(objective, n_trials=30)
    assert feasible_best(study) < 2.1


def test_a_constraint_that_is_no_number_is_named() -> None:
    study = optuna.create_study(sampler=FootholdSampler(constraints_func=lambda trial: [0.0, math.nan]))
    with pytest.raises(InvalidArgumentError, match=r"constraints_func\[1\] of trial 0 is nan"):
        study.optimize(bowl, n_trials=1)


def test_failed_and_infinite_trials_are_avoided() -> None:
    def objective(trial: optuna.Trial) -> float:
        value = bowl(trial)
        if trial.params["x"] < 0:
            return [math.nan, math.inf][trial.number % 2]
        return value

    study = optuna.create_study(sampler=FootholdSampler(seed=1))
    study.optimize(objective, n_trials=30)
    assert study.best_value < 0.05
    late = study.trials[15:]
    assert sum(trial.params["x"] < 0 for trial in late) <= 5


def test_a_value_that_is_infinitely_good_is_no_error() -> None:
    study = optuna.create_study(sampler=FootholdSampler(seed=1))
    study.optimize(lambda trial: -math.inf if trial.number % 5 == 1 else bowl(trial), n_trials=15)
    assert len(study.trials) == 15


def test_pruned_trials_count_as_what_they_would_have_come_to() -> None:
    def objective(trial: optuna.Trial) -> float:
        value = bowl(trial)
        for step in range(5):
            trial.report(value + 5 - step, step)
            if trial.should_prune():
                raise optuna.TrialPruned
        return value

    pruner = optuna.pruners.MedianPruner(n_startup_trials=4)
    study = optuna.create_study(sampler=FootholdSampler(seed=1), pruner=pruner)
    study.optimize(objective, n_trials=30)
    assert sum(trial.state == TrialState.PRUNED for trial in study.trials) >= 5
    assert study.best_value < 0.05


def test_the_brackets_of_hyperband() -> None:
    def objective(trial: optuna.Trial) -> float:
        value = bowl(trial)
        for step in range(1, 10):
            trial.report(value + 1 / step, step)
            if trial.should_prune():
                raise optuna.TrialPruned
        return value

    pruner = optuna.pruners.HyperbandPruner(min_resource=1, max_resource=9)
    study = optuna.create_study(study_name="hyperband", sampler=FootholdSampler(seed=1), pruner=pruner)
    study.optimize(objective, n_trials=40)
    assert study.best_value < 1
