"""Linear statements with their joint score: what one covariance says of several figures at once.

A joint test is Wald's with Hotelling's reference, degrees of freedom from the concentration of
cluster weights instead of the bare number of clusters (Pustejovsky and Tipton 2018, JBES 36,
672-683, "approximate Hotelling T²"); simultaneous bands and the largest t come from Gaussian draws
ψ'ξ with one ξ per cluster (Montiel Olea and Plagborg-Møller 2019, JAE 34, 1-17, sup-t).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy import linalg, special, stats

from otdacha.effects.cells import Floats

_SINGULAR = 1e-10
"""Relative size of an eigenvalue of the correlations below which statements repeat each other."""


@dataclass(frozen=True)
class Wald:
    """A joint test of several statements: F with its degrees of freedom, and its p-value."""

    f: float
    numerator: int
    denominator: float
    p_value: float


@dataclass(frozen=True)
class Bands:
    """Intervals of statements, (K,) each; nan where a statement is not known.

    lower, upper: each by itself, by t. lower_all, upper_all: all of them together.
    """

    lower: Floats
    upper: Floats
    lower_all: Floats
    upper_all: Floats


@dataclass(frozen=True)
class Contrasts:
    """K linear statements about effects.

    names (K). estimate (K,): nan where a statement is not known. scores (C, K): ψ, row c is what
    cluster c contributes; the covariance is ψ'ψ. df (K,): degrees of freedom of t. Statements
    without a variance have a zero column and take no part in tests and bands.
    """

    names: tuple[str, ...]
    estimate: Floats
    scores: Floats
    df: Floats

    @property
    def covariance(self) -> Floats:
        """V = ψ'ψ, (K, K)."""
        return self.scores.T @ self.scores

    @property
    def se(self) -> Floats:
        """Standard errors (K,); nan where there is no variance."""
        squares = (self.scores**2).sum(0)
        return np.sqrt(np.where(squares > 0, squares, np.nan))

    @property
    def known(self) -> NDArray[np.bool_]:
        """Which statements have an estimate, a variance and degrees of freedom, (K,)."""
        return np.isfinite(self.estimate) & np.isfinite(self.se) & (self.df > 0)

    def only(self, chosen: NDArray[np.bool_]) -> Contrasts:
        """The chosen statements (K,)."""
        names = tuple(name for name, here in zip(self.names, chosen, strict=True) if here)
        return Contrasts(names, self.estimate[chosen], self.scores[:, chosen], self.df[chosen])

    def where(self, known: NDArray[np.bool_]) -> Contrasts:
        """The same statements, those outside `known` (K,) without estimate and variance."""
        return Contrasts(
            self.names,
            np.where(known, self.estimate, np.nan),
            np.where(known, self.scores, 0.0),
            np.where(known, self.df, np.nan),
        )

    def minus(self, other: Contrasts) -> Contrasts:
        """Differences of statements of the same clusters, with their exact covariance.

        `other` has as many statements, or one that is taken from each. Degrees of freedom: the
        smaller of the two.
        """
        both = self.known & other.known
        difference = Contrasts(
            self.names,
            self.estimate - other.estimate,
            self.scores - other.scores,
            np.minimum(self.df, other.df),
        )
        return difference.where(both)

    def after(self, other: Contrasts) -> Contrasts:
        """These statements followed by those of `other`, with their joint covariance."""
        return Contrasts(
            (*self.names, *other.names),
            np.concatenate([self.estimate, other.estimate]),
            np.hstack([self.scores, other.scores]),
            np.concatenate([self.df, other.df]),
        )

    def p_values(self) -> Floats:
        """Two-sided p-value of each statement by itself, (K,); nan where it is not known."""
        t = np.abs(self.estimate / self.se)
        return np.asarray(2 * special.stdtr(self.df, -t))

    def wald(self) -> Wald | None:
        """The joint test that all known statements are zero; None where it cannot be made.

        F = (η − K + 1) / (ηK) · W on (K, η − K + 1) degrees of freedom, η the smallest of the
        statements' own: with G equal clusters η = G − 1, Hotelling's. It needs η − K + 1 > 0, so
        more clusters than statements, and statements none of which follows from the others.
        """
        some = self.only(self.known)
        K = len(some.estimate)
        freedom = float(some.df.min()) - K + 1 if K else 0.0
        if not freedom > 0:
            return None
        t = some.estimate / some.se
        value, vector = linalg.eigh(some.covariance / np.outer(some.se, some.se))
        if value[0] < _SINGULAR * value[-1]:
            return None
        w = float(np.sum((vector.T @ t) ** 2 / value))
        f = freedom / ((freedom + K - 1) * K) * w
        return Wald(f, K, freedom, float(stats.f.sf(f, K, freedom)))

    def largest_draws(self, draws: int, seed: int) -> Floats:
        """Draws of the largest |z| among the known statements when all are zero, (draws,)."""
        some = self.only(self.known)
        noise = _noise(draws, len(some.scores), seed)
        return np.asarray(np.abs(noise @ (some.scores / some.se)).max(1))

    def largest_t(self, *, draws: int, seed: int, beyond: float = 0.0) -> tuple[int, float] | None:
        """The statement that is farthest from |θ| ≤ beyond, and the p-value that all are inside.

        Each t statistic is turned into the normal deviate with the same tail area, so that
        statements with few degrees of freedom do not decide. None where nothing is known.
        """
        if not self.known.any():
            return None
        t = np.where(self.known, np.abs(self.estimate) - beyond, -np.inf) / self.se
        t = np.where(self.known, t, -np.inf)
        chosen = int(np.argmax(np.where(self.known, _deviate(t, self.df), -np.inf)))
        reached = float(_deviate(t, self.df)[chosen])
        above = int((self.largest_draws(draws, seed) >= reached).sum())
        return chosen, (1 + above) / (1 + draws)

    def bands(self, *, level: float, draws: int, seed: int) -> Bands:
        """Intervals at `level`: each by itself, and all known statements together."""
        nowhere = np.full(len(self.estimate), np.nan)
        if not self.known.any():
            return Bands(nowhere, nowhere, nowhere, nowhere)
        critical = float(np.quantile(self.largest_draws(draws, seed), level))
        df = np.where(self.known, self.df, np.nan)
        alone = special.stdtrit(df, (1 + level) / 2) * self.se
        # the t quantile with the tail area that the largest normal deviate has
        together = -special.stdtrit(df, special.ndtr(-critical)) * self.se
        together = np.maximum(together, alone)
        return Bands(
            self.estimate - alone,
            self.estimate + alone,
            self.estimate - together,
            self.estimate + together,
        )


def combined(parts: Mapping[str, Contrasts], factors: Mapping[str, float]) -> Contrasts:
    """Σ_k f_k × the same statements on indicator k, known where all are; df the smallest of them.

    With the factors of `otdacha.effects.composite` it is the composite, and its score counts how
    the indicators move together.
    """
    chosen = [(parts[name], factor) for name, factor in factors.items()]
    first = chosen[0][0]
    known = np.all([part.known for part, _ in chosen], axis=0)
    total = Contrasts(
        first.names,
        np.sum([factor * part.estimate for part, factor in chosen], axis=0),
        np.sum([factor * part.scores for part, factor in chosen], axis=0),
        np.min([part.df for part, _ in chosen], axis=0),
    )
    return total.where(known)


def contrasts(
    names: Sequence[str], estimate: Floats, scores: Floats, df: Floats, factor: float = 1.0
) -> Contrasts:
    """Statements of figures that are multiplied by `factor` (e.g. into standard deviations)."""
    known = np.isfinite(estimate) & ((scores**2).sum(0) > 0) & (df > 0)
    return Contrasts(tuple(names), factor * estimate, factor * scores, df).where(known)


@lru_cache(maxsize=1)
def _noise(draws: int, clusters: int, seed: int) -> Floats:
    """Standard normal numbers (draws, clusters): the same for all statements of one evaluation."""
    noise = np.random.default_rng(seed).standard_normal((draws, clusters))
    noise.flags.writeable = False
    return noise


def _deviate(t: Floats, df: Floats) -> Floats:
    """The normal deviate with the tail area of each t statistic, sign kept; t where df is none."""
    usable = np.where(df > 0, df, np.inf)
    tail = special.stdtr(np.where(np.isfinite(usable), usable, 1e12), -np.abs(t))
    return np.asarray(-np.sign(t) * special.ndtri(np.maximum(tail, np.finfo(np.float64).tiny)))
