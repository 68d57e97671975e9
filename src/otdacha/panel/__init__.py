"""Case log and training records → cells, exposure and reach."""

from otdacha.panel.assemble import panel_of
from otdacha.panel.build import build_cells
from otdacha.panel.frames import CELLS, EXPOSURE, MERGERS, REACH, STATUSES, Panel
from otdacha.panel.reasons import REASONS
from otdacha.panel.tables import Tables
from otdacha.panel.write import write_panel

__all__ = [
    "CELLS",
    "EXPOSURE",
    "MERGERS",
    "REACH",
    "REASONS",
    "STATUSES",
    "Panel",
    "Tables",
    "build_cells",
    "panel_of",
    "write_panel",
]
