"""The service requests of St. Louis, 2010-2012: a real case log through the door and into cells.

7,543 rows of the City of St. Louis Citizens' Service Bureau, with real dirt: repeated request ids,
cancelled requests, a request that was closed a century before it was opened. The example shows what
becomes of each row, and the cells of department x service x month. Nobody's training is on record,
so no month may be called clean and no effect can be read: this is the path of the case log alone.
Days are calendar days, because the working days that Otdacha knows are Russia's.

Run: python examples/st_louis.py [service_requests_2010_2012.csv]
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import polars as pl

from otdacha.methodology import Indicator, Methodology, default_methodology
from otdacha.panel import Panel, build_cells
from otdacha.panel import reasons as panel_reasons
from otdacha.records import REASONS, Batch, add, create_workspace, load_profile

HERE = Path(__file__).resolve().parent
DATA = HERE.parents[1] / "shared" / "data" / "st_louis" / "service_requests_2010_2012.csv"
PROFILE = HERE / "st_louis" / "cases.toml"


def methodology() -> Methodology:
    """Calendar days from request to completion; requests of one kind share a calendar of shocks."""
    default = default_methodology()
    duration = default.indicator("duration").model_dump()
    days = {**duration, "id": "days", "value": "calendar_days", "centre": 30}
    return default.model_copy(
        update={
            "indicators": (Indicator.model_validate(days),),
            "design": default.design.model_copy(update={"stratum": ("service",)}),
        }
    )


def through_the_door(file: Path, folder: Path) -> tuple[Batch, Panel]:
    """The file in a new workspace in `folder`, and the workspace's panel."""
    workspace = create_workspace(folder, language="en")
    batch = add(workspace, "cases", file, profile=load_profile(PROFILE))
    return batch, build_cells(workspace, methodology())


def departments(panel: Panel) -> pl.DataFrame:
    """Cells by department, service and month: cases and mean days."""
    days = methodology().indicator("days")
    parts = pl.col("unit").str.split("/")
    return panel.cells.select(
        department=parts.list.get(1),
        service=parts.list.get(2),
        month="month",
        cases="n",
        mean_days=(pl.col("total") / pl.col("n") + days.centre).round(1),
    )


def main() -> None:
    file = Path(sys.argv[1]) if len(sys.argv) > 1 else DATA
    with tempfile.TemporaryDirectory() as folder:
        batch, panel = through_the_door(file, Path(folder) / "st_louis")
    print(f"{batch.accepted + batch.rejected:,} rows = {batch.accepted:,} accepted", end=" ")
    print(f"+ {batch.rejected:,} rejected, by reason:")
    for reason, rows in batch.reasons.items():
        print(f"  {rows:>6,}  {REASONS[reason]}")
    print(f"{batch.accepted:,} cases = {panel.cells['n'].sum():,} in {panel.cells.height:,} cells")
    print("and by reason:")
    for reason, rows in panel.excluded.select("reason", "rows").iter_rows():
        print(f"  {rows:>6,}  {panel_reasons.REASONS[reason]}")
    print("\nThe largest cells of department x service x month:")
    with pl.Config(tbl_rows=15, tbl_hide_dataframe_shape=True, tbl_hide_column_data_types=True):
        print(departments(panel).sort("cases", "month", descending=[True, False]).head(15))


if __name__ == "__main__":
    main()
