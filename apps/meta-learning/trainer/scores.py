"""Figures of predictions, the same as in ../src/metrics."""

from .errors import needed


def classification(probabilities, labels):
    """Accuracy, macro F1, AUC-ROC (one against the rest, mean) and mean squared error of probabilities n×classes."""
    np = needed("numpy")
    metrics = needed("sklearn.metrics", "scikit-learn")
    classes = probabilities.shape[1]
    said = probabilities.argmax(1)
    members = [labels == c for c in range(classes)]
    areas = [
        metrics.roc_auc_score(member, probabilities[:, c])
        for c, member in enumerate(members)
        if 0 < member.sum() < len(labels)
    ]
    return {
        "accuracy": float((said == labels).mean()),
        "f1": float(metrics.f1_score(labels, said, labels=range(classes), average="macro", zero_division=0)),
        **({"auc": float(np.mean(areas))} if areas else {}),
        "mse": float(((probabilities - np.eye(classes)[labels]) ** 2).mean()),
    }


def spans(probabilities, positions):
    """Share of answers found exactly, and mean F1 of their tokens, from start and end probabilities n×2×length."""
    np = needed("numpy")
    exact, f1 = [], []
    for (start_p, end_p), (start, end) in zip(probabilities, positions):
        joint = np.triu(np.outer(start_p, end_p))
        first, last = divmod(int(joint.argmax()), joint.shape[1])
        shared = max(0, min(last, end) - max(first, start) + 1)
        exact.append(first == start and last == end)
        f1.append(2 * shared / ((last - first + 1) + (end - start + 1)))
    return {"accuracy": float(np.mean(exact)), "f1": float(np.mean(f1))}
