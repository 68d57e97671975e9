"""Wages as statistics tell them: means since January, of the municipalities that are there now.

Records know wages by the code that a municipality had at the time. Who stands for it now says the
register; where several became one, nothing says how many people each mean is of.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from otdacha.errors import PayProblem
from otdacha.language import text
from otdacha.records import (
    Batch,
    Successions,
    Workspace,
    batches,
    frame,
    rejected_rows,
    successions,
)

INDICATOR = "средняя зарплата"
"""What statistics of wages are called in records; the shipped profile `sberindex-wage` says so."""
ALL = "0"
_O = r"^[OО](\s|$)"
"""Letter O of OKVED, Latin or Cyrillic, with or without the words that call it a proxy."""

MUNICIPALITIES = pl.Schema(
    {
        "municipality": pl.String(),
        "name": pl.String(),
        "region": pl.String(),
        "latitude": pl.Float64(),
        "longitude": pl.Float64(),
    }
)
"""Those that are there now."""
MEANS = pl.Schema(
    {
        "municipality": pl.String(),  # who stands for it now
        "year": pl.Int64(),
        "months": pl.Int64(),  # since January, of which it is the mean
        "told_as": pl.String(),  # the code at that time
        "all": pl.Int64(),  # kopecks a month
        "o": pl.Int64(),
    }
)
UNMATCHED = pl.Schema(
    {
        "number": pl.String(),  # of the territory in the source, or the municipality's code
        "name": pl.String(),
        "region": pl.String(),
        "reason": pl.String(),
        "rows": pl.Int64(),
    }
)
"""Statistics that belong to no municipality of now."""
_REJECTED = ("unknown_territory", "territory_not_in_force", "contradicted_territory")


@dataclass(frozen=True)
class Told:
    """What records tell of wages.

    towns: schema `MUNICIPALITIES`. means: schema `MEANS`, without what is merged. merged:
    municipality, year in which several stood in its place. contradicted: municipalities whose
    statistics contradict each other. unmatched: schema `UNMATCHED`. batches: that wages came in.
    """

    towns: pl.DataFrame
    means: pl.DataFrame
    merged: pl.DataFrame
    contradicted: frozenset[str]
    unmatched: pl.DataFrame
    sources: tuple[str, ...]
    batches: tuple[Batch, ...]

    @property
    def years(self) -> list[int]:
        """The years whose mean over twelve months is told."""
        whole = self.means.filter(pl.col("all").is_not_null(), months=12)
        return sorted(whole["year"].unique())


def wages_told(workspace: Workspace) -> Told:
    """Read wages and the register of municipalities from the records of a workspace.

    Raises PayProblem where there is no register or no wage of all activities.
    """
    register = frame(workspace, "municipalities")
    statistics = frame(workspace, "statistics").filter(indicator=INDICATOR)
    _refuse_nothing(workspace, register, statistics)
    into = successions(register, "municipality")
    towns = _towns(register, into)
    told = _by_letter(statistics, into)
    of_now = told.join(towns.select("municipality"), on="municipality", how="semi")
    merged = _merged(register, into, of_now.select("year", "ends").unique())
    came_in = _batches(workspace, statistics)
    numbers = _rejected_numbers(workspace, came_in)
    contradicted = numbers.filter(reason="contradicted_territory").select("number")
    return Told(
        towns=towns,
        means=of_now.join(merged, on=["municipality", "year"], how="anti").select(MEANS.names()),
        merged=merged,
        contradicted=frozenset(
            register.filter(pl.col("valid_to").is_null())
            .join(contradicted, left_on="territory", right_on="number", how="semi")
            .get_column("municipality")
        ),
        unmatched=_unmatched(register, into, towns, statistics, numbers),
        sources=tuple(statistics["source"].drop_nulls().unique().sort()),
        batches=came_in,
    )


def _refuse_nothing(workspace: Workspace, register: pl.DataFrame, statistics: pl.DataFrame) -> None:
    if register.is_empty():
        raise PayProblem(
            text(
                "{folder}: there is no register of municipalities. Add it first: otdacha add "
                "{folder} municipalities FILE --profile sberindex-municipalities",
                folder=workspace.path,
            )
        )
    if statistics.filter(breakdown=ALL).is_empty():
        raise PayProblem(
            text(
                "{folder}: the records tell no wages. Add them: otdacha add {folder} statistics "
                "FILE --profile sberindex-wage",
                folder=workspace.path,
            )
        )


def _towns(register: pl.DataFrame, into: Successions) -> pl.DataFrame:
    there = pl.col("valid_to").is_null() & ~pl.col("municipality").is_in(list(into.into))
    return (
        register.filter(there)
        .sort("valid_from", nulls_last=False, maintain_order=True)
        .unique("municipality", keep="last", maintain_order=True)
        .select(MUNICIPALITIES.names())
        .match_to_schema(MUNICIPALITIES)
        .sort("municipality")
    )


def _by_letter(statistics: pl.DataFrame, into: Successions) -> pl.DataFrame:
    """Schema `MEANS` and `ends`: one row for each municipality and period since January."""
    letter = (
        pl.when(pl.col("breakdown") == ALL)
        .then(pl.lit("all"))
        .when(pl.col("breakdown").str.contains(_O))
        .then(pl.lit("o"))
    )
    kopecks = (100 * pl.col("value")).round().cast(pl.Int64)
    since_january = (pl.col("begins") == pl.col("begins").dt.truncate("1y")) & (
        pl.col("begins").dt.year() == pl.col("ends").dt.year()
    )
    rows = statistics.filter(since_january, pl.col("value") > 0).select(
        into.followed("municipality").alias("municipality"),
        pl.col("ends").dt.year().cast(pl.Int64).alias("year"),
        pl.col("ends").dt.month().cast(pl.Int64).alias("months"),
        pl.col("municipality").alias("told_as"),
        "ends",
        letter.alias("letter"),
        kopecks.alias("wage"),
    )
    keys = ["municipality", "year", "months", "told_as", "ends"]
    return (
        rows.group_by(keys)
        .agg(
            pl.col("wage").filter(pl.col("letter") == name).first().alias(name)
            for name in ("all", "o")
        )
        .filter(pl.any_horizontal(pl.col("all", "o").is_not_null()))
        .sort(keys)
    )


def _merged(register: pl.DataFrame, into: Successions, periods: pl.DataFrame) -> pl.DataFrame:
    """municipality, year: at the end of a period several stood where one stands now."""
    began = pl.col("valid_from").is_null() | (pl.col("valid_from") <= pl.col("ends"))
    lasted = pl.col("valid_to").is_null() | (pl.col("valid_to") >= pl.col("ends"))
    return (
        register.join(periods, how="cross")
        .filter(began, lasted)
        .select(into.followed("municipality").alias("now"), "municipality", "year", "ends")
        .group_by("now", "year", "ends")
        .agg(pl.col("municipality").n_unique().alias("stood"))
        .filter(pl.col("stood") > 1)
        .select(pl.col("now").alias("municipality"), "year")
        .unique()
        .sort("municipality", "year")
    )


def _batches(workspace: Workspace, statistics: pl.DataFrame) -> tuple[Batch, ...]:
    """The batches that wages came in, and the register."""
    brought = set(statistics["_batch"].unique())
    return tuple(
        batch
        for batch in batches(workspace)
        if batch.table == "municipalities" or batch.id in brought
    )


def _rejected_numbers(workspace: Workspace, came_in: tuple[Batch, ...]) -> pl.DataFrame:
    """number, reason, rows: territories whose rows were rejected for what the register says."""
    empty = pl.DataFrame(schema={"number": pl.String(), "reason": pl.String(), "rows": pl.UInt32()})
    found = [
        rejected_rows(workspace, batch.id)
        .filter(pl.col("reason").is_in(_REJECTED))
        .group_by(pl.col("value").str.strip_suffix(".0").alias("number"), "reason")
        .agg(pl.len().alias("rows"))
        for batch in came_in
        if batch.table == "statistics" and set(_REJECTED) & set(batch.reasons)
    ]
    return pl.concat([empty, *found])


def _unmatched(
    register: pl.DataFrame,
    into: Successions,
    towns: pl.DataFrame,
    statistics: pl.DataFrame,
    numbers: pl.DataFrame,
) -> pl.DataFrame:
    newest = register.sort("valid_from", nulls_last=False, maintain_order=True)
    by_number = newest.unique("territory", keep="last").select(
        pl.col("territory").alias("number"), "name", "region"
    )
    by_code = newest.unique("municipality", keep="last").select(
        pl.col("municipality").alias("number"), "name", "region"
    )
    nowhere = (
        statistics.with_columns(into.followed("municipality").alias("now"))
        .join(towns, left_on="now", right_on="municipality", how="anti")
        .group_by(pl.col("municipality").alias("number"))
        .agg(pl.lit("not in the register").alias("reason"), pl.len().alias("rows"))
    )
    return (
        pl.concat(
            [
                nowhere.join(by_code, on="number", how="left").select(UNMATCHED.names()),
                numbers.join(by_number, on="number", how="left").select(UNMATCHED.names()),
            ]
        )
        .cast(dict(UNMATCHED))  # type: ignore[arg-type]
        .sort("reason", "number")
    )
