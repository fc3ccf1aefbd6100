"""Foothold as a sampler of Optuna: ``optuna.create_study(sampler=FootholdSampler())``."""

from __future__ import annotations

from .sampler import FootholdSampler

__all__ = ["FootholdSampler"]
