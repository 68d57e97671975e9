"""A workspace's records → a folder of Parquet files, without holding the cells."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

import polars as pl
import pyarrow.parquet as pq

from otdacha.errors import WorkspaceProblem
from otdacha.language import text
from otdacha.methodology import Methodology
from otdacha.methodology.counting import EXCLUDED
from otdacha.panel.assemble import STEPS, engine_of, worked_out
from otdacha.panel.engines.opened import opened
from otdacha.panel.frames import CELLS, EXPOSURE, MERGERS, REACH
from otdacha.panel.leaving import cells_in_parts, exposure_in_parts
from otdacha.panel.tables import Tables
from otdacha.progress import Progress, silent
from otdacha.records import Workspace, steady

ROWS_IN_GROUP = 250_000
"""A row group: what a reader that looks for one stratum must read at least."""


def write_panel(
    workspace: Workspace, methodology: Methodology, folder: Path, *, progress: Progress = silent
) -> None:
    """Write the panel of `otdacha.panel.build_cells` to `folder`, a part of the cells at a time.

    Files: cells.parquet (sorted by indicator, stratum, unit, month), exposure.parquet (by unit,
    month, provider), reach.parquet, excluded.parquet, mergers.parquet, with exactly the schemas of
    `otdacha.panel.Panel`. Each lands whole under its name; cells.parquet last. Memory holds neither
    the cases nor the cells. Raises what `build_cells` raises, and WorkspaceProblem where the folder
    cannot be written.
    """
    with steady(workspace), opened(workspace) as tables:
        write_panel_of(tables, methodology, folder, progress=progress)


def write_panel_of(
    tables: Tables, methodology: Methodology, folder: Path, *, progress: Progress = silent
) -> None:
    """`write_panel` of these tables, without the workspace."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as fault:
        raise WorkspaceProblem(
            text(
                "{folder}: the panel cannot be written here: {fault}.",
                folder=folder,
                fault=fault.strerror,
            )
        ) from fault
    with engine_of(tables) as engine:
        leaving = worked_out(tables, methodology, engine, progress)
        _land(folder / "reach.parquet", REACH, [leaving.reach])
        _land(folder / "excluded.parquet", EXCLUDED, [leaving.excluded])
        _land(folder / "mergers.parquet", MERGERS, [leaving.mergers])
        _land(folder / "exposure.parquet", EXPOSURE, exposure_in_parts(leaving, engine))
        _land(folder / "cells.parquet", CELLS, cells_in_parts(leaving, engine))
    progress(text("Naming the cells"), STEPS, STEPS)


def _land(file: Path, schema: pl.Schema, parts: Iterable[pl.DataFrame]) -> None:
    """Write parts one after another; the file has its name when it is whole."""
    growing = file.with_name(f".{file.name}.growing")
    kinds = schema.to_frame().to_arrow(compat_level=_PLAIN).schema
    try:
        with pq.ParquetWriter(growing, kinds, compression="zstd") as writer:
            for part in parts:
                rows = part.select(schema.names()).to_arrow(compat_level=_PLAIN).cast(kinds)
                writer.write_table(rows, row_group_size=ROWS_IN_GROUP)
        with growing.open("rb+") as written:
            os.fsync(written.fileno())
        growing.replace(file)
    finally:
        growing.unlink(missing_ok=True)


_PLAIN = pl.CompatLevel.oldest()
"""Arrow's old kinds of text, which every reader of Parquet knows."""
