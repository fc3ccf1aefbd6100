"""The ``foothold`` command of the engine, as ``pip`` installs it."""

from __future__ import annotations

import os
import subprocess
import sys

from ._engine import engine_command

__all__ = ["main"]


def main() -> int:
    """Runs the command with this program's arguments, input and output."""
    command = [*engine_command(), *sys.argv[1:]]
    if os.name != "nt":
        os.execvp(command[0], command)
    return subprocess.call(command)
