"""What ``FootholdSampler`` promises, each on a real study with a real engine."""

from __future__ import annotations

from typing import Any

import optuna
import pytest
from foothold.errors import InvalidArgumentError
from foothold.optuna import FootholdSampler

from optuna_objectives import bowl, params_of


def test_it_is_close_to_the_least_value_of_a_bowl_after_25_trials() -> None:
    for seed in range(3):
        study = optuna.create_study(sampler=FootholdSampler(seed=seed))
        study.optimize(bowl, n_trials=25)
        assert study.best_value < 0.01


def test_it_maximizes() -> None:
    study = optuna.create_study(direction="maximize", sampler=FootholdSampler(seed=1))
    study.optimize(lambda trial: -bowl(trial), n_trials=25)
    assert study.best_value > -0.01


def test_the_same_seed_gives_the_same_run_and_another_one_another() -> None:
    runs = []
    for seed in (4, 4, 5):
        study = optuna.create_study(sampler=FootholdSampler(seed=seed))
        study.optimize(bowl, n_trials=12)
        runs.append(params_of(study))
    assert runs[0] == runs[1]
    assert runs[0] != runs[2]


def test_earlier_studies_are_where_it_begins() -> None:
    earlier = optuna.create_study(sampler=FootholdSampler(seed=9))
    earlier.optimize(lambda trial: 10 * bowl(trial) + 3, n_trials=30)
    plain, started = [], []
    for seed in range(5):
        for values, transfer in ((plain, []), (started, [earlier])):
            study = optuna.create_study(sampler=FootholdSampler(seed=seed, transfer=transfer))
            study.optimize(bowl, n_trials=5)
            values.append(study.best_value)
    assert sum(started) < 0.2 * sum(plain)


def test_an_earlier_study_of_other_parameters_and_choices_is_no_error() -> None:
    earlier = optuna.create_study(sampler=FootholdSampler(seed=9))
    earlier.optimize(
        lambda trial: trial.suggest_float("x", -9, 9) ** 2 + len(trial.suggest_categorical("c", ["a", "bb"])),
        n_trials=6,
    )
    study = optuna.create_study(sampler=FootholdSampler(seed=1, transfer=[earlier]))
    study.optimize(
        lambda trial: bowl(trial) + len(trial.suggest_categorical("c", ["bb", "ccc"])),
        n_trials=6,
    )
    assert len(study.trials) == 6


def test_an_earlier_study_of_several_objectives_is_refused() -> None:
    earlier = optuna.create_study(study_name="two", directions=["minimize", "minimize"])
    with pytest.raises(InvalidArgumentError, match="transfer has the study 'two' with 2 objectives, allowed is one"):
        FootholdSampler(transfer=[earlier])


@pytest.mark.parametrize(("name", "value"), [("seed", 0.5), ("seed", True), ("n_trials", 0), ("n_trials", "9")])
def test_an_argument_that_is_no_whole_number_is_named(name: str, value: Any) -> None:
    with pytest.raises(InvalidArgumentError, match=f"{name} is {value!r}, allowed is a whole number"):
        FootholdSampler(**{name: value})


def test_a_sampler_that_there_is_not_is_named() -> None:
    study = optuna.create_study(sampler=FootholdSampler(sampler="gaussian"))
    with pytest.raises(InvalidArgumentError, match='sampler is "gaussian", allowed is one of auto'):
        study.optimize(bowl, n_trials=2)


def test_other_samplers_of_the_engine() -> None:
    for sampler in ("random", "sobol", "tpe", {"name": "gp", "initialTrials": 4}):
        study = optuna.create_study(sampler=FootholdSampler(seed=1, sampler=sampler))
        study.optimize(bowl, n_trials=8)
        assert len(study.trials) == 8


def test_one_sampler_serves_several_studies() -> None:
    sampler = FootholdSampler(seed=1)
    studies = [optuna.create_study(sampler=sampler) for _ in range(2)]
    for _ in range(20):
        studies[0].optimize(bowl, n_trials=1)
        studies[1].optimize(lambda trial: -bowl(trial), n_trials=1)
    alone = optuna.create_study(sampler=FootholdSampler(seed=1))
    alone.optimize(bowl, n_trials=20)
    assert params_of(studies[0]) == params_of(alone)


def test_a_study_with_other_samplers_trials_goes_on() -> None:
    study = optuna.create_study(sampler=optuna.samplers.RandomSampler(seed=1))
    study.optimize(bowl, n_trials=30)
    study.sampler = FootholdSampler(seed=1)
    study.optimize(bowl, n_trials=8)
    assert study.best_value < 0.01


def test_reseeding_changes_what_comes_and_not_what_is_known() -> None:
    first = FootholdSampler(seed=1)
    second = FootholdSampler(seed=1)
    second.reseed_rng()
    runs = []
    for sampler in (first, second):
        study = optuna.create_study(sampler=sampler)
        study.optimize(bowl, n_trials=12)
        runs.append(params_of(study))
    assert runs[0] != runs[1]
