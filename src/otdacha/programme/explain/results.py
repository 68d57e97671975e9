"""What residents may expect of a plan, by indicator and year of training."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from otdacha.programme.deciding.settle import Decision
from otdacha.programme.explain.worth import band, drawn, volume_by_provider
from otdacha.programme.problem import Problem

Vector = NDArray[np.float64]
Whole = NDArray[np.int64]

HEADLINE = "headline"
RESULTS = pl.Schema(
    {
        "indicator": pl.String,
        "year": pl.Int64,
        "cases": pl.Float64,
        "expected": pl.Float64,
        "lower": pl.Float64,
        "upper": pl.Float64,
        "rests_on": pl.String,
    }
)


@dataclass(frozen=True)
class IndicatorEffects:
    """What providers bring to one indicator, by case, in its own unit; plus is better.

    mean: (P,). lower, upper: (P,), the ends of each provider's own interval, as it was published.
    """

    mean: Vector
    lower: Vector
    upper: Vector


def results(
    problem: Problem, decision: Decision, indicators: Mapping[str, IndicatorEffects]
) -> pl.DataFrame:
    """The expected improvement: the headline first, then each indicator; all years (null) first.

    cases: that the people trained answer for in the months that an effect lasts. expected: effect ×
    cases, so the cases a year that go better where the indicator is a share, the days saved where
    it is days. What the band rests on: of the headline, nine of ten joint draws (rests_on "draws"):
    they know which errors providers share. Of an indicator there are no joint draws, only each
    provider's own interval; how their errors go together is not known. So the band is the sum of
    the lower ends and that of the upper ends (rests_on "ends"): every provider at its worst or at
    its best at once. It is as wide as any dependence could make it for errors of a normal kind, and
    wider than a joint one would be. Schema `RESULTS`; empty where the plan has no evidence.
    """
    if not problem.volume.any():
        return pl.DataFrame(schema=RESULTS)
    years: tuple[int | None, ...] = (None, *problem.years)
    rows = [_headline(problem, _pairs_of(problem, decision, year), year) for year in years]
    for name, effects in indicators.items():
        for year in years:
            cases = volume_by_provider(problem, _pairs_of(problem, decision, year))
            expected, lower, upper = (
                float(each @ cases) for each in (effects.mean, effects.lower, effects.upper)
            )
            rows.append((name, year, float(cases.sum()), expected, lower, upper, "ends"))
    return pl.DataFrame(rows, schema=RESULTS, orient="row")


def _pairs_of(problem: Problem, decision: Decision, year: int | None) -> Whole:
    """(K,) people in seats of a year; None: of all years."""
    if year is None:
        return decision.pairs
    return np.asarray(decision.pairs * (problem.run_year[problem.pair_run] == year))


def _headline(problem: Problem, pairs: Whole, year: int | None) -> tuple[object, ...]:
    lower, upper = band(drawn(problem, pairs))
    cases = float(problem.volume @ pairs)
    return HEADLINE, year, cases, float(problem.benefit @ pairs), lower, upper, "draws"
