"""Grades against every possible cut and every possible grading."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from otdacha.ranking.grades import GRADE_PATH, PRICES, condorcet_order, grade, grade_path, gradings
from otdacha.ranking.posterior import GridPosterior, NormalPosterior


def gain(beats: np.ndarray, grades: np.ndarray, price: float) -> float:
    """The objective by its definition."""
    above = grades[:, None] < grades[None, :]
    return float(((price * beats - (1 - beats)) * above).sum())


def every_cut(order: np.ndarray) -> list[np.ndarray]:
    """All gradings that cut the order into blocks."""
    found = []
    for cuts in product([0, 1], repeat=len(order) - 1):
        grades = np.empty(len(order), dtype=int)
        grades[order] = 1 + np.concatenate(([0], np.cumsum(cuts)))
        found.append(grades)
    return found


def posterior(seed: int, count: int, kind: str) -> np.ndarray:
    generator = np.random.default_rng(seed)
    if kind == "normal":
        return NormalPosterior(
            generator.normal(size=count), generator.uniform(0.1, 1, count)
        ).beats()
    points = np.sort(generator.normal(size=6))
    return GridPosterior(points, generator.dirichlet(np.full(6, 0.4), count)).beats()


@pytest.mark.parametrize("kind", ["normal", "npmle"])
@pytest.mark.parametrize("price", [0.1, 0.25, 0.6, 1.0])
@pytest.mark.parametrize("count", [2, 5, 8])
def test_no_cut_of_the_order_gains_more(count: int, price: float, kind: str) -> None:
    for seed in range(8):
        beats = posterior(seed, count, kind)
        found = grade(beats, price)
        best = max(gain(beats, one, price) for one in every_cut(condorcet_order(beats)))
        assert gain(beats, found.grades, price) == pytest.approx(best, abs=1e-9)
        assert found.figures["gain"] == pytest.approx(best, abs=1e-9)


def test_no_grading_at_all_gains_more_where_errors_are_alike() -> None:
    generator = np.random.default_rng(1)
    for _ in range(10):
        beats = NormalPosterior(generator.normal(size=5), np.full(5, 0.6)).beats()
        gradings = [np.array(one) for one in product(range(5), repeat=5)]
        best = max(gain(beats, one, 0.25) for one in gradings)
        assert grade(beats, 0.25).figures["gain"] == pytest.approx(best, abs=1e-9)


def test_a_wrong_order_that_costs_everything_leaves_one_grade() -> None:
    assert set(grade(posterior(1, 8, "normal"), 0.0).grades) == {1}


def test_at_the_price_one_everybody_told_apart_has_a_grade() -> None:
    beats = NormalPosterior(np.arange(6.0), np.full(6, 0.3)).beats()
    np.testing.assert_array_equal(grade(beats, 1.0).grades, [6, 5, 4, 3, 2, 1])


def test_two_providers_are_told_apart_beyond_one_over_one_plus_lambda() -> None:
    def graded(sure: float) -> list[int]:
        return grade(np.array([[0.5, sure], [1 - sure, 0.5]]), 0.25).grades.tolist()

    assert graded(0.81) == [1, 2]
    assert graded(0.79) == [1, 1]


def test_equal_providers_have_one_grade() -> None:
    beats = NormalPosterior(np.zeros(7), np.ones(7)).beats()
    for price in (0.25, 1.0):
        found = grade(beats, price)
        assert set(found.grades) == {1}
        assert found.figures["discordance_rate"] == 0


def test_the_figures_are_expectations_over_pairs() -> None:
    beats = posterior(3, 6, "normal")
    found = grade(beats, 0.25)
    above = found.grades[:, None] < found.grades[None, :]
    assert found.figures["concordance"] == pytest.approx((beats * above).sum() / 15)
    assert found.figures["discordance"] == pytest.approx(((1 - beats) * above).sum() / 15)
    assert found.figures["tau"] == pytest.approx(
        found.figures["concordance"] - found.figures["discordance"]
    )


def test_the_condorcet_order_has_everybody_beat_who_follows() -> None:
    beats = posterior(5, 8, "normal")
    order = condorcet_order(beats)
    assert all(beats[order[i], order[j]] >= 0.5 for i in range(8) for j in range(i + 1, 8))
    assert grade(beats, 0.25).figures["cycles"] == 0


def test_a_cycle_is_reported() -> None:
    beats = np.array([[0.5, 0.6, 0.4], [0.4, 0.5, 0.6], [0.6, 0.4, 0.5]])
    assert grade(beats, 0.25).figures["cycles"] == 1


@pytest.mark.parametrize("kind", ["normal", "npmle"])
def test_the_path_is_every_price_by_itself(kind: str) -> None:
    beats = posterior(7, 40, kind)
    together = gradings(beats, PRICES)
    for price, found in zip(PRICES, together, strict=True):
        alone = grade(beats, price)
        np.testing.assert_array_equal(found.grades, alone.grades)
        assert found.figures == alone.figures
    path = grade_path(together)
    assert path.schema == GRADE_PATH
    assert path["price"].to_list() == list(PRICES)
    assert path["grades"].to_list() == [len(set(found.grades)) for found in together]
    for row, found in zip(path.to_dicts(), together, strict=True):
        above = found.grades[:, None] < found.grades[None, :]
        right, wrong = (beats * above).sum(), ((1 - beats) * above).sum()
        assert row["tau"] == pytest.approx((right - wrong) / (40 * 39 / 2), abs=1e-12)
        assert row["discordance_rate"] == pytest.approx(wrong / max(above.sum(), 1), abs=1e-12)


def test_along_the_path_more_is_told_apart_and_more_of_it_is_wrong() -> None:
    path = grade_path(gradings(posterior(2, 60, "normal"), PRICES))
    assert path["grades"][0] == 1
    assert path["grades"][20] > path["grades"][5] > 1
    assert path["discordance_rate"].is_sorted()
    assert path["tau"].is_sorted()
