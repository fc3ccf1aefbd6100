"""One training: early stopping and a rate that falls on plateaus, both by the validation loss."""

import math
import sys
import time

from . import scores
from .errors import TrainerError, needed

torch = needed("torch")


def run(options):
    """The figures of the epoch with the lowest validation loss: `value` is its validation error, the rest is on test data."""
    from .data import data_of
    from .models import model_of

    begun = time.monotonic()
    torch.manual_seed(options.seed)
    if options.dry_run:
        torch.set_num_threads(1)
    device = device_of(options.device)
    data = data_of(options)
    model = model_of(options, data).to(device)
    optimizer = optimizer_of(options, model)
    scheduler = torch.optim.lr_scheduler.ReduceLROnPlateau(optimizer, factor=0.5, patience=options.plateau)
    lowest, since, epochs, diverged = math.inf, 0, 0, False
    best = {part: guesses(data, part) for part in ("validation", "test")}
    for epoch in range(options.epochs):
        epochs += 1
        finite = train_epoch(model, optimizer, data.train, batch=options.batch_size)
        loss, validation = judge(model, data.validation)
        print(f"epoch {epoch + 1} of {options.epochs}: validation loss {loss:.4f}", file=sys.stderr)
        if not (finite and math.isfinite(loss)):
            diverged = True
            break
        if loss < lowest:
            lowest, since = loss, 0
            best = {"validation": validation, "test": judge(model, data.test)[1]}
        else:
            since += 1
        if since >= options.patience:
            break
        scheduler.step(loss)
    figures = {part: score(data, part, best[part]) for part in best}
    return {
        "value": 1 - figures["validation"]["accuracy"],
        **figures["test"],
        **({"loss": lowest} if math.isfinite(lowest) else {}),
        "seconds": round(time.monotonic() - begun, 3),
        "epochs": epochs,
        "diverged": int(diverged),
        **({"dry_run": 1} if options.dry_run else {}),
    }


def device_of(name):
    if name == "auto":
        name = "cuda" if torch.cuda.is_available() else "cpu"
    try:
        torch.zeros(1, device=name)
    except (RuntimeError, AssertionError, NotImplementedError) as error:
        raise TrainerError(f"--device {name} does not start: {str(error).splitlines()[0]}") from error
    return name


def optimizer_of(options, model):
    """AdamW; for ResNet gradient descent with momentum, as its paper has it."""
    common = {"lr": options.learning_rate, "weight_decay": options.weight_decay}
    if options.model == "resnet":
        return torch.optim.SGD(model.parameters(), momentum=0.9, **common)
    return torch.optim.AdamW(model.parameters(), **common)


def batches(part, size, order):
    for chosen in order.split(size):
        yield {name: values[chosen] for name, values in part.inputs.items()}, part.labels[chosen]


def loss_of(logits, labels):
    """Mean cross-entropy; for spans over start and end."""
    return torch.nn.functional.cross_entropy(logits.flatten(0, -2), labels.flatten().to(logits.device))


def on(model, inputs):
    device = next(model.parameters()).device
    return model(**{name: values.to(device) for name, values in inputs.items()})


def train_epoch(model, optimizer, part, batch):
    """True while every loss was finite."""
    model.train()
    for inputs, labels in batches(part, batch, torch.randperm(len(part.labels))):
        loss = loss_of(on(model, inputs), labels)
        if not torch.isfinite(loss):
            return False
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
    return True


@torch.no_grad()
def judge(model, part):
    """Mean loss, and probabilities as an array."""
    model.eval()
    total, parts = 0.0, []
    for inputs, labels in batches(part, 64, torch.arange(len(part.labels))):
        logits = on(model, inputs).float()
        total += loss_of(logits, labels).item() * len(labels)
        parts.append(logits.softmax(-1).cpu())
    return total / len(part.labels), torch.cat(parts).double().numpy()


def guesses(data, part):
    """Everything equally likely: what a training that never had a finite loss is worth."""
    shape = (len(getattr(data, part).labels), *((2,) if data.spans else ()), data.classes)
    return torch.full(shape, 1 / data.classes, dtype=torch.float64).numpy()


def score(data, part, probabilities):
    labels = getattr(data, part).labels.numpy()
    return (scores.spans if data.spans else scores.classification)(probabilities, labels)
