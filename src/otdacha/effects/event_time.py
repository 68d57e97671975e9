"""Time as training sees it: months before training, months since it, months since the last clean.

Everything follows from the cells and the exposure; a month in which a unit had no case is not seen.
Unit-months are numbered, in the order of units and months, and `place` is that number.
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


def unit_months(cells: pl.DataFrame) -> pl.DataFrame:
    """One row for each month of a unit with a case of any indicator, in order.

    Columns: place; unit, month, stratum, cluster, status; number: the month as a number; n: the
    most cases that any indicator counts; staff: people of the unit in that month, 1 where cells do
    not say. A month's status is the same for all indicators.
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
        .with_row_index("place")
    )


def placed(exposure: pl.DataFrame, months: pl.DataFrame) -> pl.DataFrame:
    """Exposure of the unit-months that are seen: place, unit, month, provider (String), share,
    staff."""
    return exposure.join(months.select("place", "unit", "month"), on=["unit", "month"]).select(
        "place", "unit", "month", pl.col("provider").cast(pl.String), "share", "staff"
    )


def before_training(months: pl.DataFrame, exposure: pl.DataFrame) -> pl.DataFrame:
    """Each clean month of a unit and the training that comes next.

    months: as `unit_months`; exposure: as `placed`. Returns place, unit, month, number, stratum,
    cluster, n; lead: months to the first month that the next training touches (1 is the last month
    before it), null where none comes; since: whether an earlier training left the look-back before;
    first_exposed: the place of the first month of exposure to that training (null where none was
    seen); provider: whom most of the unit was then exposed to, the first by name where several tie.
    """
    clean, touched = pl.col("status") == "clean", pl.col("status").is_in(TOUCHED)
    phased = months.with_columns(phase=pl.struct("unit", clean.alias("clean")).rle_id())
    phases = phased.group_by("phase").agg(
        pl.col("unit").first(),
        touched=pl.col("number").filter(touched).min(),
        first_exposed=pl.col("place").filter(pl.col("status") == "exposed").min(),
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
            main_provider(exposure).rename({"place": "first_exposed"}),
            on="first_exposed",
            how="left",
            maintain_order="left",
        )
        .select(
            "place", "unit", "month", "number", "stratum", "cluster", "n", "lead", "since",
            "first_exposed", "provider", "people",
        )
    )  # fmt: skip


def leads_of(
    before: pl.DataFrame,
    count: int,
    groups: Sequence[str],
    group: Mapping[str, str] | None,
) -> pl.DataFrame:
    """Which lead of which group each clean unit-month is: place, unit, cluster, people,
    lead_number, lead_dummy.

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
            "place",
            "unit",
            "cluster",
            "people",
            lead_number=pl.when(is_lead)
            .then(pl.col("number") * count + pl.col("lead") - 1)
            .otherwise(-1),
            lead_dummy=is_lead.cast(pl.Float64),
        )
    )


def main_provider(exposure: pl.DataFrame) -> pl.DataFrame:
    """Whom most of a unit was exposed to in each month: place, provider, people.

    exposure: as `placed`.
    """
    return (
        exposure.select("place", "share", "provider", people=pl.col("share") * pl.col("staff"))
        .sort(["place", "share", "provider"], descending=[False, True, False])
        .unique("place", keep="first", maintain_order=True)
        .select("place", "provider", "people")
    )


def grouped(exposure: pl.DataFrame, group: Mapping[str, str] | None) -> pl.DataFrame:
    """Exposure to groups of providers: place, group, share, staff.

    exposure: as `placed`. group: provider → group; None: all together. Providers that it does not
    name are left out. A unit's share in a group is the sum over its providers, at most 1: who took
    courses of several is not known here.
    """
    told = (
        exposure.with_columns(group=pl.lit(ALL))
        if group is None
        else exposure.with_columns(
            group=pl.col("provider").replace_strict(
                dict(group), default=None, return_dtype=pl.String
            )
        ).drop_nulls("group")
    )
    return told.group_by("place", "group").agg(
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
        "place", "unit", "number", begun=pl.col("place") > pl.col("place").min().over("unit")
    )
    rows = exposed.join(order, on="place").sort("unit", "group", "place")
    mine = ["unit", "group"]
    goes_on = (
        (pl.col("place") == pl.col("place").shift().over(mine) + 1)
        & (pl.col("number") - pl.col("number").shift().over(mine) < horizon)
    ).fill_null(False)
    spelled = rows.with_columns(spell=(~goes_on).cum_sum().over(mine))
    spell = [*mine, "spell"]
    return (
        spelled.with_columns(
            known=pl.col("begun").first().over(spell),
            lag=(pl.col("number") - pl.col("number").first().over(spell)).clip(upper_bound=horizon),
        )
        .filter("known")
        .select("place", "group", "share", "staff", "lag")
    )


def since_before(months: pl.DataFrame) -> pl.DataFrame:
    """Months from the last month before training (lead 1) to each exposed month: place, distance.

    distance is null where the unit was not seen clean before that training.
    """
    clean, touched = pl.col("status") == "clean", pl.col("status").is_in(TOUCHED)
    begins = pl.when(touched).then("number")
    return (
        months.with_columns(phase=pl.struct("unit", clean.alias("clean")).rle_id())
        .with_columns(known=clean.cum_max().over("unit"), begins=begins.min().over("phase"))
        .filter(pl.col("status") == "exposed")
        .select(
            "place",
            distance=pl.when("known").then(pl.col("number") - pl.col("begins") + 1),
        )
    )
