"""Runs the loop of the authors' program of LLAMBO on recorded replies, and records what became of it:

python3 record-reference.py LLAMBO-CHECKOUT > reference.json

A checkout of github.com/tennisonliu/LLAMBO; a Python with numpy, pandas and scipy. Modules that would call a provider are replaced: openai
answers with the recorded replies, langchain fills templates, tiktoken counts words. Each objective has a process and a time limit
of its own.
"""

import importlib.machinery
import json
import math
import multiprocessing
import os
import random
import re
import subprocess
import sys
import time
import types

LIMIT = 20
TRIALS = 25
SPACE = {"C": ["float", "log", [1, 1000]], "gamma": ["float", "log", [1e-4, 1e-3]], "tol": ["float", "log", [1e-5, 1e-1]]}
CARD = {"model": "SVM", "task": "classification", "metric": "accuracy", "samples": 142, "features": 13, "classes": 3}
# value = offset + factor * b, where b is 1 at the optimum and falls to 0.
OBJECTIVES = {
    "accuracy": {"direction": "maximize", "offset": 0.5, "factor": 0.4},
    "mean squared error": {"direction": "minimize", "offset": 0.9, "factor": -0.5},
    "loss above 1": {"direction": "minimize", "offset": 25, "factor": -20},
    "negative, maximized": {"direction": "maximize", "offset": -5, "factor": 1},
    "constant 0.5": {"direction": "maximize", "offset": 0.5, "factor": 0},
    "accuracy in percent": {"direction": "maximize", "offset": 50, "factor": 40},
    "throughput": {"direction": "maximize", "offset": 1000, "factor": 500},
    "accuracy above 0.9999": {"direction": "maximize", "offset": 0.9999, "factor": 0.0001},
    "negative log-likelihood below 0": {"direction": "minimize", "offset": -5, "factor": -1},
    "loss on both sides of 0": {"direction": "minimize", "offset": 0.5, "factor": -1},
    "loss below 0.00001": {"direction": "minimize", "offset": 2e-6, "factor": -1e-6},
    "constant 0, minimized": {"direction": "minimize", "offset": 0, "factor": 0},
    "constant 3, maximized": {"direction": "maximize", "offset": 3, "factor": 0},
}


def configurations(count, seed):
    rng = random.Random(seed)
    draw = lambda low, high: float(f"{10 ** rng.uniform(low, high):.3g}")  # noqa: E731
    return [{"C": draw(0, 3), "gamma": draw(-4, -3), "tol": draw(-5, -1)} for _ in range(count)]


def value(objective, config):
    c, gamma, tol = (math.log10(config[name]) for name in SPACE)
    b = math.exp(-((c - 1.5) ** 2) - 4 * (gamma + 3.4) ** 2 - 0.1 * (tol + 3) ** 2)
    return objective["offset"] + objective["factor"] * b


INITIAL = configurations(5, "initial")
CANDIDATES = configurations(260, "candidates")
FRACTIONS = [round(random.Random("fractions").random(), 3)] + [round(random.Random(i).random(), 3) for i in range(19)]


def replies_of(low, high):
    """Candidates in their order, and predictions at these fractions of the range of the values, one after another."""
    counts = {"candidates": 0, "predictions": 0}

    def reply(prompt, count):
        kind = "candidates" if "Recommend a configuration" in prompt else "predictions"
        texts = []
        for _ in range(count):
            k = counts[kind]
            counts[kind] += 1
            if kind == "candidates":
                config = CANDIDATES[k % len(CANDIDATES)]
                texts.append("## " + ", ".join(f"{name}: {v}" for name, v in config.items()) + " ##")
            else:
                texts.append(f"## {low + FRACTIONS[k % len(FRACTIONS)] * (high - low):.6f} ##")
        return texts

    return reply


def install_modules(reply, prompts):
    def module(name, **members):
        made = types.ModuleType(name)
        made.__spec__ = importlib.machinery.ModuleSpec(name, None)
        made.__dict__.update(members)
        sys.modules[name] = made

    class Session:
        async def __aenter__(self):
            return self

        async def __aexit__(self, *_):
            return None

        async def close(self):
            return None

    class Template:
        def __init__(self, template="", **_):
            self.template = template

        def format(self, **values):
            return self.template.format(**values)

    class FewShot:
        def __init__(self, **parts):
            self.parts = parts

        def format(self, **values):
            parts = self.parts
            examples = [parts["example_prompt"].format(**example) for example in parts["examples"]]
            pieces = [parts["prefix"], *examples, parts["suffix"].format(**values)]
            return parts["example_separator"].join(pieces)

    async def chat(messages, n, **_):
        prompt = messages[-1]["content"]
        prompts.append(prompt)
        choices = [{"message": {"content": text}} for text in reply(prompt, n)]
        return {"usage": {"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2}, "choices": choices}

    class Held:
        def set(self, _):
            return None

        def get(self):
            return Session()

    module("openai", aiosession=Held(), ChatCompletion=types.SimpleNamespace(acreate=chat))
    module("langchain", FewShotPromptTemplate=FewShot, PromptTemplate=Template)
    module("aiohttp", ClientSession=lambda **_: Session())
    encoding = types.SimpleNamespace(encode=str.split)
    module("tiktoken", encoding_for_model=lambda _: encoding)
    for name in ("TYPE", "VERSION", "BASE", "KEY"):
        os.environ[f"OPENAI_API_{name}"] = ""


def optimize(checkout, objective, mode, pipe):
    sys.path.insert(0, checkout)
    sys.stdout = sys.stderr = open(os.devnull, "w")
    # Its rate limiter would wait for a real provider's minute.
    time.sleep = lambda _: None
    prompts, evaluated = [], []
    low, high = sorted((objective["offset"], objective["offset"] + objective["factor"]))
    install_modules(replies_of(low, high), prompts)
    from llambo.llambo import LLAMBO

    task = {
        **{"model": CARD["model"], "task": CARD["task"], "metric": CARD["metric"], "n_classes": CARD["classes"]},
        **{"tot_feats": CARD["features"], "cat_feats": 0, "num_feats": CARD["features"]},
        **{"num_samples": CARD["samples"], "lower_is_better": objective["direction"] == "minimize"},
        "hyperparameter_constraints": SPACE,
    }

    def evaluate(config):
        score = value(objective, config)
        evaluated.append(score)
        pipe.send({"evaluations": len(evaluated)})
        return config, {"score": score, "generalization_score": score}

    loop = LLAMBO(
        task, mode, n_candidates=10, n_templates=2, n_gens=10, alpha=0.1, n_initial_samples=5, n_trials=TRIALS,
        init_f=lambda n: INITIAL[:n], bbox_eval_f=evaluate, chat_engine="none", top_pct=0.25 if mode == "generative" else None,
    )  # fmt: skip
    try:
        loop.optimize()
    except Exception as error:  # noqa: BLE001
        pipe.send({"ends": "error", "error": f"{type(error).__name__}: {error}"})
        return
    first = [p for p in prompts if "Recommend a configuration" in p][0]
    prediction = [p for p in prompts if "Recommend a configuration" not in p][0]
    pipe.send({"ends": "all trials", "prompts": {"candidates": first, "prediction": prediction}, "values": evaluated[:5]})


def outcome(checkout, objective, mode):
    ours, theirs = multiprocessing.Pipe()
    process = multiprocessing.Process(target=optimize, args=(checkout, objective, mode, theirs))
    process.start()
    said = {}
    # The limit is that of one evaluation, or of the imports.
    while "ends" not in said and ours.poll(LIMIT):
        said.update(ours.recv())
    process.kill()
    said.setdefault("ends", f"no evaluation within {LIMIT} seconds")
    return said


NUMBER = r"-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?"


def information(prompt, values, target):
    """What a prompt shows: facts of the card, ranges, evaluated configurations with their error, the target."""
    numbers = [float(n) for n in re.findall(NUMBER, prompt)]
    lines = prompt.split("\n")
    has = lambda x: any(abs(n - x) <= 1e-9 * max(1, abs(x)) for n in numbers)  # noqa: E731
    shown = {name: has(CARD[name]) for name in ("samples", "features", "classes")}
    for name in ("model", "task", "metric"):
        shown[name] = CARD[name].lower() in prompt.lower()
    ranges = 0
    for name, (_, _, bounds) in SPACE.items():
        inside = [[float(n) for n in re.findall(NUMBER, line)] for line in lines if re.match(rf"- {name}\b", line)]
        ranges += any(all(abs(n - b) < 1e-12 for n, b in zip(found, bounds)) for found in inside)
    examples, error = 0, 0.0
    windows = [f"{a}\n{b}" for a, b in zip(lines, lines[1:])]
    for config, score in zip(INITIAL, values):
        errors = []
        for text in windows:
            found = {name: re.search(rf"\b{name}(?::| is) ({NUMBER})", text) for name in config}
            if all(found.values()) and f"{score:.6f}" in text:
                errors.append(max(abs(float(found[n].group(1)) - v) / v for n, v in config.items()))
        if errors:
            examples += 1
            error = max(error, min(errors))
    return {**shown, "ranges": ranges, "examples": examples, "example_error": round(error, 6), "target": has(target)}


def main(checkout):
    outcomes = {name: outcome(checkout, objective, "discriminative") for name, objective in OBJECTIVES.items()}
    accuracy = outcomes["accuracy"]
    prompts, values = accuracy["prompts"], accuracy["values"]
    target = round(max(values) + 0.1 * (max(values) - min(values)), 6)
    for said in outcomes.values():
        said.pop("prompts", None)
        said.pop("values", None)
    commit = subprocess.run(["git", "-C", checkout, "rev-parse", "HEAD"], capture_output=True, text=True, check=True)
    record = {
        "source": {"repository": "https://github.com/tennisonliu/LLAMBO", "commit": commit.stdout.strip()},
        **{"limit_seconds": LIMIT, "trials": TRIALS, "card": CARD, "space": SPACE, "objectives": OBJECTIVES},
        **{"initial": INITIAL, "candidates": CANDIDATES, "fractions": FRACTIONS, "outcomes": outcomes},
        "generative": outcome(checkout, OBJECTIVES["accuracy"], "generative"),
        "information": {kind: information(prompt, values, target) for kind, prompt in prompts.items()},
    }
    print(json.dumps(record, indent=1))


if __name__ == "__main__":
    main(sys.argv[1])
