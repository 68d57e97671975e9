"""A plan against what became of it: contracts, people in class rooms, money paid.

Everything is counted in whole kopecks and told in rubles.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from otdacha.programme.deciding.settle import PAYS_FIRST
from otdacha.programme.execution.matching import (
    CONTRACT,
    LINE,
    RUN,
    STATUSES,
    attendance_as_of,
    attendance_in_runs,
    contracts_in_runs,
    whole_contracts,
)
from otdacha.programme.execution.states import WINDOWS, Windows, state
from otdacha.programme.execution.wording import STATES

KOPECKS = 100
_SOURCE = ["source", "year", "code", "municipality"]
_PEOPLE = {status: f"people_{status}" for status in STATUSES}
_MONEY = ("planned_cost", "signed_cost", "paid", *(f"paid_{source}" for source in PAYS_FIRST))
_NAMES = ("municipality_name", "provider_name", "name")

UNMATCHED = pl.Schema({"what": pl.String, "reason": pl.String, "rows": pl.Int64})
"""What could not be matched: rows of a table (`what`), by a key of `wording.UNMATCHED`."""


@dataclass(frozen=True)
class Execution:
    """How a plan is carried out on `today`. Money is in rubles, exact to the kopeck.

    lines: municipality × run: municipality, municipality_name, year, provider, provider_name,
        offer, name, started, finished, planned and signed (seats), people_enrolled,
        people_attending, people_finished, people_left, planned_cost, signed_cost, paid,
        paid_federal, paid_regional, paid_municipal, paid_own, state (a key of `wording.STATES`).
    money: source × year × code × municipality: planned (fees and travel), travel (of that), signed,
        paid, to_sign (planned - signed), left (planned - paid); below zero where it was overspent.
    states: state, lines, planned, signed, planned_cost, signed_cost, paid; every state.
    totals: the same sums of all lines, and people by status.
    unmatched: schema `UNMATCHED`.
    """

    today: dt.date
    lines: pl.DataFrame
    money: pl.DataFrame
    states: pl.DataFrame
    totals: Mapping[str, Any]
    unmatched: pl.DataFrame


def execution(
    tables: Mapping[str, pl.DataFrame],
    contracts: pl.DataFrame,
    attendance: pl.DataFrame,
    payments: pl.DataFrame,
    today: dt.date,
    windows: Windows = WINDOWS,
    runs: pl.DataFrame | None = None,
) -> Execution:
    """Hold a plan's tables (`lines`, `funding`, `groups`) against the records on `today`.

    contracts, attendance, payments: the records' tables of these names; what was signed, finished
    or paid after `today` has not happened yet. runs: provider, offer, year, started, finished of
    everything that is offered; by default only what the plan uses. A contract belongs to the first
    run of its offer that is not over when it is signed, a payment to that of its contract.
    """
    contracts = contracts.filter(pl.col("signed") <= today)
    payments = payments.filter(pl.col("paid") <= today)
    runs = tables["groups"] if runs is None else runs
    whole, contradicting = whole_contracts(contracts)
    placed = contracts_in_runs(whole, runs)
    key = placed.select(*CONTRACT, *RUN)
    signed = _kopecks(contracts).drop("provider", "offer").join(key, on=CONTRACT)
    paid = _kopecks(payments).join(key, on=CONTRACT, how="left")
    attended = _attended(attendance, runs, today)
    known = pl.concat([tables["lines"].select(LINE), placed.select(LINE)]).unique()
    counted = attended.join(known, on=LINE, how="semi")
    lines = _lines(tables["lines"], placed, signed, paid, counted, today, windows)
    stray = {
        ("contracts", "contradicting_contract"): contradicting,
        ("payments", "payment_without_contract"): paid["provider"].null_count(),
        ("attendance", "attends_without_line"): attended.height - counted.height,
    }
    return Execution(
        today=today,
        lines=_in_rubles(lines, _MONEY),
        money=_money(tables["funding"], signed, paid.drop_nulls("provider")),
        states=_in_rubles(_states(lines), _MONEY[:3]),
        totals=_totals(lines),
        unmatched=unmatched(stray),
    )


def unmatched(counts: Mapping[tuple[str, str], int]) -> pl.DataFrame:
    """Schema `UNMATCHED`, from the counts by (what, reason); what did not happen is no row."""
    rows = [(*reason, count) for reason, count in counts.items() if count]
    return pl.DataFrame(rows, schema=UNMATCHED, orient="row").sort("what", "reason")


def _kopecks(rows: pl.DataFrame) -> pl.DataFrame:
    return rows.with_columns(amount=(pl.col("amount") * KOPECKS).round().cast(pl.Int64))


def _in_rubles(rows: pl.DataFrame, columns: tuple[str, ...]) -> pl.DataFrame:
    return rows.with_columns(pl.col(columns) / KOPECKS)


def _attended(attendance: pl.DataFrame, runs: pl.DataFrame, today: dt.date) -> pl.DataFrame:
    """Who attends, in their run; who finished after `today` still attends."""
    return attendance_in_runs(attendance_as_of(attendance, today), runs, today)


def _lines(
    planned: pl.DataFrame,
    placed: pl.DataFrame,
    signed: pl.DataFrame,
    paid: pl.DataFrame,
    attended: pl.DataFrame,
    today: dt.date,
    windows: Windows,
) -> pl.DataFrame:
    """Every line of the plan, and one for each contract that was not planned; kopecks."""
    lines = planned.select(
        *LINE,
        *_NAMES,
        "started",
        "finished",
        planned="seats",
        planned_cost=(pl.col("cost") * KOPECKS).round().cast(pl.Int64),
    )
    of_source = [
        pl.col("amount").filter(pl.col("source") == source).sum().alias(f"paid_{source}")
        for source in PAYS_FIRST
    ]
    of_status = [
        (pl.col("status") == status).sum().cast(pl.Int64).alias(name)
        for status, name in _PEOPLE.items()
    ]
    sums = [
        placed.group_by(LINE).agg(
            pl.col("seats").sum().alias("signed"),
            pl.col("started", "finished").first().name.suffix("_signed"),
        ),
        signed.group_by(LINE).agg(signed_cost=pl.col("amount").sum()),
        paid.drop_nulls("provider")
        .group_by(LINE)
        .agg(pl.col("amount").sum().alias("paid"), *of_source),
        attended.group_by(LINE).agg(of_status),
    ]
    for each in sums:
        lines = lines.join(each, on=LINE, how="full", coalesce=True)
    counts = ("planned", "signed", *_PEOPLE.values())
    filled = lines.with_columns(
        pl.col(*counts, *_MONEY).fill_null(0),
        pl.coalesce("started", "started_signed"),
        pl.coalesce("finished", "finished_signed"),
    )
    return (
        _named(filled, planned)
        .with_columns(state=state(today, windows))
        .select(
            "municipality",
            "municipality_name",
            "year",
            "provider",
            "provider_name",
            "offer",
            "name",
            "started",
            "finished",
            *counts,
            *_MONEY,
            "state",
        )
        .sort("municipality", "year", "started", "provider", "offer", nulls_last=True)
    )


def _named(lines: pl.DataFrame, planned: pl.DataFrame) -> pl.DataFrame:
    """Names for lines that were not planned, where another line knows them."""
    for key, name in zip(("municipality", "provider"), _NAMES[:2], strict=True):
        known = planned.select(key, _known=name).drop_nulls().unique(key, keep="first")
        lines = (
            lines.join(known, on=key, how="left")
            .with_columns(pl.coalesce(name, "_known", key).alias(name))
            .drop("_known")
        )
    return lines


def _money(funding: pl.DataFrame, signed: pl.DataFrame, paid: pl.DataFrame) -> pl.DataFrame:
    planned = _kopecks(funding).with_columns(
        travel=(pl.col("travel") * KOPECKS).round().cast(pl.Int64)
    )
    only = planned.group_by("municipality", "year", "source").agg(
        _only=pl.when(pl.col("code").n_unique() == 1).then(pl.col("code").first())
    )

    def by_source(rows: pl.DataFrame, name: str) -> pl.DataFrame:
        """What names no code is paid from the only one that the plan knows there."""
        told = rows.join(only, on=["municipality", "year", "source"], how="left")
        told = told.with_columns(pl.coalesce("code", "_only").alias("code"))
        return told.group_by(_SOURCE).agg(pl.col("amount").sum().alias(name))

    money = planned.group_by(_SOURCE).agg(
        pl.col("amount").sum().alias("planned"), pl.col("travel").sum()
    )
    for rows, name in ((signed, "signed"), (paid, "paid")):
        money = money.join(
            by_source(rows, name), on=_SOURCE, how="full", coalesce=True, nulls_equal=True
        )
    kinds = ("planned", "travel", "signed", "paid")
    counted = money.with_columns(pl.col(kinds).fill_null(0)).with_columns(
        to_sign=pl.col("planned") - pl.col("signed"), left=pl.col("planned") - pl.col("paid")
    )
    order = pl.col("source").replace_strict({name: at for at, name in enumerate(PAYS_FIRST)})
    return _in_rubles(
        counted.select(*_SOURCE, *kinds, "to_sign", "left").sort(
            "year", order, "municipality", "code", nulls_last=True
        ),
        (*kinds, "to_sign", "left"),
    )


def _states(lines: pl.DataFrame) -> pl.DataFrame:
    found = lines.group_by("state").agg(
        pl.len().cast(pl.Int64).alias("lines"), pl.col("planned", "signed", *_MONEY[:3]).sum()
    )
    every = pl.DataFrame({"state": list(STATES)}, schema={"state": pl.String})
    return every.join(found, on="state", how="left", maintain_order="left").with_columns(
        pl.exclude("state").fill_null(0)
    )


def _totals(lines: pl.DataFrame) -> dict[str, Any]:
    people = ("planned", "signed", *_PEOPLE.values())
    return {
        "lines": lines.height,
        **{name: int(lines[name].sum()) for name in people},
        **{name: int(lines[name].sum()) / KOPECKS for name in _MONEY},
    }
