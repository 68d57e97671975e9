"""From estimates to what may be said of each provider, in one call."""

from __future__ import annotations

import numpy as np
import polars as pl

from otdacha.effects.result import ESTIMATED, INSUFFICIENT, Effects
from otdacha.language import text
from otdacha.methodology import Methodology
from otdacha.methodology.counting import EXCLUDED
from otdacha.progress import Progress, silent
from otdacha.ranking.certificate import certify as certified
from otdacha.ranking.comparisons import MOST_COMPARED, Comparisons
from otdacha.ranking.grades import PRICES, grade_path, gradings
from otdacha.ranking.intervals import robust_intervals
from otdacha.ranking.listing import benjamini_hochberg
from otdacha.ranking.rank_ranges import rank_ranges
from otdacha.ranking.result import NOT_COMPARABLE, RANKING, Prior, Ranking
from otdacha.ranking.verdicts import candidates, verdicts

STEPS = 4


def rank(
    effects: Effects,
    methodology: Methodology,
    *,
    indicator: str | None = None,
    covariates: pl.DataFrame | None = None,
    certify: bool = False,
    progress: Progress = silent,
) -> Ranking:
    """Rank the providers of `effects` on one indicator (default: the headline).

    Providers in another state than "estimated", or without a finite estimate, a finite standard
    error above rounding and positive degrees of freedom, stand at the end with nulls: they take no
    part in the prior, the list, the grades or the ranks. A provider that is alone with enough
    evidence has the state "not comparable" and is not ranked either: its estimate stands, but a
    place, a grade and a prior are statements about others. What the methodology's prior, error
    rate, threshold, price of grades and level of rank ranges mean is said in the modules of this
    package (design/method.md §5-§6).

    covariates: the table of providers (column `provider`), where the methodology lets some of its
    columns move the prior mean; the posterior changes with them, the tests do not. certify: bound
    what any other grades would gain, and take better ones that are met on the way
    (`otdacha.ranking.certificate`); for what is published, it takes seconds for hundreds of
    providers. The path of grades over prices is without it.

    Raises KeyError for an indicator that `effects` does not have; MethodologyProblem and
    FileProblem where the covariates that the methodology asks for are not there
    (`otdacha.ranking.covariates.regressors`).
    """
    name = indicator or effects.headline
    known = candidates(effects, name)
    if len(known.rows) < 2:
        return _nobody_to_compare(name, known.given, known.refused)
    estimates, df, scores = known.estimates, known.df, known.scores

    progress(text("Estimating how providers differ"), 0, STEPS)
    found = verdicts(known, methodology, covariates)
    posterior, tests = found.shrunken.posterior, found.tests
    progress(text("Comparing providers with the threshold"), 1, STEPS)
    lower, upper = robust_intervals(
        estimates, found.errors, known.se, scores, found.shrunken.moments, methodology.design.level
    )
    progress(text("Choosing grades"), 2, STEPS)
    beats = posterior.beats()
    grading, *path = gradings(beats, (methodology.list.grade_price, *PRICES))
    if certify:
        grading = certified(beats, grading)
    progress(text("Finding rank ranges"), 3, STEPS)
    ranges = rank_ranges(
        estimates,
        scores,
        df,
        level=methodology.ranks.level,
        draws=methodology.ranks.draws,
        seed=methodology.ranks.seed,
        progress=progress,
    )
    compared = Comparisons(
        tuple(known.rows["provider"]), estimates, df, scores, ranges.surely, beats
    )
    ranked = known.rows.select("provider", "estimate", "se", "df").with_columns(
        posterior_mean=posterior.mean,
        # The linear centre of the robust interval and an NPMLE posterior mean may differ.
        lower=np.minimum(lower, posterior.mean),
        upper=np.maximum(upper, posterior.mean),
        probability_better=found.better,
        p_value=tests.p_values,
        q_value=tests.q_values,
        bh=tests.bh,
        by=tests.by,
        listed=found.listed,
        grade=grading.grades,
        rank_low=ranges.low,
        rank_high=ranges.high,
        rank_low_all=ranges.low_all,
        rank_high_all=ranges.high_all,
        state=pl.lit(ESTIMATED),
    )
    ranked = ranked.sort(
        ["posterior_mean", "estimate", "provider"], descending=[True, True, False]
    ).cast(RANKING)
    return Ranking(
        indicator=name,
        frame=pl.concat([ranked, _unranked(known.given, known.refused)]),
        threshold=tests.threshold,
        null_share=tests.null_share,
        prior=found.shrunken.prior,
        grading=grading.figures,
        grade_path=grade_path(path),
        excluded=_counted(name, known.given, known.refused),
        comparisons=compared if len(known.rows) <= MOST_COMPARED else None,
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
