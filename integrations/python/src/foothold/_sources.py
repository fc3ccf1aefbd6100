"""What a study starts from: earlier studies, and trials of them."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from .errors import InvalidArgumentError
from .trial import Trial


def past_trial(trial: Trial) -> dict[str, Any]:
    """The trial as a past evaluation."""
    members = {
        "params": trial.params,
        "state": trial.state,
        "value": trial.value,
        "standardError": trial.standard_error,
        "metrics": trial.metrics or None,
        "reason": trial.reason,
        "attributes": trial.attributes or None,
        "note": trial.note,
    }
    return {name: of for name, of in members.items() if of is not None}


def source_of(of: Any, index: int, server: str | None) -> dict[str, Any]:
    """An earlier study as the protocol has it."""
    from .study import Study

    if isinstance(of, Study):
        if of.objectives:
            raise InvalidArgumentError(
                f"transfer[{index}] is {of!r} with the objectives {', '.join(of.objectives)}, allowed is a study of one value"
            )
        done = [past_trial(trial) for trial in of.trials() if trial.state == "complete"]
        encoded = [{**trial, "params": of._encoded(trial["params"])} for trial in done]
        keep = ("params", "value", "standardError", "metrics")
        trials = [{name: trial[name] for name in keep if name in trial} for trial in encoded]
        return {"name": of.name if of.name != "study" else f"study-{index}", "trials": trials, "direction": of.direction}
    if isinstance(of, Mapping):
        return dict(of)
    if isinstance(of, (str, os.PathLike)):
        if server is not None:
            return {"study": os.fspath(of)}
        return {"path": os.path.abspath(of) if Path(of).exists() else os.fspath(of)}
    raise InvalidArgumentError(
        f"transfer[{index}] is {of!r}, allowed is a Study, a file of trials, or a dictionary of the protocol"
    )
