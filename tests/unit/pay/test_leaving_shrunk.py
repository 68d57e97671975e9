"""Hazards of towns are drawn to one another as far as their own exits leave them open."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import integrate, stats

from otdacha.pay.leaving.shrunk import SPREADS, shrunk

EXITS = np.array([0.0, 1.0, 3.0, 8.0, 30.0, 2.0])
EXPECTED = np.array([90.0, 150.0, 80.0, 300.0, 900.0, 20.0])


def test_moments_are_those_of_the_posterior_integrated_by_another_way() -> None:
    """Over τ and log μ by quadrature, for the first town and the last."""

    def weight(log_mu: float, tau: float) -> float:
        k = tau**-2
        p = k / (k + np.exp(log_mu) * EXPECTED)
        return tau * float(np.exp(stats.nbinom.logpmf(EXITS, k, p).sum() + 20))

    def of(town: int, power: int) -> float:
        def mean(log_mu: float, tau: float) -> float:
            shape, rate = tau**-2 + EXITS[town], tau**-2 / np.exp(log_mu) + EXPECTED[town]
            moment = shape / rate if power == 1 else shape * (shape + 1) / rate**2
            return weight(log_mu, tau) * float(moment)

        return area(mean) / area(weight)

    def area(of_both) -> float:  # type: ignore[no-untyped-def]
        return integrate.dblquad(of_both, SPREADS[0], SPREADS[-1], -7.0, 0.5, epsabs=1e-6)[0]

    found = shrunk(EXITS, EXPECTED, 0.95)
    for town in (0, 5):
        mean, square = of(town, 1), of(town, 2)
        assert found.mean[town] == pytest.approx(mean, rel=0.02)
        shape, scale = mean**2 / (square - mean**2), (square - mean**2) / mean
        ends = stats.gamma.ppf([0.025, 0.975], shape, scale=scale)
        assert (found.lower[town], found.upper[town]) == pytest.approx(ends, rel=0.05)


def test_the_fewer_exits_the_nearer_to_the_others() -> None:
    exits, expected = np.array([4.0, 40.0, 400.0, 1.0]), np.array([200.0, 2_000.0, 20_000.0, 20.0])
    found = shrunk(np.append(exits, [10.0, 80.0]), np.append(expected, [1_000.0, 1_000.0]), 0.95)
    away = np.abs(found.mean[:3] / 0.02 - 1)

    assert (np.diff(away) < 0).all()  # the same rate of 2 %: known better and better
    assert found.mean[2] == pytest.approx(0.02, rel=0.01)
    assert found.mean[3] < 0.05  # one exit where 0.4 would be usual


def test_towns_that_do_not_differ_have_the_rate_of_all() -> None:
    expected = np.linspace(500.0, 1_500.0, 40)
    found = shrunk(np.rint(expected * 0.02), expected, 0.95)

    assert found.mean == pytest.approx(np.full(40, 0.02), rel=0.02)
    poisson = stats.chi2.ppf(0.975, 2 * 20 + 2) / 2 / 1_000  # of one town alone
    assert (found.upper < poisson).all()


def test_a_town_without_exits_is_between_nothing_and_the_others() -> None:
    found = shrunk(np.array([0.0, 0.0, 20.0, 30.0]), np.array([10.0, 1_000.0, 800.0, 900.0]), 0.95)

    assert (found.lower > 0).all()
    assert found.mean[1] < found.mean[0] < found.mean[2]  # the longer nobody left, the less


def test_units_and_order_change_nothing() -> None:
    found, other = shrunk(EXITS, EXPECTED, 0.95), shrunk(EXITS[::-1], EXPECTED[::-1] / 7, 0.95)

    for ours, theirs in zip(vars(found).values(), vars(other).values(), strict=True):
        assert ours == pytest.approx(theirs[::-1] / 7, rel=1e-6)


def test_intervals_hold_the_truth_of_towns_of_every_size() -> None:
    """400 unions of 12 towns whose hazards differ by half (a gamma distribution, as is taken)."""
    random = np.random.default_rng(3)
    inside = []
    for _ in range(400):
        expected = np.exp(random.normal(6.0, 1.0, 12))
        truth = random.gamma(4.0, 0.01 / 4.0, 12)
        exits = random.poisson(truth * expected).astype(float)
        if exits.sum():
            found = shrunk(exits, expected, 0.95)
            inside.append((found.lower <= truth) & (truth <= found.upper))

    assert np.mean(inside) == pytest.approx(0.95, abs=0.012)


def test_without_any_exit_there_is_nothing_to_be_drawn_to() -> None:
    with pytest.raises(ValueError, match="nobody left"):
        shrunk(np.zeros(3), np.ones(3), 0.95)
