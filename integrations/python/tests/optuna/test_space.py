"""How spaces of Optuna are searched."""

from __future__ import annotations

import math
import warnings

import optuna
import pytest
from foothold.errors import InvalidArgumentError
from foothold.optuna import FootholdSampler
from optuna.distributions import IntDistribution
from optuna.trial import TrialState

from optuna_objectives import bowl, conditional, params_of


def test_every_distribution_keeps_its_range_step_and_type() -> None:
    def objective(trial: optuna.Trial) -> float:
        values = [
            trial.suggest_float("real", -1e6, 1e6),
            trial.suggest_float("log", 1e-9, 1e3, log=True),
            trial.suggest_float("step", -10.2, 10.2, step=0.1),
            trial.suggest_int("int", -7, 7, step=3),
            trial.suggest_int("log int", 1, 10**6, log=True),
            trial.suggest_float("one value", 2, 2),
            trial.suggest_int("constructor", 0, 3),
            trial.suggest_int("toString", 0, 3),
        ]
        choice = trial.suggest_categorical("choice", [None, True, 1, "1", 0.5])
        return sum(math.atan(value) for value in values) + (choice is None)

    study = optuna.create_study(sampler=FootholdSampler(seed=0))
    study.optimize(objective, n_trials=25)
    for trial in study.trials:
        assert (trial.params["int"] + 7) % 3 == 0 and isinstance(trial.params["int"], int)
        count = (trial.params["step"] + 10.2) / 0.1
        assert abs(count - round(count)) < 1e-8
        assert trial.params["one value"] == 2


def test_choices_may_be_nan_or_tuples() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Optuna warns of tuples
        study = optuna.create_study(sampler=FootholdSampler(seed=0))
        choices = [float("nan"), (64, 32), (64,), False]
        study.optimize(
            lambda trial: float(trial.suggest_categorical("layers", choices) == (64,)) + trial.suggest_float("x", 0, 1),
            n_trials=12,
        )
    assert {trial.state for trial in study.trials} == {TrialState.COMPLETE}


def test_parameters_that_some_trials_have_are_chosen_by_the_model_too() -> None:
    study = optuna.create_study(sampler=FootholdSampler(seed=2))
    study.optimize(conditional, n_trials=40)
    assert study.best_params["optimizer"] == "sgd"
    assert abs(study.best_params["momentum"] - 0.8) < 0.05
    assert study.best_value < 0.02


def test_a_parameter_that_appears_later_joins() -> None:
    study = optuna.create_study(sampler=FootholdSampler(seed=3))
    study.optimize(bowl, n_trials=10)
    study.optimize(lambda trial: bowl(trial) + trial.suggest_float("z", -5, 5) ** 2, n_trials=25)
    assert study.best_value < 0.3
    assert all("z" in params for params in params_of(study)[10:])


def test_a_range_that_moves_is_searched_where_it_is_now() -> None:
    study = optuna.create_study(sampler=FootholdSampler(seed=3))
    study.optimize(lambda trial: trial.suggest_float("x", 0, 10), n_trials=8)
    study.optimize(lambda trial: (trial.suggest_float("x", 20, 30) - 24) ** 2 - 1, n_trials=15)
    assert all(20 <= params["x"] <= 30 for params in params_of(study)[8:])
    assert abs(study.best_params["x"] - 24) < 0.1


def test_a_finite_space_goes_on_when_every_point_is_tried() -> None:
    study = optuna.create_study(sampler=FootholdSampler(seed=1))
    study.optimize(lambda trial: trial.suggest_int("n", 1, 4) ** 2, n_trials=9)
    assert {params["n"] for params in params_of(study)[:4]} == {1, 2, 3, 4}
    assert len(study.trials) == 9


def test_a_range_that_the_engine_cannot_search_is_named() -> None:
    study = optuna.create_study(sampler=FootholdSampler(seed=1))
    with pytest.raises(InvalidArgumentError, match="huge"):
        for _ in range(2):
            trial = study.ask({"huge": IntDistribution(0, 2**60)})
            study.tell(trial, 1)


def test_enqueued_trials_are_run_and_their_other_parameters_chosen() -> None:
    study = optuna.create_study(sampler=FootholdSampler(seed=1))
    study.optimize(bowl, n_trials=12)
    study.enqueue_trial({"x": 4.0})
    study.enqueue_trial({"x": 0.7, "y": -1.3})
    study.optimize(bowl, n_trials=2)
    partial, whole = params_of(study)[12:]
    assert partial["x"] == 4 and -5 <= partial["y"] <= 5
    assert whole == {"x": 0.7, "y": -1.3}
    study.optimize(bowl, n_trials=3)
    assert study.best_value == 0


def test_fixed_parameters_stay() -> None:
    study = optuna.create_study(sampler=FootholdSampler(seed=1))
    study.optimize(bowl, n_trials=12)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", optuna.exceptions.ExperimentalWarning)
        study.sampler = optuna.samplers.PartialFixedSampler({"x": 2.0}, study.sampler)
    study.optimize(bowl, n_trials=15)
    assert {params["x"] for params in params_of(study)[12:]} == {2.0}
    assert min(abs(params["y"] + 1.3) for params in params_of(study)[12:]) < 0.3
