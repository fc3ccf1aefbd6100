"""The search of one space: a study of the engine that is kept in step with the trials of a study of Optuna."""

from __future__ import annotations

import uuid
import warnings
import weakref
from collections.abc import Mapping, Sequence
from typing import Any

from optuna.trial import FrozenTrial, TrialState

from .._engine import Engine
from ..errors import OutOfSpaceError
from ._kept import kept_of
from ._outcome import Outcomes, reports_of
from ._space import Space


class Search:
    """A study of the engine with the parameters of `space`.

    Args:
        engine: what suggests.
        space: what is searched; trials without all of its parameters, or outside of its ranges, take no part.
        outcomes: how trials are told.
        options: what the engine's study is created with, beside the space.
        with_reports: whether intermediate values are told, from which the engine learns what pruned trials would have come to.
        part: the name under which trials keep what the engine keeps of them.
    """

    def __init__(
        self,
        engine: Engine,
        space: Space,
        outcomes: Outcomes,
        options: Mapping[str, Any],
        *,
        with_reports: bool,
        part: str,
    ) -> None:
        self._engine = engine
        self._session = uuid.uuid4().hex
        self._space = space
        self._outcomes = outcomes
        self._with_reports = with_reports
        self.part = part
        # Numbers of Optuna's trials: those that are told, and those that run with the engine's number and parameters.
        self._told: set[int] = set()
        self._running: dict[int, tuple[int, dict[str, Any]]] = {}
        with engine.lock:
            self._request({"op": "create", "space": space.described(), **options})
            # Number of the engine's process that knows this search.
            self._process = engine.started
        # The engine ends with the program, and its sessions with it.
        weakref.finalize(self, engine.end_session, self._session).atexit = False

    @property
    def is_alive(self) -> bool:
        """False where the engine's process ended: what it knew is lost."""
        return self._engine.pid is not None and self._engine.started == self._process

    def follow(self, trials: Sequence[FrozenTrial], number: int) -> None:
        """Tells the engine what is new among the trials, but for the one of this number. What raises is told again next time."""
        new = [trial for trial in trials if trial.number not in self._told and trial.number != number]
        outcomes = self._outcomes.of(
            trial for trial in new if trial.state.is_finished() and self._space.covers(trial.params)
        )
        past = []
        for trial in new:
            outcome = outcomes.get(trial.number)
            try:
                if outcome is None:
                    self._follow_unfinished(trial)
                elif trial.number not in self._running and not (self._with_reports and reports_of(trial)):
                    past.append((trial, self._past(trial, outcome)))
                else:
                    self._finish(trial, outcome)
                    self._told.add(trial.number)
            except OutOfSpaceError as error:
                self._refused(trial, error)
        self._load(past)

    def _follow_unfinished(self, trial: FrozenTrial) -> None:
        """A trial that runs, has no outcome yet or takes no part."""
        if trial.state == TrialState.WAITING:
            return
        if not trial.state.is_finished() or self._space.covers(trial.params):
            self._follow_running(trial)
            return
        self._give_up(trial.number)
        self._told.add(trial.number)

    def _load(self, past: Sequence[tuple[FrozenTrial, dict[str, Any]]]) -> None:
        if not past:
            return
        try:
            self._request({"op": "load", "trials": [told for _, told in past]})
        except OutOfSpaceError as error:
            if len(past) == 1:
                self._refused(past[0][0], error)
                return
            # Of all of them none was taken.
            for one in past:
                self._load([one])
        self._told.update(trial.number for trial, _ in past)

    def _refused(self, trial: FrozenTrial, error: OutOfSpaceError) -> None:
        """A trial that the engine has no place for takes no part."""
        warnings.warn(f"trial {trial.number} takes no part in the search: {error}", stacklevel=2)
        if trial.state.is_finished():
            self._told.add(trial.number)

    def _past(self, trial: FrozenTrial, outcome: Mapping[str, Any]) -> dict[str, Any]:
        past = {"params": self._space.sent(trial.params), **outcome}
        state = kept_of(trial, {}).states.get(self.part)
        return past if state is None else {**past, "samplerState": state}

    def ask(self, number: int, fixed: Mapping[str, Any]) -> tuple[dict[str, Any], Any]:
        """Values for the trial of Optuna of this number, which has those of `fixed` already, and what the engine keeps of it; None
        for nothing. Raises SpaceExhaustedError."""
        # Where it was asked before for the same trial, what that had then is given up.
        self._give_up(number)
        given = self._space.sent(fixed)
        if len(given) == len(self._space.distributions):
            answer = self._begin(number, fixed)
        else:
            answer = self._request({"op": "ask", "samplerState": True, **({"fixed": given} if given else {})})
            self._take(number, answer)
        return self._space.received(self._running[number][1]), answer["trials"][0].get("samplerState")

    def _follow_running(self, trial: FrozenTrial) -> None:
        if trial.number in self._running:
            return
        params = {**kept_of(trial, self._space.distributions).params, **trial.params}
        if self._space.covers(params):
            self._begin(trial.number, params)

    def _begin(self, number: int, params: Mapping[str, Any]) -> dict[str, Any]:
        """A running trial with these parameters, which the engine did not choose."""
        self._request({"op": "enqueue", "params": self._space.sent(params)})
        answer = self._request({"op": "ask"})
        self._take(number, answer)
        return answer

    def _take(self, number: int, answer: Mapping[str, Any]) -> None:
        trial = answer["trials"][0]
        self._running[number] = (trial["number"], trial["params"])

    def _give_up(self, number: int) -> None:
        if number in self._running:
            self._request({"op": "delete", "number": self._running[number][0]})
            del self._running[number]

    def _finish(self, trial: FrozenTrial, outcome: Mapping[str, Any]) -> None:
        if trial.number not in self._running:
            self._begin(trial.number, trial.params)
        # The objective, or who called it, may have gone on with other values.
        params = self._space.received(self._running[trial.number][1])
        if params != self._space.received(self._space.sent(trial.params)):
            self._give_up(trial.number)
            self._begin(trial.number, trial.params)
        number = self._running[trial.number][0]
        if self._with_reports:
            for step, value in reports_of(trial):
                self._request({"op": "report", "number": number, "step": step, "value": value})
        self._request({"op": "tell", "number": number, **outcome})
        del self._running[trial.number]

    def _request(self, message: dict[str, Any]) -> dict[str, Any]:
        return self._engine.request({**message, "session": self._session})
