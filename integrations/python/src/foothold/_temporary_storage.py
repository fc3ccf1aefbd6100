"""A folder for the studies that name no storage: it outlives the engine, and ends with the last process that uses it."""

from __future__ import annotations

import os
import shutil
import tempfile
import weakref
from pathlib import Path

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]

__all__ = ["TemporaryStorage"]

_PREFIX = "foothold-study-"
# Who uses a folder holds a shared lock of this file; who removes it an exclusive one. The system ends the locks of a process
# with it, however that ends, and a forked child has those of its parent.
_LOCK = "in-use.lock"
# Containers often have 64 MiB of shared memory in all.
_LEAST_MEMORY = 256 * 2**20


def _parent() -> str:
    """Memory that has the form of a folder, where the system has enough of it: a log is then written without a disk."""
    shared = "/dev/shm"
    if os.access(shared, os.W_OK) and shutil.disk_usage(shared).free >= _LEAST_MEMORY:
        return shared
    return tempfile.gettempdir()


def _made(parent: str) -> tuple[str, int | None]:
    """A new folder, and the lock that says it is used; no lock where the file system has none."""
    path = tempfile.mkdtemp(prefix=_PREFIX, dir=parent)
    if fcntl is None:
        return path, None
    # Under its name the file is locked from the start: nobody sees the folder unused.
    early = os.path.join(path, "making.lock")
    lock = os.open(early, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_SH)
    except OSError:
        os.close(lock)
        os.remove(early)
        return path, None
    os.rename(early, os.path.join(path, _LOCK))
    return path, lock


def _joined(path: str) -> tuple[bool, int | None]:
    """Whether the folder is there to be used, and the lock that says it is."""
    if fcntl is None:
        return os.path.isdir(path), None
    lock = _locked(path, fcntl.LOCK_SH)
    return lock is not None, lock


def _locked(path: str, how: int) -> int | None:
    """The folder's file with this lock; None where the folder is gone, or others have a lock against it."""
    file = os.path.join(path, _LOCK)
    try:
        lock = os.open(file, os.O_RDWR)
    except OSError:
        return None
    try:
        fcntl.flock(lock, how | fcntl.LOCK_NB)
        # Who had the lock before may have removed the file.
        if os.path.samestat(os.fstat(lock), os.stat(file)):
            return lock
    except OSError:
        pass
    os.close(lock)
    return None


def _remove_unused(path: str) -> None:
    """Removes the folder, unless a process uses it."""
    lock = _locked(path, fcntl.LOCK_EX)
    if lock is not None:
        shutil.rmtree(path, ignore_errors=True)
        os.close(lock)


def _leave(path: str, lock: int | None, maker: int | None) -> None:
    if lock is not None:
        # Closed, not unlocked: to unlock would end the lock of a forked child too.
        os.close(lock)
        _remove_unused(path)
    elif os.getpid() == maker:
        shutil.rmtree(path, ignore_errors=True)


def _sweep() -> None:
    """Removes the folders of programs that were killed, and those that a forked child used to its end."""
    if fcntl is None:
        return
    for parent in {_parent(), tempfile.gettempdir(), "/dev/shm"}:
        if os.path.isdir(parent):
            for path in Path(parent).glob(f"{_PREFIX}*"):
                _remove_unused(str(path))


class TemporaryStorage:
    """The folder of one study.

    Where a process of this machine uses the folder, ``at`` gives the same one; else it is made again from ``files``. On Windows it
    ends with the process that made it.
    """

    _known: weakref.WeakValueDictionary[str, TemporaryStorage] = weakref.WeakValueDictionary()
    # Id of the process that has removed what others left; a forked child looks again.
    _swept: int | None = None

    def __init__(self, joined: tuple[str, int | None] | None = None) -> None:
        if joined is None and TemporaryStorage._swept != os.getpid():
            TemporaryStorage._swept = os.getpid()
            _sweep()
        self.path, lock = joined or _made(_parent())
        weakref.finalize(self, _leave, self.path, lock, None if joined else os.getpid())
        TemporaryStorage._known[self.path] = self

    @classmethod
    def at(cls, path: str, files: dict[str, bytes]) -> TemporaryStorage:
        """The folder at this path, or a new one with these files where none is."""
        known = cls._known.get(path)
        if known is not None:
            return known
        is_there, lock = _joined(path)
        if is_there:
            return cls((path, lock))
        made = cls()
        for name, content in files.items():
            Path(made.path, name).write_bytes(content)
        return made

    def files(self) -> dict[str, bytes]:
        """The logs, by the names of their files."""
        return {file.name: file.read_bytes() for file in Path(self.path).glob("*.jsonl")}
