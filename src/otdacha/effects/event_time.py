"""Time as training sees it: months before training, months since it, months since the last clean.

Everything follows from the cells and the exposure; a month in which a unit had no case is not seen.
A unit may be trained several times: a clean month counts down to the *next* training, an exposed
month counts up from the start of its own spell.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import polars as pl

from otdacha.panel.calendar import month_number

TOUCHED = ("around_training", "exposed", "after_horizon")
"""Statuses that are due to training."""

ALL = "all"
"""The group of every provider together."""

UNIT_MONTHS = ("unit", "month", "stratum", "cluster", "status")


def unit_months(cells: pl.DataFrame) -> pl.DataFrame:
    """One row for each month of a unit with a case of any indicator, in order.

    Columns: unit, month, stratum, cluster, status; number: the month as a number; n: the most cases
    that any indicator counts; staff: people of the unit in that month, 1 where cells do not say.
    A month's status is the same for all indicators.
    """
    staff = pl.col("staff").first() if "staff" in cells.columns else pl.lit(1)
    return (
        cells.group_by("unit", "month")
        .agg(
            pl.col("stratum", "cluster").first(),
            pl.col("status").cast(pl.String).first(),
            n=pl.col("n").max().cast(pl.Float64),
            staff=staff.cast(pl.Float64),
        )
        .with_columns(number=month_number("month"))
        .sort("unit", "number")
    )


def before_training(months: pl.DataFrame, exposure: pl.DataFrame) -> pl.DataFrame:
    """Each clean month of a unit and the training that comes next.

    months: as `unit_months`. Returns unit, month, number, stratum, cluster, n; lead: months to the
    first month that the next training touches (1 is the last month before it), null where none
    comes; since: whether an earlier training left the look-back before; first_exposed: the first
    month of exposure to that training (a date, null where none was seen); provider: whom most of
    the unit was then exposed to, the first by name where several tie.
    """
    clean, touched = pl.col("status") == "clean", pl.col("status").is_in(TOUCHED)
    phased = months.with_columns(phase=pl.struct("unit", clean.alias("clean")).rle_id())
    phases = phased.group_by("phase").agg(
        pl.col("unit").first(),
        touched=pl.col("number").filter(touched).min(),
        first_exposed=pl.col("month").filter(pl.col("status") == "exposed").min(),
    )
    following = phases.with_columns(phase=pl.col("phase").cast(pl.Int64) - 1).rename(
        {"unit": "next_unit"}
    )
    ever = phased.with_columns(since=touched.cum_max().over("unit"))
    return (
        ever.filter(clean)
        .with_columns(pl.col("phase").cast(pl.Int64))
        .join(following, on="phase", how="left", maintain_order="left")
        .with_columns(comes=(pl.col("next_unit") == pl.col("unit")).fill_null(False))
        .with_columns(
            lead=pl.when("comes").then(pl.col("touched") - pl.col("number")),
            first_exposed=pl.when("comes").then("first_exposed"),
        )
        .join(
            main_provider(exposure).rename({"month": "first_exposed"}),
            on=["unit", "first_exposed"],
            how="left",
            maintain_order="left",
        )
        .select(
            "unit", "month", "number", "stratum", "cluster", "n", "lead", "since",
            "first_exposed", "provider", "people",
        )
    )  # fmt: skip


def leads_of(
    before: pl.DataFrame,
    count: int,
    groups: Sequence[str],
    group: Mapping[str, str] | None,
) -> pl.DataFrame:
    """Which lead of which group each clean unit-month is: unit, month, lead_number, lead_dummy,
    people.

    before: as `before_training`. lead_number: group x count + lead - 1, or -1. Months at most
    `count` before a training whose provider was not seen, or has no group, are left out.
    """
    named = (
        before.with_columns(group=pl.when(pl.col("provider").is_not_null()).then(pl.lit(ALL)))
        if group is None
        else before.with_columns(
            group=pl.col("provider").replace_strict(
                dict(group), default=None, return_dtype=pl.String
            )
        )
    )
    place = {name: number for number, name in enumerate(groups)}
    is_lead = (pl.col("lead") <= count).fill_null(False)
    return (
        named.filter(~is_lead | pl.col("group").is_not_null())
        .with_columns(number=pl.col("group").replace_strict(place, default=None).cast(pl.Int64))
        .select(
            "unit",
            "month",
            "people",
            lead_number=pl.when(is_lead)
            .then(pl.col("number") * count + pl.col("lead") - 1)
            .otherwise(-1),
            lead_dummy=is_lead.cast(pl.Float64),
        )
    )


def main_provider(exposure: pl.DataFrame) -> pl.DataFrame:
    """Whom most of a unit was exposed to in each month: unit, month, provider (String), people."""
    return (
        exposure.select(
            "unit",
            "month",
            "share",
            provider=pl.col("provider").cast(pl.String),
            people=pl.col("share") * pl.col("staff"),
        )
        .sort(["unit", "month", "share", "provider"], descending=[False, False, True, False])
        .unique(["unit", "month"], keep="first", maintain_order=True)
        .select("unit", "month", "provider", "people")
    )


def grouped(exposure: pl.DataFrame, group: Mapping[str, str] | None) -> pl.DataFrame:
    """Exposure to groups of providers: unit, month, group, share, staff.

    group: provider → group; None: all together. Providers that it does not name are left out. A
    unit's share in a group is the sum over its providers, at most 1: who took courses of several is
    not known here.
    """
    named = exposure.with_columns(pl.col("provider").cast(pl.String))
    told = (
        named.with_columns(group=pl.lit(ALL))
        if group is None
        else named.with_columns(
            group=pl.col("provider").replace_strict(
                dict(group), default=None, return_dtype=pl.String
            )
        ).drop_nulls("group")
    )
    return told.group_by("unit", "month", "group").agg(
        share=pl.col("share").sum().clip(upper_bound=1.0), staff=pl.col("staff").max()
    )


def since_exposure(months: pl.DataFrame, exposed: pl.DataFrame, horizon: int) -> pl.DataFrame:
    """Exposure with the months since its spell began: `exposed` and lag (0 is the first month).

    months: as `unit_months`. exposed: as `grouped`. A spell of a unit with a group goes on from one
    month of work to the next; it ends where the unit worked unexposed, or after a pause of a
    horizon. A department whose people are trained in turn has one long spell: its lag counts from
    the spell's start, and lags of a horizon and more are one, `horizon`. Spells that were there in
    the unit's first month are left out: nobody knows when they began.
    """
    order = months.select(
        "unit", "month", "number", place=pl.int_range(pl.len()).over("unit").cast(pl.Int64)
    )
    rows = exposed.join(order, on=["unit", "month"]).sort("unit", "group", "number")
    mine = ["unit", "group"]
    goes_on = (
        (pl.col("place") - pl.col("place").shift().over(mine) == 1)
        & (pl.col("number") - pl.col("number").shift().over(mine) < horizon)
    ).fill_null(False)
    spelled = rows.with_columns(spell=(~goes_on).cum_sum().over(mine))
    spell = [*mine, "spell"]
    return (
        spelled.with_columns(
            begins=pl.col("place").first().over(spell),
            lag=(pl.col("number") - pl.col("number").first().over(spell)).clip(upper_bound=horizon),
        )
        .filter(pl.col("begins") > 0)
        .drop("place", "number", "spell", "begins")
    )


def since_before(months: pl.DataFrame) -> pl.DataFrame:
    """Months from the last month before training (lead 1) to each exposed month: unit, month,
    distance.

    distance is null where the unit was not seen clean before that training.
    """
    clean, touched = pl.col("status") == "clean", pl.col("status").is_in(TOUCHED)
    begins = pl.when(touched).then("number")
    return (
        months.with_columns(phase=pl.struct("unit", clean.alias("clean")).rle_id())
        .with_columns(known=clean.cum_max().over("unit"), begins=begins.min().over("phase"))
        .filter(pl.col("status") == "exposed")
        .select(
            "unit",
            "month",
            distance=pl.when("known").then(pl.col("number") - pl.col("begins") + 1),
        )
    )
