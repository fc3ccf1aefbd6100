#!/usr/bin/env python3
"""Trains one model of a family on one task with one setting, and prints its figures as one JSON line.

`foothold tune` calls it once a trial; `--help` names the flags. Everything but the last line goes to standard error.
"""

import json
import sys

from trainer.errors import TrainerError
from trainer.options import parse


def main(words):
    options = parse(words)
    from trainer.run import run  # here, so that --help and a wrong flag need no torch

    print(json.dumps(run(options)))


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except TrainerError as error:
        sys.exit(f"train.py: {error}")
    except KeyboardInterrupt:
        sys.exit(130)
