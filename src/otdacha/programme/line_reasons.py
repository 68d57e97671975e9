"""Why a line of a plan is there and what was the next best, without telling whom it is about.

The classes that a line is made of are people of one department with one need, often a few. Of them
a line tells what holds for the run; not how many there are, and not whether the law demands it.
Even a word for "by law, or by the town's part" would tell the duty: where the town has more than
its part, or is promised none, only the law is left. So of those who must be trained a line says why
they are in this run.
"""

from __future__ import annotations

import polars as pl

from otdacha.programme.wording import LINE_WHY

_SECOND = ("runner_up_provider", "runner_up_offer", "runner_up_year")


def line_reasons(seats: pl.DataFrame) -> pl.DataFrame:
    """municipality, run, why, runner_up_provider, _offer, _year, _loss: one row for each line.

    seats: the plan's table by that name. why: codes of `otdacha.programme.wording.LINE_WHY`, in its
    order, with a space between. The runner-up is the best other run of most of the line's people;
    runner_up_loss: the benefit that moving each of them to the best other run would cost, null
    where somebody has no other.
    """
    line = ["municipality", "run"]
    order = pl.Enum(list(LINE_WHY))
    reasons = seats.group_by(line).agg(
        why=pl.col("why_here").cast(order).unique().sort().cast(pl.String).str.join(" "),
        runner_up_loss=pl.when(pl.col("runner_up_loss").is_not_null().all()).then(
            pl.col("runner_up_loss").sum()
        ),
    )
    second = (
        seats.filter(pl.col("runner_up_offer").is_not_null())
        .group_by(*line, *_SECOND)
        .agg(pl.col("people").sum())
        .sort(*line, "people", *_SECOND, descending=[False, False, True, False, False, False])
        .unique(line, keep="first", maintain_order=True)
    )
    return reasons.join(second.drop("people"), on=line, how="left").select(
        *line, "why", *_SECOND, "runner_up_loss"
    )
