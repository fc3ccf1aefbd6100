"""What a result of Ray came to, in the words of the protocol."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any


def number_in(result: Mapping[str, Any] | None, name: str) -> float | None:
    """The finite number of this name, else None."""
    try:
        value = float((result or {})[name])
    except (KeyError, TypeError, ValueError):
        return None
    return value if math.isfinite(value) else None


def outcome_of(value: Any, metric: str, *, error: bool = False, pruned: bool = False) -> dict[str, Any]:
    """The outcome of an evaluation; a value that is no finite number is a failure that names it."""
    if error:
        return {"state": "failed", "reason": "failed in Ray"}
    if pruned:
        return {"state": "pruned"}
    number = number_in({metric: value}, metric)
    if number is None:
        return {"state": "failed", "reason": f"{metric} is {value!r}"[:500]}
    return {"value": number}


def ended_early(step: float | None, max_t: int | None, *, otherwise: bool = False) -> bool:
    """Whether a trial ended at a step before `max_t`; `otherwise` where one of them is not known."""
    return otherwise if step is None or max_t is None else step < max_t
