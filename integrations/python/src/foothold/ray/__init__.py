"""Foothold in Ray Tune: ``tune.TuneConfig(search_alg=FootholdSearch())``."""

from __future__ import annotations

from .scheduler import FootholdScheduler
from .search import FootholdSearch

__all__ = ["FootholdScheduler", "FootholdSearch"]
