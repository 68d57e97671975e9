"""A workspace's records → panel."""

from __future__ import annotations

import tempfile

import ibis

from otdacha.methodology import Methodology
from otdacha.panel.assemble import panel_of
from otdacha.panel.frames import Panel
from otdacha.panel.tables import Tables
from otdacha.progress import Progress, silent
from otdacha.records import Workspace, current


def build_cells(
    workspace: Workspace, methodology: Methodology, *, progress: Progress = silent
) -> Panel:
    with tempfile.TemporaryDirectory() as overflow:
        connection = ibis.duckdb.connect(temp_directory=overflow)
        try:
            tables = Tables(
                **{
                    name: current(workspace, name, connection)
                    for name in ("cases", "results", "municipalities", "staff", "training", "providers", "units")
                }
            )
            return panel_of(tables, methodology, progress=progress)
        finally:
            connection.disconnect()
