"""A whole run in one call."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from ._run import Objective
from .errors import InvalidArgumentError
from .space import Space
from .study import Study
from .trial import Trial

__all__ = ["Result", "maximize", "minimize"]


@dataclass(frozen=True)
class Result:
    """What came of a run.

    Attributes:
        best: the best complete trial; None where none is complete.
        study: all of it.
    """

    best: Trial | None
    study: Study

    @property
    def params(self) -> dict[str, Any]:
        """The best parameters; empty where no trial is complete."""
        return {} if self.best is None else self.best.params

    @property
    def value(self) -> float | None:
        """The best value; None where no trial is complete."""
        return None if self.best is None else self.best.value


def minimize(
    objective: Objective,
    space: Mapping[str, Any] | Space,
    *,
    trials: int = 50,
    workers: int = 1,
    catch: tuple[type[Exception], ...] = (),
    **options: Any,
) -> Result:
    """Looks for the parameters with the smallest value, in ``trials`` evaluations.

    Args:
        objective: see ``Study.optimize``.
        space: see ``Space``.
        trials: evaluations in all.
        workers, catch: see ``Study.optimize``.
        options: of ``Study``, such as ``seed``, ``storage`` with ``name``, ``sampler``, ``transfer``; not ``direction``. With ``objectives``
            the directions are theirs.
    """
    return _run("minimize", objective, space, trials, workers, catch, options)


def maximize(
    objective: Objective,
    space: Mapping[str, Any] | Space,
    *,
    trials: int = 50,
    workers: int = 1,
    catch: tuple[type[Exception], ...] = (),
    **options: Any,
) -> Result:
    """Looks for the parameters with the largest value. Everything else as in ``minimize``."""
    return _run("maximize", objective, space, trials, workers, catch, options)


def _run(
    direction: Literal["minimize", "maximize"],
    objective: Objective,
    space: Mapping[str, Any] | Space,
    trials: int,
    workers: int,
    catch: tuple[type[Exception], ...],
    options: Mapping[str, Any],
) -> Result:
    if "direction" in options:
        given = options["direction"]
        raise InvalidArgumentError(
            f"direction is {given!r}, allowed is none: {direction} has its own; Study(..., direction=...) takes one",
            details={"argument": "direction", "value": repr(given), "allowed": "none"},
        )
    own = None if options.get("objectives") else direction
    study = Study(space, direction=own, trials=trials, **options)
    study.optimize(objective, trials, workers=workers, catch=catch)
    return Result(study.best(), study)
