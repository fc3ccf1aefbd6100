"""What callers give, as the protocol has it."""

from __future__ import annotations

import numbers
import os

from .space import _invalid
from .trial import Trial


def number_of(trial: Trial | int) -> int:
    if isinstance(trial, Trial):
        return trial.number
    if isinstance(trial, numbers.Integral) and not isinstance(trial, bool):
        return int(trial)
    raise _invalid("trial", trial, "a Trial or its number, a whole number")


def absolute(address: str | os.PathLike[str]) -> str:
    """An address that means the same also after a change of folder."""
    text = os.fspath(address)
    scheme, colon, rest = text.partition(":")
    if colon and scheme == "sqlite":
        return f"sqlite:{os.path.abspath(rest)}"
    return text if colon and len(scheme) > 1 else os.path.abspath(text)
