"""Towns and training organisations that have merged, followed in one place (docs/decisions/0015).

A merged group of towns is one town from the beginning: one cluster, one place in the strata, for
what its parts will share later they cannot be taken to have been independent of. A person who is
on the staff lists of several of them is one unit throughout. A department is not: it carries the
code of its old town in its name, so that two departments of one name do not become one.
Training by an organisation that has merged counts for its successor.
"""

from __future__ import annotations

from dataclasses import replace

import polars as pl

from otdacha.panel.cells import Counted
from otdacha.panel.frames import MERGERS
from otdacha.records.successions import Successions

_UNIT = ["municipality", "holder", "service"]


def as_successors_are_placed(municipalities: pl.DataFrame, towns: Successions) -> pl.DataFrame:
    """The register with a predecessor's region and macroregion as its successor's are now."""
    if not towns.into:
        return municipalities
    now = (
        municipalities.sort("valid_from", nulls_last=False, maintain_order=True)
        .unique("municipality", keep="last", maintain_order=True)
        .select("region", "macroregion", stands_for=pl.col("municipality"))
    )
    return (
        municipalities.with_columns(stands_for=towns.followed("municipality"))
        .drop("region", "macroregion")
        .join(now, on="stands_for", maintain_order="left")
        .select(municipalities.columns)
    )


def merge_units(found: Counted, staff: pl.DataFrame, towns: Successions) -> Counted:
    """Units under the town that stands for theirs now; a person's cells of one month are added."""
    if not towns.into:
        return found
    people = staff.select("municipality", holder="person", is_person=pl.lit(True)).unique()
    renamed = found.units.join(people, on=["municipality", "holder"], how="left").select(
        "unit",
        "service",
        municipality=towns.followed("municipality"),
        holder=pl.when(pl.col("is_person").fill_null(False))
        .then("holder")
        .otherwise(_of_old_town("holder", towns)),
    )
    units = renamed.select(_UNIT).unique(maintain_order=True).with_row_index("number")
    number = renamed.join(units, on=_UNIT).select("unit", "number")
    squares = pl.col("total_squares")
    cells = (
        found.cells.join(number, on="unit")
        .group_by("number", "month", "indicator", maintain_order=True)
        .agg(
            pl.col("n").sum(),
            pl.col("total").sum(),
            pl.when(squares.is_not_null().all()).then(squares.sum()),
        )
    )
    return replace(
        found,
        units=units.rename({"number": "unit"}).select(found.units.columns),
        cells=cells.rename({"number": "unit"}).select(found.cells.columns),
    )


def merge_staff(staff: pl.DataFrame, towns: Successions) -> pl.DataFrame:
    """Staff links under the town that stands for theirs now, departments named as the units are."""
    if not towns.into:
        return staff
    return staff.with_columns(
        municipality=towns.followed("municipality"), unit=_of_old_town("unit", towns)
    )


def known_of_the_group(
    known: pl.DataFrame, units: pl.DataFrame, towns: Successions
) -> pl.DataFrame:
    """From when the training history of each group of towns is known: when the last one's is.

    known: municipality, known_from. units: of the cells, under their own towns. A town of which
    nothing is known leaves its group unknown: a person may have come from there.
    """
    if not towns.into:
        return known
    return (
        units.select("municipality")
        .unique()
        .join(known, on="municipality", how="left")
        .group_by(towns.followed("municipality").alias("municipality"))
        .agg(pl.when(pl.col("known_from").is_not_null().all()).then(pl.col("known_from").max()))
        .drop_nulls("known_from")
    )


def counted_mergers(
    found: Counted, training: pl.DataFrame, towns: Successions, providers: Successions
) -> pl.DataFrame:
    """What was read under a successor's name (schema `MERGERS`); both as they were handed in."""
    cells = found.cells.join(found.units.select("unit", "municipality"), on="unit")
    parts = [
        cells.group_by(predecessor="municipality").agg(rows=pl.len()).with_columns(
            of=pl.lit("municipalities"), successor=towns.followed("predecessor")
        ),
        training.group_by(predecessor="provider").agg(rows=pl.len()).with_columns(
            of=pl.lit("providers"), successor=providers.followed("predecessor")
        ),
    ]  # fmt: skip
    return (
        pl.concat([part.select(MERGERS.names()).cast(MERGERS) for part in parts])
        .filter(pl.col("predecessor") != pl.col("successor"))
        .sort("of", "predecessor")
    )


def _of_old_town(name: str, towns: Successions) -> pl.Expr:
    """A department's name with the code of its own town, where that has merged into another."""
    merged = pl.col("municipality").is_in(list(towns.into))
    return pl.when(merged).then(pl.format("{}/{}", "municipality", name)).otherwise(name)
