"""One error for everything that the person at the command line can put right."""


class TrainerError(Exception):
    """Something is missing or wrong; the message says what to do about it."""


def needed(module, package=None):
    """The module, or a TrainerError that says how to install it."""
    import importlib

    try:
        return importlib.import_module(module)
    except ImportError as error:
        raise TrainerError(
            f"{module} does not load ({error}). Install it with: pip install {package or module}"
        ) from error
