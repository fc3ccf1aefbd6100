"""Evaluations of an objective, one after another or in threads."""

from __future__ import annotations

import functools
import inspect
import math
import threading
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Union

from .errors import FootholdError, InvalidArgumentError, SpaceExhaustedError, TrialLimitError, TrialStateError
from .trial import Trial

if TYPE_CHECKING:
    from .study import Study

__all__ = ["Objective", "TrialPruned", "run_trials"]

Outcome = Union[float, Mapping[str, float]]
Objective = Union[Callable[[dict[str, Any]], Outcome], Callable[[dict[str, Any], Callable[..., None]], Outcome]]


class TrialPruned(Exception):
    """Ends a trial early: ``report`` raises it where the pruner says so, and an objective may."""


def run_trials(
    study: Study,
    objective: Objective,
    trials: int,
    *,
    workers: int,
    catch: tuple[type[Exception], ...],
    callback: Callable[[Study, Trial], None] | None,
) -> None:
    """Asks, evaluates and tells until the study has so many trials. The first exception ends all threads, and is raised."""
    if not (isinstance(trials, int) and trials > 0):
        raise InvalidArgumentError(f"trials is {trials!r}, allowed is a whole number above 0")
    if not (isinstance(workers, int) and workers > 0):
        raise InvalidArgumentError(f"workers is {workers!r}, allowed is a whole number above 0")
    evaluate = _with_report(objective)
    stop = threading.Event()
    errors: list[BaseException] = []

    def work() -> None:
        try:
            while not stop.is_set():
                try:
                    trial = study.ask(limit=trials)
                except (TrialLimitError, SpaceExhaustedError):
                    return
                is_told = _evaluate(study, evaluate, trial, catch=catch)
                if is_told and callback is not None:
                    callback(study, trial)
        except BaseException as error:  # noqa: BLE001
            errors.append(error)
            stop.set()

    threads = [threading.Thread(target=work, name=f"foothold-{index}") for index in range(1, workers)]
    try:
        for thread in threads:
            thread.start()
        work()
        for thread in threads:
            thread.join()
    except BaseException:
        # An interrupt while this one waits: the others end with what they evaluate.
        stop.set()
        raise
    if errors:
        raise _with_others(errors)


def _with_others(errors: Sequence[BaseException]) -> BaseException:
    """The first error, which has what the others could not tell."""
    first, *others = errors
    untold = [of.details for of in others if isinstance(of, FootholdError) and "number" in of.details]
    if untold and isinstance(first, FootholdError):
        first.details["others"] = untold
    return first


def _evaluate(
    study: Study, evaluate: Callable[..., Any], trial: Trial, *, catch: tuple[type[Exception], ...]
) -> bool:
    """Evaluates and tells one trial. False where somebody else has ended or taken it."""
    refused: list[FootholdError] = []

    def report(step: float, value: float, metrics: Mapping[str, float] | None = None) -> None:
        try:
            prune = study.report(trial, step, value, metrics)
        except FootholdError as error:
            refused.append(error)
            raise
        if prune:
            raise TrialPruned(f"at step {step}")

    try:
        outcome = evaluate(dict(trial.params), report)
    except TrialPruned:
        return _tell(study, trial, {"state": "pruned"})
    except Exception as error:
        own = any(error is of for of in refused)
        if own and isinstance(error, TrialStateError):
            study._requests.give_back(trial.number)
            return False
        if own and not isinstance(error, InvalidArgumentError):
            # Such as a server that is gone: the evaluation has not failed.
            study._requests.give_back(trial.number)
            raise
        is_told = _tell_failed(study, trial, error)
        if own or not isinstance(error, catch):
            raise
        return is_told
    except BaseException:
        # The program is interrupted: who goes on with the study gets the trial again.
        study._requests.give_back(trial.number)
        raise
    try:
        told = _told(outcome, study)
    except InvalidArgumentError as error:
        _tell_failed(study, trial, error)
        raise
    return _tell(study, trial, told)


def _tell(study: Study, trial: Trial, told: Mapping[str, Any]) -> bool:
    """Tells the outcome. False where somebody else has ended or taken the trial, which stays as it is."""
    try:
        study.tell(trial, **told)
        return True
    except TrialStateError:
        study._requests.give_back(trial.number)
        return False
    except InvalidArgumentError as error:
        # Such as a metric that the study's limits are about and the objective did not give.
        if told.get("state") != "failed":
            _tell_failed(study, trial, error)
        raise
    except FootholdError as error:
        outcome = {name: of for name, of in told.items() if of is not None}
        error.details.update(outcome, number=trial.number)
        error.args = (f"{error}; trial {trial.number} came to {outcome}, which the study may not have",)
        study._requests.give_back(trial.number)
        raise
    except BaseException:
        study._requests.give_back(trial.number)
        raise


def _tell_failed(study: Study, trial: Trial, error: Exception) -> bool:
    try:
        return _tell(study, trial, {"state": "failed", "reason": f"{type(error).__name__}: {error}"})
    except FootholdError as second:
        raise second from error


def _told(outcome: Any, study: Study) -> dict[str, Any]:
    """What the objective gave, as arguments of a tell."""
    if isinstance(outcome, Mapping):
        metrics = {str(name): _number(name, value, outcome) for name, value in outcome.items()}
        first = next(iter(study.objectives)) if study.objectives else "value"
        missing = [name for name in (study.objectives or ["value"]) if name not in metrics]
        if missing:
            raise InvalidArgumentError(
                f"the objective gave {metrics!r}, allowed is a dictionary with {', '.join(missing)}",
            )
        value = metrics[first]
        if not study.objectives:
            del metrics["value"]
    else:
        try:
            value, metrics = _float(outcome), {}
        except Exception as error:
            raise InvalidArgumentError(
                f"the objective gave {outcome!r}, allowed is a number, or a dictionary of numbers by their names"
            ) from error
    for name, of in {"value": value, **metrics}.items():
        if not math.isfinite(of):
            return {"state": "failed", "reason": f"{name} is {of}"}
    return {"value": value, "metrics": metrics or None}


def _number(name: Any, value: Any, outcome: Any) -> float:
    try:
        return _float(value)
    except Exception as error:
        raise InvalidArgumentError(
            f"the objective gave {outcome!r}: {name} is {value!r}, allowed is a number",
            details={"argument": str(name), "value": repr(value), "allowed": "a number"},
        ) from error


def _float(value: Any) -> float:
    """As ``float``, and infinite where that overflows. Raises what the object raises: a tensor of several elements a RuntimeError."""
    try:
        return float(value)
    except OverflowError:
        return math.inf if value > 0 else -math.inf


def _with_report(objective: Any) -> Callable[..., Any]:
    """The objective as a function of the parameters and ``report``, which it gets where it takes it."""
    try:
        parameters = list(inspect.signature(objective).parameters.values())
    except (TypeError, ValueError):
        return lambda params, _: objective(params)
    by_name = (inspect.Parameter.POSITIONAL_OR_KEYWORD, inspect.Parameter.KEYWORD_ONLY)
    by_position = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
    bound = objective.keywords if isinstance(objective, functools.partial) else {}
    if any(of.name == "report" and of.kind in by_name for of in parameters[1:]) and "report" not in bound:
        return lambda params, report: objective(params, report=report)
    if sum(of.kind in by_position and of.default is of.empty for of in parameters) >= 2:
        return objective  # type: ignore[no-any-return]
    return lambda params, _: objective(params)
