"""FootholdSearch without a cluster: what Ray Tune calls, called here."""

import functools
import math
import os
import pickle

import pytest
from foothold import Study
from foothold.errors import FootholdError, InvalidArgumentError, OutOfSpaceError, StorageError, UnsupportedError
from foothold.ray import FootholdSearch
from foothold.ray._study import EngineStudy
from ray import tune
from ray.tune.search import ConcurrencyLimiter, Searcher
from shared import kill_engine, posix

SPACE = {"x": tune.uniform(-1, 2), "optimizer": {"lr": tune.loguniform(1e-4, 1)}}


def loss(config):
    return (config["x"] - 0.7) ** 2 + (math.log10(config["optimizer"]["lr"]) + 2) ** 2


def run(search, count, first=0, at_once=2):
    """Trials as Ray runs them: their configurations in order. The last ones go on running."""
    configs, running = [], []
    for number in range(first, first + count):
        config = search.suggest(f"t{number}")
        configs.append(config)
        running.append((f"t{number}", config))
        if len(running) >= at_once:
            trial, config = running.pop(0)
            finish(search, trial, config)
    return configs


def finish(search, trial, config):
    result = {"loss": loss(config), "training_iteration": 1}
    search.on_trial_result(trial, result)
    search.on_trial_complete(trial, result)


def trials_of(search):
    """The trials as the engine has them."""
    return search._study._request({"op": "trials"})["trials"]


def test_it_finds_the_optimum_and_beats_random_search():
    best = {}
    for sampler in ("auto", "random"):
        losses = [loss(config) for config in run(FootholdSearch(SPACE, "loss", "min", seed=1, sampler=sampler), 30)]
        best[sampler] = min(losses)
    assert best["auto"] < 1e-2 and best["auto"] < best["random"] / 3


def test_max_is_the_other_direction():
    search = FootholdSearch({"x": tune.uniform(0, 1)}, "score", "max", seed=1)
    for number in range(12):
        x = search.suggest(str(number))["x"]
        search.on_trial_complete(str(number), {"score": x, "training_iteration": 1})
    assert search.suggest("last")["x"] > 0.95


def test_the_same_seed_gives_the_same_run():
    first, second = (run(FootholdSearch(SPACE, "loss", "min", seed=3), 12) for _ in range(2))
    assert first == second
    assert first != run(FootholdSearch(SPACE, "loss", "min", seed=4), 12)


@functools.cache
def whole_run():
    return run(FootholdSearch(SPACE, "loss", "min", seed=5, n_trials=14), 14)


@pytest.mark.parametrize("way", ["file", "pickle", "state", pytest.param("killed engine", marks=posix)])
def test_a_run_goes_on_as_if_it_had_not_been_interrupted(way, tmp_path):
    whole = whole_run()
    search = FootholdSearch(SPACE, "loss", "min", seed=5, n_trials=14)
    running = run(search, 9)[-1]
    if way == "file":
        search.save(str(tmp_path / "state.pkl"))
        search = FootholdSearch()
        search.restore(str(tmp_path / "state.pkl"))
        assert os.listdir(tmp_path) == ["state.pkl"]
    elif way == "pickle":
        search = pickle.loads(pickle.dumps(search))
    elif way == "state":
        other = FootholdSearch()
        other.set_state(search.get_state())
        search = other
    else:
        kill_engine()
    configs = []
    for number in range(9, 14):
        configs.append(search.suggest(f"t{number}"))
        finish(search, f"t{number - 1}", running)
        running = configs[-1]
    assert configs == whole[9:]


@posix
def test_a_result_that_comes_while_the_engine_is_dead_is_not_lost():
    search = FootholdSearch(SPACE, "loss", "min", seed=5)
    configs = run(search, 6, at_once=9)
    kill_engine()
    for number, config in enumerate(configs):
        finish(search, f"t{number}", config)
    told = trials_of(search)
    assert sorted(trial["value"] for trial in told) == sorted(map(loss, configs))


def test_the_engine_is_not_in_the_state():
    search = FootholdSearch(SPACE, "loss", "min")
    config = search.suggest("a")
    copy = pickle.loads(pickle.dumps(search))
    text = pickle.dumps(search)
    assert b"Popen" not in text and search._study._session.encode() not in text
    copy.suggest("b")
    assert copy.suggest("a") == search.suggest("a") == config
    assert (len(trials_of(copy)), len(trials_of(search))) == (2, 1)


def test_a_file_that_is_no_state_changes_nothing(tmp_path):
    search = FootholdSearch(SPACE, "loss", "min", seed=1)
    config = search.suggest("a")
    for name, content in (("text", b"hello"), ("other", pickle.dumps({"a": 1})), ("half", pickle.dumps(search)[:-40])):
        (tmp_path / name).write_bytes(content)
        with pytest.raises(StorageError, match=name):
            search.restore(str(tmp_path / name))
    with pytest.raises(FileNotFoundError):
        search.restore(str(tmp_path / "missing"))
    assert search.suggest("a") == config


def test_points_to_evaluate_come_first_and_what_they_lack_is_chosen():
    points = [{"x": 0.5, "optimizer": {"lr": 0.01}}, {"optimizer/lr": 0.1}]
    search = FootholdSearch(points_to_evaluate=points)
    assert search.set_search_properties("loss", "min", SPACE, num_samples=5)
    assert search.suggest("a") == points[0]
    second = search.suggest("b")
    assert second["optimizer"]["lr"] == pytest.approx(0.1) and -1 <= second["x"] <= 2
    assert search.suggest("c")["optimizer"]["lr"] != pytest.approx(0.1)


def test_evaluated_points_are_learned_and_not_suggested():
    points = [{"x": x, "optimizer": {"lr": lr}} for x in (0.2, 0.6, 0.8, 1.5) for lr in (1e-3, 1e-2, 1e-1)]
    search = FootholdSearch(SPACE, "loss", "min", points, [loss(point) for point in points], seed=1)
    configs = run(search, 6)
    assert not any(config in points for config in configs)
    assert min(map(loss, configs)) < min(map(loss, points)) / 2
    search.add_evaluated_point({"x": 0.7, "optimizer/lr": 0.01}, 0.0)
    search.add_evaluated_point({"x": 0.1, "optimizer/lr": 0.01}, math.nan)
    search.add_evaluated_point({"x": 0.2, "optimizer/lr": 0.01}, 1.0, error=True)
    search.add_evaluated_point({"x": 0.3, "optimizer/lr": 0.01}, 1.0, pruned=True, intermediate_values=[3.0, math.nan, 2.0])
    trials = trials_of(search)
    assert [trial["state"] for trial in trials[-4:]] == ["complete", "failed", "failed", "pruned"]
    again = pickle.loads(pickle.dumps(search))
    assert again.suggest("next") == search.suggest("next")


@pytest.mark.parametrize(
    "result", [None, {"loss": math.nan}, {"loss": math.inf}, {"loss": "high"}, {"loss": None}, {"other": 1}, {"loss": 1e400}]
)
def test_a_trial_without_a_finite_metric_counts_as_failed(result):
    search = FootholdSearch(SPACE, "loss", "min")
    search.suggest("a")
    search.on_trial_complete("a", result and {**result, "training_iteration": 1}, error=result is None)
    (trial,) = trials_of(search)
    assert trial["state"] == "failed"
    assert search.suggest("b")


def test_the_last_finite_metric_counts_where_the_last_result_has_none():
    search = FootholdSearch(SPACE, "loss", "min")
    search.suggest("a")
    search.on_trial_result("a", {"loss": 2.5, "training_iteration": 1})
    search.on_trial_complete("a", {"other": 1, "training_iteration": 2})
    (trial,) = trials_of(search)
    assert trial["value"] == 2.5


def test_a_trial_that_ray_removed_before_it_ran_counts_nowhere():
    search = FootholdSearch(SPACE, "loss", "min")
    search.suggest("a")
    search.on_trial_complete("a")
    assert trials_of(search) == []


def test_what_ray_tells_twice_or_late_is_kept_once():
    search = FootholdSearch(SPACE, "loss", "min")
    config = search.suggest("a")
    search.on_trial_complete("a", error=True)
    for _ in range(2):
        finish(search, "a", config)
    finish(search, "unknown", config)
    flat = {"config/x": 0.5, "config/optimizer/lr": 0.1, "config/data": "p", "loss": 7.0}
    search.on_trial_complete("again", flat)
    trials = trials_of(search)
    assert [trial.get("value") for trial in trials] == [None, loss(config), 7.0]
    assert trials[2]["params"] == {"x": 0.5, "optimizer/lr": 0.1}


def test_a_finite_space_finishes_unless_points_may_repeat():
    space = {"x": tune.choice(["a", "b"]), "y": tune.randint(0, 2)}
    search = FootholdSearch(space, "loss", "min", seed=1)
    configs = [search.suggest(str(number)) for number in range(4)]
    assert len({tuple(config.values()) for config in configs}) == 4
    assert search.suggest("more") == Searcher.FINISHED
    assert ConcurrencyLimiter(search, 9).suggest("more") == Searcher.FINISHED
    again = FootholdSearch(space, "loss", "min", seed=1, repeat=True)
    assert all(isinstance(again.suggest(str(number)), dict) for number in range(6))


def test_a_trial_that_ended_early_counts_as_pruned_where_max_t_says_so():
    states = {}
    for max_t in (None, 4):
        search = FootholdSearch(SPACE, "loss", "min", max_t=max_t)
        for name, steps in (("whole", 4), ("short", 2)):
            search.suggest(name)
            for step in range(1, steps):
                search.on_trial_result(name, {"loss": 1 / step, "training_iteration": step})
            # Ray does not tell the result at which a scheduler stops a trial before it ends.
            search.on_trial_complete(name, {"loss": 1 / steps, "training_iteration": steps, "done": True})
        states[max_t] = [trial["state"] for trial in trials_of(search)]
    assert states == {None: ["complete", "complete"], 4: ["complete", "pruned"]}


def test_the_pruner_of_the_engine_decides_also_after_a_resume():
    def decisions(search, trial, scale):
        return [search.should_prune(trial, {"loss": scale / step, "training_iteration": step}) for step in range(1, 9)]

    search = FootholdSearch(SPACE, "loss", "min", pruner={"name": "median", "startupTrials": 2, "warmupSteps": 2})
    for number in range(3):
        search.suggest(str(number))
        assert not any(decisions(search, str(number), 1))
        search.on_trial_complete(str(number), {"loss": 1 / 8, "training_iteration": 8})
    search.suggest("bad")
    search.suggest("good")
    search = pickle.loads(pickle.dumps(search))
    assert decisions(search, "bad", 9)[-1]
    search = pickle.loads(pickle.dumps(search))
    # Ray runs the trial again from its last checkpoint: the step is known.
    assert search.should_prune("bad", {"loss": 1, "training_iteration": 3})
    search.on_trial_complete("bad", {"loss": 9 / 8, "training_iteration": 8})
    assert not any(decisions(search, "good", 0.5))
    trials = trials_of(search)
    assert [trial["state"] for trial in trials] == ["complete"] * 3 + ["pruned", "running"]


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"metric": ["a", "b"], "mode": ["min", "max"]}, "one metric with one mode"),
        ({"metric": 3, "mode": "min"}, "metric is 3"),
        ({"metric": "loss", "mode": "minimize"}, "mode is 'minimize', allowed are 'min' and 'max'"),
        ({"seed": 1.5}, "seed is 1.5"),
        ({"n_trials": 0}, "n_trials is 0"),
        ({"max_t": -1}, "max_t is -1"),
        ({"points_to_evaluate": [3]}, "points_to_evaluate[0] is 3"),
        ({"space": SPACE, "points_to_evaluate": [{"x": 0.5, "y": 1}]}, "'y', which is no parameter; allowed are optimizer/lr, x"),
        ({"points_to_evaluate": [{"x": 1}], "evaluated_rewards": []}, "0 values for 1 points"),
        ({"space": SPACE, "points_to_evaluate": [{"x": 1}], "evaluated_rewards": [1.0]}, "optimizer/lr is missing"),
    ],
)
def test_arguments_that_are_wrong_are_errors_that_name_them(options, words):
    with pytest.raises(FootholdError) as raised:
        FootholdSearch(**options)
    assert words in str(raised.value)


def test_what_is_asked_too_early_or_of_a_wrong_kind_is_an_error_that_says_what_to_do():
    with pytest.raises(InvalidArgumentError, match="param_space"):
        FootholdSearch(metric="loss", mode="min").suggest("a")
    with pytest.raises(InvalidArgumentError, match="tuner"):
        FootholdSearch(SPACE).suggest("a")
    with pytest.raises(InvalidArgumentError, match="bayes"):
        FootholdSearch(SPACE, "loss", "min", sampler="bayes").suggest("a")
    with pytest.raises(UnsupportedError):
        FootholdSearch().set_search_properties(["a", "b"], ["min", "min"], SPACE)
    with pytest.raises(OutOfSpaceError, match="x is missing"):
        FootholdSearch(SPACE, "loss", "min").add_evaluated_point({"optimizer/lr": 0.1}, 1.0)


def test_a_tuner_with_another_space_is_refused_and_one_with_the_same_goes_on():
    search = FootholdSearch()
    assert search.set_search_properties("loss", "min", SPACE)
    assert search.set_search_properties("loss", "min", dict(SPACE))
    assert not search.set_search_properties("loss", "min", {"x": tune.uniform(0, 1)})
    assert not FootholdSearch(SPACE).set_search_properties("loss", "min", SPACE)


@posix
def test_an_engine_that_is_started_again_by_others_during_a_replay_is_no_wrong_request():
    class Interrupted(EngineStudy):
        """Another thread has the engine started again within the first replay."""

        replays = 0

        def _ask_again(self, *event):
            self.replays += 1
            if self.replays == 2:
                kill_engine()
                Study({"y": (0.0, 1.0)}, sampler="random").ask()
            super()._ask_again(*event)

    create = {"space": {"x": {"type": "real", "low": 0, "high": 1}}, "sampler": "random", "seed": 3}
    study, whole = Interrupted(create), EngineStudy(create)
    for number in range(4):
        if number == 3:
            kill_engine()
        params = study.ask(f"t{number}")
        assert params == whole.ask(f"t{number}")
        for of in (study, whole):
            of.tell(f"t{number}", {"value": params["x"]})
    assert study.replays > 3
