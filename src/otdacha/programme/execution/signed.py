"""Contracts and attendance as what is signed, by the places of a problem's arrays."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl

from otdacha.programme.execution.against_plan import unmatched
from otdacha.programme.execution.commitments import Signed
from otdacha.programme.execution.matching import (
    CONTRACT,
    RUN,
    attendance_in_runs,
    contracts_in_runs,
    whole_contracts,
)
from otdacha.programme.execution.purses import Purses
from otdacha.programme.execution.seating import Seating, seated
from otdacha.programme.material import Material
from otdacha.programme.problem import Problem, Whole

Leg = tuple[str, int]
"""A municipality and the place of a run."""


@dataclass(frozen=True)
class Commitments:
    """signed: what is bound. enrolled: class, run, member (places in the material's classes, runs
    and members): needs whose person sits there already. unmatched: schema
    `otdacha.programme.execution.against_plan.UNMATCHED`."""

    signed: Signed
    enrolled: pl.DataFrame
    unmatched: pl.DataFrame


@dataclass(frozen=True)
class Records:
    """The records' tables of these names, as far as they have happened."""

    contracts: pl.DataFrame
    attendance: pl.DataFrame

    def runs(self, runs: pl.DataFrame, today: dt.date) -> pl.DataFrame:
        """provider, offer, year of the runs that somebody has signed for or attends."""
        whole, _ = whole_contracts(self.contracts)
        return pl.concat(
            [
                contracts_in_runs(whole, runs).select(RUN),
                attendance_in_runs(self.attendance, runs, today).select(RUN),
            ]
        ).unique()


def commitments(
    material: Material,
    problem: Problem,
    tables: Mapping[str, pl.DataFrame],
    records: Records,
    closing: dt.date,
    today: dt.date,
) -> Commitments:
    """What `records` bind of `problem`, which was made from `material`.

    tables: of the plan so far (`seats`, `funding`): whoever is not enrolled by name takes a signed
    seat as that plan meant it, and journeys are paid as it meant. closing: runs that begin before
    this day take nobody else. A contract buys its seats' fees; what it costs above them pays
    journeys, and the rest of the journeys is set aside.
    """
    whole, contradicting = whole_contracts(records.contracts)
    placed = _with_places(contracts_in_runs(whole, material.runs), material)
    attending = _with_places(attendance_in_runs(records.attendance, material.runs, today), material)
    stray = Counter[tuple[str, str]]({("contracts", "contradicting_contract"): contradicting})
    legs = _legs(problem)
    bought = _bought(placed, legs, stray)
    seating = seated(material, problem, legs, bought, attending, tables["seats"], stray)
    spent = _spent(material, problem, tables["funding"], records.contracts, placed, legs, stray)
    begins = material.runs["started"].to_numpy()
    return Commitments(
        Signed(
            seats=_by_leg(problem, legs, seating),
            served=seating.served,
            held=_held(problem, placed, seating, legs),
            spent=spent,
            closed=np.asarray(begins < np.datetime64(closing)),
        ),
        seating.enrolled,
        unmatched(stray),
    )


def _with_places(rows: pl.DataFrame, material: Material) -> pl.DataFrame:
    """rows with `run`, null where their run is none of the material's."""
    return rows.join(material.runs.select(*RUN, "run"), on=RUN, how="left")


def _legs(problem: Problem) -> dict[Leg, int]:
    return {
        (problem.municipalities[town], run): leg
        for leg, (town, run) in enumerate(
            zip(problem.leg_municipality.tolist(), problem.leg_run.tolist(), strict=True)
        )
    }


def _bought(
    placed: pl.DataFrame, legs: Mapping[Leg, int], stray: Counter[tuple[str, str]]
) -> Counter[Leg]:
    """Seats that contracts buy, by leg; what is no leg is counted with its reason."""
    towns = {town for town, _ in legs}
    bought: Counter[Leg] = Counter()
    for town, run, seats in placed.select("municipality", "run", "seats").iter_rows():
        if run is None:
            stray["contracts", "unknown_offer"] += 1
        elif (town, run) in legs:
            bought[town, run] += seats
        else:
            stray["contracts", "needs_nobody" if town in towns else "unknown_town"] += 1
    return bought


def _by_leg(problem: Problem, legs: Mapping[Leg, int], seating: Seating) -> Whole:
    seats = np.zeros(len(problem.leg_run), dtype=np.int64)
    for leg, count in seating.seats.items():
        seats[legs[leg]] = count
    return seats


def _held(
    problem: Problem, placed: pl.DataFrame, seating: Seating, legs: Mapping[Leg, int]
) -> Whole:
    """Everybody who takes a place of a run, also from where nobody needs it."""
    held = np.zeros(len(problem.run_names), dtype=np.int64)
    for (_, run), count in seating.seats.items():
        held[run] += count
    others = placed.drop_nulls("run").select("municipality", "run", "seats")
    for town, run, seats in others.iter_rows():
        if (town, run) not in legs:
            held[run] += seats
    return held


def _spent(
    material: Material,
    problem: Problem,
    funding: pl.DataFrame,
    contracts: pl.DataFrame,
    placed: pl.DataFrame,
    legs: Mapping[Leg, int],
    stray: Counter[tuple[str, str]],
) -> pl.DataFrame:
    purses = Purses(problem, tuple(material.funds.frame["code"]))
    rows = contracts.drop("provider", "offer", "seats", "signed").join(
        placed.select(*CONTRACT, "year", "run"), on=CONTRACT
    )
    paid: Counter[int] = Counter()
    for town, source, code, rubles, year, run in (
        rows.sort(*CONTRACT, "source", "code", nulls_last=True)
        .select("municipality", "source", "code", "amount", "year", "run")
        .iter_rows()
    ):
        kopecks = round(rubles * 100)
        leg = legs.get((town, run))
        if not purses.pay_fee(town, year, source, code, kopecks, leg):
            stray["contracts", "no_budget"] += 1
        if leg is not None:
            paid[leg] += kopecks
    meant = _journeys(funding, material, legs)
    for town, run, seats in (
        placed.drop_nulls("run")
        .group_by("municipality", "run", maintain_order=True)
        .agg(pl.col("seats").sum())
        .iter_rows()
    ):
        leg = legs.get((town, run))
        if leg is None or not problem.travel[leg]:
            continue
        journeys = seats * int(problem.travel[leg])
        above = paid[leg] - seats * int(problem.fee[run])
        owed = journeys - min(max(above, 0), journeys)
        if purses.pay_travel(leg, owed, meant.get(leg, [])):
            stray["contracts", "no_travel_money"] += 1
    return purses.spent()


def _journeys(
    funding: pl.DataFrame, material: Material, legs: Mapping[Leg, int]
) -> dict[int, list[tuple[str, str | None, int]]]:
    """Who the plan so far meant to pay the journeys of a leg: source, code, kopecks."""
    meant: dict[int, list[tuple[str, str | None, int]]] = {}
    rows = funding.filter(pl.col("travel") > 0).join(material.runs.select(*RUN, "run"), on=RUN)
    for town, run, source, code, rubles in rows.select(
        "municipality", "run", "source", "code", "travel"
    ).iter_rows():
        leg = legs.get((town, run))
        if leg is not None:
            meant.setdefault(leg, []).append((source, code, round(rubles * 100)))
    return meant
