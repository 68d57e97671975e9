"""The wild cluster bootstrap against a slow twin that estimates anew for each draw."""

from __future__ import annotations

import itertools
import sys

import numpy as np
import polars as pl
import pytest

from otdacha.effects import wild_bootstrap
from otdacha.effects.assemble import fit_designs
from otdacha.effects.wild_bootstrap import WEBB, enumerable, score_bootstrap
from tests.unit.effects.worlds import World, methodology_of, random_world


def test_webbs_points_have_mean_zero_and_variance_one() -> None:
    assert len(WEBB) == 6
    moments = [WEBB.mean(), (WEBB**2).mean(), (WEBB**3).mean()]
    np.testing.assert_allclose(moments, [0, 1, 0], atol=1e-15)


def weighted_means(seed: int, clusters: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Cluster, weight and outcome of rows whose weighted mean is the estimate."""
    rng = np.random.default_rng(seed)
    cluster = np.repeat(np.arange(clusters), rng.integers(2, 9, clusters))
    w = rng.uniform(0.5, 2, len(cluster))
    return cluster, w, rng.normal(0.2, 1, len(cluster)) + rng.normal(0, 0.5, clusters)[cluster]


def slow_p_value(cluster: np.ndarray, w: np.ndarray, y: np.ndarray, v: np.ndarray) -> float:
    """Each draw makes outcomes under the null, estimates and takes cluster scores anew."""

    def statistic(outcome: np.ndarray) -> float:
        theta = np.average(outcome, weights=w)
        score = np.bincount(cluster, w * (outcome - theta)) / w.sum()
        return abs(theta) / np.sqrt(score @ score)

    observed = statistic(y)  # under the null the restricted residual is y itself
    reached = sum(statistic(draw[cluster] * y) >= observed * (1 - 1e-9) for draw in v)
    return reached / len(v)


@pytest.mark.parametrize("clusters", [3, 4, 5])
def test_it_is_the_exact_share_of_all_draws_where_they_can_be_enumerated(clusters: int) -> None:
    cluster, w, y = weighted_means(clusters, clusters)
    theta = np.average(y, weights=w)
    plain = np.bincount(cluster, w * (y - theta)) / w.sum()
    weight = np.bincount(cluster, w) / w.sum()
    assert enumerable(clusters, 9_999)
    found = score_bootstrap(plain[:, None], weight[:, None], np.array([theta]), draws=9_999, seed=1)
    draws = np.array(list(itertools.product(WEBB, repeat=clusters)))
    assert found[0] == pytest.approx(slow_p_value(cluster, w, y, draws), abs=1e-12)


def test_the_draws_of_a_country_are_too_many_to_count() -> None:
    assert not enumerable(2_594, 9_999)


def test_random_draws_are_the_twins_draws() -> None:
    cluster, w, y = weighted_means(7, 9)
    theta = np.average(y, weights=w)
    plain = np.bincount(cluster, w * (y - theta)) / w.sum()
    weight = np.bincount(cluster, w) / w.sum()
    found = score_bootstrap(plain[:, None], weight[:, None], np.array([theta]), draws=999, seed=5)
    v = WEBB[np.random.default_rng(5).integers(0, 6, (999, 9))]
    slow = slow_p_value(cluster, w, y, v)
    assert found[0] == pytest.approx((1 + 999 * slow) / 1000, abs=1e-12)


@pytest.mark.parametrize("design", ["imputation", "joint"])
@pytest.mark.parametrize("doses", [False, True], ids=["persons", "doses"])
def test_a_provider_is_drawn_as_one_regressor_with_all_others_taken_out(
    design: str, doses: bool
) -> None:
    """Frisch-Waugh-Lovell: with the others partialled out, one provider's scores and weights are
    those of a regression on it alone, whatever is shared; scores under the null sum to θ̂."""
    world = random_world(4, doses=doses, clusters=8, units=90)
    fit = fit_designs(world.cells, world.exposure, methodology_of(), [design], covariates=()).found[
        design
    ]["on_time"]
    np.testing.assert_allclose(fit.weight.sum(0), 1, atol=1e-10)
    np.testing.assert_allclose(fit.plain.sum(0), 0, atol=1e-10)
    together = score_bootstrap(fit.plain, fit.weight, fit.theta, draws=499, seed=2)
    for j in range(len(fit.theta)):
        one = [j]
        alone = score_bootstrap(
            fit.plain[:, one], fit.weight[:, one], fit.theta[one], draws=499, seed=2
        )
        assert together[j] == alone[0]


def test_the_size_of_blocks_does_not_change_a_draw(monkeypatch: pytest.MonkeyPatch) -> None:
    world = random_world(4, clusters=8, units=90)
    whole = wild_bootstrap(world.cells, world.exposure, methodology_of(), draws=499)
    monkeypatch.setattr(sys.modules[score_bootstrap.__module__], "_AT_ONCE", 70)
    parts = wild_bootstrap(world.cells, world.exposure, methodology_of(), draws=499)
    assert whole.equals(parts)


def test_it_stands_beside_the_t_test_of_the_estimates() -> None:
    world = random_world(4, clusters=8, units=90)
    table = wild_bootstrap(world.cells, world.exposure, methodology_of(), draws=1999)
    assert table.columns == [
        "provider",
        "indicator",
        "clusters",
        "t_p_value",
        "bootstrap_p_value",
    ]
    # effects of 0, 0.3, 0.6, 0.9: the clear ones are clear to both
    for name in ("t_p_value", "bootstrap_p_value"):
        assert table[name].is_between(0, 1).all()
        assert (table.filter(provider="p3")[name] < 0.05).all()
    again = wild_bootstrap(world.cells, world.exposure, methodology_of(), draws=1999)
    assert table.equals(again)


def test_one_cluster_gives_no_p_value_and_two_give_one() -> None:
    world = random_world(2)
    town = world.cells.filter(pl.col("cluster") == "c1")["unit"].unique().to_list()
    two = world.cells.filter(pl.col("cluster").is_in(["c1", "c2"]))["unit"].unique().to_list()
    links = world.exposure.with_columns(
        provider=pl.when((pl.col("provider") == "p2") & ~pl.col("unit").is_in(town))
        .then(pl.lit("p1"))
        .when((pl.col("provider") == "p3") & ~pl.col("unit").is_in(two))
        .then(pl.lit("p0"))
        .otherwise("provider")
    )
    methodology = methodology_of()
    strict = methodology.model_copy(
        update={"minimum": methodology.minimum.model_copy(update={"degrees_of_freedom": 0.5})}
    )
    table = wild_bootstrap(world.cells, links, strict, draws=999)
    rows = {row["provider"]: row for row in table.iter_rows(named=True)}
    assert rows["p2"]["clusters"] == 1
    assert rows["p2"]["bootstrap_p_value"] is None
    assert rows["p2"]["t_p_value"] is None
    assert rows["p3"]["clusters"] == 2
    assert 0 < rows["p3"]["bootstrap_p_value"] <= 1


def test_scores_without_variance_give_no_p_value() -> None:
    nothing = np.zeros((3, 1))
    found = score_bootstrap(nothing, nothing + 1 / 3, np.array([1.0]), draws=99, seed=1)
    assert np.isnan(found[0])
    unknown = score_bootstrap(nothing + 1.0, nothing + 1 / 3, np.array([np.nan]), draws=99, seed=1)
    assert np.isnan(unknown[0])


def test_both_designs_can_be_asked() -> None:
    world: World = random_world(5, clusters=8)
    table = wild_bootstrap(world.cells, world.exposure, methodology_of(), design="joint", draws=99)
    assert table["bootstrap_p_value"].is_not_null().all()
