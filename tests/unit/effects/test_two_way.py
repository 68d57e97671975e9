"""Clustering by town and by session: labels by hand, scores against a second fit."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from otdacha.effects import COMPOSITE, Effects, estimate, impute, joint
from otdacha.effects.two_way import session_labels
from otdacha.ranking import rank
from tests.unit.effects.worlds import World, excess_by_hand, methodology_of, months, random_world

LINK = ["unit", "month", "provider", "share", "staff"]
JAN, FEB, MAR = months(3)


def labels(rows: list[tuple[object, ...]], **extra: pl.Series) -> dict[str, str]:
    links = pl.DataFrame(rows, schema=LINK, orient="row").with_columns(**extra)
    found = session_labels(links)
    return {unit: found.names[code] for unit, code in found.units.iter_rows()}


def test_a_session_is_a_provider_and_the_first_exposed_month() -> None:
    rows = [
        ("a", MAR, "p", 1.0, 1),
        ("a", FEB, "p", 1.0, 1),
        ("b", FEB, "p", 1.0, 1),
        ("c", JAN, "q", 0.5, 2),
        ("c", FEB, "p", 0.5, 2),
        ("d", JAN, "q", 0.5, 2),
        ("d", JAN, "p", 0.5, 2),
    ]
    assert labels(rows) == {"a": "p/2020-02", "b": "p/2020-02", "c": "q/2020-01", "d": "p/2020-01"}


def test_sessions_that_are_on_record_are_taken_as_they_are() -> None:
    rows = [("a", JAN, "p", 1.0, 1), ("b", FEB, "p", 1.0, 1), ("c", FEB, "p", 1.0, 1)]
    runs = pl.Series(["spring", "spring", None])
    assert labels(rows, session=runs) == {"a": "spring", "b": "spring"}


def in_sessions(seed: int, *, doses: bool = False) -> World:
    """Courses begin in three months only, so that participants share them."""
    world = random_world(seed, units=90, clusters=9, doses=doses)
    first = world.exposure.group_by("unit").agg(first=pl.col("month").min())
    run = (first["first"].dt.month() // 4).cast(pl.String)
    runs = first.with_columns(run=run).select("unit", "run")
    links = world.exposure.join(runs, on="unit").with_columns(
        session=pl.col("provider") + "/" + pl.col("run")
    )
    return World(world.cells, links.drop("run"))


@pytest.mark.parametrize("design", [impute, joint])
@pytest.mark.parametrize("doses", [False, True], ids=["persons", "doses"])
def test_the_sessions_scores_are_those_of_the_same_fit_clustered_by_session(
    design: type, doses: bool
) -> None:
    """One fit with the session as the cluster; the untrained stay with their town."""
    world = in_sessions(1, doses=doses)
    both = design(world.cells, world.exposure, methodology_of(second_cluster="session"))
    towns = design(world.cells, world.exposure, methodology_of())
    found = session_labels(world.exposure)
    names = {unit: "~" + found.names[code] for unit, code in found.units.iter_rows()}
    by_session = design(
        world.cells.with_columns(
            cluster=pl.col("unit").replace_strict(names, default=pl.col("cluster"))
        ),
        world.exposure,
        methodology_of(),
    )
    C = len(towns.clusters)
    assert both.clusters == towns.clusters + found.names
    np.testing.assert_allclose(both.scores["on_time"][:C], towns.scores["on_time"], atol=1e-14)
    rows = [by_session.clusters.index("~" + name) for name in found.names]
    np.testing.assert_allclose(
        both.scores["on_time"][C:], by_session.scores["on_time"][rows], atol=1e-14
    )
    smaller = np.minimum(towns.of()["df"].to_numpy(), by_session.of()["df"].to_numpy())
    np.testing.assert_allclose(both.of()["df"], smaller)
    assert (both.of()["se"] > towns.of()["se"]).all()
    np.testing.assert_array_equal(both.of()["estimate"], towns.of()["estimate"])


def test_a_provider_of_one_session_cannot_be_told_from_its_luck() -> None:
    world = in_sessions(2)
    one = world.exposure.with_columns(
        session=pl.when(pl.col("provider") == "p1").then(pl.lit("once")).otherwise("session")
    )
    table = impute(world.cells, one, methodology_of(second_cluster="session")).of()
    row = table.filter(provider="p1").row(0, named=True)
    assert (row["state"], row["reason"], row["se"]) == (
        "insufficient evidence",
        "few_sessions",
        None,
    )
    assert table.filter(state="estimated")["provider"].to_list() == ["p0", "p2", "p3"]


def test_contrasts_composite_and_ranks_take_both_clusterings() -> None:
    world = in_sessions(3)
    other = random_world(3, units=90, clusters=9, indicator="repeat").cells
    cells = pl.concat([world.cells, other])
    methodology = methodology_of(("on_time", "repeat"), second_cluster="session")
    effects: Effects = estimate(cells, world.exposure, methodology)
    J, rows = len(effects.providers), len(effects.clusters)
    assert all(np.shape(scores) == (rows, J) for scores in effects.scores.values())
    V = effects.covariance(COMPOSITE)
    assert np.linalg.eigvalsh(V).min() > -1e-15
    np.testing.assert_allclose(np.sqrt(np.diag(V)), effects.of(COMPOSITE)["se"], atol=1e-14)
    assert len(rank(effects, methodology).frame.drop_nulls("rank_low")) == J
    assert effects.comparison is not None
    assert len(effects.comparison) == 3 * J


def test_the_correction_of_sessions_is_unbiased_under_its_working_model_too() -> None:
    """Equal sessions of equal weight: the factor is C / (C - 1) for C sessions."""
    p = np.full((6, 1), 1 / 6)
    np.testing.assert_allclose(excess_by_hand(p), 6 / 5)
