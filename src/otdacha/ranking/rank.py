"""From estimates to what may be said of each provider, in one call."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import polars as pl
from numpy.typing import NDArray

from otdacha.effects.result import ESTIMATED, INSUFFICIENT, Effects
from otdacha.language import text
from otdacha.methodology import Methodology
from otdacha.methodology.counting import EXCLUDED
from otdacha.progress import Progress, silent
from otdacha.ranking.effective_error import effective_error
from otdacha.ranking.grades import grade
from otdacha.ranking.intervals import robust_intervals
from otdacha.ranking.listing import benjamini_hochberg, posterior_set, test
from otdacha.ranking.normal import Moments, moments
from otdacha.ranking.npmle import Mixture, npmle
from otdacha.ranking.posterior import Posterior, grid_posterior, normal_posterior
from otdacha.ranking.rank_ranges import rank_ranges
from otdacha.ranking.result import NOT_COMPARABLE, RANKING, Prior, Ranking

Vector = NDArray[np.float64]

STEPS = 4
PICTURE_POINTS = 201


def rank(
    effects: Effects,
    methodology: Methodology,
    *,
    indicator: str | None = None,
    progress: Progress = silent,
) -> Ranking:
    """Rank the providers of `effects` on one indicator (default: the headline).

    Providers in another state than "estimated", or without a finite estimate and a positive finite
    standard error, stand at the end with nulls: they take no part in the prior, the list, the
    grades or the ranks. A provider that is alone with enough evidence has the state "not
    comparable" and is not ranked either: its estimate stands, but a place, a grade and a prior are
    statements about others. What the methodology's prior, error rate, threshold, price of grades
    and level of rank ranges mean is said in the modules of this package (design/method.md §5-§6).

    Raises KeyError for an indicator that `effects` does not have.
    """
    name = indicator or effects.headline
    scores = effects.scores[name]
    given = effects.of(name)
    refused = _refused(given)
    chosen = np.flatnonzero(refused.is_null().to_numpy())
    if len(chosen) < 2:
        return _nobody_to_compare(name, given, refused)

    rankable = given[chosen]
    estimates = rankable["estimate"].to_numpy().astype(np.float64)
    se = rankable["se"].to_numpy().astype(np.float64)
    df = rankable["df"].fill_null(np.inf).to_numpy().astype(np.float64)
    scores = scores[:, chosen]
    errors = effective_error(se, df, methodology.design.level)

    progress(text("Estimating how providers differ"), 0, STEPS)
    spread = moments(estimates, se, scores)
    posterior, prior = _shrunken(estimates, se, errors, spread, methodology)
    progress(text("Comparing providers with the threshold"), 1, STEPS)
    lower, upper = robust_intervals(estimates, errors, se, scores, spread, methodology.design.level)
    tests = test(estimates, se, df, scores, against=methodology.list.against, prior=spread)
    better = posterior.above(tests.threshold)
    rate = methodology.list.error_rate
    listed = (tests.q_values <= rate) & posterior_set(1 - better, rate)
    progress(text("Choosing grades"), 2, STEPS)
    grading = grade(posterior.beats(), methodology.list.grade_price)
    progress(text("Finding rank ranges"), 3, STEPS)
    low, high = rank_ranges(
        estimates,
        scores,
        df,
        level=methodology.ranks.level,
        draws=methodology.ranks.draws,
        seed=methodology.ranks.seed,
        progress=progress,
    )
    ranked = rankable.select("provider", "estimate", "se", "df").with_columns(
        posterior_mean=posterior.mean,
        # The linear centre of the robust interval and an NPMLE posterior mean may differ.
        lower=np.minimum(lower, posterior.mean),
        upper=np.maximum(upper, posterior.mean),
        probability_better=better,
        p_value=tests.p_values,
        q_value=tests.q_values,
        bh=tests.bh,
        by=tests.by,
        listed=listed,
        grade=grading.grades,
        rank_low=low,
        rank_high=high,
        state=pl.lit(ESTIMATED),
    )
    ranked = ranked.sort(
        ["posterior_mean", "estimate", "provider"], descending=[True, True, False]
    ).cast(RANKING)
    return Ranking(
        indicator=name,
        frame=pl.concat([ranked, _unranked(given, refused)]),
        threshold=tests.threshold,
        null_share=tests.null_share,
        prior=prior,
        grading=grading.figures,
        excluded=_counted(name, given, refused),
    )


def told_apart(ranking: Ranking, error_rate: float) -> tuple[str, ...]:
    """The providers that differ from the threshold on either side, best first.

    Benjamini-Hochberg over two-sided p-values at `error_rate`. To call somebody better is more than
    to tell them apart: that is `Ranking.listed`.
    """
    known = ranking.frame.drop_nulls("p_value")
    p_values = known["p_value"].to_numpy()
    two_sided = benjamini_hochberg(2 * np.minimum(p_values, 1 - p_values))
    return tuple(known.filter(pl.Series(two_sided <= error_rate))["provider"])


def _refused(given: pl.DataFrame) -> pl.Series:
    """Why each row cannot be ranked: a code of `reasons`, its state, or null where it can."""
    estimate, se = pl.col("estimate"), pl.col("se")
    return given.select(
        pl.when(pl.col("state") != ESTIMATED)
        .then(pl.col("state"))
        .when(~estimate.is_finite().fill_null(False))
        .then(pl.lit("no_estimate"))
        .when(~(se.is_finite() & (se > 0)).fill_null(False))
        .then(pl.lit("no_standard_error"))
        .otherwise(pl.lit(None, pl.String))
        .alias("refused")
    )["refused"]


def _shrunken(
    estimates: Vector, se: Vector, errors: Vector, spread: Moments, methodology: Methodology
) -> tuple[Posterior, Prior]:
    """The posterior under the methodology's prior, and that prior as it is shown."""
    figures: dict[str, float] = {
        "mean": spread.mean,
        "variance": spread.variance,
        "variance_before_floor": spread.spread,
    }
    if methodology.shrinkage.prior == "normal":
        return normal_posterior(estimates, errors, spread), _pictured(spread, figures)
    mixture = npmle(estimates, se, points=methodology.shrinkage.grid, gap=methodology.shrinkage.gap)
    step = float(np.ptp(estimates)) / (methodology.shrinkage.grid - 1)
    figures |= {
        "gap": mixture.gap,
        "steps": float(mixture.steps),
        "grid_step_in_smallest_se": step / float(se.min()),
    }
    return grid_posterior(estimates, errors, mixture), _as_prior(mixture, figures)


def _pictured(spread: Moments, figures: Mapping[str, float]) -> Prior:
    sd = spread.variance**0.5
    deviates = np.linspace(-4, 4, PICTURE_POINTS)
    weights = np.exp(-(deviates**2) / 2)
    return Prior(
        "normal", spread.mean + sd * deviates, weights / weights.sum(), spread.mean, sd, figures
    )


def _as_prior(mixture: Mixture, figures: Mapping[str, float]) -> Prior:
    mean = float(mixture.weights @ mixture.points)
    sd = float(mixture.weights @ (mixture.points - mean) ** 2) ** 0.5
    return Prior("npmle", mixture.points, mixture.weights, mean, sd, figures)


def _nobody_to_compare(indicator: str, given: pl.DataFrame, refused: pl.Series) -> Ranking:
    """A ranking that ranks nobody, because at most one provider could be."""
    alone = refused.fill_null("nothing_to_compare_with")
    return Ranking(
        indicator=indicator,
        frame=_unranked(given, alone),
        threshold=0.0,
        null_share=1.0,
        prior=Prior("none", np.empty(0), np.empty(0), 0.0, 0.0, {}),
        grading={},
        excluded=_counted(indicator, given, alone),
    )


def _unranked(given: pl.DataFrame, refused: pl.Series) -> pl.DataFrame:
    """Rows that are not ranked, by name: what is known of them, and nulls."""
    state = (
        pl.when(refused == "nothing_to_compare_with")
        .then(pl.lit(NOT_COMPARABLE))
        .when(pl.col("state") == ESTIMATED)
        .then(pl.lit(INSUFFICIENT))
        .otherwise(pl.col("state"))
    )
    rows = given.with_columns(state=state).filter(refused.is_not_null())
    missing = [name for name in RANKING if name not in ("provider", "estimate", "se", "df")]
    return (
        rows.with_columns(pl.lit(None).alias(name) for name in missing if name != "state")
        .with_columns(listed=pl.lit(False))
        .select(RANKING.names())
        .cast(RANKING)
        .sort("provider")
    )


def _counted(indicator: str, given: pl.DataFrame, refused: pl.Series) -> pl.DataFrame:
    """Providers that had an estimate and were refused here; the others were counted before."""
    return (
        given.with_columns(refused.alias("reason"))
        .filter((pl.col("state") == ESTIMATED) & pl.col("reason").is_not_null())
        .select(
            stage=pl.lit("ranking"),
            reason=pl.col("reason"),
            indicator=pl.lit(indicator),
            provider=pl.col("provider"),
            rows=pl.lit(1, pl.Int64),
        )
        .cast(EXCLUDED)
    )
