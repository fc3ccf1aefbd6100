"""What a trial of Optuna's storage keeps for the samplers of all processes: the values chosen for it, and the state of who chose them."""

from __future__ import annotations

import json
import re
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from optuna.distributions import BaseDistribution
from optuna.trial import FrozenTrial

_KEY = "foothold"
# The longest attribute that every storage of Optuna takes.
_LONGEST_ATTRIBUTE = 2000


@dataclass
class Kept:
    """Values by the names of parameters, and what the engine keeps of the trial by the part of the space that it chose."""

    params: dict[str, Any] = field(default_factory=dict)
    states: dict[str, Any] = field(default_factory=dict)

    def attributes(self, distributions: Mapping[str, BaseDistribution]) -> dict[str, str]:
        """As system attributes of the trial. Values are in Optuna's internal form.

        The text begins with its length and checksum: a trial that kept more before still has the pieces that it does not need now, and
        one whose process was killed may have some pieces of each.
        """
        internal = {
            name: distributions[name].to_internal_repr(value)
            for name, value in self.params.items()
            if name in distributions
        }
        text = json.dumps({"params": internal, "states": self.states}, separators=(",", ":"))
        text = f"{len(text)} {_checksum(text)} {text}"
        return {
            f"{_KEY}:{index}": text[start : start + _LONGEST_ATTRIBUTE]
            for index, start in enumerate(range(0, len(text), _LONGEST_ATTRIBUTE))
        }


def kept_of(trial: FrozenTrial, distributions: Mapping[str, BaseDistribution]) -> Kept:
    """What a trial keeps of these parameters; nothing where its attributes are not all there yet."""
    text = _text_of(trial)
    if text is None:
        return Kept()
    found = json.loads(text)
    params = {
        name: distributions[name].to_external_repr(value)
        for name, value in found.get("params", {}).items()
        if name in distributions and distributions[name]._contains(value)
    }
    return Kept(params, found.get("states", {}))


def _text_of(trial: FrozenTrial) -> str | None:
    pieces: list[str] = []
    while isinstance(piece := trial.system_attrs.get(f"{_KEY}:{len(pieces)}"), str):
        pieces.append(piece)
    parts = re.match(r"(\d+) (\d+) ", "".join(pieces))
    if parts is None:
        return None
    text = "".join(pieces)[parts.end() :][: int(parts[1])]
    return text if _checksum(text) == int(parts[2]) else None


def _checksum(text: str) -> int:
    return zlib.crc32(text.encode())
