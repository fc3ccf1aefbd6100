"""Optuna's own tests of samplers, as they are."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from foothold.optuna import FootholdSampler
from optuna.samplers import BaseSampler
from optuna.testing.pytest_samplers import (
    BasicSamplerTestCase,
    MultiObjectiveSamplerTestCase,
    RelativeSamplerTestCase,
)


class TestFootholdSampler(BasicSamplerTestCase, RelativeSamplerTestCase, MultiObjectiveSamplerTestCase):
    @pytest.fixture
    def sampler(self) -> Callable[[], BaseSampler]:
        return FootholdSampler
