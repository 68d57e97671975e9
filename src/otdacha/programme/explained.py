"""The tables that explain a plan, with the names of places, people's indicators and organisations.

`results` is quick and in every plan; the others plan anew many times, and are made where asked for.
"""

from __future__ import annotations

import numpy as np
import polars as pl
from numpy.typing import NDArray

from otdacha.panel import build_cells
from otdacha.programme.deciding.settle import Decision
from otdacha.programme.evidence.raw_rates import raw_rates
from otdacha.programme.explain import (
    IndicatorEffects,
    frontier,
    results,
    rivals,
    robustness,
    sensitivity,
    shadow,
)
from otdacha.programme.explain.sketch import Search
from otdacha.programme.material import Material
from otdacha.programme.problem import Problem
from otdacha.programme.wording import ONLY
from otdacha.progress import Progress, silent
from otdacha.records import Workspace, frame
from otdacha.release import Release

Vector = NDArray[np.float64]

KOPECKS = 100


def results_table(material: Material, problem: Problem, decision: Decision) -> pl.DataFrame:
    """What is expected of the plan by indicator and year, and what the bands rest on: schema
    `otdacha.programme.explain.results.RESULTS`."""
    return results(problem, decision, indicator_effects(material, problem))


def explained_tables(
    workspace: Workspace,
    release: Release | None,
    material: Material,
    problem: Problem,
    decision: Decision,
    *,
    search: Search | None = None,
    progress: Progress = silent,
) -> dict[str, pl.DataFrame]:
    """shadow, frontier, sensitivity, robustness, rivals and rival_seats of a plan.

    workspace, release: what the plan was made from; rivals who go by habit and by raw figures find
    both in the records. search: how long each of two dozen other plans is looked for.
    """
    search = search or Search()
    weights = {
        f"{ONLY}{name}": effects.mean[problem.run_provider[problem.pair_run]] * problem.volume
        for name, effects in indicator_effects(material, problem).items()
    }
    providers = pl.Series(problem.providers)
    holders = material.funds.frame["holder"]
    more = shadow(problem, decision, progress=progress)
    sure = robustness(problem, decision, progress=progress)
    others = rivals(
        problem,
        decision,
        last_year=last_pattern(frame(workspace, "training"), problem),
        raw=raw_figures(workspace, release, material, problem),
        search=search,
        progress=progress,
    )
    sent = others.sent(problem)
    return {
        "shadow": more.with_columns(
            holder=holders.gather(more["fund"]), added=pl.col("added") / KOPECKS
        ).drop("fund"),
        "frontier": frontier(problem, decision, search=search, progress=progress),
        "sensitivity": sensitivity(
            problem, decision, weights=weights, search=search, progress=progress
        ),
        "robustness": sure.with_columns(provider=providers.gather(sure["provider"])),
        "rivals": others.table,
        "rival_seats": sent.with_columns(provider=providers.gather(sent["provider"])),
    }


def raw_figures(
    workspace: Workspace, release: Release | None, material: Material, problem: Problem
) -> Vector | None:
    """(P,) raw figures of providers, from the records by the release's methodology; None where the
    plan has no evidence to compare them with, or nobody has one."""
    if release is None or material.evidence.release is None:
        return None
    panel = build_cells(workspace, release.methodology)
    figures = raw_rates(panel, release, problem.providers)
    return None if np.isnan(figures).all() else figures


def indicator_effects(material: Material, problem: Problem) -> dict[str, IndicatorEffects]:
    """Effects on each indicator by provider of the problem, from the evidence."""
    evidence = material.evidence
    known = {name: at for at, name in enumerate(evidence.providers)}
    places = np.array([known[name] for name in problem.providers], dtype=np.int64)
    return {
        name: IndicatorEffects(mean[places], *(end[places] for end in evidence.ends[name]))
        for name, mean in evidence.by_indicator.items()
    }


def last_pattern(training: pl.DataFrame, problem: Problem) -> Vector | None:
    """(P,) courses by provider in the last year on record before the plan; None where nobody who
    taught then offers anything now."""
    year = pl.col("finished").dt.year()
    before = training.filter(year < problem.years[0])
    last = before.filter(year == year.max())
    counted = dict(last.group_by("provider").len().iter_rows())
    pattern = np.array([counted.get(name, 0) for name in problem.providers], dtype=np.float64)
    offering = np.bincount(problem.run_provider[problem.leg_run], minlength=len(pattern)) > 0
    return pattern if (pattern * offering).any() else None
