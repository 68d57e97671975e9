"""Plan anew from a day on, keeping what is signed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from otdacha.programme.assemble import problem_of
from otdacha.programme.deciding.settle import Decision
from otdacha.programme.deciding.solve import NoPlan
from otdacha.programme.execution.commitments import Signed, eased, left_of, rest_of, together
from otdacha.programme.execution.matching import RUN, attendance_as_of
from otdacha.programme.execution.signed import Records, commitments
from otdacha.programme.execution.so_far import plan_so_far
from otdacha.programme.execution.wording import WAITS
from otdacha.programme.material import Material
from otdacha.programme.offers import LEFT_OUT, RUNS
from otdacha.programme.problem import Moving, Problem, Whole
from otdacha.records import Workspace, frame

Decide = Callable[[Problem, Decision], Decision]
"""Decides a problem, given a plan to begin from, which may break rules of it (`decide`)."""
Mend = Callable[[Problem, Decision], tuple[Problem, Decision] | None]
"""A plan that breaks none, and the problem whose rules it keeps (`mended`)."""


@dataclass(frozen=True)
class Replanned:
    """A plan of what is signed and of what was decided of the rest.

    material, problem: the whole, with runs that are over or under way where somebody signed for
    them. decision: of the whole problem. left, decided: the problem of the rest, and what was
    decided of it: only this could be otherwise. enrolled: class, run, member who sit there already.
    aside: (F,) kopecks that are bound by what is no line of the plan. moved: people who could have
    gone where the plan before meant them to, and are sent elsewhere or nowhere. eased: rules that
    contracts break by themselves (keys of `wording.EASED`). unmatched: schema
    `otdacha.programme.execution.against_plan.UNMATCHED`.
    """

    material: Material
    problem: Problem
    decision: Decision
    left: Problem
    decided: Decision
    signed: Signed
    enrolled: pl.DataFrame
    aside: Whole
    moved: int
    eased: tuple[str, ...]
    unmatched: pl.DataFrame


class NoRest(NoPlan):
    """No plan of what is left keeps all rules. problem: what was left, of material."""

    def __init__(self, certain: bool, material: Material, problem: Problem) -> None:
        super().__init__(certain)
        self.material = material
        self.problem = problem


def records_of(workspace: Workspace, today: dt.date) -> Records:
    """Contracts and attendance of a workspace as they stand on `today`."""
    contracts = frame(workspace, "contracts").filter(pl.col("signed") <= today)
    return Records(contracts, attendance_as_of(frame(workspace, "attendance"), today))


def replanned(
    material: Material,
    tables: Mapping[str, pl.DataFrame],
    records: Records,
    *,
    today: dt.date,
    decide: Decide,
    mend: Mend = lambda problem, start: None,
    notice: int = 0,
    moving: float = 0.0,
) -> Replanned:
    """Keep what `records` bind of the plan with `tables`, and `decide` what is left from `today`.

    What is left of that plan itself is given to `decide` to begin from: where it keeps all rules
    still, the new plan is never worse, and nobody is moved for nothing. Where it breaks one (people
    left, others must be trained by now), `mend` is asked for another; whoever must be trained and
    finds no place in it waits, and `eased` says so. Without one the search begins anew.

    material: with every run of the plan's years, begun or not. notice: days before a run begins
    that a contract for it takes: runs that begin sooner take nobody else. moving: what a moved
    person costs, as a part of what a seat that is left of that plan brings on average: nobody is
    moved for less. Where contracts break a rule in a way that the rest cannot mend, the rest keeps
    it as far as it can, and `eased` says so. Raises NoRest where no plan of the rest keeps all
    other rules.
    """
    closing = today + dt.timedelta(days=notice)
    kept = records.runs(material.runs, today)
    material = without_late_runs(material, kept, today, closing)
    problem = problem_of(material)
    bound = commitments(material, problem, tables, records, closing, today)
    rest = rest_of(problem, bound.signed)
    start = left_of(plan_so_far(material, problem, tables), problem, bound.signed, rest)
    price = moving * max(start.benefit, 0.0) / max(int(start.seats.sum()), 1)
    rest = replace(rest, problem=_moving_from(start.pairs, rest.problem, price))
    left, decided, broken = _of_the_rest(material, rest.problem, start, decide, mend)
    so_far = bound.signed.served.copy()
    so_far[rest.pairs] += start.pairs
    return Replanned(
        material=material,
        problem=_moving_from(so_far, problem, price),
        decision=together(problem, bound.signed, rest, decided),
        left=left,
        decided=decided,
        signed=bound.signed,
        enrolled=bound.enrolled,
        aside=_aside(problem, bound.signed),
        moved=int(np.maximum(start.pairs - decided.pairs, 0).sum()),
        eased=broken,
        unmatched=bound.unmatched,
    )


def _of_the_rest(
    material: Material, rest: Problem, start: Decision, decide: Decide, mend: Mend
) -> tuple[Problem, Decision, tuple[str, ...]]:
    """The rest, what is decided of it, and which rules had to be eased for it."""
    try:
        return _decided(rest, start, decide, mend, ())
    except NoPlan as fault:
        loose, broken = eased(rest)
        if not broken:
            raise NoRest(fault.certain, material, rest) from None
    try:
        return _decided(loose, start, decide, mend, broken)
    except NoPlan as fault:
        raise NoRest(fault.certain, material, loose) from None


def _decided(
    problem: Problem, start: Decision, decide: Decide, mend: Mend, broken: tuple[str, ...]
) -> tuple[Problem, Decision, tuple[str, ...]]:
    due, begin = mend(problem, start) or (problem, start)
    decision = decide(due, begin)
    trained = np.bincount(problem.pair_class, decision.pairs, len(problem.people))
    if (problem.mandatory & (trained < problem.people)).any():
        return due, decision, (*broken, WAITS)
    return problem, decision, broken


def _moving_from(pairs: Whole, problem: Problem, price: float) -> Problem:
    """The problem where people who sit as `pairs` (K,) says are moved at a price."""
    some = np.flatnonzero(pairs)
    columns = (problem.pair_class[some], problem.pair_run[some], pairs[some])
    meant = tuple(zip(*(column.tolist() for column in columns), strict=True))
    return replace(problem, moving=Moving(meant, price))


def without_late_runs(
    material: Material, kept: pl.DataFrame, today: dt.date, closing: dt.date
) -> Material:
    """material without the runs that begin before `closing`, but for those `kept` (provider, offer,
    year); they are left out with their reason."""
    late = pl.col("started") < closing
    runs = material.runs
    gone = runs.filter(late).join(kept, on=RUN, how="anti")
    left = runs.join(gone, on=RUN, how="anti", maintain_order="left")
    reason = (
        pl.when(pl.col("started") < today)
        .then(pl.lit("already_begun"))
        .otherwise(pl.lit("too_late_to_sign"))
    )
    left_out = gone.with_columns(reason=reason).select(LEFT_OUT.names()).cast(dict(LEFT_OUT))  # type: ignore[arg-type]
    offered = replace(
        material.offered,
        runs=left.with_columns(run=pl.int_range(pl.len(), dtype=pl.Int64)).select(RUNS.names()),
        left_out=pl.concat([material.offered.left_out, left_out]).sort("provider", "offer", "year"),
    )
    return replace(material, offered=offered)


def _aside(problem: Problem, signed: Signed) -> Whole:
    aside = np.zeros(len(problem.fund_names), dtype=np.int64)
    apart = signed.spent.filter(pl.col("leg").is_null())
    np.add.at(aside, apart["fund"].to_numpy(), (apart["fee"] + apart["travel"]).to_numpy())
    return aside
