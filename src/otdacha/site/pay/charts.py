"""The charts of a scenario's pages; each stands beside the table that says the same."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from otdacha.documents.charts import (
    Chart,
    Estimate,
    Package,
    Pay,
    Quantity,
    YearOfMoney,
    dumbbell,
    funding,
    packages,
)
from otdacha.documents.charts.wording import without_shared_words
from otdacha.language import text
from otdacha.release.states import State
from otdacha.site.pay.edition import ScenarioEdition
from otdacha.site.pay.words import GROUPS, said

_THOUSAND, _MILLION = 1e3, 1e6


def pay_of_towns(edition: ScenarioEdition, towns: pl.DataFrame) -> Chart:
    """Pay before and after beside the wage next door, a row for each of `towns`, in order."""
    named = towns.select(pl.coalesce("name", "municipality")).to_series()
    names = without_shared_words(named.to_list())
    rows = [
        _pay(
            row,
            name,
            wage=row["wage"],
            href=edition.url("pay_town", town=row["municipality"]),
        )
        for name, row in zip(names, towns.iter_rows(named=True), strict=True)
    ]
    return dumbbell(rows, _month(edition), id="pay")


def pay_of_groups(edition: ScenarioEdition, distribution: pl.DataFrame) -> Chart:
    """The same of groups of positions, which have no wage next door."""
    order = list(GROUPS)
    rows = distribution.filter(by="position_group").to_dicts()
    rows.sort(key=lambda row: order.index(row["value"]) if row["value"] in order else len(order))
    shown = [_pay(row, said(GROUPS, row["value"] or "").said(edition.language)) for row in rows]
    title = text("Pay before and after, by group of positions").said(edition.language)
    return dumbbell(shown, _month(edition), id="groups", title=title)


def frontier(edition: ScenarioEdition, rows: pl.DataFrame) -> Chart:
    """What packages cost and how many exits they avoid."""
    gain = Quantity(
        text("Exits avoided, people").said(edition.language),
        "",
        1,
        edition.numbers,
        level=True,
    )
    drawn = [
        Package(
            float(row["cost"]) / _MILLION,
            _estimate(edition, row),
            best=bool(row["frontier"]),
            chosen=bool(row["chosen"]),
            label=str(row["package"]),
        )
        for row in rows.iter_rows(named=True)
    ]
    return packages(drawn, _money(edition), gain)


def who_pays(edition: ScenarioEdition, money: pl.DataFrame) -> Chart:
    """What each source is asked for, year by year."""
    years = [
        YearOfMoney(
            str(year),
            {
                source: float(needed) / _MILLION
                for source, needed in money.filter(year=year).select("source", "needed").iter_rows()
            },
        )
        for year in edition.years
    ]
    return funding(years, _money(edition))


def _estimate(edition: ScenarioEdition, row: Mapping[str, Any]) -> Estimate:
    name = text("package {number}", number=row["package"]).said(edition.language)
    ends = row["avoided"], row["avoided_lower"], row["avoided_upper"]
    if None in ends:
        return Estimate(name, state=State.INSUFFICIENT_EVIDENCE)
    return Estimate(name, *ends)


def _pay(row: Mapping[str, Any], name: str, *, wage: Any = None, href: str = "") -> Pay:
    """A row of the chart; pay that is not told has its state."""
    before, after = row["pay_before"], row["pay_after"]
    if before is None or after is None:
        hidden = row["hidden"] == State.SUPPRESSED
        state = State.SUPPRESSED if hidden else State.NOT_COLLECTED
        return Pay(name, None, None, _thousands(wage), state, href)
    return Pay(name, _thousands(before), _thousands(after), _thousands(wage), href=href)


def _thousands(sum_: Any) -> float | None:
    return None if sum_ is None else float(sum_) / _THOUSAND


def _month(edition: ScenarioEdition) -> Quantity:
    return Quantity(
        text("Mean month of a full-time post").said(edition.language),
        text("thousand rubles").said(edition.language),
        1,
        edition.numbers,
        level=True,
    )


def _money(edition: ScenarioEdition) -> Quantity:
    return Quantity(
        text("Money").said(edition.language),
        text("million rubles").said(edition.language),
        1,
        edition.numbers,
        level=True,
    )
