"""The tables of a scenario as anybody may have them, their columns as they are described."""

from __future__ import annotations

import polars as pl

from otdacha.documents.pay.columns import COLUMNS
from otdacha.pay.disclosure import Told
from otdacha.release.states import STATE, State

_EFFECT = {
    "estimated": State.PUBLISHED.value,
    "too few exits": State.INSUFFICIENT_EVIDENCE.value,
    "no wage": State.NOT_COLLECTED.value,
}


def described_tables(told: Told) -> dict[str, pl.DataFrame]:
    """Every public table, with the columns that `COLUMNS` describes.

    A part of pay of one town, or a measure in it, may be a few people's: `components` and `fund`
    are of all towns together, `costs` of a town without the measure.
    """
    made = {
        "municipalities": _municipalities(told.tables["municipalities"]),
        "measures": told.tables["measures"].with_columns(state="hidden"),
        "costs": _summed(told.tables["costs"], ["municipality", "year", "source"], ["cost"]),
        "costs_by_measure": _summed(told.tables["costs"], ["measure", "year", "source"], ["cost"]),
        "money": told.tables["money"].with_columns(_where("available").alias("state")),
        "distribution": told.tables["distribution"].with_columns(state="hidden"),
        "limits": told.tables["limits"].with_columns(
            _where("grants_share").alias("grants_state"),
            _where("norm").alias("norm_state"),
            limit=pl.col("state").cast(pl.String),
            state="hidden",
        ),
        "components": _of_all(told, "components", ["before", "after"]),
        "fund": _of_all(told, "fund", ["difference"]),
        "packages": told.tables["packages"].with_columns(
            _where("avoided", State.INSUFFICIENT_EVIDENCE).alias("effect_state")
        ),
        "levels": told.tables["levels"].with_columns(state="hidden"),
        "rivals": told.tables["rivals"].with_columns(
            _effect_of_rivals().alias("effect_state"), state="hidden"
        ),
        "wages": told.tables["wages"].with_columns(
            _where(name).alias(f"{name}_state") for name in ("wage_all", "wage_o")
        ),
    }
    return {
        name: (made[name] if name in made else told.tables[name]).select(
            pl.col(column.name).cast(column.type) for column in columns
        )
        for name, columns in COLUMNS.items()
    }


def _municipalities(towns: pl.DataFrame) -> pl.DataFrame:
    hidden = pl.col("hidden") == State.SUPPRESSED.value
    suppressed = pl.lit(State.SUPPRESSED)
    return towns.with_columns(
        _where("wage").alias("wage_state"),
        pl.when(hidden).then(suppressed).otherwise(_where("wage").cast(pl.String)).cast(STATE)
        .alias("gap_state"),
        pl.when(hidden)
        .then(suppressed)
        .otherwise(pl.col("effect").cast(pl.String).replace_strict(_EFFECT))
        .cast(STATE)
        .alias("effect_state"),
        state="hidden",
    )  # fmt: skip


def _effect_of_rivals() -> pl.Expr:
    hidden = pl.col("hidden") == State.SUPPRESSED.value
    known = _where("avoided", State.INSUFFICIENT_EVIDENCE)
    return pl.when(hidden).then(pl.lit(State.SUPPRESSED).cast(STATE)).otherwise(known)


def _where(figure: str, otherwise: State = State.NOT_COLLECTED) -> pl.Expr:
    """The state of a figure that is there or is not."""
    there = pl.col(figure).is_not_null()
    return pl.when(there).then(pl.lit(State.PUBLISHED)).otherwise(pl.lit(otherwise)).cast(STATE)


def _summed(table: pl.DataFrame, by: list[str], sums: list[str]) -> pl.DataFrame:
    return table.group_by(by, maintain_order=True).agg(pl.col(sums).sum())


def _of_all(told: Told, name: str, sums: list[str]) -> pl.DataFrame:
    """Sums of all towns by year and part of pay; nothing where even all people are few."""
    few = told.figures["people"] is None
    state = State.SUPPRESSED if few else State.PUBLISHED
    summed = _summed(told.tables[name], ["year", "component"], sums)
    return summed.with_columns(
        pl.lit(state).cast(STATE).alias("state"),
        *(pl.when(not few).then(pl.col(one)).alias(one) for one in sums),
    )
