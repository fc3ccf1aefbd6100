"""Makes a virtual environment once: `make-environment.py FOLDER REQUIREMENTS`. Programs that ask at the same time wait for the first one."""

import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path

folder, requirements = Path(sys.argv[1]), sys.argv[2]
folder.parent.mkdir(parents=True, exist_ok=True)


def lock(file):
    """Held until this process ends, however that is."""
    if os.name == "nt":
        import msvcrt
        import time

        while True:
            try:
                return msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
            except OSError:
                time.sleep(0.2)
    import fcntl

    fcntl.flock(file, fcntl.LOCK_EX)


with open(f"{folder}.lock", "w") as file:
    lock(file)
    whole = folder / "complete"
    if not whole.exists():
        shutil.rmtree(folder, ignore_errors=True)
        venv.create(folder, with_pip=True)
        python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
        # Only what is imported gets compiled, when it is.
        options = ["--require-hashes", "--only-binary", ":all:", "--no-compile", "--no-input", "--no-deps", "-q"]
        subprocess.run(
            [python, "-m", "pip", "install", "--disable-pip-version-check", *options, "-r", requirements], check=True
        )
        whole.touch()
