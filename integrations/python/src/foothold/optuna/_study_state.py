"""What a sampler knows of one study of Optuna between two trials."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from optuna.distributions import BaseDistribution
from optuna.trial import FrozenTrial, TrialState

from ._groups import Groups
from ._kept import Kept
from ._outcome import constraints_of
from ._search import Search

# Searches of spaces that the objective has left are forgotten.
_MOST_SEARCHES = 32

SpaceKey = tuple[tuple[str, BaseDistribution], ...]


class StudyState:
    """The groups of a study's parameters, its constraints, and a warm search for each space."""

    def __init__(self) -> None:
        self.groups = Groups()
        self.constraints: tuple[str, ...] = ()
        self.with_reports = False
        self._seen: set[int] = set()
        self._searches: OrderedDict[Any, Search] = OrderedDict()
        self._kept: dict[int, Kept] = {}

    def see(self, trials: Iterable[FrozenTrial]) -> None:
        """Takes the trials into account that have finished since."""
        for trial in trials:
            if trial.number in self._seen or not trial.state.is_finished():
                continue
            self._seen.add(trial.number)
            self._kept.pop(trial.number, None)
            if trial.state == TrialState.FAIL:
                continue
            self.groups.add(trial)
            self.with_reports |= trial.state == TrialState.PRUNED
            names = constraints_of(trial).keys() - set(self.constraints)
            if names:
                self.constraints = tuple(sorted({*self.constraints, *names}))

    def search(self, distributions: Mapping[str, BaseDistribution], repeat: bool, make: Callable[[], Search]) -> Search:
        """The warm search of this space, else the one that `make` gives."""
        space = tuple(sorted(distributions.items(), key=lambda item: item[0]))
        key = (space, repeat, self.constraints, self.with_reports)
        search = self._searches.get(key)
        if search is None or not search.is_alive:
            search = self._searches[key] = make()
            while len(self._searches) > _MOST_SEARCHES:
                self._searches.popitem(last=False)
        self._searches.move_to_end(key)
        return search

    def forget_searches(self) -> None:
        self._searches.clear()

    def kept(self, number: int) -> Kept:
        """What was chosen here for the running trial of this number; to be added to."""
        return self._kept.setdefault(number, Kept())
