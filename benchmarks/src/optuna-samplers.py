"""Samplers of Optuna beside FootholdSampler, called by optuna.ts: python optuna-samplers.py SEEDS TRIALS TASKS SAMPLERS. Prints JSON lines.

The ten tasks are those of shared/peers: standard test functions with their known minima. What differs between the runs of a task
is the sampler alone.
"""

import importlib.metadata
import json
import math
import random
import sys
import time
import warnings

import optuna
from foothold._engine import Engine
from foothold.optuna import FootholdSampler

warnings.simplefilter("ignore")
optuna.logging.set_verbosity(optuna.logging.ERROR)


def branin(x):
    a, b = x
    return (b - 5.1 / (4 * math.pi**2) * a**2 + 5 / math.pi * a - 6) ** 2 + 10 * (1 - 1 / (8 * math.pi)) * math.cos(a) + 10


HARTMANN = {
    3: (
        [[3, 10, 30], [0.1, 10, 35], [3, 10, 30], [0.1, 10, 35]],
        [[3689, 1170, 2673], [4699, 4387, 7470], [1091, 8732, 5547], [381, 5743, 8828]],
    ),
    6: (
        [[10, 3, 17, 3.5, 1.7, 8], [0.05, 10, 17, 0.1, 8, 14], [3, 3.5, 1.7, 10, 17, 8], [17, 8, 0.05, 10, 0.1, 14]],
        [
            [1312, 1696, 5569, 124, 8283, 5886],
            [2329, 4135, 8307, 3736, 1004, 9991],
            [2348, 1451, 3522, 2883, 3047, 6650],
            [4047, 8828, 8732, 5743, 1091, 381],
        ],
    ),
}


def hartmann(x):
    a, p = HARTMANN[len(x)]
    sums = [sum(ai * (xi - pi / 1e4) ** 2 for ai, xi, pi in zip(row, x, at)) for row, at in zip(a, p)]
    return -sum(weight * math.exp(-value) for weight, value in zip([1, 1.2, 3, 3.2], sums))


def ackley(x):
    z = [xi - si for xi, si in zip(x, (9.8, -8.2, 13.4, -12.1, 5.9))]
    root = math.sqrt(sum(v * v for v in z) / len(z))
    return -20 * math.exp(-0.2 * root) - math.exp(sum(math.cos(2 * math.pi * v) for v in z) / len(z)) + 20 + math.e


def rosenbrock(x):
    return sum(100 * (b - a * a) ** 2 + (1 - a) ** 2 for a, b in zip(x, x[1:]))


def levy(x):
    w = [1 + (v - 1) / 4 for v in x]
    inner = sum((v - 1) ** 2 * (1 + 10 * math.sin(math.pi * v + 1) ** 2) for v in w[:-1])
    return math.sin(math.pi * w[0]) ** 2 + inner + (w[-1] - 1) ** 2 * (1 + math.sin(2 * math.pi * w[-1]) ** 2)


def michalewicz(x):
    return -sum(math.sin(v) * math.sin((i + 1) * v * v / math.pi) ** 20 for i, v in enumerate(x))


def styblinski(x):
    return sum(v**4 - 16 * v * v + 5 * v for v in x) / 2


def box(f, bounds):
    def objective(trial):
        return f([trial.suggest_float(f"x{i}", low, high) for i, (low, high) in enumerate(bounds)])

    return objective


def mixed(trial):
    c1 = trial.suggest_categorical("c1", ["a", "b", "c"])
    c2 = trial.suggest_categorical("c2", ["u", "v", "w", "x"])
    i1, i2 = trial.suggest_int("i1", 1, 8), trial.suggest_int("i2", 0, 20)
    u = math.log10(trial.suggest_float("lr", 1e-5, 1, log=True)) - {"a": -2, "b": -3, "c": -4}[c1] + 0.15 * (i1 - 5)
    v = math.log10(trial.suggest_float("wd", 1e-6, 0.1, log=True)) + 3.5
    value = {"a": 0.6, "b": 0, "c": 0.3}[c1] + {"u": 0.5, "v": 0.2, "w": 0, "x": 0.8}[c2]
    value += 0.4 * (c1 == "a" and c2 == "w") + ((i1 - 5) / 4) ** 2 + 0.5 * ((i2 - 13) / 10) ** 2
    return value + 0.5 * u * u + 0.25 * v * v + 0.2 * math.sin(1.5 * v) ** 2


BRANIN = box(branin, [(-5, 10), (0, 15)])
TASKS = {
    "branin": (BRANIN, 0.39788735772973816),
    "hartmann3": (box(hartmann, [(0, 1)] * 3), -3.8627797873327696),
    "hartmann6": (box(hartmann, [(0, 1)] * 6), -3.322368011391339),
    "ackley5s": (box(ackley, [(-32.768, 32.768)] * 5), 0),
    "rosenbrock4": (box(rosenbrock, [(-5, 10)] * 4), 0),
    "levy8": (box(levy, [(-10, 10)] * 8), 0),
    "michalewicz5": (box(michalewicz, [(0, math.pi)] * 5), -4.687658179088148),
    "styblinski6": (box(styblinski, [(-5, 5)] * 6), -234.99699422),
    "branin_noise1": (BRANIN, 0.39788735772973816),
    "mixed": (mixed, 0),
}


class Timed:
    """Seconds within the calls of a sampler, and those of them that this process computed."""

    def __init__(self, sampler):
        self.seconds = self.cpu = 0.0
        for name in ("infer_relative_search_space", "sample_relative", "sample_independent", "before_trial", "after_trial"):
            setattr(sampler, name, self.timed(getattr(sampler, name)))
        self.sampler = sampler

    def timed(self, call):
        def wrapped(*args):
            start, cpu = time.perf_counter(), time.process_time()
            try:
                return call(*args)
            finally:
                self.seconds += time.perf_counter() - start
                self.cpu += time.process_time() - cpu

        return wrapped


class TimedEngine(Engine):
    """The engine with the milliseconds that its suggestions took by its own clock."""

    ms = 0.0

    def request(self, message):
        answer = super().request(message)
        self.ms += answer.get("ms", 0)
        return answer


ENGINE = TimedEngine()
SAMPLERS = {
    "foothold": lambda seed: FootholdSampler(seed=seed, engine=ENGINE),
    "optuna-gp": lambda seed: optuna.samplers.GPSampler(seed=seed),
    "optuna-tpe": lambda seed: optuna.samplers.TPESampler(seed=seed),
    "optuna-tpe-multivariate": lambda seed: optuna.samplers.TPESampler(seed=seed, multivariate=True),
    "random": lambda seed: optuna.samplers.RandomSampler(seed=seed),
}


def run(name, task, seed, trials):
    objective, minimum = TASKS[task]
    timed = Timed(SAMPLERS[name](seed))
    study = optuna.create_study(sampler=timed.sampler)
    noise = random.Random(seed)
    best, regrets, seconds, bridge, cpu = math.inf, [], [], [], []
    for _ in range(trials):
        before, ms, cpu_before = timed.seconds, ENGINE.ms, timed.cpu
        trial = study.ask()
        value = objective(trial)
        study.tell(trial, value + (noise.gauss(0, 1) if task == "branin_noise1" else 0))
        seconds.append(timed.seconds - before)
        bridge.append(1000 * seconds[-1] - (ENGINE.ms - ms))
        cpu.append(1000 * (timed.cpu - cpu_before))
        best = min(best, value)
        regrets.append(best - minimum)
    row = {"sampler": name, "task": task, "seed": seed, "trials": trials, "regret": regrets[-1]}
    row.update(half=regrets[trials // 2 - 1], seconds=sum(seconds))
    if name == "foothold":
        row.update(bridge=bridge[-10:], cpu=cpu[-10:])
    return row


versions = {}
for package in ("optuna", "torch", "scipy"):
    try:
        versions[package] = importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        versions[package] = None
print(json.dumps({"python": sys.version.split()[0], **versions}), flush=True)
seeds, trials = int(sys.argv[1]), int(sys.argv[2])
tasks, samplers = sys.argv[3].split(","), sys.argv[4].split(",")
for name in samplers:
    # The first study of a sampler loads its libraries, and starts the engine.
    run(name, "branin", 10**6, 15)
if "foothold" in samplers:
    for seed in range(seeds):
        print(json.dumps({**run("foothold", "branin", seed, 110), "kind": "bridge"}), flush=True)
for seed in range(seeds):
    for task in tasks:
        for name in samplers:
            print(json.dumps({**run(name, task, seed, trials), "kind": "run"}), flush=True)
