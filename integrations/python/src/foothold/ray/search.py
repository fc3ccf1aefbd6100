"""``FootholdSearch``: the engine of Foothold behind the interface of Ray Tune's searchers."""

from __future__ import annotations

import secrets
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from ray.tune.result import DEFAULT_METRIC, TRAINING_ITERATION
from ray.tune.search import Searcher

from .._check_whole import check_whole
from ..errors import InvalidArgumentError, OutOfSpaceError, SpaceExhaustedError
from ._options import check_objective, check_points
from ._outcome import ended_early, number_in, outcome_of
from ._space import Space
from ._state_file import read_state, write_state
from ._study import EngineStudy


@dataclass(frozen=True)
class _Trial:
    """A trial: its parameters as the engine has them, and its last result."""

    params: dict[str, Any]
    value: float | None = None
    step: float | None = None
    reported: float = -1.0
    is_given_up: bool = False
    outcome: dict[str, Any] | None = None


class FootholdSearch(Searcher):  # type: ignore[misc]
    """A searcher for Ray Tune: Bayesian optimization by the engine of Foothold.

    Running trials are taken into account, so that any number may run at once (``ConcurrencyLimiter``). A trial counts with the metric
    of its last result; one without a finite value, or with an error, counts as failed. Where the space is finite and has no other
    point, the search has finished.

    The engine is not in the state: a saved, pickled or restored searcher has all that it was told, and brings an engine to the same
    state. The same holds where the engine's process ends.

    Args:
        space: domains of Ray Tune in nested dictionaries. Default: ``param_space`` of the tuner. Numbers of ``tune.choice`` in rising or
            falling order count as ordered.
        metric: name of the metric. Default: that of the tuner.
        mode: "min" or "max". Default: that of the tuner.
        points_to_evaluate: configurations to start with, nested or with names such as "optimizer/lr"; parameters that one lacks are chosen.
        evaluated_rewards: the metric of each of these points, where they are evaluated already.
        seed: the same seed gives the same suggestions, where results come in the same order. Default: another one in each searcher.
        n_trials: how many trials are planned in all; the engine plans by it, and nothing stops at it. Default: ``num_samples`` of the
            tuner.
        sampler: another sampler of the engine by its name ("gp", "tpe", "random", "cma-es", …), or a dictionary with its ``name`` and
            options.
        pruner: a pruner of the engine ("asha", "median", "hyperband", …), or a dictionary with its ``name`` and options. Trials are
            stopped where the tuner's scheduler is a ``FootholdScheduler``.
        max_t: the ``time_attr`` of a whole trial. One that ends before it, such as one that a scheduler of Ray stopped, counts as
            pruned: as what it is expected to have come to. Default: every trial that ends without error is a whole one.
        time_attr: name of the result that has the progress of a trial.
        repeat: whether the same parameters may be suggested again, for noisy metrics.

    Raises exceptions of ``foothold.errors``: InvalidArgumentError and UnsupportedError that name the argument or parameter, its value
    and what is allowed; without an engine EngineMissingError.
    """

    def __init__(
        self,
        space: Mapping[str, Any] | None = None,
        metric: str | None = None,
        mode: str | None = None,
        points_to_evaluate: Sequence[Mapping[str, Any]] | None = None,
        evaluated_rewards: Sequence[float] | None = None,
        *,
        seed: int | None = None,
        n_trials: int | None = None,
        sampler: str | Mapping[str, Any] = "auto",
        pruner: str | Mapping[str, Any] | None = None,
        max_t: int | None = None,
        time_attr: str = TRAINING_ITERATION,
        repeat: bool = False,
    ) -> None:
        check_objective(metric, mode)
        check_whole("seed", seed)
        check_whole("n_trials", n_trials, 1)
        check_whole("max_t", max_t, 1)
        points = list(points_to_evaluate or [])
        rewards = None if evaluated_rewards is None else list(evaluated_rewards)
        check_points(points, rewards)
        super().__init__(metric=metric, mode=mode)
        self._metric: str | None = metric
        self._mode: str | None = mode
        self._seed = secrets.randbits(32) if seed is None else seed
        self._n_trials = n_trials
        self._sampler = sampler
        self._pruner = pruner
        self._max_t = max_t
        self._time_attr = time_attr
        self._repeat = repeat
        self._points = points
        self._rewards = rewards
        self._trials: dict[str, _Trial] = {}
        self._study: EngineStudy | None = None
        self._space: Space | None = None
        self._is_own_space = space is not None
        if space is not None:
            self._set_space(space)

    def set_search_properties(self, metric: str | None, mode: str | None, config: dict[str, Any], **spec: Any) -> bool:
        """Takes the tuner's metric, mode, number of samples and space, where the searcher has none of its own."""
        check_objective(metric, mode)
        if self._study is None:
            self._metric = metric if self._metric is None else self._metric
            self._mode = mode if self._mode is None else self._mode
            samples = spec.get("num_samples")
            if self._n_trials is None and isinstance(samples, int) and samples > 0:
                self._n_trials = samples
        if self._is_own_space:
            return False
        space = Space(config)
        if self._space is not None:
            return space.described() == self._space.described()
        self._set_space(config)
        return True

    def suggest(self, trial_id: str) -> dict[str, Any] | str:
        """A configuration; ``FINISHED`` where every point of a finite space has been given out."""
        study, space = self._opened()
        if trial_id in self._trials:
            return space.received(self._trials[trial_id].params)
        given = space.sent(self._points[0], whole=False) if self._points else None
        try:
            params = study.ask(trial_id, given)
        except SpaceExhaustedError:
            return str(Searcher.FINISHED)
        self._points = self._points[1:]
        self._trials[trial_id] = _Trial(params)
        return space.received(params)

    def on_trial_result(self, trial_id: str, result: dict[str, Any]) -> None:
        """Takes an intermediate result."""
        self._take(trial_id, result)

    def should_prune(self, trial_id: str, result: Mapping[str, Any]) -> bool:
        """Takes an intermediate result, and says whether the pruner gives the trial up, which then counts as pruned.

        ``FootholdScheduler`` asks this, and stops the trial.
        """
        gives_up = self._take(trial_id, result)
        trial = self._trials.get(trial_id)
        if trial is None or trial.outcome is not None:
            return False
        if gives_up and not trial.is_given_up:
            self._trials[trial_id] = trial = replace(trial, is_given_up=True)
        return trial.is_given_up

    def on_trial_complete(self, trial_id: str, result: dict[str, Any] | None = None, error: bool = False) -> None:
        """Takes the end of a trial. One that Ray removed before it had a result counts nowhere."""
        study, _ = self._opened()
        if trial_id not in self._trials:
            self._load_unknown(result, error)
            return
        if result:
            self._take(trial_id, result)
        trial = self._trials[trial_id]
        if trial.outcome is None and not result and not error and trial.step is None:
            study.delete(trial_id)
            self._trials[trial_id] = replace(trial, outcome={"state": "deleted"})
            return
        outcome = self._outcome(trial, result, error)
        if trial.outcome is None:
            study.tell(trial_id, outcome)
        elif trial.outcome != outcome and not error:
            # A trial that had failed and ran again.
            study.load({"params": trial.params, **outcome})
        self._trials[trial_id] = replace(trial, outcome=outcome)

    def add_evaluated_point(
        self,
        parameters: dict[str, Any],
        value: float,
        error: bool = False,
        pruned: bool = False,
        intermediate_values: list[float] | None = None,
    ) -> None:
        """Takes an evaluation from elsewhere, such as an earlier experiment: configuration, metric and how it ended.

        Raises InvalidArgumentError where space, metric and mode are not known yet, OutOfSpaceError for a point outside.
        """
        study, space = self._opened()
        params = space.sent(parameters)
        outcome = outcome_of(value, self._metric_name, error=error, pruned=pruned)
        values = [number_in({"value": value}, "value") for value in intermediate_values or []]
        study.load({"params": params, **outcome}, {step: value for step, value in enumerate(values, 1) if value is not None})

    def save(self, checkpoint_path: str) -> None:
        """Writes the state to this file, which is there whole or not at all."""
        write_state(checkpoint_path, self.get_state())

    def restore(self, checkpoint_path: str) -> None:
        """Takes the state from this file in place of its own. Raises StorageError for a file of something else."""
        self.set_state(read_state(checkpoint_path))

    def get_state(self) -> dict[str, Any]:
        """All that the searcher was told, without the engine; it may be pickled."""
        return self.__getstate__()

    def set_state(self, state: dict[str, Any]) -> None:
        """Takes the state in place of its own."""
        self.__setstate__(state)

    def __getstate__(self) -> dict[str, Any]:
        study = None if self._study is None else self._study.copy()
        return {**self.__dict__, "_study": study, "_trials": dict(self._trials)}

    def __setstate__(self, state: Mapping[str, Any]) -> None:
        study = state["_study"]
        self.__dict__.update({**state, "_study": None if study is None else study.copy(), "_trials": dict(state["_trials"])})

    def _set_space(self, config: Mapping[str, Any]) -> None:
        space = Space(config, with_constants=self._is_own_space)
        for index, point in enumerate(self._points):
            space.check_names(point, f"points_to_evaluate[{index}]")
            space.sent(point, whole=self._rewards is not None)
        self._space = space

    @property
    def _metric_name(self) -> str:
        # As in Ray's own searchers: the value of a function that returns one number.
        return self._metric or str(DEFAULT_METRIC)

    def _opened(self) -> tuple[EngineStudy, Space]:
        if self._space is None:
            raise InvalidArgumentError("space is not known, give it to FootholdSearch or as param_space of the tuner")
        if self._mode is None:
            raise InvalidArgumentError(
                f"metric is {self._metric!r} and mode {self._mode!r}, allowed are a metric and 'min' or 'max': give them to "
                "FootholdSearch or to the tuner"
            )
        if self._study is None:
            self._study = EngineStudy(self._create())
            self._load_points()
        return self._study, self._space

    def _take(self, trial_id: str, result: Mapping[str, Any]) -> bool:
        """Notes a result, and reports it where the engine needs it. A step counts once. True where the pruner gives the trial up."""
        trial = self._trials.get(trial_id)
        if trial is None:
            return False
        step = number_in(result, self._time_attr)
        value = number_in(result, self._metric_name) if self._metric_name in result else trial.value
        trial = replace(trial, value=value, step=trial.step if step is None else step)
        self._trials[trial_id] = trial
        has_reports = (self._pruner is not None or self._max_t is not None) and trial.outcome is None
        if not has_reports or step is None or value is None or step <= trial.reported:
            return False
        self._trials[trial_id] = replace(trial, reported=step)
        return self._opened()[0].report(trial_id, step, value)

    def _create(self) -> dict[str, Any]:
        assert self._space is not None
        return {
            "space": self._space.described(),
            "direction": "minimize" if self._mode == "min" else "maximize",
            "seed": self._seed,
            "sampler": self._sampler,
            **({} if self._pruner is None else {"pruner": self._pruner}),
            **({} if self._n_trials is None else {"trials": self._n_trials}),
            **({"repeat": True} if self._repeat else {}),
        }

    def _load_points(self) -> None:
        if self._rewards is None:
            return
        points, rewards, self._points, self._rewards = self._points, self._rewards, [], None
        for point, reward in zip(points, rewards):
            self.add_evaluated_point(dict(point), reward)

    def _outcome(self, trial: _Trial, result: Mapping[str, Any] | None, error: bool) -> dict[str, Any]:
        is_pruned = ended_early(trial.step, self._max_t, otherwise=trial.is_given_up)
        value = trial.value if not result or trial.value is not None else result.get(self._metric_name)
        return outcome_of(value, self._metric_name, error=error, pruned=is_pruned)

    def _load_unknown(self, result: Mapping[str, Any] | None, error: bool) -> None:
        """A trial that another searcher suggested, such as one that Ray runs again under another name after it failed."""
        study, space = self._opened()
        result = result or {}
        config = {name.removeprefix("config/"): value for name, value in result.items() if name.startswith("config/")}
        if not config:
            return  # it had no result
        try:
            params = space.sent_flat(config)
        except OutOfSpaceError as failure:
            warnings.warn(f"a trial of Ray takes no part in the search: {failure}", stacklevel=3)
            return
        step, value = number_in(result, self._time_attr), number_in(result, self._metric_name)
        is_pruned = ended_early(step, self._max_t)
        outcome = outcome_of(result.get(self._metric_name), self._metric_name, error=error, pruned=is_pruned)
        reports = {} if step is None or value is None or not is_pruned else {step: value}
        study.load({"params": params, **outcome}, reports)
