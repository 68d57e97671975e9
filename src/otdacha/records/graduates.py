"""Who has finished training, as attendance tells it, becomes training that can be evaluated.

What is made is a batch of the table `training` like any other. Its card names the batches of
attendance that it was made of; it goes when one of them is withdrawn, and is made anew when they,
the offers or the files of training say something else.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from types import MappingProxyType

import polars as pl

from otdacha.language import Text, text
from otdacha.records.batching import known_by_both, known_by_name, superseding
from otdacha.records.cards import (
    Batch,
    account,
    batch_name,
    batches,
    generation,
    next_order,
    now,
)
from otdacha.records.current import frame, recorded
from otdacha.records.judging import REJECTED
from otdacha.records.reading import Reading
from otdacha.records.store import as_parquet, locked, put_out_of_force, store, stored_rows
from otdacha.records.tables import TABLES
from otdacha.records.workspace import Workspace

NOT_TAKEN: Mapping[str, Text] = MappingProxyType(
    {
        "no_offer": text("The offer is not in the table of offers, so nobody knows the dates."),
        "before_offer": text("The training was finished before the offer begins."),
        "no_hours": text("Neither attendance nor the offer tells the hours."),
        "too_few_hours": text(
            "The course is shorter than the law's minimum for professional development."
        ),
    }
)
"""Why finished attendance does not become training."""

_TRAINING = TABLES["training"]
_COURSE = ["person", "provider", "started", "finished"]
"""Nobody takes two courses of one organisation from one day to another: whatever the programme is
called, it is the same course."""
_STORED = [name for name in _TRAINING.columns.names() if name[0] != "_"]


@dataclass(frozen=True)
class Graduates:
    """What became of finished attendance. finished: its rows in force; they are the sum of the
    three others.

    taken: rows of training that are new. held: rows that training had already, from a file or from
    an earlier call. not_taken: rows by reason, a key of `NOT_TAKEN`. batch: the new batch of
    training, None where nothing was new. withdrawn: earlier batches that do not hold any longer.
    """

    finished: int
    taken: int
    held: int
    not_taken: Mapping[str, int]
    batch: Batch | None
    withdrawn: tuple[str, ...]


def finish_training(workspace: Workspace) -> Graduates:
    """Add finished attendance to training; what is there already stays as it is.

    Offers tell programme, first day and hours (attendance may tell hours itself); attendance tells
    the last day. Offers that are repeated yearly begin in the year in which they were finished.
    Raises WorkspaceProblem where the workspace cannot be read or written.
    """
    with locked(workspace):
        judged = _judged(workspace)
        right = judged.filter(pl.col("reason").is_null())
        ours = {one.id for one in batches(workspace) if one.table == "training" and one.made_of}
        wanted = right.unique(_COURSE, keep="first", maintain_order=True).join(
            _by_files(workspace, ours), on=_COURSE, how="anti"
        )
        made = wanted.with_columns(person="recorded_as")
        known = {one: pl.read_parquet(stored_rows(workspace, "training", one)) for one in ours}
        stale = sorted(one for one, rows in known.items() if not _without(rows, made).is_empty())
        for one in stale:
            put_out_of_force(workspace, one)
        kept = [rows.select(_STORED) for one, rows in known.items() if one not in stale]
        new = _without(made, pl.concat(kept)) if kept else made
        batch = _stored(workspace, new) if new.height else None
    counted = judged["reason"].drop_nulls().value_counts().sort("count", descending=True)
    return Graduates(
        finished=judged.height,
        taken=new.height,
        held=right.height - new.height,
        not_taken=dict(counted.iter_rows()),
        batch=batch,
        withdrawn=tuple(stale),
    )


def _judged(workspace: Workspace) -> pl.DataFrame:
    """Finished attendance in force as rows of training, in order of arrival; `reason`: why not."""
    import ibis  # slow to import, and not needed to add a file

    connection = ibis.duckdb.connect()
    attended: pl.DataFrame = connection.to_polars(recorded(workspace, "attendance", connection))
    order = {batch.id: batch.order for batch in batches(workspace)}
    arrival = pl.col("_batch").replace_strict(order, return_dtype=pl.Int64)
    offers = frame(workspace, "offers").select(
        "provider",
        "offer",
        _started="started",
        _finished="finished",
        _hours="hours",
        yearly=pl.col("yearly").fill_null(False),
        programme=pl.coalesce("programme", "name"),
    )
    later = pl.col("finished").dt.year() - pl.col("_finished").dt.year()
    years = pl.when("yearly").then(pl.max_horizontal(later, 0)).otherwise(0)
    least = workspace.methodology().minimum.training_hours
    return (
        attended.filter(status="finished")
        .sort(arrival, "_row")
        .join(offers, on=["provider", "offer"], how="left", maintain_order="left")
        .with_columns(
            started=pl.col("_started").dt.offset_by(pl.format("{}y", years)),
            hours=pl.coalesce("hours", "_hours"),
        )
        .with_columns(
            reason=pl.when(pl.col("_started").is_null())
            .then(pl.lit("no_offer"))
            .when(pl.col("finished") < pl.col("started"))
            .then(pl.lit("before_offer"))
            .when(pl.col("hours").is_null())
            .then(pl.lit("no_hours"))
            .when(pl.col("hours") < least)
            .then(pl.lit("too_few_hours"))
        )
        .select(*_STORED, "recorded_as", "reason", "_batch")
        .cast({name: _TRAINING.columns[name] for name in _STORED})
    )


def _by_files(workspace: Workspace, ours: set[str]) -> pl.DataFrame:
    """Courses that training holds from files."""
    rows = frame(workspace, "training")
    return rows.filter(~pl.col("_batch").is_in(list(ours))).select(_COURSE)


def _without(rows: pl.DataFrame, others: pl.DataFrame) -> pl.DataFrame:
    """Rows of training that do not stand among the others exactly so."""
    return rows.join(others.select(_STORED), on=_STORED, how="anti", nulls_equal=True)


def _stored(workspace: Workspace, new: pl.DataFrame) -> Batch:
    """The batch of these rows of training. new: `_batch` is that of the attendance."""
    content = sha256(as_parquet(new.select(_STORED))).hexdigest()
    name = batch_name(content[:20], generation(workspace, content[:20]))
    made_of = tuple(new["_batch"].unique(maintain_order=True))
    rows = new.select(
        *_STORED,
        pl.lit(name).alias("_batch"),
        pl.int_range(1, pl.len() + 1, dtype=pl.Int64).alias("_row"),
    )
    batch = Batch(
        id=name,
        table="training",
        source="attendance",
        source_hash=content,
        profile=None,
        added=now(),
        by=account(),
        order=next_order(workspace),
        accepted=rows.height,
        rejected=0,
        superseding=superseding(workspace, _TRAINING, rows),
        reading=Reading("attendance", None, None, None, 0),
        reasons={},
        stored=rows.height,
        by_name=known_by_name(_TRAINING, rows),
        both=known_by_both(_TRAINING, rows),
        made_of=made_of,
    )
    return store(workspace, batch, rows, REJECTED.to_frame())
