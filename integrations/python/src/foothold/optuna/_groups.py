"""Which parameters occur together: the groups of a space that the objective defines while it runs."""

from __future__ import annotations

from collections.abc import Iterable

from optuna.distributions import BaseDistribution
from optuna.trial import FrozenTrial


class Groups:
    """The parameters of a study's finished trials, in groups of those that always occur together.

    Distributions are those of the latest trial that has the parameter: a range that the objective has changed counts as it is
    now. Parameters of which there is one value only are left out.
    """

    def __init__(self) -> None:
        self._count = 0
        self._groups: list[frozenset[str]] = []
        # What all trials with a group have, by the group.
        self._context: dict[frozenset[str], frozenset[str]] = {}
        self._sets: set[frozenset[str]] = set()
        self._latest: dict[str, tuple[int, BaseDistribution]] = {}

    def add(self, trial: FrozenTrial) -> None:
        """Takes a finished trial into account."""
        names = set()
        for name, distribution in trial.distributions.items():
            if distribution.single():
                continue
            names.add(name)
            if name not in self._latest or self._latest[name][0] < trial.number:
                self._latest[name] = (trial.number, distribution)
        self._count += 1
        together = frozenset(names)
        if together not in self._sets:
            self._sets.add(together)
            self._split(together)

    def _split(self, names: frozenset[str]) -> None:
        parts = []
        rest = names
        for group in self._groups:
            parts += [group & names, group - names]
            rest -= group
        self._groups = [part for part in [*parts, rest] if part]
        self._context = {
            group: frozenset.intersection(*(names for names in self._sets if group <= names)) for group in self._groups
        }

    @property
    def common(self) -> dict[str, BaseDistribution]:
        """The parameters that every trial has."""
        if not self._sets:
            return {}
        return self.distributions(frozenset.intersection(*self._sets))

    @property
    def is_static(self) -> bool:
        """Whether every trial has had the same parameters."""
        return len(self._sets) == 1

    def context(self, name: str) -> frozenset[str] | None:
        """The parameters that every trial with this one has, itself among them; None where no trial has it."""
        for group, context in self._context.items():
            if name in group:
                return context
        return None

    def distributions(self, names: Iterable[str]) -> dict[str, BaseDistribution]:
        """The latest distributions of these parameters."""
        return {name: self._latest[name][1] for name in sorted(names)}
