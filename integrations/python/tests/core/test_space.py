"""Spaces by Python values: what each is in the protocol, and what is refused by name."""

import os
import subprocess
import sys
from fractions import Fraction

import pytest

from foothold import Boolean, Categorical, Int, Ordinal, Real, Space, Study
from foothold.errors import InvalidArgumentError


@pytest.mark.parametrize(
    ("value", "described"),
    [
        (Real(1e-4, 1e-1, log=True), {"type": "real", "low": 1e-4, "high": 0.1, "log": True}),
        (Real(0, 1, step=0.25), {"type": "real", "low": 0, "high": 1, "step": 0.25}),
        (Int(1, 8, default=2), {"type": "int", "low": 1, "high": 8, "default": 2}),
        ((1, 8), {"type": "int", "low": 1, "high": 8}),
        ((0.0, 8), {"type": "real", "low": 0.0, "high": 8.0}),
        ((Fraction(1, 2), 2), {"type": "real", "low": 0.5, "high": 2.0}),
        (range(2, 11, 4), {"type": "int", "low": 2, "high": 10, "step": 4}),
        (range(3), {"type": "int", "low": 0, "high": 2}),
        ([16, 32, 64], {"type": "ordinal", "choices": [16, 32, 64]}),
        ([32, 16], {"type": "categorical", "choices": [32, 16]}),
        (["relu", None, True], {"type": "categorical", "choices": ["relu", None, True]}),
        (Ordinal(["s", "m"], default="m"), {"type": "ordinal", "choices": ["s", "m"], "default": "m"}),
        (bool, {"type": "boolean"}),
        (Boolean(default=False), {"type": "boolean", "default": False}),
        ("adam", {"type": "categorical", "choices": ["adam"]}),
        (
            Real(0, 1, when={"optimizer": ("sgd",)}),
            {"type": "real", "low": 0, "high": 1, "when": {"optimizer": ["sgd"]}},
        ),
        ({"type": "int", "low": 1, "high": 2}, {"type": "int", "low": 1, "high": 2}),
    ],
)
def test_a_value_is_a_parameter_of_the_protocol(value, described):
    assert Space({"x": value}).description == {"x": described}


def test_the_engine_takes_all_of_them():
    study = Study(
        {
            "optimizer": ["sgd", "adam"],
            "lr": Real(1e-4, 1e-1, log=True),
            "momentum": Real(0, 1, when={"optimizer": ["sgd"]}),
            "layers": range(1, 9, 2),
            "units": [16, 32, 64],
            "bias": bool,
            "task": "digits",
            "dropout": (0.0, 0.5),
        },
        sampler="random",
    )
    trials = study.ask_many(40)
    assert {trial.params["optimizer"] for trial in trials} == {"sgd", "adam"}
    for trial in trials:
        assert ("momentum" in trial.params) == (trial.params["optimizer"] == "sgd")
        assert trial.params["layers"] in (1, 3, 5, 7)
        assert trial.params["bias"] in (True, False)
        assert trial.params["task"] == "digits"


def test_choices_may_be_any_objects_and_come_back_as_they_are():
    wide, deep = (64, 64), (16, 16, 16)

    class Model:
        pass

    first, second = Model(), Model()
    study = Study(
        {"hidden": Categorical([wide, deep, None], default=deep), "model": [first, second, "linear"]},
        sampler="random",
    )
    seen = study.ask_many(30)
    assert Study({"hidden": Categorical([wide, deep, None], default=deep)}).ask().params["hidden"] is deep
    assert {id(trial.params["hidden"]) for trial in seen} <= {id(wide), id(deep), id(None)}
    assert {id(trial.params["model"]) for trial in seen} >= {id(first), id(second)}
    study.enqueue({"hidden": (64, 64), "model": second})
    assert study.ask().params == {"hidden": wide, "model": second}
    with pytest.raises(InvalidArgumentError, match="hidden is .*, allowed is one of"):
        study.enqueue({"hidden": (1,)})


def test_numbers_come_back_as_the_program_wrote_them():
    big = 2**53 + 1
    space = {
        "x": Real(0.5, 1.0),
        "share": [0.5, 1.0],
        "mixed": Categorical([1.0, (1, 2)]),
        "plain": Categorical([True, 1.0, 0, "1"]),
        "big": Categorical([big, 1, 2**60]),
        "whole": (1, 8),
        "described": {"type": "ordinal", "choices": [0.5, 1.0]},
    }
    study = Study(space, sampler="random")
    given = {"x": 1.0, "share": 1.0, "mixed": 1.0, "plain": 1.0, "big": big, "whole": 2, "described": 1.0}
    study.enqueue(given)
    study.tell(study.ask(), 2.0, standard_error=1.0, metrics={"seconds": 3.0})
    told = study.best()
    assert repr(told.params) == repr(given)
    assert repr((told.value, told.standard_error, told.metrics)) == "(2.0, 1.0, {'seconds': 3.0})"
    others = {**given, "plain": True, "big": 2**60}
    study.enqueue(others)
    assert repr(study.ask().params) == repr(others)
    assert Study(space, sampler="random").load(study.trials()) == 1
    with pytest.raises(InvalidArgumentError, match="as float64 has them"):
        Space({"big": [1, big]})


def test_objects_that_look_alike_stay_different():
    class Same:
        def __repr__(self):
            return "Same()"

    one, other = Same(), Same()
    space = Space({"x": [one, other]})
    assert space.decoded(space.encoded({"x": other}))["x"] is other
    assert space.decoded(space.encoded({"x": one}))["x"] is one


STORED_CHOICES = """
import sys
from foothold import Categorical, Study

class Model:
    pass

def fast(x):
    return x

models = [Model(), Model(), fast, lambda x: x, frozenset(["a", "b", "c", "d"]), (fast, 1), Model]
study = Study({"model": Categorical(models)}, name="kept", storage=sys.argv[1], sampler="grid", seed=2)
for trial in study.trials():
    print(trial.number, models.index(trial.params["model"]))
for trial in study.ask_many(3):
    print(trial.number, models.index(trial.params["model"]))
    study.tell(trial, 1.0)
"""


def test_another_run_of_the_program_continues_a_study_whose_choices_have_addresses_in_their_repr(tmp_path):
    runs = [
        subprocess.run(
            [sys.executable, "-c", STORED_CHOICES, str(tmp_path)],
            capture_output=True,
            text=True,
            timeout=120,
            env={**os.environ, "PYTHONHASHSEED": seed},
        )
        for seed in ("1", "2")
    ]
    assert [ran.stderr for ran in runs] == ["", ""]
    first, second = (ran.stdout.splitlines() for ran in runs)
    assert second[:3] == first and len(second) == 6
    assert len({line.split()[1] for line in second}) == 6  # the grid gives each choice once


def test_a_condition_takes_the_objects_of_the_other_parameter():
    class SGD:
        pass

    class Adam:
        pass

    space = {"momentum": Real(0, 1, when={"optimizer": [SGD]}), "optimizer": [SGD, Adam]}
    trials = Study(space, sampler="random").ask_many(20)
    assert {trial.params["optimizer"] for trial in trials} == {SGD, Adam}
    assert all(("momentum" in trial.params) == (trial.params["optimizer"] is SGD) for trial in trials)


@pytest.mark.parametrize(
    ("when", "message"),
    [
        ({"optimizer": "sgd"}, r"^x\.when\.optimizer is 'sgd', allowed is a list of values of optimizer"),
        ({"optimizer": 3}, r"^x\.when\.optimizer is 3, allowed is a list"),
        ("optimizer", r"^x\.when is 'optimizer', allowed is a dictionary"),
        ({"optimizer": [int]}, r"^x\.when\.optimizer is <class 'int'>, allowed is one of \['sgd', <class 'dict'>\]"),
    ],
)
def test_what_is_no_condition_is_refused_by_its_name(when, message):
    with pytest.raises(InvalidArgumentError, match=message):
        Space({"optimizer": ["sgd", dict], "x": Real(0, 1, when=when)})


class Several:
    """As an array with several values."""

    def item(self):
        raise ValueError("can only convert an array of size 1")


def test_a_value_that_is_an_array_is_refused_by_its_name():
    study = Study({"x": (0.0, 1.0)}, sampler="random")
    with pytest.raises(InvalidArgumentError, match=r"^params\.x is <.*Several object.*>, allowed is JSON"):
        study.enqueue({"x": Several()})
    with pytest.raises(InvalidArgumentError, match=r"^value is <.*Several object.*>, allowed is a finite number; a trial without one"):
        study.tell(study.ask(), Several())


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ((1, 2, 3), r"^x is \(1, 2, 3\), allowed is \(low, high\)"),
        ((float("nan"), 1.0), r"^x is \(nan, 1.0\), allowed is \(low, high\)"),
        (Real(0, float("inf")), r"^x\.high is inf, allowed is a finite number"),
        (Int("1", 2), r"^x\.low is '1', allowed is a finite number"),
        ([], r"^x is \[\], allowed is at least one choice"),
        (range(5, 5), r"^x is range\(5, 5\), allowed is a range with numbers"),
        (None, r"^x is None, allowed is Real\(0, 1\), "),
        (object, r"^x is <class 'object'>, allowed is Real"),
        (Ordinal([(1, 2)]), r"^x is \[\(1, 2\)\], allowed is numbers or texts"),
        (Real(2, 1), r"^x"),
        (Real(0, 1, log=True), r"^x"),
    ],
)
def test_what_is_no_parameter_is_refused_by_its_name(value, message):
    with pytest.raises(InvalidArgumentError, match=message):
        Study({"x": value})


@pytest.mark.parametrize("space", [{}, None, [("x", 1)], {3: (0, 1)}])
def test_what_is_no_space_is_refused(space):
    with pytest.raises(InvalidArgumentError, match="allowed is"):
        Study(space)
