"""The tables of a comparison as they are given away: what each column means, codes in words."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from otdacha.language import Text, text
from otdacha.pay.kopecks import RUBLES
from otdacha.pay.wages.states import LEFT_REASONS, QUARTER_STATES, YEAR_STATES
from otdacha.release.columns import CODE, NONE, SHARE, Column, label

_RUBLES, _YEAR, _PLACE = text("rubles a month"), text("year"), text("place, 1 earns least")
_MUNICIPALITY = label(
    "municipality", text("OKTMO"), text("Municipality: its OKTMO."), text("OKTMO")
)
_NAME = label("name", text("Municipality"), text("What the municipality is called."))
_REGION = label("region", text("Region"), text("The region that it lies in."))


def _money(name: str, header: Text, meaning: Text, state: str) -> Column:
    return Column(name, RUBLES, header, _RUBLES, meaning, state)


def _whole(name: str, header: Text, unit: Text, meaning: Text, state: str | None = None) -> Column:
    return Column(name, pl.Int64(), header, unit, meaning, state)


YEARS_COLUMNS = (
    _MUNICIPALITY,
    _NAME,
    _REGION,
    _whole("year", text("Year"), _YEAR, text("Year whose mean month is told.")),
    label("state", text("State"), text("Whether the wages can be compared."), CODE),
    _money(
        "wage_all",
        text("Wage of all activities, ₽"),
        text("Mean month of January-December of all activities."),
        "state",
    ),
    _money(
        "wage_o",
        text("Wage of public administration, ₽"),
        text("The same of letter O of OKVED, with federal and military staff: a proxy."),
        "state",
    ),
    Column(
        "ratio",
        pl.Float64(),
        text("Administration / all"),
        NONE,
        text("Wage of public administration divided by that of all activities."),
        "state",
    ),
    _money(
        "difference",
        text("Difference, ₽"),
        text("Wage of public administration less that of all activities."),
        "state",
    ),
    _whole(
        "place",
        text("Place"),
        _PLACE,
        text("Place by the ratio among the municipalities that are known; equal ones share it."),
        "state",
    ),
    Column(
        "share_below",
        pl.Float64(),
        text("Share with a lower ratio"),
        SHARE,
        text("Of the municipalities that are known, those whose ratio is lower."),
        "state",
    ),
    label(
        "told_as",
        text("OKTMO at that time"),
        text("The code under which the wages of the year are told; empty: today's."),
        text("OKTMO"),
    ),
)
QUARTERS_COLUMNS = (
    _MUNICIPALITY,
    _NAME,
    _REGION,
    _whole("year", text("Year"), _YEAR, text("Year of the quarter.")),
    _whole("quarter", text("Quarter"), NONE, text("Quarter of the year, from 1 to 4.")),
    _money(
        "wage_all",
        text("Wage of all activities, ₽"),
        text("Mean month of the quarter, from the means since January."),
        "all_state",
    ),
    label("all_state", text("All activities: state"), text("State of that wage."), CODE),
    _money(
        "wage_o",
        text("Wage of public administration, ₽"),
        text("The same of letter O of OKVED: a proxy."),
        "o_state",
    ),
    label("o_state", text("Administration: state"), text("State of that wage."), CODE),
)
UNMATCHED_COLUMNS = (
    label(
        "number",
        text("Number or code"),
        text("Number of the territory in the source, or the municipality's OKTMO."),
    ),
    _NAME,
    _REGION,
    label("reason", text("Reason"), text("Why it belongs to no municipality of now."), CODE),
    _whole("rows", text("Rows"), text("rows"), text("Rows of the source.")),
)
COLUMNS: Mapping[str, tuple[Column, ...]] = {
    "years": YEARS_COLUMNS,
    "quarters": QUARTERS_COLUMNS,
    "unmatched": UNMATCHED_COLUMNS,
}
"""The open tables; `years` and `quarters` with the names of the municipalities."""
TITLES: Mapping[str, Text] = {
    "years": text("Wages by year"),
    "quarters": text("Wages by quarter"),
    "unmatched": text("Belongs to no municipality"),
}
WORDS: Mapping[str, Mapping[str, Text]] = {
    "state": YEAR_STATES,
    "all_state": QUARTER_STATES,
    "o_state": QUARTER_STATES,
    "reason": LEFT_REASONS,
}
"""Columns of codes, and what the codes mean."""


def open_tables(tables: Mapping[str, pl.DataFrame]) -> dict[str, pl.DataFrame]:
    """The open tables of a comparison, in the columns of `COLUMNS`."""
    names = tables["municipalities"].select("municipality", "name", "region")
    return {
        "years": _named(tables["years"], names, "years"),
        "quarters": _named(tables["quarters"], names, "quarters"),
        "unmatched": tables["unmatched"],
    }


def _named(table: pl.DataFrame, names: pl.DataFrame, called: str) -> pl.DataFrame:
    joined = table.join(names, on="municipality", how="left", maintain_order="left")
    return joined.select(column.name for column in COLUMNS[called])
