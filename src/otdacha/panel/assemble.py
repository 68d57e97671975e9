"""Tables → panel: cells, exposure, reach, and what was left out.

Everything from the records to the frames is one set of expressions, worked out by the engine that
the tables belong to. What comes back: cells, exposure, reach, counts of what was left out and of
mergers, the names of units; and on the way, of each municipality, the first and the last day of its
log and the day of its earliest course. No row of a case, of the staff or of training does.
"""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import fields

import polars as pl

from otdacha.language import text
from otdacha.methodology import Methodology
from otdacha.methodology.counting import EXCLUDED
from otdacha.panel.counted import count_all, count_cases
from otdacha.panel.engines import Engine, connection_of, working_on
from otdacha.panel.followed import follow_training
from otdacha.panel.frames import Panel
from otdacha.panel.leaving import NAMES, Leaving, as_panel
from otdacha.panel.mergers import counted_mergers
from otdacha.panel.registers import read_registers
from otdacha.panel.tables import Tables
from otdacha.progress import Progress, silent

STEPS = 4


def panel_of(
    tables: Tables,
    methodology: Methodology,
    *,
    coded: bool = False,
    progress: Progress = silent,
) -> Panel:
    """The panel of these tables: `otdacha.panel.build_cells` without the workspace."""
    indicators = [one.id for one in methodology.indicators] if coded else None
    with engine_of(tables) as engine:
        panel = as_panel(worked_out(tables, methodology, engine, progress), engine, indicators)
    progress(text("Naming the cells"), STEPS, STEPS)
    return panel


def engine_of(tables: Tables) -> AbstractContextManager[Engine]:
    """The engine that the tables lie in."""
    return working_on(connection_of(getattr(tables, part.name) for part in fields(tables)))


def worked_out(
    tables: Tables, methodology: Methodology, engine: Engine, progress: Progress
) -> Leaving:
    """The panel of these tables, still in their engine: of `STEPS` steps, all but the last."""
    registers = read_registers(tables, methodology.design, engine)
    progress(text("Counting cases"), 0, STEPS)
    counts = count_cases(tables, registers, methodology, engine)
    progress(text("Reading reported results"), 1, STEPS)
    counted = count_all(tables, counts, registers, methodology, engine)
    progress(text("Following the staff who were trained"), 2, STEPS)
    followed = follow_training(tables, counted, registers, methodology, engine)
    progress(text("Naming the cells"), 3, STEPS)
    units = counted.units
    use = followed.statuses
    return Leaving(
        names=engine.fetch(units.select(NAMES).distinct()),
        cells={
            name: cells.inner_join(use, ["holder", "month"]).drop("holder")
            for name, cells in counted.cells.items()
        },
        exposure=engine.keep(
            counted.unit_months.inner_join(followed.exposure, ["holder", "month"])
            .inner_join(units.select("unit", "by_name").distinct(), "unit")
            .select("by_name", "month", "provider", "people", "staff")
            .distinct()
        ),
        reach=followed.reach,
        excluded=_excluded(counted.excluded, followed.excluded),
        mergers=counted_mergers(counted.recorded, followed.recorded, registers.into),
        months=followed.months,
    )


def _excluded(cases_and_results: pl.DataFrame, training: pl.DataFrame) -> pl.DataFrame:
    return (
        pl.concat([cases_and_results, training], how="diagonal")
        .with_columns(stage=pl.lit("panel"))
        .select(EXCLUDED.names())
        .sort("reason", "indicator", "provider", nulls_last=False)
    )
