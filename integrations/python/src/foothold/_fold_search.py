"""A search that evaluates its candidates fold by fold."""

from __future__ import annotations

import math
import numbers
import warnings
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from sklearn.exceptions import FitFailedWarning
from sklearn.model_selection._search import BaseSearchCV
from sklearn.utils import check_random_state

from ._distributions import space_of
from .errors import SpaceExhaustedError
from .study import Study
from .trial import Trial

if TYPE_CHECKING:
    from .sklearn import FootholdSearchCV

__all__ = ["FoldByFold", "FoldSearch"]


class FoldByFold:
    """A splitter as a splitter of one fold, which is the one at ``fold``."""

    def __init__(self, splitter: Any) -> None:
        self._splitter = splitter
        self._folds: list[Any] | None = None
        self.fold = 0
        if hasattr(splitter, "get_metadata_routing"):
            self.get_metadata_routing = splitter.get_metadata_routing

    def get_n_splits(self, *_: Any, **__: Any) -> int:
        return 1

    def split(self, X: Any, y: Any = None, **params: Any) -> Iterator[Any]:
        yield self.folds(X, y, **params)[self.fold]

    def folds(self, X: Any, y: Any, **params: Any) -> list[Any]:
        """All folds, the same ones in each call."""
        if self._folds is None:
            count = self._splitter.get_n_splits(X, y, **params)
            self._folds = list(self._splitter.split(X, y, **params))
            if len(self._folds) != count:
                raise ValueError(
                    "cv.split and cv.get_n_splits return inconsistent results. "
                    f"Expected {count} splits, got {len(self._folds)}"
                )
            if count == 0:
                raise ValueError("No fits were performed. Was the CV iterator empty?")
        return self._folds


class FoldSearch(BaseSearchCV):  # type: ignore[misc]
    """What a fit does: rounds of candidates, each on one fold after the other."""

    def __init__(self, of: FootholdSearchCV, cv: FoldByFold) -> None:
        self.of = of
        names = ("estimator", "scoring", "n_jobs", "refit", "verbose", "pre_dispatch", "error_score")
        super().__init__(
            **{name: getattr(of, name) for name in names}, cv=cv, return_train_score=of.return_train_score
        )
        # Of each fit: its candidate, its fold, and what scikit-learn has of it.
        # None where all fits of a call failed.
        self._fits: list[tuple[int, int, dict[str, Any] | None]] = []
        self._now: list[int] = []
        # How many of scikit-learn's results are among them.
        self._seen = 0
        self._results: dict[str, Any] = {}

    def __sklearn_tags__(self) -> Any:
        return self.of.__sklearn_tags__()

    def _check_input_parameters(self, X: Any, y: Any, split_params: Any) -> None:
        super()._check_input_parameters(X, y, split_params)
        self._n_folds = len(self.cv.folds(X, y, **split_params))

    def _format_results(self, candidate_params: Any, n_splits: int, out: Any, more_results: Any = None) -> Any:
        new = out[self._seen :]
        self._seen = len(out)
        self._fits += [(candidate, self.cv.fold, of) for candidate, of in zip(self._now, new)]
        return self._results  # is filled at the end

    def _run_search(self, evaluate_candidates: Callable[..., Any]) -> None:
        of = self.of
        space = space_of(of.param_distributions)
        study = Study(
            space,
            direction="maximize",
            sampler=of.sampler,
            pruner={"name": "wilcoxon", "pThreshold": of.p_threshold} if of.prune else None,
            trials=of.n_iter,
            seed=int(check_random_state(of.random_state).randint(2**31 - 1)),
        )
        budget = of.n_iter * self._n_folds
        width = _jobs(self.n_jobs)
        candidates: list[dict[str, Any]] = []
        while budget > 0:
            try:
                # A round never begins more candidates than can get all folds, but for the last one.
                trials = study.ask_many(max(1, min(width, budget // self._n_folds)))
            except SpaceExhaustedError:
                break
            first = len(candidates)
            candidates += [trial.params for trial in trials]
            budget -= self._round(study, trials, first, evaluate_candidates, budget)
        if self._seen == 0:
            raise self._failure
        self.n_splits_ = self._n_folds
        self.n_fits_ = len(self._fits)
        self.study_ = study
        self._results.update(self._grouped(candidates))

    def _round(
        self, study: Study, trials: list[Trial], first: int, evaluate: Callable[..., Any], budget: int
    ) -> int:
        """Evaluates candidates fold by fold until they have all folds or are behind. How many fits that took."""
        running = list(enumerate(trials, first))
        scores: dict[int, list[float]] = {candidate: [] for candidate, _ in running}
        used = 0
        for fold in range(self._n_folds):
            running = running[: budget - used]
            if not running:
                break
            self.cv.fold = fold
            self._now = [candidate for candidate, _ in running]
            before = len(self._fits)
            self._evaluate(evaluate, [trial.params for _, trial in running])
            used += len(running)
            behind = set()
            for (candidate, trial), (_, _, of) in zip(running, self._fits[before:]):
                score = float(self.error_score) if of is None else self._score(of["test_scores"])
                scores[candidate].append(score)
                if math.isfinite(score) and study.report(trial, fold + 1, score) and fold + 1 < self._n_folds:
                    behind.add(candidate)
            running = [of for of in running if of[0] not in behind]
        for candidate, trial in enumerate(trials, first):
            _tell(study, trial, scores[candidate], self._n_folds)
        return used

    def _evaluate(self, evaluate: Callable[..., Any], params: list[dict[str, Any]]) -> None:
        """One fold of each of these candidates. scikit-learn takes it for the end where all of them fail; others may not."""
        try:
            evaluate(params)
        except ValueError as error:
            if self.error_score == "raise" or "fits failed" not in str(error):
                raise
            self._failure = error
            self._fits += [(candidate, self.cv.fold, None) for candidate in self._now]
            warnings.warn(str(error), FitFailedWarning, stacklevel=2)

    def _score(self, scores: Any) -> float:
        """The score that is optimized."""
        if not isinstance(scores, Mapping):
            return float(scores)
        return float(scores[self.refit] if isinstance(self.refit, str) else next(iter(scores.values())))

    def _grouped(self, candidates: list[dict[str, Any]]) -> dict[str, Any]:
        """``cv_results_``, with NaN for the folds that a candidate did not get."""
        sample = next(of for _, _, of in self._fits if of is not None)
        absent, failed = _filled(sample, math.nan), _filled(sample, self.error_score)
        table = {(candidate, fold): of or failed for candidate, fold, of in self._fits}
        count = self._n_folds
        keys = [(candidate, fold) for candidate in range(len(candidates)) for fold in range(count)]
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", ".*scores are non-finite", UserWarning)
            results = super()._format_results(candidates, count, [table.get(key, absent) for key in keys])
        given = np.array([key in table for key in keys]).reshape(-1, count)
        results["n_folds"] = given.sum(axis=1)
        self._correct(results, table, given)
        return dict(results)

    def _correct(self, results: dict[str, Any], table: Mapping[Any, Any], given: Any) -> None:
        """Means over the folds that there are; who did not get all folds ranks last."""
        whole = given.all(axis=1)
        for name in [name for name in results if name.startswith("mean_")]:
            part = name[len("mean_") :]
            for row in np.flatnonzero(~whole):
                folds = np.flatnonzero(given[row])
                if part in ("fit_time", "score_time"):
                    values = [table[row, fold][part] for fold in folds]
                else:
                    values = [results[f"split{fold}_{part}"][row] for fold in folds]
                results[name][row] = np.mean(values) if values else math.nan
                results[f"std_{part}"][row] = np.std(values) if values else math.nan
            if f"rank_{part}" not in results:
                continue
            ranked = np.where(whole & ~np.isnan(results[name]), results[name], -np.inf)
            results[f"rank_{part}"] = np.array([1 + np.sum(ranked > of) for of in ranked], dtype=np.int32)
            if np.isnan(results[name]).any():
                warnings.warn(f"One or more of the test scores are non-finite: {results[name]}", UserWarning)


def _tell(study: Study, trial: Trial, scores: list[float], folds: int) -> None:
    if not all(math.isfinite(score) for score in scores):
        study.tell(trial, state="failed", reason="a score is not finite")
    elif len(scores) < folds:
        study.tell(trial, state="pruned")
    else:
        error = float(np.std(scores, ddof=1) / math.sqrt(folds)) if folds > 1 else None
        study.tell(trial, float(np.mean(scores)), standard_error=error)


def _filled(fit: Mapping[str, Any], score: Any) -> dict[str, Any]:
    """What scikit-learn has of a fit, with this score for each score, and NaN for times."""

    def filled(name: str, of: Any) -> Any:
        if not name.endswith("_scores"):
            return math.nan if isinstance(of, numbers.Real) else of
        return {key: score for key in of} if isinstance(of, Mapping) else score

    return {name: filled(name, of) for name, of in fit.items()}


def _jobs(n_jobs: int | None) -> int:
    from joblib import effective_n_jobs

    return int(effective_n_jobs(n_jobs))
