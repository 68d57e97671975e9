"""Who pays for the measures: their cost by source, and what is there for it.

A part of a cost is whole kopecks, and the parts of all sources add up to it exactly.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

import numpy as np
import polars as pl
from numpy.typing import NDArray

from otdacha.errors import PayProblem
from otdacha.language import text
from otdacha.pay.kopecks import RATE, in_kopecks, rubles
from otdacha.pay.packages.limits import NO_LIMIT
from otdacha.pay.tables import COSTS, MONEY

Whole = NDArray[np.int64]

SOURCES = ("federal", "regional", "municipal", "own")
"""Whose money pays, in the order in which a cost is cut into parts."""
LOCAL = SOURCES.index("municipal")
"""The source that each town has to itself: nobody else can spend it."""


@dataclass(frozen=True)
class Sums:
    """What may be spent, in kopecks; `NO_LIMIT` where no sum was given.

    amount: (years, sources), of the union as a whole. local: (towns, years), what each town's own
    budget can add, of the source "municipal".
    """

    amount: Whole
    local: Whole


def sums(
    purses: pl.DataFrame, finances: pl.DataFrame, towns: Sequence[str], years: Sequence[int]
) -> Sums:
    """The sums that were given.

    purses: source, year, amount (rubles). finances: municipality, year, available (rubles, null:
    not said). Raises PayProblem for a purse of a year beyond the budget years, of no known source,
    given twice, or given for some of the years alone.
    """
    amount = np.full((len(years), len(SOURCES)), NO_LIMIT, dtype=np.int64)
    _must_be_budget_years(purses, years)
    for source, year, kopecks in purses.select(
        "source", "year", in_kopecks(pl.col("amount"))
    ).iter_rows():
        place = (years.index(year), _place_of(source))
        if amount[place] != NO_LIMIT:
            raise PayProblem(
                text("{year}: the sum of the source “{source}” is given twice.",
                     year=year, source=source)
            )  # fmt: skip
        amount[place] = kopecks
    _must_be_given_for_all(amount, years)
    local = np.full((len(towns), len(years)), NO_LIMIT, dtype=np.int64)
    town_at = {town: at for at, town in enumerate(towns)}
    given = finances.select("municipality", "year", in_kopecks(pl.col("available")))
    for town, year, kopecks in given.iter_rows():
        if town in town_at and year in years and kopecks is not None:
            local[town_at[town], years.index(year)] = kopecks
    return Sums(amount, local)


def apportioned(kopecks: Whole, parts: Mapping[str, float]) -> Whole:
    """Sums of kopecks, of any shape, cut into the parts of `SOURCES`, which become the last axis.

    parts: by source, together 1, to a hundredth of a percent. The first sources are rounded half up
    together, so each part is within a kopeck of its own and all of them add up to the sum.
    Raises PayProblem where the parts are not together 1, are negative, or are of no known source.
    """
    rates = np.zeros(len(SOURCES), dtype=np.int64)
    for source, part in parts.items():
        rates[_place_of(source)] = round(part * RATE)
    if rates.sum() != RATE or rates.min() < 0:
        raise PayProblem(
            text(
                "The sources {sources} pay parts that are not together the whole. Let them add up "
                "to 1.",
                sources=", ".join(f"{source} {part:g}" for source, part in parts.items()),
            )
        )
    reached = (2 * kopecks[..., None] * np.cumsum(rates) + RATE) // (2 * RATE)
    return np.diff(reached, axis=-1, prepend=0)


def costs(
    by_measure: pl.DataFrame, parts: Mapping[str, Mapping[str, float]], years: Sequence[int]
) -> pl.DataFrame:
    """What each source pays for each measure, by town and year; schema `COSTS`, without zeros.

    by_measure: municipality, year, measure, kopecks and people (Int64). parts: of each measure, by
    source. Raises PayProblem for a year beyond the budget years, and where `apportioned` does.
    """
    _must_be_budget_years(by_measure, years)
    cut = [
        group.select("municipality", "year", "measure", "people").with_columns(
            pl.Series(source, column)
            for source, column in zip(
                SOURCES, apportioned(group["kopecks"].to_numpy(), parts[measure]).T, strict=True
            )
        )
        for (measure,), group in by_measure.group_by("measure", maintain_order=True)
    ]
    if not cut:
        return pl.DataFrame(schema=COSTS)
    return (
        pl.concat(cut)
        .unpivot(
            SOURCES,
            index=["municipality", "year", "measure", "people"],
            variable_name="source",
            value_name="cost",
        )
        .filter(pl.col("cost") != 0)
        .with_columns(rubles(pl.col("cost")))
        .sort("municipality", "year", "measure", "source")
        .match_to_schema(COSTS)
    )


def money(
    costs: pl.DataFrame, sums: Sums, towns: Sequence[str], years: Sequence[int]
) -> pl.DataFrame:
    """What is needed, there and lacking by year and source; schema `MONEY`.

    costs: schema `COSTS`. Of the towns' own budgets that is there which every town that needs
    something can add, and lacking what single towns lack: none can spend what another has left. It
    is null where one of them does not say. Raises PayProblem for a year beyond the budget years.
    """
    _must_be_budget_years(costs, years)
    needed = _needed(costs, towns, years)
    rows = []
    for year, source in np.ndindex(len(years), len(SOURCES)):
        given = int(sums.amount[year, source])
        local = sums.local[:, year] if source == LOCAL else None
        need = needed[:, year, source]
        if not need.any() and given == NO_LIMIT:
            continue
        available, lacking = _there(need, given, local)
        rows.append(
            {
                "year": years[year],
                "source": SOURCES[source],
                "needed": in_rubles(int(need.sum())),
                "available": None if available is None else in_rubles(available),
                "lacking": None if lacking is None else in_rubles(lacking),
            }
        )
    return pl.DataFrame(rows, schema=MONEY)


def asked_of(money: pl.DataFrame, source: str = "federal") -> dict[int, Decimal]:
    """What the union asks the budget of a source for, rubles by year: its whole part of the cost,
    whatever that budget has set aside already."""
    return dict(money.filter(pl.col("source") == source).select("year", "needed").iter_rows())


def in_rubles(kopecks: int) -> Decimal:
    """Whole kopecks as rubles, exactly."""
    return Decimal(kopecks).scaleb(-2)


def _there(need: Whole, given: int, local: Whole | None) -> tuple[int | None, int | None]:
    """Available and lacking of one source and year; need: (towns,)."""
    needs = need > 0
    if local is None or (given != NO_LIMIT and (local[needs] == NO_LIMIT).all()):
        return (None, None) if given == NO_LIMIT else (given, max(0, int(need.sum()) - given))
    if (local[needs] == NO_LIMIT).any():
        return None, None
    alone = int(np.maximum(0, need - local)[needs].sum())
    theirs = int(local[needs].sum())
    together = max(0, int(need.sum()) - given)
    return min(theirs, given), max(alone, together)


def _needed(costs: pl.DataFrame, towns: Sequence[str], years: Sequence[int]) -> Whole:
    """(towns, years, sources) kopecks."""
    found = np.zeros((len(towns), len(years), len(SOURCES)), dtype=np.int64)
    town_at = {town: at for at, town in enumerate(towns)}
    for town, year, source, kopecks in costs.select(
        "municipality", "year", "source", in_kopecks(pl.col("cost"))
    ).iter_rows():
        found[town_at[town], years.index(year), _place_of(source)] += kopecks
    return found


def _must_be_budget_years(frame: pl.DataFrame, years: Sequence[int]) -> None:
    beyond = sorted(set(frame["year"].to_list()) - set(years))
    if beyond:
        raise PayProblem(
            text(
                "{year} is not a budget year of these measures ({years}). Write the year among "
                "them, or let nothing be paid in it.",
                year=beyond[0],
                years=", ".join(map(str, years)),
            )
        )


def _must_be_given_for_all(amount: Whole, years: Sequence[int]) -> None:
    given = amount != NO_LIMIT
    for source in np.flatnonzero(given.any(axis=0) & ~given.all(axis=0)):
        raise PayProblem(
            text(
                "{year}: the source “{source}” has sums for other years and none for this one. "
                "Write one; 0 where there is nothing.",
                year=years[int(np.flatnonzero(~given[:, source])[0])],
                source=SOURCES[source],
            )
        )


def _place_of(source: str) -> int:
    if source not in SOURCES:
        raise PayProblem(
            text(
                "“{source}” is no source of money. There are: {sources}.",
                source=source,
                sources=", ".join(SOURCES),
            )
        )
    return SOURCES.index(source)
