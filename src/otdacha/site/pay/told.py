"""The tables of a scenario as they lie on the site: what may be told of them, and nothing else.

Which towns and groups are hidden, `otdacha.pay.disclosure` says. Of a town that is told, some parts
of pay may still be one person's (an allowance for state secrets, a measure for two posts), and how
many people stand behind a part no table says: so of a town parts are told as everybody there has
them, and measures by their year and source together. In full they are told of all towns together.
"""

from __future__ import annotations

import polars as pl

from otdacha.pay.disclosure import Told
from otdacha.pay.kopecks import RUBLES
from otdacha.release.states import STATE, State

WHOLE = ("money", "packages", "leaving", "wages", "excluded")
"""Tables that lie there as they are in the scenario, byte for byte."""
MADE = (
    "measures",
    "measures_by_year",
    "municipalities",
    "costs",
    "components",
    "components_by_town",
    "fund",
    "limits",
    "levels",
    "rivals",
    "distribution",
)
"""Tables of which only what may be told lies there."""

ALLOWANCES, COEFFICIENTS, OTHERS = "allowances", "coefficients", "others"
"""Parts that are told together: of pay, what stands between the salary and the coefficients, the
measures' payments among it; the coefficient and the northern allowance; of the fund, what only some
people are paid."""
_COMPONENTS = {
    "salary": "salary",
    "coefficient": COEFFICIENTS,
    "north": COEFFICIENTS,
    "total": "total",
    "contributions": "contributions",
    "cost": "cost",
}
_EVERYBODYS = (
    "salary",
    "service",
    "special",
    "bonus",
    "incentive",
    "aid",
    "leave_payment",
    "coefficient",
    "north",
    "total",
)
"""Parts of the fund that everybody is paid, or nearly everybody."""


_AS_TOLD = ("measures", "municipalities", "limits", "levels", "rivals", "distribution")
"""Tables that `otdacha.pay.disclosure` tells as they may lie here."""


def site_tables(told: Told) -> dict[str, pl.DataFrame]:
    """The tables `MADE`. A column `hidden` of type `STATE` says whether a row is suppressed."""
    tables, towns = told.tables, told.towns
    return {
        **{name: tables[name] for name in _AS_TOLD},
        "measures_by_year": _summed(tables["costs"], ["measure", "year", "source"], ["cost"]),
        # the hidden towns are one row of no town: sums stay exact
        "costs": _summed(tables["costs"], ["municipality", "year", "source"], ["cost"]),
        "components": _summed(tables["components"], ["year", "component"], ["before", "after"]),
        "components_by_town": _without(
            towns,
            _summed(
                tables["components"].with_columns(
                    pl.col("component").replace_strict(_COMPONENTS, default=ALLOWANCES)
                ),
                ["municipality", "year", "component"],
                ["before", "after"],
            ),
            ["before", "after"],
        ),
        "fund": _without(towns, _fund(tables["fund"]), ["salaries", "norm", "difference"]),
    }


def _fund(fund: pl.DataFrame) -> pl.DataFrame:
    """The fund with what only some are paid as one part; it has a norm where all of it has."""
    everybodys = pl.col("component").is_in(_EVERYBODYS)
    return (
        fund.with_columns(component=pl.when(everybodys).then("component").otherwise(pl.lit(OTHERS)))
        .group_by("municipality", "year", "component", maintain_order=True)
        .agg(
            pl.col("salaries").sum(),
            *(
                pl.when(pl.col(name).is_not_null().all()).then(pl.col(name).sum()).cast(kind)
                for name, kind in (("norm", pl.Float64), ("difference", RUBLES))
            ),
        )
    )


def _summed(table: pl.DataFrame, by: list[str], sums: list[str]) -> pl.DataFrame:
    return table.group_by(by, maintain_order=True).agg(pl.col(sums).sum().cast(RUBLES))


def _without(towns: frozenset[str], table: pl.DataFrame, columns: list[str]) -> pl.DataFrame:
    """The table without `columns` in the hidden towns."""
    hidden = pl.col("municipality").is_in(list(towns)).fill_null(False)
    return table.with_columns(
        pl.when(hidden)
        .then(pl.lit(State.SUPPRESSED))
        .otherwise(pl.lit(State.PUBLISHED))
        .cast(STATE)
        .alias("hidden"),
        *(pl.when(~hidden).then(pl.col(name)).alias(name) for name in columns),
    )
