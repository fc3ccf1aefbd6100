"""What a trial of Optuna came to, in the words of the protocol."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Any

from optuna.study import StudyDirection
from optuna.trial import FrozenTrial, TrialState

_CONSTRAINTS = "constraints"


def constraints_of(trial: FrozenTrial) -> dict[str, float]:
    """The constraints of a trial by their names, as Optuna 4 and 5 keep them; at most 0 is feasible."""
    found: dict[str, float] = {}
    for key, value in trial.system_attrs.items():
        if key == _CONSTRAINTS and value is not None:
            found.update({str(index): float(number) for index, number in enumerate(value)})
        elif key.startswith(f"{_CONSTRAINTS}:"):
            found[key[len(_CONSTRAINTS) + 1 :]] = float(value)
    return found


def metric_of_objective(index: int) -> str:
    return "value" if index == 0 else f"value {index}"


def metric_of_constraint(name: str) -> str:
    return f"constraint {name}"


class Outcomes:
    """Outcomes of trials. A study of the engine has its own: infinite figures depend on the finite ones that it was told.

    A figure that is infinitely bad, or not there, is a failure. One that is infinitely good counts as the best finite one among the
    trials before it that count, or as the first one after it.
    """

    def __init__(self, directions: Sequence[StudyDirection], constraints: Iterable[str]) -> None:
        self._signs = [1 if direction == StudyDirection.MAXIMIZE else -1 for direction in directions]
        self._constraints = list(constraints)
        self._best: dict[str, float] = {}

    def of(self, trials: Iterable[FrozenTrial]) -> dict[int, dict[str, Any]]:
        """The outcomes of finished trials by their numbers. Trials that wait for the first finite figure are not among them; they are
        to be given again, before those that have finished since."""
        outcomes: dict[int, dict[str, Any]] = {}
        waiting: list[FrozenTrial] = []
        for trial in trials:
            outcome = self._of(trial)
            if outcome is None:
                waiting.append(trial)
                continue
            outcomes[trial.number] = outcome
            still = []
            for other in waiting:
                known = self._of(other)
                if known is None:
                    still.append(other)
                else:
                    outcomes[other.number] = known
            waiting = still
        return outcomes

    def _of(self, trial: FrozenTrial) -> dict[str, Any] | None:
        if trial.state == TrialState.PRUNED:
            return {"state": "pruned"}
        if trial.state != TrialState.COMPLETE:
            return {"state": "failed", "reason": "failed in Optuna"}
        figures = {}
        for index, (value, sign) in enumerate(zip(trial.values, self._signs)):
            figures[metric_of_objective(index)] = (value, sign)
        constraints = constraints_of(trial)
        for name in self._constraints:
            # Where one was not set, Optuna takes the trial as feasible.
            figures[metric_of_constraint(name)] = (constraints.get(name, 0.0), -1)
        for metric, (value, sign) in figures.items():
            if math.isnan(value) or value == -sign * math.inf:
                return {"state": "failed", "reason": f"{metric} is {value}"}
        for metric, (value, sign) in figures.items():
            if math.isfinite(value):
                self._best[metric] = sign * max(sign * value, sign * self._best.get(metric, value))
        finite = {
            metric: float(value) if math.isfinite(value) else self._best.get(metric)
            for metric, (value, _) in figures.items()
        }
        if None in finite.values():
            return None
        metrics = {metric: value for metric, value in finite.items() if metric != "value"}
        return {"value": finite["value"], **({"metrics": metrics} if metrics else {})}


def reports_of(trial: FrozenTrial) -> list[tuple[int, float]]:
    """Intermediate values by step, finite ones alone: at most 20 of them, the last among them."""
    reported = trial.intermediate_values.items()
    known = sorted((step, value) for step, value in reported if math.isfinite(value) and step >= 0)
    stride = max(1, math.ceil(len(known) / 20))
    return known[::-1][::stride][::-1]
