"""What an earlier day foretells of each provider: by the ranking, by raw means, by nobody.

Each predictor carries the scores of its errors, cluster by cluster, so that the noise it shares
with later estimates is known.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from otdacha.effects import Effects
from otdacha.effects.composite import factors, known_weights
from otdacha.effects.result import COMPOSITE, ESTIMATED
from otdacha.methodology import Methodology
from otdacha.ranking.effective_error import effective_error
from otdacha.ranking.normal import Moments, moments
from otdacha.ranking.result import Ranking

Vector = NDArray[np.float64]
Matrix = NDArray[np.float64]

POSTERIOR_MEAN, RAW_MEAN, EVERYONE_AVERAGE = "posterior_mean", "raw_mean", "everyone_average"


@dataclass(frozen=True)
class Predictor:
    """values (providers,); scores: ψ of their errors (clusters, providers), as if the prior were
    known."""

    name: str
    values: Vector
    scores: Matrix


@dataclass(frozen=True)
class Earlier:
    """An earlier day's effects and ranking, and the prior behind it.

    columns: the ranked providers' places in `effects`. spread: their prior's moments.
    average_score (clusters,): ψ of the mean μ.
    """

    effects: Effects
    ranking: Ranking
    columns: NDArray[np.int64]
    spread: Moments
    average_score: Vector

    @property
    def providers(self) -> tuple[str, ...]:
        """The ranked providers, by name."""
        return tuple(self.effects.providers[column] for column in self.columns)


def earlier(effects: Effects, ranking: Ranking) -> Earlier | None:
    """The earlier day as it is asked here; None where it ranked nobody."""
    ranked = set(ranking.frame.filter(pl.col("state") == ESTIMATED)["provider"])
    columns = np.array(
        [column for column, name in enumerate(effects.providers) if name in ranked], dtype=np.int64
    )
    if not ranked:
        return None
    table = effects.of()[columns]
    scores = np.asarray(effects.scores[effects.headline])[:, columns]
    spread = moments(table["estimate"].to_numpy(), table["se"].to_numpy(), scores)
    return Earlier(effects, ranking, columns, spread, scores @ spread.weights)


def by_ranking(then: Earlier, methodology: Methodology) -> Predictor:
    """The posterior means of all ranked providers, as `rank` gave them.

    Their errors are those of linear shrinkage, `w θ̂_j + (1 − w) μ̂`, to which a normal prior is
    equal and an NPMLE is near.
    """
    table = then.effects.of()[then.columns]
    df = table["df"].fill_null(np.inf).to_numpy()
    errors = effective_error(table["se"].to_numpy(), df, methodology.design.level)
    kept = then.spread.variance / (then.spread.variance + errors**2)
    own = np.asarray(then.effects.scores[then.effects.headline])[:, then.columns]
    said = then.ranking.frame.select("provider", "posterior_mean")
    values = table.select("provider").join(said, on="provider", maintain_order="left")
    return Predictor(
        POSTERIOR_MEAN,
        values["posterior_mean"].to_numpy(),
        own * kept + np.outer(then.average_score, 1 - kept),
    )


def by_everyone(then: Earlier) -> Predictor:
    """The mean effect of all ranked providers, for each of them."""
    count = len(then.columns)
    return Predictor(
        EVERYONE_AVERAGE,
        np.full(count, then.spread.mean),
        np.outer(then.average_score, np.ones(count)),
    )


def by_raw_means(
    then: Earlier,
    cells: pl.DataFrame,
    exposure: pl.DataFrame,
    weights: Vector,
    methodology: Methodology,
) -> Predictor:
    """How well the providers' people did after training, as a table without comparison shows it.

    The mean over the cases in exposed cells, in the headline's unit: of the composite, the weighted
    sum in the same standard deviations. cells, exposure: of the earlier day. weights (ranked
    providers,): the mean of the raw means with these weights is put at the average effect.
    A provider without cases on a weighted indicator has nan.
    """
    C, J = len(then.effects.clusters), len(then.columns)
    level, scores = np.zeros(J), np.zeros((C, J))
    for name, factor in _factors(then.effects, methodology).items():
        sums = _exposed_sums(cells, exposure, name, then, methodology)
        cluster, provider = sums["cluster_code"].to_numpy(), sums["provider_code"].to_numpy()
        cases, total = np.zeros((C, J)), np.zeros((C, J))
        cases[cluster, provider] = sums["cases"].to_numpy()
        total[cluster, provider] = sums["total"].to_numpy()
        every = np.where(cases.sum(0) > 0, cases.sum(0), np.nan)
        mean = total.sum(0) / every
        level += factor * mean
        scores += factor * (total - cases * mean) / every
    share = weights / weights.sum()
    return Predictor(
        RAW_MEAN,
        level - share @ level + then.spread.mean,
        scores - (scores @ share)[:, None] + then.average_score[:, None],
    )


def _factors(effects: Effects, methodology: Methodology) -> dict[str, float]:
    """What each indicator is multiplied by in the headline."""
    if effects.headline != COMPOSITE:
        return {effects.headline: 1.0}
    return factors(effects.scales, known_weights(effects.scales, methodology))


def _exposed_sums(
    cells: pl.DataFrame,
    exposure: pl.DataFrame,
    indicator: str,
    then: Earlier,
    methodology: Methodology,
) -> pl.DataFrame:
    """cluster_code, provider_code, cases and their signed total: sums over exposed cells."""
    known = methodology.indicator(indicator)
    clusters = pl.DataFrame({"cluster": then.effects.clusters}).with_row_index("cluster_code")
    ranked = pl.DataFrame({"provider": then.providers}).with_row_index("provider_code")
    share = pl.col("share")
    return (
        cells.filter(
            (pl.col("indicator") == indicator)
            & (pl.col("status") == "exposed")
            & (pl.col("n") > 0)
            & pl.col("total").cast(pl.Float64).is_finite()
        )
        .join(exposure.with_columns(pl.col("provider").cast(pl.String)), on=["unit", "month"])
        .group_by(pl.col("cluster").cast(pl.String), "provider")
        .agg(
            cases=(share * pl.col("n")).sum(),
            total=(share * pl.col("total")).sum() * known.sign * known.resolution,
        )
        .join(clusters, on="cluster")
        .join(ranked, on="provider")
    )
