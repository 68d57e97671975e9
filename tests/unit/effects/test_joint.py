"""Design B on worlds small enough for its naive twin, and where it and design A are one."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from otdacha.effects import impute, joint
from otdacha.effects.assemble import fit_designs
from otdacha.effects.fit import Fit
from otdacha.errors import NothingToEstimate
from tests.unit.effects.worlds import (
    World,
    dense_joint,
    excess_by_hand,
    methodology_of,
    months,
    random_world,
)

CELL = ["unit", "stratum", "cluster", "month", "indicator", "n", "total", "status"]
LINK = ["unit", "month", "provider", "share", "staff"]


def joint_fit(world: World, covariates: tuple[str, ...] = (), **design: object) -> Fit:
    fits = fit_designs(
        world.cells, world.exposure, methodology_of(**design), ["joint"], covariates=covariates
    )
    return fits.found["joint"]["on_time"]


def assert_is_twin(
    fit: Fit, world: World, covariates: tuple[str, ...] = (), weight: np.ndarray | None = None
) -> None:
    """θ, plain scores and what changes without each cluster, to 1e-10."""
    theta, jackknife, plain = dense_joint(world, covariates, weight=weight)
    np.testing.assert_allclose(fit.theta, theta, atol=1e-10)
    np.testing.assert_allclose(fit.plain, plain, atol=1e-10)
    unscaled = fit.psi * np.sqrt(excess_by_hand(fit.weight))
    np.testing.assert_allclose(unscaled, jackknife, atol=1e-10)


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("doses", [False, True], ids=["persons", "doses"])
def test_it_agrees_with_dense_least_squares_and_refits_without_each_cluster(
    seed: int, doses: bool
) -> None:
    world = random_world(seed, doses=doses)
    assert_is_twin(joint_fit(world), world)


def test_it_agrees_with_the_twin_with_covariates_and_holes() -> None:
    world = random_world(21, doses=True, missing=0.5, units=80, clusters=8)
    rng = np.random.default_rng(21)
    extra = {name: pl.Series(rng.normal(size=len(world.cells))) for name in ("x", "z")}
    world = World(world.cells.with_columns(**extra), world.exposure)
    assert_is_twin(joint_fit(world, ("x", "z")), world, ("x", "z"))


def test_leaving_out_a_cluster_that_ties_periods_together_is_still_exact() -> None:
    """Without town A nothing ties spring to autumn: the jackknife must find that out each time."""
    world = random_world(5, strata=1, units=50, clusters=5, doses=True)
    late = pl.col("month").dt.month() > 6
    odd = pl.col("unit").str.slice(1).cast(pl.Int64) % 2 == 1
    cells = world.cells.filter((pl.col("cluster") == "c0") | (late == odd))
    links = world.exposure.join(cells.select("unit", "month"), on=["unit", "month"], how="semi")
    torn = World(cells, links)
    assert_is_twin(joint_fit(torn), torn)


def test_each_persons_cells_weigh_as_design_a_weighs_them() -> None:
    """A trained unit's weights are all multiplied by what gives its exposed cells, together, its
    mean number of staff; on the whole the exposed cells weigh as many as they have cases."""
    world = random_world(3, doses=True)
    staff = {unit: 1 + k % 5 for k, unit in enumerate(sorted(world.exposure["unit"].unique()))}
    links = world.exposure.with_columns(
        staff=pl.col("unit").replace_strict(staff, return_dtype=pl.Int64)
    )
    world = World(world.cells, links)
    cells = world.cells.sort("stratum", "unit", "month")
    exposed = cells.filter(pl.col("status") == "exposed")
    cases = dict(exposed.group_by("unit").agg(pl.col("n").sum()).iter_rows())
    fair = sum(cases.values()) / sum(staff[unit] for unit in cases)
    factor = np.array([fair * staff[u] / cases[u] if u in cases else 1.0 for u in cells["unit"]])
    weight = cells["n"].to_numpy() * factor
    assert_is_twin(joint_fit(world, aggregation="equal_person"), world, weight=weight)


def block(providers: int, *, towns: int = 4, equal_n: bool = False) -> World:
    """Everybody seen in all months, trained from month 5 on or never, each unit with its own n."""
    rng = np.random.default_rng(17)
    calendar, rows, links = months(10), [], []
    for u in range(towns * (providers + 2) * 3):
        provider = u % (providers + 2)
        n = 1 if equal_n else int(rng.integers(1, 9))
        for t in range(10):
            exposed = t >= 5 and provider < providers
            y = rng.normal(u % 7 + 0.3 * t + 0.5 * exposed * provider)
            status = "exposed" if exposed else "clean"
            unit, town = f"u{u:03d}", f"c{u // (providers + 2) % towns}"
            rows.append((unit, "s", town, calendar[t], "on_time", n, y * n, status))
            if exposed:
                links.append((unit, calendar[t], f"p{provider}", 1.0, 1 + u % 3))
    return World(
        pl.DataFrame(rows, schema=CELL, orient="row"),
        pl.DataFrame(links, schema=LINK, orient="row"),
    )


@pytest.mark.parametrize("aggregation", ["cases", "equal_person"])
def test_it_equals_design_a_in_a_balanced_block_with_one_start(aggregation: str) -> None:
    world = block(3)
    methodology = methodology_of(aggregation=aggregation)
    a = impute(world.cells, world.exposure, methodology, correct=False)
    b = joint(world.cells, world.exposure, methodology, correct=False)
    np.testing.assert_allclose(a.of()["estimate"], b.of()["estimate"], atol=1e-12)
    np.testing.assert_allclose(a.scores["on_time"], b.scores["on_time"], atol=1e-12)


def with_figures(world: World, *, noise: float, seed: int) -> tuple[World, dict[str, float]]:
    """The same cells and doses, with results made from known effects."""
    rng = np.random.default_rng(seed)
    names = sorted(world.exposure["provider"].unique())
    truth = dict(zip(names, rng.normal(0.3, 0.3, len(names)), strict=True))
    gained = (
        world.exposure.with_columns(
            gain=pl.col("share") * pl.col("provider").replace_strict(truth, return_dtype=pl.Float64)
        )
        .group_by("unit", "month")
        .agg(pl.col("gain").sum())
    )
    cells = world.cells.join(gained, on=["unit", "month"], how="left", maintain_order="left")
    units = {u: rng.normal() for u in cells["unit"].unique().sort()}
    calendar = {m: rng.normal() for m in cells["month"].unique().sort()}
    y = (
        cells["unit"].replace_strict(units, return_dtype=pl.Float64)
        + cells["month"].replace_strict(calendar, return_dtype=pl.Float64)
        + cells["gain"].fill_null(0.0)
        + pl.Series(rng.normal(0, noise, len(cells)))
    )
    return World(cells.with_columns(total=y * pl.col("n")).drop("gain"), world.exposure), truth


def test_it_finds_effects_where_nobody_was_ever_untrained() -> None:
    """Departments in which somebody has always been trained, by providers in changing shares."""
    rng = np.random.default_rng(4)
    rows, links = [], []
    for u in range(40):
        unit = f"u{u:02d}"
        for t, month in enumerate(months(12)):
            rows.append((unit, "s", f"c{u % 8}", month, "on_time", 5, 0.0, "exposed"))
            for j in range(3):
                share = float(
                    np.clip(0.3 + 0.05 * t * ((u + j) % 3 - 1) + rng.normal(0, 0.1), 0, 1)
                )
                if share > 0:
                    links.append((unit, month, f"p{j}", share, 10))
    world = World(
        pl.DataFrame(rows, schema=CELL, orient="row"),
        pl.DataFrame(links, schema=LINK, orient="row"),
    )
    world, truth = with_figures(world, noise=0.0, seed=4)
    with pytest.raises(NothingToEstimate, match="before any training"):
        impute(world.cells, world.exposure, methodology_of())
    found = joint(world.cells, world.exposure, methodology_of()).of()
    np.testing.assert_allclose(found["estimate"], list(truth.values()), atol=1e-10)


def test_two_providers_that_always_train_together_cannot_be_told_apart_and_others_can() -> None:
    world = random_world(8)
    twins = world.exposure.filter(pl.col("provider") == "p1").with_columns(provider=pl.lit("p9"))
    both = pl.concat([world.exposure, twins])
    before = joint(world.cells, world.exposure, methodology_of())
    after = joint(world.cells, both, methodology_of())
    assert after.scales["on_time"] == pytest.approx(before.scales["on_time"], abs=1e-12)
    alone, table = before.of(), after.of()
    reasons = dict(table.select("provider", "reason").iter_rows())
    assert reasons["p1"] == reasons["p9"] == "inseparable"
    for column in ("estimate", "se", "df"):
        np.testing.assert_allclose(
            table.filter(pl.col("provider").is_in(["p0", "p2", "p3"]))[column],
            alone.filter(pl.col("provider") != "p1")[column],
            atol=1e-9,
        )


def test_what_units_or_months_determine_has_no_contrast() -> None:
    """p8: a department always trained in the same share. p9: all of stratum s1 from June on."""
    world = random_world(9)
    calendar = months(12)
    units = world.cells.select("unit", "stratum").unique()
    always = units.filter(pl.col("unit") == units["unit"].min())
    from_june = units.filter(pl.col("stratum") == "s1")
    added = [
        group.join(pl.DataFrame({"month": which}), how="cross").select(
            "unit", "month", provider=pl.lit(name), share=pl.lit(0.5), staff=pl.lit(4)
        )
        for group, which, name in ((always, calendar, "p8"), (from_june, calendar[5:], "p9"))
    ]
    links = pl.concat(
        [world.exposure.with_columns(pl.col("staff").cast(pl.Int32)), *added],
        how="vertical_relaxed",
    )
    exposed = links.select("unit", "month").unique().with_columns(status=pl.lit("exposed"))
    cells = world.cells.drop("status").join(exposed, on=["unit", "month"], how="left")
    cells = cells.with_columns(pl.col("status").fill_null("clean"))
    table = joint(cells, links, methodology_of()).of()
    assert table.filter(pl.col("reason") == "no_contrast")["provider"].to_list() == ["p8", "p9"]
    assert table.filter(pl.col("provider") == "p9")["estimate"].item() is None
    rest = joint(cells, links.filter(pl.col("provider") < "p8"), methodology_of())
    assert rest.excluded.filter(reason="exposure_missing")["rows"].sum() > 0
    assert table.filter(pl.col("state") == "estimated")["provider"].to_list() == [
        "p0",
        "p1",
        "p2",
        "p3",
    ]


def test_differences_between_providers_are_no_effects_where_nobody_was_untrained() -> None:
    """Everybody is always trained by one of four: which is best shows, what it gives does not."""
    world = random_world(1)
    calendar = {month: t for t, month in enumerate(months(12))}
    turn = (pl.col("unit").rank("dense") + pl.col("month").replace_strict(calendar) // 5) % 4
    links = world.cells.select(
        "unit",
        "month",
        provider=pl.lit("p") + turn.cast(pl.Int64).cast(pl.String),
        share=pl.lit(1.0),
        staff=pl.lit(1),
    )
    cells = world.cells.with_columns(status=pl.lit("exposed"))
    table = joint(cells, links, methodology_of()).of()
    assert table["reason"].to_list() == ["no_contrast"] * 4
    assert table["estimate"].is_null().all()


def test_a_provider_of_one_town_is_not_evidence_and_says_so() -> None:
    world = random_world(2)
    town = world.cells.filter(pl.col("cluster") == "c1")["unit"].unique()
    mine = (pl.col("provider") == "p2") & ~pl.col("unit").is_in(town.to_list())
    links = world.exposure.with_columns(
        provider=pl.when(mine).then(pl.lit("p1")).otherwise("provider")
    )
    row = joint(world.cells, links, methodology_of()).of().filter(provider="p2")
    assert row.select("state", "reason", "se").row(0) == (
        "insufficient evidence",
        "one_cluster",
        None,
    )
    assert row["estimate"].item() is not None


def test_the_order_of_rows_and_the_names_of_providers_do_not_matter() -> None:
    world = random_world(3, doses=True)
    shuffled = world.cells.sample(fraction=1, shuffle=True, seed=1)
    ordered = joint(world.cells, world.exposure, methodology_of())
    again = joint(shuffled, world.exposure.reverse(), methodology_of())
    assert ordered.estimates.equals(again.estimates)
    renamed = world.exposure.with_columns(pl.col("provider").replace({"p0": "p3", "p3": "p0"}))
    other = joint(world.cells, renamed, methodology_of())
    turned = [3, 1, 2, 0]
    V = other.covariance()[np.ix_(turned, turned)]
    np.testing.assert_allclose(ordered.covariance(), V, atol=1e-12)


def test_less_is_better_turns_the_sign() -> None:
    world = random_world(4)
    lower = world.cells.with_columns(indicator=pl.lit("duration"))
    plus = joint(world.cells, world.exposure, methodology_of()).of()["estimate"]
    minus = joint(lower, world.exposure, methodology_of(("duration",))).of()["estimate"]
    np.testing.assert_allclose(minus, -plus.to_numpy())


def test_all_outcomes_equal_gives_zero_effects_of_unknown_certainty() -> None:
    world = random_world(10)
    same = World(world.cells.with_columns(total=2.0 * pl.col("n")), world.exposure)
    table = joint(same.cells, same.exposure, methodology_of()).of()
    np.testing.assert_allclose(table["estimate"], 0, atol=1e-12)
    assert table["reason"].unique().to_list() == ["no_variation"]


def test_exposed_cells_of_unknown_providers_are_left_out_and_counted() -> None:
    world = random_world(6)
    lost = world.exposure.filter(pl.int_range(pl.len()) != 4)
    effects = joint(world.cells, lost, methodology_of())
    assert effects.excluded.select("reason", "rows").rows() == [("exposure_missing", 1)]
    assert_is_twin(
        joint_fit(World(world.cells, lost)),
        World(
            world.cells.join(
                world.exposure[4].select("unit", "month"), on=["unit", "month"], how="anti"
            ),
            lost,
        ),
    )


def test_no_work_after_training_is_said_in_words() -> None:
    world = random_world(12)
    clean = world.cells.filter(pl.col("status") == "clean")
    with pytest.raises(NothingToEstimate, match="after training"):
        joint(clean, world.exposure, methodology_of())
