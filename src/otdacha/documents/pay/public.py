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
    "suppressed": State.SUPPRESSED.value,
}


def described_tables(told: Told) -> dict[str, pl.DataFrame]:
    """Every public table, with the columns that `COLUMNS` describes."""
    made = {
        "municipalities": _municipalities(told.tables["municipalities"]),
        "measures": told.tables["measures"].with_columns(state="hidden"),
        "money": told.tables["money"].with_columns(_where("available").alias("state")),
        "distribution": told.tables["distribution"].with_columns(state="hidden"),
        "limits": told.tables["limits"].with_columns(
            _where("grants_share").alias("grants_state"),
            _where("norm").alias("norm_state"),
            limit=pl.col("state").cast(pl.String),
            state="hidden",
        ),
        "components": told.tables["components"].with_columns(state="hidden"),
        "components_by_town": _components_by_town(told.tables["components_by_town"]),
        "fund": told.tables["fund_of_all"].with_columns(state="hidden"),
        "fund_by_town": told.tables["fund"].with_columns(
            _with_hidden("salaries").alias("state"), _with_hidden("norm").alias("norm_state")
        ),
        "packages": told.tables["packages"].with_columns(
            _where("avoided", State.INSUFFICIENT_EVIDENCE).alias("effect_state")
        ),
        "levels": told.tables["levels"].with_columns(state="hidden"),
        "rivals": told.tables["rivals"].with_columns(
            _with_hidden("avoided", State.INSUFFICIENT_EVIDENCE).alias("effect_state"),
            state="hidden",
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


def _where(figure: str, otherwise: State = State.NOT_COLLECTED) -> pl.Expr:
    """The state of a figure that is there or is not."""
    there = pl.col(figure).is_not_null()
    return pl.when(there).then(pl.lit(State.PUBLISHED)).otherwise(pl.lit(otherwise)).cast(STATE)


def _components_by_town(components: pl.DataFrame) -> pl.DataFrame:
    """With the measures only what parts come to is told: their rise may be a few people's."""
    suppressed = pl.lit(State.SUPPRESSED)
    unsaid = pl.when(pl.col("after").is_null()).then(suppressed).otherwise(pl.lit(State.PUBLISHED))
    return components.with_columns(state="hidden", after_state=unsaid.cast(STATE))


def _with_hidden(figure: str, otherwise: State = State.NOT_COLLECTED) -> pl.Expr:
    """The state of a figure that is there, is not, or is hidden."""
    hidden = pl.col("hidden") == State.SUPPRESSED.value
    known = _where(figure, otherwise)
    return pl.when(hidden).then(pl.lit(State.SUPPRESSED).cast(STATE)).otherwise(known)
