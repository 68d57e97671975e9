"""Every offer of a plan as a row: price, dates, place, and why it is not chosen where it is not."""

from __future__ import annotations

import numpy as np
import polars as pl

from otdacha.programme.deciding.settle import Decision
from otdacha.programme.explain.passed_over import CHOSEN, passed_over
from otdacha.programme.explain.prices import Prices
from otdacha.programme.material import Material
from otdacha.programme.problem import Problem

KOPECKS = 100
OFFERS = pl.Schema(
    {
        "year": pl.Int64,
        "provider": pl.String,
        "provider_name": pl.String,
        "offer": pl.String,
        "programme": pl.String,
        "name": pl.String,
        "topic": pl.String,
        "hours": pl.Float64,
        "form": pl.String,
        "started": pl.Date,
        "finished": pl.Date,
        "town": pl.String,  # null: at a distance
        "fee": pl.Float64,  # rubles for one person, at the prices of the year
        "travel": pl.Float64,  # rubles for one person from another municipality
        "minimum": pl.Int64,  # people that a group begins with
        "places": pl.Int64,  # of one group
        "groups": pl.Int64,  # that can be held
        "seats": pl.Int64,  # that are taken
        "evidence": pl.String,  # as in `lines`; null where it was not planned with
        "why_not": pl.String,  # null: it is chosen
    }
)
"""A run of an offer in a year, whether or not it could be planned with and was."""


def offers_table(
    material: Material, problem: Problem, decision: Decision, prices: Prices
) -> pl.DataFrame:
    """All runs of all offers: schema `OFFERS`, by year, day, organisation and offer.

    why_not: a code of `otdacha.programme.wording.PASSED_OVER`, or where the run could not be
    planned with one of `otdacha.programme.offers.REASONS`.
    """
    runs = material.runs.with_columns(
        seats=pl.Series(
            np.bincount(problem.leg_run, decision.seats, material.runs.height).astype(np.int64)
        ),
        evidence=pl.Series(evidence_of_runs(material, problem), dtype=pl.String),
        why_not=pl.Series(passed_over(problem, decision, prices), dtype=pl.String).replace(
            CHOSEN, None
        ),
    )
    left_out = material.offered.left_out.rename({"reason": "why_not"}).with_columns(
        seats=pl.lit(0, pl.Int64)
    )
    names = material.providers.unique("provider", keep="last").select(
        "provider", provider_name="name"
    )
    return (
        pl.concat([runs, left_out], how="diagonal")
        .join(names, on="provider", how="left")
        .with_columns(pl.col("fee", "travel") / KOPECKS)
        .select(OFFERS.names())
        .cast(OFFERS)
        .sort("year", "started", "provider", "offer", nulls_last=True)
    )


def evidence_of_runs(material: Material, problem: Problem) -> list[str]:
    """(O,) what is known of who holds each run: `proven`, `learning`, or `none` without a
    release."""
    known = "proven" if material.evidence.release is not None else "none"
    return ["learning" if at else known for at in problem.unproven[problem.run_provider]]
