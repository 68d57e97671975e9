"""How long an answer may take."""

from __future__ import annotations

from otdacha.site.programme.models import Plan

SECONDS = 60.0
"""Of a search at most, however long the plan's own was let to take."""
EXPLAINING = 30.0
"""Seconds in which it is found out why no plan is possible."""


def seconds_of(plan: Plan) -> float:
    """How long a search of this plan may take."""
    return min(SECONDS, float(plan.manifest["parameters"]["seconds"]))
