"""How sure it is that a training record is of somebody on a staff list, and which rows are in
doubt.

Rows are named by batch, file and row only: whose they are stands in the user's own file, and we do
not know it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import polars as pl

from otdacha.language import Text, text
from otdacha.records.cards import Batch, batches
from otdacha.records.current import keys_as_recorded, named_in, recorded
from otdacha.records.people import AMBIGUOUS, BY_NAME, BY_SNILS
from otdacha.records.store import steady
from otdacha.records.tables import TABLES
from otdacha.records.workspace import Workspace

if TYPE_CHECKING:
    import ibis

CONFIDENCE: Mapping[str, Text] = MappingProxyType(
    {
        "certain": text("certain: by СНИЛС in both files"),
        "likely": text("likely: by name and birth date that only one person has"),
        "ambiguous": text("ambiguous: several people have this name and birth date; not linked"),
        "unlinked": text("on no staff list"),
    }
)
"""How a training record is linked to the staff, and what that means."""

DOUBTS: Mapping[str, Text] = MappingProxyType(
    {
        "ambiguous": text(
            "known by name and birth date only, and several СНИЛС have come with them: add the "
            "СНИЛС and send the row again"
        ),
        "namesakes": text(
            "several СНИЛС with one name and birth date: different people, or a wrong СНИЛС"
        ),
        "two_towns": text(
            "known by name and birth date only, and on the staff of two municipalities on the same "
            "day: one person with two posts, or two people; the СНИЛС would tell"
        ),
        "several_names": text(
            "one СНИЛС with several names or birth dates: a marriage, or a typing error; counted "
            "as one person"
        ),
    }
)
"""Why a row is listed."""

_LISTED: dict[str, pl.DataType | type[pl.DataType]] = {
    "doubt": pl.Enum(list(DOUBTS)),
    "group": pl.Int64,  # rows of one group are about the same name or the same СНИЛС
    "table": pl.String,
    "source": pl.String,  # the file, as the batch's card names it
    "batch": pl.String,
    "row": pl.Int64,
}
LISTED = pl.Schema(_LISTED)
_READ = ("municipality", "person", "recorded_as", "person_by_name", "_batch", "_row")


@dataclass(frozen=True)
class Links:
    """Training records in force by how their person was found, and the rows in doubt.

    certain: by СНИЛС in both files. likely: by name and birth date that one person has. ambiguous:
    several have them, so it is not linked. unlinked: on no staff list. repeated: rows of staff and
    training that stand twice, by СНИЛС and by name, and count once. listed: schema `LISTED`.
    """

    certain: int
    likely: int
    ambiguous: int
    unlinked: int
    repeated: Mapping[str, int]
    listed: pl.DataFrame

    def counts(self) -> dict[str, int]:
        """Training records by confidence, in the order of `CONFIDENCE`."""
        return {name: int(getattr(self, name)) for name in CONFIDENCE}


def links(workspace: Workspace) -> Links:
    """How training is linked to staff in this workspace."""
    import ibis  # slow to import, and not needed to add a file

    connection = ibis.duckdb.connect()
    with steady(workspace):
        tables = {name: recorded(workspace, name, connection) for name in ("staff", "training")}
        staff = connection.to_polars(tables["staff"].select(*_READ, "started", "ended"))
        training = connection.to_polars(tables["training"].select(*_READ))
        named = _named(workspace, connection)
        repeated = {name: _repeated(workspace, name, tables[name], connection) for name in tables}
        order = {batch.id: batch for batch in batches(workspace)}
    found = _by_confidence(training, staff, named)
    return Links(
        **{name: found.get(name, 0) for name in CONFIDENCE},
        repeated=repeated,
        listed=_listed(training, staff, named, order),
    )


def _by_confidence(
    training: pl.DataFrame, staff: pl.DataFrame, named: pl.DataFrame
) -> dict[str, int]:
    """Training records by confidence.

    Somebody is ambiguous in training, or on the staff list that one of several would be looked for.
    """
    on_staff = pl.col("person").is_in(staff["person"].unique().implode())
    by_snils = pl.col("recorded_as").is_in(_by_snils(staff)["recorded_as"].unique().implode())
    several = _several(named, "person_by_name")
    unknown_staff = staff.filter(pl.col("recorded_as").is_in(several["person_by_name"].implode()))
    perhaps_on_staff = several.join(
        unknown_staff, left_on="person_by_name", right_on="recorded_as", how="semi"
    )["person"]
    ambiguous = pl.col("person").str.starts_with(AMBIGUOUS)
    ambiguous |= pl.col("person").is_in(perhaps_on_staff.unique().implode())
    counted = training.group_by(
        confidence=pl.when(pl.col("recorded_as").str.starts_with(BY_SNILS) & by_snils)
        .then(pl.lit("certain"))
        .when(on_staff)
        .then(pl.lit("likely"))
        .when(ambiguous)
        .then(pl.lit("ambiguous"))
        .otherwise(pl.lit("unlinked"))
    ).len()
    return dict(counted.iter_rows())


def _listed(
    training: pl.DataFrame, staff: pl.DataFrame, named: pl.DataFrame, order: Mapping[str, Batch]
) -> pl.DataFrame:
    """The rows in doubt; within a group in order of arrival."""
    rows = pl.concat(
        part.select(*_READ, table=pl.lit(name))
        for name, part in (("staff", staff), ("training", training))
    )
    names = _several(named, "person_by_name")["person_by_name"].unique()
    several_names = _several(named, "person")["person"].unique()
    by_snils = _by_snils(rows)
    parts = {
        "ambiguous": _of(rows, "recorded_as", names),
        "namesakes": _of(by_snils, "person_by_name", names),
        "two_towns": _of(rows.filter(table="staff"), "person", _in_two_towns(staff)),
        "several_names": _of(by_snils, "person", several_names),
    }
    found = pl.concat(part.with_columns(doubt=pl.lit(doubt)) for doubt, part in parts.items())
    arrived = {batch.id: (batch.order, batch.source) for batch in order.values()}
    placed = found.with_columns(
        order=pl.col("_batch").replace_strict(
            {name: at for name, (at, _) in arrived.items()}, return_dtype=pl.Int64
        ),
        source=pl.col("_batch").replace_strict(
            {name: source for name, (_, source) in arrived.items()}, return_dtype=pl.String
        ),
        doubt=pl.col("doubt").cast(LISTED["doubt"]),
    ).sort("doubt", "order", "table", "_row")
    # groups are numbered as they first appear, so that their order tells nothing of pseudonyms
    first = pl.col("at").min().over("doubt", "same")
    numbered = placed.with_row_index("at").with_columns(first=first)
    numbered = numbered.with_columns(group=pl.col("first").rank("dense").over("doubt"))
    return (
        numbered.rename({"_batch": "batch", "_row": "row"})
        .select(LISTED.names())
        .cast(dict(LISTED))  # type: ignore[arg-type]
        .sort("doubt", "group", maintain_order=True)
    )


def _of(rows: pl.DataFrame, column: str, wanted: pl.Series) -> pl.DataFrame:
    """Rows whose `column` is one of the wanted; `same` tells which of them belong together."""
    found = rows.filter(pl.col(column).is_in(wanted.implode()))
    return found.select("table", "_batch", "_row", same=column)


def _in_two_towns(staff: pl.DataFrame) -> pl.Series:
    """People of whom a row is known by name only, on the staff of two municipalities in one day."""
    links = staff.select(
        "person",
        "municipality",
        "started",
        by_name=pl.col("recorded_as").str.starts_with(BY_NAME),
        ended=pl.col("ended").fill_null(pl.date(9999, 12, 31)),
    )
    towns = pl.col("municipality").n_unique().over("person")
    several = links.filter(towns > 1)
    both = several.join(several.filter("by_name"), on="person", suffix="_other").filter(
        pl.col("municipality") != pl.col("municipality_other"),
        pl.col("started") <= pl.col("ended_other"),
        pl.col("started_other") <= pl.col("ended"),
    )
    return both["person"].unique()


def _by_snils(rows: pl.DataFrame) -> pl.DataFrame:
    return rows.filter(pl.col("recorded_as").str.starts_with(BY_SNILS))


def _several(named: pl.DataFrame, column: str) -> pl.DataFrame:
    """Pairs of people and names whose `column` stands in more than one."""
    return named.filter(pl.len().over(column) > 1)


def _named(workspace: Workspace, connection: Any) -> pl.DataFrame:
    """Distinct pairs of person (by СНИЛС) and person_by_name in the files in force."""
    with_both = [batch for batch in batches(workspace) if batch.both]
    if not with_both:
        return pl.DataFrame(schema={"person": pl.String, "person_by_name": pl.String})
    pairs: pl.DataFrame = connection.to_polars(
        named_in(workspace, with_both, workspace.key_generation(), connection)
    )
    return pairs


def _repeated(workspace: Workspace, table: str, rows: ibis.Table, connection: Any) -> int:
    """Rows that were two as their files tell it, and are one now that it is known who is who."""
    keys = keys_as_recorded(workspace, table, connection)
    count: int = connection.to_pyarrow(keys.count()).as_py()
    now: int = connection.to_pyarrow(rows.select(*TABLES[table].key).distinct().count()).as_py()
    return count - now
