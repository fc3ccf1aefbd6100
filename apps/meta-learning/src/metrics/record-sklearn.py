"""Writes sklearn-values.json: predictions of several kinds with scikit-learn's figures for them.

python record-sklearn.py && npx biome check --write sklearn-values.json   (numpy, scikit-learn; the seed is fixed: the same file again)
"""

import json
import pathlib

import numpy as np
import sklearn
from sklearn.metrics import accuracy_score, f1_score, mean_squared_error, roc_auc_score

rng = np.random.default_rng(20260)


def case(name, probabilities, labels):
    probabilities, labels = np.asarray(probabilities, float), np.asarray(labels)
    classes = probabilities.shape[1]
    said = probabilities.argmax(axis=1)
    truth = np.eye(classes)[labels]
    areas = [
        roc_auc_score(labels == c, probabilities[:, c])
        for c in range(classes)
        if 0 < (labels == c).sum() < len(labels)
    ]
    auc = float(np.mean(areas))
    if classes > 2 and len(np.unique(labels)) == classes:
        assert np.isclose(
            auc, roc_auc_score(labels, probabilities, multi_class="ovr", average="macro"), atol=1e-14
        )
    return {
        "name": name,
        "classes": classes,
        "labels": labels.tolist(),
        "probabilities": probabilities.ravel().tolist(),
        "accuracy": float(accuracy_score(labels, said)),
        "f1": float(f1_score(labels, said, labels=range(classes), average="macro", zero_division=0)),
        "auc": auc,
        "mse": float(mean_squared_error(truth, probabilities)),
    }


def softmax(z):
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def logits(labels, classes, strength):
    return rng.normal(size=(len(labels), classes)) + strength * np.eye(classes)[labels]


cases = []
labels = rng.integers(0, 4, 40)
cases.append(case("four classes, fairly good", softmax(logits(labels, 4, 2.0)), labels))
labels = rng.integers(0, 3, 30)
cases.append(case("no better than guessing", softmax(logits(labels, 3, 0.0)), labels))
labels = rng.integers(0, 3, 40)
tenths = rng.multinomial(10, [1 / 3] * 3, size=40) / 10
cases.append(case("tenths, so that most are tied", tenths, labels))
labels = rng.integers(0, 2, 25)
cases.append(case("two classes", softmax(logits(labels, 2, 1.0)), labels))
labels = rng.choice(4, 30, p=[0.9, 0.04, 0.03, 0.03])
labels[:4] = range(4)
cases.append(case("one class far more frequent", softmax(logits(labels, 4, 1.0)), labels))
labels = rng.choice([0, 2], 20)
p = softmax(logits(labels, 4, 1.5))
p[:, 3] = 0
p /= p.sum(axis=1, keepdims=True)
cases.append(case("one class never true, another never said either", p, labels))
labels = np.array([0, 1, 2, 2, 1, 0])
cases.append(case("all right", np.eye(3)[labels], labels))
cases.append(case("all wrong", np.eye(3)[(labels + 1) % 3], labels))
cases.append(case("every class equally likely", np.full((6, 3), 1 / 3), labels))

target = pathlib.Path(__file__).with_name("sklearn-values.json")
target.write_text(json.dumps({"scikit-learn": sklearn.__version__, "cases": cases}, indent=1) + "\n")
print(f"{target.name}: {len(cases)} cases of scikit-learn {sklearn.__version__}")
