"""The variance of true effects from sessions that have nothing in common, step by step."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from otdacha.effects import impute
from otdacha.effects.sessions import quarters, with_sessions
from otdacha.ranking.normal import moments
from otdacha.ranking.session_variance import session_variance
from tests.simulation.unions import simulated_union
from tests.unit.effects.worlds import methodology_of, random_world

METHODOLOGY = methodology_of(horizon_months=36, look_back_months=36)


def test_it_is_the_weighted_covariance_of_opposite_quarters() -> None:
    union = simulated_union(8, towns=30, people=16, providers=8, few=(6, 9))
    effects = impute(union.cells, union.exposure, METHODOLOGY)
    found = session_variance(union.cells, union.exposure, effects, METHODOLOGY)

    places = union.cells.select("unit", place="cluster").unique()
    parts = quarters(with_sessions(union.exposure, 36), places)
    minimum = METHODOLOGY.minimum.model_copy(update={"degrees_of_freedom": 1.0})
    quarter = impute(
        union.cells, parts.exposure, METHODOLOGY.model_copy(update={"minimum": minimum})
    )
    table = {row["provider"]: row for row in quarter.of().iter_rows(named=True)}
    V = quarter.covariance()
    column = {name: place for place, name in enumerate(quarter.providers)}
    known = [row for row in table.values() if row["state"] == "estimated"]
    of_one = np.mean([row["se"] ** 2 * row["clusters"] for row in known])
    prior = moments(
        effects.of()["estimate"].to_numpy(),
        effects.of()["se"].to_numpy(),
        effects.scores["on_time"],
    )
    pairs = [
        (provider, f"{one}|{provider}", f"{other}|{provider}")
        for provider in effects.providers
        for one, other in (("a1", "b2"), ("a2", "b1"))
    ]
    pairs = [
        pair for pair in pairs
        if all(table.get(name, {}).get("state") == "estimated" for name in pair[1:])
    ]  # fmt: skip
    weights = np.array(
        [
            np.prod([1 / (prior.variance + of_one / table[name]["clusters"]) for name in pair[1:]])
            for pair in pairs
        ]
    )
    share = weights / weights.sum()
    Q = np.diag(share) - np.outer(share, share)
    a, b = (np.array([table[pair[side]]["estimate"] for pair in pairs]) for side in (1, 2))
    noise = np.array([[V[column[p[1]], column[q[2]]] for q in pairs] for p in pairs])
    same = np.array([[float(p[0] == q[0]) for q in pairs] for p in pairs])
    expected = (a @ Q @ b - np.trace(Q @ noise)) / np.trace(Q @ same)
    assert found.variance == pytest.approx(expected, rel=1e-9)
    assert found.pairs == len(pairs) > 8
    assert found.providers == len({pair[0] for pair in pairs})
    assert found.moments == pytest.approx(prior.spread)
    assert found.figures["variance_from_sessions"] == found.variance
    assert len(found.left_out) + found.providers == len(effects.providers)


def test_wrong_standard_errors_move_the_moments_and_hardly_this() -> None:
    union = simulated_union(2, towns=40, providers=16, town_shock=0.4)
    effects = impute(union.cells, union.exposure, METHODOLOGY)
    doubled = replace(
        effects,
        estimates=effects.estimates.with_columns(pl.col("se") * 2),
        scores={name: np.asarray(psi) * 2 for name, psi in effects.scores.items()},
    )
    right, wrong = (
        session_variance(union.cells, union.exposure, known, METHODOLOGY)
        for known in (effects, doubled)
    )
    assert wrong.moments < 0.9 * right.moments
    assert wrong.variance == pytest.approx(right.variance, rel=0.02)


def test_where_nobody_has_two_places_and_two_sessions_it_is_unknown_and_says_why() -> None:
    world = random_world(1, providers=6, clusters=3)
    known = methodology_of()
    effects = impute(world.cells, world.exposure, known)
    found = session_variance(world.cells, world.exposure, effects, known)
    assert np.isnan(found.variance)
    assert found.moments >= 0
    assert found.left_out == effects.providers
    assert "nothing in common" in str(found.reason)
