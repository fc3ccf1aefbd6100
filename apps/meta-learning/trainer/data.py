"""The tasks as tensors: parts to learn from, to judge settings by, and to report."""

import os
import zlib
from dataclasses import dataclass

from .errors import TrainerError, needed
from .options import DATASETS, PRETRAINED

torch = needed("torch")

# Text tasks: columns, and the part that is reported (GLUE and SQuAD keep their test labels).
COLUMNS = {
    "imdb": (("text",), "test"),
    "ag_news": (("text",), "test"),
    "squad": (("question", "context"), "validation"),
}
GLUE_COLUMNS = {
    "cola": ("sentence",),
    "sst2": ("sentence",),
    "mrpc": ("sentence1", "sentence2"),
    "rte": ("sentence1", "sentence2"),
    "wnli": ("sentence1", "sentence2"),
    "qnli": ("question", "sentence"),
    "qqp": ("question1", "question2"),
    "mnli": ("premise", "hypothesis"),
}
# Numbers of words for the convolutional network, which has no tokenizer; 0 pads.
WORDS = 30_000


@dataclass
class Part:
    """Inputs by name, each with a row an example, and labels: n, or n×2 for the first and last token of an answer."""

    inputs: dict
    labels: "torch.Tensor"


@dataclass
class Data:
    train: Part
    validation: Part
    test: Part
    # Classes; for answers in a text its tokens.
    classes: int
    spans: bool = False


def data_of(options):
    if options.dry_run:
        from .generated import generated

        return generated(options)
    if options.task == "mnist":
        return images_of(options)
    return texts_of(options)


def divided(count, options):
    """A tenth of the learning part, drawn by the seed, judges settings; never more than --limit of either."""
    order = torch.randperm(count, generator=torch.Generator().manual_seed(options.seed))
    held = max(1, count // 10)
    limit = options.limit or count
    return order[held:][:limit], order[:held][:limit]


def images_of(options):
    torchvision = needed("torchvision")
    root = options.data_dir or "."
    try:
        train, test = (
            torchvision.datasets.MNIST(root, train=part, download=options.download) for part in (True, False)
        )
    except RuntimeError as error:
        raise TrainerError(
            f"no MNIST in {root}: --data-dir names the folder above MNIST/raw, or add --download ({error})"
        ) from error

    def part(images, chosen):
        pixels = (images.data[chosen].float().unsqueeze(1) / 255 - 0.1307) / 0.3081
        return Part({"pixels": pixels}, images.targets[chosen])

    learn, hold = divided(len(train), options)
    return Data(part(train, learn), part(train, hold), part(test, torch.arange(len(test))[: options.limit]), 10)


def texts_of(options):
    glue = options.task == "glue"
    columns, reported = (
        (GLUE_COLUMNS[options.glue_task], "validation_matched" if options.glue_task == "mnli" else "validation")
        if glue
        else COLUMNS[options.task]
    )
    name = DATASETS[options.task]
    sets = text_sets(options, (name, options.glue_task) if glue else (name,))
    for part in ("train", reported):
        if part not in sets or any(column not in sets[part].column_names for column in columns):
            raise TrainerError(f"--data-dir: expected a part {part!r} with the columns {', '.join(columns)}")
    learn, hold = divided(len(sets["train"]), options)
    test = sets[reported].select(range(min(len(sets[reported]), options.limit or len(sets[reported]))))
    rows = [sets["train"].select(learn.tolist()), sets["train"].select(hold.tolist()), test]
    if options.task == "squad":
        tokenizer = tokenizer_of(options)
        parts = [answers(tokenizer, part, options.max_length) for part in rows]
        return Data(*parts, classes=options.max_length, spans=True)
    encode = hashed if options.model == "cnn" else encoder(tokenizer_of(options))
    parts = [
        Part(encode([list(part[c]) for c in columns], options.max_length), torch.tensor(list(part["label"])))
        for part in rows
    ]
    return Data(*parts, classes=int(max(part.labels.max() for part in parts)) + 1)


def text_sets(options, name):
    """The parts by name, from --data-dir or the libraries' cache."""
    if not options.download:
        os.environ["HF_DATASETS_OFFLINE"] = os.environ["HF_HUB_OFFLINE"] = "1"
    datasets = needed("datasets")
    try:
        if options.data_dir:
            return datasets.load_from_disk(options.data_dir)
        return datasets.load_dataset(*name)
    except Exception as error:  # the library has many kinds for "not there"
        raise TrainerError(
            f"no data for {'/'.join(name)}: {'is --data-dir what save_to_disk wrote?' if options.data_dir else 'not in the cache; add --download once, or --data-dir'}"
            f" ({type(error).__name__}: {str(error).splitlines()[0]})"
        ) from error


def tokenizer_of(options):
    if not options.download:
        os.environ["HF_HUB_OFFLINE"] = "1"
    transformers = needed("transformers")
    path = options.model_path or PRETRAINED[options.model]
    try:
        return transformers.AutoTokenizer.from_pretrained(path, use_fast=True)
    except (OSError, ValueError) as error:
        raise TrainerError(
            f"no tokenizer of {path}: not in the cache; add --download once, or --model-path ({str(error).splitlines()[0]})"
        ) from error


def encoder(tokenizer):
    def encode(columns, length):
        tokens = tokenizer(*columns, padding="max_length", truncation=True, max_length=length, return_tensors="pt")
        return dict(tokens)

    return encode


def hashed(columns, length):
    """Words by a hash that is the same in every process."""
    rows = torch.zeros(len(columns[0]), length, dtype=torch.long)
    for i, texts in enumerate(zip(*columns)):
        words = " ".join(texts).lower().split()[:length]
        rows[i, : len(words)] = torch.tensor([1 + zlib.crc32(w.encode()) % (WORDS - 1) for w in words], dtype=torch.long)
    return {"input_ids": rows}


def answers(tokenizer, part, length):
    """Questions with contexts cut to `length`; those whose answer lies beyond the cut are left out."""
    tokens = tokenizer(
        list(part["question"]), list(part["context"]), padding="max_length", truncation="only_second", max_length=length
    )
    kept, positions = [], []
    for i, answer in enumerate(part["answers"]):
        if not answer["text"]:
            continue
        first = answer["answer_start"][0]
        last = first + len(answer["text"][0]) - 1
        span = [tokens.char_to_token(i, at, sequence_index=1) for at in (first, last)]
        if None not in span:
            kept.append(i)
            positions.append(span)
    if not kept:
        raise TrainerError(f"no answer lies within the first {length} tokens; raise --max-length")
    return Part({name: torch.tensor(values)[kept] for name, values in tokens.items()}, torch.tensor(positions))


