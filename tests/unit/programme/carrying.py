"""Deciding in this process, and records as they would be stored: for small examples."""

from __future__ import annotations

import datetime as dt

import polars as pl

from otdacha.programme.deciding.highs import solve_mixed
from otdacha.programme.deciding.model import benefit_scale, linear_program
from otdacha.programme.deciding.settle import Decision, settled
from otdacha.programme.deciding.solve import NoPlan
from otdacha.programme.execution.signed import Records
from otdacha.programme.problem import Problem

CONTRACTS = {
    "municipality": pl.String,
    "contract": pl.String,
    "provider": pl.String,
    "offer": pl.String,
    "seats": pl.Int64,
    "source": pl.String,
    "code": pl.String,
    "amount": pl.Float64,
    "signed": pl.Date,
}
ATTENDANCE = {
    "municipality": pl.String,
    "person": pl.String,
    "provider": pl.String,
    "offer": pl.String,
    "status": pl.String,
    "finished": pl.Date,
}
PAYMENTS = {
    "municipality": pl.String,
    "payment": pl.String,
    "contract": pl.String,
    "source": pl.String,
    "code": pl.String,
    "paid": pl.Date,
    "amount": pl.Float64,
}


def decided(problem: Problem) -> Decision:
    """The best plan to a millionth, found in this process."""
    program = linear_program(problem)
    found = solve_mixed(program, gap=1e-6, seconds=20)
    if found.solution is None:
        raise NoPlan(certain=found.status == "infeasible")
    scale = benefit_scale(problem)
    return settled(problem, program, found.solution, bound=found.bound * scale, seconds=0.0)


def table(schema: dict[str, type[pl.DataType]], *rows: tuple[object, ...]) -> pl.DataFrame:
    """Rows of a record table; days are written as 2026-03-02."""
    days = [place for place, kind in enumerate(schema.values()) if kind is pl.Date]
    read = [
        tuple(
            dt.date.fromisoformat(str(cell)) if place in days and cell is not None else cell
            for place, cell in enumerate(row)
        )
        for row in rows
    ]
    return pl.DataFrame(read, schema=schema, orient="row")


def records(
    contracts: list[tuple[object, ...]], attendance: list[tuple[object, ...]] | None = None
) -> Records:
    return Records(table(CONTRACTS, *contracts), table(ATTENDANCE, *(attendance or [])))
