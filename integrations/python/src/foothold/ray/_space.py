"""A search space of Ray Tune: domains in nested dictionaries."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ray.tune.search.sample import Domain
from ray.tune.search.variant_generator import parse_spec_vars

from ..errors import InvalidArgumentError, OutOfSpaceError, UnsupportedError
from ._parameter import Parameter, parameter_of

Path = tuple[str, ...]


class Space:
    """The parameters of a configuration, named by their paths: ``{"optimizer": {"lr": …}}`` has ``optimizer/lr``.

    Raises UnsupportedError for what is not mapped, with its name and what is allowed; InvalidArgumentError for a space without
    parameters or with two of one name.

    Args:
        config: domains and constants in nested dictionaries.
        with_constants: whether `received` gives the constants too.
    """

    def __init__(self, config: Mapping[str, Any], *, with_constants: bool = False) -> None:
        self._constants: dict[str, Any] = _constants(config) if with_constants else {}
        self._parameters: dict[Path, Parameter] = {}
        _, domains, grids = parse_spec_vars(dict(config))
        names: set[str] = set()
        for path, domain in [*domains, *grids]:
            _check(path, config)
            name = "/".join(str(key) for key in path)
            if name in names:
                raise InvalidArgumentError(f"two parameters are named {name!r}, allowed is one of a name")
            names.add(name)
            self._parameters[path] = parameter_of(name, domain)
        if not self._parameters:
            raise InvalidArgumentError(
                f"the space is {dict(config)!r}, allowed is one with at least one of Ray Tune's domains"
            )

    def described(self) -> dict[str, dict[str, Any]]:
        """The space as the protocol has it."""
        return {parameter.name: parameter.described for parameter in self._parameters.values()}

    def received(self, params: Mapping[str, Any]) -> dict[str, Any]:
        """Values of the protocol as a nested configuration of Ray."""
        config = _copied(self._constants)
        for path, parameter in self._parameters.items():
            place = config
            for key in path[:-1]:
                place = place.setdefault(key, {})
            place[path[-1]] = parameter.received(params[parameter.name])
        return config

    def sent(self, config: Mapping[str, Any], *, whole: bool = True) -> dict[str, Any]:
        """Values of the parameters in a configuration, nested or with names such as ``optimizer/lr``, as the protocol has them.

        Raises OutOfSpaceError for a value outside, and where `whole` for a parameter that is missing.
        """
        params = {}
        for path, parameter in self._parameters.items():
            found = list(_values(config, path, parameter.name))
            if found:
                params[parameter.name] = parameter.sent(found[0])
            elif whole:
                raise OutOfSpaceError(
                    f"{parameter.name} is missing in {dict(config)!r}", details={"parameter": parameter.name}
                )
        return params

    def sent_flat(self, config: Mapping[str, Any]) -> dict[str, Any]:
        """Values of the parameters in a configuration that Ray has flattened, choices that are dictionaries among them.

        Raises OutOfSpaceError for a value outside, and for a parameter that is missing.
        """
        return {parameter.name: parameter.sent_flat(config) for parameter in self._parameters.values()}

    def check_names(self, config: Mapping[str, Any], argument: str) -> None:
        """Raises InvalidArgumentError where the configuration has what is no parameter."""
        known = {parameter.name for parameter in self._parameters.values()}
        for name in _names(config, known):
            raise InvalidArgumentError(
                f"{argument} has {name!r}, which is no parameter; allowed are {', '.join(sorted(known))}"
            )


def _copied(config: Mapping[str, Any]) -> dict[str, Any]:
    return {key: _copied(value) if isinstance(value, dict) else value for key, value in config.items()}


def _constants(config: Mapping[str, Any]) -> dict[str, Any]:
    """What a configuration has beside domains."""
    constants = {}
    for key, value in config.items():
        if isinstance(value, dict) and "grid_search" not in value and "eval" not in value:
            constants[key] = _constants(value)
        elif not isinstance(value, Domain):
            constants[key] = value
    return constants


def _values(config: Mapping[str, Any], path: Path, name: str) -> Iterator[Any]:
    if name in config:
        yield config[name]
        return
    place: Any = config
    for key in path:
        if not isinstance(place, Mapping) or key not in place:
            return
        place = place[key]
    yield place


def _names(config: Mapping[str, Any], known: set[str], prefix: str = "") -> Iterator[str]:
    for key, value in config.items():
        name = f"{prefix}{key}"
        if name in known:
            continue
        if isinstance(value, Mapping) and any(other.startswith(f"{name}/") for other in known):
            yield from _names(value, known, f"{name}/")
        else:
            yield name


def _check(path: tuple[Any, ...], config: Any) -> None:
    """Raises UnsupportedError for a domain that lies in a list."""
    place = config
    for depth, key in enumerate(path):
        if isinstance(place, (list, tuple)):
            name = "/".join(str(key) for key in path[:depth])
            raise UnsupportedError(f"{name} is a list with {_domain_text(place)}, allowed are domains in dictionaries")
        place = place[key] if isinstance(place, Mapping) and key in place else None


def _domain_text(values: Any) -> str:
    return ", ".join(f"{type(value).__name__}{value.domain_str}" for value in values if isinstance(value, Domain)) or "domains"
