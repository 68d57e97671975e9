"""The nonparametric maximum likelihood estimate of the distribution of true effects.

θ̂_j | θ_j ~ N(θ_j, s_j²), θ_j ~ G, G any distribution on a grid (Kiefer and Wolfowitz 1956;
Koenker and Mizera 2014). The problem is convex; it is solved by sequential quadratic programming:
the Newton model of the log-likelihood at the present G is a least-squares problem on the simplex,
which non-negative least squares solves exactly (Dax 1990; the constrained Newton method of Wang
2007, JRSS-B, on a fixed grid). Only points that carry mass or where mass would help are in a step.

The certificate. With f_j the fitted density of provider j and L_jk its density at grid point k, let
`D_k = mean_j L_jk / f_j`. For any distribution H on the grid, with densities h_j,
`mean log h_j - mean log f_j <= log mean(h_j / f_j) = log Σ H_k D_k <= max D - 1` (Jensen): so
`max D - 1`, computed at the G that is returned, bounds how far the mean log-likelihood of *any*
distribution on the grid can lie above that of G, however G was found. It is weak duality: the dual
(Koenker and Mizera 2014, §2) maximises mean log ν_j under `mean_j L_jk ν_j <= 1`, and
`ν = 1 / (f max D)` is feasible for it. The bound speaks of the grid; what a finer grid could add is
not in it (`rank` reports the grid's step in units of the smallest standard error).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import linalg, optimize

from otdacha.effects.one_thread import one_thread

Vector = NDArray[np.float64]
Matrix = NDArray[np.float64]

MOST_STEPS = 500


@dataclass(frozen=True)
class Mixture:
    """A discrete distribution of true effects that maximises the likelihood.

    points, weights: its support (mass above zero), ascending. gap: a certified upper bound on how
    far the mean log-likelihood over providers is from its maximum over distributions on the grid
    (see the module's text). steps: Newton steps.
    """

    points: Vector
    weights: Vector
    gap: float
    steps: int


def grid(estimates: Vector, points: int) -> Vector:
    """Points from the smallest estimate to the largest, ascending: G has no mass outside.

    Half are equally spaced; half are quantiles of the estimates, so that one wild estimate does
    not leave the others a handful of points. At most `points`, fewer where they coincide.
    """
    even = np.linspace(estimates.min(), estimates.max(), points - points // 2)
    crowded = np.quantile(estimates, np.linspace(0, 1, points // 2 + 2)[1:-1])
    return np.unique(np.concatenate((even, crowded)))


def likelihood(estimates: Vector, se: Vector, points: Vector) -> Matrix:
    """Normal densities of the estimates at each point, (providers, points).

    Each row is divided by its largest value: the maximiser and the posterior do not change, and
    nothing underflows.
    """
    log = -0.5 * ((estimates[:, None] - points) / se[:, None]) ** 2
    return np.asarray(np.exp(log - log.max(axis=1, keepdims=True)))


def npmle(estimates: Vector, se: Vector, *, points: int, gap: float) -> Mixture:
    """The grid NPMLE of the true effects.

    estimates, se: (providers,), se positive. points: size of the grid. gap: duality gap at which
    the steps end; where rounding stops them earlier the gap that was reached is reported.
    """
    places = grid(estimates, points)
    dense = likelihood(estimates, se, places)
    # Tall, narrow factorisations gain nothing from more cores and lose much where those are busy.
    with one_thread():
        chosen, mass, reached, step = _climb(dense, gap)
    return Mixture(places[chosen], mass / mass.sum(), max(reached, 0.0), step)


def _climb(dense: Matrix, gap: float) -> tuple[NDArray[np.intp], Vector, float, int]:
    """The points that carry mass, their mass, the gap that was reached and the steps taken.

    dense: densities, (providers, points).
    """
    # Mass everywhere at first: a very precise estimate is impossible far from its own point.
    chosen = np.arange(dense.shape[1])
    mass = np.full(len(chosen), 1 / len(chosen))
    for step in range(MOST_STEPS + 1):
        fitted = dense[:, chosen] @ mass
        slope = (1 / fitted) @ dense / len(fitted)
        reached = float(slope.max() - 1)
        if reached <= gap or step == MOST_STEPS:
            break
        wanted = np.union1d(chosen, _peaks(slope))
        now = np.zeros(len(wanted))
        now[np.searchsorted(wanted, chosen)] = mass
        columns = dense[:, wanted]
        then = _searched(columns, now, _newton(columns / fitted[:, None]))
        if then is None:
            break
        chosen, mass = wanted[then > 0], then[then > 0]
    return chosen, mass, reached, step


def _peaks(slope: Vector) -> NDArray[np.intp]:
    """Where more mass raises the likelihood, locally the most."""
    padded = np.concatenate(([-np.inf], slope, [-np.inf]))
    highest = (slope >= padded[:-2]) & (slope >= padded[2:]) & (slope > 1)
    return np.flatnonzero(highest)


def _newton(relative: Matrix) -> Vector:
    """The maximiser on the simplex of the log-likelihood's quadratic model.

    relative: densities over the fitted density, (providers, points). The model is
    `|relative @ y - 2|²`; on the simplex that is `|(relative - 2) y|²`, whose minimiser is the
    scaled solution of a non-negative least-squares problem (Dax 1990).
    """
    size = len(relative) ** 0.5
    (triangle,) = linalg.qr((relative - 2) / size, mode="r", check_finite=False)
    triangle = triangle[: relative.shape[1]]
    stacked = np.vstack([triangle, np.ones(relative.shape[1])])
    target = np.zeros(len(stacked))
    target[-1] = 1
    solution, _ = optimize.nnls(stacked, target, maxiter=30 * stacked.shape[1])
    return np.asarray(solution / solution.sum())


def _searched(columns: Matrix, now: Vector, aim: Vector) -> Vector | None:
    """The first point on the way back from `aim` that raises the likelihood enough, else None."""
    fitted = columns @ now
    change = columns @ (aim - now)
    rise = (change / fitted).mean()
    share = 1.0
    while share > 1e-10:
        relative = change / fitted * share
        # an estimate that the aim makes impossible sends the search back
        if relative.min() > -1 and np.log1p(relative).mean() >= 1e-4 * share * rise:
            return np.asarray(np.maximum(now + share * (aim - now), 0))
        share /= 2
    return None
