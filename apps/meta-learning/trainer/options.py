"""The command line."""

import argparse
import math

TEXT = ("imdb", "ag_news", "glue")
# What each family can learn here.
TASKS = {
    "bert": (*TEXT, "squad"),
    "distilbert": (*TEXT, "squad"),
    "roberta": (*TEXT, "squad"),
    "cnn": (*TEXT, "mnist"),
    "resnet": ("mnist",),
}
GLUE = ("cola", "mrpc", "qnli", "qqp", "rte", "sst2", "wnli", "mnli")
# Full names in the hub: its libraries no longer take those without an owner (huggingface_hub 1, datasets 5).
PRETRAINED = {
    "bert": "google-bert/bert-base-uncased",
    "distilbert": "distilbert/distilbert-base-uncased",
    "roberta": "FacebookAI/roberta-base",
}
DATASETS = {
    "imdb": "stanfordnlp/imdb",
    "ag_news": "fancyzhx/ag_news",
    "squad": "rajpurkar/squad",
    "glue": "nyu-mll/glue",
}


def number(low, high, whole=False, above=False):
    """A parser for numbers from low (or above it) to high."""
    bounds = f"{'above' if above else 'from'} {low:g}" + (f" to {high:g}" if high < math.inf else "")
    allowed = f"a {'whole ' if whole else ''}number {bounds}"

    def parser(text):
        try:
            value = int(text) if whole else float(text)
        except ValueError:
            raise argparse.ArgumentTypeError(f"{text!r} is not {allowed}") from None
        if not (low < value <= high or (value == low and not above)):
            raise argparse.ArgumentTypeError(f"{text} is not {allowed}")
        return value

    return parser


def parse(words):
    """The options of these words. Exits with 2 and what is wrong, as argparse does."""
    parser = argparse.ArgumentParser(
        prog="train.py",
        description="Trains one model on one task with one setting and prints its figures as one JSON line.",
        epilog="Nothing is downloaded unless --download is given: text comes from the cache of the Hugging Face "
        "libraries or from --data-dir, MNIST from --data-dir.",
    )
    parser.add_argument("--model", required=True, choices=TASKS, help="the family")
    parser.add_argument("--task", required=True, choices=(*TEXT, "squad", "mnist"), help="what it learns")
    parser.add_argument("--glue-task", default="sst2", choices=GLUE, help="which of GLUE's tasks (sst2)")
    setting = parser.add_argument_group("the setting, what a search chooses")
    setting.add_argument("--learning-rate", type=number(0, math.inf, above=True), default=None)
    setting.add_argument("--batch-size", type=number(1, math.inf, whole=True), default=32)
    setting.add_argument("--epochs", type=number(1, math.inf, whole=True), default=3, help="at most (3)")
    setting.add_argument("--dropout", type=number(0, 0.95), default=None, help="default: the model's own")
    setting.add_argument("--weight-decay", type=number(0, math.inf), default=0.0)
    loop = parser.add_argument_group("training")
    loop.add_argument(
        "--patience",
        type=number(1, math.inf, whole=True),
        default=3,
        help="epochs without a lower validation loss that end it (3)",
    )
    loop.add_argument(
        "--plateau",
        type=number(0, math.inf, whole=True),
        default=1,
        help="epochs without one that are endured until the rate is halved (1)",
    )
    loop.add_argument("--seed", type=number(0, 2**31, whole=True), default=1)
    loop.add_argument("--device", default="auto", help="auto, cpu, cuda, mps, … (auto)")
    data = parser.add_argument_group("data")
    data.add_argument("--limit", type=number(10, math.inf, whole=True), help="examples at most of each part")
    data.add_argument("--max-length", type=number(8, 512, whole=True), default=256, help="tokens of a text (256)")
    data.add_argument(
        "--data-dir", help="MNIST as torchvision keeps it, or a text task as datasets' save_to_disk keeps it"
    )
    data.add_argument("--model-path", help="a pretrained model other than the family's usual one, by name or folder")
    data.add_argument("--download", action="store_true", help="let the libraries fetch what is missing")
    data.add_argument(
        "--dry-run", action="store_true", help="a tiny model on generated data: checks the way, measures nothing"
    )
    options = parser.parse_args(words)
    if options.task not in TASKS[options.model]:
        parser.error(f"--task {options.task} is not for --model {options.model}; it takes {', '.join(TASKS[options.model])}")
    if options.model_path and options.model not in PRETRAINED:
        parser.error(f"--model-path is for {', '.join(PRETRAINED)}; {options.model} starts from random weights")
    if options.model == "resnet" and options.dropout:
        parser.error("--dropout is not for --model resnet, which has none; it takes --weight-decay")
    if options.learning_rate is None:
        options.learning_rate = {"cnn": 1e-3, "resnet": 0.1}.get(options.model, 3e-5)
    return options
