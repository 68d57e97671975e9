"""The sweep over indicator weights, 300 providers, three indicators, against one full ranking.

Ours: list and order under 67 weight vectors. The rival in the same run is `rank` once, on the
composite: doing the sweep by calling it for each vector would take 67 times as long.

Run: python benchmarks/bench_weights.py [providers]
"""

from __future__ import annotations

import sys
import time

import numpy as np
import polars as pl

from otdacha.effects import Effects
from otdacha.effects.composite import composite
from otdacha.effects.result import ESTIMATED, ESTIMATES
from otdacha.methodology import default_methodology
from otdacha.methodology.counting import EXCLUDED
from otdacha.ranking import rank, sweep_weights

CLUSTERS = 400


def world(count: int) -> Effects:
    """Effects on the default indicators; each provider works in about ten clusters."""
    generator = np.random.default_rng(1)
    names = tuple(f"p{place:04d}" for place in range(count))
    good = generator.normal(0.2, 0.3, count)
    tables, scores = [], {}
    for indicator in default_methodology().indicators:
        there = generator.random((CLUSTERS, count)) < 10 / CLUSTERS
        psi = np.where(there, generator.normal(0, 0.07, (CLUSTERS, count)), 0.0)
        psi += 0.002 * generator.standard_normal((CLUSTERS, 1))
        estimates = 0.7 * good + generator.normal(0, 0.2, count) + psi.sum(axis=0)
        scores[indicator.id] = psi
        tables.append(
            pl.DataFrame(
                {
                    "provider": names,
                    "indicator": [indicator.id] * count,
                    "estimate": estimates,
                    "standardised": estimates,
                    "se": np.sqrt((psi**2).sum(axis=0)),
                    "df": generator.uniform(4, 20, count),
                    "units": [30] * count,
                    "clusters": there.sum(axis=0),
                    "cells": [300] * count,
                    "cases": [3_000] * count,
                    "state": [ESTIMATED] * count,
                    "reason": [None] * count,
                },
                schema=ESTIMATES,
            )
        )
    return Effects(
        design="imputation",
        providers=names,
        clusters=tuple(map(str, range(CLUSTERS))),
        estimates=pl.concat(tables),
        scores=scores,
        scales=dict.fromkeys(scores, 1.0),
        excluded=EXCLUDED.to_frame(),
    )


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 300
    methodology = default_methodology()
    effects = composite(world(count), methodology)
    start = time.perf_counter()
    sweep = sweep_weights(effects, methodology)
    swept = time.perf_counter() - start
    start = time.perf_counter()
    rank(effects, methodology)
    once = time.perf_counter() - start
    vectors = sweep.vectors.height
    print(f"{count:,} providers, {vectors} weight vectors: {swept:.2f} s")
    print(f"one full ranking: {once:.2f} s; the sweep takes {swept / once:.1f} x as long")
    print(f"listed always: {sweep.providers['listed_always'].sum()}, ", end="")
    print(f"ever: {sweep.providers['listed_ever'].sum()}, ", end="")
    print(f"under the methodology's weights: {sweep.providers['listed'].sum()}")


if __name__ == "__main__":
    main()
