"""Exceptions of Foothold: one class for each error code that a program may act on, and those of the way to the engine."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

__all__ = [
    "EngineDiedError",
    "EngineMissingError",
    "FitError",
    "ForbiddenError",
    "FootholdError",
    "InfeasibleSpaceError",
    "InternalError",
    "InvalidArgumentError",
    "MissingSourcesError",
    "NotFoundError",
    "NotPositiveDefiniteError",
    "OutOfSpaceError",
    "ServerGoneError",
    "ShapeError",
    "SourceError",
    "SpaceExhaustedError",
    "StorageError",
    "StudyReplacedError",
    "TrialLimitError",
    "TrialStateError",
    "UnauthorizedError",
    "UnsupportedError",
    "error_of",
]


class FootholdError(Exception):
    """Root of all exceptions of this package.

    Attributes:
        code: name of the error in the protocol, such as ``"OutOfSpaceError"``.
        retry: True where the same call may succeed later, False where something has to change first.
        details: further members of the error, such as the number of a trial.
    """

    def __init__(
        self,
        message: str,
        *,
        code: str | None = None,
        retry: bool = False,
        details: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(message)
        self.code = code or type(self).__name__
        self.retry = retry
        self.details = dict(details or {})

    def __reduce__(self) -> tuple[Any, ...]:
        return _rebuilt, (type(self), str(self), self.code, self.retry, self.details)


def _rebuilt(
    kind: type[FootholdError], message: str, code: str, retry: bool, details: dict[str, Any]
) -> FootholdError:
    return kind(message, code=code, retry=retry, details=details)


class InvalidArgumentError(FootholdError, ValueError):
    """An argument is not what the call takes: the message has its name, its value and what is allowed."""


class OutOfSpaceError(FootholdError, ValueError):
    """A parameter is outside its range, is missing, or is not in the space."""


class SpaceExhaustedError(FootholdError):
    """Every point of a finite space is evaluated or being evaluated. Stop, or allow repeats; training that continues has none."""


class InfeasibleSpaceError(FootholdError):
    """No point was found that keeps the constraints of the space. Loosen them."""


class TrialStateError(FootholdError):
    """A trial was told what its state does not allow; it keeps what it has. ``number`` is in ``details``."""


class TrialLimitError(FootholdError):
    """The study has as many trials as an ask allowed. Not a mistake: the run is over."""


class StorageError(FootholdError, OSError):
    """The log of a study could not be read or written."""


class StudyReplacedError(StorageError):
    """The study is not under this name any more: it was removed, renamed or replaced."""


class SourceError(FootholdError):
    """An earlier study that ``transfer`` names could not be read."""


class MissingSourcesError(FootholdError):
    """A study that goes on was begun with earlier studies that were not given now."""


class UnauthorizedError(FootholdError):
    """The server does not know the token."""


class ForbiddenError(FootholdError):
    """The token may not do this: it may only read, or is for another study."""


class NotFoundError(FootholdError, LookupError):
    """The server has no study or trial of this name, or the token does not reach it."""


class FitError(FootholdError):
    """A model could not be fitted to the data."""


class UnsupportedError(FootholdError):
    """The chosen method lacks an ability that the problem needs."""


class ShapeError(FootholdError):
    """Sizes do not fit. A defect of Foothold."""


class NotPositiveDefiniteError(FootholdError):
    """A covariance matrix is not positive definite. A defect of Foothold."""


class InternalError(FootholdError):
    """An error that the engine did not expect. A defect of Foothold."""


class EngineDiedError(FootholdError, ConnectionError):
    """The engine's process ended before it answered. The next request starts another one."""


class EngineMissingError(FootholdError, FileNotFoundError):
    """There is no engine that can be started: neither in the package nor named by FOOTHOLD_ENGINE."""


class ServerGoneError(FootholdError, ConnectionError):
    """The server could not be reached, or answered what is not the protocol."""


_KINDS: dict[str, type[FootholdError]] = {
    kind.__name__: kind
    for kind in (
        FitError,
        ForbiddenError,
        InfeasibleSpaceError,
        InternalError,
        InvalidArgumentError,
        MissingSourcesError,
        NotFoundError,
        NotPositiveDefiniteError,
        OutOfSpaceError,
        ShapeError,
        SourceError,
        SpaceExhaustedError,
        StorageError,
        StudyReplacedError,
        TrialLimitError,
        TrialStateError,
        UnauthorizedError,
        UnsupportedError,
    )
}


def error_of(error: Mapping[str, Any]) -> FootholdError:
    """The exception of an ``error`` of the protocol. Another code, such as one of a later version, is a plain FootholdError."""
    details = {name: value for name, value in error.items() if name not in ("code", "message", "retry")}
    code = str(error.get("code", "InternalError"))
    return _KINDS.get(code, FootholdError)(
        str(error.get("message", error)), code=code, retry=error.get("retry") is True, details=details
    )
