"""Slopes without each cluster: from the cluster's own cells, from equations, from the textbook."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import polars as pl
import pytest

from otdacha.effects import clean_slopes, clean_stratum, impute, left_out
from otdacha.effects.cells import Floats, Ints
from otdacha.effects.contrasts import Contrasts
from otdacha.effects.event_time import ALL, leads_of
from otdacha.effects.observed import Observed
from otdacha.effects.reestimate import Setting, lead_slopes, setting, slopes
from tests.unit.effects.worlds import World, methodology_of, random_world


def given(world: World) -> tuple[Setting, Observed]:
    """The setting, and what was seen."""
    rules = methodology_of()
    observed = Observed.of(world.cells, world.exposure, rules)
    return setting(observed, impute(world.cells, world.exposure, rules), rules), observed


def leads(world: World, count: int = 3) -> Contrasts:
    """Months before training, of everybody together."""
    fixed, observed = given(world)
    told = leads_of(observed.before, count, [ALL], None)
    names = [str(-lead) for lead in range(1, count + 1)]
    return lead_slopes(observed, told, names, fixed, fixed.indicators)["on_time"]


def told_of_trends(observed: Observed, names: list[str]) -> pl.DataFrame:
    """place, unit, month, slope (whose people they will be, -1: nobody's), ahead (less months to
    go)."""
    return observed.before.select(
        "place",
        "unit",
        "month",
        slope=pl.col("provider").replace_strict(
            {name: place for place, name in enumerate(names)}, default=-1, return_dtype=pl.Int64
        ),
        ahead=-pl.col("lead").fill_null(0).cast(pl.Float64),
    ).with_columns(slope=pl.col("slope").fill_null(-1))


def providers(world: World) -> list[str]:
    return sorted(world.exposure["provider"].unique())


def trends(world: World) -> Contrasts:
    """Trends before training, by provider."""
    fixed, observed = given(world)
    names = providers(world)
    told = told_of_trends(observed, names)
    number = observed.spread(told["slope"], told["place"], np.nan)
    ahead = observed.spread(told["ahead"], told["place"], 0.0)
    return slopes(observed, number, ahead, names, fixed, fixed.indicators)["on_time"]


def one_cluster_ties_the_periods() -> World:
    """In stratum s0 only people of c0 are seen both before and after the sixth month, so without
    it the periods fall apart into two sets."""
    world = random_world(31, units=90, periods=12, clusters=6)
    middle = world.cells["month"].unique().sort()[6]
    late = pl.col("unit").str.slice(1).cast(pl.Int64) % 4 < 2
    torn = (pl.col("stratum") == "s0") & (pl.col("cluster") != "c0")
    kept = pl.when(torn).then((pl.col("month") >= middle) == late).otherwise(pl.lit(True))
    return World(world.cells.filter(kept), world.exposure)


def periods_in_two_sets() -> World:
    """In stratum s0 nobody is seen both before and after the sixth month."""
    world = random_world(35, units=160, periods=12, clusters=8)
    middle = world.cells["month"].unique().sort()[6]
    late = pl.col("unit").str.slice(1).cast(pl.Int64) % 4 < 2
    kept = pl.when(pl.col("stratum") == "s0").then((pl.col("month") >= middle) == late)
    return World(world.cells.filter(kept.otherwise(pl.lit(True))), world.exposure)


def with_providers(world: World, name: Callable[[int], str | None]) -> World:
    """Unit number → by whom it is trained; by whom it was where None."""
    numbers = range(world.cells["unit"].n_unique())
    chosen = {f"u{number:04d}": name(number) for number in numbers}
    told = pl.col("unit").replace_strict(chosen, default=None, return_dtype=pl.String)
    return World(
        world.cells, world.exposure.with_columns(provider=pl.coalesce(told, pl.col("provider")))
    )


def providers_of_few_clusters() -> World:
    """Unit n lies in cluster n // 2 mod 12. `own` trains only people of c3, `pair` only of c5 and
    c6, so without c3 nothing is known of `own`; the others train everywhere."""
    return with_providers(
        random_world(36, units=360, periods=14, clusters=12),
        lambda number: {3: "own", 5: "pair", 6: "pair"}.get(number // 2 % 12),
    )


def two_that_cannot_be_told_apart() -> World:
    """People of `one` and `other` are seen in two months before training: each has as many levels
    as results. `late` trains the rest, so its slope is known."""
    world = with_providers(
        random_world(37, units=300, periods=12, clusters=10, missing=0.0),
        lambda number: ("one", "other", "late")[min(number % 7, 2)],
    )
    first = (
        world.cells.filter(pl.col("status") == "exposed")
        .group_by("unit")
        .agg(first=pl.col("month").min())
    )
    cells = world.cells.join(first, on="unit", how="left")
    short = pl.col("unit").str.slice(1).cast(pl.Int64) % 7 < 2
    kept = ~short | (pl.col("first").is_not_null() & (pl.col("month") >= pl.col("first")))
    last = short & (pl.col("month") == pl.col("first").dt.offset_by("-1mo"))
    return World(cells.filter(kept | last).drop("first"), world.exposure)


def some_clusters_without_training() -> World:
    """Of c0 and c1 nobody is ever trained: they say what periods have in common, nothing else."""
    world = random_world(38, units=150, clusters=6)
    untrained = pl.col("cluster").is_in(["c0", "c1"])
    return World(
        world.cells.with_columns(
            status=pl.when(untrained).then(pl.lit("clean")).otherwise("status")
        ),
        world.exposure.join(world.cells.filter(~untrained).select("unit").unique(), on="unit"),
    )


WORLDS = {
    "regular": lambda: random_world(30, units=120),
    "many clusters": lambda: random_world(33, units=400, clusters=40, strata=3),
    "few clusters": lambda: random_world(34, units=50, clusters=2),
    "tied by one cluster": one_cluster_ties_the_periods,
    "two sets of periods": periods_in_two_sets,
    "few clusters of a provider": providers_of_few_clusters,
    "clusters without training": some_clusters_without_training,
    "undetermined slopes": two_that_cannot_be_told_apart,
}


def by_equations_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every cluster's normal equations by themselves, judged by eigenvalues."""
    for module in (clean_slopes, clean_stratum):
        monkeypatch.setattr(module, "SAFE", np.inf)


def assert_same(one: Contrasts, other: Contrasts) -> None:
    np.testing.assert_allclose(one.estimate, other.estimate, rtol=1e-9)
    np.testing.assert_allclose(one.scores, other.scores, rtol=1e-7, atol=1e-12)
    np.testing.assert_allclose(one.df, other.df, rtol=1e-12)


@pytest.mark.parametrize("statements", [leads, trends])
@pytest.mark.parametrize("name", WORLDS)
def test_own_cells_give_what_equations_give(
    name: str, statements: Callable[[World], Contrasts], monkeypatch: pytest.MonkeyPatch
) -> None:
    world = WORLDS[name]()
    together = statements(world)
    by_equations_only(monkeypatch)
    assert_same(together, statements(world))


def test_equations_are_made_only_where_slopes_may_be_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    """A provider of a single cluster is lost with it, which needs no asking."""
    made: list[int] = []
    original = clean_slopes._Whole._by_equations

    def counted(
        self: clean_slopes._Whole, less_gram: Floats, less_right: Floats
    ) -> tuple[Floats, np.ndarray]:
        made.append(1)
        return original(self, less_gram, less_right)

    monkeypatch.setattr(clean_slopes._Whole, "_by_equations", counted)
    for name in ("regular", "many clusters", "two sets of periods", "few clusters of a provider"):
        trends(WORLDS[name]())
        assert not made, name
    trends(one_cluster_ties_the_periods())
    assert made == [1]


def test_a_slope_that_rests_on_one_cluster_has_no_variance() -> None:
    world = providers_of_few_clusters()
    found = trends(world)
    assert found.names == ("own", "p0", "p1", "p2", "p3", "pair")
    np.testing.assert_array_equal(found.known, [name != "own" for name in found.names])
    assert not found.scores[:, 0].any()


def test_slopes_that_levels_explain_are_not_determined() -> None:
    found = trends(two_that_cannot_be_told_apart())
    assert dict(zip(found.names, np.isfinite(found.estimate).tolist(), strict=True)) == {
        "late": True,
        "one": False,
        "other": False,
    }


@pytest.mark.parametrize("name", ["many clusters", "few clusters of a provider"])
def test_what_steps_do_not_reach_equations_do(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    world = WORLDS[name]()
    whole = trends(world)
    monkeypatch.setattr(left_out, "_STEPS", 2)
    assert_same(whole, trends(world))


@pytest.mark.parametrize("at_once", [1, 3])
@pytest.mark.parametrize("name", ["regular", "clusters without training"])
def test_a_group_at_a_time_gives_the_same(
    name: str, at_once: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = trends(WORLDS[name]())
    monkeypatch.setattr(clean_slopes, "_AT_ONCE", at_once)
    assert np.allclose(whole.scores, trends(WORLDS[name]()).scores, rtol=1e-9, atol=1e-13)


def test_nothing_is_known_of_slopes_that_no_cell_bears_on() -> None:
    world = random_world(39, units=40)
    fixed, observed = given(world)
    nobody = np.where(observed.clean, -1.0, np.nan)
    for names in (["p0", "p1"], []):
        found = slopes(observed, nobody, nobody, names, fixed, fixed.indicators)
        assert found["on_time"].names == tuple(names)
        assert not found["on_time"].known.any()


@pytest.mark.parametrize("name", ["regular", "tied by one cluster", "few clusters of a provider"])
def test_a_score_is_the_change_when_least_squares_does_without_the_cluster(name: str) -> None:
    world = WORLDS[name]()
    found = trends(world)
    names = list(found.names)
    cells = world.cells.filter(pl.col("status") == "clean").join(
        told_of_trends(given(world)[1], names), on=["unit", "month"]
    )
    whole = dense(cells, names)
    known = found.known
    assert known.sum() >= 4
    np.testing.assert_allclose(found.estimate[known], whole[known], rtol=1e-8)
    for place, cluster in enumerate(sorted(world.cells["cluster"].unique())):
        rest = cells.filter(pl.col("cluster") != cluster)
        change = whole - dense(rest, names)
        np.testing.assert_allclose(found.scores[place][known], change[known], rtol=1e-6, atol=1e-10)


def dense(cells: pl.DataFrame, names: list[str]) -> Floats:
    """Trends by least squares with a dummy for every unit and every month of a stratum."""

    def dummies(*columns: str) -> Floats:
        code = cells.select(pl.struct(columns).rank("dense")).to_series().to_numpy() - 1
        return np.asarray(np.eye(int(code.max()) + 1)[code])

    slope: Ints = cells["slope"].to_numpy()
    x = np.where(slope[:, None] == np.arange(len(names)), cells["ahead"].to_numpy()[:, None], 0.0)
    Z = np.hstack([x, dummies("stratum", "unit"), dummies("stratum", "month")])
    w = np.sqrt(cells["n"].to_numpy().astype(float))
    y = (cells["total"] / cells["n"]).to_numpy()
    return np.asarray(np.linalg.lstsq(Z * w[:, None], y * w, rcond=1e-11)[0][: len(names)])
