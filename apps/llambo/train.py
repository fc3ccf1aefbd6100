#!/usr/bin/env python3
"""Trains one learner of scikit-learn on one of its bundled datasets, and prints its figures as one JSON line.

The hyperparameters come as JSON in FOOTHOLD_PARAMS. `--facts` prints what a task card says of the dataset instead.
The last line of standard output is the result; an error goes to standard error.
"""

import argparse
import json
import os
import sys
import time
import warnings

LEARNERS = ("RandomForest", "SVM", "DecisionTree", "MLP_SGD", "AdaBoost")
DATASETS = {"breast": "breast_cancer", "digits": "digits", "wine": "wine", "iris": "iris", "diabetes": "diabetes"}
# These matrices are small: threads of BLAS cost more than they save, the more so beside other trainings.
os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

WHOLE = {"max_depth", "n_estimators", "hidden_layer_sizes", "batch_size"}
FOLDS = 5


def main(words):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--learner", required=True, choices=LEARNERS)
    parser.add_argument("--dataset", required=True, choices=DATASETS)
    parser.add_argument("--facts", action="store_true", help="facts of the dataset instead of a training")
    options = parser.parse_args(words)
    try:
        import sklearn  # noqa: F401
    except ImportError:
        sys.exit(f"train.py: {sys.executable} has no scikit-learn: install it, or name another Python in --objective")
    data = split(options.dataset)
    print(json.dumps(facts_of(data) if options.facts else evaluate(options.learner, data, params_given())))


def params_given():
    text = os.environ.get("FOOTHOLD_PARAMS")
    if text is None:
        sys.exit("train.py: FOOTHOLD_PARAMS has the hyperparameters as a JSON object; it is not set")
    return whole(json.loads(text))


def whole(params):
    return {name: int(value) if name in WHOLE else value for name, value in params.items()}


def split(dataset):
    """A fifth of the rows is held out, as in Bayesmark; the target of a regression is standardized, as in LLAMBO."""
    import sklearn.datasets
    from sklearn.model_selection import train_test_split

    x, y = getattr(sklearn.datasets, f"load_{DATASETS[dataset]}")(return_X_y=True)
    train_x, test_x, train_y, test_y = train_test_split(x, y, test_size=0.2, random_state=0, shuffle=True)
    regression = dataset == "diabetes"
    if regression:
        mean, scale = train_y.mean(), train_y.std()
        train_y, test_y = (train_y - mean) / scale, (test_y - mean) / scale
    return {"regression": regression, "train": (train_x, train_y), "test": (test_x, test_y)}


def learner_of(name, regression, params):
    """The learner with the settings that Bayesmark fixes; of a random forest 10 trees, of a network at most 40 epochs."""
    from sklearn.ensemble import AdaBoostClassifier, AdaBoostRegressor, RandomForestClassifier, RandomForestRegressor
    from sklearn.neural_network import MLPClassifier, MLPRegressor
    from sklearn.svm import SVC, SVR
    from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor

    fixed = {
        "RandomForest": {"n_estimators": 10, "random_state": 0},
        "SVM": {"kernel": "rbf"},
        "DecisionTree": {"random_state": 0},
        "MLP_SGD": {
            **{"solver": "sgd", "early_stopping": True, "max_iter": 40, "learning_rate": "invscaling"},
            **{"nesterovs_momentum": True, "random_state": 0},
            **({"activation": "tanh"} if regression else {}),
        },
        "AdaBoost": {"random_state": 0},
    }[name]
    classes = {
        "RandomForest": (RandomForestClassifier, RandomForestRegressor),
        "SVM": (SVC, SVR),
        "DecisionTree": (DecisionTreeClassifier, DecisionTreeRegressor),
        "MLP_SGD": (MLPClassifier, MLPRegressor),
        "AdaBoost": (AdaBoostClassifier, AdaBoostRegressor),
    }[name]
    return classes[int(regression)](**fixed, **params)


def evaluate(name, data, params):
    """`value`: mean over five cross-validation folds; `generalization`: on the rows held out."""
    from sklearn.metrics import get_scorer
    from sklearn.model_selection import cross_val_score

    begun = time.monotonic()
    regression = data["regression"]
    scorer, sign = (get_scorer("neg_mean_squared_error"), -1) if regression else (get_scorer("accuracy"), 1)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        scores = cross_val_score(learner_of(name, regression, params), *data["train"], scoring=scorer, cv=FOLDS)
        held_out = scorer(learner_of(name, regression, params).fit(*data["train"]), *data["test"])
    return {
        "value": sign * float(scores.mean()),
        "generalization": sign * float(held_out),
        "seconds": round(time.monotonic() - begun, 3),
    }


def facts_of(data):
    """Of the training rows: numbers for every context of a card, and those that only the full context has."""
    import numpy as np

    x, y = data["train"]
    features = x.shape[1]
    scale = x.std(axis=0)
    varying = scale > 0
    z = (x[:, varying] - x[:, varying].mean(axis=0)) / scale[varying]
    skewness = (z**3).mean(axis=0)
    between = np.abs(np.corrcoef(z, rowvar=False))[np.triu_indices(int(varying.sum()), 1)]
    with_target = np.abs([np.corrcoef(column, y)[0, 1] for column in z.T])
    rounded = lambda value: float(f"{value:.3g}")  # noqa: E731
    return {
        "samples": x.shape[0],
        "features": features,
        **({} if data["regression"] else {"classes": int(len(np.unique(y)))}),
        "constant": int((~varying).sum()),
        "pairs": int(between.size),
        "correlated_pairs": int((between > 0.5).sum()),
        "correlated_with_target": int((with_target > 0.5).sum()),
        "least_scale": rounded(scale[varying].min()),
        "largest_scale": rounded(scale.max()),
        "median_skewness": rounded(np.median(skewness)),
        "smallest_class": None if data["regression"] else int(np.bincount(y).min()),
        "largest_class": None if data["regression"] else int(np.bincount(y).max()),
    }


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except KeyboardInterrupt:
        sys.exit(130)
