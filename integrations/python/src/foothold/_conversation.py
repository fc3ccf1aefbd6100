"""A study in the engine of this process: opened again, with the trials that the program has, whenever the engine was lost."""

from __future__ import annotations

import hashlib
import json
import os
import threading
import uuid
import weakref
from collections.abc import Mapping
from typing import Any

from ._engine import Engine
from .errors import EngineDiedError, FootholdError, InvalidArgumentError

__all__ = ["Conversation", "conversation_of", "shared_engine"]

# Twice may be two: after these nobody can say whether the process that ended has done them.
_ONCE = frozenset({"enqueue", "load", "delete", "restore"})
_TRIES = 4

_engine: Engine | None = None
_engine_lock = threading.Lock()
_conversations: weakref.WeakValueDictionary[tuple[int, str], Conversation] = weakref.WeakValueDictionary()


def shared_engine() -> Engine:
    """The engine that all studies of this process share; it starts with the first request."""
    global _engine
    with _engine_lock:
        if _engine is None:
            _engine = Engine()
        return _engine


def _after_fork_in_child() -> None:
    global _engine_lock
    _engine_lock = threading.Lock()
    for conversation in list(_conversations.values()):
        conversation._leave_to_parent()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork_in_child)


def conversation_of(create: Mapping[str, Any], engine: Engine | None) -> Conversation:
    """The conversation about this study. Objects of one process share it that name the same study with the same options."""
    of = engine or shared_engine()
    key = (id(of), hashlib.sha256(json.dumps(create, default=repr).encode()).hexdigest())
    with _engine_lock:
        known = _conversations.get(key)
        if known is None:
            known = _conversations[key] = Conversation(of, create)
    known.open()
    return known


class Conversation:
    """Requests about one study. Any number of threads may use it."""

    def __init__(self, engine: Engine, create: Mapping[str, Any]) -> None:
        self._engine = engine
        self._create = dict(create)
        self._is_open = False
        self._reset()

    def _reset(self) -> None:
        self._session = uuid.uuid4().hex
        # Number of the engine's process that knows this conversation. What is here changes under the engine's lock alone: another
        # process starts under it too, and is told what is here.
        self._process: int | None = None
        # Trials that this program asked for and has not told.
        self._held: set[int] = set()
        self._finalizer = weakref.finalize(self, self._engine.end_session, self._session)
        # The engine ends with the program, and its conversations with it.
        self._finalizer.atexit = False

    def _leave_to_parent(self) -> None:
        self._finalizer.detach()
        self._reset()

    def open(self) -> None:
        """Makes the study, or continues it."""
        with self._engine.lock:
            if not self._is_open:
                self.request({"op": "note"})
                self._is_open = True

    def request(self, message: Mapping[str, Any]) -> dict[str, Any]:
        """The answer to a request. An engine that was lost is started again, and asked again where that is no second request."""
        for attempt in range(_TRIES):
            with self._engine.lock:
                answer = self._answer(message, is_last=attempt == _TRIES - 1)
            if answer is not None:
                return answer
        raise AssertionError("unreachable")

    def give_back(self, number: int) -> None:
        """The trial is not this program's any more; where the engine cannot be asked now, others get it with its next process."""
        try:
            self.request({"op": "release", "number": number})
        except FootholdError:
            pass
        finally:
            with self._engine.lock:
                self._held.discard(number)

    def _answer(self, message: Mapping[str, Any], *, is_last: bool) -> dict[str, Any] | None:
        """The answer; None where the engine was lost, and may be asked again."""
        try:
            self._open_in_process()
        except EngineDiedError:
            if is_last:
                raise
            return None
        try:
            answer = self._engine.request({**message, "session": self._session})
        except EngineDiedError as error:
            if message["op"] in _ONCE:
                raise EngineDiedError(
                    f"{error}; whether {message['op']} was carried out is not known: look at the trials",
                    details=error.details,
                ) from error
            if is_last:
                raise
            return None
        except InvalidArgumentError:
            # The process ended after it was asked for its id: the new one knows nothing of this conversation.
            if is_last or self._engine.started == self._process:
                raise
            return None
        self._remember(message, answer)
        return answer

    def _open_in_process(self) -> None:
        """Makes the conversation known to the engine's process, unless it is."""
        if self._engine.pid is not None and self._process == self._engine.started:
            return
        self._engine.request(
            {"op": "create", **self._create, "holds": sorted(self._held), "session": self._session}
        )
        self._process = self._engine.started

    def _remember(self, message: Mapping[str, Any], answer: Mapping[str, Any]) -> None:
        if message["op"] == "ask":
            self._held.update(trial["number"] for trial in answer["trials"])
        elif message["op"] in ("tell", "release", "delete"):
            self._held.discard(message["number"])
