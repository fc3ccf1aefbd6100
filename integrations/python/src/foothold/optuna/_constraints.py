"""Constraints that a function states of a finished trial."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from optuna.study import Study
from optuna.trial import FrozenTrial, TrialState

from ..errors import InvalidArgumentError


def set_constraints(
    constraints_func: Callable[[FrozenTrial], Sequence[float]], study: Study, trial: FrozenTrial, state: TrialState
) -> None:
    """Keeps the constraints of a trial that is complete or pruned where Optuna's own samplers keep and look for them.

    Raises InvalidArgumentError for a value that is NaN or no number, and what the function raises; the trial then has no constraints.
    """
    if state not in (TrialState.COMPLETE, TrialState.PRUNED):
        return
    kept: tuple[float, ...] | None = None
    try:
        values = list(constraints_func(trial))
        for index, value in enumerate(values):
            try:
                number = float(value)
            except (TypeError, ValueError):
                number = math.nan
            if math.isnan(number):
                raise InvalidArgumentError(
                    f"constraints_func[{index}] of trial {trial.number} is {value!r}, allowed is a number"
                )
        kept = tuple(float(value) for value in values)
    finally:
        study._storage.set_trial_system_attr(trial._trial_id, "constraints", kept)
