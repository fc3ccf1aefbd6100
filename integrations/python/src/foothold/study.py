"""A study: the line protocol as a typed client."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal

from ._arguments import number_of
from ._engine import Engine
from ._frame import frame_of
from ._open_study import OpenStudy
from ._run import Objective, run_trials
from ._sources import past_trial, source_of
from .errors import InvalidArgumentError
from .space import Space, _invalid, _plain
from .trial import Trial, trial_of

if TYPE_CHECKING:
    import pandas

__all__ = ["Study"]

Direction = Literal["minimize", "maximize"]
Named = "str | Mapping[str, Any]"


class Study(OpenStudy):
    """Trials of one problem, and what to try next. Any number of threads and processes may use it at once.

    Without ``storage`` and ``server`` it is kept as long as a program has it, also when the engine's process is lost. A copy that was
    pickled is the same study in every process of this machine, as long as one of them has it; elsewhere and later, and in another
    process on Windows when the program that made it has dropped it, it is a study with the same trials.

    Args:
        space: parameters by their names, see ``Space``. Only with ``server``, None opens a study that is there.
        direction: of the value. Default: minimize; of a study that is opened on a server, the study's own.
        sampler, pruner: names of docs/protocol.md, or dictionaries with ``name`` and options.
        trials: how many evaluations are planned: samplers use it, nothing stops at it.
        seed: a whole number; the same seed gives the same suggestions. 0 when None.
        name: with ``storage`` or ``server`` the name under which the study is kept; one that is there is continued.
        storage: a folder, ``sqlite:FILE`` or ``postgres://user@host/database``. Default with a ``name``: FOOTHOLD_STORAGE of the
            environment, where it is set.
        server: address of a ``foothold serve``, or the link that it prints.
        token: of the server; default: that of the link, else FOOTHOLD_TOKEN of the environment.
        objectives: with several, a direction by the name of each metric: ``{"error": "minimize", "speed": "maximize"}``.
        limits: ``[{"metric": "memory", "atMost": 8}]``.
        cost: name of the metric that holds what a trial cost.
        constraints: ``[{"type": "linear", "terms": {"a": 1, "b": 2}, "atMost": 10}]``.
        repeat: True allows the same parameters again, for noisy values.
        fidelity: ``{"name": "epochs", "max": 52}``: each trial trains one configuration from ``trial.piece["from"]`` to ``trial.piece["to"]``.
        transfer: earlier studies to start from: ``Study`` objects, files of trials, or dictionaries of the protocol.
        method, gated, meta_features: how they take part, see docs/transfer.md.
        lease, retries, late: of trials whose worker is silent, see docs/protocol.md; ``lease`` in seconds.
        engine: another engine than the one that all studies share.

    Raises InvalidArgumentError for what is not allowed, SourceError for an earlier study that cannot be read, StorageError,
    EngineMissingError; of a server ServerGoneError, UnauthorizedError for its token, and NotFoundError where the study is to be there.
    """

    def __init__(
        self,
        space: Mapping[str, Any] | Space | None,
        *,
        direction: Direction | None = None,
        sampler: str | Mapping[str, Any] | None = None,
        pruner: str | Mapping[str, Any] | None = None,
        trials: int | None = None,
        seed: int | None = None,
        name: str | None = None,
        storage: str | os.PathLike[str] | None = None,
        server: str | None = None,
        token: str | None = None,
        objectives: Mapping[str, Direction] | None = None,
        limits: Sequence[Mapping[str, Any]] | None = None,
        cost: str | None = None,
        constraints: Sequence[Mapping[str, Any]] | None = None,
        repeat: bool | None = None,
        fidelity: Mapping[str, Any] | None = None,
        transfer: Sequence[Any] = (),
        method: str | None = None,
        gated: bool | None = None,
        meta_features: Sequence[float] | None = None,
        lease: float | None = None,
        retries: int | None = None,
        late: Literal["refuse", "keep"] | None = None,
        engine: Engine | None = None,
    ) -> None:
        if server is not None and (storage is not None or name is None):
            raise InvalidArgumentError("server needs a name of the study, and goes without storage")
        if space is None and server is None:
            raise InvalidArgumentError("space is None, allowed is a dictionary from names to parameters")
        self.space = space if isinstance(space, Space) or space is None else Space(space)
        if objectives is not None and not (isinstance(objectives, Mapping) and objectives):
            raise _invalid("objectives", objectives, 'a dictionary such as {"error": "minimize", "speed": "maximize"}')
        self.objectives = dict(objectives) if objectives else None
        first: Direction = next(iter(objectives.values())) if objectives else "minimize"
        self.direction: Direction = first if direction is None else direction
        members: dict[str, Any] = {
            "name": "study" if name is None else name,
            "space": self.space and self.space.description,
            "direction": direction or (None if objectives else "minimize"),
            "sampler": sampler,
            "pruner": pruner,
            "trials": trials,
            "seed": seed,
            "objectives": objectives and [{"metric": of, "direction": to} for of, to in objectives.items()],
            "limits": limits,
            "cost": cost,
            "constraints": constraints,
            "repeat": repeat,
            "fidelity": fidelity,
            "transfer": [source_of(of, index, server) for index, of in enumerate(transfer)] or None,
            "method": method,
            "gated": gated,
            "metaFeatures": meta_features,
            "lease": lease,
            "retries": retries,
            "late": late,
        }
        self._temporary = None
        self._server, self._token = server, token
        self._engine = engine
        if server is None:
            members["storage"] = self._storage_address(storage, name)
        self._create = {key: _plain(of) for key, of in members.items() if of is not None}
        self._open()

    def ask(self, *, fixed: Mapping[str, Any] | None = None, limit: int | None = None) -> Trial:
        """The next trial to evaluate.

        Args:
            fixed: parameters that are not to be chosen, with their values.
            limit: no trial beyond this many in all, loaded ones not counted.

        Raises TrialLimitError at the limit, SpaceExhaustedError, InfeasibleSpaceError, OutOfSpaceError.
        """
        return self.ask_many(1, fixed=fixed, limit=limit)[0]

    def ask_many(
        self, count: int, *, fixed: Mapping[str, Any] | None = None, limit: int | None = None
    ) -> list[Trial]:
        """The next trials to evaluate at the same time; fewer than ``count`` where no more are to be had."""
        message: dict[str, Any] = {"op": "ask", "count": count}
        if fixed:
            message["fixed"] = self._encoded(fixed)
        if limit is not None:
            message["trials"] = limit
        return [trial_of(of, self.space) for of in self._requests.request(message)["trials"]]

    def tell(
        self,
        trial: Trial | int,
        value: float | None = None,
        *,
        metrics: Mapping[str, float] | None = None,
        standard_error: float | None = None,
        state: Literal["complete", "failed", "pruned"] | None = None,
        reason: str | None = None,
        attributes: Mapping[str, Any] | None = None,
        note: str | None = None,
    ) -> None:
        """The outcome of a trial: a ``value``, or the ``state`` failed with a ``reason``, or pruned.

        Telling the same outcome twice is one tell. Raises TrialStateError where the trial has another outcome, which it keeps;
        InvalidArgumentError for a value that is not finite: tell such a trial as failed; and for what the state has no place
        for, such as a value beside ``pruned``: ``report`` keeps values on the way.
        """
        self._send(
            "tell",
            number=number_of(trial),
            value=value,
            metrics=metrics,
            standardError=standard_error,
            state=state,
            reason=reason,
            attributes=attributes,
            note=note,
        )

    def report(
        self, trial: Trial | int, step: float, value: float, metrics: Mapping[str, float] | None = None
    ) -> bool:
        """A value on the way. True where the pruner ends the trial: stop it, and tell it with the state ``pruned``."""
        answer = self._send("report", number=number_of(trial), step=step, value=value, metrics=metrics)
        return bool(answer["decision"] == "prune")

    def enqueue(self, params: Mapping[str, Any]) -> None:
        """The next ask gives these parameters; of some only, the sampler chooses the others."""
        self._send("enqueue", params=self._encoded(params))

    def load(self, trials: Sequence[Mapping[str, Any] | Trial]) -> int:
        """Past evaluations, each ``{"params": ..., "value": ...}`` or a trial; nothing is suggested. How many they were."""
        told = [past_trial(of) if isinstance(of, Trial) else dict(of) for of in trials]
        for of in told:
            if "params" in of:
                of["params"] = self._encoded(of["params"])
        return int(self._send("load", trials=[of for of in told if of.get("state") != "running"])["loaded"])

    def note(
        self,
        trial: Trial | int | None = None,
        *,
        attributes: Mapping[str, Any] | None = None,
        note: str | None = None,
    ) -> dict[str, Any]:
        """Attributes and a note of a trial, or of the study. An attribute replaces the one of the same name. Gives what is there."""
        number = None if trial is None else number_of(trial)
        answer = self._send("note", number=number, attributes=attributes, note=note)
        return {"attributes": answer.get("attributes", {}), "note": answer.get("note")}

    def best(self) -> Trial | None:
        """The best complete trial that keeps the limits; None before there is one."""
        trial = self._send("best").get("trial")
        return None if trial is None else trial_of(trial, self.space)

    def front(self) -> list[Trial]:
        """With several objectives the trials that no other one beats in all of them (the Pareto front)."""
        return [trial_of(of, self.space) for of in self._send("best").get("front", ())]

    def trials(self) -> list[Trial]:
        """All trials by their numbers; deleted ones are not among them."""
        return [trial_of(of, self.space) for of in self._send("trials")["trials"]]

    def deleted_trials(self) -> list[Trial]:
        """Trials that count nowhere."""
        return [trial_of(of, self.space) for of in self._send("trials", deleted=True).get("deleted", ())]

    def delete(self, trial: Trial | int) -> None:
        """The trial counts nowhere from here on."""
        self._send("delete", number=number_of(trial))

    def restore(self, trial: Trial | int) -> None:
        """A deleted trial counts again."""
        self._send("restore", number=number_of(trial))

    def release(self, trial: Trial | int) -> None:
        """A running trial is given back: the next ask gives it out again."""
        self._send("release", number=number_of(trial))

    def optimize(
        self,
        objective: Objective,
        trials: int,
        *,
        workers: int = 1,
        catch: tuple[type[Exception], ...] = (),
        callback: Callable[[Study, Trial], None] | None = None,
    ) -> Study:
        """Evaluates the objective until the study has ``trials`` trials in all, those of earlier runs included.

        Args:
            objective: gets the parameters as a dictionary, and where it has a parameter ``report``, or another second one without a
                default, a function ``report(step, value)``, which raises TrialPruned where the pruner ends the trial. Gives the value;
                or a dictionary of metrics: with ``value``, or with all objectives. A value that is not finite makes the trial a failed
                one.
            workers: threads that evaluate at once.
            catch: exceptions of the objective after which the run goes on. The trial is told as failed, with the exception as its
                reason, after any. Not among them: an outcome that the study refuses, such as one that is no number or lacks a metric,
                after which the trial is told as failed; and a study that cannot be told, such as one of a server that is gone, after
                which the trial is given back.
            callback: is called after each trial that was told.

        A trial that somebody else has ended or taken meanwhile stays as it is, and the run goes on. Where the study cannot be told an
        outcome, the exception has it in its message, and in its ``details`` as ``number``, ``value`` and ``metrics``, or ``state`` and
        ``reason``; those of other threads are in ``others``.
        """
        run_trials(self, objective, trials, workers=workers, catch=catch, callback=callback)
        return self

    def frame(self) -> pandas.DataFrame:
        """The trials as a frame of pandas, a row each, indexed by their numbers. Raises UnsupportedError without pandas."""
        return frame_of(self.trials())

    def _encoded(self, params: Mapping[str, Any]) -> dict[str, Any]:
        return self.space.encoded(params) if self.space else _plain(params)
