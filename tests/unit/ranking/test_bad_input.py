"""Figures that cannot be ranked: each case of docs/method/bad-input.md, its rule and its count."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import polars as pl
import pytest
from polars.testing import assert_frame_equal

from otdacha.ranking import RANKING, rank
from otdacha.ranking.reasons import REASONS
from tests.unit.ranking.providers import effects_of, methodology_of

NAN, INF = float("nan"), float("inf")
GOOD = ([1.0, 2.0, 0.5, -1.0], [0.5, 0.6, 0.7, 0.8], [9.0, 5.0, None, 4.0])


def ranked_with(column: str, value: float | None, **parts: dict[str, object]):
    """The ranking of the four good providers and a fifth whose `column` holds `value`."""
    effects = effects_of(
        *([*column_of, last] for column_of, last in zip(GOOD, (3.0, 0.5, 6.0), strict=True))
    )
    broken = effects.estimates.with_columns(
        pl.when(pl.col("provider") == "p004")
        .then(pl.lit(value, pl.Float64))
        .otherwise(column)
        .alias(column)
    )
    return rank(replace(effects, estimates=broken), methodology_of(**parts))


def is_finite(frame: pl.DataFrame) -> bool:
    ranked = frame.filter(state="estimated").drop("df")
    figures = [name for name, kind in RANKING.items() if kind.is_float() and name != "df"]
    return ranked.null_count().row(0) == (0,) * ranked.width and all(
        ranked[name].is_finite().all() for name in figures
    )


@pytest.mark.parametrize("prior", ["normal", "npmle"])
@pytest.mark.parametrize(
    ("column", "value", "reason"),
    [
        ("estimate", NAN, "no_estimate"),
        ("estimate", -INF, "no_estimate"),
        ("estimate", 1e200, "no_estimate"),
        ("se", 0.0, "no_standard_error"),
        ("se", -1.0, "no_standard_error"),
        ("se", 1e-300, "no_standard_error"),
        ("se", 1e-13, "no_standard_error"),
        ("se", NAN, "no_standard_error"),
        ("se", 1e200, "no_standard_error"),
        ("df", 0.0, "no_degrees_of_freedom"),
        ("df", -2.0, "no_degrees_of_freedom"),
        ("df", NAN, "no_degrees_of_freedom"),
    ],
)
def test_a_figure_that_is_none_is_counted_and_the_others_are_ranked_as_without_it(
    prior: str, column: str, value: float, reason: str
) -> None:
    ranking = ranked_with(column, value, shrinkage={"prior": prior})
    assert ranking.excluded.rows() == [("ranking", reason, "reported", "p004", 1)]
    assert reason in REASONS
    (last,) = ranking.frame.filter(provider="p004").to_dicts()
    assert (last["state"], last["listed"], last["rank_low"]) == (
        "insufficient evidence",
        False,
        None,
    )
    alone = rank(effects_of(*GOOD), methodology_of(shrinkage={"prior": prior}))
    known = ranking.frame.filter(pl.col("provider") != "p004")
    assert_frame_equal(known, alone.frame, rel_tol=1e-12)
    assert is_finite(ranking.frame)


def test_an_error_below_the_last_digit_of_its_estimate_is_none() -> None:
    """All four are equally sure, so nobody stands out; each is surer than its own digits."""
    ranking = rank(effects_of([1.0, 2.0, 3.0, 4.0], [1e-17] * 4), methodology_of())
    assert set(ranking.excluded["reason"]) == {"no_standard_error"}
    assert ranking.excluded["rows"].sum() == 4
    assert ranking.listed == ()


def test_small_units_are_no_fault() -> None:
    """A share of a share: everything is small, and nothing is rounding."""
    small = effects_of(np.array([1.0, 2.0, 3.0]) * 1e-15, np.array([0.5, 0.5, 0.6]) * 1e-15)
    ranking = rank(small, methodology_of())
    assert ranking.excluded.is_empty()
    assert is_finite(ranking.frame)


def test_one_wild_estimate_is_ranked_and_leaves_no_figure_undefined() -> None:
    ranking = rank(effects_of([1e12, 2.0, 3.0, 1.0], [1.0] * 4), methodology_of())
    assert is_finite(ranking.frame)
    assert ranking.frame["provider"][0] == "p000"
