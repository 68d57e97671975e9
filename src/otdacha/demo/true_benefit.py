"""What a plan of the invented union, and every other way to spend its money, would truly bring.

No plan reads the truth; this is asked once a plan is there.
"""

from __future__ import annotations

from pathlib import Path

import polars as pl

from otdacha.demo.truth import FILE
from otdacha.programme.evidence.headline import headline_factors
from otdacha.programme.plan import Plan
from otdacha.release import Release


def true_effects(release: Release, truth: Path) -> dict[str, float]:
    """The true effect of each organisation on the headline of `release`, by case: the mean over the
    horizon for the mean person, which is what a plan of the years ahead would like to know.

    truth: the folder that `write_union` wrote. Plus is better.
    """
    factor = headline_factors(release)
    known = pl.read_parquet(truth / FILE).filter(pl.col("indicator").is_in(list(factor)))
    counted = known.select(
        "provider",
        effect=pl.col("structural")
        * pl.col("indicator").replace_strict(factor, return_dtype=pl.Float64),
    )
    return dict(counted.group_by("provider").agg(pl.col("effect").sum()).sort("provider").rows())


def true_benefit(plan: Plan, release: Release, truth: Path) -> dict[str, float]:
    """What the seats of each rule of `rivals`, the plan first, truly bring, in the unit of the
    plan's benefit; empty for a plan that was made without its explanations.

    release: the one that the plan was made from. What is learnt about organisations is not counted.
    """
    seats = plan.tables.get("rival_seats")
    if seats is None:
        return {}
    effects = true_effects(release, truth)
    brought = seats.with_columns(
        true=pl.col("cases") * pl.col("provider").replace_strict(effects, return_dtype=pl.Float64)
    )
    return dict(brought.group_by("rule", maintain_order=True).agg(pl.col("true").sum()).rows())
