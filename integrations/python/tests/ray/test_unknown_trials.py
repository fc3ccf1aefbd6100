"""Trials that another searcher suggested, such as those that Ray runs again under another name."""

import math

import pytest
from foothold.ray import FootholdSearch
from ray import tune
from ray.tune.utils import flatten_dict

SPACE = {"x": tune.uniform(-1, 2), "optimizer": {"lr": tune.loguniform(1e-4, 1)}}


def trials_of(search):
    """The trials as the engine has them."""
    return search._study._request({"op": "trials"})["trials"]


def test_a_trial_under_another_name_that_ended_early_counts_as_pruned_too():
    search = FootholdSearch(SPACE, "loss", "min", max_t=8)
    flat = {"config/x": 0.5, "config/optimizer/lr": 0.1, "loss": 7.0}
    for step in (2, 8):
        search.on_trial_complete(f"again {step}", {**flat, "training_iteration": step})
    search.on_trial_complete("without a metric", {**flat, "loss": math.nan, "training_iteration": 3})
    assert [trial["state"] for trial in trials_of(search)] == ["pruned", "complete", "pruned"]


def test_choices_that_ray_flattens_are_known_under_another_name():
    choices = [{"kind": "a", "sizes": [1, 2]}, {"kind": "b", "of": {"depth": 2}}, {}, {1: 2}, [64, 32], (64, 32), None, "text"]
    space = {"x": tune.uniform(0, 1), "n": {"c": tune.choice(choices)}}
    search = FootholdSearch(space, "loss", "min")
    for choice in choices:
        config = {"x": 0.5, "n": {"c": choice}, "n/d": 3}
        search.on_trial_complete("again", flatten_dict({"config": config, "loss": 1.0, "training_iteration": 1}))
    assert [trial["params"]["n/c"] for trial in trials_of(search)] == [str(index) for index in range(len(choices))]


@pytest.mark.parametrize(
    ("config", "words"),
    [({"config/x": 0.5}, "optimizer/lr is missing"), ({"config/x": 9.0, "config/optimizer/lr": 0.1}, "x is 9.0, allowed is")],
)
def test_a_trial_of_another_space_takes_no_part_and_a_warning_says_so(config, words):
    search = FootholdSearch(SPACE, "loss", "min")
    with pytest.warns(UserWarning, match=words):
        search.on_trial_complete("other", {**config, "loss": 1.0, "training_iteration": 1})
    search.suggest("next")
    assert [trial["state"] for trial in trials_of(search)] == ["running"]
