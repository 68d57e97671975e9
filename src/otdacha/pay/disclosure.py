"""What of a scenario anybody may have: one rule for its open data, its documents and the site.

A mean of the pay of a few people is personal data, and so is what measures cost where a few receive
something: cost over the rate of an allowance is somebody's pay. A group or a town of fewer people
than the minimum, or in which fewer receive something, is hidden; beside it others, until those that
are hidden are together no small group: sums over all are told, and the same people are told of by
town, by position group and by sex (`otdacha.programme.suppression`; docs/decisions/0048).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from otdacha.pay.scenario import Scenario
from otdacha.pay.tables import DIMENSIONS, PRIVATE
from otdacha.programme.suppression import hidden_in_table
from otdacha.release.states import STATE, State

_FIGURES = {
    "municipalities": (
        "people", "posts", "pay_before", "pay_after", "gap_before", "gap_after", "exits_before",
        "exits_after", "avoided", "avoided_lower", "avoided_upper", "vacant_months",
        "vacancy_cost", "training_kept", "cost",
    ),
    "distribution": ("people", "receive", "pay_before", "pay_after", "gain"),
    "limits": ("fund_before", "fund_after", "above"),
    "levels": ("level", "amount_ru", "amount_en"),
    "rivals": (
        "cost", "municipalities", "avoided", "avoided_lower", "avoided_upper", "ahead",
        "ahead_lower", "ahead_upper", "certain", "same",
    ),
}  # fmt: skip
"""What is hidden of a row; its other columns are names, or figures that others publish."""


@dataclass(frozen=True)
class Told:
    """What is told of a scenario. minimum: people; a figure of fewer is not told.

    towns: those of which nothing is told by themselves. tables: those of `TABLES` but `PRIVATE`:
    `municipalities`, `distribution`, `limits`, `measures`, `levels`, `rivals` with a column
    `hidden` of type `STATE` ("published" or "suppressed") and null in the place of what is hidden;
    `rivals` without people; `costs` with a null municipality for the hidden towns together; the
    others as they are. figures: those of the whole scenario; people is None where they are too few.
    """

    minimum: int
    towns: frozenset[str]
    tables: Mapping[str, pl.DataFrame]
    figures: Mapping[str, Any]


def public(scenario: Scenario, minimum: int) -> Told:
    """What anybody may have of `scenario`; nothing that is hidden follows from what is told.

    minimum: the methodology's `disclosure.people`.
    """
    tables = scenario.tables
    hidden = {by: hidden_groups(tables["distribution"], by, minimum) for by in DIMENSIONS}
    everything = any(groups is None for groups in hidden.values())
    if everything:  # the same people stand in every dimension: none may tell of another
        hidden = {by: _values(tables["distribution"], by) for by in DIMENSIONS}
    told = _values(tables["distribution"], "municipality") - (hidden["municipality"] or frozenset())
    towns = frozenset(tables["municipalities"]["municipality"]) - told
    is_hidden = pl.any_horizontal(
        (pl.col("by") == by) & pl.col("value").fill_null("").is_in(list(groups or ()))
        for by, groups in hidden.items()
    )
    small = pl.col("people").is_between(1, minimum - 1)
    in_town = pl.col("municipality").is_in(list(towns)).fill_null(False)
    return Told(
        minimum,
        towns,
        {
            **{name: table for name, table in tables.items() if name not in PRIVATE},
            "municipalities": _without(tables["municipalities"], in_town, "municipalities"),
            "distribution": _without(tables["distribution"], is_hidden, "distribution"),
            "limits": _without(tables["limits"], in_town, "limits"),
            "measures": tables["measures"].with_columns(
                _state(small), people=pl.when(~small).then("people")
            ),
            # two packages that differ in one town's level differ by what it costs there
            "levels": _without(tables["levels"], in_town, "levels"),
            "rivals": _rivals(tables["rivals"], scenario.figures["people"], minimum),
            "costs": _together(tables["costs"], towns),
        },
        {**scenario.figures, **({"people": None} if everything else {})},
    )


def hidden_groups(distribution: pl.DataFrame, by: str, minimum: int) -> frozenset[str] | None:
    """The groups of a dimension that are hidden; None where even all of them together are few."""
    hidden: set[str] = set()
    for count in ("people", "receive"):
        groups = {
            ("", row["value"] or ""): row[count]
            for row in distribution.filter(by=by).iter_rows(named=True)
        }
        found = hidden_in_table(groups, minimum)
        if found.whole:
            return None
        hidden |= {value for _, value in found.cells}
    return frozenset(hidden)


def _values(distribution: pl.DataFrame, by: str) -> frozenset[str]:
    return frozenset(value or "" for value in distribution.filter(by=by)["value"])


def _without(table: pl.DataFrame, hidden: pl.Expr, name: str) -> pl.DataFrame:
    return table.with_columns(
        _state(hidden), *(pl.when(~hidden).then(figure).alias(figure) for figure in _FIGURES[name])
    )


def _rivals(rivals: pl.DataFrame, people: int, minimum: int) -> pl.DataFrame:
    """Figures of `rivals` are sums of all towns. Those of a rule that reaches few people are
    theirs, and those of one that leaves out few are, beside a rule that does not, theirs too: both
    are hidden. How many people a rule reaches is not told, for two rules that differ by one town
    tell how many there are in it.
    """
    reached = pl.col("people")
    few = reached.is_between(1, minimum - 1) | (people - reached).is_between(1, minimum - 1)
    return _without(rivals, few, "rivals").drop("people")


def _state(hidden: pl.Expr) -> pl.Expr:
    return (
        pl.when(hidden)
        .then(pl.lit(State.SUPPRESSED))
        .otherwise(pl.lit(State.PUBLISHED))
        .cast(STATE)
        .alias("hidden")
    )


def _together(costs: pl.DataFrame, towns: frozenset[str]) -> pl.DataFrame:
    """Costs with the hidden towns as one row of no town: sums stay exact."""
    keys = ["municipality", "year", "measure", "source"]
    return (
        costs.with_columns(
            municipality=pl.when(~pl.col("municipality").is_in(list(towns))).then("municipality")
        )
        .group_by(keys, maintain_order=True)
        .agg(pl.col("cost").sum().cast(costs.schema["cost"]))
    )
