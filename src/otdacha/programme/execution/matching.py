"""Which run a contract, and a person who attends, belongs to.

Contracts and attendance name an offer; an offer that is repeated yearly has a run in each year, so
the year is found by the days.
"""

from __future__ import annotations

import datetime as dt

import polars as pl

RUN = ["provider", "offer", "year"]
LINE = ["municipality", *RUN]
CONTRACT = ["municipality", "contract"]
STATUSES = ("enrolled", "attending", "finished", "left")
_FAR = 1_000_000


def whole_contracts(contracts: pl.DataFrame) -> tuple[pl.DataFrame, int]:
    """One row per contract (municipality, contract, provider, offer, seats, signed), and how many
    rows tell otherwise than it: of their own contract they count for the money only.

    The row that was signed first says what the contract is about; seats are the most of any row.
    """
    told = ["provider", "offer", "seats", "signed"]
    one = (
        contracts.sort(*CONTRACT, "signed", "provider", "offer")
        .group_by(CONTRACT, maintain_order=True)
        .agg(pl.col("provider", "offer").first(), pl.col("seats").max(), pl.col("signed").first())
    )
    agreeing = contracts.join(one, on=[*CONTRACT, *told], how="semi")
    return one, contracts.height - agreeing.height


def contracts_in_runs(contracts: pl.DataFrame, runs: pl.DataFrame) -> pl.DataFrame:
    """contracts with `year`, `started`, `finished`: the first run of the offer that is not over on
    the day of signing, else the last one. Where the offer has no run the days are null and the year
    is that of signing.

    runs: provider, offer, year, started, finished.
    """
    found = _nearest(contracts, runs, until=pl.col("signed"))
    return found.with_columns(year=pl.coalesce("year", pl.col("signed").dt.year().cast(pl.Int64)))


def attendance_as_of(attendance: pl.DataFrame, today: dt.date) -> pl.DataFrame:
    """attendance as it stood on `today`: who finished later attends still."""
    later = pl.col("finished") > today
    return attendance.with_columns(
        status=pl.when(later).then(pl.lit("attending")).otherwise("status"),
        finished=pl.when(~later).then("finished"),
    )


def attendance_in_runs(
    attendance: pl.DataFrame, runs: pl.DataFrame, today: dt.date
) -> pl.DataFrame:
    """attendance with `year` and `started` (null where the offer has no run).

    Who has finished was in the last run that had begun by then; who attends or has left, in the
    last that has begun by today; who is enrolled will be in the first that is not over.
    """
    now = pl.lit(today)
    enrolled = pl.col("status") == "enrolled"
    attended = attendance.rename({"finished": "done"})
    return pl.concat(
        [
            _nearest(attended.filter(enrolled), runs, until=now),
            _nearest(attended.filter(~enrolled), runs, since=pl.coalesce("done", now)),
        ]
    )


def _nearest(
    rows: pl.DataFrame,
    runs: pl.DataFrame,
    *,
    until: pl.Expr | None = None,
    since: pl.Expr | None = None,
) -> pl.DataFrame:
    """rows with the run of their offer that is next to end (`until` a day) or last begun (`since`
    a day); where there is none, the run that is nearest on the other side."""
    gap = (
        (pl.col("finished") - until if until is not None else since - pl.col("started"))
        .dt.total_days()
        .cast(pl.Int64)
    )
    distance = pl.when(gap >= 0).then(gap).otherwise(_FAR - gap)
    return (
        rows.with_row_index("_place")
        .join(runs.select(*RUN, "started", "finished"), on=RUN[:2], how="left")
        .with_columns(_distance=distance)
        .sort("_place", "_distance", nulls_last=True)
        .unique("_place", keep="first", maintain_order=True)
        .drop("_place", "_distance")
    )
