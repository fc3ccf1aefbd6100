"""The engine as a child process: its life, its errors, threads and forks."""

import gc
import json
import os
import pickle
import shutil
import signal
import subprocess
import sys
import threading
import time

import pytest
from shared import is_alive, is_ended, posix, wait_until

from foothold._engine import Engine, engine_command
from foothold.errors import (
    EngineDiedError,
    EngineMissingError,
    FootholdError,
    InvalidArgumentError,
    OutOfSpaceError,
    TrialStateError,
    UnsupportedError,
)

SPACE = {"x": {"type": "real", "low": 0, "high": 1}}
CREATE = {"op": "create", "space": SPACE, "sampler": "random", "seed": 3}
@pytest.fixture
def engine():
    with Engine() as engine:
        yield engine


def test_answers_requests_in_the_words_of_the_protocol(engine):
    assert engine.pid is None
    assert engine.request(CREATE) == {"ok": True, "study": "study-1"}
    trial = engine.request({"op": "ask"})["trials"][0]
    assert 0 <= trial["params"]["x"] <= 1
    assert engine.request({"op": "tell", "number": 0, "value": 0.5}) == {"ok": True}
    assert engine.request({"op": "best"})["trial"]["value"] == 0.5


def test_raises_the_error_of_the_answer_and_goes_on(engine):
    with pytest.raises(InvalidArgumentError, match="op is"):
        engine.request({"op": "nothing"})
    engine.request(CREATE)
    with pytest.raises(OutOfSpaceError, match="x is 3, outside") as caught:
        engine.request({"op": "enqueue", "params": {"x": 3}})
    assert caught.value.code == "OutOfSpaceError" and caught.value.retry is False
    engine.request({"op": "ask"})
    engine.request({"op": "tell", "number": 0, "value": 1})
    with pytest.raises(TrialStateError) as caught:
        engine.request({"op": "tell", "number": 0, "value": 2})
    assert caught.value.details["number"] == 0
    copy = pickle.loads(pickle.dumps(caught.value))
    assert type(copy) is TrialStateError and str(copy) == str(caught.value)
    assert copy.details == caught.value.details


@pytest.mark.parametrize("value", [float("nan"), float("inf"), object(), {1, 2}])
def test_names_what_is_no_json(engine, value):
    with pytest.raises(InvalidArgumentError, match=r"^metrics\.loss is .*, allowed is a finite number$"):
        engine.request({"op": "tell", "number": 0, "value": 1, "metrics": {"loss": value}})


def test_one_line_in_is_one_line_out_for_many_threads(engine):
    engine.request(CREATE)
    numbers, errors = [], []

    def work():
        try:
            for _ in range(25):
                number = engine.request({"op": "ask"})["trials"][0]["number"]
                engine.request({"op": "tell", "number": number, "value": float(number)})
                numbers.append(number)
        except BaseException as error:  # noqa: BLE001
            errors.append(error)

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert sorted(numbers) == list(range(200))
    trials = engine.request({"op": "trials"})["trials"]
    assert [trial["value"] for trial in trials] == [float(number) for number in range(200)]


@posix
def test_says_that_the_process_ended_and_starts_another_one(engine):
    engine.request(CREATE)
    before = engine.pid
    os.kill(before, signal.SIGKILL)
    wait_until(lambda: not is_alive(before))
    # Whether the death is seen before the request or during it: the new process knows no study.
    with pytest.raises((EngineDiedError, InvalidArgumentError)):
        engine.request({"op": "ask"})
    assert engine.request(CREATE)["ok"]
    assert engine.pid != before


@posix
def test_says_with_what_the_process_ended():
    command = [sys.executable, "-c", "import sys; sys.stdin.readline(); sys.exit(7)"]
    with Engine(command) as engine, pytest.raises(EngineDiedError, match="ended with 7") as caught:
        engine.request({"op": "ask"})
    assert isinstance(caught.value, ConnectionError) and caught.value.details == {"exit": 7}


@posix
def test_refuses_what_is_not_the_protocol():
    command = [sys.executable, "-c", "import sys; sys.stdin.readline(); print('hello', flush=True); input()"]
    with Engine(command) as engine, pytest.raises(EngineDiedError, match="not JSON"):
        engine.request({"op": "ask"})


def test_says_which_program_is_not_there(monkeypatch):
    with pytest.raises(EngineMissingError, match="no-such-foothold"):
        Engine(["no-such-foothold"]).request({"op": "ask"})
    monkeypatch.setenv("FOOTHOLD_ENGINE", '"no such foothold" --quick')
    assert engine_command() == ["no such foothold", "--quick"]
    with pytest.raises(FootholdError, match="no such foothold"):
        Engine().request({"op": "ask"})
    monkeypatch.setenv("FOOTHOLD_ENGINE", 'foothold "--quick')
    with pytest.raises(InvalidArgumentError, match="FOOTHOLD_ENGINE is .*quotation mark closed"):
        Engine().request({"op": "ask"})


@posix
def test_says_which_program_may_not_be_run(tmp_path):
    program = tmp_path / "foothold"
    program.write_text("#!/bin/sh\n")
    program.chmod(0o600)
    with pytest.raises(EngineMissingError, match="foothold' cannot be run to start the engine: Permission denied"):
        Engine([str(program)]).request({"op": "ask"})


@posix
def test_an_interrupt_leaves_no_answer_for_the_next_request():
    # Interrupts its parent instead of an answer to "slow", answers that with the next line, and says to which line each answer belongs.
    program = (
        "import json, os, signal, sys\n"
        "late = []\n"
        "for line in sys.stdin:\n"
        "    late.append(json.loads(line)['op'])\n"
        "    if late[-1] == 'slow':\n"
        "        os.kill(os.getppid(), signal.SIGINT)\n"
        "        continue\n"
        "    while late:\n"
        "        print(json.dumps({'to': late.pop(0)}), flush=True)\n"
    )
    with Engine([sys.executable, "-u", "-c", program]) as engine:
        engine.request({"op": "warm"})
        with pytest.raises(KeyboardInterrupt):
            engine.request({"op": "slow"})
        assert engine.request({"op": "next"}) == {"to": "next"}


@posix
@pytest.mark.parametrize("proc", [True, False])
def test_the_tests_see_whether_a_process_runs(proc):
    if proc and not os.path.exists("/proc/self/stat"):
        pytest.skip("this system has no /proc")
    if not proc and shutil.which("ps") is None:
        pytest.skip("this system has no ps")
    process = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    assert is_alive(process.pid, proc=proc)
    process.kill()
    wait_until(lambda: not is_alive(process.pid, proc=proc))  # not waited for yet
    process.wait()
    process.stdin.close()
    assert not is_alive(process.pid, proc=proc)


@posix
@pytest.mark.parametrize("how", ["close", "collected"])
def test_ends_its_process(how):
    engine = Engine()
    engine.request(CREATE)
    pid = engine.pid
    if how == "close":
        engine.close()
        assert engine.pid is None
    else:
        del engine
        gc.collect()
    wait_until(lambda: not is_alive(pid))


@posix
@pytest.mark.parametrize("end", ["sys.exit(0)", "os._exit(0)", "os.kill(os.getpid(), 9)", "1 / 0"])
def test_the_process_dies_with_its_parent(end):
    program = (
        "import os, sys\nfrom foothold._engine import Engine\nengine = Engine()\n"
        f"engine.request({CREATE!r})\nprint(engine.pid, flush=True)\n{end}\n"
    )
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=120)
    pid = int(ran.stdout)
    wait_until(lambda: not is_alive(pid))


@posix
def test_a_forked_child_has_a_process_of_its_own_and_leaves_that_of_the_parent(engine):
    engine.request(CREATE)
    before = engine.pid
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        code = 1
        try:
            assert engine.pid is None
            engine.request(CREATE)
            engine.request({"op": "enqueue", "params": {"x": 0.25}})
            told = {"pid": engine.pid, "x": engine.request({"op": "ask"})["trials"][0]["params"]["x"]}
            os.write(writer, json.dumps(told).encode())
            engine.close()
            code = 0
        finally:
            os._exit(code)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    os.close(writer)
    with os.fdopen(reader) as pipe:
        told = json.load(pipe)
    assert told["x"] == 0.25 and told["pid"] != before
    assert engine.pid == before
    assert engine.request({"op": "ask"})["trials"][0]["number"] == 0


@posix
def test_a_fork_while_another_thread_waits_for_an_answer_returns(tmp_path):
    # Answers each line when the file is there.
    program = (
        "import sys, os, time\n"
        "for line in sys.stdin:\n"
        f"    while not os.path.exists({str(tmp_path / 'go')!r}): time.sleep(0.01)\n"
        "    print('{\"ok\": true}', flush=True)\n"
    )
    answers = []
    with Engine([sys.executable, "-u", "-c", program]) as engine:
        thread = threading.Thread(target=lambda: answers.append(engine.request({"op": "x", "large": "y" * 200_000})))
        thread.start()
        wait_until(lambda: engine._answering and engine.pid is not None)
        time.sleep(0.2)  # the request is in the pipe, or fills it
        child = os.fork()
        if child == 0:
            os._exit(0 if engine.pid is None else 1)
        try:
            wait_until(lambda: is_ended(child), 20)
        finally:
            (tmp_path / "go").touch()
            if not is_ended(child):
                os.kill(child, signal.SIGKILL)
            status = os.waitpid(child, 0)[1]
            thread.join()
    assert os.waitstatus_to_exitcode(status) == 0
    assert answers == [{"ok": True}]


@posix
def test_a_request_within_a_request_of_the_same_thread_is_refused(tmp_path):
    # The first answer comes when the file is there.
    program = (
        "import sys, os, time\n"
        "for line in sys.stdin:\n"
        f"    while not os.path.exists({str(tmp_path / 'go')!r}): time.sleep(0.01)\n"
        "    print('{\"ok\": true}', flush=True)\n"
    )
    caught = []

    def handler(*_):
        try:
            engine.request({"op": "inner"})
        except UnsupportedError as error:
            caught.append(str(error))
        (tmp_path / "go").touch()

    before = signal.signal(signal.SIGUSR1, handler)
    try:
        with Engine([sys.executable, "-u", "-c", program]) as engine:
            threading.Timer(0.3, os.kill, [os.getpid(), signal.SIGUSR1]).start()
            assert engine.request({"op": "outer"}) == {"ok": True}
            assert engine.request({"op": "next"}) == {"ok": True}
    finally:
        signal.signal(signal.SIGUSR1, before)
    assert caught == ["inner within another request of this thread: a signal handler cannot ask the engine"]


@posix
def test_answers_of_any_length_and_in_parts_come_whole():
    program = (
        "import sys, json, time\n"
        "for line in sys.stdin:\n"
        "    text = json.dumps({'sent': json.loads(line)['text'], 'é': '…'}, ensure_ascii=False).encode() + b'\\n'\n"
        "    sys.stdout.buffer.write(text[:-3]); sys.stdout.buffer.flush(); time.sleep(0.02)\n"
        "    sys.stdout.buffer.write(text[-3:]); sys.stdout.buffer.flush()\n"
    )
    with Engine([sys.executable, "-c", program]) as engine:
        for text in ("", "a" * 65_536, "é" * 400_000, "b"):
            assert engine.request({"op": "x", "text": text}) == {"sent": text, "é": "…"}


@posix
def test_the_process_ends_with_its_parent_though_a_forked_child_lives_on():
    program = (
        "import os, sys, time\nfrom foothold._engine import Engine\nengine = Engine()\n"
        f"engine.request({CREATE!r})\n"
        "pid = os.fork()\nif pid == 0:\n    sys.stdin.read()\n    os._exit(0)\n"
        "print(engine.pid, flush=True)\nos.kill(os.getpid(), 9)\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as ran:
        pid = int(ran.stdout.readline())
        wait_until(lambda: not is_alive(pid))


def test_a_pickled_engine_starts_a_process_of_its_own(engine):
    engine.request(CREATE)
    with pickle.loads(pickle.dumps(engine)) as copy:
        assert copy.pid is None
        assert copy.request(CREATE)["ok"]
        assert copy.pid != engine.pid
