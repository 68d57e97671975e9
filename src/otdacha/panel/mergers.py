"""Towns, departments and training organisations that have merged, followed in one place
(docs/decisions/0015, 0018).

A merged group of towns is one town from the beginning: one cluster, one place in the strata, for
what its parts will share later they cannot be taken to have been independent of. A person who is
on the staff lists of several of them is one unit throughout. A department is not: it carries the
code of its old town in its name, so that two departments of one name do not become one.
A department that was renamed or has gone into another of its own town is that one from the
beginning. Training by an organisation that has merged counts for its successor.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import ibis
import ibis.expr.types as ir
import polars as pl

from otdacha.panel.engines import Engine
from otdacha.panel.frames import MERGERS
from otdacha.records.successions import department_successions, in_town, successions


@dataclass(frozen=True)
class Mergers:
    """Who stands for whom now, as the registers say."""

    towns: Mapping[str, str]
    departments: Mapping[str, str]  # by `otdacha.records.successions.in_town`
    providers: Mapping[str, str]

    @property
    def of_units(self) -> bool:
        """Whether any unit goes by another name than its records do."""
        return bool(self.towns or self.departments)


def mergers(municipalities: pl.DataFrame, units: pl.DataFrame, providers: pl.DataFrame) -> Mergers:
    """The mergers that the registers of the records tell of."""
    return Mergers(
        towns=successions(municipalities, "municipality").into,
        departments=department_successions(units).into,
        providers=successions(providers, "provider").into,
    )


def as_successors_are_placed(
    municipalities: pl.DataFrame, towns: Mapping[str, str]
) -> pl.DataFrame:
    """The register with a predecessor's region and macroregion as its successor's are now."""
    if not towns:
        return municipalities
    now = (
        municipalities.sort("valid_from", nulls_last=False, maintain_order=True)
        .unique("municipality", keep="last", maintain_order=True)
        .select("region", "macroregion", stands_for=pl.col("municipality"))
    )
    return (
        municipalities.with_columns(stands_for=pl.col("municipality").replace(dict(towns)))
        .drop("region", "macroregion")
        .join(now, on="stands_for", maintain_order="left")
        .select(municipalities.columns)
    )


def known_of_the_group(
    known: pl.DataFrame, at_work: pl.Series, towns: Mapping[str, str]
) -> pl.DataFrame:
    """From when the training history of each group of towns is known: when the last one's is.

    known: municipality, known_from. at_work: the towns that have units. A town of which nothing is
    known leaves its group unknown: a person may have come from there.
    """
    return (
        at_work.alias("municipality")
        .to_frame()
        .join(known, on="municipality", how="left")
        .group_by(pl.col("municipality").replace(dict(towns)))
        .agg(pl.when(pl.col("known_from").is_not_null().all()).then(pl.col("known_from").max()))
        .drop_nulls("known_from")
    )


def departments_followed(
    rows: ir.Table, column: str, departments: Mapping[str, str], engine: Engine
) -> ir.Table:
    """rows (with `municipality`) with each department of `column` replaced by who stands for it."""
    if not departments:
        return rows
    told = [(*old.split("/", 1), new.split("/", 1)[1]) for old, new in departments.items()]
    names = pl.DataFrame(told, schema=["of_town", "was_called", "is_called"], orient="row")
    lent = engine.lend(names.cast(pl.String))
    followed = rows.left_join(lent, [("municipality", "of_town"), (column, "was_called")])
    return followed.mutate(**{column: ibis.coalesce(followed.is_called, followed[column])}).select(
        *rows.columns
    )


def towns_followed(rows: ir.Table, column: str, places: ir.Table) -> ir.Table:
    """rows (with `municipality`) under the towns that stand for theirs now.

    places: municipality, stands_for (null: itself). The department in `column` gets the code of its
    own town before its name where that has merged into another.
    """
    known = rows.left_join(places.select("municipality", "stands_for"), "municipality")
    merged = known.stands_for.notnull()
    of_old_town = known.municipality + "/" + known[column]
    return known.mutate(
        **{
            column: merged.ifelse(of_old_town, known[column]),
            "municipality": ibis.coalesce(known.stands_for, known.municipality),
        }
    ).select(*rows.columns)


def counted_mergers(cells: pl.DataFrame, training: pl.DataFrame, into: Mergers) -> pl.DataFrame:
    """What was read under a successor's name (schema `MERGERS`).

    cells: municipality, department (null: of people), rows, as recorded. training: provider, rows,
    as recorded. A department is called by its town and name, with "/" between.
    """
    departments = cells.filter(pl.col("department").is_not_null())
    parts = [
        ("municipalities", cells.select("municipality", "rows"), into.towns),
        (
            "units",
            departments.select(in_town("municipality", "department"), "rows"),
            into.departments,
        ),
        ("providers", training.select("provider", "rows"), into.providers),
    ]
    counted = [
        rows.rename({rows.columns[0]: "predecessor"})
        .group_by("predecessor")
        .agg(pl.col("rows").sum())
        .filter(pl.col("predecessor").is_in(list(successors)), pl.col("rows") > 0)
        .with_columns(of=pl.lit(name), successor=pl.col("predecessor").replace(dict(successors)))
        .select(MERGERS.names())
        .cast(MERGERS)
        for name, rows, successors in parts
    ]
    return pl.concat(counted).sort("of", "predecessor")
