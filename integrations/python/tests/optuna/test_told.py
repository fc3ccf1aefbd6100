"""What the engine is told of the trials in a storage of Optuna."""

from __future__ import annotations

import math
from typing import Any

import optuna
import pytest
from foothold._conversation import shared_engine
from foothold.errors import InvalidArgumentError
from foothold.optuna import FootholdSampler
from foothold.optuna._kept import Kept, kept_of
from foothold.optuna._outcome import Outcomes
from foothold.optuna._search import Search
from foothold.optuna._space import Space
from optuna.distributions import FloatDistribution
from optuna.study import StudyDirection
from optuna.trial import FrozenTrial, TrialState, create_trial



def told(sampler: FootholdSampler) -> list[dict[str, Any]]:
    """The trials of the sampler's one study, as the engine has them."""
    (states,) = sampler._states.values()
    (state,) = states.values()
    (search,) = state._searches.values()
    return list(search._request({"op": "trials"})["trials"])


def finished(x: float, value: float, distribution: FloatDistribution) -> FrozenTrial:
    return create_trial(value=value, params={"x": x}, distributions={"x": distribution})


def numbered(*trials: FrozenTrial) -> list[FrozenTrial]:
    for number, trial in enumerate(trials):
        trial.number = number
    return list(trials)


def test_a_value_beside_the_grid_that_optuna_takes_is_told_as_the_one_on_it() -> None:
    grid = FloatDistribution(0, 1, step=0.1)
    sampler = FootholdSampler(seed=1)
    study = optuna.create_study(sampler=sampler)
    for x, value in ((0.1, 5.0), (0.3000000005, 3.0), (0.7, 4.0)):
        study.add_trial(finished(x, value, grid))
    trial = study.ask({"x": grid})
    assert [of["params"]["x"] for of in told(sampler)[:3]] == pytest.approx([0.1, 0.3, 0.7], rel=1e-15)
    assert [of.get("value") for of in told(sampler)[:3]] == [5, 3, 4]
    study.tell(trial, 6.0)
    study.enqueue_trial({"x": 0.4999999999})
    study.optimize(lambda trial: trial.suggest_float("x", 0, 1, step=0.1), n_trials=1)
    study.ask({"x": grid})
    assert told(sampler)[4]["params"] == {"x": 0.5} and told(sampler)[4]["state"] == "complete"


@pytest.mark.parametrize("with_reports", [False, True])
def test_of_trials_that_the_engine_refuses_the_others_are_told(with_reports: bool) -> None:
    range_of_optuna = FloatDistribution(0, 10)
    options = {"space": {"x": {"type": "real", "low": 0, "high": 5}}, "seed": 1}
    outcomes = Outcomes([StudyDirection.MINIMIZE], [])
    search = Search(shared_engine(), Space({"x": range_of_optuna}), outcomes, options, with_reports=with_reports, part="0")
    trials = numbered(*(finished(x, x, range_of_optuna) for x in (1.0, 8.0, 2.0)))
    for trial in trials:
        trial.intermediate_values = {1: 9.0}
    with pytest.warns(UserWarning, match="trial 1 takes no part in the search: x"):
        search.follow(trials, 3)
    search.follow(trials, 3)
    known = search._request({"op": "trials"})["trials"]
    assert [(of["params"]["x"], of["value"]) for of in known] == [(1, 1), (2, 2)]


def test_a_load_that_fails_is_no_load() -> None:
    distributions = {"x": FloatDistribution(0, 1)}
    study = optuna.create_study(sampler=FootholdSampler(seed=1))
    odd = create_trial(
        value=1.0,
        params={"x": 0.5},
        distributions=distributions,
        system_attrs=Kept(states={"0": "odd"}).attributes({}),
    )
    study.add_trials([odd, finished(0.2, 2.0, distributions["x"])])
    for _ in range(2):
        with pytest.raises(InvalidArgumentError, match="samplerState"):
            study.ask(distributions)


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([-math.inf, 500, 300], [500, 500, 300]),
        ([500, -math.inf, 300, -math.inf], [500, 500, 300, 300]),
        ([-math.inf, math.inf, -math.inf, 7], [7, None, 7, 7]),
    ],
)
def test_an_infinitely_good_value_counts_as_the_best_finite_one_before_it_or_the_first_one(
    values: list[float], expected: list[float | None]
) -> None:
    def objective(trial: optuna.Trial) -> float:
        trial.suggest_float("x", 0, 1)
        return values[trial.number]

    distribution = FloatDistribution(0, 1)
    for at_once in (True, False):
        sampler = FootholdSampler(seed=1)
        study = optuna.create_study(sampler=sampler)
        for number, value in enumerate(values):
            if at_once:
                study.add_trial(finished(number / 10, value, distribution))
            else:
                study.enqueue_trial({"x": number / 10})
                study.optimize(objective, n_trials=1)
        study.ask({"x": distribution})
        trials = {of["params"]["x"]: of for of in told(sampler) if of["state"] != "running"}
        assert [trials[number / 10].get("value") for number in range(len(values))] == expected


def test_a_trial_that_fails_by_one_value_gives_no_best_value_of_the_others() -> None:
    directions = [StudyDirection.MINIMIZE, StudyDirection.MINIMIZE]
    distribution = FloatDistribution(0, 1)
    trials = numbered(
        *(
            create_trial(values=values, params={"x": 0.5}, distributions={"x": distribution})
            for values in ([-7, math.inf], [-math.inf, 3], [4, 2])
        )
    )
    found = Outcomes(directions, []).of(trials)
    assert found[0]["state"] == "failed"
    assert found[1] == {"value": 4, "metrics": {"value 1": 3}}
    assert Outcomes(directions, []).of(trials[:2]).keys() == {0}


def test_a_trial_that_keeps_less_than_before_is_read() -> None:
    long, short = Kept(states={"0": "a" * 6000}), Kept(states={"0": "b" * 2500, "1": "é"})
    trial = create_trial(value=1.0)
    for kept in (long, short, Kept(), short):
        trial.system_attrs = {**trial.system_attrs, **kept.attributes({})}
        assert read(trial) == kept.states
    # Of two that have as many pieces, one of each.
    other = Kept(states={"0": "c" * 2500, "1": "é"}).attributes({})
    trial.system_attrs = {**trial.system_attrs, "foothold:1": other["foothold:1"]}
    assert read(trial) == {}
    assert max(len(text) for text in long.attributes({}).values()) <= 2000


def read(trial: FrozenTrial) -> dict[str, Any]:
    return kept_of(trial, {}).states
