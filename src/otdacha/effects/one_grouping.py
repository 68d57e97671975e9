"""The mixed model whose only grouping is the provider, exact from sums by provider (design C).

`V_j = σ²(I + ρ 11')` has the inverse `(I − ρ/(1 + ρ n_j) 11')/σ²` and the determinant
`σ^{2n}(1 + ρ n_j)`, so only ρ = σ²_θ/σ² is searched for. Any number of groupings:
`otdacha.effects.mixed_model`.
Source: Raudenbush and Bryk (2002), chapter 3; Bates et al. (2015) for −2 log L.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy import linalg, optimize

from otdacha.effects.cells import Floats, Ints
from otdacha.effects.elimination import sums_by, totals
from otdacha.errors import NothingToEstimate
from otdacha.language import text

_NOTHING = 1e-12
"""Share of the outcome's mean square below which nothing is left to explain."""


@dataclass(frozen=True)
class ProviderSums:
    """All that the likelihood needs: n (J,), means (J,) and (J, P), pooled cross-products."""

    n: Floats
    mean_y: Floats
    mean_x: Floats
    xx: Floats
    xy: Floats
    yy: float

    @classmethod
    def of(cls, y: Floats, x: Floats, group: Ints, groups: int) -> ProviderSums:
        one = np.ones(len(y))
        n = totals(group, one, groups)
        return cls(
            n=n,
            mean_y=totals(group, y, groups) / n,
            mean_x=sums_by(group, one, x, groups) / n[:, None],
            xx=x.T @ x,
            xy=x.T @ y,
            yy=float(y @ y),
        )

    def less_between(self, amount: Floats) -> tuple[Floats, Floats, float]:
        """X'X, X'y and y'y less `amount` (J,) of each provider's between part n² x̄x̄'."""
        weighted = (amount * self.n**2)[:, None] * self.mean_x
        return (
            self.xx - self.mean_x.T @ weighted,
            self.xy - weighted.T @ self.mean_y,
            self.yy - float(amount * self.n**2 @ self.mean_y**2),
        )


@dataclass(frozen=True)
class OneGroupingFit:
    """beta (1 + P,), its slopes' covariance (P, P), variances; criterion: None where fixed."""

    beta: Floats
    slope_covariance: Floats
    provider_variance: float
    residual_variance: float
    criterion: float | None


def fit_random(sums: ProviderSums, method: Literal["ml", "reml"]) -> OneGroupingFit:
    """Random intercepts: minimise −2 log L (or the REML criterion) over √ρ."""
    N, P = float(sums.n.sum()), sums.xx.shape[0]
    free = N if method == "ml" else N - P

    def fit(root: float) -> tuple[float, Floats, Floats, float]:
        rho = root * root
        xx, xy, yy = sums.less_between(rho / (1 + rho * sums.n))
        factor = linalg.cho_factor(xx, lower=True)
        beta = linalg.cho_solve(factor, xy)
        variance = max(yy - float(beta @ xy), 0.0) / free
        if variance <= _NOTHING * yy / N:
            raise NothingToEstimate(
                text(
                    "The outcome is the same for everybody, or the other columns foretell it "
                    "entirely."
                )
            )
        criterion = free * (np.log(2 * np.pi * variance) + 1) + np.log1p(rho * sums.n).sum()
        if method == "reml":
            criterion += 2 * np.log(np.diag(factor[0])).sum()
        return float(criterion), beta, _inverse(xx) * variance, variance

    high = 1.0
    while fit(2 * high)[0] < fit(high)[0] and high < 1e6:
        high *= 2
    found = optimize.minimize_scalar(
        lambda root: fit(root)[0], bounds=(0.0, 2 * high), method="bounded",
        options={"xatol": 1e-10, "maxiter": 500},
    )  # fmt: skip
    root = float(found.x) if found.fun < fit(0.0)[0] else 0.0
    criterion, beta, covariance, variance = fit(root)
    return OneGroupingFit(beta, covariance[1:, 1:], root**2 * variance, variance, criterion)


def fit_fixed(sums: ProviderSums) -> OneGroupingFit:
    """Fixed effects: slopes from within providers only; the intercept makes the mean residual 0."""
    xx, xy, yy = sums.less_between(1 / sums.n)
    J, P = len(sums.n), sums.xx.shape[0] - 1
    inverse = _inverse(xx[1:, 1:])
    slopes = inverse @ xy[1:]
    variance = max(yy - float(slopes @ xy[1:]), 0.0) / (sums.n.sum() - J - P)
    if variance <= _NOTHING * sums.yy / sums.n.sum():
        raise NothingToEstimate(
            text(
                "The outcome is the same for everybody, or the other columns foretell it entirely."
            )
        )
    intercept = np.average(sums.mean_y - sums.mean_x[:, 1:] @ slopes, weights=sums.n)
    between = sums.mean_y - intercept - sums.mean_x[:, 1:] @ slopes
    spread = float(np.var(between, ddof=1) - (variance / sums.n).mean())
    return OneGroupingFit(
        np.r_[intercept, slopes], inverse * variance, max(spread, 0.0), variance, None
    )


def _inverse(matrix: Floats) -> Floats:
    return np.asarray(np.linalg.inv(matrix), dtype=np.float64)  # which may have no rows
