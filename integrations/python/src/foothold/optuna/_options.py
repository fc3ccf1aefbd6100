"""What a study of the engine is created with: objectives, constraints and earlier studies."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from optuna.study import Study, StudyDirection
from optuna.trial import TrialState

from ..errors import InvalidArgumentError
from ._outcome import metric_of_constraint, metric_of_objective
from ._space import Space


def _direction(direction: StudyDirection) -> str:
    return "maximize" if direction == StudyDirection.MAXIMIZE else "minimize"


def objectives_of(directions: Sequence[StudyDirection], constraints: Iterable[str]) -> dict[str, Any]:
    """The members of ``create`` for these directions and names of constraints."""
    goal: dict[str, Any] = {"direction": _direction(directions[0])}
    if len(directions) > 1:
        goal = {
            "objectives": [
                {"metric": metric_of_objective(index), "direction": _direction(direction)}
                for index, direction in enumerate(directions)
            ]
        }
    limits = [{"metric": metric_of_constraint(name), "atMost": 0} for name in constraints]
    return {**goal, **({"limits": limits} if limits else {})}


@dataclass(frozen=True)
class Source:
    """An earlier study: its complete trials with finite values."""

    name: str
    direction: str
    trials: Sequence[tuple[Mapping[str, Any], float]]


def source_of(study: Study) -> Source:
    """The complete trials of an earlier study. Raises InvalidArgumentError for one of several objectives."""
    if len(study.directions) > 1:
        raise InvalidArgumentError(
            f"transfer has the study {study.study_name!r} with {len(study.directions)} objectives, allowed is one"
        )
    trials = study.get_trials(deepcopy=False, states=(TrialState.COMPLETE,))
    told = [(trial.params, trial.values[0]) for trial in trials if math.isfinite(trial.values[0])]
    return Source(study.study_name, _direction(study.direction), told)


def transfer_of(sources: Sequence[Source], space: Space) -> dict[str, Any]:
    """The member ``transfer`` of ``create``, with the parameters of this space."""
    shown = []
    for source in sources:
        trials = [{"params": space.of_source(params), "value": value} for params, value in source.trials]
        trials = [trial for trial in trials if trial["params"]]
        if trials:
            shown.append({"name": source.name, "direction": source.direction, "trials": trials})
    return {"transfer": shown} if shown else {}
