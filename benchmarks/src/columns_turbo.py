"""TuRBO-1 (Eriksson et al. 2019) with the settings of BoTorch's tutorial of it, written for columns-peers.py.

Theirs: a box of side 0.8 shaped by the lengthscales, doubled after 10 successful batches, halved after max(4, d)/q failed ones, restarted below
2^-7; Thompson sampling on Sobol points that move about 20 columns of the best one; lengthscales from 0.005 to 4.
Ours, for a budget of 300 and for time: the first points are 2d but at most 100 (a third), batches are of 10, a fit has at most 50 iterations,
and Thompson sampling draws at 2,000 points (theirs: up to 5,000).
"""

import math
import time

import torch
from botorch.exceptions.errors import ModelFittingError
from botorch.fit import fit_gpytorch_mll
from botorch.generation import MaxPosteriorSampling
from botorch.models import SingleTaskGP
from gpytorch.constraints import Interval
from gpytorch.kernels import MaternKernel, ScaleKernel
from gpytorch.likelihoods import GaussianLikelihood
from gpytorch.mlls import ExactMarginalLogLikelihood
from gpytorch.settings import max_cholesky_size
from torch.quasirandom import SobolEngine

BATCH = 10
CANDIDATES = 2000
torch.set_num_threads(1)
torch.set_default_dtype(torch.float64)


def turbo(value, columns, trials, seed):
    """Values in the order of their evaluation, and the seconds of the method."""
    torch.manual_seed(seed)
    values, seconds, restarts = [], 0.0, 0
    while len(values) < trials:
        started = time.perf_counter()
        first = min(2 * columns, 100, trials - len(values))
        x = SobolEngine(columns, scramble=True, seed=1000 * seed + restarts).draw(first).to(torch.float64)
        seconds += time.perf_counter() - started
        y = torch.tensor([-value(point.numpy()) for point in x])
        values += (-y).tolist()
        side, successes, failures, best = 0.8, 0, 0, y.max()
        limit = math.ceil(max(4, columns) / BATCH)
        while len(values) < trials and side >= 2**-7:
            started = time.perf_counter()
            chosen = proposed(x, y, side, min(BATCH, trials - len(values)))
            seconds += time.perf_counter() - started
            found = torch.tensor([-value(point.numpy()) for point in chosen])
            values += (-found).tolist()
            x, y = torch.cat((x, chosen)), torch.cat((y, found))
            gained = found.max() > best + 1e-3 * best.abs()
            best = torch.maximum(best, found.max())
            successes, failures = (successes + 1, 0) if gained else (0, failures + 1)
            if successes == 10:
                side, successes = min(2 * side, 1.6), 0
            elif failures == limit:
                side, failures = side / 2, 0
        restarts += 1
    return values, seconds


def proposed(x, y, side, count):
    """Points of one batch, by Thompson sampling in the box around the best point."""
    columns = x.shape[1]
    noise = GaussianLikelihood(noise_constraint=Interval(1e-8, 1e-3))
    kernel = ScaleKernel(MaternKernel(nu=2.5, ard_num_dims=columns, lengthscale_constraint=Interval(0.005, 4.0)))
    standardized = ((y - y.mean()) / y.std()).unsqueeze(-1)
    model = SingleTaskGP(x, standardized, likelihood=noise, covar_module=kernel, outcome_transform=None)
    with max_cholesky_size(float("inf")):
        try:
            fit_gpytorch_mll(
                ExactMarginalLogLikelihood(model.likelihood, model), optimizer_kwargs={"options": {"maxiter": 50}}
            )
        except ModelFittingError:
            pass  # the last hyperparameters stay
        centre = x[y.argmax()]
        lengths = model.covar_module.base_kernel.lengthscale.squeeze(0).detach()
        shape = lengths / lengths.log().mean().exp()
        lower = (centre - shape * side / 2).clamp(0, 1)
        upper = (centre + shape * side / 2).clamp(0, 1)
        drawn = SobolEngine(columns, scramble=True).draw(CANDIDATES).to(torch.float64) * (upper - lower) + lower
        moves = torch.rand(CANDIDATES, columns) <= min(20 / columns, 1)
        still = moves.sum(dim=1) == 0
        moves[still, torch.randint(0, columns, (int(still.sum()),))] = True
        points = torch.where(moves, drawn, centre.expand_as(drawn))
        with torch.no_grad():
            return MaxPosteriorSampling(model=model, replacement=False)(points, num_samples=count)
