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

    A study keeps objects, and whole numbers that float64 would round, by their ``repr``, without the addresses in it, and those whose ``repr``
    is the same also by their position. A later program that continues the study has to give choices with the same ones.
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
        # How each choice is written, with the program's own; and the names of those of which some are written as texts.
        self._choices: dict[str, list[tuple[Any, Any]]] = {}
        self._labelled_names: set[str] = set()
        self.description: dict[str, dict[str, Any]] = {}
        for name, value in parameters.items():
            if not isinstance(name, str):
                raise _invalid("the name of a parameter", name, "a text")
            self.description[name] = self._described(name, value)
        for name, value in parameters.items():
            if isinstance(value, _KINDS) and value.when is not None:
                self.description[name]["when"] = self._condition(f"{name}.when", value.when)

    def decoded(self, params: Mapping[str, Any]) -> dict[str, Any]:
        """Parameters of the protocol as the program's values: a real one as a float, a choice as the program wrote it."""
        return {name: self._value(name, value) for name, value in params.items()}

    def encoded(self, params: Mapping[str, Any]) -> dict[str, Any]:
        """The program's values as parameters of the protocol. Raises InvalidArgumentError for an object that is no choice."""
        return {name: self._code(name, value) for name, value in params.items()}

    def _described(self, name: str, value: Any) -> dict[str, Any]:
        if isinstance(value, Mapping):
            described = dict(_plain(value))
            if isinstance(described.get("choices"), list):
                self._choices[name] = [(of, of) for of in described["choices"]]
            return described
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
        """How choices are written, of which the table is kept. Where one cannot be written as it is, it is a text."""
        if isinstance(kind, Boolean):
            return bool
        choices = list(kind.choices)
        if not choices:
            raise _invalid(name, choices, "at least one choice")
        if all(_is_exact(choice) for choice in choices):
            self._choices[name] = [(_plain(choice), choice) for choice in choices]
            return _plain
        if isinstance(kind, Ordinal):
            raise _invalid(name, choices, "numbers or texts, whole numbers as float64 has them; Categorical takes any objects")
        labels = [_plain(of) if _is_exact(of) else _text_of(of) for of in choices]
        if len({(type(label), label) for label in labels}) < len(labels):
            labels = [f"{index}: {label}" for index, label in enumerate(labels)]
        self._choices[name] = list(zip(labels, choices))
        self._labelled_names.add(name)
        return lambda value: self._code(name, value)

    def _value(self, name: str, value: Any) -> Any:
        """A value of the protocol, whose JSON has 1 for 1.0, as the program's."""
        if self.description.get(name, {}).get("type") == "real":
            return float(value) if _is_number(value) else value
        for label, choice in self._choices.get(name, ()):
            if _is_same(label, value):
                return choice
        return value

    def _code(self, name: str, value: Any, shown: str | None = None) -> Any:
        if name not in self._labelled_names:
            return _plain(value)
        table = self._choices[name]
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


def _is_exact(choice: Any) -> bool:
    """Whether the protocol has this choice as it is: a scalar, but no whole number that float64 would round."""
    if not _is_scalar(choice):
        return False
    try:
        return not isinstance(choice, numbers.Integral) or int(choice) == float(choice)
    except OverflowError:
        return False


def _is_same(a: Any, b: Any) -> bool:
    """Whether two scalars are one value of the protocol, whose numbers are float64."""
    if isinstance(a, bool) or isinstance(b, bool):
        return a is b
    if isinstance(a, numbers.Real) and isinstance(b, numbers.Real):
        return bool(a == b or float(a) == float(b))
    return (a is None and b is None) or (isinstance(a, str) and isinstance(b, str) and a == b)


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
