"""How well a plan stands where prices, effects or weights are others than it was made with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import polars as pl
from numpy.typing import NDArray

from otdacha.language import text
from otdacha.programme.deciding.settle import Decision
from otdacha.programme.explain.anew import anew, with_effects, with_prices
from otdacha.programme.explain.sketch import Asked, Search, Sketch
from otdacha.programme.problem import Caution, Problem
from otdacha.progress import Progress, silent

Vector = NDArray[np.float64]

PRICES = 0.1
ENDS = (0.1, 0.9)
SENSITIVITY = pl.Schema(
    {
        "changed": pl.String,
        "state": pl.String,
        "kept": pl.Float64,
        "replanned": pl.Float64,
        "gained": pl.Float64,
        "gap": pl.Float64,
        "moved": pl.Float64,
    }
)


def sensitivity(
    problem: Problem,
    decision: Decision,
    *,
    weights: Mapping[str, Vector] | None = None,
    search: Search | None = None,
    progress: Progress = silent,
) -> pl.DataFrame:
    """What this plan is worth in other circumstances, what a new one would be, and what would move.

    changed: prices_up, prices_down (fees and travel by a tenth); effects_low, effects_high (every
    provider at the lower or the upper tenth of its draws, all at once); and each name of `weights`,
    which gives the benefit of a seat (K,) by other weights of the indicators, without caution.
    kept: benefit of this plan then: where prices rose, of as much of it as can still be paid.
    replanned: benefit of a new plan; this one, where it is still within the gap of the best.
    gained: by how much the new plan's objective (the benefit, caution, and what is learned) is
    above. gap: by how much, as a share, another plan may still be better than the new one; where
    that is more than a tenth, or nobody knows, the new plan is said not to be found in time.
    moved: share of this plan's seats (by town and run) that the new one does not have.
    state: as in the frontier, of the new plan; kept is null where not even a part of this plan
    would keep the rules. Schema `SENSITIVITY`.
    """
    search = search or Search()
    changes = _changes(problem, weights or {})
    asked = [Asked(changed, decision) for changed in changes.values()]
    said = text("Planning with other prices and effects")
    rows = []
    for name, sketch in zip(changes, anew(asked, search, progress, said), strict=True):
        new = sketch.surely
        rows.append({"changed": name, "state": new.state, **_figures(decision, new)})
    return pl.DataFrame(rows, schema=SENSITIVITY)


def _changes(problem: Problem, weights: Mapping[str, Vector]) -> dict[str, Problem]:
    changes = {
        "prices_up": with_prices(problem, 1 + PRICES),
        "prices_down": with_prices(problem, 1 - PRICES),
    }
    if len(problem.draws):
        low, high = np.quantile(problem.draws, ENDS, axis=0)
        changes["effects_low"] = with_effects(problem, low)
        changes["effects_high"] = with_effects(problem, high)
    # the draws are of the headline's own weights: of others nobody has any to be cautious about
    indifferent = replace(problem, caution=Caution())
    return changes | {name: replace(indifferent, benefit=one) for name, one in weights.items()}


def _figures(decision: Decision, new: Sketch) -> dict[str, float | None]:
    plan, kept = new.decision, new.begun
    if plan is None:
        return {"kept": None if kept is None else kept.benefit}
    gone = np.maximum(decision.seats - plan.seats, 0).sum()
    return {
        "kept": None if kept is None else kept.benefit,
        "replanned": plan.benefit,
        "gained": None if kept is None else max(0.0, plan.objective - kept.objective),
        "gap": new.gap,
        "moved": float(gone) / max(int(decision.seats.sum()), 1),
    }
