"""Spaces of Ray Tune as spaces of Foothold."""

import math

import numpy as np
import pytest
from foothold.errors import FootholdError, InvalidArgumentError, OutOfSpaceError, UnsupportedError
from foothold.ray import FootholdSearch
from foothold.ray._space import Space
from ray import tune
from ray.tune.search.sample import Float

DOMAINS = {
    "uniform": tune.uniform(-2, 3),
    "loguniform": tune.loguniform(1e-5, 1e2),
    "quniform": tune.quniform(-0.4, 1.2, 0.2),
    "qloguniform": tune.qloguniform(0.1, 10, 0.1),
    "randint": tune.randint(-3, 4),
    "lograndint": tune.lograndint(1, 9),
    "qrandint": tune.qrandint(2, 20, 4),
    "qrandint of 1": tune.qrandint(2, 6, 1),
    "qlograndint": tune.qlograndint(5, 50, 5),
    "choice": tune.choice(["a", None, True, 1, (1, 2), math.nan]),
    "choice of rising numbers": tune.choice([16, 32, 64.5]),
    "choice of falling numbers": tune.choice([3, 2, 1]),
    "choice of numbers": tune.choice([3, 1, 2]),
    "choice of one": tune.choice(["only"]),
}


def sampled(name, count):
    """What Ray samples: several values at once, and one as it gives it to a trial."""
    domain = DOMAINS[name]
    return [*domain.sample(size=count, random_state=np.random.default_rng(1)), domain.sample(random_state=np.random.default_rng(2))]


def text(value):
    return f"{value + 0.0:.9g}" if isinstance(value, (float, np.number)) else repr(value)


@pytest.mark.parametrize("name", DOMAINS)
def test_what_ray_samples_is_sent_and_received_unchanged(name):
    space = Space({"nested": {name: DOMAINS[name]}})
    for value in sampled(name, 200):
        config = {"nested": {name: value}}
        received = space.received(space.sent(config))["nested"][name]
        assert type(received) is type(value) or isinstance(value, np.generic)
        assert received is value or received == value or received == pytest.approx(value, rel=1e-12)
        assert space.sent({f"nested/{name}": value}) == space.sent(config)


@pytest.mark.parametrize("name", DOMAINS)
def test_random_search_of_the_engine_covers_the_values_that_ray_samples(name):
    domain = DOMAINS[name]
    search = FootholdSearch({name: domain}, "loss", "min", seed=1, sampler="random", repeat=True)
    found = [search.suggest(str(number))[name] for number in range(120)]
    values = sampled(name, 2000)
    if len(set(map(repr, values))) < 30:
        # Each value has a share of at least 1 in 20 in Ray; 120 draws miss one of them with a probability below 0.003.
        assert {text(value) for value in found} == {text(value) for value in values}
    else:
        assert all(domain.is_valid(value) for value in found)
        # Quartiles of uniform draws: standard error 0.04 at 120 of them.
        order = np.searchsorted(np.sort(values), found) / len(values)
        for quartile in (0.25, 0.5, 0.75):
            assert abs(np.mean(order < quartile) - quartile) < 0.16


@pytest.mark.parametrize(
    ("space", "words"),
    [
        ({"a": {"x": tune.randn()}}, ["a/x", "Normal", "tune.uniform"]),
        ({"x": tune.qrandn(0, 1, 0.5)}, ["x is", "Normal"]),
        ({"x": tune.sample_from(lambda config: 1)}, ["x is", "sample_from", "choice"]),
        ({"x": tune.grid_search([1, 2])}, ["x is", "grid_search([1, 2])", "choice"]),
        ({"layers": [tune.uniform(0, 1), 3]}, ["layers", "list", "dictionaries"]),
        ({"x": tune.choice([tune.uniform(0, 1), 2])}, ["x has the choice", "not domains"]),
    ],
)
def test_what_cannot_be_mapped_is_an_error_with_its_name(space, words):
    with pytest.raises(UnsupportedError) as raised:
        FootholdSearch(space)
    assert all(word in str(raised.value) for word in words)
    with pytest.raises(UnsupportedError):
        FootholdSearch().set_search_properties("loss", "min", space)


@pytest.mark.parametrize(
    ("space", "words"),
    [
        ({"x": tune.uniform(2, 1)}, ["x goes from 2 to 1"]),
        ({"x": tune.randint(2, 2)}, ["x goes from 2 to 2"]),
        ({"x": tune.qrandint(3, 4, 5)}, ["x goes from 3 to 4 with q = 5"]),
        ({"x": Float(0, None)}, ["x goes from 0 to inf", "finite"]),
        ({"x": tune.choice([])}, ["x is tune.choice([])"]),
        ({"a/b": tune.uniform(0, 1), "a": {"b": tune.uniform(0, 1)}}, ["two parameters", "'a/b'"]),
        ({"x": 3}, ["at least one"]),
        ({}, ["at least one"]),
    ],
)
def test_a_space_without_values_is_an_error_with_its_name(space, words):
    with pytest.raises(InvalidArgumentError) as raised:
        FootholdSearch(space)
    assert all(word in str(raised.value) for word in words)


@pytest.mark.parametrize(
    ("name", "value", "allowed"),
    [
        ("uniform", 3.1, "a number from -2.0 to 3.0"),
        ("uniform", math.nan, "a number from"),
        ("uniform", "1", "a number from"),
        ("uniform", True, "a number from"),
        ("randint", 4, "a whole number from -3 to 3"),
        ("randint", 0.5, "a whole number"),
        ("quniform", 0.3, "a multiple of 0.2"),
        ("qrandint", 24, "a multiple of 4 from 4 to 20"),
        ("choice", "b", "one of ["),
        ("choice", False, "one of ["),
        ("choice of numbers", True, "one of [3, 1, 2]"),
    ],
)
def test_a_value_outside_is_an_error_with_what_is_allowed(name, value, allowed):
    search = FootholdSearch({name: DOMAINS[name]}, "loss", "min")
    with pytest.raises(OutOfSpaceError) as raised:
        search.add_evaluated_point({name: value}, 1.0)
    assert f"{name} is {value!r}, allowed is {allowed}" in str(raised.value)
    with pytest.raises(FootholdError):
        FootholdSearch({name: DOMAINS[name]}, points_to_evaluate=[{name: value}])


def test_constants_of_the_searchers_own_space_are_in_each_configuration():
    space = {"x": tune.uniform(0, 1), "data": {"path": "p", "size": tune.randint(1, 3)}, "layers": [1, 2]}
    config = FootholdSearch(space, "loss", "min").suggest("a")
    assert config["data"]["path"] == "p" and config["layers"] == [1, 2] and 0 <= config["x"] <= 1
    assert space["data"]["size"].lower == 1
