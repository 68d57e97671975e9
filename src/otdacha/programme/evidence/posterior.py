"""What is believed of each provider, as a plan can use it: the posterior of a release.

A plan asks more than the tables of a release say: how several providers may be wrong *together*
(caution is about that), and what is believed of those nobody has measured. Both follow from what
is published.

Of each provider by itself nothing new is said. Its mean is the posterior mean of the release; its
spread is that of the release's posterior, e √w, where e is the effective standard error
(`otdacha.ranking.effective_error`), τ the prior's standard deviation and w = τ² / (τ² + e²). What
is added is how these go together. The release moves an estimate θ̂_j = θ_j + ε_j to
`m + w_j (θ̂_j - m)`, which misses the truth by

    θ_j - m - w_j (θ̂_j - m) = (1 - w_j)(θ_j - m) - w_j ε_j,

so these errors have the covariance `diag((1 - w)² τ²) + w w' ∘ V`. Its diagonal is the release's
own posterior variance e² w, it is positive semidefinite whenever V is, and errors that providers
share (common controls) stay shared. V comes back from the published comparisons:
`V_ij = (s_i² + s_j² - s_ij²) / 2`. It is the covariance of the posterior means *that are
published*, which take each provider by its own estimate; a posterior of all estimates at once
would have other means than the release.

Exact, to the published digits: the means always; the spread and the shared errors under a normal
prior that is the same for all. Approximate: under an NPMLE prior the posterior is taken on the
smooth density that is published in place of the prior's own few points, and providers are joined
by a Gaussian copula with the correlation above; where covariates or precision move the prior, the
spread is the normal one with the prior's overall standard deviation. The prior's mean and standard
deviation are taken as known, as the release takes them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy import integrate, special

from otdacha.effects import COMPOSITE
from otdacha.effects.result import ESTIMATED
from otdacha.errors import ReleaseProblem
from otdacha.language import Text, text
from otdacha.ranking.effective_error import effective_error
from otdacha.ranking.npmle import likelihood
from otdacha.release.release import Release
from otdacha.release.states import State

Vector = NDArray[np.float64]
Matrix = NDArray[np.float64]

DRAWS = 1_000
SEED = 20270101

_PROVEN = (State.PUBLISHED.value, ESTIMATED)

NO_RELEASE = text(
    "There is no release yet: nobody knows which training helps, so the plan goes by the priority "
    "of needs alone."
)


@dataclass(frozen=True)
class Evidence:
    """What is believed of P providers, in S joint draws; plus is better.

    proven: (P,), whether the release publishes an effect. mean: (P,), posterior mean of the
    headline per case, the prior mean where unproven. draws: (S, P), joint posterior draws of the
    same; their mean is `mean` but for the last bits. error: (P,), standard error of the estimate,
    inf where there is none. by_indicator: indicator → (P,), posterior means in its own unit, its
    prior mean where unproven; indicators that nobody is ranked on are not in it. ends: of the same,
    lower and upper end of each provider's own interval as published, of the prior where unproven.
    release: its id; None where there is no evidence, and `because` then says why.
    """

    providers: tuple[str, ...]
    proven: NDArray[np.bool_]
    mean: Vector
    draws: Matrix
    error: Vector
    prior_mean: float
    prior_sd: float
    by_indicator: Mapping[str, Vector] = field(default_factory=dict)
    ends: Mapping[str, tuple[Vector, Vector]] = field(default_factory=dict)
    release: str | None = None
    because: Text | None = None


def evidence_of(
    release: Release, providers: Iterable[str] = (), *, draws: int = DRAWS, seed: int = SEED
) -> Evidence:
    """What `release` says of its providers and of `providers`, those of the offers.

    Whoever has no published effect, or is not in the release at all, is unproven. A release that
    was withheld, or that ranks nobody, gives no evidence, and says why. With more than 1,000
    providers no comparisons are published, and errors are then taken as independent. draws: an
    even number.

    Raises ReleaseProblem for figures that somebody else made: they may be levels, or effects of
    something else, and money cannot be planned on them.
    """
    _refuse_reported(release)
    everybody = _everybody(release.providers["provider"], providers)
    evaluation = release.manifest["evaluation"]
    prior = evaluation["prior"]
    if evaluation["withheld"]:
        because = text(
            "Release {release} says nothing about who is better, because a check of the method "
            "failed: the plan goes by the priority of needs alone.",
            release=release.id,
        )
        return no_evidence(everybody, because, draws=draws)
    if prior["kind"] == "none":
        because = text(
            "Release {release} ranks nobody, so it has no evidence for a plan: the plan goes by "
            "the priority of needs alone.",
            release=release.id,
        )
        return no_evidence(everybody, because, draws=draws)
    known = everybody.join(release.providers, on="provider", how="left", maintain_order="left")
    proven = known.filter(_is_proven())
    alike = not prior["reference"] and not prior["precision"] and release.expected.is_empty()
    by_indicator = _by_indicator(release, everybody)
    return evidence_from(
        known,
        float(prior["mean"]),
        float(prior["sd"]),
        shared=shared_errors(release.tables["comparisons"], proven),
        density=_density(release, release.headline) if prior["kind"] == "npmle" and alike else None,
        level=release.methodology.design.level,
        draws=draws,
        seed=seed,
        by_indicator={name: mean for name, (mean, _, _) in by_indicator.items()},
        ends={name: (lower, upper) for name, (_, lower, upper) in by_indicator.items()},
        release=release.id,
    )


def evidence_from(
    frame: pl.DataFrame,
    prior_mean: float,
    prior_sd: float,
    *,
    shared: Matrix | None = None,
    density: tuple[Vector, Vector] | None = None,
    level: float = 0.95,
    draws: int = DRAWS,
    seed: int = SEED,
    by_indicator: Mapping[str, Vector] | None = None,
    ends: Mapping[str, tuple[Vector, Vector]] | None = None,
    release: str | None = "ranking",
) -> Evidence:
    """Evidence from the plain figures of a ranking.

    frame: columns provider, estimate, se, posterior_mean, state, and df where errors rest on few
    degrees of freedom (null: normal); in another state than "estimated" or "published" a provider
    is unproven. shared: correlation of the errors of those that are proven, in the frame's order;
    without it they are independent. density: points and the density of true effects at them, where
    the prior is not normal. level: the one that effective standard errors are made for. draws: an
    even number; each draw of the normal prior has its mirror image.
    """
    if draws < 2 or draws % 2:
        raise ValueError("draws come in pairs: their number must be even")
    proven = frame.select(_is_proven()).to_series().to_numpy()
    estimate = _values(frame, "estimate", proven, prior_mean)
    error = _values(frame, "se", proven, np.inf)
    df = frame["df"] if "df" in frame.columns else pl.Series([None] * len(frame), dtype=pl.Float64)
    effective = error.copy()
    effective[proven] = effective_error(
        error[proven], df.fill_null(np.inf).to_numpy().astype(np.float64)[proven], level
    )
    mean = _values(frame, "posterior_mean", proven, prior_mean)
    half = _errors(effective, proven, prior_sd, shared, draws // 2, np.random.default_rng(seed))
    spread = np.concatenate((half, -half))
    drawn = (
        mean + spread
        if density is None or prior_sd == 0
        else _through(spread, estimate, effective, prior_sd, density)
    )
    return Evidence(
        providers=tuple(frame["provider"]),
        proven=proven,
        mean=mean,
        draws=drawn - drawn.mean(axis=0) + mean,
        error=error,
        prior_mean=prior_mean,
        prior_sd=prior_sd,
        by_indicator=by_indicator or {},
        ends=ends or {},
        release=release,
    )


def no_evidence(
    providers: pl.DataFrame | Iterable[str], because: Text = NO_RELEASE, *, draws: int = DRAWS
) -> Evidence:
    """Nothing is known of anybody: a plan goes by priority only, and says `because`."""
    names = providers["provider"] if isinstance(providers, pl.DataFrame) else providers
    everybody = tuple(names)
    count = len(everybody)
    return Evidence(
        providers=everybody,
        proven=np.zeros(count, dtype=np.bool_),
        mean=np.zeros(count),
        draws=np.zeros((draws, count)),
        error=np.full(count, np.inf),
        prior_mean=0.0,
        prior_sd=0.0,
        because=because,
    )


def shared_errors(comparisons: pl.DataFrame, proven: pl.DataFrame) -> Matrix | None:
    """Correlation of the errors of the estimates, from the standard errors of their differences.

    comparisons: columns provider, other, se, where a null se means that the two share their whole
    error. proven: columns provider, se. Returns (proven, proven) with ones on the diagonal,
    positive semidefinite; None where no pair was compared.
    """
    if comparisons.is_empty():
        return None
    place = {name: at for at, name in enumerate(proven["provider"])}
    se = proven["se"].to_numpy()
    pairs = comparisons.filter(
        pl.col("provider").is_in(list(place)), pl.col("other").is_in(list(place))
    )
    first = np.array([place[name] for name in pairs["provider"]], dtype=np.int64)
    second = np.array([place[name] for name in pairs["other"]], dtype=np.int64)
    apart = pairs["se"].fill_null(0.0).to_numpy()
    covariance = (se[first] ** 2 + se[second] ** 2 - apart**2) / 2
    found = np.eye(len(place))
    found[first, second] = np.clip(covariance / (se[first] * se[second]), -1.0, 1.0)
    found[second, first] = found[first, second]
    root = _root(found)
    return np.asarray(root @ root.T)


def _root(correlation: Matrix) -> Matrix:
    """R with RR' the nearest correlation matrix: published digits may spoil the last eigenvalues,
    and pairs that share their whole error are known only to do so."""
    values, vectors = np.linalg.eigh(correlation)
    root = vectors * np.sqrt(np.maximum(values, 0.0))
    return np.asarray(root / np.linalg.norm(root, axis=1, keepdims=True))


def _errors(
    effective: Vector,
    proven: NDArray[np.bool_],
    prior_sd: float,
    shared: Matrix | None,
    draws: int,
    generator: np.random.Generator,
) -> Matrix:
    """Draws of how far posterior means are from the truth, (draws, providers); see the module."""
    weight = _weight(effective, prior_sd)
    own = generator.standard_normal((draws, len(effective))) * ((1 - weight) * prior_sd)
    noise = generator.standard_normal((draws, int(proven.sum())))
    if shared is not None:
        noise = noise @ _root(shared).T
    own[:, proven] -= noise * (weight * np.where(proven, effective, 0.0))[proven]
    return np.asarray(own)


def _weight(effective: Vector, prior_sd: float) -> Vector:
    """What the release gives an estimate against the prior; 0 where there is no estimate."""
    return np.asarray(prior_sd**2 / (prior_sd**2 + effective**2))


def _through(
    spread: Matrix,
    estimate: Vector,
    effective: Vector,
    prior_sd: float,
    density: tuple[Vector, Vector],
) -> Matrix:
    """Normal draws bent into the posteriors under a prior that is not normal, one provider at a
    time: what is an upper tenth stays one."""
    points, heights = density
    known = np.isfinite(effective)
    sd = np.full(len(effective), prior_sd)
    sd[known] = effective[known] * np.sqrt(_weight(effective[known], prior_sd))
    place = special.ndtr(spread / sd)
    drawn = np.empty_like(spread)
    for at in range(len(effective)):
        seen = (
            likelihood(estimate[[at]], effective[[at]], points)[0]
            if known[at]
            else np.ones_like(points)
        )
        below = integrate.cumulative_trapezoid(seen * heights, points, initial=0)
        drawn[:, at] = np.interp(place[:, at] * below[-1], below, points)
    return drawn


def _density(release: Release, indicator: str) -> tuple[Vector, Vector] | None:
    shown = release.tables["prior"].filter(pl.col("indicator") == indicator).sort("effect")
    if shown.is_empty():
        return None
    return shown["effect"].to_numpy(), shown["density"].to_numpy()


def _by_indicator(
    release: Release, everybody: pl.DataFrame
) -> dict[str, tuple[Vector, Vector, Vector]]:
    """Posterior mean of each indicator in its own unit for those in `everybody`, and the ends of
    its interval: as published; where nothing is, the mean and the ends of the prior's density."""
    found = {}
    tail = (1 - release.methodology.design.level) / 2
    for (name,), rows in release.effects.group_by("indicator", maintain_order=True):
        expected = _density(release, str(name))
        if name == COMPOSITE or expected is None:
            continue
        points, heights = expected
        below = integrate.cumulative_trapezoid(heights, points, initial=0)
        mean = integrate.trapezoid(points * heights, points) / below[-1]
        ends = np.interp([tail * below[-1], (1 - tail) * below[-1]], below, points)
        known = everybody.join(rows, on="provider", how="left", maintain_order="left")
        proven = known.select(_is_proven()).to_series().to_numpy()
        found[str(name)] = (
            _values(known, "posterior_mean", proven, float(mean)),
            _values(known, "lower", proven, float(ends[0])),
            _values(known, "upper", proven, float(ends[1])),
        )
    return found


def _everybody(known: pl.Series, asked: Iterable[str]) -> pl.DataFrame:
    """Column provider: those of the release in their numbers' order, then the others."""
    names = sorted(known)
    there = set(names)
    more = sorted(set(asked) - there)
    return pl.DataFrame({"provider": [*names, *more]}, schema={"provider": pl.String})


def _is_proven() -> pl.Expr:
    figures = pl.all_horizontal(pl.col("estimate", "se", "posterior_mean").is_not_null())
    known = pl.col("state").cast(pl.String).is_in(_PROVEN).fill_null(False)
    return (known & figures).alias("proven")


def _values(frame: pl.DataFrame, column: str, known: NDArray[np.bool_], otherwise: float) -> Vector:
    values = frame[column].cast(pl.Float64).to_numpy()
    return np.where(known, values, otherwise)


def _refuse_reported(release: Release) -> None:
    if release.of_levels:
        raise ReleaseProblem(
            text(
                "Release {release} holds levels (shares of n), no effects of training: how much "
                "better services would become cannot be read from it. Plan with a release that "
                "Otdacha made from records (`otdacha publish`), or without one.",
                release=release.id,
            )
        )
    if release.reported:
        raise ReleaseProblem(
            text(
                "The figures of release {release} were made by somebody else: there are no records "
                "behind them that say what training changes in the work of these towns. Plan with "
                "a release that Otdacha made from records (`otdacha publish`), or without one.",
                release=release.id,
            )
        )
