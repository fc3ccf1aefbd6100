"""Checks of what a ``FootholdSearch`` is made with."""

from __future__ import annotations

from typing import Any

from ..errors import InvalidArgumentError, UnsupportedError

MODES = ("min", "max")


def check_objective(metric: Any, mode: Any) -> None:
    """Raises UnsupportedError for several metrics, InvalidArgumentError for what is no name or mode."""
    if isinstance(metric, (list, tuple)) or isinstance(mode, (list, tuple)):
        raise UnsupportedError(f"metric is {metric!r} with the mode {mode!r}, allowed is one metric with one mode")
    if metric is not None and (not isinstance(metric, str) or not metric):
        raise InvalidArgumentError(f"metric is {metric!r}, allowed is the name of a metric")
    if mode is not None and mode not in MODES:
        raise InvalidArgumentError(f"mode is {mode!r}, allowed are 'min' and 'max'")


def check_points(points: list[Any], rewards: list[Any] | None) -> None:
    """Raises InvalidArgumentError for points that are no dictionaries, and rewards that are not as many."""
    for index, point in enumerate(points):
        if not isinstance(point, dict):
            raise InvalidArgumentError(f"points_to_evaluate[{index}] is {point!r}, allowed is a dictionary")
    if rewards is not None and len(rewards) != len(points):
        raise InvalidArgumentError(
            f"evaluated_rewards has {len(rewards)} values for {len(points)} points_to_evaluate, allowed is one for each"
        )
