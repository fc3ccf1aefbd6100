"""``FootholdScheduler``: the engine's pruners behind the interface of Ray Tune's schedulers."""

from __future__ import annotations

from typing import Any

from ray.tune.experiment import Trial
from ray.tune.schedulers import FIFOScheduler, TrialScheduler

from ..errors import UnsupportedError
from .search import FootholdSearch


class FootholdScheduler(FIFOScheduler):  # type: ignore[misc]
    """Stops trials that the pruner of the experiment's ``FootholdSearch`` gives up: ``FootholdSearch(pruner="asha")``.

    It keeps nothing of its own, so that a restored experiment goes on as it was. Without a ``FootholdSearch`` that has a pruner it
    raises UnsupportedError at the first result, with which Ray ends the experiment.
    """

    def on_trial_result(self, tune_controller: Any, trial: Trial, result: dict[str, Any]) -> str:
        """STOP for a trial that is given up, else CONTINUE. Raises UnsupportedError where there is no pruner to ask."""
        searcher = tune_controller.search_alg
        while not isinstance(searcher, FootholdSearch):
            inner = getattr(searcher, "searcher", None)
            if inner is None:
                raise UnsupportedError(
                    f"search_alg is a {type(searcher).__name__}, allowed with FootholdScheduler is a FootholdSearch with a pruner"
                )
            searcher = inner
        if searcher._pruner is None:
            raise UnsupportedError(
                "pruner of FootholdSearch is None, allowed with FootholdScheduler is a pruner such as 'asha' or 'median'"
            )
        gives_up = searcher.should_prune(trial.trial_id, result)
        return str(TrialScheduler.STOP if gives_up else TrialScheduler.CONTINUE)
