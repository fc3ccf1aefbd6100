"""FootholdSearch on a local cluster of two processes."""

import ast
import importlib
import json
import os
import pickle
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest
import ray
from foothold.errors import StorageError, UnsupportedError
from foothold.ray import FootholdScheduler, FootholdSearch
from ray import cloudpickle, tune
from ray.tune.schedulers import ASHAScheduler
from ray.tune.search import ConcurrencyLimiter
from shared import is_alive, posix, wait_until

SPACE = {"x": tune.uniform(-1, 2), "optimizer": {"lr": tune.loguniform(1e-4, 1), "name": tune.choice(["sgd", "adam"])}, "data": "p"}


class Curve(tune.Trainable):
    """A loss that falls from three times its last value in eight steps."""

    def setup(self, config):
        self.loss = 1 + (config["x"] - 0.7) ** 2 + 9 * (config["optimizer"]["name"] == "sgd")
        assert config["data"] == "p"

    def step(self):
        return {"loss": self.loss * (3 - self.iteration / 4), "done": self.iteration == 7}

    def reset_config(self, new_config):
        self.setup(new_config)
        return True

    def save_checkpoint(self, checkpoint_dir):
        return {}

    def load_checkpoint(self, checkpoint):
        pass


# The processes of Ray need not find this file.
cloudpickle.register_pickle_by_value(sys.modules[__name__])


@pytest.fixture(scope="module")
def cluster():
    start_cluster()
    yield
    ray.shutdown()


def start_cluster(tries=2):
    """Ray waits 30 s for its processes, in which a busy machine may not start them."""
    try:
        ray.init(num_cpus=2, include_dashboard=False, log_to_driver=False, configure_logging=False)
    except Exception as error:
        ray.shutdown()
        if tries == 1 or "timed out during startup" not in str(error):
            raise
        start_cluster(tries - 1)


def fit(tmp_path, search, count, **config):
    tuner = tune.Tuner(
        Curve,
        param_space=SPACE,
        tune_config=tune.TuneConfig(metric="loss", mode="min", search_alg=search, num_samples=count, reuse_actors=True, time_budget_s=400, **config),
        run_config=tune.RunConfig(name="experiment", storage_path=str(tmp_path), verbose=0),
    )
    return tuner.fit()


def trials_of(search):
    """The trials as the engine has them."""
    return search._study._request({"op": "trials"})["trials"]


def searcher_of(tuner):
    searcher = tuner._local_tuner._tune_config.search_alg
    return getattr(searcher, "searcher", searcher)


def states(search):
    return [trial["state"] for trial in trials_of(search)]


def test_trials_that_asha_stops_count_as_pruned(cluster, tmp_path):
    points = [{"x": 0.7, "optimizer/name": name} for name in ("adam", "adam", "sgd", "sgd")]
    search = FootholdSearch(points_to_evaluate=points, seed=1, max_t=8)
    results = fit(tmp_path, ConcurrencyLimiter(search, 1), 4, scheduler=ASHAScheduler(max_t=8, grace_period=2, reduction_factor=2))
    steps = [result.metrics["training_iteration"] for result in results]
    assert steps[0] == 8 and min(steps) < 8
    assert states(search) == ["complete" if step == 8 else "pruned" for step in steps]


def test_the_scheduler_stops_what_the_pruner_of_the_engine_gives_up(cluster, tmp_path):
    points = [{"x": 0.7 + number / 10, "optimizer/name": name} for number, name in enumerate(("adam", "adam", "sgd"))]
    search = FootholdSearch(points_to_evaluate=points, seed=1, pruner={"name": "median", "startupTrials": 2, "warmupSteps": 2})
    results = fit(tmp_path, ConcurrencyLimiter(search, 1), 3, scheduler=FootholdScheduler())
    assert states(search) == ["complete", "complete", "pruned"]
    assert results[2].metrics["training_iteration"] < 8


def test_the_scheduler_needs_the_searcher():
    class Controller:
        search_alg = tune.search.BasicVariantGenerator()

    with pytest.raises(UnsupportedError, match="BasicVariantGenerator, allowed with FootholdScheduler is a FootholdSearch"):
        FootholdScheduler().on_trial_result(Controller(), None, {})


def test_the_scheduler_needs_a_pruner():
    class Controller:
        search_alg = ConcurrencyLimiter(FootholdSearch(seed=1), 1)

    with pytest.raises(UnsupportedError, match="pruner of FootholdSearch is None, allowed with FootholdScheduler is a pruner"):
        FootholdScheduler().on_trial_result(Controller(), None, {})


DRIVER = """
import json, os, sys, time
import ray
from ray import tune
from ray.tune.search import ConcurrencyLimiter
from foothold._conversation import shared_engine
from foothold.ray import FootholdSearch

def train(config):
    # The first driver is killed in the middle of its third pair of trials.
    while not os.path.exists(f"{config['folder']}/again") and len(open(f"{config['folder']}/complete").readlines()) >= 4:
        time.sleep(0.05)
    tune.report({"loss": (config["x"] - 0.3) ** 2 + config["n"]})

def space(folder):
    return {"x": tune.uniform(0, 1), "n": tune.randint(0, 3), "folder": folder}

class Note(tune.Callback):
    def on_trial_complete(self, iteration, trials, trial, **info):
        with open(f"{trial.config['folder']}/complete", "a") as file:
            file.write(json.dumps([shared_engine().pid, trial.trial_id]) + "\\n")

if __name__ == "__main__":
    folder = sys.argv[1]
    ray.init(num_cpus=2, include_dashboard=False, log_to_driver=False, configure_logging=False)
    tune.Tuner(
        train,
        param_space=space(folder),
        tune_config=tune.TuneConfig(
            metric="loss", mode="min", search_alg=ConcurrencyLimiter(FootholdSearch(seed=1), 2), num_samples=8, reuse_actors=True,
        ),
        run_config=tune.RunConfig(name="experiment", storage_path=f"{folder}/runs", verbose=0, callbacks=[Note()]),
    ).fit()
"""


def lines(path):
    return path.read_text().splitlines() if path.exists() else []


@posix
def test_an_experiment_whose_driver_was_killed_goes_on_with_all_that_it_knew(cluster, tmp_path, monkeypatch):
    path = tmp_path / "driver.py"
    path.write_text(DRIVER)
    (tmp_path / "complete").touch()
    experiment = tmp_path / "runs" / "experiment"
    environment = {**os.environ, "TUNE_GLOBAL_CHECKPOINT_S": "0", "PYTHONPATH": os.pathsep.join(sys.path)}
    with open(tmp_path / "log", "w") as log:
        process = subprocess.Popen([sys.executable, path, tmp_path], env=environment, stdout=log, stderr=log)
    try:
        wait_until(lambda: len(lines(tmp_path / "complete")) >= 4 or process.poll() is not None, 400)
        wait_until(lambda: process.poll() is not None or is_stopped_with(process, experiment, 5), 200)
        assert process.poll() is None, (tmp_path / "log").read_text()
    finally:
        process.kill()
        process.wait()
    engine, _ = json.loads(lines(tmp_path / "complete")[0])
    wait_until(lambda: not is_alive(engine))
    monkeypatch.syspath_prepend(str(tmp_path))
    driver = importlib.import_module("driver")
    cloudpickle.register_pickle_by_value(driver)
    (tmp_path / "again").touch()
    tuner = tune.Tuner.restore(
        str(experiment), driver.train, resume_unfinished=True, param_space=driver.space(str(tmp_path))
    )
    results = tuner.fit()
    ran = [[result.config["x"], result.config["n"], result.metrics["loss"]] for result in results]
    told = trials_of(searcher_of(tuner))
    # Each trial of Ray counts once, with the value that Ray has.
    assert sorted([trial["params"]["x"], trial["params"]["n"], trial["value"]] for trial in told) == sorted(ran)
    assert len({(x, n) for x, n, _ in ran}) == 8


def is_stopped_with(process, experiment: Path, count: int) -> bool:
    """Stops the driver where the experiment's folder has this many trials, and lets it go on where it has not.

    Ray copies its state into that folder file by file and not at once, several times a second. From half a file it restores nothing.
    """
    process.send_signal(signal.SIGSTOP)
    if saved_trials(experiment) >= count and is_whole(experiment, count):
        return True
    process.send_signal(signal.SIGCONT)
    return False


def is_whole(experiment: Path, count: int) -> bool:
    """Whether Ray's own files in the folder are whole, with this many trials."""
    try:
        [state] = [json.loads(file.read_text()) for file in experiment.glob("experiment_state-*.json")]
        [generator] = [cloudpickle.loads(file.read_bytes()) for file in experiment.glob("search_gen_state-*.json")]
    except (ValueError, EOFError, pickle.UnpicklingError):
        return False
    return len(state["trial_data"]) >= count and generator["counter"] >= count


def saved_trials(experiment: Path) -> int:
    """How many trials the searcher's state in the experiment's folder has."""
    files = sorted(experiment.glob("searcher-state-*.pkl"))
    if not files:
        return 0
    search = FootholdSearch()
    try:
        search.restore(str(files[-1]))
    except StorageError:
        return 0
    return len(search._trials)


DOCS = Path(__file__).parents[4] / "docs"


def programs_of(page):
    return re.findall(r"^```python\n(.*?)^```", (DOCS / page).read_text("utf8"), re.DOTALL | re.MULTILINE)


@pytest.fixture
def run(cluster, monkeypatch, tmp_path, capsys):
    """Runs a program; its names, and the lines that it printed last."""
    # Ray keeps experiments in the user's folder.
    monkeypatch.setenv("HOME", str(tmp_path))

    def run(program, lines):
        scope = {"__name__": "__main__"}
        exec(compile(program, "<page>", "exec"), scope)
        return scope, capsys.readouterr().out.splitlines()[-lines:]

    return run


def test_the_program_of_the_tutorial_runs(run):
    [program] = programs_of("tutorial/6-distributed.md")
    scope, printed = run(program, 2)
    assert printed == ["24 of 24 trials are complete", "different parameters: 24"]
    told = trials_of(searcher_of(scope["tuner"]))
    assert [trial["state"] for trial in told] == ["complete"] * 24
    # The least value of Branin's function.
    assert all(trial["value"] >= 0.3978 for trial in told)


@pytest.mark.parametrize("number", range(2))
def test_the_programs_of_the_page_run(run, number):
    programs = programs_of("ray.md")
    assert len(programs) == 2
    scope, [printed] = run(programs[number], 1)
    results = scope["tuner"].get_results()
    told = trials_of(searcher_of(scope["tuner"]))
    if number == 0:
        assert {"x", "optimizer"} == set(ast.literal_eval(printed))
        assert [trial["state"] for trial in told] == ["complete"] * 10
        assert sorted(trial["value"] for trial in told) == sorted(result.metrics["loss"] for result in results)
        assert sorted(trial["params"]["x"] for trial in told) == sorted(result.config["x"] for result in results)
    else:
        assert len(told) == 6
        steps = ast.literal_eval(printed)
        assert len(steps) == 6 and max(steps) == 9
