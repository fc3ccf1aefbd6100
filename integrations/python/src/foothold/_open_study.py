"""Where a study is kept, and how its requests get there."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any, Literal, Protocol

from ._arguments import absolute
from ._conversation import conversation_of
from ._engine import Engine
from ._server import ServerStudy
from ._shown_address import shown_address
from ._temporary_storage import TemporaryStorage
from .space import Space, _invalid, _plain


class _Requests(Protocol):
    def request(self, message: Mapping[str, Any]) -> dict[str, Any]: ...

    def give_back(self, number: int) -> None: ...


class OpenStudy:
    """A study in a storage or on a server, which it is also where it was pickled."""

    direction: Literal["minimize", "maximize"]
    objectives: dict[str, Any] | None
    space: Space | None
    _temporary: TemporaryStorage | None
    _server: str | None
    _token: str | None
    _engine: Engine | None
    _create: dict[str, Any]

    @property
    def name(self) -> str:
        """Under which the study is kept."""
        return str(self._create["name"])

    def _storage_address(self, storage: str | os.PathLike[str] | None, name: str | None) -> str:
        if storage is not None and not os.fspath(storage):
            raise _invalid("storage", storage, "a folder, sqlite:FILE or postgres://user@host/database; or nothing")
        given = storage or (name and os.environ.get("FOOTHOLD_STORAGE"))
        if given:
            return absolute(given)
        self._temporary = TemporaryStorage()
        return self._temporary.path

    def _open(self) -> None:
        self._requests: _Requests
        if self._server is None:
            self._requests = conversation_of(self._create, self._engine)
        else:
            server = ServerStudy(self._server, self._token, self._create)
            self._requests = server
            self.direction = server.goal["direction"]
            objectives = server.goal.get("objectives") or ()
            self.objectives = {of["metric"]: of["direction"] for of in objectives} or None
            if self.space is None and server.space:
                self.space = Space(server.space)

    def _send(self, op: str, **members: Any) -> dict[str, Any]:
        return self._requests.request(
            {"op": op, **{name: _plain(of) for name, of in members.items() if of is not None}}
        )

    def __getstate__(self) -> dict[str, Any]:
        state = {name: of for name, of in self.__dict__.items() if name not in ("_requests", "_temporary")}
        temporary = self._temporary
        state["_files"] = None if temporary is None else (temporary.path, temporary.files())
        return state

    def __setstate__(self, state: Mapping[str, Any]) -> None:
        self.__dict__.update({name: of for name, of in state.items() if name != "_files"})
        self._temporary = None
        if state["_files"] is not None:
            self._temporary = TemporaryStorage.at(*state["_files"])
            self._create = {**self._create, "storage": self._temporary.path}
        self._open()

    def __repr__(self) -> str:
        return f"<foothold.Study {self.name!r} in {shown_address(self._server or self._create['storage'])}>"
