"""The bound on what any grades gain, against all weak orders there are."""

from __future__ import annotations

from itertools import permutations, product

import numpy as np
import pytest
from scipy.optimize import linprog

from otdacha.ranking import certificate, rank
from otdacha.ranking.certificate import certify
from otdacha.ranking.grades import Grading, grade
from tests.unit.ranking.providers import effects_of, methodology_of, several
from tests.unit.ranking.test_grades import gain, posterior

PRICES = [0.1, 0.25, 0.6, 1.0]


def best_gain(beats: np.ndarray, price: float) -> float:
    """The naive twin: every weak order. Grades 0..J-1 given out in every way hold them all."""
    count = len(beats)
    gains = (1 + price) * beats - 1
    grades = np.array(list(product(range(count), repeat=count)), dtype=np.int8)
    above = grades[:, :, None] < grades[:, None, :]
    return float(np.tensordot(above, gains, axes=2).max())


def cyclic(seed: int, count: int) -> np.ndarray:
    """π of no posterior: any chances that add up to one, full of Condorcet cycles."""
    drawn = np.random.default_rng(seed).uniform(size=(count, count))
    beats = np.triu(drawn, 1)
    return beats + np.tril(1 - beats.T, -1) + np.eye(count) / 2


def matrices(kind: str, seed: int, count: int) -> np.ndarray:
    return cyclic(seed, count) if kind == "cyclic" else posterior(seed, count, kind)


@pytest.mark.parametrize("kind", ["normal", "npmle", "cyclic"])
@pytest.mark.parametrize("price", PRICES)
@pytest.mark.parametrize("count", [2, 3, 6])
def test_no_weak_order_gains_more_than_the_bound(count: int, price: float, kind: str) -> None:
    for seed in range(6):
        beats = matrices(kind, seed, count)
        best = best_gain(beats, price)
        figures = certify(beats, grade(beats, price)).figures
        assert figures["bound"] >= best - 1e-6
        assert figures["gain"] <= best + 1e-9
        assert figures["gap"] == pytest.approx(figures["bound"] - figures["gain"], abs=1e-12)
        if figures["certified"]:
            assert figures["gain"] == pytest.approx(best, abs=2e-6)
            assert figures["gap"] == 0


@pytest.mark.parametrize("kind", ["normal", "npmle", "cyclic"])
def test_the_packing_of_triples_is_a_bound(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(certificate, "LARGEST_PROGRAMME", 0)
    lowered = 0
    for seed in range(8):
        beats = matrices(kind, seed, 6)
        best = best_gain(beats, 0.25)
        figures = certify(beats, grade(beats, 0.25)).figures
        every_pair = np.maximum(1.25 * beats - 1, 0).sum()
        assert best - 1e-6 <= figures["bound"] <= every_pair + 1e-9
        assert figures["cuts"] == 0
        lowered += figures["bound"] < every_pair - 1e-6
    assert lowered > 0


def test_most_gradings_of_a_posterior_are_certified() -> None:
    certified = []
    for seed in range(10):
        beats = posterior(seed, 30, "normal")
        certified.append(certify(beats, grade(beats, 0.25)).figures["certified"])
    assert sum(certified) >= 9


def test_a_better_order_that_is_met_takes_the_place_of_the_grades() -> None:
    improved = 0
    for seed in range(20):
        beats = cyclic(seed, 6)
        found = grade(beats, 1.0)
        better = certify(beats, found)
        assert gain(beats, better.grades, 1.0) == pytest.approx(better.figures["gain"], abs=1e-9)
        assert better.figures["gain"] >= found.figures["gain"] - 1e-9
        improved += better.figures["gain"] > found.figures["gain"] + 1e-6
    assert improved > 0


def test_a_wrong_order_is_not_certified() -> None:
    beats = posterior(1, 8, "normal")
    upside_down = Grading(np.arange(1, 9), {**grade(beats, 0.25).figures, "gain": -5.0})
    assert certify(beats, upside_down).figures["gain"] == grade(beats, 0.25).figures["gain"]


def every_row_at_once(beats: np.ndarray, price: float) -> float:
    """The naive twin of the programme: x_ij, all rows from the start, another way to HiGHS."""
    count = len(beats)
    place = np.cumsum(~np.eye(count, dtype=bool)).reshape(count, count) - 1
    rows, limits = [], []

    def add(limit: float, *entries: tuple[int, int, float]) -> None:
        row = np.zeros(count * (count - 1))
        for i, j, value in entries:
            row[place[i, j]] = value
        rows.append(row)
        limits.append(limit)

    for i, j in permutations(range(count), 2):
        add(-1, (i, j, -1), (j, i, -1))
        for k in set(range(count)) - {i, j}:
            add(1, (i, j, 1), (j, k, 1), (i, k, -1))
    # i above j where x_ji = 0
    gains = ((1 + price) * beats - 1).T[~np.eye(count, dtype=bool)]
    solved = linprog(gains, A_ub=np.array(rows), b_ub=limits, bounds=(0, 1), method="highs")
    return float(gains.sum() - solved.fun)


@pytest.mark.parametrize("seed", [0, 1, 2])
@pytest.mark.parametrize("price", [0.6, 1.0])
def test_the_bound_is_the_programme_with_every_row(price: float, seed: int) -> None:
    beats = cyclic(seed, 12)
    figures = certify(beats, grade(beats, price)).figures
    assert figures["bound"] == pytest.approx(every_row_at_once(beats, price), abs=3e-5)
    # the first of these has a fractional solution
    assert figures["certified"] == (seed != 0)
    if seed == 0:
        assert figures["gap"] > 1
        assert figures["bound"] == pytest.approx(figures["gain"] + figures["gap"])


def test_where_every_pair_is_decided_nothing_is_solved(monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*_: object) -> None:
        raise AssertionError("solved")

    monkeypatch.setattr(certificate, "_solved", never)
    beats = np.where(np.triu(np.ones((300, 300)), 1) > 0, 0.99, 0.01)
    np.fill_diagonal(beats, 0.5)
    figures = certify(beats, grade(beats, 0.25)).figures
    assert (figures["certified"], figures["gap"], figures["cuts"]) == (1, 0, 0)


def test_it_is_the_same_to_the_last_bit_each_time() -> None:
    beats = posterior(4, 40, "npmle")
    first, again = (certify(beats, grade(beats, 0.25)) for _ in range(2))
    assert first.figures == again.figures
    np.testing.assert_array_equal(first.grades, again.grades)


def test_nothing_is_printed(capfd: pytest.CaptureFixture[str]) -> None:
    beats = posterior(2, 12, "normal")
    assert certify(beats, grade(beats, 0.25)).figures["cuts"] > 0
    assert capfd.readouterr() == ("", "")


def test_rank_certifies_when_it_is_asked_to() -> None:
    _, estimates, se = several(1, 30)
    effects, methodology = effects_of(estimates, se), methodology_of()
    plain, asked = rank(effects, methodology), rank(effects, methodology, certify=True)
    assert set(asked.grading) - set(plain.grading) == {"bound", "gap", "certified", "cuts"}
    assert asked.grading["bound"] >= plain.grading["gain"]
