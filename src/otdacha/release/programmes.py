"""The programmes of training organisations: what records say of them, and what a release does.

An effect is the organisation's, over all its training. Of a single programme no effect is known
here; what is known is its price, and so how much of the organisation's effect 10,000 roubles buy.
"""

from __future__ import annotations

import polars as pl

from otdacha.methodology import Disclosure
from otdacha.records import Successions
from otdacha.release.columns import ROW
from otdacha.release.disclosure import people_rule, publish_counts
from otdacha.release.states import STATE, State
from otdacha.release.tables import KEYS

PROGRAMMES = pl.Schema(
    {
        "provider": pl.String,  # who stands for it now
        "programme": pl.String,  # its code; null: the training records name none
        "name": pl.String,
        "topic": pl.String,
        "hours": pl.Float64,
        "form": pl.String,
        "price": pl.Float64,
        "trained": pl.Int64,  # people, true count
    }
)
"""Programmes as the records tell of them, before anything is withheld."""

_KEY = ("provider", "programme")
_ROUBLES = 10_000


def programmes(register: pl.DataFrame, training: pl.DataFrame, merged: Successions) -> pl.DataFrame:
    """Every programme that is offered or was taken (schema `PROGRAMMES`), sorted by its key.

    register, training: rows in force of `programmes` and `training`. merged: of the organisations.
    A programme of one that has merged is its successor's; where both have one of the same code,
    the successor's own row says what it is.
    """
    own = register.with_columns(moved=pl.col("provider") != merged.followed("provider"))
    described = (
        own.with_columns(merged.followed("provider"))
        .sort("moved", maintain_order=True)
        .unique(_KEY, keep="first", maintain_order=True)
    )
    taken = (
        training.group_by(merged.followed("provider"), "programme")
        .agg(trained=pl.col("person").n_unique())
        .cast({"trained": pl.Int64})
    )
    return (
        described.join(taken, on=_KEY, how="full", coalesce=True, nulls_equal=True)
        .with_columns(pl.col("trained").fill_null(0))
        .select(PROGRAMMES.names())
        .cast(dict(PROGRAMMES))  # type: ignore[arg-type]
        .sort(_KEY, nulls_last=True)
    )


def programmes_table(
    found: pl.DataFrame,
    providers: pl.DataFrame,
    disclosure: Disclosure,
    previous: pl.DataFrame | None,
) -> pl.DataFrame:
    """The programmes as they may be read by anybody, in the order of the published providers.

    found: schema `PROGRAMMES`. providers: the published table, whose totals are shown beside.
    """
    effects = providers.with_row_index("place").select(
        "place", "provider", ROW, "posterior_mean", "lower", "upper"
    )
    priced = pl.col("price") > 0
    per = _ROUBLES / pl.when(priced).then("price")
    shown = (
        found.join(effects, on="provider", how="left")
        .sort("place", *_KEY, nulls_last=True)
        .with_columns(pl.col(ROW).fill_null(pl.lit(State.NOT_COLLECTED, STATE)))
        .with_columns(
            effect_per_10000=pl.col("posterior_mean") * per,
            lower_per_10000=pl.col("lower") * per,
            upper_per_10000=pl.col("upper") * per,
            per_10000_state=pl.when((pl.col(ROW) == State.PUBLISHED) & ~priced.fill_null(False))
            .then(pl.lit(State.NOT_COLLECTED, STATE))
            .otherwise(ROW),
        )
    )
    return publish_counts(
        shown,
        {"trained": people_rule(disclosure)},
        keys=KEYS["programmes"],
        parts_of={"trained": ["provider"]},
        previous=previous,
    )
