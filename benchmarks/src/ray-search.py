"""Searchers of Ray Tune beside FootholdSearch, called by ray.ts: python ray-search.py SEEDS TRIALS TASKS SEARCHERS. Prints JSON lines.

One local cluster of two processes. What differs between the runs of a task is the searcher alone.
"""

import importlib.metadata
import json
import logging
import math
import os
import sys
import tempfile
import time
import warnings

os.environ["RAY_AIR_NEW_OUTPUT"] = "0"
warnings.simplefilter("ignore")

import optuna  # noqa: E402
import ray  # noqa: E402
from foothold._conversation import shared_engine  # noqa: E402
from foothold.ray import FootholdSearch  # noqa: E402
from ray import tune  # noqa: E402
from ray.tune.search import ConcurrencyLimiter  # noqa: E402
from ray.tune.search.optuna import OptunaSearch  # noqa: E402

optuna.logging.set_verbosity(optuna.logging.ERROR)
logging.getLogger("ray.tune").setLevel(logging.ERROR)

A = [[10, 3, 17, 3.5, 1.7, 8], [0.05, 10, 17, 0.1, 8, 14], [3, 3.5, 1.7, 10, 17, 8], [17, 8, 0.05, 10, 0.1, 14]]
P = [
    [1312, 1696, 5569, 124, 8283, 5886],
    [2329, 4135, 8307, 3736, 1004, 9991],
    [2348, 1451, 3522, 2883, 3047, 6650],
    [4047, 8828, 8732, 5743, 1091, 381],
]


def hartmann6(config):
    x = [config[f"x{i}"] for i in range(6)]
    sums = [sum(a * (v - p / 1e4) ** 2 for a, v, p in zip(row, x, at)) for row, at in zip(A, P)]
    return -sum(weight * math.exp(-value) for weight, value in zip([1, 1.2, 3, 3.2], sums))


def branin(config):
    a, b = config["x0"], config["x1"]
    return (b - 5.1 / (4 * math.pi**2) * a**2 + 5 / math.pi * a - 6) ** 2 + 10 * (1 - 1 / (8 * math.pi)) * math.cos(a) + 10


TASKS = {
    "branin": (branin, {"x0": tune.uniform(-5, 10), "x1": tune.uniform(0, 15)}, 0.39788735772973816),
    "hartmann6": (hartmann6, {f"x{i}": tune.uniform(0, 1) for i in range(6)}, -3.322368011391339),
}


class Evaluation(tune.Trainable):
    def setup(self, config):
        self.config = config

    def reset_config(self, new_config):
        self.config = new_config
        return True

    def save_checkpoint(self, checkpoint_dir):
        return {}

    def load_checkpoint(self, checkpoint):
        pass

    def step(self):
        return {"loss": TASKS[self.config["task"]][0](self.config), "done": True}


def engine_cpu():
    """Milliseconds that the processors gave to the engine; None where the system does not say."""
    pid = shared_engine().pid
    try:
        with open(f"/proc/{pid}/stat") as file:
            fields = file.read().rsplit(")", 1)[1].split()
    except OSError:
        return None
    return 1000 * (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def timed(kind):
    """The searcher with the seconds within its calls, by the clock and of this process."""

    class Timed(kind):
        seconds = cpu = 0.0

    def measured(name):
        call = getattr(kind, name)

        def wrapped(self, *args, **options):
            start, cpu = time.perf_counter(), time.process_time()
            try:
                return call(self, *args, **options)
            finally:
                Timed.seconds += time.perf_counter() - start
                Timed.cpu += time.process_time() - cpu

        return wrapped

    for name in ("suggest", "on_trial_result", "on_trial_complete"):
        setattr(Timed, name, measured(name))
    return Timed


SEARCHERS = {"foothold": FootholdSearch, "optuna": OptunaSearch}


def run(name, task, seed, trials):
    kind = timed(SEARCHERS[name])
    _, space, minimum = TASKS[task]
    before = engine_cpu() if name == "foothold" else None
    start = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        tuner = tune.Tuner(
            Evaluation,
            param_space={**space, "task": task},
            tune_config=tune.TuneConfig(
                metric="loss",
                mode="min",
                search_alg=ConcurrencyLimiter(kind(seed=seed), 2),
                num_samples=trials,
                reuse_actors=True,
            ),
            run_config=tune.RunConfig(name="experiment", storage_path=folder, verbose=0),
        )
        losses = [result.metrics["loss"] for result in tuner.fit()]
    assert len(losses) == trials
    return {
        "searcher": name,
        "task": task,
        "seed": seed,
        "trials": trials,
        "regret": min(losses) - minimum,
        "seconds": time.perf_counter() - start,
        "ms": 1000 * kind.seconds / trials,
        "driverCpuMs": 1000 * kind.cpu / trials,
        "engineCpuMs": None if before is None else (engine_cpu() - before) / trials,
    }


print(json.dumps({"python": sys.version.split()[0], **{name: importlib.metadata.version(name) for name in ("ray", "optuna")}}), flush=True)
seeds, trials = int(sys.argv[1]), int(sys.argv[2])
tasks, names = sys.argv[3].split(","), sys.argv[4].split(",")
ray.init(num_cpus=2, include_dashboard=False, log_to_driver=False, configure_logging=False)
for name in names:
    # The first run of a searcher loads its libraries, and starts the engine.
    run(name, "branin", 10**6, 15)
for task in tasks:
    for seed in range(seeds):
        for name in names:
            print(json.dumps(run(name, task, seed, trials)), flush=True)
