"""The protocol as a client: runs, steps, several objectives, pruning, sources, storage."""

import functools
import json
import math
import os
import threading

import pytest
from shared import environment

import foothold
from foothold import Real, Study, Trial, TrialPruned, maximize, minimize
from foothold.errors import (
    InvalidArgumentError,
    OutOfSpaceError,
    ServerGoneError,
    SourceError,
    TrialLimitError,
    TrialStateError,
    UnsupportedError,
)

SPACE = {"x": (-2.0, 2.0), "y": (-2.0, 2.0)}


def bowl(params):
    return (params["x"] - 0.5) ** 2 + (params["y"] + 1) ** 2


def test_minimize_finds_the_minimum_and_the_same_seed_gives_the_same_run():
    first = minimize(bowl, SPACE, trials=30, seed=4)
    assert first.value < 1e-3 and abs(first.params["x"] - 0.5) < 0.05
    again = minimize(bowl, SPACE, trials=30, seed=4)
    assert [t.params for t in again.study.trials()] == [t.params for t in first.study.trials()]
    other = minimize(bowl, SPACE, trials=8, seed=5)
    assert [t.params for t in other.study.trials()] != [t.params for t in first.study.trials()][:8]


def test_maximize_looks_for_the_largest_value():
    result = maximize(lambda params: -bowl(params), SPACE, trials=30, seed=4)
    assert -1e-3 < result.value <= 0
    assert result.best.value == max(trial.value for trial in result.study.trials())


def test_threads_evaluate_each_trial_once():
    seen, lock = [], threading.Lock()
    meeting = threading.Barrier(4, timeout=60)

    def objective(params):
        with lock:
            seen.append(params["x"])
            first = len(seen) <= 4
        if first:
            meeting.wait()  # four trials run at once, or this never ends
        return bowl(params)

    result = minimize(objective, SPACE, trials=20, workers=4, sampler="random")
    trials = result.study.trials()
    assert [trial.number for trial in trials] == list(range(20))
    assert sorted(seen) == sorted(trial.params["x"] for trial in trials)
    assert all(trial.value == bowl(trial.params) for trial in trials)


def test_steps_notes_and_deleted_trials():
    study = Study(SPACE, sampler="random", seed=1)
    assert study.best() is None and study.trials() == []
    assert study.load([{"params": {"x": 0, "y": 0}, "value": 1.25}]) == 1
    study.enqueue({"x": 0.5})
    trial = study.ask()
    assert trial.number == 1 and trial.params["x"] == 0.5 and trial.state == "running"
    study.tell(trial, 0.5, metrics={"seconds": 2}, standard_error=0.1, attributes={"host": "a"}, note="ok")
    told = study.best()
    assert isinstance(told, Trial)
    assert (told.value, told.metrics, told.standard_error) == (0.5, {"seconds": 2}, 0.1)
    assert told.attributes == {"host": "a"} and told.note == "ok"
    assert study.note(trial, attributes={"gpu": 1}) == {"attributes": {"host": "a", "gpu": 1}, "note": "ok"}
    assert study.note(note="of the study")["note"] == "of the study"
    study.delete(trial)
    assert study.best().number == 0 and [of.number for of in study.deleted_trials()] == [1]
    study.restore(trial)
    assert study.best().number == 1
    given = study.ask(fixed={"x": 1.0})
    assert given.params["x"] == 1.0
    study.release(given)
    assert study.ask().number == given.number
    with pytest.raises(TrialLimitError):
        study.ask(limit=2)  # the loaded one does not count


def test_what_is_wrong_is_a_typed_error_and_changes_nothing():
    study = Study(SPACE, sampler="random")
    trial = study.ask()
    with pytest.raises(InvalidArgumentError, match="value is nan"):
        study.tell(trial, math.nan)
    with pytest.raises(InvalidArgumentError, match="value is "):
        study.tell(trial)
    study.tell(trial, 1)
    study.tell(trial, 1)
    with pytest.raises(TrialStateError):
        study.tell(trial, 2)
    assert study.trials()[0].value == 1
    with pytest.raises(OutOfSpaceError, match="x is 7, outside"):
        study.enqueue({"x": 7})
    with pytest.raises(OutOfSpaceError, match="x is 7, outside"):
        study.load([{"params": {"x": 0, "y": 0}, "value": 1}, {"params": {"x": 7, "y": 0}, "value": 1}])
    assert len(study.trials()) == 1
    with pytest.raises(InvalidArgumentError, match="sampler"):
        Study(SPACE, sampler="nothing")
    with pytest.raises(InvalidArgumentError, match=r"objectives is \['a', 'b'\], allowed is a dictionary"):
        Study(SPACE, objectives=["a", "b"])
    with pytest.raises(SourceError, match="nowhere.csv"):
        Study(SPACE, transfer=["nowhere.csv"])
    with pytest.raises(InvalidArgumentError, match="trials is 0, allowed is a whole number above 0"):
        study.optimize(bowl, 0)


def test_a_failed_evaluation_is_told_with_its_reason():
    def objective(params):
        if params["x"] > 0:
            raise RuntimeError("out of memory")
        return math.inf if params["y"] > 0 else 1.0

    study = Study(SPACE, sampler="random", seed=2)
    study.optimize(objective, 20, catch=(RuntimeError,))
    for trial in study.trials():
        x, y = trial.params["x"], trial.params["y"]
        expected = "RuntimeError: out of memory" if x > 0 else "value is inf" if y > 0 else None
        assert trial.reason == expected
        assert trial.state == ("complete" if expected is None else "failed")
    with pytest.raises(RuntimeError, match="out of memory"):
        Study(SPACE, sampler="random", seed=2).optimize(objective, 20)


@pytest.mark.parametrize(
    ("outcome", "message"),
    [
        ("fast", "'fast', allowed is a number"),
        (None, "None, allowed is a number"),
        ({"speed": 1}, "allowed is a dictionary with value"),
        ({"value": "abc"}, "{'value': 'abc'}: value is 'abc', allowed is a number"),
    ],
)
def test_an_outcome_that_is_no_number_is_named_and_told_as_failed(outcome, message):
    study = Study(SPACE, sampler="random")
    # What is wrong with every trial is no exception of the objective.
    with pytest.raises(InvalidArgumentError, match=f"the objective gave .*{message}"):
        study.optimize(lambda params: outcome, 3, catch=(Exception,))
    assert [trial.state for trial in study.trials()] == ["failed"]


class Several:
    """As a tensor of several elements of PyTorch."""

    def __float__(self):
        raise RuntimeError("a Tensor with 2 elements cannot be converted to Scalar")


@pytest.mark.parametrize("outcome", [Several(), {"value": Several()}])
def test_an_outcome_that_float_refuses_in_its_own_way_is_no_number_either(outcome):
    study = Study(SPACE, sampler="random")
    with pytest.raises(InvalidArgumentError, match="the objective gave .*Several"):
        study.optimize(lambda params: outcome, 3)
    assert [trial.state for trial in study.trials()] == ["failed"]


def test_a_whole_number_beyond_float64_is_infinite():
    study = Study(SPACE, sampler="random").optimize(lambda params: {"value": -(10**400)}, 2)
    assert [trial.reason for trial in study.trials()] == ["value is -inf"] * 2


@pytest.mark.parametrize(
    "members", [{"storage": ""}, {"storage": "", "name": "a"}, {"name": ""}, {"objectives": {}}], ids=repr
)
def test_a_storage_a_name_and_objectives_that_are_empty_are_refused(members):
    # An empty variable of the environment: the trials would be kept in a folder that ends with the program.
    with pytest.raises(InvalidArgumentError, match=f"^{list(members)[0]} is ('|\"|{{}})"):
        Study(SPACE, **members)


def test_a_value_that_is_not_finite_is_refused_with_what_is_allowed():
    study = Study(SPACE, sampler="random", pruner="median")
    trial = study.ask()
    for value in (math.nan, math.inf, [0.5]):
        with pytest.raises(InvalidArgumentError, match="^value is .*, allowed is (a finite )?number"):
            study.tell(trial, value)
    with pytest.raises(InvalidArgumentError, match='^value is nan, .* state="failed"'):
        study.tell(trial, math.nan)
    with pytest.raises(InvalidArgumentError, match="^value is nan, allowed is a finite number$"):
        study.report(trial, 1, math.nan)
    with pytest.raises(InvalidArgumentError, match=r"^metrics\.m is nan, allowed is a finite number$"):
        study.tell(trial, 1, metrics={"m": math.nan})
    assert study.trials()[0].state == "running"


def test_a_report_of_no_number_ends_the_run_and_one_that_cannot_be_sent_gives_the_trial_back():
    study = Study(SPACE, sampler="random")
    with pytest.raises(InvalidArgumentError, match="value is nan"):
        study.optimize(lambda params, report: report(1, math.nan), 3, catch=(Exception,))
    assert [trial.state for trial in study.trials()] == ["failed"]
    working = study._requests
    study._requests = Unreachable(working)
    with pytest.raises(ServerGoneError):
        study.optimize(lambda params, report: report(1, 0.5), 3, catch=(Exception,))
    study._requests = working
    assert [trial.state for trial in study.trials()] == ["failed", "running"]
    assert study.optimize(bowl, 2).trials()[1].state == "complete"


class Unreachable:
    """A way to the study on which some requests are lost."""

    lost: str = "report"
    error = None

    def __init__(self, working):
        self._working = working

    def request(self, message):
        if message["op"] == self.lost:
            raise self.error or ServerGoneError("the server cannot be reached", retry=True)
        return self._working.request(message)

    def give_back(self, number):
        self._working.give_back(number)


@pytest.mark.parametrize(
    ("options", "missing"),
    [
        ({"limits": [{"metric": "memory", "atMost": 3}]}, "memory"),
        ({"objectives": {"error": "minimize", "speed": "maximize"}}, "error"),
        ({"cost": "seconds"}, "seconds"),
    ],
)
def test_an_outcome_that_the_study_refuses_is_told_as_failed_and_ends_the_run(options, missing):
    study = Study({"x": (0.0, 1.0)}, sampler="random", **options)
    with pytest.raises(InvalidArgumentError, match=missing):
        study.optimize(lambda params: 1.0, 3, catch=(Exception,))
    told = study.trials()
    assert [trial.state for trial in told] == ["failed"]
    assert missing in told[0].reason


def test_a_value_that_cannot_be_told_is_in_the_exception_and_the_trial_is_given_back(tmp_path):
    options = {"name": "n", "storage": tmp_path, "sampler": "random", "limits": [{"metric": "size", "atMost": 3}]}
    study = Study({"x": (0.0, 1.0)}, **options)
    working = study._requests

    class LosesTells(Unreachable):
        lost = "tell"

    study._requests = LosesTells(working)
    with pytest.raises(ServerGoneError, match=r"trial 0 came to .*0\.25") as caught:
        study.optimize(lambda params: {"value": 0.25, "size": 2}, 3, catch=(Exception,))
    told = {name: caught.value.details[name] for name in ("number", "value", "metrics")}
    assert told == {"number": 0, "value": 0.25, "metrics": {"size": 2}}
    # No process holds it: another one gets it at once.
    assert working._held == set()
    assert Study({"x": (0.0, 1.0)}, **options, engine=foothold.Engine()).ask().number == 0


def test_what_several_threads_cannot_tell_is_in_one_exception():
    study = Study({"x": (0.0, 1.0)}, sampler="random")
    meeting = threading.Barrier(3, timeout=60)

    class LosesTells(Unreachable):
        lost = "tell"

    def objective(params):
        meeting.wait()
        return params["x"]

    working = study._requests
    study._requests = LosesTells(working)
    with pytest.raises(ServerGoneError) as caught:
        study.optimize(objective, 9, workers=3)
    study._requests = working
    lost = [caught.value.details, *caught.value.details["others"]]
    assert {of["number"]: of["value"] for of in lost} == {t.number: t.params["x"] for t in study.trials()}
    assert len(lost) == 3


def test_an_interrupt_of_a_tell_gives_the_trial_back():
    study = Study(SPACE, sampler="random")
    working = study._requests

    class InterruptedTell(Unreachable):
        lost, error = "tell", KeyboardInterrupt()

    study._requests = InterruptedTell(working)
    with pytest.raises(KeyboardInterrupt):
        study.optimize(bowl, 3)
    study._requests = working
    assert [trial.state for trial in study.optimize(bowl, 3).trials()] == ["complete"] * 3


@pytest.mark.parametrize("with_report", [False, True])
def test_a_trial_that_somebody_else_ends_stays_as_it_is_and_the_run_goes_on(tmp_path, with_report):
    options = {"name": "n", "storage": tmp_path, "sampler": "random"}
    study = Study(SPACE, **options)
    other = Study(SPACE, **options, engine=foothold.Engine())
    called = []

    def objective(params, report):
        if len(study.trials()) == 2 and other.trials()[1].state == "running":
            other.tell(1, state="failed", reason="ended in the dashboard")
        if with_report:
            report(1, 0.5)
        return 1.0

    study.optimize(objective, 4, callback=lambda _, trial: called.append(trial.number))
    told = study.trials()
    assert [trial.state for trial in told] == ["complete", "failed", "complete", "complete"]
    assert told[1].reason == "ended in the dashboard"
    assert called == [0, 2, 3]


@pytest.mark.parametrize("number", ["abc", "0", 0.9, True, None])
def test_what_is_no_number_of_a_trial_is_refused(number):
    study = Study(SPACE, sampler="random")
    study.ask()
    with pytest.raises(InvalidArgumentError, match=f"trial is {number!r}, allowed is a Trial or its number"):
        study.tell(number, 1.0)
    assert study.trials()[0].state == "running"


def test_the_direction_is_that_of_the_call_or_of_the_objectives():
    with pytest.raises(InvalidArgumentError, match="direction is 'maximize', allowed is none: minimize has its own"):
        minimize(bowl, SPACE, trials=2, direction="maximize")
    with pytest.raises(InvalidArgumentError, match="direction is 'minimize', allowed is none: maximize has its own"):
        maximize(bowl, SPACE, trials=2, direction="minimize")
    objectives = {"error": "minimize", "speed": "maximize"}
    result = maximize(
        lambda params: {"error": 1, "speed": params["x"]}, SPACE, trials=3, objectives=objectives, sampler="random"
    )
    assert [trial.metrics["speed"] for trial in result.study.front()] == [
        max(trial.params["x"] for trial in result.study.trials())
    ]


def test_an_interrupt_while_threads_are_started_ends_those_that_run(monkeypatch):
    study = Study(SPACE, sampler="random")
    evaluating, go_on, started = threading.Event(), threading.Event(), []
    start = threading.Thread.start

    def interrupted_start(thread):
        if not thread.name.startswith("foothold-"):
            return start(thread)
        if started:
            assert evaluating.wait(60)
            raise KeyboardInterrupt
        started.append(thread)
        return start(thread)

    def objective(params):
        evaluating.set()
        assert go_on.wait(60)
        return bowl(params)

    monkeypatch.setattr(threading.Thread, "start", interrupted_start)
    with pytest.raises(KeyboardInterrupt):
        study.optimize(objective, 20, workers=3)
    go_on.set()
    started[0].join(60)
    assert [trial.state for trial in study.trials()] == ["complete"]


def test_an_interrupt_gives_the_trial_back():
    study = Study(SPACE, sampler="random")

    def interrupted(params):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        study.optimize(interrupted, 5)
    study.optimize(bowl, 5)
    assert [trial.state for trial in study.trials()] == ["complete"] * 5


def test_reports_end_a_trial_that_is_behind():
    steps = {}

    def objective(params, report):
        for step in range(1, 10):
            steps[params["x"]] = step
            report(step, abs(params["x"]))
        return abs(params["x"])

    study = Study({"x": [0.1, 0.2, 1, 2, 3, 4, 5, 6]}, sampler="grid", pruner="median")
    study.optimize(objective, 8)
    pruned = [trial for trial in study.trials() if trial.state == "pruned"]
    assert pruned and all(len(trial.reports) == steps[trial.params["x"]] < 9 for trial in pruned)
    study = Study(SPACE, sampler="random")

    def hopeless(params):
        raise TrialPruned

    assert [t.state for t in study.optimize(hopeless, 2).trials()] == ["pruned"] * 2


def with_a_default(params, report=None):
    report(1, params["x"])
    return params["x"]


def by_name(params, *, report):
    report(1, params["x"])
    return params["x"]


def by_position(params, tell_step, /):
    tell_step(1, params["x"])
    return params["x"]


def after_another(params, scale=2.0, report=None):
    report(1, params["x"])
    return params["x"] if scale == 2 else None


@pytest.mark.parametrize(
    "objective",
    [with_a_default, by_name, by_position, after_another, functools.partial(after_another, scale=2)],
)
def test_an_objective_gets_report_where_it_takes_it(objective):
    study = Study(SPACE, sampler="random").optimize(objective, 1)
    assert [len(trial.reports) for trial in study.trials()] == [1]


def test_an_objective_gets_no_report_where_it_has_its_own_or_takes_none():
    steps = []

    def own(params, report):
        report(params["x"])
        return 1.0

    Study(SPACE, sampler="random").optimize(functools.partial(own, report=steps.append), 1)
    Study(SPACE, sampler="random").optimize(lambda params, scale=2: bowl(params) * scale, 1)
    assert len(steps) == 1


def test_several_objectives_have_a_front():
    def objective(params):
        return {"error": params["x"] ** 2, "speed": params["x"]}

    study = Study({"x": (-1.0, 1.0)}, objectives={"error": "minimize", "speed": "maximize"}, sampler="random")
    study.optimize(objective, 30)
    front = study.front()
    expected = [
        one
        for one in study.trials()
        if not any(
            other.metrics["error"] <= one.metrics["error"]
            and other.metrics["speed"] >= one.metrics["speed"]
            and other.params != one.params
            for other in study.trials()
        )
    ]
    assert sorted(t.number for t in front) == sorted(t.number for t in expected)
    with pytest.raises(InvalidArgumentError, match="allowed is a dictionary with speed"):
        study.optimize(lambda params: {"error": 1}, 31)


def test_limits_keep_the_best_among_what_is_allowed():
    study = Study({"x": (0.0, 1.0)}, sampler="random", limits=[{"metric": "size", "atMost": 0.5}])
    study.optimize(lambda params: {"value": -params["x"], "size": params["x"]}, 30)
    assert study.best().params["x"] == max(t.params["x"] for t in study.trials() if t.params["x"] <= 0.5)


def test_an_earlier_study_starts_the_next_one_near_its_best(tmp_path):
    earlier = minimize(bowl, SPACE, trials=25, seed=1).study
    plain = minimize(bowl, SPACE, trials=6, seed=9)
    started = minimize(bowl, SPACE, trials=6, seed=9, transfer=[earlier])
    assert started.value < min(plain.value, 0.05)
    file = tmp_path / "earlier.jsonl"
    file.write_text("".join(json.dumps({"params": t.params, "value": t.value}) + "\n" for t in earlier.trials()))
    assert minimize(bowl, SPACE, trials=6, seed=9, transfer=[file]).value < 0.05
    with pytest.raises(InvalidArgumentError, match=r"transfer\[0\] is 7"):
        Study(SPACE, transfer=[7])


def test_a_stored_study_goes_on_in_another_program(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    study = Study(SPACE, name="kept", storage="runs", seed=3, trials=12)
    study.optimize(bowl, 6)
    monkeypatch.chdir(os.path.expanduser("~"))
    again = Study(SPACE, name="kept", storage=tmp_path / "runs", seed=3, trials=12, engine=foothold.Engine())
    assert again.trials() == study.trials()
    again.optimize(bowl, 12)
    whole = Study(SPACE, seed=3, trials=12).optimize(bowl, 12)
    assert [t.params for t in again.trials()] == [t.params for t in whole.trials()]
    with environment(FOOTHOLD_STORAGE=str(tmp_path / "runs")):
        assert len(Study(SPACE, name="kept").trials()) == 12
        assert Study(SPACE).trials() == []
    with pytest.raises(InvalidArgumentError):
        Study({"z": (0.0, 1.0)}, name="kept", storage=tmp_path / "runs")


def test_two_objects_of_one_study_share_its_trials(tmp_path):
    first, second = (Study(SPACE, name="one", storage=tmp_path, sampler="random") for _ in range(2))
    trials = [first.ask(), second.ask(), first.ask(), second.ask()]
    assert [trial.number for trial in trials] == [0, 1, 2, 3]
    second.tell(trials[0], 1.0)
    assert first.best().number == 0
    del first
    assert second.ask().number == 4


def test_a_second_object_with_other_options_leaves_the_first_one_its_own(tmp_path):
    first = Study(SPACE, name="one", storage=tmp_path, sampler="random", pruner={"name": "threshold", "upper": 5})
    second = Study(SPACE, name="one", storage=tmp_path)
    trial = first.ask()
    assert first.report(trial, 1, 99.0) is True
    assert second.report(second.ask(), 1, 99.0) is False
    first.tell(trial, state="pruned")
    assert first._create["sampler"] == first._requests._create["sampler"] == "random"
    assert second._requests is not first._requests
    assert [trial.state for trial in second.trials()] == ["pruned", "running"]


def test_a_default_is_tried_first():
    study = Study({"lr": Real(1e-4, 1, log=True, default=1e-3)})
    assert study.ask().params == {"lr": 1e-3}


def test_a_frame_needs_pandas():
    study = Study(SPACE, sampler="random").optimize(bowl, 2)
    try:
        import pandas  # noqa: F401
    except ImportError:
        with pytest.raises(UnsupportedError, match="pip install pandas"):
            study.frame()
    else:
        assert list(study.frame().index) == [0, 1]


def test_a_fidelity_makes_trials_pieces_of_training():
    study = Study({"x": (-2.0, 2.0)}, fidelity={"name": "epochs", "max": 9}, seed=1)
    reached = {}
    for _ in range(25):
        trial = study.ask()
        configuration, start, end = (trial.piece[key] for key in ("configuration", "from", "to"))
        assert reached.get(configuration, 0) == start < end == trial.params["epochs"]
        reached[configuration] = end
        study.tell(trial, trial.params["x"] ** 2 + 1 / end)
    assert study.best().params["epochs"] == 9
    with pytest.raises(InvalidArgumentError, match="fidelity.max is 1"):
        Study(SPACE, fidelity={"name": "epochs", "max": 1})
