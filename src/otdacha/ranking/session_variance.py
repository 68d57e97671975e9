"""How much true effects of providers vary, read from sessions that have nothing in common.

A provider's exposure is split into quarters: half of its places by half of its sessions. Two
opposite quarters share neither a place nor a session, so their errors share only the comparison
units, and what they agree on across providers is what the provider itself does. The variance of
true effects is the weighted covariance of opposite quarters over providers, less the shared noise
(`otdacha.ranking.net_covariance`). Standard errors enter only through weights: wrong ones cost
precision, no bias (method.md §5; the idea of Kane and Staiger 2008, who use classrooms of
different years).

It assumes that errors of different places are independent but for the comparison units, that
which places and sessions fall into which quarter has nothing to do with effects, and that a
provider's true effect is the same in all of its quarters: what differs from town to town or from
course to course is not counted as a difference between providers. Where errors are shared above
the cluster, `apart` must name the level at which they are not.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from otdacha.effects import Effects, impute
from otdacha.effects.cells import Ints
from otdacha.effects.result import ESTIMATED
from otdacha.effects.sessions import APART, quarters, with_sessions
from otdacha.errors import NothingToEstimate
from otdacha.language import Text, text
from otdacha.methodology import Methodology
from otdacha.ranking.net_covariance import net_covariance, same_group
from otdacha.ranking.normal import moments

Vector = NDArray[np.float64]
Matrix = NDArray[np.float64]

LEAST_PROVIDERS = 5
"""Below this a variance over providers, and more so its jackknife, says nothing."""


@dataclass(frozen=True)
class SessionVariance:
    """The variance of true effects by two roads, in the squared unit of the headline's estimates.

    variance, se: from opposite quarters and its jackknife over providers; unbiased and therefore
        possibly below zero; nan where it cannot be known. moments: τ² of `ranking.normal` before
        its floor, from standard errors. providers: with a pair of opposite quarters; pairs: how
        many pairs. left_out: ranked providers without such a pair. reason: why there is none.
    """

    variance: float
    se: float
    moments: float
    providers: int
    pairs: int
    left_out: tuple[str, ...]
    reason: Text | None = None

    @property
    def figures(self) -> dict[str, float]:
        """The two side by side, as diagnostics show them."""
        return {
            "variance_from_sessions": self.variance,
            "se_of_variance_from_sessions": self.se,
            "variance_from_standard_errors": self.moments,
            "providers": float(self.providers),
        }


def session_variance(
    cells: pl.DataFrame,
    exposure: pl.DataFrame,
    effects: Effects,
    methodology: Methodology,
    *,
    apart: str | None = None,
) -> SessionVariance:
    """σ²_θ from covariances between sessions, beside τ² from standard errors.

    cells, exposure: frames as in `otdacha.panel.frames`; effects: design A's of the same frames.
    Providers that `effects` calls insufficient take no part. apart: the column of `cells` whose
    values share no errors; default: municipality where there is one, else cluster.
    """
    whole = effects.of()
    known = (whole["state"] == ESTIMATED).to_numpy() & (whole["se"].fill_null(0) > 0).to_numpy()
    ranked = tuple(whole.filter(pl.Series(known))["provider"])
    if len(ranked) < LEAST_PROVIDERS:
        return _unknown(np.nan, ranked)
    spread = moments(
        whole["estimate"].to_numpy()[known],
        whole["se"].to_numpy()[known],
        np.asarray(effects.scores[effects.headline])[:, known],
    )
    dated = with_sessions(exposure, methodology.design.horizon_months)
    level = apart or ("municipality" if "municipality" in cells.columns else "cluster")
    parts = quarters(dated, cells.select("unit", place=level).unique("unit"))
    # Quarters of different providers do meet in a place, so their noise is counted by place,
    # whatever the clusters are.
    by_place = cells.with_columns(cluster=pl.col(level))
    try:
        of_parts = impute(by_place, parts.exposure, _for_parts(methodology))
    except NothingToEstimate:
        return _unknown(spread.spread, ranked)
    pairs = _pairs(of_parts, parts.key, ranked)
    if len(pairs.names) < LEAST_PROVIDERS:
        return _unknown(spread.spread, ranked)
    weights = 1 / ((spread.variance + pairs.noise_a) * (spread.variance + pairs.noise_b))
    common = net_covariance(
        pairs.a, pairs.b, weights, pairs.scores_a, pairs.scores_b, pairs.provider
    )
    found = common / same_group(weights, pairs.provider)
    return SessionVariance(
        variance=found.value,
        se=found.se,
        moments=spread.spread,
        providers=len(pairs.names),
        pairs=len(pairs.a),
        left_out=tuple(name for name in ranked if name not in pairs.names),
    )


@dataclass(frozen=True)
class _Pairs:
    """Pairs of opposite quarters: estimates, variances as their size foretells, ψ (clusters,
    pairs), the provider of each pair as a place in `names`."""

    a: Vector
    b: Vector
    noise_a: Vector
    noise_b: Vector
    scores_a: Matrix
    scores_b: Matrix
    provider: Ints
    names: tuple[str, ...]


def _pairs(effects: Effects, key: pl.DataFrame, ranked: tuple[str, ...]) -> _Pairs:
    table = effects.of()
    column = {name: place for place, name in enumerate(effects.providers)}
    estimated = (table["state"] == ESTIMATED).to_numpy()
    ids = dict(zip(zip(key["part"], key["provider"], strict=True), key["id"], strict=True))
    found = [
        (provider, column[ids[one, provider]], column[ids[other, provider]])
        for provider in ranked
        for one, other in APART
        if (one, provider) in ids and (other, provider) in ids
    ]
    found = [(name, i, j) for name, i, j in found if estimated[i] and estimated[j]]
    names = tuple(dict.fromkeys(name for name, _, _ in found))
    first = np.array([i for _, i, _ in found], dtype=np.int64)
    second = np.array([j for _, _, j in found], dtype=np.int64)
    estimate = table["estimate"].fill_null(np.nan).to_numpy()
    scores = np.asarray(effects.scores[effects.headline])
    noise = _noise_by_size(table, estimated)
    return _Pairs(
        a=estimate[first],
        b=estimate[second],
        noise_a=noise[first],
        noise_b=noise[second],
        scores_a=scores[:, first],
        scores_b=scores[:, second],
        provider=np.array([names.index(name) for name, _, _ in found], dtype=np.int64),
        names=names,
    )


def _noise_by_size(table: pl.DataFrame, estimated: NDArray[np.bool_]) -> Vector:
    """Each part's variance as its number of clusters foretells: of two or three clusters alone it
    is known too badly to weigh by."""
    clusters = np.maximum(table["clusters"].to_numpy(), 1)
    variance = table["se"].fill_null(0).to_numpy() ** 2
    of_one = float(np.mean((variance * clusters)[estimated])) if estimated.any() else 0.0
    return np.asarray(of_one / clusters)


def _for_parts(methodology: Methodology) -> Methodology:
    """A part is no provider and is not published: it needs a variance, no more."""
    minimum = methodology.minimum.model_copy(update={"clusters": 2, "degrees_of_freedom": 1.0})
    return methodology.model_copy(update={"minimum": minimum})


def _unknown(spread: float, ranked: tuple[str, ...]) -> SessionVariance:
    return SessionVariance(
        variance=np.nan,
        se=np.nan,
        moments=spread,
        providers=0,
        pairs=0,
        left_out=ranked,
        reason=text(
            "Too few providers have trained in several courses and in four or more municipalities, "
            "so differences between providers cannot be read from courses that have nothing in "
            "common."
        ),
    )
