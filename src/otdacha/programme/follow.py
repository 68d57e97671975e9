"""How a plan of a workspace is carried out, by the records of the workspace."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import polars as pl

from otdacha.programme.execution.against_plan import Execution, execution
from otdacha.programme.execution.matching import RUN
from otdacha.programme.execution.states import WINDOWS, Windows
from otdacha.programme.plan import Plan
from otdacha.records import Workspace, frame, steady


def follow(
    workspace: Workspace, plan: Plan, today: dt.date, windows: Windows = WINDOWS
) -> Execution:
    """Contracts, attendance and payments of `workspace` against `plan`, on `today`.

    Raises WorkspaceProblem where the records cannot be read.
    """
    with steady(workspace):
        tables = {
            name: frame(workspace, name)
            for name in ("contracts", "attendance", "payments", "offers")
        }
    used = plan.tables["groups"].select(*RUN, "started", "finished")
    others = offered_in(tables["offers"], plan.years).join(used, on=RUN, how="anti")
    return execution(
        plan.tables,
        tables["contracts"],
        tables["attendance"],
        tables["payments"],
        today,
        windows,
        runs=pl.concat([used, others]),
    )


def offered_in(offers: pl.DataFrame, years: Sequence[int]) -> pl.DataFrame:
    """provider, offer, year, started, finished of every run that offers have in these years."""
    first = pl.col("started").dt.year().cast(pl.Int64)
    every = pl.DataFrame({"year": list(years)}, schema={"year": pl.Int64})
    held = (
        offers.with_columns(first=first)
        .join(every, how="cross")
        .filter(
            (pl.col("year") == pl.col("first"))
            | (pl.col("yearly").fill_null(False) & (pl.col("year") > pl.col("first")))
        )
    )
    later = pl.format("{}y", pl.col("year") - pl.col("first"))
    return held.with_columns(pl.col("started", "finished").dt.offset_by(later)).select(
        *RUN, "started", "finished"
    )
