"""A study on a server of ``foothold serve``: the same requests over HTTP, repeated while the server cannot be reached."""

from __future__ import annotations

import http.client
import json
import os
import random
import socket
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
import uuid
import weakref
from collections.abc import Mapping
from typing import Any

from ._engine import _line_of
from ._shown_address import shown_address
from .errors import FootholdError, InvalidArgumentError, ServerGoneError, TrialStateError, error_of

__all__ = ["ServerStudy"]

_READS = {"best": "best", "trials": "trials?deleted=true"}
_FIRST_PAUSE, _LONGEST_PAUSE = 0.05, 2.0
# Of the system: the generator that the program seeded stays as it is, and forked children differ.
_jitter = random.SystemRandom()


class ServerStudy:
    """Requests of the line protocol about one study, as HTTP. Any number of threads may use it.

    Leases of the trials that were asked for and not told are renewed as long as the process runs.

    Args:
        address: of the server, or the link that it prints, with ``#token=``.
        token: default: that of the link, else FOOTHOLD_TOKEN of the environment.
        create: members of a ``create``; without a ``space`` the study has to be there.
        patience: seconds for which requests are repeated while the server cannot be reached.

    Raises InvalidArgumentError for an address that is none and without a token; ServerGoneError.
    """

    def __init__(self, address: str, token: str | None, create: Mapping[str, Any], patience: float = 60.0) -> None:
        parts = _server_address(address)
        fragment = urllib.parse.parse_qs(parts.fragment).get("token", [None])[0]
        self._base = f"{parts.scheme}://{parts.netloc}{parts.path.rstrip('/')}"
        self._token = _usable_token(token or fragment or os.environ.get("FOOTHOLD_TOKEN"))
        self._patience = patience
        self._path = f"/api/studies/{urllib.parse.quote(str(create['name']), safe='')}"
        self._reset()
        if "space" in create:
            self._call("POST", "/api/studies", {name: of for name, of in create.items() if name != "storage"})
        state = self._call("GET", self._path)
        self._renew_every: float = state["renewEvery"] / 1000
        # What the study is after, as the protocol has it.
        self.goal: dict[str, Any] = state.get("goal") or {"direction": "minimize"}
        # Its parameters, as the protocol has them; None of a log that does not describe them.
        self.space: dict[str, Any] | None = state.get("space")

    def _reset(self) -> None:
        self._pid = os.getpid()
        self._worker = f"python:{socket.gethostname()}:{self._pid}:{uuid.uuid4().hex[:12]}"
        self._held: set[int] = set()
        self._lock = threading.Lock()
        self._renewal: threading.Thread | None = None

    def request(self, message: Mapping[str, Any]) -> dict[str, Any]:
        """The answer to a request of the line protocol."""
        if self._pid != os.getpid():
            self._reset()  # a forked child is another worker
        op = message["op"]
        if op in _READS:
            answer = self._call("GET", f"{self._path}/{_READS[op]}")
            return answer if message.get("deleted") else {k: v for k, v in answer.items() if k != "deleted"}
        body = {name: of for name, of in message.items() if name != "op"}
        key = {"Idempotency-Key": uuid.uuid4().hex} if op == "ask" else {}
        answer = self._call("POST", f"{self._path}/{op}", body, key, repeatable=op not in ("enqueue", "load"))
        if op == "ask":
            with self._lock:
                self._held.update(trial["number"] for trial in answer["trials"])
                self._start_renewal()
        elif op in ("tell", "release", "delete"):
            with self._lock:
                self._held.discard(message["number"])
        return answer

    def give_back(self, number: int) -> None:
        """The trial is not this program's any more; others get it now, or where the server is away after its lease."""
        try:
            self._call("POST", f"{self._path}/release", {"number": number}, patience=0)
        except FootholdError:
            pass
        finally:
            with self._lock:
                self._held.discard(number)

    def _start_renewal(self) -> None:
        if self._renewal is None:
            self._renewal = threading.Thread(
                target=_renew, args=(weakref.ref(self), self._renew_every), name="foothold-leases", daemon=True
            )
            self._renewal.start()

    def _call(
        self,
        method: str,
        path: str,
        body: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
        *,
        repeatable: bool = True,
        patience: float | None = None,
    ) -> dict[str, Any]:
        data = None if body is None else _line_of(body)
        content = {} if body is None else {"Content-Type": "application/json"}
        request = urllib.request.Request(  # noqa: S310
            f"{self._base}{path}",
            data,
            {
                "Authorization": f"Bearer {self._token}",
                "Foothold-Worker": self._worker,
                **content,
                **(headers or {}),
            },
            method=method,
        )
        until = time.monotonic() + (self._patience if patience is None else patience)
        pause = _FIRST_PAUSE
        while True:
            try:
                return _answer(request)
            except FootholdError as error:
                again = error.retry and (repeatable or not isinstance(error, ServerGoneError))
                if not again or time.monotonic() >= until:
                    raise
            # Clients that lost the server together do not come back together.
            time.sleep(pause * _jitter.uniform(0.5, 1.5))
            pause = min(2 * pause, _LONGEST_PAUSE)

    def renew(self) -> None:
        """Renews the leases of the trials that this program has."""
        for number in sorted(self._held):
            try:
                self._call("POST", f"{self._path}/renew", {"number": number}, patience=0)
            except TrialStateError:
                with self._lock:
                    self._held.discard(number)
            except FootholdError:
                return  # the next renewal may find the server


def _server_address(address: str) -> urllib.parse.SplitResult:
    shown = shown_address(address)
    try:
        parts = urllib.parse.urlsplit(address)
        is_address = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        is_address = False
    if not is_address:
        raise InvalidArgumentError(f"server is {shown!r}, allowed is an address such as http://127.0.0.1:8765")
    if "@" in parts.netloc:
        raise InvalidArgumentError(f"server is {shown!r}, allowed is an address without a user: the token is for that")
    return parts


def _usable_token(token: str | None) -> str:
    """The token without the line end of a file that it was read from. Raises InvalidArgumentError, which does not show it."""
    known = (token or "").strip()
    if not known:
        raise InvalidArgumentError("token is None, allowed is a token of the server, or a link with #token=")
    if not all("!" <= character <= "~" for character in known):
        raise InvalidArgumentError("token is not shown, allowed are visible ASCII characters without spaces")
    return known


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: Any) -> None:
        return None


# The token is for this server alone: it is not sent to where another one points.
_opener = urllib.request.build_opener(_NoRedirect)


def _answer(request: urllib.request.Request) -> dict[str, Any]:
    where = request.full_url.split("/api/")[0]
    try:
        with _opener.open(request, timeout=600) as response:
            content = response.read()
    except urllib.error.HTTPError as error:
        with error:
            raise _error_answer(error, where) from None
    except (OSError, http.client.HTTPException) as error:
        raise ServerGoneError(f"{where} cannot be reached: {error}", retry=True) from error
    try:
        answer = json.loads(content)
    except ValueError as error:
        raise ServerGoneError(f"{where} answered what is not JSON: is it a server of foothold?") from error
    if not isinstance(answer, dict):
        raise ServerGoneError(f"{where} answered what is no object: is it a server of foothold?")
    return answer


def _error_answer(error: urllib.error.HTTPError, where: str) -> FootholdError:
    try:
        members = json.loads(error.read())["error"]
    except (OSError, http.client.HTTPException) as lost:
        return ServerGoneError(f"{where} cannot be reached: {lost}", retry=True)
    except (ValueError, KeyError, TypeError):
        # A proxy whose server is away answers so.
        return ServerGoneError(f"{where} answered {error.code}", retry=error.code in (502, 503, 504))
    known = error_of(members)
    known.details["status"] = error.code
    return known


def _renew(of: weakref.ref[ServerStudy], every: float) -> None:
    while True:
        time.sleep(every)
        study = of()
        if study is None:
            return
        study.renew()
        del study
