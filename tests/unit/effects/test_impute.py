"""Design A on worlds small enough for its naive twin."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from otdacha.effects import COMPOSITE, impute
from otdacha.errors import NothingToEstimate
from tests.unit.effects.worlds import (
    World,
    dense_imputation,
    methodology_of,
    months,
    random_world,
)


def effect_of(world: World, **design: object) -> pl.DataFrame:
    return impute(world.cells, world.exposure, methodology_of(**design)).of()


def by_hand() -> World:
    """Two untrained people and one who is trained by p in March, in one stratum.

    Untrained: 1, 2, 3 and 3, 4, 5 (the calendar adds 1 a month). Trained: 10, 11, then 17 where 12
    was to be expected: the effect is 5.
    """
    calendar = months(3)
    rows = [
        (
            unit,
            "s",
            town,
            calendar[t],
            "on_time",
            1,
            y,
            "exposed" if (unit, t) == ("c", 2) else "clean",
        )
        for unit, town, series in (
            ("a", "A", (1, 2, 3)),
            ("b", "B", (3, 4, 5)),
            ("c", "C", (10, 11, 17)),
        )
        for t, y in enumerate(series)
    ]
    cells = pl.DataFrame(
        rows,
        schema=["unit", "stratum", "cluster", "month", "indicator", "n", "total", "status"],
        orient="row",
    )
    exposure = pl.DataFrame(
        {"unit": ["c"], "month": [calendar[2]], "provider": ["p"], "share": [1.0], "staff": [1]}
    )
    return World(cells, exposure)


def test_it_finds_the_effect_that_can_be_computed_by_hand() -> None:
    assert effect_of(by_hand())["estimate"].item() == pytest.approx(5.0, abs=1e-12)


def test_it_says_that_one_cluster_is_not_evidence() -> None:
    row = effect_of(by_hand()).row(0, named=True)
    assert (row["state"], row["reason"], row["se"]) == (
        "insufficient evidence",
        "one_cluster",
        None,
    )


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("doses", [False, True], ids=["persons", "doses"])
def test_it_agrees_with_dense_least_squares_and_refits_without_each_cluster(
    seed: int, doses: bool
) -> None:
    world = random_world(seed, doses=doses)
    effects = impute(world.cells, world.exposure, methodology_of())
    theta, psi = dense_imputation(world)
    np.testing.assert_allclose(effects.of()["estimate"].to_numpy(), theta, atol=1e-12)
    np.testing.assert_allclose(effects.scores["on_time"], psi, atol=1e-12)
    np.testing.assert_allclose(effects.covariance(), psi.T @ psi, atol=1e-13)


def test_it_agrees_with_the_twin_when_covariates_are_controlled_for() -> None:
    world = random_world(7, doses=True)
    rng = np.random.default_rng(7)
    extra = {name: pl.Series(rng.normal(size=len(world.cells))) for name in ("x", "z")}
    world = World(world.cells.with_columns(**extra), world.exposure)
    effects = impute(world.cells, world.exposure, methodology_of(), covariates=("x", "z"))
    theta, psi = dense_imputation(world, ("x", "z"))
    np.testing.assert_allclose(effects.of()["estimate"].to_numpy(), theta, atol=1e-12)
    np.testing.assert_allclose(effects.scores["on_time"], psi, atol=1e-12)


def test_it_agrees_with_the_twin_when_half_of_the_cells_are_missing() -> None:
    world = random_world(11, missing=0.6, units=80, clusters=8)
    effects = impute(world.cells, world.exposure, methodology_of())
    theta, psi = dense_imputation(world)
    np.testing.assert_allclose(effects.of()["estimate"].to_numpy(), theta, atol=1e-11)
    np.testing.assert_allclose(effects.scores["on_time"], psi, atol=1e-11)


def test_the_order_of_rows_does_not_matter() -> None:
    world = random_world(3)
    shuffled = world.cells.sample(fraction=1, shuffle=True, seed=1)
    ordered = impute(world.cells, world.exposure, methodology_of())
    again = impute(shuffled, world.exposure.reverse(), methodology_of())
    assert ordered.estimates.equals(again.estimates)


def test_less_is_better_turns_the_sign() -> None:
    world = random_world(4)
    lower = world.cells.with_columns(indicator=pl.lit("duration"))
    plus = effect_of(world)["estimate"]
    minus = impute(lower, world.exposure, methodology_of(("duration",))).of()["estimate"]
    np.testing.assert_allclose(minus, -plus.to_numpy())


def test_each_person_counts_once_when_the_methodology_says_so() -> None:
    """One trained person with 9 cases and effect 1, one with 1 case and effect 3."""
    calendar = months(2)
    rows = []
    for unit, town, n, jump in (
        ("a", "A", 9, 1),
        ("b", "B", 1, 3),
        ("c", "C", 5, 0),
        ("d", "D", 5, 0),
    ):
        for t in range(2):
            y = float(jump if t == 1 else 0)
            status = "exposed" if t == 1 and jump else "clean"
            rows.append((unit, "s", town, calendar[t], "on_time", n, y * n, status))
    cells = pl.DataFrame(
        rows,
        schema=["unit", "stratum", "cluster", "month", "indicator", "n", "total", "status"],
        orient="row",
    )
    exposure = pl.DataFrame(
        {
            "unit": ["a", "b"],
            "month": [calendar[1]] * 2,
            "provider": ["p"] * 2,
            "share": [1.0] * 2,
            "staff": [1] * 2,
        }
    )
    world = World(cells, exposure)
    assert effect_of(world, aggregation="equal_person")["estimate"].item() == pytest.approx(2.0)
    assert effect_of(world, aggregation="cases")["estimate"].item() == pytest.approx(1.2)


def excluded_rows(world: World) -> dict[tuple[str, str | None], int]:
    frame = impute(world.cells, world.exposure, methodology_of()).excluded
    return {(row["reason"], row["provider"]): row["rows"] for row in frame.iter_rows(named=True)}


def test_units_never_seen_untrained_are_excluded_and_counted() -> None:
    world = random_world(1)
    always = world.exposure["unit"][0]
    cells = world.cells.filter(~((pl.col("unit") == always) & (pl.col("status") == "clean")))
    left = cells.filter(pl.col("unit") == always)
    provider = world.exposure.filter(pl.col("unit") == always)["provider"][0]
    assert excluded_rows(World(cells, world.exposure)) == {
        ("unit_without_clean_cell", None): len(left),
        ("unit_without_clean_cell", provider): len(left),
    }


def test_months_in_which_everybody_comparable_is_trained_are_excluded_and_counted() -> None:
    world = random_world(2, strata=1)
    last = world.cells["month"].max()
    cells = world.cells.filter(~((pl.col("month") == last) & (pl.col("status") == "clean")))
    count = len(cells.filter(pl.col("month") == last))
    assert count > 0
    assert excluded_rows(World(cells, world.exposure))["period_without_clean_cell", None] == count


def test_units_and_months_with_no_chain_of_comparison_are_excluded_and_counted() -> None:
    """People of January-February and people of March-April; one of the first is trained and seen
    in March: nothing says how March compares with January."""
    calendar = months(4)
    rows = []
    for unit, town, seen in (
        ("a", "A", (0, 1)),
        ("b", "B", (0, 1)),
        ("c", "C", (2, 3)),
        ("d", "D", (2, 3)),
    ):
        rows += [(unit, "s", town, calendar[t], "on_time", 1, float(t), "clean") for t in seen]
    rows += [("a", "s", "A", calendar[2], "on_time", 1, 9.0, "exposed")]
    rows += [("e", "s", "E", calendar[0], "on_time", 1, 1.0, "clean")]
    rows += [("e", "s", "E", calendar[1], "on_time", 1, 5.0, "exposed")]
    cells = pl.DataFrame(
        rows,
        schema=["unit", "stratum", "cluster", "month", "indicator", "n", "total", "status"],
        orient="row",
    )
    exposure = pl.DataFrame(
        {
            "unit": ["a", "e"],
            "month": [calendar[2], calendar[1]],
            "provider": ["p", "q"],
            "share": [1.0, 1.0],
            "staff": [1, 1],
        }
    )
    world = World(cells, exposure)
    assert excluded_rows(world) == {("not_connected", None): 1, ("not_connected", "p"): 1}
    table = effect_of(world)
    assert table.filter(pl.col("provider") == "p")["reason"].item() == "nothing_comparable"
    assert table.filter(pl.col("provider") == "q")["estimate"].item() == pytest.approx(3.0)


def test_cells_around_training_or_of_unknown_history_are_left_out_and_counted() -> None:
    world = random_world(5)
    renamed = world.cells.with_row_index().with_columns(
        status=pl.when(pl.col("index") == 0)
        .then(pl.lit("around_training"))
        .when(pl.col("index") == 1)
        .then(pl.lit("history_unknown"))
        .otherwise("status")
    )
    counted = excluded_rows(World(renamed, world.exposure))
    assert counted["around_training", None] == 1
    assert counted["history_unknown", None] == 1


def test_missing_and_infinite_figures_are_left_out_and_counted() -> None:
    world = random_world(6)
    odd = world.cells.with_row_index().with_columns(
        total=pl.when(pl.col("index") == 3).then(float("inf")).otherwise("total"),
        n=pl.when(pl.col("index") == 4).then(0).otherwise("n"),
    )
    counted = excluded_rows(World(odd, world.exposure))
    assert (counted["not_a_number", None], counted["no_cases", None]) == (1, 1)


def test_two_providers_that_always_train_together_cannot_be_told_apart_and_others_can() -> None:
    world = random_world(8)
    twins = world.exposure.filter(pl.col("provider") == "p1").with_columns(provider=pl.lit("p9"))
    table = effect_of(World(world.cells, pl.concat([world.exposure, twins])))
    reasons = dict(table.select("provider", "reason").iter_rows())
    assert reasons["p1"] == reasons["p9"] == "inseparable"
    assert reasons["p2"] is None
    alone = effect_of(world).filter(pl.col("provider") == "p2")
    same = table.filter(pl.col("provider") == "p2")
    for column in ("estimate", "se"):
        assert same[column].item() == pytest.approx(alone[column].item(), abs=1e-12)


def test_one_provider_in_few_towns_is_insufficient_and_says_why() -> None:
    world = random_world(9)
    methodology = methodology_of()
    stricter = methodology.model_copy(
        update={"minimum": methodology.minimum.model_copy(update={"clusters": 6})}
    )
    table = impute(world.cells, world.exposure, stricter).of()
    assert table["reason"].unique().to_list() == ["few_clusters"]
    assert table["se"].is_null().all()


def test_all_outcomes_equal_gives_zero_effects_of_unknown_certainty() -> None:
    world = random_world(10)
    same = World(world.cells.with_columns(total=2.0 * pl.col("n")), world.exposure)
    table = effect_of(same)
    np.testing.assert_allclose(table["estimate"], 0, atol=1e-12)
    assert table["reason"].unique().to_list() == ["no_variation"]
    assert table["se"].is_null().all()


def test_no_clean_cells_is_said_in_both_languages() -> None:
    world = random_world(12)
    none = world.cells.with_columns(status=pl.lit("history_unknown"))
    with pytest.raises(NothingToEstimate) as fault:
        impute(none, world.exposure, methodology_of())
    assert "before any training" in fault.value.said("en")


def test_a_unit_in_two_clusters_is_refused() -> None:
    world = random_world(14)
    moved = world.cells.with_row_index().with_columns(
        cluster=pl.when(pl.col("index") == 1).then(pl.lit("elsewhere")).otherwise("cluster")
    )
    with pytest.raises(NothingToEstimate, match="more than one cluster"):
        impute(moved, world.exposure, methodology_of())


def test_the_variance_of_the_composite_counts_how_indicators_move_together() -> None:
    world = random_world(13)
    other = random_world(13, indicator="repeat").cells
    cells = pl.concat([world.cells, other.with_columns(total=pl.col("total") * 3)])
    methodology = methodology_of(("on_time", "repeat"))
    effects = impute(cells, world.exposure, methodology)
    # the same figures times -3: on_time in sd and repeat in sd cancel but for the weights 2/3, 1/3
    expected = effects.of("on_time")["standardised"].to_numpy() / 3
    np.testing.assert_allclose(effects.of(COMPOSITE)["estimate"], expected, atol=1e-12)
    one = np.sqrt(np.diag(effects.covariance("on_time"))) / effects.scales["on_time"] / 3
    np.testing.assert_allclose(effects.of(COMPOSITE)["se"], one, atol=1e-12)
