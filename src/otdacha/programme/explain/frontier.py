"""Less money and more: what each part of the budget would bring."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import polars as pl

from otdacha.language import text
from otdacha.programme.deciding.settle import Decision
from otdacha.programme.explain.anew import anew, with_money
from otdacha.programme.explain.sketch import Asked, Search, Sketch
from otdacha.programme.explain.worth import band, cost, drawn
from otdacha.programme.problem import Problem
from otdacha.progress import Progress, silent

SHARES = (0.25, 0.5, 0.75, 0.9, 1.0, 1.25, 1.5, 2.0)
FRONTIER = pl.Schema(
    {
        "share": pl.Float64,
        "state": pl.String,
        "budget": pl.Float64,
        "spent": pl.Float64,
        "people": pl.Int64,
        "benefit": pl.Float64,
        "lower": pl.Float64,
        "upper": pl.Float64,
        "objective": pl.Float64,
        "bound": pl.Float64,
    }
)


def frontier(
    problem: Problem,
    decision: Decision,
    *,
    shares: Sequence[float] = SHARES,
    search: Search | None = None,
    progress: Progress = silent,
) -> pl.DataFrame:
    """A plan for each share of the money, every fund alike, all other rules as they are.

    state: planned, infeasible (what must be done costs more than that; its figures are null), or
    no_plan_in_time. budget, spent: rubles. lower, upper: nine of ten draws of the benefit; null
    without evidence. objective: what was maximised, in the unit of the benefit; bound: no plan of
    that money has more of it; null where that is not known. The plan itself stands at share 1.
    Schema `FRONTIER`.
    """
    search = search or Search()
    plans = carried(_planned(problem, decision, shares, search, progress))
    rows = [{"share": share, **_row(with_money(problem, share), plans[share])} for share in plans]
    return pl.DataFrame(rows, schema=FRONTIER)


def _planned(
    problem: Problem,
    decision: Decision,
    shares: Sequence[float],
    search: Search,
    progress: Progress,
) -> dict[float, Sketch]:
    """A plan for each share, by rising share: upwards each begins from the one for less money,
    downwards from the best part of the one for more."""
    more = sorted(share for share in shares if share > 1)
    less = sorted((share for share in shares if share < 1), reverse=True)
    asked = [
        Asked(with_money(problem, share), decision if number == 0 else None)
        for way in (more, less)
        for number, share in enumerate(way)
    ]
    said = text("Planning with less and with more money")
    found = dict(zip([*more, *less], anew(asked, search, progress, said), strict=True))
    plans = found | {share: Sketch("planned", decision) for share in shares if share == 1}
    return {share: plans[share] for share in sorted(plans)}


def carried(plans: Mapping[float, Sketch]) -> dict[float, Sketch]:
    """What is known of one share said of the others: a plan for less money is one for more, and
    what no plan exceeds with more money none exceeds with less."""
    carried = dict(plans)
    best: Decision | None = None
    for share, plan in plans.items():
        own = plan.decision
        if best is not None and (own is None or own.objective < best.objective):
            above = np.inf if own is None else own.bound
            carried[share] = Sketch("planned", replace(best, bound=above))
        best = carried[share].decision
    least = np.inf
    for share in reversed(list(carried)):
        own = carried[share].decision
        if own is not None:
            least = min(least, own.bound)
            carried[share] = Sketch("planned", replace(own, bound=least))
    return carried


def _row(problem: Problem, found: Sketch) -> dict[str, object]:
    budget: dict[str, object] = {"state": found.state, "budget": int(problem.amount.sum()) / 100}
    plan = found.decision
    if plan is None:
        return budget
    lower, upper = band(drawn(problem, plan.pairs))
    return budget | {
        "spent": cost(problem, plan.seats),
        "people": int(plan.seats.sum()),
        "benefit": plan.benefit,
        "lower": lower,
        "upper": upper,
        "objective": plan.objective,
        "bound": found.bound,
    }
