"""Less money and more: what each part of the budget would bring."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from otdacha.language import text
from otdacha.programme.deciding.settle import Decision
from otdacha.programme.explain.replan import Replanned, Search, improved, replan, with_money
from otdacha.programme.explain.worth import band, cost, drawn
from otdacha.programme.problem import Problem
from otdacha.progress import Progress, silent

SHARES = (0.25, 0.5, 0.75, 1.0, 1.25, 1.5, 1.75, 2.0)
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
    that money has more of it. Schema `FRONTIER`; the plan itself stands at share 1.
    """
    search = search or Search()
    rows = []
    held = decision  # a plan for less money is one for more: never is less found for more
    for number, share in enumerate(sorted(shares), 1):
        changed = with_money(problem, share)
        if share == 1:
            found = Replanned("planned", decision)
        elif share < 1:
            found = replan(changed, search)
        else:
            found = improved(changed, held, search)
            held = found.decision or held
        rows.append({"share": share, **_row(changed, found)})
        progress(text("Planning with less and with more money"), number, len(shares))
    return pl.DataFrame(rows, schema=FRONTIER)


def _row(problem: Problem, found: Replanned) -> dict[str, object]:
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
        "bound": plan.bound,
    }
