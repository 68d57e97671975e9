"""Few degrees of freedom, carried into normal formulas."""

from __future__ import annotations

import numpy as np
from scipy import stats

from otdacha.ranking.effective_error import effective_error, normal_deviate, upper_tail


def test_the_normal_interval_of_the_effective_error_is_the_t_interval() -> None:
    effective = effective_error(np.array([2.0, 2.0]), np.array([3.0, np.inf]), 0.95)
    np.testing.assert_allclose(1.959963985 * effective[0], 2 * stats.t(3).ppf(0.975), rtol=1e-8)
    assert effective[1] == 2.0


def test_tails_are_those_of_t_and_of_the_normal() -> None:
    tails = upper_tail(np.array([1.5, -1.5]), np.array([4.0, np.inf]))
    np.testing.assert_allclose(tails, [stats.t(4).sf(1.5), stats.norm.sf(-1.5)], rtol=1e-10)


def test_a_deviate_has_the_tail_area_of_its_t_statistic() -> None:
    deviates = normal_deviate(np.array([3.0, -3.0, 3.0]), np.array([5.0, 5.0, np.inf]))
    np.testing.assert_allclose(stats.norm.sf(deviates[0]), stats.t(5).sf(3.0), rtol=1e-10)
    assert deviates[1] == -deviates[0]
    assert deviates[2] == 3.0


def test_a_statistic_beyond_floating_point_stays_finite() -> None:
    assert np.isfinite(normal_deviate(np.array([1e30]), np.array([50.0])))[0]
