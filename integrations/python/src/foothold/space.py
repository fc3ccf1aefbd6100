"""Spaces by Python values: from what a program writes to the protocol's description, and values there and back."""

from __future__ import annotations

import math
import numbers
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Union

from .errors import InvalidArgumentError

__all__ = ["Boolean", "Categorical", "Int", "Ordinal", "Parameter", "Real", "Space"]

Condition = Mapping[str, Sequence[Any]]
_SCALARS = (str, bool, int, float, type(None))


@dataclass(frozen=True)
class Real:
    """A real number from ``low`` to ``high``, both included.

    Args:
        log: a logarithmic scale; ``low`` is above 0 then.
        step: only ``low + k * step``; not with ``log``.
        default: tried first, with the other defaults.
        when: ``{"optimizer": ["sgd"]}``: it is there only while the other parameter has one of these values.
    """

    low: float
    high: float
    log: bool = False
    step: float | None = None
    default: float | None = None
    when: Condition | None = None


@dataclass(frozen=True)
class Int:
    """A whole number from ``low`` to ``high``, both included. The other members are those of ``Real``."""

    low: int
    high: int
    log: bool = False
    step: int | None = None
    default: int | None = None
    when: Condition | None = None


@dataclass(frozen=True)
class Categorical:
    """One of ``choices``, without an order: texts, numbers, booleans, None, or any other objects.

    A study keeps objects by their ``repr``, without the addresses in it, and those whose ``repr`` is the same also by their position. A later
    program that continues the study has to give choices with the same ones.
    """

    choices: Sequence[Any]
    default: Any = None
    when: Condition | None = None


@dataclass(frozen=True)
class Ordinal:
    """One of ``choices``, numbers or texts, in this order."""

    choices: Sequence[Any]
    default: Any = None
    when: Condition | None = None


@dataclass(frozen=True)
class Boolean:
    """True or False."""

    default: bool | None = None
    when: Condition | None = None


Parameter = Union[Real, Int, Categorical, Ordinal, Boolean]
_KINDS = (Real, Int, Categorical, Ordinal, Boolean)

_ALLOWED = (
    "Real(0, 1), Int(1, 8), Categorical(['a', 'b']), Ordinal([16, 32]), Boolean(), a tuple (low, high), a range, "
    "a list of choices, bool, or the protocol's dictionary"
)


class Space:
    """Parameters by their names.

    Each is a ``Real``, ``Int``, ``Categorical``, ``Ordinal`` or ``Boolean``; a tuple ``(low, high)`` of two whole numbers (``Int``) or
    other numbers (``Real``); a ``range`` (``Int``); a list of choices (``Ordinal`` where they are ascending numbers, else
    ``Categorical``); ``bool``; one text or number, which every trial has; or a dictionary of the protocol.

    Raises InvalidArgumentError with the parameter's name, its value and what is allowed.
    """

    def __init__(self, parameters: Mapping[str, Any]) -> None:
        if not isinstance(parameters, Mapping) or not parameters:
            raise _invalid("space", parameters, "a dictionary from names to parameters, at least one")
        self._objects: dict[str, list[tuple[str, Any]]] = {}
        self.description: dict[str, dict[str, Any]] = {}
        for name, value in parameters.items():
            if not isinstance(name, str):
                raise _invalid("the name of a parameter", name, "a text")
            self.description[name] = self._described(name, value)
        for name, value in parameters.items():
            if isinstance(value, _KINDS) and value.when is not None:
                self.description[name]["when"] = self._condition(f"{name}.when", value.when)

    def decoded(self, params: Mapping[str, Any]) -> dict[str, Any]:
        """Parameters of the protocol as the program's values."""
        if not self._objects:
            return dict(params)
        return {name: self._object(name, value) for name, value in params.items()}

    def encoded(self, params: Mapping[str, Any]) -> dict[str, Any]:
        """The program's values as parameters of the protocol. Raises InvalidArgumentError for an object that is no choice."""
        return {name: self._code(name, value) for name, value in params.items()}

    def _described(self, name: str, value: Any) -> dict[str, Any]:
        if isinstance(value, Mapping):
            return dict(_plain(value))
        kind = _parameter_of(name, value)
        if isinstance(kind, (Real, Int)):
            given = {"low": kind.low, "high": kind.high, "step": kind.step, "default": kind.default}
            for member, number in given.items():
                if number is not None and not _is_number(number):
                    raise _invalid(f"{name}.{member}", number, "a finite number")
            members = {key: _plain(of) for key, of in given.items() if of is not None}
            log = {"log": True} if kind.log else {}
            return {"type": "real" if isinstance(kind, Real) else "int", **members, **log}
        default = {} if kind.default is None else {"default": self._labelled(name, kind)(kind.default)}
        if isinstance(kind, Boolean):
            return {"type": "boolean", **default}
        label = self._labelled(name, kind)
        kind_name = "ordinal" if isinstance(kind, Ordinal) else "categorical"
        return {"type": kind_name, "choices": [label(of) for of in kind.choices], **default}

    def _condition(self, name: str, when: Any) -> dict[str, list[Any]]:
        """``when`` of the protocol: values by the names of other parameters, whose objects have labels."""
        if not isinstance(when, Mapping):
            raise _invalid(name, when, 'a dictionary such as {"optimizer": ["sgd"]}')
        condition = {}
        for key, values in when.items():
            if isinstance(values, (str, bytes, Mapping)) or not isinstance(values, Iterable):
                raise _invalid(f"{name}.{key}", values, f"a list of values of {key}")
            condition[str(key)] = [self._code(key, value, f"{name}.{key}") for value in values]
        return condition

    def _labelled(self, name: str, kind: Categorical | Ordinal | Boolean) -> Any:
        """How choices are written. Where one is no scalar, the table of all of them is kept."""
        if isinstance(kind, Boolean):
            return bool
        choices = list(kind.choices)
        if not choices:
            raise _invalid(name, choices, "at least one choice")
        if all(_is_scalar(choice) for choice in choices):
            return _plain
        if isinstance(kind, Ordinal):
            raise _invalid(name, choices, "numbers or texts; Categorical takes any objects")
        labels = [_plain(of) if _is_scalar(of) else _text_of(of) for of in choices]
        if len({(type(label), label) for label in labels}) < len(labels):
            labels = [f"{index}: {label}" for index, label in enumerate(labels)]
        self._objects[name] = list(zip(labels, choices))
        return lambda value: self._code(name, value)

    def _object(self, name: str, label: Any) -> Any:
        for known, value in self._objects.get(name, ()):
            if known == label and type(known) is type(label):
                return value
        return label

    def _code(self, name: str, value: Any, shown: str | None = None) -> Any:
        table = self._objects.get(name)
        if table is None:
            return _plain(value)
        for label, choice in table:
            if choice is value or (type(choice) is type(value) and _equal(choice, value)):
                return label
        raise _invalid(shown or name, value, f"one of {[choice for _, choice in table]!r}")


def _parameter_of(name: str, value: Any) -> Parameter:
    if isinstance(value, _KINDS):
        return value
    if value is bool:
        return Boolean()
    if isinstance(value, range):
        if len(value) == 0 or value.step < 0:
            raise _invalid(name, value, "a range with numbers, ascending")
        return Int(value[0], value[-1], step=None if value.step == 1 or len(value) == 1 else value.step)
    if isinstance(value, tuple):
        if len(value) != 2 or not all(_is_number(end) for end in value):
            raise _invalid(name, value, "(low, high), two finite numbers; choices are a list")
        low, high = value
        whole = all(isinstance(end, numbers.Integral) for end in value)
        return Int(int(low), int(high)) if whole else Real(float(low), float(high))
    if isinstance(value, list):
        ascending = all(_is_number(of) for of in value) and all(a < b for a, b in zip(value, value[1:]))
        return Ordinal(value) if ascending and len(value) > 1 else Categorical(value)
    if _is_scalar(value) and value is not None:
        return Categorical([value])
    raise _invalid(name, value, _ALLOWED)


def _is_number(value: Any) -> bool:
    return isinstance(value, numbers.Real) and not isinstance(value, bool) and math.isfinite(value)


def _is_scalar(value: Any) -> bool:
    return isinstance(value, _SCALARS) or isinstance(value, numbers.Real)


def _plain(value: Any) -> Any:
    """A value without the number types of other packages."""
    if isinstance(value, Mapping):
        return {str(key): _plain(member) for key, member in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(member) for member in value]
    if isinstance(value, _SCALARS):
        return value
    if isinstance(value, numbers.Integral):
        return int(value)
    if isinstance(value, numbers.Real):
        return float(value)
    item = getattr(value, "item", None)
    try:
        return item() if callable(item) else value
    except Exception:  # an array with several values, which is refused by its name
        return value


def _text_of(choice: Any) -> str:
    """The same text for the same object in another run of the program: its ``repr`` without addresses, a set in order."""
    if isinstance(choice, (set, frozenset)):
        return f"{type(choice).__name__}({sorted(_text_of(member) for member in choice)})"
    return re.sub(r" at 0x[0-9a-fA-F]+", "", repr(choice))


def _equal(a: Any, b: Any) -> bool:
    try:
        return bool(a == b)
    except Exception:  # arrays, whose comparison has many values
        return False


def _invalid(name: str, value: Any, allowed: str) -> InvalidArgumentError:
    shown = repr(value)
    shown = shown if len(shown) <= 120 else f"{shown[:117]}…"
    return InvalidArgumentError(
        f"{name} is {shown}, allowed is {allowed}", details={"argument": name, "value": shown, "allowed": allowed}
    )
