"""A workspace's records → panel."""

from __future__ import annotations

import tempfile

import ibis
import polars as pl

from otdacha.methodology import Methodology
from otdacha.panel.assemble import Tables, panel_of
from otdacha.panel.frames import Panel
from otdacha.progress import Progress, silent
from otdacha.records import Workspace, current, steady


def build_cells(
    workspace: Workspace, methodology: Methodology, *, progress: Progress = silent
) -> Panel:
    """The panel of everything in the workspace, by the rules of `methodology` (method.md §1-§2).

    The case log is read twice, once for its extent and once for the cells, and never held; memory
    grows with the number of cells. Raises MethodologyProblem where an indicator asks the case log
    for what it cannot give.
    """
    with steady(workspace), tempfile.TemporaryDirectory() as overflow:
        connection = ibis.duckdb.connect(temp_directory=overflow)
        try:

            def small(name: str) -> pl.DataFrame:
                rows: pl.DataFrame = connection.to_polars(current(workspace, name, connection))
                return rows

            tables = Tables(
                cases=current(workspace, "cases", connection),
                results=small("results"),
                municipalities=small("municipalities"),
                staff=small("staff"),
                training=small("training"),
                providers=small("providers"),
            )
            return panel_of(tables, methodology, progress=progress)
        finally:
            connection.disconnect()
