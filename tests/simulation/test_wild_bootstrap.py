"""How often is no effect called one at 5 %, with 4-9 towns: t with its correction, bootstrap."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
import polars as pl
import pytest
from scipy import stats

from otdacha.effects import impute, wild_bootstrap
from tests.simulation.unions import simulated_union
from tests.unit.effects.worlds import methodology_of

WORLDS: Mapping[str, Mapping[str, float]] = {
    "town shocks": {},
    "strong town shocks": {"town_shock": 0.4},
    "independent noise": {"town_shock": 0.0},
}


def p_values(seeds: Iterable[int], world: Mapping[str, float], draws: int) -> pl.DataFrame:
    """Provider by provider, in unions where nobody has any effect."""
    tables = []
    for seed in seeds:
        union = simulated_union(
            seed, towns=30, people=10, periods=24, providers=8, few=(4, 6), many=(7, 9),
            effect=0.0, between_towns=0.0, **world,
        )  # fmt: skip
        table = wild_bootstrap(union.cells, union.exposure, methodology_of(), draws=draws)
        plain = impute(union.cells, union.exposure, methodology_of(), correct=False).of()
        normal = 2 * stats.norm.sf(np.abs((plain["estimate"] / plain["se"]).to_numpy()))
        tables.append(table.with_columns(plain_p_value=pl.Series(normal)))
    return pl.concat(tables).drop_nulls()


def size(found: pl.DataFrame, column: str) -> float:
    return float((found[column] <= 0.05).mean())


def test_neither_test_calls_chance_an_effect_too_often() -> None:
    found = p_values(range(60), {}, 399)
    assert len(found) > 400
    assert size(found, "t_p_value") <= 0.075
    assert size(found, "bootstrap_p_value") <= 0.075
    assert size(found, "plain_p_value") > 0.09
    both = np.corrcoef(found["t_p_value"], found["bootstrap_p_value"])[0, 1]
    assert both > 0.9


@pytest.mark.long
@pytest.mark.parametrize("name", WORLDS)
def test_the_claims_of_the_evidence(name: str) -> None:
    found = p_values(range(1000, 1500), WORLDS[name], 999)
    for label, towns in (("4-6", (4, 6)), ("7-9", (7, 9))):
        part = found.filter(pl.col("clusters").is_between(*towns))
        print(
            f"| {name} | {label} | {len(part):,} | {size(part, 't_p_value'):.3f} | "
            f"{size(part, 'bootstrap_p_value'):.3f} | {size(part, 'plain_p_value'):.3f} |"
        )
        assert size(part, "t_p_value") <= 0.07
