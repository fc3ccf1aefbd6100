"""The time of an ask and its tell in Optuna's storages, with its random sampler, beside the studies bench.

Usage: studies-optuna.py FOLDER POSTGRES PAIRS TRIALS... ; one JSON line for each storage and number of trials. POSTGRES is
the address of an empty database without its password, which is in PGPASSWORD.
"""

import json
import os
import shutil
import sys
import tempfile
import time

import optuna
from optuna.distributions import CategoricalDistribution, FloatDistribution, IntDistribution

optuna.logging.set_verbosity(optuna.logging.ERROR)
folder, postgres, pairs, *sizes = sys.argv[1], sys.argv[2], *map(int, sys.argv[3:])
space = {
    "lr": FloatDistribution(1e-5, 1, log=True),
    "wd": FloatDistribution(0, 1),
    "layers": IntDistribution(1, 8),
    "act": CategoricalDistribution(["relu", "tanh"]),
}

# The time that the journal's writes wait for the disk. SQLite does that inside of its library: it is not known.
waited = 0.0
fsync = os.fsync


def timed_fsync(file):
    global waited
    start = time.perf_counter()
    fsync(file)
    waited += time.perf_counter() - start


def journal(path):
    from optuna.storages import JournalStorage

    try:
        from optuna.storages.journal import JournalFileBackend
    except ImportError:
        from optuna.storages import JournalFileStorage as JournalFileBackend
    return JournalStorage(JournalFileBackend(path))


def sqlite(path):
    return f"sqlite:///{path}"


def opened(storage):
    sampler = optuna.samplers.RandomSampler(seed=1)
    return optuna.create_study(storage=storage, study_name="bench", sampler=sampler, load_if_exists=True)


def grow(study, count):
    study.add_trials(
        optuna.trial.create_trial(
            params={"lr": 1e-4, "wd": i / count, "layers": 1 + i % 8, "act": "relu"},
            distributions=space,
            value=float(i),
        )
        for i in range(len(study.get_trials(deepcopy=False)), count)
    )


def measured(study, pairs):
    whole, own = [], []
    for i in range(-min(pairs, 20), pairs):
        start, before = time.perf_counter(), waited
        trial = study.ask(space)
        study.tell(trial, trial.params["wd"])
        ms = 1000 * (time.perf_counter() - start)
        if i >= 0:
            whole.append(ms)
            own.append(ms - 1000 * (waited - before))
    return sorted(whole), sorted(own)


def show(name, size, study):
    whole, own = measured(study, pairs)
    row = {"storage": name, "trials": size, "pairs": pairs}
    row |= {"medianMs": whole[len(whole) // 2], "p90Ms": whole[int(0.9 * len(whole))]}
    if name == "optuna-journal":
        row["withoutSyncMs"] = own[len(own) // 2]
    print(json.dumps({**row, "optuna": optuna.__version__}), flush=True)


# Trials are added where nothing waits for a disk; the file is then copied to where that is measured.
quick_folder = tempfile.mkdtemp(dir="/dev/shm" if os.path.isdir("/dev/shm") else folder)
try:
    for name, storage, file in (
        ("optuna-journal", journal, "journal.log"),
        ("optuna-sqlite", sqlite, "optuna.db"),
    ):
        path = os.path.join(quick_folder, file)
        for size in sizes:
            os.fsync = lambda file: None
            grow(opened(storage(path)), size)
            copy = os.path.join(folder, f"{size}-{file}")
            shutil.copy(path, copy)
            os.fsync = timed_fsync
            show(name, size, opened(storage(copy)))
finally:
    shutil.rmtree(quick_folder)

for size in sizes:
    grow(opened(f"{postgres}?options=-csynchronous_commit%3Doff"), size)
    show("optuna-postgres", size, opened(postgres))
