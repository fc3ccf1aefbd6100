"""Distributions of scipy and arrays of numpy as parameters."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from .errors import InvalidArgumentError
from .space import Int, Real, Space

__all__ = ["space_of"]


def space_of(distributions: Mapping[str, Any]) -> Space:
    """Raises InvalidArgumentError for a distribution that is none of uniform, loguniform and randint."""
    return Space({name: _parameter_of(name, of) for name, of in distributions.items()})


def _parameter_of(name: str, of: Any) -> Any:
    """A distribution of scipy, an array or what ``Space`` takes as a parameter."""
    if isinstance(of, np.ndarray):
        return of.tolist()
    if not hasattr(of, "rvs"):
        return of
    kind = getattr(getattr(of, "dist", None), "name", type(of).__name__)
    if kind in ("uniform", "loguniform", "reciprocal"):
        low, high = (float(end) for end in of.support())
        return Real(low, high, log=kind != "uniform")
    if kind == "randint":
        low, high = (int(end) for end in of.support())
        return Int(low, high)
    raise InvalidArgumentError(
        f"{name} is the distribution {kind!r}, allowed is uniform, loguniform or randint of scipy.stats, or what foothold.Space takes",
        details={"argument": name},
    )
