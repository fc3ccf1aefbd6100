"""A check of options that are whole numbers."""

from __future__ import annotations

from typing import Any

from .errors import InvalidArgumentError

__all__ = ["check_whole"]


def check_whole(name: str, value: Any, least: int | None = None) -> None:
    """Raises InvalidArgumentError unless it is None or a whole number from `least`."""
    if value is None:
        return
    if isinstance(value, bool) or not isinstance(value, int) or (least is not None and value < least):
        allowed = "a whole number" if least is None else f"a whole number from {least}"
        raise InvalidArgumentError(f"{name} is {value!r}, allowed is {allowed}")
