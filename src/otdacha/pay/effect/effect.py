"""What the measures bring, town by town: who stays, what vacancies are spared, what is kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from otdacha.pay.effect.avoided import AVOIDED, avoided, sums_of_towns
from otdacha.pay.effect.exits import expected_exits
from otdacha.pay.effect.training import training_value
from otdacha.pay.effect.vacancies import VacancyCost
from otdacha.pay.kopecks import SHARE, rubles
from otdacha.pay.leaving import ESTIMATED, Leaving
from otdacha.pay.tables import MUNICIPALITIES

TOWNS = pl.Schema(
    {
        name: MUNICIPALITIES[name]
        for name in (
            "municipality",
            "effect",
            "exits_before",
            "exits_after",
            "avoided",
            "avoided_lower",
            "avoided_upper",
            "vacant_months",
            "vacancy_cost",
            "training_kept",
        )
    }
)
"""What an effect knows of `otdacha.pay.tables.MUNICIPALITIES`."""


@dataclass(frozen=True)
class Effect:
    """exits: by person and year (`EXITS`; pseudonyms, private). sums: of towns, to be added up by
    `avoided`. towns: `TOWNS`. total: one row of `AVOIDED`, of towns with an estimate. without_pay:
    people who are in none of it, since the payroll pays their (main) post nothing."""

    exits: pl.DataFrame
    sums: pl.DataFrame
    towns: pl.DataFrame
    total: pl.DataFrame
    without_pay: int


def effect(
    leaving: Leaving,
    posts: pl.DataFrame,
    pay: pl.DataFrame,
    wages: pl.DataFrame,
    vacancies: Mapping[str, VacancyCost],
    training: pl.DataFrame,
    horizon: int,
) -> Effect:
    """The effect of measures that change pay from pay_before to pay_after.

    posts, pay, wages: as `expected_exits` takes them; posts also have region and salary (Int64
    kopecks a month of a full post, ValueError where it is null). vacancies: by region, KeyError
    where one is missing. training: `TRAINING`, completed and planned; horizon: months.
    Money is rounded to the kopeck once for each person and year, half up, and added up exactly.
    """
    if posts["salary"].has_nulls():
        raise ValueError("every post needs a salary: it says what a vacancy costs")
    exits = expected_exits(leaving, posts, pay, wages)
    sums = sums_of_towns(exits)
    years = sorted(pay["year"].unique().to_list())
    spared = _spared(exits, posts, pay, vacancies, training_value(training, years, horizon))
    total = avoided(sums, [])
    towns = (
        sums.select("municipality", "effect")
        .join(avoided(sums, ["municipality"]), on="municipality", how="left")
        .join(spared, on="municipality", how="left")
        .with_columns(vacancy_cost=rubles(pl.col("vacancy")), training_kept=rubles(pl.col("kept")))
        .select(TOWNS.names())
        .cast(TOWNS)
        .sort("municipality")
    )
    return Effect(
        exits=exits,
        sums=sums,
        towns=towns,
        total=total if total.height else AVOIDED.to_frame(),
        without_pay=posts["person"].n_unique() - exits["person"].n_unique(),
    )


def _spared(
    exits: pl.DataFrame,
    posts: pl.DataFrame,
    pay: pl.DataFrame,
    vacancies: Mapping[str, VacancyCost],
    value: pl.DataFrame,
) -> pl.DataFrame:
    """By municipality with an estimate: vacant_months, and kopecks of vacancies and of training."""
    stays = pl.col("avoided")
    rows = (
        exits.filter(pl.col("state") == ESTIMATED)
        .join(posts.select("post", "region", salary=_salary()), on="post")
        .join(
            pay.select("post", "year", month=pl.col("pay_before") / pl.col("months")),
            on=["post", "year"],
        )
        .join(value.rename({"kopecks": "value"}), on=["person", "year"], how="left")
    )
    parts = [
        rows.filter(pl.col("region") == region).with_columns(
            months=stays * vacancies[region].months,
            vacancy=_whole(stays * vacancies[region].kopecks(pl.col("salary"), pl.col("month"))),
            kept=_whole(stays * pl.col("value").fill_null(0.0)),
        )
        for region in sorted(rows["region"].unique().to_list())
    ]
    if not parts:
        parts = [
            rows.with_columns(
                months=pl.lit(0.0), vacancy=pl.lit(0, pl.Int64), kept=pl.lit(0, pl.Int64)
            )
        ]
    return (
        pl.concat(parts)
        .group_by("municipality", maintain_order=True)  # the same digits every time
        .agg(
            vacant_months=pl.col("months").sum(),
            vacancy=pl.col("vacancy").sum(),
            kept=pl.col("kept").sum(),
        )
    )


def _salary() -> pl.Expr:
    return pl.col("salary") * pl.col("share") / SHARE


def _whole(kopecks: pl.Expr) -> pl.Expr:
    """Whole kopecks, half up."""
    return (kopecks + 0.5).floor().cast(pl.Int64)
