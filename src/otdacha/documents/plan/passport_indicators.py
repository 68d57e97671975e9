"""The indicators of the passport: actual years, the present one, the years of the plan, the method.

Of a year that nothing is known of it says so; no cell is blank.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from otdacha.documents.numbers import Numbers
from otdacha.documents.plan.fields import Fields
from otdacha.documents.plan.passport_figures import (
    SUMMED_UP,
    covered_by_year,
    measured_by_year,
    over_all_years,
    rows_of,
    trained_by_year,
)
from otdacha.language import Text, text
from otdacha.methodology import Methodology
from otdacha.programme.plan import Plan

NO_DATA = text("no data")
BACK, AHEAD = 2, 3
"""How many years before the present one, and after it, a passport shows."""


@dataclass(frozen=True)
class Row:
    """One indicator as a row of the passport: six figures, from two years ago to three ahead."""

    name: str
    figures: tuple[str, ...]
    method: str


def shown_years(plan: Plan) -> tuple[int, ...]:
    """From two years before the year that precedes the plan to the third year of the plan."""
    present = plan.years[0] - 1
    return tuple(range(present - BACK, present + AHEAD + 1))


def year_heads(plan: Plan, numbers: Numbers) -> list[str]:
    present = plan.years[0] - 1
    words = [
        text("{year}, actual", year=year) if year < present
        else text("{year}, present", year=year) if year == present
        else text("{year}, plan", year=year)
        for year in shown_years(plan)
    ]  # fmt: skip
    return [word.said(numbers.language) for word in words]


def indicator_rows(
    plan: Plan, needed: int | None, fields: Fields, methodology: Methodology, numbers: Numbers
) -> list[Row]:
    """The indicators of what is done, then those of what it brings."""
    language = numbers.language

    def row(
        id: str, name: Text, planned: Mapping[int, float], method: Text,
        said: Callable[[float], str],
    ) -> Row:  # fmt: skip
        words = {year: said(value) for year, value in planned.items()}
        return Row(
            name.said(language), _figures(plan, fields, id, words, said, numbers),
            method.said(language),
        )  # fmt: skip

    return [
        row("trained", text("Municipal servants trained, people"), trained_by_year(plan),
            text("the number of people who finished a training of the plan in the year."),
            lambda value: numbers.decimal(value, 0)),
        row("covered", text("Need for training met since the plan began, %"),
            covered_by_year(plan, needed),
            text("people trained since the first year of the plan, divided by all who must or "
                 "should be trained in the years of the plan."),
            lambda value: numbers.decimal(value, 1)),
        row("measured", text("Seats with organisations whose effect is measured, %"),
            measured_by_year(plan),
            text("seats with organisations whose effect the release publishes, divided by all "
                 "seats of the year."),
            lambda value: numbers.decimal(value, 1)),
        *_results(plan, fields, methodology, numbers),
    ]  # fmt: skip


def _results(plan: Plan, fields: Fields, methodology: Methodology, numbers: Numbers) -> list[Row]:
    """Expected improvements with their ranges, where the plan holds them."""
    rows = []
    for whole in over_all_years(plan):
        indicator = whole["indicator"]
        words = {
            row["year"]: expectation(row, numbers)
            for row in rows_of(plan, "results")
            if row["indicator"] == indicator and row["year"] is not None
        }
        method = text(
            "the measured effect of the chosen organisations on one case, times the cases that "
            "the people trained answer for in a year; in brackets the range that holds the true "
            "value with a probability of 90 %. The actual value is measured by the next release "
            "against a comparison group."
        )
        rows.append(
            Row(
                name=result_name(indicator, methodology).said(numbers.language),
                figures=_figures(
                    plan, fields, indicator, words, lambda v: numbers.decimal(v, 1), numbers
                ),
                method=method.said(numbers.language),
            )
        )
    return rows


def expectation(row: Mapping[str, float], numbers: Numbers) -> str:
    """An expected improvement with its range."""
    point = numbers.signed(row["expected"], 0)
    range_ = numbers.interval(row["lower"], row["upper"], 0)
    return f"{point} ({range_})"


def result_name(indicator: str, methodology: Methodology, *, all_years: bool = False) -> Text:
    """What of an indicator gets better in a year or in all, with its unit; plus is better."""
    if indicator in SUMMED_UP:
        return (
            text("All indicators together over all years, standard deviations times cases")
            if all_years
            else text("All indicators together in a year, standard deviations times cases")
        )
    known = {one.id: one for one in methodology.indicators}
    if indicator not in known:
        return (
            text("Improvement by {indicator} over all years", indicator=indicator)
            if all_years
            else text("Improvement by {indicator} in a year", indicator=indicator)
        )
    one = known[indicator]
    said = {
        "indicator": Both(one.name.ru, one.name.en),
        "unit": text("number of cases") if one.share else Both(one.unit.ru, one.unit.en),
    }
    return (
        text("{indicator}: improvement over all years, {unit}", **said)
        if all_years
        else text("{indicator}: improvement in a year, {unit}", **said)
    )


class Both(Text):
    """A name that a methodology gives in both languages."""

    def __init__(self, ru: str, en: str) -> None:
        super().__init__(en, {"ru": ru})

    def said(self, language: str) -> str:
        return str(self.values["ru"]) if language == "ru" else self.template


def _figures(
    plan: Plan, fields: Fields, indicator: str, planned: Mapping[int, str],
    said: Callable[[float], str], numbers: Numbers,
) -> tuple[str, ...]:  # fmt: skip
    found = []
    for year in shown_years(plan):
        known = fields.figure(indicator, year)
        if year in planned and year >= plan.years[0]:
            found.append(planned[year])
        else:
            found.append(NO_DATA.said(numbers.language) if known is None else said(known))
    return tuple(found)
