"""Data that costs nothing, for --dry-run: learnable, and with every shape that the real tasks have."""

import torch

from .data import Data, Part

CLASSES = {"imdb": 2, "ag_news": 4, "glue": 2, "mnist": 10}
LENGTH = 16
VOCABULARY = 64


def generated(options):
    draw = torch.Generator().manual_seed(options.seed)
    make = {"mnist": images, "squad": answers}.get(options.task, texts)
    parts = [make(count, draw, CLASSES.get(options.task)) for count in (96, 48, 48)]
    if options.model == "cnn":  # it takes no mask
        for part in parts:
            part.inputs.pop("attention_mask", None)
    spans = options.task == "squad"
    return Data(*parts, classes=LENGTH if spans else CLASSES[options.task], spans=spans)


def texts(count, draw, classes):
    """Words in which those of the class are more frequent."""
    labels = torch.arange(count) % classes
    words = torch.randint(1, VOCABULARY, (count, LENGTH), generator=draw)
    own = torch.rand((count, LENGTH), generator=draw) < 0.4
    return Part(tokens(torch.where(own, labels[:, None] + 1, words)), labels)


def answers(count, draw, _):
    """Between the words 1 and 2 lies the answer."""
    words = torch.randint(3, VOCABULARY, (count, LENGTH), generator=draw)
    first = torch.randint(0, LENGTH // 2, (count,), generator=draw)
    last = first + torch.randint(1, LENGTH // 2, (count,), generator=draw)
    rows = torch.arange(count)
    words[rows, first], words[rows, last] = 1, 2
    return Part(tokens(words), torch.stack([first, last], dim=1))


def tokens(words):
    return {"input_ids": words, "attention_mask": torch.ones_like(words)}


def images(count, draw, classes):
    """A bright bar whose position is the class."""
    labels = torch.arange(count) % classes
    pixels = 0.3 * torch.randn((count, 1, 28, 28), generator=draw)
    for i, label in enumerate(labels):
        pixels[i, 0, 2 * label + 2 : 2 * label + 5] += 1.5
    return Part({"pixels": pixels}, labels)
