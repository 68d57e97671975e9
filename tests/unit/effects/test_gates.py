"""Each gate against its naive twin, on records too small for it, and in what it says."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import polars as pl
import pytest
from scipy import stats

from otdacha.effects import impute
from otdacha.effects.gates import FAILED, GATES, NOT_TESTABLE, PASSED, Gate, failed, gates
from otdacha.effects.gates.balance import level_differences
from otdacha.effects.gates.gate import decimal, percent
from otdacha.effects.gates.material import Material, material
from otdacha.effects.gates.who_stays import at_risk, leaving
from otdacha.effects.observed import Observed
from otdacha.effects.result import Effects
from otdacha.methodology import Methodology
from otdacha.panel.calendar import month_number
from tests.unit.effects.test_impute import by_hand
from tests.unit.effects.worlds import (
    World,
    dense_imputation,
    methodology_of,
    months,
    random_world,
)


def rules(indicators: tuple[str, ...] = ("on_time",), **gate: object) -> Methodology:
    default = methodology_of(indicators)
    return default.model_copy(update={"gates": default.gates.model_copy(update=gate)})


def world_of(seed: int, *, providers: int = 2) -> World:
    return random_world(
        seed, units=100, periods=14, clusters=8, providers=providers, strata=2, missing=0.0
    )


def given(world: World, methodology: Methodology) -> Material:
    effects = impute(world.cells, world.exposure, methodology)
    return material(Observed.of(world.cells, world.exposure, methodology), effects, methodology)


def with_lead(cells: pl.DataFrame) -> pl.DataFrame:
    """cells with the months to the unit's first exposed month (1 is the last before), null: never.

    Enough for worlds in which everybody trains at most once.
    """
    number = month_number("month")
    start = pl.when(pl.col("status") == "exposed").then(number).min().over("unit")
    return cells.with_columns(lead=start - number)


def everybody(world: World) -> pl.DataFrame:
    return world.exposure.with_columns(provider=pl.lit("all"), share=pl.lit(1.0))


@pytest.mark.parametrize("seed", range(2))
def test_the_donut_compares_two_dense_fits_with_the_variance_of_their_difference(
    seed: int,
) -> None:
    world = world_of(seed)
    gate = GATES["donut"](given(world, rules(donut_months=2)))
    cells = with_lead(world.cells)
    compared = cells.filter(
        (pl.col("status") == "clean") & ~(pl.col("lead") <= 2).fill_null(False)
    )["unit"].unique()
    kept = cells.filter((pl.col("status") == "clean") | pl.col("unit").is_in(compared.implode()))
    without = kept.filter(~pl.col("lead").is_between(1, 2).fill_null(False))
    of_all, psi_all = dense_imputation(World(kept.drop("lead"), everybody(world)))
    of_rest, psi_rest = dense_imputation(World(without.drop("lead"), everybody(world)))
    se = np.sqrt(((psi_rest - psi_all) ** 2).sum())
    t = abs(of_rest - of_all)[0] / se
    df = given(World(without.drop("lead"), world.exposure), rules()).fit["on_time"].df[0]
    df = min(df, given(World(kept.drop("lead"), world.exposure), rules()).fit["on_time"].df[0])
    assert gate.figure == pytest.approx(2 * stats.t.sf(t, df), abs=1e-9)


def test_placebo_dates_are_the_dense_fit_of_pretended_training() -> None:
    world = world_of(4)
    found = given(world, rules(placebo_months=3))
    gate = GATES["placebo_dates"](found)
    clean = with_lead(world.cells.filter(pl.col("status") == "clean"))
    cells = with_lead(world.cells).filter(pl.col("status") == "clean")
    pretended = (pl.col("lead") <= 3).fill_null(False)
    cells = cells.with_columns(
        status=pl.when(pretended).then(pl.lit("exposed")).otherwise(pl.lit("clean"))
    )
    first = world.exposure.sort("month").unique("unit", keep="first", maintain_order=True)
    exposure = (
        cells.filter(pl.col("status") == "exposed")
        .select("unit", "month")
        .join(first.drop("month"), on="unit")
        .select("unit", "month", "provider", "share", "staff")
    )
    theta, psi = dense_imputation(World(cells.drop("lead"), exposure))
    assert clean.height == cells.height
    assert gate.detail is not None
    scale = found.fixed.scales["on_time"]
    np.testing.assert_allclose(gate.detail["estimate"], theta / scale, atol=1e-9)
    np.testing.assert_allclose(gate.detail["se"], np.sqrt((psi**2).sum(0)) / scale, atol=1e-9)


def test_case_volume_is_the_dense_fit_of_log_cases() -> None:
    world = world_of(5)
    gate = GATES["case_volume"](given(world, rules()))
    counted = world.cells.with_columns(total=pl.col("n").log(), n=pl.lit(1))
    theta, psi = dense_imputation(World(counted, world.exposure))
    assert gate.detail is not None
    np.testing.assert_allclose(gate.detail["estimate"], theta, atol=1e-9)
    np.testing.assert_allclose(gate.detail["se"], np.sqrt((psi**2).sum(0)), atol=1e-9)


def test_case_volume_counts_per_head_where_the_staff_is_known() -> None:
    world = world_of(5)
    alone = GATES["case_volume"](given(world, rules()))
    staff = pl.when(pl.col("status") == "exposed").then(3).otherwise(2)
    larger = world.cells.with_columns(staff=staff, n=pl.col("n") * staff)
    larger = larger.with_columns(total=pl.col("total") * staff)
    of_departments = GATES["case_volume"](given(World(larger, world.exposure), rules()))
    assert of_departments.detail is not None
    assert alone.detail is not None
    np.testing.assert_allclose(
        of_departments.detail["estimate"], alone.detail["estimate"], atol=1e-9
    )
    unknown = larger.with_columns(staff=pl.lit(None, pl.Int64))
    gate = GATES["case_volume"](given(World(unknown, world.exposure), rules()))
    assert gate.outcome == NOT_TESTABLE


def test_case_mix_compares_each_service_with_all_by_dense_fits() -> None:
    world = world_of(6)
    gate = GATES["case_mix"](given(world, rules()))
    counted = world.cells.with_columns(total=pl.col("n").log(), n=pl.lit(1))
    services = world.cells.select("unit", "month", provider="stratum")
    exposure = world.exposure.drop("provider").join(services, on=["unit", "month"])
    exposure = exposure.select("unit", "month", "provider", "share", "staff")
    theta, psi = dense_imputation(World(counted, exposure))
    of_all, psi_all = dense_imputation(World(counted, everybody(world)))
    assert gate.detail is not None
    np.testing.assert_allclose(gate.detail["estimate"], theta - of_all, atol=1e-9)
    np.testing.assert_allclose(gate.detail["se"], np.sqrt(((psi - psi_all) ** 2).sum(0)), atol=1e-9)


def test_case_mix_is_not_testable_when_there_is_one_service() -> None:
    one = random_world(3, units=60, strata=1)
    gate = GATES["case_mix"](given(one, rules()))
    assert gate.outcome == NOT_TESTABLE
    assert "one service" in str(gate.sentence)


def test_a_service_is_the_part_of_the_stratum_that_the_methodology_says() -> None:
    world = world_of(6)
    named = World(
        world.cells.with_columns(
            stratum=pl.format("permits/{}", pl.col("stratum")), cluster=pl.col("cluster")
        ),
        world.exposure,
    )
    by_macroregion = methodology_of(stratum=("service", "macroregion"))
    assert GATES["case_mix"](given(named, by_macroregion)).outcome == NOT_TESTABLE
    by_service = methodology_of(stratum=("macroregion", "service"))
    assert GATES["case_mix"](given(named, by_service)).outcome != NOT_TESTABLE


def test_who_stays_is_least_squares_within_stratum_months() -> None:
    rng = np.random.default_rng(8)
    world = world_of(8)
    # everybody leaves at some time: some months before the end
    last = {u: int(rng.integers(4, 14)) for u in world.cells["unit"].unique().sort()}
    t = month_number("month") - month_number("month").min()
    cells = world.cells.filter(t < pl.col("unit").replace_strict(last, return_dtype=pl.Int64))
    found = given(World(cells, world.exposure), rules(last_months=1))
    frame = at_risk(found)
    part = leaving(frame, found.fixed.clusters)
    place = frame.select(pl.struct("stratum", "month").rank("dense")).to_series().to_numpy()
    dummies = (place[:, None] == np.unique(place)).astype(float)
    X = np.column_stack([frame["exposed"].to_numpy(), dummies])
    y = frame["leaves"].to_numpy()
    beta = np.linalg.lstsq(X, y, rcond=None)[0]
    assert part.estimate[0] == pytest.approx(beta[0], abs=1e-10)
    d = X[:, 0] - dummies @ np.linalg.lstsq(dummies, X[:, 0], rcond=None)[0]
    e = y - X @ beta
    of = frame["cluster"].to_numpy()
    psi = [
        (d * e)[of == c].sum() / ((d**2).sum() - (d**2)[of == c].sum())
        for c in found.fixed.clusters["cluster"]
    ]
    np.testing.assert_allclose(part.scores[:, 0], psi, atol=1e-12)


def test_who_stays_is_not_testable_when_nobody_leaves() -> None:
    assert GATES["who_stays"](given(world_of(1), rules())).outcome == NOT_TESTABLE


def test_level_differences_are_weighted_means_against_the_never_trained() -> None:
    world = world_of(9)
    found = given(world, rules())
    part = level_differences(found, found.methodology.indicators[0])
    clean = with_lead(world.cells).filter(pl.col("status") == "clean")
    first = world.exposure.select("unit", "provider").unique()
    clean = clean.join(first, on="unit", how="left").with_columns(y=pl.col("total") / pl.col("n"))
    never = clean.filter(pl.col("provider").is_null())

    def differences(without: str | None) -> np.ndarray:
        """Provider by provider; the untrained and their mean stay as they are."""
        mean = {
            key: np.average(part["y"], weights=part["n"])
            for key, part in never.group_by("stratum", "month")
        }
        of = []
        for name in ("p0", "p1"):
            mine = clean.filter(pl.col("provider") == name, pl.col("cluster").ne_missing(without))
            rows = [r for r in mine.iter_rows(named=True) if (r["stratum"], r["month"]) in mean]
            of.append(
                np.average(
                    [r["y"] - mean[r["stratum"], r["month"]] for r in rows],
                    weights=[r["n"] for r in rows],
                )
            )
        return np.array(of)

    whole = differences(None)
    ratio = part.estimate / whole
    assert ratio[0] == pytest.approx(ratio[1], rel=1e-9)  # one standard deviation for all
    sd = 1 / ratio[0]
    # what a provider's own cluster adds to the score is what leaving it out changes
    for cluster, row in zip(found.fixed.clusters["cluster"], part.scores, strict=True):
        own = whole - differences(cluster)
        noise = _noise_of_the_untrained(clean, never, cluster)
        np.testing.assert_allclose(row * sd, own - noise, atol=1e-9)


def _noise_of_the_untrained(clean: pl.DataFrame, never: pl.DataFrame, cluster: str) -> np.ndarray:
    """What one cluster's untrained add to the means with which each provider is compared."""
    noise = []
    for name in ("p0", "p1"):
        mine = clean.filter(pl.col("provider") == name)
        total, weight = 0.0, 0.0
        for (stratum, month), part in mine.group_by("stratum", "month"):
            there = never.filter(pl.col("stratum") == stratum, pl.col("month") == month)
            if there.is_empty():
                continue
            mean = np.average(there["y"], weights=there["n"])
            here = there.filter(pl.col("cluster") == cluster)
            lean = float((here["n"] * (here["y"] - mean)).sum()) / float(there["n"].sum())
            total += float(part["n"].sum()) * lean
            weight += float(part["n"].sum())
        noise.append(total / weight)
    return np.array(noise)


def test_trends_before_training_are_slopes_of_dense_least_squares() -> None:
    world = world_of(10)
    found = given(world, rules())
    gate = GATES["balance_trend"](found)
    clean = with_lead(world.cells).filter(pl.col("status") == "clean")
    first = dict(world.exposure.select("unit", "provider").unique().iter_rows())
    units, strata = clean["unit"].to_list(), clean["stratum"].to_list()
    calendar = list(zip(strata, clean["month"].to_list(), strict=True))
    names = sorted(set(units)), sorted(set(calendar))
    Z = np.zeros((len(clean), 2 + len(names[0]) + len(names[1])))
    for row, (unit, when, lead) in enumerate(
        zip(units, calendar, clean["lead"].to_list(), strict=True)
    ):
        if unit in first:
            Z[row, int(first[unit][1:])] = -lead
        Z[row, 2 + names[0].index(unit)] = 1
        Z[row, 2 + len(names[0]) + names[1].index(when)] = 1
    w = np.sqrt(clean["n"].to_numpy().astype(float))
    y = (clean["total"] / clean["n"]).to_numpy()
    beta = np.linalg.lstsq(Z * w[:, None], y * w, rcond=1e-11)[0][:2]
    assert gate.detail is not None
    scale = found.fixed.scales["on_time"]
    np.testing.assert_allclose(gate.detail["estimate"], beta / scale, atol=1e-9)


def overlapping(statuses: dict[str, str]) -> World:
    """Units named town+number, each with a letter for every month: c clean, e exposed to p."""
    calendar = months(3)
    rows, links = [], []
    for unit, life in statuses.items():
        for t, letter in enumerate(life):
            status = {"c": "clean", "e": "exposed"}[letter]
            rows.append((unit, "s", unit[0], calendar[t], "on_time", 2, float(7 * len(rows) % 5),
                         status))  # fmt: skip
            if letter == "e":
                links.append((unit, calendar[t], "p", 1.0, 1))
    return World(
        pl.DataFrame(
            rows,
            schema=["unit", "stratum", "cluster", "month", "indicator", "n", "total", "status"],
            orient="row",
        ),
        pl.DataFrame(links, schema=["unit", "month", "provider", "share", "staff"], orient="row"),
    )


def test_overlap_counts_clean_units_of_other_towns_in_the_same_month() -> None:
    """Exposed: A1, C1 in month 1; A1, C1, C2, B2 in month 2.

    Month 1: A1 has B1 B2 C2 D1 D2 in three other towns, C1 has B1 B2 D1 D2 in two. Month 2: A1, C1
    and C2 have B1 D1 D2 in two towns, B2 has only D1 D2 in one.
    """
    world = overlapping(
        {"A1": "cee", "B1": "ccc", "C1": "cee", "C2": "cce", "D1": "ccc", "B2": "cce", "D2": "ccc"}
    )
    methodology = rules(comparison_clusters=2, comparison_units=3.0)
    gate = GATES["overlap"](given(world, methodology))
    assert gate.figure == pytest.approx(5 / 6)
    assert gate.outcome == PASSED
    assert gate.provider == "p"
    stricter = GATES["overlap"](given(world, rules(comparison_clusters=3)))
    assert stricter.figure == pytest.approx(1 / 6)
    assert stricter.outcome == FAILED


def test_the_share_of_exposed_cells_without_comparison_is_counted() -> None:
    world = overlapping(
        {"A1": "cee", "B1": "cee", "C1": "eee", "D1": "ccc", "E1": "cce"}
        | {"F1": "ccc", "G1": "ccc"}
    )
    gate = GATES["excluded_share"](given(world, rules(excluded=0.2)))
    assert gate.figure == pytest.approx(3 / 8)
    assert gate.outcome == FAILED
    assert "38 %" in str(gate.sentence)


def test_degrees_of_freedom_are_those_of_one_overall_effect() -> None:
    world = overlapping({f"{town}1": "cce" for town in "ABCDEF"} | {"G1": "ccc", "H1": "ccc"})
    gate = GATES["effective_degrees_of_freedom"](given(world, rules()))
    assert gate.figure == pytest.approx(5.0)  # six equal clusters
    assert gate.outcome == PASSED


def test_a_placebo_indicator_is_tested_and_enters_nothing_else() -> None:
    one = world_of(11)
    rng = np.random.default_rng(11)
    noise = rng.normal(size=one.cells.height)
    placebo = one.cells.with_columns(indicator=pl.lit("repeat"), total=pl.Series(noise))
    moved = placebo.with_columns(
        total=pl.when(pl.col("status") == "exposed")
        .then(pl.col("total") - 2.0 * pl.col("n"))
        .otherwise("total")
    )
    default = rules(("on_time", "repeat"))
    ranked, other = default.indicators
    other = other.model_copy(update={"placebo": True, "weight": 0.0})
    methodology = default.model_copy(update={"indicators": (ranked, other)})
    for extra, expected in ((placebo, PASSED), (moved, FAILED)):
        cells = pl.concat([one.cells, extra], how="vertical_relaxed")
        effects = impute(cells, one.exposure, methodology)
        assert effects.indicators == ("on_time",)
        assert effects.headline == "on_time"
        gate = GATES["placebo_outcomes"](
            material(Observed.of(cells, one.exposure, methodology), effects, methodology)
        )
        assert gate.outcome == expected
        assert gate.indicator == "repeat"
    without = impute(one.cells, one.exposure, methodology)
    gate = GATES["placebo_outcomes"](
        material(Observed.of(one.cells, one.exposure, methodology), without, methodology)
    )
    assert gate.outcome == NOT_TESTABLE


def everything(
    world: World, methodology: Methodology, effects: Effects | None = None
) -> tuple[Gate, ...]:
    effects = effects or impute(world.cells, world.exposure, methodology)
    return gates(world.cells, world.exposure, effects, methodology)


def complete(found: Iterable[Gate]) -> None:
    found = tuple(found)
    assert [gate.id for gate in found] == list(GATES)
    for gate in found:
        assert gate.outcome in (PASSED, FAILED, NOT_TESTABLE)
        assert (gate.figure is None) == (gate.outcome == NOT_TESTABLE)
        assert str(gate.sentence).endswith(".")
        assert "{" not in str(gate.sentence)
        assert "nan" not in str(gate.sentence)


def test_three_people_are_too_few_for_every_test_and_each_gate_says_why() -> None:
    found = everything(by_hand(), rules())
    complete(found)
    tests = [gate for gate in found if gate.id not in ("excluded_share", "overlap")]
    assert {gate.outcome for gate in tests} == {NOT_TESTABLE}
    assert failed(found) == ()


@pytest.mark.parametrize("seed", range(12))
def test_no_world_is_too_small_for_an_answer(seed: int) -> None:
    rng = np.random.default_rng(seed)
    world = random_world(
        seed,
        units=int(rng.integers(4, 20)),
        periods=int(rng.integers(5, 9)),
        providers=int(rng.integers(2, 4)),
        clusters=int(rng.integers(1, 6)),
        strata=int(rng.integers(1, 3)),
        doses=bool(seed % 2) and seed > 1,
        missing=float(rng.uniform(0, 0.5)),
    )
    if not (world.cells["status"] == "clean").any() or world.exposure.is_empty():
        pytest.skip("nothing to estimate")
    complete(everything(world, rules()))


def test_a_world_without_variation_has_nothing_to_test() -> None:
    world = world_of(1)
    flat = World(world.cells.with_columns(total=pl.col("n") * 1.0), world.exposure)
    found = everything(flat, rules())
    complete(found)
    assert {gate.outcome for gate in found} == {NOT_TESTABLE}


def test_several_indicators_are_judged_on_the_composite_and_shown_by_indicator() -> None:
    one = world_of(12)
    other = world_of(13)
    cells = pl.concat([one.cells, other.cells.with_columns(indicator=pl.lit("duration"))])
    exposure = one.exposure
    keys = ["unit", "month", "stratum", "cluster"]
    status = one.cells.select(*keys, "status")
    cells = cells.drop("status").join(status, on=keys)
    methodology = rules(("on_time", "duration"), leads=2)
    found = everything(World(cells, exposure), methodology)
    complete(found)
    first = found[0]
    assert (first.id, first.indicator) == ("pre_trends", "composite")
    assert first.detail is not None
    assert first.detail["indicator"].to_list() == ["on_time", "duration", "composite"]


def test_two_runs_give_the_same_gates() -> None:
    world = world_of(14)
    assert everything(world, rules()) == everything(world, rules())


def test_numbers_in_sentences_have_a_true_minus_and_the_readers_decimal_sign() -> None:
    assert decimal(-1.166).said("ru") == "\N{MINUS SIGN}1,17"
    assert decimal(-0.001).said("en") == "0.00"
    assert percent(-0.014) == "\N{MINUS SIGN}1"
    assert percent(-0.001) == "0"
