"""A search over the parameters of an estimator of scikit-learn, with the interface of its own searches."""

from __future__ import annotations

import math
import numbers
from collections.abc import Mapping
from typing import Any, Literal

from sklearn.base import is_classifier
from sklearn.model_selection import check_cv
from sklearn.model_selection._search import BaseSearchCV
from sklearn.utils._param_validation import Interval, StrOptions

from ._fold_search import FoldByFold, FoldSearch

__all__ = ["FootholdSearchCV"]


class FootholdSearchCV(BaseSearchCV):  # type: ignore[misc]
    """Chooses parameters of an estimator by cross-validation, each candidate in the light of those before it.

    A candidate is evaluated fold by fold. One that is worse than the best one on the same folds (one-sided Wilcoxon signed-rank test)
    gets no further folds: these fits are free for more candidates.

    Args:
        estimator: an estimator of scikit-learn, or a pipeline.
        param_distributions: parameters by their names: as for ``foothold.Space``, so that a list is a list of choices, or frozen
            ``uniform``, ``loguniform`` and ``randint`` of ``scipy.stats``.
        n_iter: candidates whose fits are the budget: at most ``n_iter`` times the number of folds, as many as of ``RandomizedSearchCV``.
        prune: False evaluates each candidate on all folds; then there are ``n_iter`` candidates.
        p_threshold: a candidate gets no further folds where the test's p-value is below it.
        sampler: see ``foothold.Study``.
        scoring, n_jobs, refit, cv, verbose, pre_dispatch, random_state, error_score, return_train_score: as in
            ``RandomizedSearchCV``. With ``n_jobs`` so many candidates are evaluated at a time. Of several metrics that of ``refit`` is
            optimized, or the first one. A fit that fails counts with ``error_score``; where that is not finite, the candidate counts as
            failed.

    Attributes:
        cv_results_, best_estimator_, best_score_, best_params_, best_index_, scorer_, n_splits_, refit_time_, multimetric_: as in
            ``RandomizedSearchCV``. ``cv_results_["n_folds"]`` are the folds that a candidate got; the scores of the others are NaN,
            its mean is that of its own folds, and it ranks last.
        n_fits_: fits in all, without the last one on all data.
        study_: the ``foothold.Study`` with all candidates.
    """

    _parameter_constraints: dict[str, Any] = {
        **BaseSearchCV._parameter_constraints,
        "param_distributions": [dict],
        "n_iter": [Interval(numbers.Integral, 1, None, closed="left")],
        "prune": ["boolean"],
        "p_threshold": [Interval(numbers.Real, 0, 1, closed="neither")],
        "sampler": [str, dict],
        "random_state": ["random_state"],
        "error_score": [StrOptions({"raise"}), numbers.Real],
    }

    def __init__(
        self,
        estimator: Any,
        param_distributions: Mapping[str, Any],
        *,
        n_iter: int = 10,
        prune: bool = True,
        p_threshold: float = 0.2,
        sampler: str | Mapping[str, Any] = "auto",
        scoring: Any = None,
        n_jobs: int | None = None,
        refit: Any = True,
        cv: Any = None,
        verbose: int = 0,
        pre_dispatch: int | str = "2*n_jobs",
        random_state: Any = None,
        error_score: float | Literal["raise"] = math.nan,
        return_train_score: bool = False,
    ) -> None:
        self.param_distributions = param_distributions
        self.n_iter = n_iter
        self.prune = prune
        self.p_threshold = p_threshold
        self.sampler = sampler
        self.random_state = random_state
        super().__init__(
            estimator=estimator,
            scoring=scoring,
            n_jobs=n_jobs,
            refit=refit,
            cv=cv,
            verbose=verbose,
            pre_dispatch=pre_dispatch,
            error_score=error_score,
            return_train_score=return_train_score,
        )

    def fit(self, X: Any, y: Any = None, **params: Any) -> FootholdSearchCV:
        """Runs the search, and with ``refit`` fits the best candidate to all data. ``params`` go to estimator, scorer and splitter."""
        self._validate_params()
        search = FoldSearch(self, FoldByFold(check_cv(self.cv, y, classifier=is_classifier(self.estimator))))
        search.fit(X, y, **params)
        for name, value in vars(search).items():
            if name.endswith("_") and not name.startswith("_"):
                setattr(self, name, value)
        return self
