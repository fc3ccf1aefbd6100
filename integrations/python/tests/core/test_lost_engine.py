"""An engine that is killed, programs that end, forks and copies: nothing that was told is lost, no trial is given out twice."""

import gc
import multiprocessing
import os
import pickle
import subprocess
import sys
import threading
import weakref

import pytest
from shared import is_alive, kill_engine, posix, wait_until

from foothold import Engine, Study
from foothold._conversation import shared_engine

SPACE = {"x": (0.0, 1.0), "y": (0.0, 1.0)}
pytestmark = posix


def value(params):
    return (params["x"] - 0.3) ** 2 + params["y"]


def test_a_killed_engine_costs_nothing_that_was_told_and_changes_no_suggestion():
    whole = Study(SPACE, seed=6, trials=14).optimize(value, 14).trials()
    study = Study(SPACE, seed=6, trials=14)
    for number in range(14):
        if number in (3, 9):
            kill_engine()
        trial = study.ask()
        if number in (5, 12):
            kill_engine()
        study.tell(trial, value(trial.params))
        if number == 7:
            kill_engine()
    assert [(t.number, t.params, t.value) for t in study.trials()] == [
        (t.number, t.params, t.value) for t in whole
    ]


def test_trials_that_run_while_the_engine_is_lost_stay_the_program_s():
    study = Study(SPACE, sampler="random", pruner="median")
    running = study.ask_many(3)
    study.report(running[1], 1, 0.5)
    kill_engine()
    assert [study.ask().number for _ in range(3)] == [3, 4, 5]
    study.report(running[1], 2, 0.4)
    kill_engine()
    for trial in running:
        study.tell(trial, 1.0)
    told = study.trials()
    assert [trial.state for trial in told] == ["complete"] * 3 + ["running"] * 3
    assert [report.step for report in told[1].reports] == [1, 2]


def test_a_trial_whose_ask_was_lost_comes_with_the_next_ask(tmp_path):
    engine = Engine()
    study = Study(SPACE, name="lost", storage=tmp_path, sampler="random", engine=engine)
    # An ask of which the program never learned.
    given = engine.request({"op": "ask", "session": study._requests._session})["trials"][0]
    pid = engine.pid
    os.kill(pid, 9)
    wait_until(lambda: not is_alive(pid))
    trial = study.ask()
    assert (trial.number, trial.params) == (given["number"], given["params"])


def test_threads_lose_nothing_to_an_engine_that_is_killed_again_and_again():
    study = Study(SPACE, sampler="random")
    told, errors, stop = [], [], threading.Event()

    def work():
        try:
            for _ in range(12):
                trial = study.ask()
                study.tell(trial, value(trial.params))
                told.append(trial.number)
        except BaseException as error:  # noqa: BLE001
            errors.append(error)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for round_ in range(3):
        # At work on what came after the last time.
        wait_until(lambda: len(told) >= 12 * (round_ + 1) or errors)
        pid = shared_engine().pid
        if pid is not None:
            os.kill(pid, 9)
    for thread in threads:
        thread.join()
    assert errors == []
    assert sorted(told) == list(range(48))
    assert [(t.state, t.value) for t in study.trials()] == [("complete", value(t.params)) for t in study.trials()]


def test_a_study_of_many_uses_one_process_and_is_forgotten_with_its_object():
    studies = [Study(SPACE, sampler="random", seed=seed) for seed in range(5)]
    before = shared_engine().pid
    assert len({study.ask().params["x"] for study in studies}) == 5
    assert shared_engine().pid == before
    folder = studies[0]._temporary.path
    assert os.path.isdir(folder)
    del studies
    wait_until(lambda: not os.path.isdir(folder))


def test_a_copy_in_this_process_is_the_same_study():
    study = Study(SPACE, sampler="random").optimize(value, 3)
    copy = pickle.loads(pickle.dumps(study))
    numbers = [copy.ask().number, study.ask().number, copy.ask().number]
    assert numbers == [3, 4, 5]
    study.tell(3, 0.5)
    del study
    assert copy.trials()[3].value == 0.5


def in_process(study, count):
    told = []
    for _ in range(count):
        trial = study.ask()
        study.tell(trial, value(trial.params))
        told.append(trial.number)
    return told


@pytest.mark.parametrize("method", ["fork", "spawn"])
def test_copies_in_other_processes_are_the_same_study(method):
    study = Study(SPACE, sampler="random").optimize(value, 2)
    with multiprocessing.get_context(method).Pool(2) as pool:
        told = pool.starmap(in_process, [(study, 6)] * 4, chunksize=1)
    assert sorted(number for part in told for number in part) == list(range(2, 26))
    assert [t.value for t in study.trials()] == [value(t.params) for t in study.trials()]


def test_a_forked_child_may_tell_and_leaves_the_trials_of_its_parent():
    study = Study(SPACE, sampler="random")
    running = study.ask_many(2)
    child = os.fork()
    if child == 0:
        code = 1
        try:
            study.tell(running[0], 0.25)
            trial = study.ask()
            study.tell(trial, 0.5)
            code = 0 if trial.number == 2 else 2
        finally:
            shared_engine().close()
            os._exit(code)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert study.ask().number == 3
    study.tell(running[1], 0.75)
    assert [trial.value for trial in study.trials()] == [0.25, 0.75, 0.5, None]


def test_a_copy_that_is_opened_when_the_program_has_ended_has_its_trials(tmp_path):
    program = (
        "import pickle, sys\nfrom foothold import Study\n"
        "study = Study({'x': (0.0, 1.0), 'y': (0.0, 1.0)}, seed=6, trials=10)\n"
        "study.optimize(lambda p: (p['x'] - 0.3) ** 2 + p['y'], 6)\n"
        "study.ask()\n"
        "pickle.dump(study, open(sys.argv[1], 'wb'))\nprint(study._temporary.path)\n"
    )
    file = tmp_path / "study.pickle"
    ran = subprocess.run([sys.executable, "-c", program, file], capture_output=True, text=True, timeout=120)
    assert ran.returncode == 0, ran.stderr
    assert not os.path.exists(ran.stdout.strip())
    with open(file, "rb") as content:
        study = pickle.load(content)
    assert len(study.trials()) == 7
    study.optimize(value, 10)
    whole = Study(SPACE, seed=6, trials=10).optimize(value, 10)
    assert [t.params for t in study.trials()] == [t.params for t in whole.trials()]


def later_in_process(study, connection):
    connection.send("here")
    connection.recv()  # the parent has dropped its study
    first = in_process(study, 3)
    connection.send((first, [trial.value for trial in study.trials()], study._temporary.path))


@pytest.mark.parametrize("method", ["fork", "spawn"])
def test_a_study_is_there_while_another_process_has_it(method):
    context = multiprocessing.get_context(method)
    study = Study(SPACE, sampler="random").optimize(value, 2)
    folder = study._temporary.path
    here, there = context.Pipe()
    child = context.Process(target=later_in_process, args=(study, there))
    child.start()
    assert here.poll(120) and here.recv() == "here"
    # The child has its end: without it a lost child would be waited for.
    there.close()
    dropped = weakref.ref(study)
    del study
    gc.collect()
    assert dropped() is None
    here.send("dropped")
    assert here.poll(120)
    numbers, values, path = here.recv()
    child.join()
    assert numbers == [2, 3, 4] and len(values) == 5 and path == folder


def test_the_folder_of_a_program_that_was_killed_is_removed_by_the_next_and_that_of_one_that_runs_is_not():
    program = (
        "import os, sys\nfrom foothold import Study\n"
        "study = Study({'x': (0.0, 1.0)}, sampler='random')\n"
        "print(study._temporary.path, flush=True)\n"
        "sys.stdin.readline()\nstudy.tell(study.ask(), 1.0)\nprint(len(study.trials()), flush=True)\n"
    )

    def started():
        ran = subprocess.Popen(
            [sys.executable, "-c", program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        return ran, ran.stdout.readline().strip()

    (killed, left), (runs, used) = started(), started()
    with killed, runs:
        killed.kill()
        killed.wait()
        assert os.path.isdir(left) and os.path.isdir(used)
        third, own = started()
        with third:
            assert not os.path.exists(left) and os.path.isdir(used) and os.path.isdir(own)
            for ran in (runs, third):
                assert ran.communicate("go\n")[0].strip() == "1"
    assert not os.path.exists(used) and not os.path.exists(own)


def test_what_a_program_notes_of_an_answer_is_noted_before_another_thread_can_start_an_engine(monkeypatch):
    seen = []

    def others_can_ask():
        def check():
            if engine.lock.acquire(blocking=False):
                engine.lock.release()
                free.append(True)

        free = []
        thread = threading.Thread(target=check)
        thread.start()
        thread.join()
        return bool(free)

    engine = Engine()
    request = Engine.request

    def watched(self, message):
        answer = request(self, message)
        if message["op"] in ("create", "ask", "tell"):
            seen.append((message["op"], others_can_ask()))
        return answer

    monkeypatch.setattr(Engine, "request", watched)
    with engine:
        study = Study(SPACE, sampler="random", engine=engine)
        study.tell(study.ask(), 1.0)
        assert others_can_ask()
    assert seen == [("create", False), ("ask", False), ("tell", False)]
