"""Do 95 % intervals cover the truth, with few towns and with many? (method.md §4)

The short run guards against a broken variance; the figures that are claimed come from the long one:
`make evidence` (docs/evidence.md).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
import polars as pl
import pytest
from scipy import stats

from otdacha.effects import impute
from tests.simulation.unions import simulated_union
from tests.unit.effects.worlds import methodology_of

WORLDS: Mapping[str, Mapping[str, float]] = {
    "staggered growing effects": {},
    "no differences between towns": {"between_towns": 0.0},
    "strong town shocks and differences": {"between_towns": 0.2, "town_shock": 0.4},
    "persistent town shocks": {"persistence": 0.9},
    "nobody has an effect": {"effect": 0.0, "between_towns": 0.0},
}


def errors_of(seeds: Iterable[int], world: Mapping[str, float], *, correct: bool) -> pl.DataFrame:
    """One row per provider and union: towns, error, se, df."""
    methodology = methodology_of()
    tables = []
    for seed in seeds:
        union = simulated_union(seed, **world)
        table = impute(union.cells, union.exposure, methodology, correct=correct).of()
        tables.append(
            table.select("se", "df").with_columns(
                towns=pl.Series(union.towns_of),
                error=table["estimate"] - pl.Series(union.truth),
            )
        )
    return pl.concat(tables).drop_nulls()


def coverage(errors: pl.DataFrame, *, normal: bool = False) -> float:
    t = (errors["error"] / errors["se"]).abs().to_numpy()
    quantile = 1.96 if normal else stats.t.ppf(0.975, errors["df"].to_numpy())
    return float(np.mean(t <= quantile))


def split(errors: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Providers in few towns (3-9) and in many (10 and more)."""
    return errors.filter(pl.col("towns") < 10), errors.filter(pl.col("towns") >= 10)


def test_intervals_cover_the_truth() -> None:
    few, many = split(errors_of(range(40), {}, correct=True))
    assert coverage(few) >= 0.93
    assert 0.93 <= coverage(many) <= 0.985  # 40 unions: ± 0.02


def test_without_the_correction_intervals_with_few_towns_are_too_short() -> None:
    few, _ = split(errors_of(range(40), {}, correct=False))
    assert coverage(few, normal=True) < 0.90


@pytest.mark.long
@pytest.mark.parametrize("name", WORLDS)
def test_the_claims_of_the_evidence(name: str) -> None:
    unions = range(1000, 1500)
    few, many = split(errors_of(unions, WORLDS[name], correct=True))
    plain_few, plain_many = split(errors_of(unions, WORLDS[name], correct=False))
    for label, errors, plain in (("3-9", few, plain_few), ("10-20", many, plain_many)):
        bias = errors["error"].mean() / errors["error"].std()
        print(
            f"| {name} | {label} | {len(errors):,} | {coverage(errors):.3f} | "
            f"{coverage(plain, normal=True):.3f} | {bias:+.3f} | "
            f"{np.sqrt((errors['se'] ** 2).mean()) / errors['error'].std():.3f} |"
        )
        assert abs(bias) < 0.1
    assert coverage(few) >= 0.93
    assert 0.93 <= coverage(many) <= 0.97
