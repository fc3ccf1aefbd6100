"""Trials as a frame of pandas."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from .errors import UnsupportedError
from .trial import Trial

if TYPE_CHECKING:
    import pandas

__all__ = ["frame_of"]


def frame_of(trials: Sequence[Trial]) -> pandas.DataFrame:
    """A row for each trial, indexed by its number: ``state``, ``value``, ``params_NAME``, ``metrics_NAME``, times, ``reason``."""
    try:
        import pandas
    except ImportError as error:
        raise UnsupportedError("a frame of trials needs pandas: pip install pandas") from error
    rows: list[dict[str, Any]] = [
        {
            "number": trial.number,
            "state": trial.state,
            "value": trial.value,
            **{f"params_{name}": value for name, value in trial.params.items()},
            **{f"metrics_{name}": value for name, value in trial.metrics.items()},
            "started": trial.started_at,
            "finished": trial.finished_at,
            "reason": trial.reason,
        }
        for trial in trials
    ]
    columns = list(dict.fromkeys(name for row in rows for name in row)) or ["number", "state", "value"]
    frame = pandas.DataFrame(rows, columns=columns).set_index("number")
    for name in ("started", "finished"):
        if name in frame:
            frame[name] = pandas.to_datetime(frame[name], unit="ms", utc=True)
    return frame
