"""Other ways to spend the same money under the same rules: by price, by habit, by raw figures."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import polars as pl
from numpy.typing import NDArray

from otdacha.language import text
from otdacha.programme.deciding.settle import Decision
from otdacha.programme.explain.anew import anew
from otdacha.programme.explain.sketch import Asked, Search, Sketch
from otdacha.programme.explain.worth import band, cost, drawn, volume_by_provider
from otdacha.programme.problem import Caution, Learning, Moving, Problem
from otdacha.progress import Progress, silent

Vector = NDArray[np.float64]

BEYOND = 0.05
"""What a seat beyond last year's pattern counts against one within it: money is not left over, and
is not spent otherwise either."""
RIVALS = pl.Schema(
    {
        "rule": pl.String,
        "state": pl.String,
        "people": pl.Int64,
        "cost": pl.Float64,
        "gap": pl.Float64,
        "benefit": pl.Float64,
        "lower": pl.Float64,
        "upper": pl.Float64,
        "ahead": pl.Float64,
        "ahead_lower": pl.Float64,
        "ahead_upper": pl.Float64,
        "true_benefit": pl.Float64,
    }
)


SENT = pl.Schema(
    {
        "rule": pl.String,
        "provider": pl.Int64,
        "seats": pl.Int64,
        "cost": pl.Float64,
        "cases": pl.Float64,
    }
)


@dataclass(frozen=True)
class Rivals:
    """table: schema `RIVALS`, the plan itself first. decisions: by rule, where there is one."""

    table: pl.DataFrame
    decisions: dict[str, Decision]

    def sent(self, problem: Problem) -> pl.DataFrame:
        """Whom each rule pays: provider, seats, cost (rubles) and the cases that people in these
        seats answer for while an effect lasts. Schema `SENT`; a provider without seats has no row.
        """
        count = len(problem.providers)
        behind = problem.run_provider[problem.leg_run]
        frames = [pl.DataFrame(schema=SENT)]
        for rule, decision in self.decisions.items():
            kopecks = problem.seat_cost * decision.seats
            frame = pl.DataFrame(
                {
                    "provider": np.arange(count),
                    "seats": np.bincount(behind, decision.seats, count).astype(np.int64),
                    "cost": np.bincount(behind, kopecks, count) / 100,
                    "cases": volume_by_provider(problem, decision.pairs),
                }
            )
            frames.append(frame.select(pl.lit(rule).alias("rule"), pl.all()))
        return pl.concat(frames).filter(pl.col("seats") > 0)


def rivals(
    problem: Problem,
    decision: Decision,
    *,
    last_year: Vector | None = None,
    raw: Vector | None = None,
    true: Vector | None = None,
    search: Search | None = None,
    progress: Progress = silent,
) -> Rivals:
    """The plan beside what others would have done with the same money, under all the same rules.

    Each rival is a plan made by the same machinery with another aim:
    cheapest: as many people as possible, and of such plans the cheapest;
    last_year: seats by provider as `last_year` (P,) has them, any unit: as many seats as this plan
    has are dealt out in that proportion among providers that offer something now, and as many of
    them are filled as can be; money that is left buys what it can;
    raw_rate: `raw` (P,), raw figures by case, plus is better, taken for effects (what somebody does
    who sends people where figures look best); nan, who has none, counts as their mean.
    A rule whose figures are not given is left out. gap: by how much, as a share, it may still fall
    short of its own aim; where that is more than a tenth, or nobody knows, the rule's plan is said
    not to be found in time. benefit: by the posterior mean, lower and upper
    by nine of ten draws; ahead: what the plan brings above the rival, and the same band of that
    difference draw by draw. true_benefit: by `true` (P,), effects by case where they are known.
    """
    search = search or Search()
    aims = {"cheapest": cheapest(problem)}
    if last_year is not None:
        aims["last_year"] = patterned(problem, last_year, int(decision.seats.sum()))
    if raw is not None:
        aims["raw_rate"] = by_raw(problem, raw)
    # the plan keeps all rules, so whoever has another aim can begin with it
    asked = [Asked(aim, decision) for aim in aims.values()]
    others = anew(asked, search, progress, text("Planning as others would"))
    found = {"plan": Sketch("planned", decision)}
    found |= {rule: one.surely for rule, one in zip(aims, others, strict=True)}
    rows = [{"rule": rule, **_row(problem, decision, each, true)} for rule, each in found.items()]
    return Rivals(
        pl.DataFrame(rows, schema=RIVALS),
        {rule: each.decision for rule, each in found.items() if each.decision is not None},
    )


def cheapest(problem: Problem) -> Problem:
    """The same rules, with an aim that counts heads; of equal plans the cheaper wins already."""
    return _aimed(problem, np.ones_like(problem.benefit))


def patterned(problem: Problem, pattern: Vector, seats: int) -> Problem:
    """The same rules, with the aim to deal `seats` out in the proportions of `pattern` (P,).

    Raises ValueError where nobody in the pattern offers anything now.
    """
    offers = np.bincount(problem.run_provider[problem.leg_run], minlength=len(pattern)) > 0
    held = np.where(offers, pattern, 0.0)
    if not held.sum() > 0:
        raise ValueError("nobody who taught last year offers anything now")
    wanted = seats * held / held.sum()
    return replace(
        _aimed(problem, np.full_like(problem.benefit, BEYOND)),
        learning=tuple(
            Learning(int(each), upto, upto * (1 - BEYOND), widest=1.0)
            for each in np.flatnonzero(wanted)
            # from the first seat on: `Learning` counts nothing before its first breakpoint
            for upto in [np.unique(np.minimum([1.0, wanted[each]], wanted[each]))]
        ),
    )


def by_raw(problem: Problem, raw: Vector) -> Problem:
    """The same rules, with raw figures taken for effects. Raises ValueError where all are nan."""
    if np.isnan(raw).all():
        raise ValueError("no provider has a raw figure")
    figures = np.where(np.isnan(raw), np.nanmean(raw), raw)
    volume = problem.volume if problem.volume.any() else np.ones_like(problem.volume)
    return _aimed(problem, figures[problem.run_provider[problem.pair_run]] * volume)


def _aimed(problem: Problem, benefit: Vector) -> Problem:
    return replace(problem, benefit=benefit, learning=(), caution=Caution(), moving=Moving())


def _row(problem: Problem, plan: Decision, rival: Sketch, true: Vector | None) -> dict[str, object]:
    other = rival.decision
    if other is None:
        return {"state": rival.state}
    lower, upper = band(drawn(problem, other.pairs))
    ahead_lower, ahead_upper = band(drawn(problem, plan.pairs) - drawn(problem, other.pairs))
    benefit = float(problem.benefit @ other.pairs)
    truly = None if true is None else float(true @ volume_by_provider(problem, other.pairs))
    return {
        "state": rival.state,
        "people": int(other.seats.sum()),
        "cost": cost(problem, other.seats),
        "gap": rival.gap,
        "benefit": benefit,
        "lower": lower,
        "upper": upper,
        "ahead": float(problem.benefit @ plan.pairs) - benefit,
        "ahead_lower": ahead_lower,
        "ahead_upper": ahead_upper,
        "true_benefit": truly,
    }
