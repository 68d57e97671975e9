"""The smooth density that is drawn of true effects."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from otdacha.ranking import rank
from otdacha.ranking.npmle import npmle
from otdacha.ranking.smoothed import bandwidth, over_providers, smoothed
from tests.unit.ranking.providers import effects_of, methodology_of, several


def moments_of(density: tuple[np.ndarray, np.ndarray]) -> tuple[float, float, float]:
    """Mass, mean and standard deviation by the trapezoidal rule."""
    points, heights = density
    mass = float(np.trapezoid(heights, points))
    mean = float(np.trapezoid(heights * points, points)) / mass
    variance = float(np.trapezoid(heights * (points - mean) ** 2, points)) / mass
    return mass, mean, variance**0.5


@pytest.mark.parametrize("count", [2, 10, 300])
@pytest.mark.parametrize("scale", [0.05, 1.0])
def test_it_integrates_to_one_and_keeps_mean_and_variance(count: int, scale: float) -> None:
    _, estimates, se = several(1, count)
    found = npmle(estimates, se * scale, points=200, gap=1e-8)
    mass, mean, sd = moments_of(smoothed(found.points, found.weights, se * scale))
    true_mean = found.weights @ found.points
    assert mass == pytest.approx(1, abs=1e-5)
    assert mean == pytest.approx(true_mean, abs=1e-5)
    true_sd = float(found.weights @ (found.points - true_mean) ** 2) ** 0.5
    if true_sd > 0:
        assert sd == pytest.approx(true_sd, rel=1e-4)


def test_the_bandwidth_grows_with_the_errors_and_stays_below_the_spread() -> None:
    widths = [bandwidth(1.0, np.full(100, se)) for se in (1e-6, 0.1, 0.5, 2.0, 100.0)]
    assert widths[0] == pytest.approx(0.9 * 100 ** (-0.2))
    assert np.all(np.diff(widths) >= 0)
    assert widths[-1] < 1
    # h⁻² = σ⁻² + log J / 4 / s²
    assert widths[3] == pytest.approx((1 + np.log(100) / 4 / 4) ** -0.5)


def test_two_atoms_by_hand() -> None:
    points, heights = smoothed(np.array([-1.0, 1.0]), np.array([0.5, 0.5]), np.ones(100))
    h = bandwidth(1.0, np.ones(100))
    c = np.sqrt(1 - h**2)
    by_hand = (stats.norm.pdf(points, -c, h) + stats.norm.pdf(points, c, h)) / 2
    np.testing.assert_allclose(heights, by_hand, rtol=1e-10)


def test_one_atom_is_a_narrow_peak() -> None:
    mass, mean, sd = moments_of(smoothed(np.array([0.3]), np.array([1.0]), np.full(5, 0.2)))
    assert (mass, mean) == (pytest.approx(1, abs=1e-5), pytest.approx(0.3))
    assert sd < 0.01 * 0.2


def test_over_providers_it_is_the_mean_of_each_ones_own() -> None:
    standard = smoothed(np.array([-1.0, 1.0]), np.array([0.5, 0.5]), np.full(50, 0.5))
    centre, scale = np.array([0.0, 3.0, -1.0]), np.array([1.0, 0.5, 2.0])
    mass, mean, sd = moments_of(over_providers(standard, centre, scale))
    assert mass == pytest.approx(1, abs=1e-4)
    assert mean == pytest.approx(centre.mean(), abs=1e-4)
    assert sd == pytest.approx(((scale**2).mean() + centre.var()) ** 0.5, rel=1e-3)


@pytest.mark.parametrize("prior", ["normal", "npmle"])
def test_the_ranking_shows_it(prior: str) -> None:
    _, estimates, se = several(2, 40)
    shown = rank(effects_of(estimates, se), methodology_of(shrinkage={"prior": prior})).prior
    mass, mean, sd = moments_of(shown.density)
    assert mass == pytest.approx(1, abs=1e-5)
    assert mean == pytest.approx(shown.mean, abs=1e-5)
    assert sd == pytest.approx(shown.sd, rel=1e-4)
    if prior == "normal":
        points, heights = shown.density
        np.testing.assert_allclose(heights, stats.norm.pdf(points, shown.mean, shown.sd))


def test_nobody_to_compare_has_no_density() -> None:
    assert rank(effects_of([1.0], [0.5]), methodology_of()).prior.density[0].size == 0
