"""What a study knows of one evaluation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from .space import Space

__all__ = ["Report", "Trial"]


@dataclass(frozen=True)
class Report:
    """A value on the way: ``step`` is an epoch or whatever else goes on while the trial runs."""

    step: float
    value: float
    metrics: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Trial:
    """One evaluation.

    Attributes:
        number: from 0, in the order in which trials came.
        params: the parameters by their names; those that are not active are not there.
        state: ``running``, ``complete``, ``failed``, ``pruned`` or ``deleted``.
        value: the outcome, in the units of the objective; None unless it is complete.
        standard_error: of the value, where it was told.
        metrics: further figures; with several objectives their values.
        reason: why it failed.
        why: what the sampler did, for people to read.
        piece: of a study with a ``fidelity``, where it was asked for: ``configuration``, ``from`` and ``to`` of its training.
        started_at, finished_at: milliseconds since 1970.
    """

    number: int
    params: dict[str, Any]
    state: str = "running"
    value: float | None = None
    standard_error: float | None = None
    metrics: dict[str, float] = field(default_factory=dict)
    reason: str | None = None
    reports: tuple[Report, ...] = ()
    attributes: dict[str, Any] = field(default_factory=dict)
    note: str | None = None
    why: dict[str, Any] | None = None
    piece: dict[str, int] | None = None
    loaded: bool = False
    outside: str | None = None
    started_at: int | None = None
    finished_at: int | None = None


def trial_of(members: Mapping[str, Any], space: Space | None) -> Trial:
    """The trial of an answer."""
    params = members.get("params", {})
    return Trial(
        number=members["number"],
        params=space.decoded(params) if space else dict(params),
        state=members.get("state", "running"),
        value=_float_of(members.get("value")),
        standard_error=_float_of(members.get("standardError")),
        metrics=_floats_of(members.get("metrics", {})),
        reason=members.get("reason"),
        reports=tuple(
            Report(of["step"], float(of["value"]), _floats_of(of.get("metrics", {}))) for of in members.get("reports", ())
        ),
        attributes=dict(members.get("attributes", {})),
        note=members.get("note"),
        why=members.get("why"),
        piece=members.get("piece"),
        loaded=members.get("loaded", False),
        outside=members.get("outside"),
        started_at=members.get("startedAt"),
        finished_at=members.get("finishedAt"),
    )


def _float_of(value: float | None) -> float | None:
    """JSON has 1 for 1.0."""
    return None if value is None else float(value)


def _floats_of(metrics: Mapping[str, float]) -> dict[str, float]:
    return {name: float(value) for name, value in metrics.items()}
