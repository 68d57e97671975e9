"""Where people were trained: municipalities, what records say of them, and what a release does."""

from __future__ import annotations

import polars as pl

from otdacha.methodology import Disclosure
from otdacha.records import Successions
from otdacha.release.disclosure import people_rule, publish_counts
from otdacha.release.states import STATE, WITH_FIGURE
from otdacha.release.tables import KEYS

MUNICIPALITIES = pl.Schema(
    {
        "municipality": pl.String,  # who stands for it now
        "name": pl.String,
        "region": pl.String,
        "latitude": pl.Float64,
        "longitude": pl.Float64,
        "trained": pl.Int64,  # people, true count; null: nobody knows
        "providers": pl.Int64,  # organisations that trained them
    }
)
"""Municipalities as the records tell of them, before anything is withheld."""


def towns(
    register: pl.DataFrame,
    training: pl.DataFrame,
    merged: Successions,
    organisations: Successions,
    at_work: pl.Series,
) -> pl.DataFrame:
    """The municipalities that training or work results tell of (schema `MUNICIPALITIES`), by code.

    register: rows in force of `municipalities`; the newest of each says what it is called and where
    it lies. training: municipality, person, provider; municipality null: nobody knows where.
    merged, organisations: who stands for whom now. at_work: municipalities with work results.

    Nobody was trained in a town only where the register says since when its training records are
    complete, and no training is without a town; else it is not known (null).
    """
    newest = register.sort("valid_from", nulls_last=False, maintain_order=True).unique(
        "municipality", keep="last", maintain_order=True
    )
    placed = training.with_columns(
        merged.followed("municipality"), organisations.followed("provider")
    )
    counted = (
        placed.drop_nulls("municipality")
        .group_by("municipality")
        .agg(trained=pl.col("person").n_unique(), providers=pl.col("provider").n_unique())
    )
    everywhere = placed["municipality"].null_count() == 0
    complete = pl.col("training_known_from").is_not_null() & everywhere
    working = at_work.cast(pl.String).unique().alias("municipality").to_frame()
    return (
        pl.concat([counted.select("municipality"), working.select(merged.followed("municipality"))])
        .unique()
        .join(newest, on="municipality", how="left")
        .join(counted, on="municipality", how="left")
        .with_columns(
            pl.when(pl.col(name).is_not_null() | ~complete).then(name).otherwise(0).alias(name)
            for name in ("trained", "providers")
        )
        .select(MUNICIPALITIES.names())
        .cast(dict(MUNICIPALITIES))  # type: ignore[arg-type]
        .sort("municipality")
    )


def with_towns(training: pl.DataFrame, staff: pl.DataFrame) -> pl.DataFrame:
    """`training` with the town of those whose record names none: where the person worked on the
    last day of the course, if that was in one town only.

    training, staff: rows in force.
    """
    numbered = training.with_row_index("course")
    lost = numbered.filter(pl.col("municipality").is_null()).select("course", "person", "finished")
    found = (
        lost.join(staff.select("person", "started", "ended", town="municipality"), on="person")
        .filter(
            (pl.col("started") <= pl.col("finished"))
            & (pl.col("ended") >= pl.col("finished")).fill_null(True)
        )
        .group_by("course")
        .agg(pl.when(pl.col("town").n_unique() == 1).then(pl.col("town").first()))
    )
    return (
        numbered.join(found, on="course", how="left", maintain_order="left")
        .with_columns(pl.coalesce("municipality", "town").alias("municipality"))
        .drop("course", "town")
    )


def towns_table(
    found: pl.DataFrame, disclosure: Disclosure, previous: pl.DataFrame | None
) -> pl.DataFrame:
    """The municipalities as they may be read by anybody. found: schema `MUNICIPALITIES`.

    How many organisations trained there is no figure about people, but comes from the people who
    were trained: it is shown where their number is, and has its state.
    """
    shown = publish_counts(
        found,
        {"trained": people_rule(disclosure)},
        keys=KEYS["municipalities"],
        previous=previous,
    )
    told = pl.col("trained_state").cast(pl.String).is_in(WITH_FIGURE)
    return shown.with_columns(
        pl.when(told).then("providers"),
        pl.col("trained_state").cast(STATE).alias("providers_state"),
    )
