"""Records the published search spaces and some published values into published.json:

python3 record-published.py LLAMBO-CHECKOUT BAYESMARK-CHECKOUT > published.json

Checkouts of github.com/tennisonliu/LLAMBO and github.com/uber/bayesmark; their commits are part of the record.
"""

import ast
import csv
import json
import pathlib
import subprocess
import sys

BAYESMARK_NAMES = {"RandomForest": "rf", "SVM": "svm", "DecisionTree": "dt", "MLP_SGD": "mlp_sgd", "AdaBoost": "ada"}
# AdaBoost of classes is another algorithm since scikit-learn 1.6.
TASKS = [
    *("breast/DecisionTree", "digits/DecisionTree", "digits/SVM", "wine/SVM"),
    *("diabetes/SVM", "diabetes/DecisionTree", "iris/RandomForest", "breast/MLP_SGD"),
]


def source(checkout, repository, path):
    commit = subprocess.run(["git", "-C", checkout, "rev-parse", "HEAD"], capture_output=True, text=True, check=True)
    return {"repository": f"https://github.com/{repository}", "commit": commit.stdout.strip(), "path": path}


def of_llambo(checkout):
    path = "hp_configurations/bayesmark.json"
    listed = json.loads((pathlib.Path(checkout) / path).read_text())
    spaces = {
        learner: {name: {"type": kind, "scale": scale, "range": range_} for name, (kind, scale, range_) in space.items()}
        for learner, space in listed.items()
    }
    return {**source(checkout, "tennisonliu/LLAMBO", path), "spaces": spaces}


def of_bayesmark(checkout):
    path = "bayesmark/sklearn_funcs.py"
    module = ast.parse((pathlib.Path(checkout) / path).read_text())
    wanted = {f"{short}_cfg": learner for learner, short in BAYESMARK_NAMES.items()}
    spaces = {}
    for node in module.body:
        if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") in wanted:
            space = ast.literal_eval(node.value)
            spaces[wanted[node.targets[0].id]] = {
                name: {"type": p["type"], "scale": p["space"], "range": list(p["range"])} for name, p in space.items()
            }
    return {**source(checkout, "uber/bayesmark", path), "spaces": spaces}


def values(checkout):
    """The eighth and ninth evaluation of each task's first run, which LLAMBO proposed."""
    folder = "exp_bayesmark/results_discriminative"
    rows = []
    for task in TASKS:
        with open(pathlib.Path(checkout) / folder / task / "0.csv", newline="") as file:
            for row in list(csv.DictReader(file))[7:9]:
                params = {name: float(value) for name, value in row.items()}
                value, generalization = params.pop("score"), params.pop("generalization_score")
                dataset, learner = task.split("/")
                of = {"learner": learner, "dataset": dataset, "params": params}
                rows.append({**of, "value": value, "generalization": generalization})
    return {**source(checkout, "tennisonliu/LLAMBO", folder), "rows": rows}


llambo, bayesmark = sys.argv[1:]
record = {"llambo": of_llambo(llambo), "bayesmark": of_bayesmark(bayesmark), "values": values(llambo)}
print(json.dumps(record, indent=1))
