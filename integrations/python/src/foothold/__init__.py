"""Bayesian optimization that carries knowledge from cheap or earlier problems to expensive ones.

``minimize`` and ``maximize`` are whole runs; ``Study`` is asked and told step by step.
"""

from . import errors
from ._engine import Engine
from ._optimize import Result, maximize, minimize
from ._run import TrialPruned
from .errors import FootholdError
from .space import Boolean, Categorical, Int, Ordinal, Real, Space
from .study import Study
from .trial import Report, Trial

__all__ = [
    "Boolean",
    "Categorical",
    "Engine",
    "FootholdError",
    "Int",
    "Ordinal",
    "Real",
    "Report",
    "Result",
    "Space",
    "Study",
    "Trial",
    "TrialPruned",
    "errors",
    "maximize",
    "minimize",
]
