"""BoTorch's MultiTaskGP on one earlier study, for few-sources.ts: python few-sources-botorch.py, lines of JSON in and out.

{"source": {"x": [[...]], "y": [...]}, "seed": s} begins a study in the unit cube, y to be maximized; {"x": [...], "y": v} tells an evaluation
and is answered with {"point": [...]}, the next point, where log expected improvement is largest.
"""

import json
import sys
import warnings

import torch
from botorch.acquisition import LogExpectedImprovement
from botorch.fit import fit_gpytorch_mll
from botorch.models import MultiTaskGP
from botorch.optim import optimize_acqf
from gpytorch.mlls import ExactMarginalLogLikelihood

warnings.simplefilter("ignore")
torch.set_num_threads(1)
torch.set_default_dtype(torch.float64)


def suggestion(source, rows):
    """The model's task feature is the last column, 0 for the source; all else is BoTorch's default, standardized values too."""
    x = torch.tensor([[*p, 0.0] for p in source["x"]] + [[*p, 1.0] for p, _ in rows])
    y = torch.tensor([[v] for v in source["y"]] + [[v] for _, v in rows])
    model = MultiTaskGP(x, y, task_feature=-1, output_tasks=[1])
    fit_gpytorch_mll(ExactMarginalLogLikelihood(model.likelihood, model))
    d = x.shape[1] - 1
    own = torch.tensor([p for p, _ in rows])
    best = model.posterior(own).mean.max()
    acquisition = LogExpectedImprovement(model, best_f=best)
    point, _ = optimize_acqf(
        acquisition,
        bounds=torch.stack([torch.zeros(d), torch.ones(d)]),
        q=1,
        num_restarts=4,
        raw_samples=256,
    )
    return point[0].tolist()


for line in sys.stdin:
    request = json.loads(line)
    if "source" in request:
        torch.manual_seed(request["seed"])
        source, rows = request["source"], []
        continue
    rows.append((request["x"], request["y"]))
    print(json.dumps({"point": suggestion(source, rows)}), flush=True)
