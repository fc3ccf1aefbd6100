"""Threads, processes, engines and storages."""

from __future__ import annotations

import math
import os
import pickle
import signal
import subprocess
import sys
import threading
import warnings
from pathlib import Path
from typing import Any

import optuna
import pytest
from foothold._conversation import shared_engine
from foothold.optuna import FootholdSampler
from optuna.distributions import FloatDistribution
from optuna.storages import JournalStorage
from optuna.storages.journal import JournalFileBackend
from optuna.trial import TrialState

from optuna_objectives import bowl, conditional, params_of


@pytest.mark.parametrize("objective", ["bowl", "conditional"])
def test_a_study_that_another_process_goes_on_with_is_the_same_as_one_that_never_stopped(objective: str) -> None:
    objectives = {"bowl": bowl, "conditional": conditional}
    whole = optuna.create_study(sampler=FootholdSampler(seed=4))
    whole.optimize(objectives[objective], n_trials=20)
    for stop in (3, 11):
        study = optuna.create_study(sampler=FootholdSampler(seed=4))
        study.optimize(objectives[objective], n_trials=stop)
        # A sampler without what this one knows: as in another process.
        study.sampler = FootholdSampler(seed=4)
        study.optimize(objectives[objective], n_trials=20 - stop)
        assert params_of(study) == params_of(whole)


def test_running_trials_are_not_suggested_again() -> None:
    study = optuna.create_study(sampler=FootholdSampler(seed=1))
    study.optimize(bowl, n_trials=12)
    space = {"x": FloatDistribution(-5, 5), "y": FloatDistribution(-5, 5)}
    asked = [study.ask(space) for _ in range(6)]
    points = [(trial.params["x"], trial.params["y"]) for trial in asked]
    assert min(math.dist(a, b) for i, a in enumerate(points) for b in points[:i]) > 0.01


def test_another_sampler_of_the_same_storage_sees_what_runs(tmp_path: Path) -> None:
    storage = f"sqlite:///{tmp_path / 'study.db'}"
    optuna.create_study(storage=storage, study_name="s", sampler=FootholdSampler(seed=1)).optimize(bowl, n_trials=8)
    # The same seed: without what the others have running, all would give the same point.
    points = []
    for _ in range(3):
        study = optuna.load_study(study_name="s", storage=storage, sampler=FootholdSampler(seed=1))
        trial = study.ask()
        _ = trial.relative_params  # chosen, and no parameter is set yet
        points.append((trial.relative_params["x"], trial.relative_params["y"]))
    assert len(set(points)) == 3


def test_many_threads_finish_every_trial() -> None:
    study = optuna.create_study(sampler=FootholdSampler(seed=1))
    study.optimize(bowl, n_trials=40, n_jobs=8)
    assert len(study.trials) == 40
    assert {trial.state for trial in study.trials} == {TrialState.COMPLETE}
    assert len({tuple(params.values()) for params in params_of(study)}) == 40


def test_a_killed_engine_is_replaced_and_nothing_is_lost() -> None:
    study = optuna.create_study(sampler=FootholdSampler(seed=1))
    study.optimize(bowl, n_trials=15)
    first = shared_engine().pid
    assert first is not None
    os.kill(first, signal.SIGKILL)
    study.optimize(bowl, n_trials=10)
    assert shared_engine().pid not in (None, first)
    assert study.best_value < 0.01


def test_it_may_be_pickled_in_the_middle() -> None:
    study = optuna.create_study(sampler=FootholdSampler(seed=1))
    study.optimize(bowl, n_trials=8)
    study.sampler = pickle.loads(pickle.dumps(study.sampler))
    study.optimize(bowl, n_trials=17)
    assert study.best_value < 0.01


PROGRAM = """
import sys, optuna
from foothold.optuna import FootholdSampler
from optuna.storages import JournalStorage
from optuna.storages.journal import JournalFileBackend
study = optuna.load_study(study_name="s", storage=JournalStorage(JournalFileBackend(sys.argv[1])), sampler=FootholdSampler())
study.optimize(lambda trial: (trial.suggest_float("x", -5, 5) - 0.7) ** 2 + trial.suggest_float("y", -5, 5) ** 2, n_trials=12)
"""


def test_processes_share_a_study(tmp_path: Path) -> None:
    file = str(tmp_path / "study.log")
    storage = JournalStorage(JournalFileBackend(file))
    optuna.create_study(storage=storage, study_name="s")
    workers = [subprocess.Popen([sys.executable, "-c", PROGRAM, file], stderr=subprocess.DEVNULL) for _ in range(2)]
    assert [worker.wait(timeout=240) for worker in workers] == [0, 0]
    study = optuna.load_study(study_name="s", storage=storage)
    assert len(study.trials) == 24
    assert {trial.state for trial in study.trials} == {TrialState.COMPLETE}
    assert study.best_value < 0.1


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")
def test_a_forked_child_has_an_engine_of_its_own() -> None:
    study = optuna.create_study(sampler=FootholdSampler(seed=1))
    study.optimize(bowl, n_trials=5)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        child = os.fork()
    if child == 0:
        try:
            study.optimize(bowl, n_trials=5)
            os._exit(0 if len(study.trials) == 10 else 3)
        except BaseException:
            os._exit(4)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    study.optimize(bowl, n_trials=15)
    assert study.best_value < 0.01


def test_a_trial_takes_two_requests_to_the_engine_however_long_the_study_is() -> None:
    study = optuna.create_study(sampler=FootholdSampler(seed=1, sampler="random"))
    study.optimize(bowl, n_trials=30)
    engine = shared_engine()
    sent: list[str] = []
    request = engine.request

    def counted(message: Any) -> dict[str, Any]:
        sent.append(message["op"])
        return request(message)

    engine.request = counted  # type: ignore[method-assign]
    try:
        study.optimize(bowl, n_trials=5)
    finally:
        del engine.request
    assert sent == ["tell", "ask"] * 5


@pytest.mark.skipif(not hasattr(os, "fork"), reason="forks are of POSIX")
def test_a_forked_child_may_use_the_sampler_while_a_thread_of_the_parent_has_its_lock() -> None:
    sampler = FootholdSampler(seed=1, sampler="random")
    optuna.create_study(sampler=sampler).optimize(bowl, n_trials=3)
    has_lock, done = threading.Event(), threading.Event()

    def hold() -> None:
        with sampler._lock:
            has_lock.set()
            done.wait(120)

    thread = threading.Thread(target=hold)
    thread.start()
    assert has_lock.wait(60)
    child = os.fork()
    if child == 0:
        signal.alarm(60)  # ends a child that waits for ever
        code = 1
        try:
            study = optuna.create_study(sampler=sampler)
            study.optimize(bowl, n_trials=2)
            code = 0 if len(study.trials) == 2 else 2
        finally:
            os._exit(code)
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    done.set()
    thread.join()
    assert status == 0
