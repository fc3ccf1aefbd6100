"""What the tests share."""

import os
import subprocess
import time
from contextlib import contextmanager

import pytest

from foothold._conversation import shared_engine

posix = pytest.mark.skipif(os.name == "nt", reason="signals and forks are of POSIX")


def is_alive(pid, *, proc=os.path.exists("/proc/self/stat")):
    """Whether the process runs; one that has ended and was not waited for does not. Without /proc, as on macOS, `ps` says so."""
    if not proc:
        state = subprocess.run(["ps", "-o", "state=", "-p", str(pid)], capture_output=True, text=True).stdout.strip()
        return state != "" and state[0] not in "ZX"
    try:
        with open(f"/proc/{pid}/stat") as file:
            return file.read().rsplit(")", 1)[1].split()[0] not in "ZX"
    except (FileNotFoundError, ProcessLookupError):
        return False


def is_ended(child):
    """Whether this child of the program has ended; its status stays to be asked for."""
    return os.waitid(os.P_PID, child, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None


def wait_until(condition, seconds=60.0):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not come to be"
        time.sleep(0.02)


def kill_engine():
    """Ends the engine that all studies share, as a system out of memory does."""
    pid = shared_engine().pid
    assert pid is not None
    os.kill(pid, 9)
    wait_until(lambda: not is_alive(pid))


@contextmanager
def environment(**variables):
    before = {name: os.environ.get(name) for name in variables}
    os.environ.update(variables)
    try:
        yield
    finally:
        for name, value in before.items():
            os.environ.pop(name, None) if value is None else os.environ.__setitem__(name, value)
