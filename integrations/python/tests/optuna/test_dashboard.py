"""optuna-dashboard shows a study whose trials FootholdSampler chose."""

from __future__ import annotations

import json
import subprocess
import sys
import urllib.request
from pathlib import Path
from typing import Any

import optuna
from foothold.optuna import FootholdSampler
from optuna.storages import JournalStorage
from optuna.storages.journal import JournalFileBackend

# The server of the package on a port that the system chooses, which it prints.
SERVER = """
import sys
from wsgiref.simple_server import make_server
from optuna.storages import JournalStorage
from optuna.storages.journal import JournalFileBackend
from optuna_dashboard import wsgi
server = make_server("127.0.0.1", 0, wsgi(JournalStorage(JournalFileBackend(sys.argv[1]))))
print(server.server_port, flush=True)
server.serve_forever()
"""


def test_optuna_dashboard_serves_the_study(tmp_path: Path) -> None:
    file = str(tmp_path / "study.log")
    study = optuna.create_study(
        study_name="shown", storage=JournalStorage(JournalFileBackend(file)), sampler=FootholdSampler(seed=1)
    )
    study.optimize(
        lambda trial: trial.suggest_float("x", -5, 5) ** 2 + trial.suggest_categorical("c", [0, 1]), n_trials=8
    )
    server = subprocess.Popen(
        [sys.executable, "-c", SERVER, file], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    try:
        assert server.stdout is not None
        address = f"http://127.0.0.1:{int(server.stdout.readline())}/api/studies"
        (listed,) = answer(address)["study_summaries"]
        assert listed["study_name"] == "shown"
        detail = answer(f"{address}/{listed['study_id']}")
        assert [trial["values"] for trial in detail["trials"]] == [trial.values for trial in study.trials]
        assert [
            {param["name"]: param["param_external_value"] for param in trial["params"]} for trial in detail["trials"]
        ] == [{name: str(value) for name, value in trial.params.items()} for trial in study.trials]
    finally:
        server.kill()
        server.wait()
        server.stdout.close()


def answer(address: str) -> Any:
    with urllib.request.urlopen(address, timeout=60) as response:
        return json.load(response)
