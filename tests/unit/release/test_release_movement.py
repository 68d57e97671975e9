"""Data or noise: the rule is tried where the truth is known."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from otdacha.release.diff import Cause, Change, Edition, changes
from otdacha.release.movement import nested_margin, other_margin
from otdacha.release.states import State

PROVIDERS = 300


def test_the_margin_of_certain_errors_is_hausmans() -> None:
    se_before, se_after, certain = np.array([0.5]), np.array([0.3]), np.array([np.inf])
    margin, known = nested_margin(se_before, certain, se_after, certain)
    # 0.5² - 0.3² = 0.4²
    assert margin[0] == pytest.approx(1.96 * 0.4, abs=1e-3)
    assert known[0]


def test_where_the_error_grew_the_larger_one_decides_and_noise_is_not_claimed() -> None:
    se_before, se_after, certain = np.array([0.3]), np.array([0.5]), np.array([np.inf])
    margin, known = nested_margin(se_before, certain, se_after, certain)
    assert margin[0] == pytest.approx(1.96 * 0.5, abs=1e-3)
    assert not known[0]


def test_few_degrees_of_freedom_widen_the_margin_up_to_that_of_the_larger_error() -> None:
    se_before, se_after = np.array([1.0, 1.0, 1.0]), np.array([0.7, 0.7, 0.7])
    df = np.array([4.0, 30.0, np.inf])
    margin, known = nested_margin(se_before, df, se_after, 2 * df)
    assert margin[0] > margin[1] > margin[2]
    assert margin[0] == pytest.approx(2.776, abs=1e-3)
    assert known.tolist() == [False, True, True]


def test_figures_of_other_data_have_the_margin_of_strangers() -> None:
    margin, known = other_margin(
        np.array([0.3]), np.array([np.inf]), np.array([0.4]), np.array([np.inf])
    )
    assert margin[0] == pytest.approx(1.96 * 0.5, abs=1e-3)
    assert not known[0]


def estimated(
    results: np.ndarray[tuple[int, ...], np.dtype[np.float64]],
) -> pl.DataFrame:
    """Means of each provider's towns with the errors that the towns show, as a published table."""
    towns = results.shape[1]
    return published(
        estimate=results.mean(axis=1),
        se=results.std(axis=1, ddof=1) / np.sqrt(towns),
        df=np.full(len(results), towns - 1.0),
    )


def published(**columns: object) -> pl.DataFrame:
    """A table of providers that are published and not listed; effects are the estimates."""
    frame = pl.DataFrame(columns)
    return frame.select(
        provider=pl.format("p{}", pl.int_range(frame.height)),
        name=pl.format("Вымышленная {}", pl.int_range(frame.height)),
        state=pl.lit(State.PUBLISHED.value),
        listed=pl.lit(False),
        grade=pl.lit(1, pl.Int64),
        posterior_mean="estimate",
        estimate="estimate",
        se="se",
        df="df",
    )


def causes(before: pl.DataFrame, after: pl.DataFrame) -> dict[str, float]:
    """The share of providers by cause, where the new release has the data of the old and more."""
    told = changes(
        Edition(after, ("rules",), frozenset({"old", "new"})),
        Edition(before, ("rules",), frozenset({"old"})),
    )
    assert told.height == PROVIDERS
    assert set(told["change"]) == {Change.MOVED}
    return {str(one): (told["cause"] == one).mean() for one in Cause}  # type: ignore[misc]


@pytest.mark.parametrize(("towns", "more"), [(30, 8), (30, 30), (10, 10), (6, 12)])
def test_stable_effects_are_seldom_said_to_have_been_moved_by_data(towns: int, more: int) -> None:
    draw = np.random.default_rng(20261126)
    results = draw.normal(draw.normal(size=(PROVIDERS, 1)), 1.0, (PROVIDERS, towns + more))
    found = causes(estimated(results[:, :towns]), estimated(results))
    # 5 % of 300, with three standard errors of a share
    assert found["data"] < 0.05 + 3 * np.sqrt(0.05 * 0.95 / PROVIDERS)
    assert found["method"] == found["others"] == found["program"] == 0


def test_the_plain_test_without_degrees_of_freedom_would_err_twice_as_often() -> None:
    """The reason for the rule: this is what it is measured against."""
    draw = np.random.default_rng(20261126)
    results = draw.normal(size=(4000, 20))
    before, after = estimated(results[:, :10]), estimated(results)
    variance = (before["se"] ** 2 - after["se"] ** 2).to_numpy()
    moved = np.abs((after["estimate"] - before["estimate"]).to_numpy())
    plain = (variance > 0) & (moved > 1.96 * np.sqrt(np.maximum(variance, 0)))
    errors = [frame[name].to_numpy() for frame in (before, after) for name in ("se", "df")]
    ours = moved > nested_margin(*errors)[0]
    assert plain.mean() > 0.08
    assert ours.mean() < 0.05


def test_effects_that_jumped_are_said_to_have_been_moved_by_data() -> None:
    draw = np.random.default_rng(20261126)
    results = draw.normal(size=(PROVIDERS, 60))
    results[:, 30:] += 1.5
    found = causes(estimated(results[:, :30]), estimated(results))
    assert found["data"] > 0.9


def test_small_jumps_with_few_towns_are_seldom_found_and_that_is_not_called_noise() -> None:
    draw = np.random.default_rng(20261126)
    results = draw.normal(size=(PROVIDERS, 8))
    results[:, 5:] += 1.0
    found = causes(estimated(results[:, :5]), estimated(results))
    assert found["data"] < 0.2
    assert found["unclear"] > 0.75


def test_the_releases_of_one_day_need_no_test() -> None:
    same = estimated(np.random.default_rng(1).normal(size=(5, 10)))
    other = same.with_columns(pl.col("posterior_mean") + 0.1)
    told = changes(
        Edition(other, ("rules",), frozenset({"old", "new"})),
        Edition(same, ("rules",), frozenset({"old"})),
    )
    assert set(told["cause"]) == {Cause.OTHERS}
    assert told["margin"].null_count() == 5
