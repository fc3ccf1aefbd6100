"""The child process of an engine: lines to it and back, and its end."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from typing import Any

from .errors import EngineDiedError, EngineMissingError

__all__ = ["EngineProcess"]

_CHUNK = 1 << 16


class EngineProcess:
    """One process that answers each line with a line. One thread at a time uses it.

    Its pipes have no buffers of Python: a buffer has a lock, which a fork copies while another thread holds it, and then closing it
    in the child waits for ever.

    Args:
        command: the program and its arguments.

    Raises EngineMissingError where there is no such program.
    """

    def __init__(self, command: Sequence[str]) -> None:
        self.owner = os.getpid()
        self._read = bytearray()
        try:
            self._child: subprocess.Popen[bytes] = subprocess.Popen(
                command,
                bufsize=0,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                # An interrupt from the keyboard is for Python; the engine ends with its input.
                start_new_session=os.name != "nt",
                creationflags=getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0),
            )
        except FileNotFoundError as error:
            raise EngineMissingError(f"there is no program {command[0]!r} to start the engine with") from error
        except OSError as error:  # such as a file that may not be run
            raise EngineMissingError(
                f"the program {command[0]!r} cannot be run to start the engine: {error.strerror or error}"
            ) from error

    @property
    def pid(self) -> int | None:
        """Its id; None where it has ended."""
        return self._child.pid if self._child.poll() is None else None

    def answer(self, line: bytes) -> dict[str, Any]:
        """What the process answers to a line. Raises EngineDiedError where it ends before, or answers what is no JSON object."""
        try:
            self._write(line)
            text = self._line()
        except OSError as error:
            raise self._died() from error
        if text is None:
            raise self._died()
        try:
            answer = json.loads(text)
        except ValueError as error:
            raise EngineDiedError(f"the engine answered what is not JSON: {text[:200]!r}") from error
        if not isinstance(answer, dict):
            raise EngineDiedError(f"the engine answered what is no object: {text[:200]!r}")
        return answer

    def _write(self, line: bytes) -> None:
        pipe = self._child.stdin
        assert pipe is not None
        rest = memoryview(line)
        while rest:
            rest = rest[pipe.write(rest) :]

    def _line(self) -> bytes | None:
        """The next line; None where the output ends before."""
        pipe = self._child.stdout
        assert pipe is not None
        seen = 0
        while True:
            end = self._read.find(b"\n", seen) + 1
            if end:
                line = bytes(self._read[:end])
                del self._read[:end]
                return line
            seen = len(self._read)
            chunk = pipe.read(_CHUNK)
            if not chunk:
                return None
            self._read += chunk

    def _died(self) -> EngineDiedError:
        try:
            code: int | str = self._child.wait(timeout=5)
        except subprocess.TimeoutExpired:
            code = "unknown"
        return EngineDiedError(
            f"the engine (process {self._child.pid}) ended with {code} before it answered", details={"exit": code}
        )

    def end(self) -> None:
        """Ends the process: by the end of its input, and by force after two seconds. Nothing in a forked child."""
        if os.getpid() != self.owner:
            return
        self._close(self._child.stdin)
        try:
            self._child.wait(timeout=2 if not sys.is_finalizing() else 0.5)
        except subprocess.TimeoutExpired:
            self._child.kill()
            self._child.wait()
        self._close(self._child.stdout)

    def leave_to_parent(self) -> None:
        """In a forked child: the process stays the parent's, and ends with the parent alone."""
        self._close(self._child.stdin)
        self._close(self._child.stdout)
        self._child.returncode = 0  # not a child of this process

    @staticmethod
    def _close(pipe: Any) -> None:
        try:
            pipe.close()
        except OSError:
            pass  # it has ended
