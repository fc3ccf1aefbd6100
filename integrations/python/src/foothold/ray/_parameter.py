"""One domain of Ray Tune as a parameter of Foothold, and values there and back."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from numbers import Real
from typing import Any

from ray.tune.search.sample import (
    Categorical,
    Domain,
    Float,
    Function,
    Integer,
    LogUniform,
    Quantized,
    Uniform,
)
from ray.tune.utils import flatten_dict

from ..errors import InvalidArgumentError, OutOfSpaceError, UnsupportedError

_ALLOWED = (
    "allowed are tune.uniform, quniform, loguniform, qloguniform, randint, qrandint, lograndint, qlograndint and choice"
)


@dataclass(frozen=True)
class Parameter:
    """A parameter: ``described`` is what the protocol has. Choices are sent as their index, quantized values as their multiple of q."""

    name: str
    described: dict[str, Any]
    domain: Domain
    choices: tuple[Any, ...] | None = None
    quantum: float | None = None

    def received(self, value: Any) -> Any:
        """A value of the protocol as Ray has it."""
        if self.choices is not None:
            return self.choices[int(value)]
        return self.domain.cast(value if self.quantum is None else value * self.quantum)

    def sent(self, value: Any) -> Any:
        """A value of Ray as the protocol has it. Raises OutOfSpaceError."""
        if self.choices is not None:
            for index, choice in enumerate(self.choices):
                if choice is value or (type(choice) is type(value) and _equal(choice, value)):
                    return self.described["choices"][index]
            for index, choice in enumerate(self.choices):
                if _is_number(choice) and _is_number(value) and choice == value:
                    return self.described["choices"][index]
            raise self._outside(value)
        if not _is_number(value) or not math.isfinite(value):
            raise self._outside(value)
        number = value if self.quantum is None else value / self.quantum
        if self.described["type"] == "int":
            whole = round(number)
            if not math.isclose(number, whole, rel_tol=1e-9, abs_tol=1e-9):
                raise self._outside(value)
            number = whole
        if not self.described["low"] <= number <= self.described["high"]:
            raise self._outside(value)
        return number if isinstance(number, int) else float(number)

    def sent_flat(self, config: Mapping[str, Any]) -> Any:
        """Its value in a configuration that Ray has flattened, as the protocol has it. Raises OutOfSpaceError."""
        # Of a choice {"a": 1} that is NAME/a; of an empty one it is nothing.
        part = {name: value for name, value in config.items() if name.startswith(f"{self.name}/")}
        if self.name in config:
            part[self.name] = config[self.name]
        for index, choice in enumerate(self.choices or ()):
            if isinstance(choice, dict) and _equal(flatten_dict({self.name: choice}), part):
                return self.described["choices"][index]
        if not part:
            raise OutOfSpaceError(f"{self.name} is missing in {dict(config)!r}", details={"parameter": self.name})
        return self.sent(part.get(self.name, part))

    def _outside(self, value: Any) -> OutOfSpaceError:
        return OutOfSpaceError(
            f"{self.name} is {value!r}, allowed is {self._allowed()}", details={"parameter": self.name}
        )

    def _allowed(self) -> str:
        if self.choices is not None:
            return f"one of {list(self.choices)}"
        low, high = self.described["low"], self.described["high"]
        if self.quantum is not None:
            return f"a multiple of {self.quantum} from {low * self.quantum} to {high * self.quantum}"
        return f"a {'whole number' if self.described['type'] == 'int' else 'number'} from {low} to {high}"


def parameter_of(name: str, domain: Domain) -> Parameter:
    """Raises UnsupportedError for a domain that is not mapped, InvalidArgumentError for one without values."""
    if domain.is_grid():
        raise _unsupported(name, f"tune.grid_search({domain.categories!r})")
    if isinstance(domain, Function):
        raise _unsupported(name, "tune.sample_from(…)")
    sampler = domain.get_sampler()
    quantum = None
    if isinstance(sampler, Quantized):
        quantum, sampler = sampler.q, sampler.get_sampler()
    is_log = isinstance(sampler, LogUniform)
    if isinstance(domain, Categorical) and isinstance(sampler, Uniform) and quantum is None:
        return _categorical(name, domain)
    if isinstance(domain, (Float, Integer)) and (is_log or isinstance(sampler, Uniform)):
        return _numeric(name, domain, quantum, is_log)
    raise _unsupported(name, f"a {type(domain).__name__} with the sampler {type(sampler).__name__.lstrip('_')}")


def _numeric(name: str, domain: Float | Integer, quantum: float | None, is_log: bool) -> Parameter:
    low, high = domain.lower, domain.upper
    if not (_is_number(low) and _is_number(high) and math.isfinite(low) and math.isfinite(high)):
        raise InvalidArgumentError(f"{name} goes from {low!r} to {high!r}, allowed are finite bounds")
    is_whole = isinstance(domain, Integer)
    kind = "int" if is_whole or quantum is not None else "real"
    if quantum is not None:
        if not (_is_number(quantum) and 0 < quantum < math.inf):
            raise InvalidArgumentError(f"{name} has q = {quantum!r}, allowed is a number above 0")
        low, high = _index(low, quantum, math.ceil), _index(high, quantum, math.floor)
    if is_whole and quantum in (None, 1):
        high -= 1  # Ray's upper bound is exclusive here
    if low > high:
        raise InvalidArgumentError(
            f"{name} goes from {domain.lower!r} to {domain.upper!r}"
            + ("" if quantum is None else f" with q = {quantum!r}")
            + ", which has no values: allowed is an upper bound above the lower one"
        )
    cast = int if kind == "int" else float
    described: dict[str, Any] = {"type": kind, "low": cast(low), "high": cast(high)}
    if is_log:
        described["log"] = True
    return Parameter(name, described, domain, quantum=quantum)


def _categorical(name: str, domain: Categorical) -> Parameter:
    choices = tuple(domain.categories)
    if not choices:
        raise InvalidArgumentError(f"{name} is tune.choice([]), allowed is at least one choice")
    for choice in choices:
        if isinstance(choice, Domain):
            raise UnsupportedError(f"{name} has the choice {choice!r}, allowed are values, not domains")
    # Numbers in their order, such as sizes of a batch, are close to their neighbours.
    is_ordered = all(_is_number(choice) for choice in choices) and list(choices) in (
        sorted(set(choices)),
        sorted(set(choices), reverse=True),
    )
    indices = range(len(choices))
    if is_ordered and len(choices) > 2:
        described: dict[str, Any] = {"type": "ordinal", "choices": list(indices)}
    else:
        described = {"type": "categorical", "choices": [str(index) for index in indices]}
    return Parameter(name, described, domain, choices=choices)


def _index(bound: float, quantum: float, rounded: Any) -> int:
    """The multiple of q at this bound, rounded inwards where it lies between two."""
    scaled = bound / quantum
    nearest = round(scaled)
    return nearest if math.isclose(scaled, nearest) else rounded(scaled)


def _equal(a: Any, b: Any) -> bool:
    try:
        return bool(a == b)
    except (TypeError, ValueError):
        return False  # such as arrays, which have no one answer


def _is_number(value: Any) -> bool:
    return isinstance(value, Real) and not isinstance(value, bool)


def _unsupported(name: str, what: str) -> UnsupportedError:
    return UnsupportedError(f"{name} is {what}, {_ALLOWED}", details={"parameter": name})
