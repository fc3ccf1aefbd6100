"""Optuna's distributions as parameters of Foothold, and values there and back."""

from __future__ import annotations

import math
import random
from collections.abc import Iterable, Mapping
from typing import Any

from optuna.distributions import (
    BaseDistribution,
    CategoricalDistribution,
    FloatDistribution,
    IntDistribution,
)

from ..errors import UnsupportedError

Distributions = Mapping[str, BaseDistribution]

_RESERVED = frozenset(
    [
        "prototype",
        "constructor",
        "__defineGetter__",
        "__defineSetter__",
        "hasOwnProperty",
        "__lookupGetter__",
        "__lookupSetter__",
        "isPrototypeOf",
        "propertyIsEnumerable",
        "toString",
        "valueOf",
        "__proto__",
        "toLocaleString",
    ]
)


class Space:
    """Parameters with their distributions: what one study of the engine searches.

    A categorical choice is sent as the text of its index, so that any choice goes: None, a tuple, a NaN. A name that the protocol
    refuses is sent with a ``_`` before it.
    """

    def __init__(self, distributions: Distributions) -> None:
        self.distributions = {name: distributions[name] for name in sorted(distributions)}
        self._sent = _sent_names(self.distributions)

    def described(self) -> dict[str, dict[str, Any]]:
        """The space as the protocol has it. Raises UnsupportedError for a distribution that is none of Optuna's three."""
        return {self._sent[name]: _parameter(name, distribution) for name, distribution in self.distributions.items()}

    def sent(self, params: Mapping[str, Any]) -> dict[str, Any]:
        """Those of the values that are parameters of this space, as the protocol has them."""
        return {
            self._sent[name]: _sent_value(distribution, params[name])
            for name, distribution in self.distributions.items()
            if name in params
        }

    def received(self, params: Mapping[str, Any]) -> dict[str, Any]:
        """Values of the protocol as Optuna has them."""
        return {
            name: _received_value(distribution, params[self._sent[name]])
            for name, distribution in self.distributions.items()
        }

    def covers(self, params: Mapping[str, Any]) -> bool:
        """Whether there is a value for each parameter, and each in its range."""
        return all(
            name in params and contains(distribution, params[name]) for name, distribution in self.distributions.items()
        )

    def of_source(self, params: Mapping[str, Any]) -> dict[str, Any]:
        """Values of another study. A choice that this space lacks is a text that is none of the choices."""
        return {
            self._sent[name]: _source_value(distribution, params[name])
            for name, distribution in self.distributions.items()
            if name in params
        }


def _sent_names(names: Iterable[str]) -> dict[str, str]:
    taken = set(names)
    sent = {}
    for name in list(taken):
        other = name
        while other in _RESERVED or other.startswith("$") or (other != name and other in taken):
            other = f"_{other}"
        taken.add(other)
        sent[name] = other
    return sent


def _parameter(name: str, distribution: BaseDistribution) -> dict[str, Any]:
    if isinstance(distribution, CategoricalDistribution):
        return {"type": "categorical", "choices": [str(index) for index in range(len(distribution.choices))]}
    if isinstance(distribution, (FloatDistribution, IntDistribution)):
        kind = "real" if isinstance(distribution, FloatDistribution) else "int"
        parameter: dict[str, Any] = {"type": kind, "low": distribution.low, "high": distribution.high}
        if distribution.log:
            parameter["log"] = True
        elif distribution.step not in (None, 1) or (kind == "real" and distribution.step is not None):
            parameter["step"] = distribution.step
        return parameter
    raise UnsupportedError(
        f"the distribution of {name!r} is {distribution!r}, allowed are FloatDistribution, IntDistribution and "
        "CategoricalDistribution"
    )


def _sent_value(distribution: BaseDistribution, value: Any) -> Any:
    if isinstance(distribution, CategoricalDistribution):
        return str(int(distribution.to_internal_repr(value)))
    # Optuna takes a value as one of a grid that is further from it than the engine allows.
    return _received_value(distribution, value)


def _received_value(distribution: BaseDistribution, value: Any) -> Any:
    if isinstance(distribution, CategoricalDistribution):
        return distribution.choices[int(value)]
    if isinstance(distribution, IntDistribution):
        return int(value)
    assert isinstance(distribution, FloatDistribution)
    if distribution.step is not None:
        count = round((value - distribution.low) / distribution.step)
        value = distribution.low + count * distribution.step
    return float(min(max(value, distribution.low), distribution.high))


def _source_value(distribution: BaseDistribution, value: Any) -> Any:
    if isinstance(distribution, CategoricalDistribution):
        try:
            return str(int(distribution.to_internal_repr(value)))
        except ValueError:
            return f"none of the choices: {value!r}"
    return value if isinstance(value, (int, float)) and math.isfinite(value) else repr(value)


def contains(distribution: BaseDistribution, value: Any) -> bool:
    """Whether the distribution can have this value."""
    try:
        return bool(distribution._contains(distribution.to_internal_repr(value)))
    except (ValueError, TypeError):
        return False


def middle(distribution: BaseDistribution) -> Any:
    """The middle of the range, of a logarithmic one in its logarithm; of choices the one in the middle."""
    return _at(distribution, lambda levels: (levels - 1) // 2, 0.5)


def drawn(distribution: BaseDistribution, rng: random.Random) -> Any:
    """A value that is drawn uniformly, of a logarithmic range in its logarithm."""
    return _at(distribution, rng.randrange, rng.random())


def _at(distribution: BaseDistribution, level: Any, share: float) -> Any:
    if isinstance(distribution, CategoricalDistribution):
        return distribution.choices[level(len(distribution.choices))]
    assert isinstance(distribution, (FloatDistribution, IntDistribution))
    low, high, step = distribution.low, distribution.high, distribution.step
    if isinstance(distribution, IntDistribution):
        if distribution.log:
            # Each whole number has the part of the range that rounds to it.
            value = math.exp(math.log(low - 0.5) + share * (math.log(high + 0.5) - math.log(low - 0.5)))
            return min(max(round(value), int(low)), int(high))
        width = int(distribution.step)
        return int(low) + level((int(high) - int(low)) // width + 1) * width
    if step is not None:
        return _received_value(distribution, low + level(round((high - low) / step) + 1) * step)
    if distribution.log:
        return _received_value(distribution, math.exp(math.log(low) + share * (math.log(high) - math.log(low))))
    # In two parts: the width of the widest range overflows.
    return _received_value(distribution, low * (1 - share) + high * share)
