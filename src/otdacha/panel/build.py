"""A workspace's records → panel."""

from __future__ import annotations

from otdacha.methodology import Methodology
from otdacha.panel.assemble import panel_of
from otdacha.panel.engines.opened import opened
from otdacha.panel.frames import Panel
from otdacha.progress import Progress, silent
from otdacha.records import Workspace, steady


def build_cells(
    workspace: Workspace,
    methodology: Methodology,
    *,
    coded: bool = False,
    progress: Progress = silent,
) -> Panel:
    """The panel of everything in the workspace, by the rules of `methodology` (method.md §1-§2).

    The workspace's engine reads the case log twice, once for its extent and once for the cells;
    memory grows with the number of cells, not of cases. coded: names of units, municipalities,
    strata, clusters and indicators are sorted enumerations, in a third of the memory.
    Raises MethodologyProblem where an indicator asks the case log for what it cannot give,
    WorkspaceProblem where the engine cannot be used.
    """
    with steady(workspace), opened(workspace) as tables:
        return panel_of(tables, methodology, coded=coded, progress=progress)
