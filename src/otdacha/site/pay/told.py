"""Which tables of a scenario lie on the site: those that may be told, and nothing else.

What may be told, `otdacha.pay.disclosure` says; here nothing is decided.
"""

from __future__ import annotations

from otdacha.pay.disclosure import WHOLE

__all__ = ["MADE", "WHOLE"]

MADE = (
    "measures",
    "costs_by_measure",
    "municipalities",
    "costs",
    "components",
    "components_by_town",
    "fund",
    "fund_of_all",
    "limits",
    "packages",
    "levels",
    "rivals",
    "distribution",
)
"""Tables of which only what may be told lies there; those of `WHOLE` lie there byte for byte."""
