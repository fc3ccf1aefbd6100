"""Writes plateau-values.json: learning rates of PyTorch's ReduceLROnPlateau for several courses of a loss.

python record-plateau.py && npx biome check --write plateau-values.json   (torch; the same file again)
"""

import json
import pathlib
import random

import torch

draw = random.Random(3)
courses = {
    "falling": [1 / (1 + i) for i in range(12)],
    "flat": [0.7] * 12,
    "rising": [0.5 + 0.1 * i for i in range(12)],
    "falling less than the threshold": [1 - 1e-5 * i for i in range(12)],
    "noisy": [1 / (1 + 0.3 * i) + 0.3 * draw.random() for i in range(30)],
    "falls, then stays": [1.0, 0.8, 0.6, 0.5] + [0.5] * 14,
}
cases = []
for name, losses in courses.items():
    for factor, patience, lowest in [(0.5, 2, 0.0), (0.1, 0, 1e-4), (0.3, 4, 0.01)]:
        optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=0.1)
        scheduler = torch.optim.lr_scheduler.ReduceLROnPlateau(
            optimizer, factor=factor, patience=patience, min_lr=lowest
        )
        rates = []
        for loss in losses:
            optimizer.step()
            scheduler.step(loss)
            rates.append(optimizer.param_groups[0]["lr"])
        cases.append(
            {"name": name, "factor": factor, "patience": patience, "lowest": lowest, "losses": losses, "rates": rates}
        )
target = pathlib.Path(__file__).with_name("plateau-values.json")
target.write_text(json.dumps({"torch": torch.__version__.split("+")[0], "learningRate": 0.1, "cases": cases}, indent=1) + "\n")
print(f"{target.name}: {len(cases)} cases of PyTorch {torch.__version__}")
