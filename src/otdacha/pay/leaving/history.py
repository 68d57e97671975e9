"""Who was at risk of leaving in which month, and who left: a history read from posts.

A person is at risk in a month if they hold a post on its first day, and leaves in it if their last
post ends in it and no other begins within 60 days, in whatever town: a move between departments, a
promotion and a move to another town of the union are no exits. Of the last 60 days before the day
of the data nobody knows yet who will come back; those months say nothing.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import polars as pl

from otdacha.pay.leaving.tenure import TENURE, tenure_class
from otdacha.pay.tables import EXCLUDED

APART = 60
"""Days: who holds no post for longer has left."""

PERSON_MONTHS = pl.Schema(
    {
        "person": pl.String(),
        "municipality": pl.String(),
        "position_group": pl.String(),
        "month": pl.Date(),  # its first day
        "tenure": TENURE,
        "pay": pl.Float64(),  # log of pay of a full month over the local mean wage of that year
        "left": pl.Boolean(),
    }
)


@dataclass(frozen=True)
class History:
    """person_months: schema `PERSON_MONTHS`, by person and month. excluded: schema
    `EXCLUDED`; rows are posts where the table is "posts", else person-months."""

    person_months: pl.DataFrame
    excluded: pl.DataFrame


def person_months(
    posts: pl.DataFrame, pay: pl.DataFrame, wages: pl.DataFrame, exported: dt.date
) -> History:
    """The history that posts tell, from the first month of `pay` to the last that is decided.

    posts: columns of a roster (post, person, municipality, position_group, share, service_from,
    started, ended, main). pay: post, month (its first day), kopecks (Int64: of a full post in a
    full month). wages: municipality, year, wage (rubles: mean month of all activities). exported:
    the day of the data. Somebody with several posts is paid as by the main one (else the largest).
    """
    known, counted = _known(posts, exported)
    stays = _stays(known)
    first = pay["month"].min()
    held = _held(stays, exported).filter(pl.col("month") >= pl.lit(first, pl.Date))
    decided = pl.col("month").dt.month_end().dt.offset_by(f"{APART}d") <= exported
    priced = (
        held.join(
            pay.select("post", "month", "kopecks"),
            on=["post", "month"],
            how="left",
            maintain_order="left",
        )
        .with_columns(year=pl.col("month").dt.year().cast(pl.Int64))
        .join(_wages(stays, wages), on=["town", "year"], how="left", maintain_order="left")
        .with_columns(
            reason=pl.when(~decided)
            .then(pl.lit("next_60_days_unknown"))
            .when((pl.col("kopecks") > 0).fill_null(value=False).not_())
            .then(pl.lit("no_pay"))
            .when((pl.col("wage") > 0).fill_null(value=False).not_())
            .then(pl.lit("no_wage"))
        )
    )
    counted["came_and_left_within_a_month"] = _unseen(stays, held, first)
    dropped = priced.drop_nulls("reason").group_by("reason").len().sort("reason")
    served = stays.select("post", "person", "municipality", "position_group", "served_from")
    return History(
        priced.filter(pl.col("reason").is_null())
        .select("post", "month", "left", pay=(pl.col("kopecks") / 100 / pl.col("wage")).log())
        .join(served, on="post", maintain_order="left")
        .with_columns(tenure=tenure_class(pl.col("served_from"), pl.col("month")))
        .select(PERSON_MONTHS.names())
        .cast(PERSON_MONTHS),
        pl.DataFrame(
            [("posts", reason, rows) for reason, rows in counted.items() if rows]
            + [("person_months", reason, rows) for reason, rows in dropped.iter_rows()],
            schema=EXCLUDED,
            orient="row",
        ),
    )


def _known(posts: pl.DataFrame, exported: dt.date) -> tuple[pl.DataFrame, dict[str, int]]:
    """Posts as far as they are past; how many are not yet begun, or end after the data."""
    begun = posts.filter(pl.col("started") <= exported)
    later = (begun["ended"] > exported).fill_null(value=False)
    counted = {
        "begins_after_the_data": posts.height - begun.height,
        "ends_after_the_data": int(later.sum()),  # still held: kept, as one without an end
    }
    return begun.with_columns(ended=pl.when(~later).then(pl.col("ended"))), counted


def _stays(posts: pl.DataFrame) -> pl.DataFrame:
    """Posts by person and day, with the stay they belong to: stay (number), served_from, leaves
    (day; null: still there); and numbers instead of names: who, town."""
    far = dt.date.max - dt.timedelta(days=APART + 1)
    before = pl.col("ended").fill_null(far).cum_max().shift(1).over("who")
    apart = (pl.col("started") - before).dt.total_days() > APART
    return (
        posts.sort("person", "started", "post")
        .with_columns(who=pl.col("person").rle_id(), town=pl.col("municipality").rank("dense"))
        .with_columns(stay=apart.fill_null(value=True).cum_sum())
        .with_columns(
            served_from=pl.min_horizontal("service_from", "started").min().over("stay"),
            leaves=pl.when(pl.col("ended").is_not_null().all().over("stay")).then(
                pl.col("ended").max().over("stay")
            ),
            alone=pl.len().over("who") == 1,
        )
    )


def _held(stays: pl.DataFrame, exported: dt.date) -> pl.DataFrame:
    """One row per person and month on whose first day they hold a post, with that post: post, who,
    town, month, left; by person and month."""
    begins = pl.col("started").dt.month_start()
    first = pl.when(begins == pl.col("started")).then(begins).otherwise(begins.dt.offset_by("1mo"))
    last = pl.col("ended").fill_null(exported).dt.month_start()
    months = (
        stays.with_columns(first=first, last=last, gone=pl.col("leaves").dt.month_start())
        .filter(pl.col("first") <= pl.col("last"))
        .with_columns(month=pl.date_ranges("first", "last", interval="1mo"))
        .select("post", "who", "town", "alone", "gone", "month")
        .explode("month")
    )
    rank = stays.select("post", "main", "share", "started")
    several = (
        months.filter(~pl.col("alone"))
        .join(rank, on="post")
        .sort("who", "month", ~pl.col("main"), -pl.col("share"), "started", "post")
        .unique(["who", "month"], keep="first", maintain_order=True)
        .select(months.columns)
    )
    left = (pl.col("month") == pl.col("gone")).fill_null(value=False)
    return (
        pl.concat([months.filter("alone"), several])
        .sort("who", "month")
        .select("post", "who", "town", "month", left=left)
    )


def _wages(stays: pl.DataFrame, wages: pl.DataFrame) -> pl.DataFrame:
    """Wages by number of town and year, rubles a month."""
    towns = stays.select("municipality", "town").unique()
    wage = pl.col("wage").cast(pl.Float64)
    return (
        wages.select("municipality", pl.col("year").cast(pl.Int64), wage=wage)
        .join(towns, on="municipality")
        .drop("municipality")
    )


def _unseen(stays: pl.DataFrame, held: pl.DataFrame, first: object) -> int:
    """How many left in a month on whose first day they held no post: nobody was at risk then."""
    gone = stays.filter(pl.col("leaves") >= pl.lit(first, pl.Date))["stay"].n_unique()
    return int(gone - held["left"].sum())
