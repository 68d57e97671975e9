"""Released rows as what charts are drawn from, in the unit that people see."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from otdacha.documents.charts import Estimate, Month, Quantity
from otdacha.documents.figures import Measure
from otdacha.release.states import WITH_FIGURE, State
from otdacha.site.bank.edition.edition import Edition
from otdacha.site.bank.models import Organisation

Row = Mapping[str, Any]


def quantity(edition: Edition) -> Quantity:
    """What the headline is shown in."""
    return Quantity.of(edition.measures[0], edition.numbers)


def threshold(edition: Edition) -> float:
    """What the list is compared with, in the headline's unit."""
    return edition.measures[0].shown(edition.published.manifest["evaluation"]["threshold"])


def estimate(
    row: Row, measure: Measure, name: str, *, listed: bool = False, href: str = ""
) -> Estimate:
    """A row of an effect: best guess and interval, or its state."""
    state = State(row["state"])
    if state not in WITH_FIGURE:
        return Estimate(name, state=state, listed=listed, href=href)
    lower, upper = _ends(row, measure, "lower", "upper")
    return Estimate(name, measure.shown(row["posterior_mean"]), lower, upper, state, listed, href)


def of_provider(edition: Edition, row: Row) -> Estimate:
    """A row of the table `providers`: its headline, leading to its page."""
    return estimate(
        row,
        edition.measures[0],
        row["name"] or row["provider"],
        listed=bool(row["listed"]),
        href=edition.url("organisation", provider=row["provider"]),
    )


def of_organisation(edition: Edition, organisation: Organisation) -> Estimate:
    """An organisation's headline, leading to its page."""
    return of_provider(edition, organisation.row)


def month(row: Row, measure: Measure) -> Month:
    """A row of the table `event_study`."""
    state = State(row["state"])
    if state not in WITH_FIGURE:
        return Month(row["time"], state=state)
    lower, upper = _ends(row, measure, "lower", "upper")
    lower_all, upper_all = _ends(row, measure, "lower_all", "upper_all")
    point = measure.shown(row["estimate"])
    return Month(row["time"], point, lower, upper, lower_all, upper_all, state)


def months_of_all(edition: Edition) -> list[dict[str, Any]]:
    """The rows of all organisations together, on the headline."""
    table = edition.published.tables["event_study"]
    own = pl.col("provider").is_null(), pl.col("indicator") == edition.published.headline
    return table.filter(*own).to_dicts()


def _ends(row: Row, measure: Measure, lower: str, upper: str) -> tuple[float, float]:
    """Both ends of an interval as they stand from left to right."""
    one, other = measure.shown(row[lower]), measure.shown(row[upper])
    return min(one, other), max(one, other)
