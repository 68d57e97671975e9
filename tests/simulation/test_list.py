"""How often is a place on the list owed to chance, from cells to list? (method.md §6, §11)

The short run guards against a broken rule; the figures that are claimed come from the long one:
`make evidence` (docs/evidence.md).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import polars as pl
import pytest

from otdacha.effects import impute
from otdacha.ranking import rank
from tests.simulation.unions import simulated_union
from tests.unit.effects.worlds import methodology_of

WORLDS: Mapping[str, Mapping[str, float]] = {
    "nobody has an effect": {"effect": 0.0},
    "half have none, the others 0.3 ± 0.3": {"zero_share": 0.5},
    "nine in ten have none": {"zero_share": 0.9, "effect": 0.5},
    "half have none, strong town shocks": {"zero_share": 0.5, "town_shock": 0.4},
}


def lists_of(seeds: Iterable[int], world: Mapping[str, float], prior: str) -> pl.DataFrame:
    """One row per union: places on the list, those of providers that are not better than zero,
    and how many of the better ones are on it."""
    methodology = methodology_of()
    shrinkage = methodology.shrinkage.model_copy(update={"prior": prior})
    methodology = methodology.model_copy(update={"shrinkage": shrinkage})
    rows = []
    for seed in seeds:
        union = simulated_union(seed, **world)
        listed = set(rank(impute(union.cells, union.exposure, methodology), methodology).listed)
        better = {f"p{j:03d}" for j, effect in enumerate(union.truth) if effect > 0}
        rows.append((len(listed), len(listed - better), len(listed & better), len(better)))
    return pl.DataFrame(rows, schema=["listed", "false", "true", "better"], orient="row")


def false_discovery_rate(lists: pl.DataFrame) -> float:
    """The mean over unions of the share of false places; an empty list has none."""
    return float(lists.select((pl.col("false") / pl.col("listed").clip(1)).mean()).item())


def test_few_places_are_owed_to_chance_and_the_list_is_not_empty() -> None:
    lists = lists_of(range(30), WORLDS["half have none, the others 0.3 ± 0.3"], "normal")
    assert false_discovery_rate(lists) <= 0.10
    assert lists["true"].sum() > 0.3 * lists["better"].sum()


def test_where_nobody_has_an_effect_the_list_is_nearly_always_empty() -> None:
    lists = lists_of(range(30), WORLDS["nobody has an effect"], "normal")
    assert (lists["listed"] > 0).mean() <= 0.2  # 30 unions at a rate of 0.10: 0.2 is 2 sd away


@pytest.mark.long
@pytest.mark.parametrize("prior", ["normal", "npmle"])
@pytest.mark.parametrize("name", WORLDS)
def test_the_claims_of_the_evidence(name: str, prior: str) -> None:
    lists = lists_of(range(2000, 2500), WORLDS[name], prior)
    rate = false_discovery_rate(lists)
    power = lists["true"].sum() / max(lists["better"].sum(), 1)
    print(
        f"| {name} | {prior} | {rate:.3f} | {(lists['listed'] > 0).mean():.3f} | "
        f"{lists['listed'].mean():.1f} | {power:.2f} |"
    )
    assert rate <= 0.10 + 2 * 0.014  # two standard errors of a rate of 0.10 over 500 unions
