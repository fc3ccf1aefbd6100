"""``FootholdSampler``: the engine of Foothold behind the interface of Optuna's samplers."""

from __future__ import annotations

import os
import random
import secrets
import threading
import weakref
import zlib
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from optuna.distributions import BaseDistribution
from optuna.samplers import BaseSampler
from optuna.study import Study
from optuna.trial import FrozenTrial, TrialState

from .._check_whole import check_whole
from .._conversation import shared_engine
from .._engine import Engine
from ..errors import EngineDiedError, InvalidArgumentError, SpaceExhaustedError
from ._constraints import set_constraints
from ._kept import Kept
from ._options import objectives_of, source_of, transfer_of
from ._outcome import Outcomes
from ._search import Search
from ._space import Space, contains, drawn, middle
from ._study_state import StudyState


class FootholdSampler(BaseSampler):  # type: ignore[misc]
    """A sampler for Optuna 4 and 5: Bayesian optimization by the engine of Foothold.

    Optuna's storage is what counts: before each suggestion the engine learns what its trials came to, whoever ran them, and which
    parameters running ones have. Parameters that all trials have are chosen together. Those that only some trials have are chosen when
    the objective asks for them, given the values that the trial has by then. A parameter that no finished trial has is in the middle
    of its range in trial 0 and drawn uniformly after that.

    One or several objectives; constraints by ``Trial.set_constraint`` or ``constraints_func``; pruned trials count as what they
    are expected to have come to. Any number of threads may use a sampler, and processes that share a storage see each other's
    running trials. The engine is not in a pickled sampler.

    Args:
        seed: the same seed gives the same suggestions, where trials run one after the other. A whole number; None: another one
            in each process.
        n_trials: how many trials are planned in all; the engine plans by it, and nothing stops at it.
        constraints_func: the constraints of a finished trial, each feasible at 0 or less; called as Optuna's own samplers do.
        transfer: earlier studies of one objective each, from which the search starts. They are read here, once.
        sampler: another sampler of the engine by its name ("gp", "tpe", "random", "cma-es", …), or a dictionary with its ``name`` and
            options.
        engine: what makes the suggestions. Default: one that all samplers of the process share.

    Raises InvalidArgumentError for a seed or a number of trials that is no whole number, and for a source of several objectives.
    Its methods raise exceptions of ``foothold.errors``; without an engine EngineMissingError.
    """

    def __init__(
        self,
        *,
        seed: int | None = None,
        n_trials: int | None = None,
        constraints_func: Callable[[FrozenTrial], Sequence[float]] | None = None,
        transfer: Sequence[Study] = (),
        sampler: str | Mapping[str, Any] = "auto",
        engine: Engine | None = None,
    ) -> None:
        check_whole("seed", seed)
        check_whole("n_trials", n_trials, 1)
        self._given_seed = seed
        self._n_trials = n_trials
        self._constraints_func = constraints_func
        self._sources = [source_of(study) for study in transfer]
        self._sampler = sampler if isinstance(sampler, str) else dict(sampler)
        self._engine = engine
        self._begin()

    def _begin(self) -> None:
        _SAMPLERS.add(self)
        self._lock = threading.RLock()
        self._drawn_seed: tuple[int, int] | None = None
        # By the storage, which a study of Optuna that was loaded twice has twice, and what tells its studies from each other.
        self._states: weakref.WeakKeyDictionary[Any, dict[Any, StudyState]] = weakref.WeakKeyDictionary()

    def __getstate__(self) -> dict[str, Any]:
        fleeting = ("_lock", "_drawn_seed", "_states")
        return {name: value for name, value in self.__dict__.items() if name not in fleeting}

    def __setstate__(self, state: Mapping[str, Any]) -> None:
        self.__dict__.update(state)
        self._begin()

    def reseed_rng(self) -> None:
        """Another seed for what is drawn from here on. Warm searches go on: no other process has a copy of them."""
        with self._lock:
            self._drawn_seed = (os.getpid(), secrets.randbits(32))

    def infer_relative_search_space(self, study: Study, trial: FrozenTrial) -> dict[str, BaseDistribution]:
        """The parameters that every finished trial has, with the ranges that they had last."""
        with self._lock:
            state = self._state(study)
            state.see(study._get_trials(deepcopy=False, use_cache=True))
            return state.groups.common

    def sample_relative(
        self, study: Study, trial: FrozenTrial, search_space: dict[str, BaseDistribution]
    ) -> dict[str, Any]:
        """Values for all parameters of the space; those that were enqueued are given, not chosen."""
        space = {name: distribution for name, distribution in search_space.items() if not distribution.single()}
        if not space:
            return {}
        enqueued = trial.system_attrs.get("fixed_params", {})
        fixed = {
            name: enqueued[name]
            for name, distribution in space.items()
            if name in enqueued and contains(distribution, enqueued[name])
        }
        return self._sample(study, trial, space, fixed)

    def sample_independent(
        self, study: Study, trial: FrozenTrial, param_name: str, param_distribution: BaseDistribution
    ) -> Any:
        """A value for a parameter that not every trial has, given those that this one has."""
        with self._lock:
            state = self._state(study)
            known = state.kept(trial.number).params
            if param_name not in known and (space := self._conditional_space(state, param_name, param_distribution)):
                fixed = {name: value for name, value in trial.params.items() if name in space}
                if all(contains(space[name], value) for name, value in fixed.items()):
                    self._sample(study, trial, space, fixed)
            if param_name in known and contains(param_distribution, known[param_name]):
                return known[param_name]
        if trial.number == 0:
            return middle(param_distribution)
        return drawn(param_distribution, random.Random(f"{self._seed()} {trial.number} {param_name}"))

    def after_trial(self, study: Study, trial: FrozenTrial, state: TrialState, values: Sequence[float] | None) -> None:
        """Keeps what ``constraints_func`` says of the trial."""
        if self._constraints_func is not None:
            set_constraints(self._constraints_func, study, trial, state)

    def _conditional_space(
        self, state: StudyState, name: str, distribution: BaseDistribution
    ) -> dict[str, BaseDistribution] | None:
        """The space in which a parameter is chosen that not every trial has; None where no trial has it, or in another form."""
        context = state.groups.context(name)
        if context is None:
            return None
        space = state.groups.distributions(context)
        return space if space[name] == distribution else None

    def _sample(
        self, study: Study, trial: FrozenTrial, space: dict[str, BaseDistribution], fixed: Mapping[str, Any]
    ) -> dict[str, Any]:
        with self._lock:
            state = self._state(study)
            trials = study._get_trials(deepcopy=False, use_cache=True)
            state.see(trials)
            kept = state.kept(trial.number)
            engine = self._engine or shared_engine()
            process = engine.started
            try:
                params = self._suggested(study, state, trials, kept, trial.number, space, fixed)
            except (EngineDiedError, InvalidArgumentError) as error:
                # An engine that another thread has started again does not know the session either.
                if isinstance(error, InvalidArgumentError) and engine.started == process:
                    raise
                # The next engine learns from Optuna's storage what the one before knew.
                state.forget_searches()
                params = self._suggested(study, state, trials, kept, trial.number, space, fixed)
            kept.params.update(params)
            attributes = kept.attributes({**trial.distributions, **space})
        for key, text in attributes.items():
            study._storage.set_trial_system_attr(trial._trial_id, key, text)
        return params

    def _suggested(
        self,
        study: Study,
        state: StudyState,
        trials: Sequence[FrozenTrial],
        kept: Kept,
        number: int,
        space: dict[str, BaseDistribution],
        fixed: Mapping[str, Any],
    ) -> dict[str, Any]:
        # A part of what the objective depends on: two trials with the same values of it differ.
        is_whole = state.groups.is_static and space.keys() >= state.groups.common.keys()
        for repeat in (False, True) if is_whole else (True,):
            search = state.search(space, repeat, lambda: self._search(study, state, space, repeat))
            search.follow(trials, number)
            try:
                params, sampler_state = search.ask(number, fixed)
                if sampler_state is not None:
                    kept.states[search.part] = sampler_state
                return params
            except SpaceExhaustedError:
                if repeat:
                    raise
        raise AssertionError("unreachable")

    def _search(
        self, study: Study, state: StudyState, distributions: dict[str, BaseDistribution], repeat: bool
    ) -> Search:
        space = Space(distributions)
        is_common = distributions.keys() == state.groups.common.keys()
        # Each part of the space has draws of its own.
        part = 0 if is_common else zlib.crc32("\n".join(sorted(distributions)).encode())
        options = {
            "seed": (self._seed() + part) % 2**48,
            "sampler": self._sampler,
            **objectives_of(study.directions, state.constraints),
            **({"repeat": True} if repeat else {}),
            **({} if self._n_trials is None else {"trials": self._n_trials}),
            **transfer_of(self._sources, space),
        }
        outcomes = Outcomes(study.directions, state.constraints)
        engine = self._engine or shared_engine()
        return Search(engine, space, outcomes, options, with_reports=state.with_reports, part=str(part))

    def _state(self, study: Study) -> StudyState:
        # Hyperband shows each bracket of a study as a study of its own.
        key = (study._study_id, study.study_name, getattr(study, "_bracket_id", None))
        return self._states.setdefault(study._storage, {}).setdefault(key, StudyState())

    def _seed(self) -> int:
        """The seed of this process."""
        process = os.getpid()
        with self._lock:
            if self._drawn_seed is not None and self._drawn_seed[0] == process:
                return self._drawn_seed[1]
            if self._given_seed is not None:
                return self._given_seed
            self._drawn_seed = (process, secrets.randbits(32))
            return self._drawn_seed[1]


_SAMPLERS: weakref.WeakSet[FootholdSampler] = weakref.WeakSet()


def _after_fork_in_child() -> None:
    # Another thread of the parent may have had the lock. The engine of the searches stays the parent's.
    for sampler in list(_SAMPLERS):
        sampler._begin()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork_in_child)
