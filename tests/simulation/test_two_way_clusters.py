"""Do intervals cover where a run of a course is good or bad for all of its participants?

Clustering by town alone takes participants of several towns for independent witnesses. With the
session as a second clustering the intervals hold, at the price of some width where there is no
such luck: pairs in the same town and session count twice (docs/decisions/0009).
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import polars as pl
import pytest

from otdacha.effects import impute
from tests.simulation.runs import coverage
from tests.simulation.sessions import union_of_sessions
from tests.unit.effects.worlds import methodology_of


def errors_of(seeds: Iterable[int], luck: float, second_cluster: str) -> pl.DataFrame:
    methodology = methodology_of(second_cluster=second_cluster)
    tables = []
    for seed in seeds:
        union = union_of_sessions(seed, luck=luck)
        table = impute(union.cells, union.exposure, methodology).of()
        error = table["estimate"] - pl.Series(union.truth)
        tables.append(table.select("se", "df").with_columns(error=error))
    return pl.concat(tables).drop_nulls()


def figures(errors: pl.DataFrame) -> str:
    ratio = np.sqrt((errors["se"] ** 2).mean()) / errors["error"].std()
    return f"{coverage(errors):.3f} | {ratio:.3f}"


def test_one_clustering_misses_the_luck_of_a_session_and_two_do_not() -> None:
    towns = errors_of(range(25), 0.3, "none")
    both = errors_of(range(25), 0.3, "session")
    assert len(towns) == len(both) == 200
    assert coverage(towns) < 0.90
    assert coverage(both) >= 0.92  # 200 intervals: ± 0.03


@pytest.mark.long
@pytest.mark.parametrize("luck", [0.0, 0.15, 0.3])
def test_the_claims_of_the_evidence(luck: float) -> None:
    seeds = range(1000, 1500)
    towns, both = (errors_of(seeds, luck, second) for second in ("none", "session"))
    print(f"| {luck} | {len(towns):,} | {figures(towns)} | {figures(both)} |")
    assert coverage(both) >= 0.93
    if luck == 0.3:
        assert coverage(towns) < 0.90
