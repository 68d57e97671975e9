"""Leads and lags against dense least squares with dummies, and on a union whose path is known."""

from __future__ import annotations

import datetime as dt

import numpy as np
import polars as pl
import pytest

from otdacha.effects import impute
from otdacha.effects.event_study import event_study
from otdacha.effects.event_time import (
    before_training,
    grouped,
    placed,
    since_before,
    since_exposure,
    unit_months,
)
from otdacha.methodology import Methodology
from tests.unit.effects.worlds import World, dense_imputation, methodology_of, months, random_world

LEADS, HORIZON = 2, 4


def methodology() -> Methodology:
    default = methodology_of(horizon_months=HORIZON)
    return default.model_copy(update={"gates": default.gates.model_copy(update={"leads": LEADS})})


def dense_leads(world: World, groups: list[str] | None) -> tuple[np.ndarray, np.ndarray]:
    """β of lead dummies on clean cells by lstsq, and the change when each cluster is left out.

    A unit of `random_world` is trained once: its leads count to its first exposed month on record.
    """
    clean = world.cells.filter(pl.col("status") == "clean")
    clusters = sorted(world.cells["cluster"].unique())
    first = dict(
        world.cells.filter(pl.col("status") == "exposed")
        .group_by("unit")
        .agg(pl.col("month").min())
        .iter_rows()
    )
    provider = {
        (unit, month): provider
        for unit, month, provider, *_ in world.exposure.sort(
            ["share", "provider"], descending=[False, True]
        ).iter_rows()
    }
    units, calendar = clean["unit"].to_list(), clean["month"].to_list()
    strata = clean["stratum"].to_list()
    names = sorted(set(units)), sorted(set(zip(strata, calendar, strict=True)))
    count = LEADS * (len(groups) if groups else 1)
    Z = np.zeros((len(clean), len(names[0]) + len(names[1])))
    X = np.zeros((len(clean), count))
    for row, (unit, month) in enumerate(zip(units, calendar, strict=True)):
        Z[row, names[0].index(unit)] = 1
        Z[row, len(names[0]) + names[1].index((strata[row], month))] = 1
        if unit in first:
            ahead = (first[unit].year - month.year) * 12 + first[unit].month - month.month
            group = groups.index(provider[unit, first[unit]]) if groups else 0
            if ahead <= LEADS:
                X[row, group * LEADS + ahead - 1] = 1
    w = np.sqrt(clean["n"].to_numpy().astype(float))
    y = clean["total"].to_numpy() / clean["n"].to_numpy()
    of = clean["cluster"].to_numpy()

    def beta(rows: np.ndarray) -> np.ndarray:
        design = np.hstack([X, Z])[rows] * w[rows, None]
        return np.linalg.lstsq(design, y[rows] * w[rows], rcond=1e-11)[0][:count]

    everything = beta(np.ones(len(clean), dtype=bool))
    return everything, np.array([everything - beta(of != c) for c in clusters])


@pytest.mark.parametrize("seed", range(2))
@pytest.mark.parametrize("by_provider", [False, True], ids=["all", "by provider"])
def test_leads_agree_with_dense_least_squares_and_refits_without_each_cluster(
    seed: int, by_provider: bool
) -> None:
    world = random_world(seed, units=90, providers=2, clusters=6)
    rules = methodology()
    effects = impute(world.cells, world.exposure, rules)
    groups = ["p0", "p1"] if by_provider else None
    study = event_study(
        world.cells,
        world.exposure,
        effects,
        rules,
        group={name: name for name in groups} if groups else None,
    )
    beta, psi = dense_leads(world, groups)
    for place, name in enumerate(groups or ["all"]):
        path = study.paths["on_time", name]
        mine = np.arange((place + 1) * LEADS - 1, place * LEADS - 1, -1)
        np.testing.assert_allclose(path.estimate[:LEADS], beta[mine], atol=1e-9)
        np.testing.assert_allclose(path.scores[:, :LEADS], psi[:, mine], atol=1e-9)


@pytest.mark.parametrize("seed", range(2))
@pytest.mark.parametrize("by_provider", [False, True], ids=["all", "by provider"])
def test_lags_agree_with_dense_imputation_of_dummies_for_lags(seed: int, by_provider: bool) -> None:
    world = random_world(seed, units=90, providers=2, clusters=6, missing=0.0)
    rules = methodology()
    effects = impute(world.cells, world.exposure, rules)
    study = event_study(
        world.cells,
        world.exposure,
        effects,
        rules,
        group={"p0": "p0", "p1": "p1"} if by_provider else None,
    )
    begins = world.exposure.with_columns(first=pl.col("month").min().over("unit", "provider"))
    lag = (
        (pl.col("month").dt.year() - pl.col("first").dt.year()) * 12
        + pl.col("month").dt.month()
        - pl.col("first").dt.month()
    ).clip(upper_bound=HORIZON)
    group = pl.col("provider") if by_provider else pl.lit("all")
    dummies = begins.select(
        "unit", "month", provider=pl.format("{} {}", group, lag), share="share", staff="staff"
    )
    theta, psi = dense_imputation(World(world.cells, dummies))
    names = sorted(dummies["provider"].unique())
    for name in ("p0", "p1") if by_provider else ("all",):
        path = study.paths["on_time", name]
        for place in range(HORIZON + 1):
            column = names.index(f"{name} {place}")
            assert path.names[LEADS + place] == f"{name} {place}"
            np.testing.assert_allclose(path.estimate[LEADS + place], theta[column], atol=1e-9)
            np.testing.assert_allclose(path.scores[:, LEADS + place], psi[:, column], atol=1e-9)


def test_the_frame_is_ready_to_draw_and_says_what_is_insufficient() -> None:
    world = random_world(3, units=90, providers=2, clusters=6)
    rules = methodology()
    rules = rules.model_copy(update={"minimum": rules.minimum.model_copy(update={"people": 1000})})
    effects = impute(world.cells, world.exposure, rules)
    frame = event_study(world.cells, world.exposure, effects, rules).frame
    assert frame["time"].to_list() == [-2, -1, 0, 1, 2, 3, 4]
    assert frame["state"].unique().to_list() == ["insufficient evidence"]
    assert frame["lower_all"].null_count() == frame.height
    enough = event_study(world.cells, world.exposure, effects, methodology()).frame
    assert enough["state"].unique().to_list() == ["estimated"]
    assert (enough["lower_all"] <= enough["lower"]).all()
    assert (enough["upper_all"] >= enough["upper"]).all()
    assert (enough["people"] > 0).all()


def test_two_indicators_make_a_composite_path_of_the_composites_factors() -> None:
    one, other = random_world(1, clusters=6), random_world(1, clusters=6, indicator="duration")
    cells = pl.concat([one.cells, other.cells.with_columns(total=pl.col("total") * 7 - 3)])
    rules = methodology_of(("on_time", "duration"), horizon_months=HORIZON)
    effects = impute(cells, one.exposure, rules)
    study = event_study(cells, one.exposure, effects, rules)
    parts = [study.paths[name, "all"] for name in ("on_time", "duration")]
    factor = [2 / 3 / effects.scales["on_time"], 1 / 3 / effects.scales["duration"]]
    whole = study.paths["composite", "all"]
    known = whole.known
    expected = sum(f * part.estimate for f, part in zip(factor, parts, strict=True))
    scores = sum(f * part.scores for f, part in zip(factor, parts, strict=True))
    assert known.any()
    np.testing.assert_allclose(whole.estimate[known], expected[known], atol=1e-12)
    np.testing.assert_allclose(whole.scores[:, known], scores[:, known], atol=1e-12)


def day(month: int) -> dt.date:
    return months(48)[month]


def life(statuses: str, unit: str = "a") -> pl.DataFrame:
    """A unit's months: c clean, t around training, e exposed, a after horizon, - no case."""
    names = {"c": "clean", "t": "around_training", "e": "exposed", "a": "after_horizon"}
    return pl.DataFrame(
        [
            (unit, day(m), "s", "A", "on_time", 1, 0.0, names[letter])
            for m, letter in enumerate(statuses)
            if letter != "-"
        ],
        schema=["unit", "month", "stratum", "cluster", "indicator", "n", "total", "status"],
        orient="row",
    )


def exposed_in(*spells: tuple[str, int, int]) -> pl.DataFrame:
    """Exposure of unit a to providers, from a month to another."""
    return pl.DataFrame(
        [
            ("a", day(m), name, 1.0, 1)
            for name, first, last in spells
            for m in range(first, last + 1)
        ],
        schema={
            "unit": pl.String,
            "month": pl.Date,
            "provider": pl.String,
            "share": pl.Float64,
            "staff": pl.Int64,
        },
        orient="row",
    )


def test_a_clean_month_counts_down_to_the_next_training() -> None:
    lived = unit_months(life("cc-cteeaac-te"))
    before = before_training(lived, placed(exposed_in(("p", 5, 6), ("q", 12, 12)), lived))
    assert before.select("lead", "provider", "since").rows() == [
        (4, "p", False),
        (3, "p", False),
        (1, "p", False),
        (2, "q", True),
    ]


def test_a_clean_month_without_a_training_to_come_has_no_lead() -> None:
    lived = unit_months(pl.concat([life("cc"), life("tee", "b")]))
    assert before_training(lived, placed(exposed_in(), lived))["lead"].to_list() == [None, None]


def test_a_lag_counts_from_the_start_of_its_own_spell() -> None:
    lived = unit_months(life("ccee-ecce"))
    exposed = placed(exposed_in(("p", 2, 3), ("p", 5, 5), ("p", 8, 8)), lived)
    found = since_exposure(lived, grouped(exposed, None), 12)
    assert found.sort("place")["lag"].to_list() == [0, 1, 3, 0]


def test_two_providers_in_turn_are_one_spell_of_all_and_two_of_their_own() -> None:
    lived = unit_months(life("ceeeee"))
    exposed = placed(exposed_in(("p", 1, 3), ("q", 3, 5)), lived)
    together = since_exposure(lived, grouped(exposed, None), 3).sort("place")
    assert together["lag"].to_list() == [0, 1, 2, 3, 3]
    apart = since_exposure(lived, grouped(exposed, {"p": "p", "q": "q"}), 3)
    assert apart.sort("group", "place")["lag"].to_list() == [0, 1, 2, 0, 1, 2]


def test_nobody_knows_when_a_spell_began_that_was_there_from_the_first_month() -> None:
    lived = unit_months(life("eecce"))
    exposed = placed(exposed_in(("p", 0, 1), ("p", 4, 4)), lived)
    found = since_exposure(lived, grouped(exposed, None), 12)
    assert found.select("place", "lag").rows() == [(4, 0)]


def test_the_distance_to_the_last_month_before_training_counts_the_course_too() -> None:
    assert since_before(unit_months(life("ctteeae")))["distance"].to_list() == [3, 4, 6]
    assert since_before(unit_months(life("c-teeae")))["distance"].to_list() == [2, 3, 5]
    assert since_before(unit_months(life("te")))["distance"].to_list() == [None]


def test_groups_that_nobody_names_are_left_out() -> None:
    exposed = placed(exposed_in(("p", 0, 0), ("q", 0, 0)), unit_months(life("e")))
    assert grouped(exposed, {"q": "good"})["group"].to_list() == ["good"]


def test_the_order_of_rows_and_columns_does_not_matter() -> None:
    world = random_world(5, clusters=6)
    rules = methodology()
    effects = impute(world.cells, world.exposure, rules)
    study = event_study(world.cells, world.exposure, effects, rules)
    again = event_study(
        world.cells.select(sorted(world.cells.columns)).reverse(),
        world.exposure.reverse(),
        effects,
        rules,
    )
    assert study.frame.equals(again.frame)
