"""A study of the engine that outlives the engine's process."""

from __future__ import annotations

import uuid
import weakref
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from .._conversation import shared_engine
from ..errors import EngineDiedError, EngineMissingError, FootholdError, InvalidArgumentError

Params = dict[str, Any]
_T = TypeVar("_T")

#: How often a request is made again whose engine was ended meanwhile.
_RESTARTS = 3


class EngineStudy:
    """A study of the engine, and all that it was asked and told.

    A copy, a pickled study, and an engine that starts after another one ended are brought to the same state: suggestions are asked for
    again in the same order, and where another version of the engine gives others, the trials keep the parameters that they have.

    Args:
        create: the members of ``create``.
    """

    def __init__(self, create: Mapping[str, Any]) -> None:
        self._create = dict(create)
        self._history: list[tuple[Any, ...]] = []
        self._begin()

    def _begin(self) -> None:
        self._engine = shared_engine()
        self._session = uuid.uuid4().hex
        # Numbers of the engine's process that knows this study, and of the one that has its session: the same but for a replay.
        self._process: int | None = None
        self._session_process: int | None = None
        weakref.finalize(self, self._engine.end_session, self._session).atexit = False
        # The engine's numbers of the trials.
        self._numbers: dict[str, int] = {}

    def __getstate__(self) -> dict[str, Any]:
        return {"create": self._create, "history": list(self._history)}

    def __setstate__(self, state: Mapping[str, Any]) -> None:
        self._create, self._history = dict(state["create"]), list(state["history"])
        self._begin()

    def copy(self) -> EngineStudy:
        """One with the same history."""
        other = EngineStudy(self._create)
        other._history = list(self._history)
        return other

    def ask(self, key: str, given: Params | None = None) -> Params:
        """Parameters of a new trial. Those that are `given` are not chosen. Raises SpaceExhaustedError."""
        params = self._in_a_live_engine(lambda: self._ask(key, given))
        self._history.append(("ask", key, params, given))
        return params

    def report(self, key: str, step: float, value: float) -> bool:
        """Whether the pruner gives the trial up. Steps rise and values are finite."""
        return self._do(("report", key, step, value)).get("decision") == "prune"

    def tell(self, key: str, outcome: Mapping[str, Any]) -> None:
        self._do(("tell", key, dict(outcome)))

    def delete(self, key: str) -> None:
        """The trial counts nowhere."""
        self._do(("delete", key))

    def load(self, trial: Mapping[str, Any], reports: Mapping[float, float] | None = None) -> None:
        """A past evaluation: ``{"params": …, "value": …}``, of a pruned one with the values that it had at its steps."""
        if not reports:
            self._do(("load", dict(trial)))
            return
        key = f"loaded {len(self._history)}"
        params = dict(trial["params"])
        self.ask(key, params)
        for step, value in reports.items():
            self.report(key, step, value)
        self.tell(key, {name: value for name, value in trial.items() if name != "params"})

    def _do(self, event: tuple[Any, ...]) -> dict[str, Any]:
        count = len(self._history)
        # Before it is sent: what was told is not lost with the engine.
        self._history.append(event)
        try:
            return self._in_a_live_engine(lambda: self._send(event), count)
        except (EngineDiedError, EngineMissingError):
            raise
        except FootholdError:
            self._history.pop()
            raise

    def _in_a_live_engine(self, send: Callable[[], _T], count: int | None = None) -> _T:
        """What ``send`` answers after this many requests, all by default. An engine that others end or start again meanwhile is asked again."""
        past = len(self._history) if count is None else count
        for _ in range(_RESTARTS):
            try:
                self._open(past)
                return send()
            except EngineDiedError:
                pass
        self._open(past)
        return send()

    def _open(self, count: int) -> None:
        """Brings a new process of the engine to the state after this many requests."""
        if self._process is not None and self._process == self._engine.started and self._engine.pid is not None:
            return
        self._process = self._session_process = None
        self._numbers = {}
        # The process that answers the request is the one of which the number is read.
        with self._engine.lock:
            self._request({"op": "create", **self._create})
            self._session_process = self._engine.started
        for event in self._history[:count]:
            if event[0] == "ask":
                self._ask_again(*event[1:])
            else:
                self._send(event)
        self._process = self._session_process

    def _request(self, message: Mapping[str, Any]) -> dict[str, Any]:
        try:
            return self._engine.request({**message, "session": self._session})
        except InvalidArgumentError as error:
            if self._session_process is not None and self._session_process != self._engine.started:
                raise EngineDiedError("another thread has started another engine") from error
            raise

    def _ask(self, key: str, given: Params | None) -> Params:
        if given is not None:
            self._request({"op": "enqueue", "params": given})
        trial = self._request({"op": "ask"})["trials"][0]
        self._numbers[key] = trial["number"]
        return dict(trial["params"])

    def _ask_again(self, key: str, params: Params, given: Params | None) -> None:
        try:
            if self._ask(key, given) == params:
                return
            self._request({"op": "delete", "number": self._numbers[key]})
        except EngineDiedError:
            raise
        except FootholdError:
            pass  # such as a space that this version takes as exhausted
        self._ask(key, params)

    def _send(self, event: tuple[Any, ...]) -> dict[str, Any]:
        kind, first, *rest = event
        if kind == "load":
            return self._request({"op": "load", "trials": [first]})
        message: dict[str, Any] = {"op": kind, "number": self._numbers[first]}
        if kind == "report":
            message.update(step=rest[0], value=rest[1])
        elif kind == "tell":
            message.update(rest[0])
        return self._request(message)
