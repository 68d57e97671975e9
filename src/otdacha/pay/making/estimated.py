"""What the roster's own history says of leaving and pay."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

import polars as pl

from otdacha.language import LANGUAGES
from otdacha.pay.leaving import (
    ESTIMATED,
    PERSON_MONTHS,
    History,
    Leaving,
    fit,
    pay_next_year,
    person_months,
)
from otdacha.pay.making.material import Material
from otdacha.pay.parameters import Law
from otdacha.pay.payroll import full_pay
from otdacha.pay.tables import EXCLUDED

NO_YEAR = "no_year_with_wages_and_law"
_NOT_PAID = frozenset({"fund", "scarce", "vacancy"})
"""Sections of the law that no pay of the past is reckoned from."""


def history(material: Material) -> History:
    """Who could have left in which month, and who did, in all years of which wages and the law of
    pay are known; where there is no such year, all posts are counted as left out for that."""
    years = [year for year in _covered(material) if year <= material.exported.year]
    if not years:
        left_out = [("posts", NO_YEAR, material.roster.height)]
        return History(
            PERSON_MONTHS.to_frame(), pl.DataFrame(left_out, schema=EXCLUDED, orient="row")
        )
    pay = full_pay(material.roster, material.law, years)
    return person_months(material.roster, pay, material.wages, material.exported)


def leaving(known: History) -> Leaving:
    """The estimate; what it rests on, or why there is none, is part of it."""
    return fit(known.person_months)


def placebo(known: History, found: Leaving) -> dict[str, Any] | None:
    """The check that pay of next year does not foretell who leaves this year: its outcome, its
    p-value, and what it says in both languages. None where nothing was estimated."""
    if found.state != ESTIMATED:
        return None
    gate = pay_next_year(known.person_months)
    return {
        "outcome": gate.outcome,
        "p": gate.figure,
        **{language: gate.sentence.said(language) for language in LANGUAGES},
    }


def _covered(material: Material) -> Sequence[int]:
    """Years with wages that the law of every region covers from their first day."""
    told = material.told["begins"].dt.year().unique().sort().to_list()
    regions = material.roster["region"].unique().sort()
    first = max((_from(material.law, region) for region in regions), default=dt.date.max)
    return [year for year in told if dt.date(year, 1, 1) >= first]


def _from(law: Law, region: str) -> dt.date:
    """The first day from which every payment of a region's law is known."""
    sections = law.of(region).said.sections
    return max(
        min(entry.valid_from for entry in entries)
        for name, entries in sections.items()
        if entries and name not in _NOT_PAID
    )
