"""The five families: pretrained transformers, and networks that start from random weights."""

import os

from .data import WORDS
from .errors import TrainerError, needed
from .options import PRETRAINED

torch = needed("torch")
nn = torch.nn


def model_of(options, data):
    """A module from named inputs to logits n×classes, or n×2×length for the start and end of an answer."""
    if options.model == "resnet":
        return Residual(classes=data.classes, width=4 if options.dry_run else 32)
    if options.model == "cnn":
        dropout = 0.5 if options.dropout is None else options.dropout
        if options.task == "mnist":
            return ImageNetwork(data.classes, dropout=dropout, width=4 if options.dry_run else 32)
        return WordNetwork(data.classes, dropout=dropout, maps=8 if options.dry_run else 100)
    if options.dry_run:
        return TinyTransformer(data, 0.1 if options.dropout is None else options.dropout)
    return Pretrained(options, data)


class Pretrained(nn.Module):
    """A transformer of the hub with a new last layer for the task."""

    def __init__(self, options, data):
        super().__init__()
        if not options.download:
            os.environ["HF_HUB_OFFLINE"] = "1"
        transformers = needed("transformers")
        path = options.model_path or PRETRAINED[options.model]
        kind = transformers.AutoModelForQuestionAnswering if data.spans else transformers.AutoModelForSequenceClassification
        settings = {} if data.spans else {"num_labels": data.classes}
        if options.dropout is not None:
            names = ("dropout",) if options.model == "distilbert" else ("hidden_dropout_prob",)
            settings |= dict.fromkeys(names, options.dropout)
        try:
            self.inner = kind.from_pretrained(path, **settings)
        except (OSError, ValueError) as error:
            raise TrainerError(
                f"no model {path}: not in the cache; add --download once, or --model-path ({str(error).splitlines()[0]})"
            ) from error
        self.spans = data.spans

    def forward(self, **inputs):
        result = self.inner(**inputs)
        return torch.stack([result.start_logits, result.end_logits], dim=1) if self.spans else result.logits


class TinyTransformer(nn.Module):
    """One layer of 32 units with random weights: the shape of the pretrained ones at no cost."""

    def __init__(self, data, dropout):
        super().__init__()
        self.spans = data.spans
        length = data.train.inputs["input_ids"].shape[1]
        self.words = nn.Embedding(64, 32)
        self.positions = nn.Parameter(0.1 * torch.randn(length, 32))
        self.layer = nn.TransformerEncoderLayer(32, 4, 64, dropout, batch_first=True)
        self.last = nn.Linear(32, 2 if data.spans else data.classes)

    def forward(self, input_ids, attention_mask):
        hidden = self.layer(self.words(input_ids) + self.positions, src_key_padding_mask=attention_mask == 0)
        return self.last(hidden).transpose(1, 2) if self.spans else self.last(hidden.mean(1))


class WordNetwork(nn.Module):
    """Windows of three to five words, the strongest response of each (Kim 2014)."""

    def __init__(self, classes, dropout, maps):
        super().__init__()
        self.words = nn.Embedding(WORDS, 3 * maps, padding_idx=0)
        self.windows = nn.ModuleList(nn.Conv1d(3 * maps, maps, size, padding=size // 2) for size in (3, 4, 5))
        self.dropout = nn.Dropout(dropout)
        self.last = nn.Linear(3 * maps, classes)

    def forward(self, input_ids):
        words = self.words(input_ids).transpose(1, 2)
        strongest = [window(words).relu().amax(2) for window in self.windows]
        return self.last(self.dropout(torch.cat(strongest, 1)))


class ImageNetwork(nn.Module):
    """Two convolutions with pooling, a dense layer, dropout."""

    def __init__(self, classes, dropout, width):
        super().__init__()
        self.layers = nn.Sequential(
            *(nn.Conv2d(1, width, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2)),
            *(nn.Conv2d(width, 2 * width, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2)),
            *(nn.Flatten(), nn.Linear(2 * width * 49, 4 * width), nn.ReLU()),
            *(nn.Dropout(dropout), nn.Linear(4 * width, classes)),
        )

    def forward(self, pixels):
        return self.layers(pixels)


class Block(nn.Module):
    """Two convolutions around which the input passes (He et al. 2016, figure 2)."""

    def __init__(self, before, after, stride):
        super().__init__()
        self.path = nn.Sequential(
            *(nn.Conv2d(before, after, 3, stride, 1, bias=False), nn.BatchNorm2d(after), nn.ReLU()),
            *(nn.Conv2d(after, after, 3, 1, 1, bias=False), nn.BatchNorm2d(after)),
        )
        same = before == after and stride == 1
        self.around = nn.Identity() if same else nn.Conv2d(before, after, 1, stride, bias=False)

    def forward(self, x):
        return (self.path(x) + self.around(x)).relu()


class Residual(nn.Module):
    """Eight weighted layers for 28×28 images: three stages of one block each."""

    def __init__(self, classes, width):
        super().__init__()
        self.layers = nn.Sequential(
            *(nn.Conv2d(1, width, 3, padding=1, bias=False), nn.BatchNorm2d(width), nn.ReLU()),
            *(Block(width, width, 1), Block(width, 2 * width, 2), Block(2 * width, 4 * width, 2)),
            *(nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(4 * width, classes)),
        )

    def forward(self, pixels):
        return self.layers(pixels)
