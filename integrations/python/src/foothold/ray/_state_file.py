"""The state of a searcher in a file."""

from __future__ import annotations

import os
from typing import Any

from ray import cloudpickle

from ..errors import StorageError


def write_state(path: str, state: dict[str, Any]) -> None:
    """The file is there whole or not at all."""
    unfinished = f"{path}.{os.getpid()}.unfinished"
    try:
        with open(unfinished, "wb") as file:
            cloudpickle.dump(state, file)
        os.replace(unfinished, path)
    finally:
        if os.path.exists(unfinished):
            os.remove(unfinished)


def read_state(path: str) -> dict[str, Any]:
    """Raises StorageError for a file of something else, and what ``open`` raises."""
    with open(path, "rb") as file:
        try:
            state = cloudpickle.load(file)
        except Exception as error:
            raise StorageError(f"{path} is not the state of a searcher: {error}") from error
    if not isinstance(state, dict) or "_study" not in state or "_trials" not in state:
        raise StorageError(f"{path} is not the state of a FootholdSearch")
    return state
