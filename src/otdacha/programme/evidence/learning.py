"""What training with a provider that nobody has measured would teach, in next year's services.

Some places go to providers without evidence, because next year's choice may be better for it. What
n such places are worth is the knowledge gradient (Frazier, Powell and Dayanik 2008; Gupta and
Miescke 1996): before training, the effect of the provider is N(m, τ²); an estimate with standard
error s(n) will move its posterior mean by a draw with standard deviation

    σ(n) = τ² / √(τ² + s²(n)),

and next year's choice between it and the best alternative, `gap` away, gains on average

    σ f(-gap / σ),    f(z) = z Φ(z) + φ(z),

for every case that the choice decides about. It needs no draws, knows what an estimate of n people
is worth before there is one, and is zero where next year's choice cannot change
(docs/decisions/0031-places-for-learning.md).

How s falls with people and towns is read from the release: `s² = a / people + b / towns`, fitted to
the published providers. The second term is why places in one town teach little however many they
are, and the methodology refuses an effect below `minimum.people` and `minimum.clusters` anyway: up
to there n places teach nothing. So the value is flat, then rises steeply, then bends. A linear
programme can hold it only from above and bent one way: what is given is its concave envelope.

**How a model should count.** A place counts for a provider once. Of the places that are counted, at
most one in `minimum.clusters` may be in one town, `counted in town <= counted / clusters`, with
`counted in town <= places in town`: so they stand in that many towns at least, and places that a
town takes beyond its part are not counted as teaching anything. Between nothing and `least` the
envelope promises what fewer places cannot give: a plan should take none or at least `least`. Values
of several providers are added as if each alone could change the choice, which is from above where
they teach the same topic.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy import optimize, special

from otdacha.methodology import Minimum
from otdacha.programme.evidence.posterior import Evidence
from otdacha.release.release import Release
from otdacha.release.states import State

Vector = NDArray[np.float64]

PIECES = 8
ENOUGH_TO_FIT = 8
"""Published providers, below which one figure cannot be told into two."""

_ROUNDS = 20
_FINE = 512


@dataclass(frozen=True)
class ErrorLaw:
    """s² = per_person / people + per_town / towns, in the headline's unit squared.

    followed: people whose work is on record afterwards, as a share of places. fitted_on: published
    providers behind it; with none, nothing can be said of errors and learning is worth nothing.
    """

    per_person: float
    per_town: float
    followed: float
    fitted_on: int

    def error(self, seats: Vector, towns: float) -> Vector:
        """Standard error of the estimate from places spread evenly over towns; inf from none."""
        people = self.followed * np.asarray(seats, dtype=np.float64)
        with np.errstate(divide="ignore"):
            return np.asarray(np.sqrt(self.per_person / people + self.per_town / towns))


@dataclass(frozen=True)
class LearningValue:
    """Concave and piecewise linear from (0, 0): values[i] at seats[i], (pieces + 1,).

    Unit: the headline's effect times cases, as the benefit of any place. After the last point it
    is flat. least: places below which nothing would be published, in `clusters` towns.
    """

    seats: Vector
    values: Vector
    least: int
    clusters: int

    @property
    def slopes(self) -> Vector:
        """Value of one more place on each piece, falling; (pieces,)."""
        return np.asarray(np.diff(self.values) / np.diff(self.seats))

    def at(self, seats: float) -> float:
        return float(np.interp(seats, self.seats, self.values))


def error_law(release: Release) -> ErrorLaw:
    """How the standard error of the headline falls with people and towns, from what is published.

    Counts that are suppressed leave a provider out.
    """
    shown = release.providers.filter(pl.col("state") == State.PUBLISHED)
    return fit_errors(shown.select("se", "people", "municipalities", "followed"))


def fit_errors(providers: pl.DataFrame) -> ErrorLaw:
    """Fit `s² = a / people + b / towns` by non-negative least squares.

    providers: columns se, people, municipalities, followed (share of people trained; may be null).
    Residuals are weighed by 1 / fitted², since a variance is known in proportion to its size; the
    weights are found in some rounds. Fewer than eight providers cannot tell the two terms apart:
    half of the median `s² people` and `s² towns` is then laid to each.
    """
    known = providers.drop_nulls(["se", "people", "municipalities"]).filter(
        pl.col("people") > 0, pl.col("municipalities") > 0
    )
    share = known["followed"].drop_nulls().median()
    followed = 1.0 if share is None else float(str(share))
    if known.is_empty():
        return ErrorLaw(0.0, 0.0, followed, 0)
    variance = known["se"].to_numpy() ** 2
    people = known["people"].to_numpy().astype(np.float64)
    towns = known["municipalities"].to_numpy().astype(np.float64)
    if len(known) < ENOUGH_TO_FIT:
        return ErrorLaw(
            float(np.median(variance * people)) / 2,
            float(np.median(variance * towns)) / 2,
            followed,
            len(known),
        )
    columns = np.column_stack((1 / people, 1 / towns))
    fitted = np.full(len(variance), variance.mean())
    for _ in range(_ROUNDS):
        (per_person, per_town), _ = optimize.nnls(columns / fitted[:, None], variance / fitted)
        fitted = columns @ (per_person, per_town)
    return ErrorLaw(float(per_person), float(per_town), followed, len(known))


def least_seats(law: ErrorLaw, minimum: Minimum) -> int:
    """Places of which enough people are followed, in enough towns, for an effect to be published.

    minimum: the methodology's `minimum`.
    """
    people = int(np.ceil(minimum.people / law.followed - 1e-9)) if law.followed > 0 else 0
    return max(people, minimum.clusters)


def expected_gain(seats: Vector, law: ErrorLaw, towns: int, prior_sd: float, gap: float) -> Vector:
    """The knowledge gradient for one case: what next year's choice gains on average.

    seats: (n,), with one provider, in `towns` towns. gap: between the provider's mean and that of
    the best alternative; its sign does not matter.
    """
    error = law.error(seats, towns)
    moves = prior_sd**2 / np.sqrt(prior_sd**2 + error**2) if prior_sd > 0 else np.zeros(len(error))
    learnt = moves > 0
    z = np.divide(-abs(gap), moves, out=np.full(len(moves), -np.inf), where=learnt)
    density = np.exp(-(z**2) / 2) / np.sqrt(2 * np.pi)
    tail = np.where(np.isfinite(z), np.where(np.isfinite(z), z, 0.0) * special.ndtr(z), 0.0)
    return np.asarray(np.maximum(moves * (tail + density), 0.0))


def gap_to_best(evidence: Evidence, provider: str, rivals: Iterable[str] | None = None) -> float:
    """How far the best proven alternative stands above the provider, in the headline's unit.

    rivals: those that teach the same topics; without them everybody. To send nobody changes
    nothing, so no alternative is worse than 0. Raises KeyError for a provider that is not known.
    """
    place = {name: at for at, name in enumerate(evidence.providers)}
    asked = place.keys() if rivals is None else rivals
    means = [
        evidence.mean[place[name]]
        for name in asked
        if name != provider and name in place and evidence.proven[place[name]]
    ]
    return float(max([0.0, *means]) - evidence.mean[place[provider]])


def learning_value(
    evidence: Evidence,
    provider: str,
    law: ErrorLaw,
    minimum: Minimum,
    *,
    reach: float,
    most: int,
    rivals: Iterable[str] | None = None,
    pieces: int = PIECES,
) -> LearningValue:
    """What up to `most` counted places with an unproven provider would teach.

    minimum: the methodology's. reach: cases a year that next year's places with it could reach.
    rivals: as in `gap_to_best`. pieces: of the piecewise linear envelope, at most.

    It is zero where nothing can be learnt: the provider is proven, no release says how errors fall,
    or fewer places are on offer than a result needs. Raises KeyError for an unknown provider.
    """
    at = evidence.providers.index(provider) if provider in evidence.providers else None
    if at is None:
        raise KeyError(provider)
    least = least_seats(law, minimum)
    if evidence.proven[at] or evidence.release is None or not law.fitted_on or most < least:
        end = float(max(most, 1))
        return LearningValue(np.array([0.0, end]), np.zeros(2), least, minimum.clusters)
    # closest together at first, where each place teaches most
    seats = np.unique(np.geomspace(least, most, _FINE).round())
    gap = gap_to_best(evidence, provider, rivals)
    gain = reach * expected_gain(seats, law, minimum.clusters, evidence.prior_sd, gap)
    points = _envelope(np.insert(seats, 0, 0.0), np.insert(gain, 0, 0.0))
    chosen = _fewer(*points, pieces)
    return LearningValue(*chosen, least, minimum.clusters)


def _envelope(x: Vector, y: Vector) -> tuple[Vector, Vector]:
    """The corners of the smallest concave function that is nowhere below the points."""
    corners: list[int] = []
    for at in range(len(x)):
        while len(corners) > 1 and _below(x, y, corners[-2], corners[-1], at):
            corners.pop()
        corners.append(at)
    return x[corners], y[corners]


def _below(x: Vector, y: Vector, left: int, middle: int, right: int) -> bool:
    """Whether the middle point lies on the line through the others or under it."""
    rise = (y[right] - y[left]) * (x[middle] - x[left])
    return bool((y[middle] - y[left]) * (x[right] - x[left]) <= rise)


def _fewer(x: Vector, y: Vector, pieces: int) -> tuple[Vector, Vector]:
    """At most `pieces` straight pieces through corners of a concave function, those that stay
    nearest to it. Between their ends they lie below it, never above."""
    points = x.tolist(), y.tolist(), (-np.diff(y) / np.diff(x)).tolist()
    best = [0, len(x) - 1]
    low, high = 0.0, float((y - np.interp(x, x[best], y[best])).max())
    for _ in range(_ROUNDS):
        allowed = (low + high) / 2
        found = _pieces(*points, allowed)
        if len(found) <= pieces + 1:
            best, high = found, allowed
        else:
            low = allowed
    exact = _pieces(*points, 0.0)
    chosen = exact if len(exact) <= pieces + 1 else best
    return x[chosen], y[chosen]


def _pieces(x: list[float], y: list[float], falls: list[float], allowed: float) -> list[int]:
    """Corners at which pieces end that fall short of a concave function by at most `allowed`, each
    as long as it can be, so that they are as few as they can be.

    falls: minus the slope from each corner to the next, which rises.
    """
    ends = [0]
    while ends[-1] < len(x) - 1:
        start = ends[-1]

        def short(end: int, start: int = start) -> float:
            slope = (y[end] - y[start]) / (x[end] - x[start])
            # a concave function is farthest above a chord where it is as steep
            farthest = bisect_left(falls, -slope, start, end)
            return y[farthest] - y[start] - slope * (x[farthest] - x[start])

        # a longer piece falls shorter: the longest is found by bisection
        reach = bisect_right(range(start + 2, len(x)), allowed, key=short)
        ends.append(start + 1 + reach)
    return ends
