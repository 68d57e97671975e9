"""Who takes part in a ranking, and who is better than the threshold: one indicator, one call.

The ranking itself and the sweep over indicator weights (`weights.py`) both start here, so that a
list is made by the same rule wherever it is shown. Covariates and precision move the posterior
only: the threshold and the tests are those of a prior that is the same for all (decision 0012).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from otdacha.effects.result import ESTIMATED, Effects, Scores
from otdacha.methodology import Methodology
from otdacha.ranking.covariates import regressors
from otdacha.ranking.effective_error import effective_error
from otdacha.ranking.listing import Tests, posterior_set, test
from otdacha.ranking.normal import moments
from otdacha.ranking.shrinkage import Shrunken, shrink

Vector = NDArray[np.float64]

_LARGEST = 1e30
"""Fourth powers of standard errors are taken, and their draws are in single precision."""
_ROUNDING = 1e-14
"""Of an estimate: its last digits."""
_NOTHING = 1e-6
"""Of the median standard error: no figure about people is a million times surer than the usual,
and one that is a million times less sure says nothing."""
_LEAST_DF = 1 - 1e-6
"""With less, t has tails that no interval covers."""


@dataclass(frozen=True)
class Candidates:
    """The providers that can be ranked on one indicator.

    given: the estimates of all providers. refused: why each of them cannot be ranked, null where it
    can. rows: the estimates of those that can; estimates, se, df (infinite where the distribution
    is normal): their (providers,) arrays; scores: their ψ (clusters, providers).
    """

    given: pl.DataFrame
    refused: pl.Series
    rows: pl.DataFrame
    estimates: Vector
    se: Vector
    df: Vector
    scores: Scores


@dataclass(frozen=True)
class Verdicts:
    """Posteriors and tests of candidates, (candidates,) each.

    errors: effective standard errors. better: P(θ > δ), δ the tests' threshold. listed: whether
    both rules of the list agree on it.
    """

    errors: Vector
    shrunken: Shrunken
    tests: Tests
    better: Vector
    listed: NDArray[np.bool_]


def candidates(effects: Effects, indicator: str) -> Candidates:
    """Who can be ranked on `indicator`; KeyError where `effects` has no such indicator."""
    scores = effects.scores[indicator]
    given = effects.of(indicator)
    refused = _refused(given)
    chosen = np.flatnonzero(refused.is_null().to_numpy())
    rows = given[chosen]
    return Candidates(
        given,
        refused,
        rows,
        estimates=rows["estimate"].to_numpy().astype(np.float64),
        se=rows["se"].to_numpy().astype(np.float64),
        df=rows["df"].fill_null(np.inf).to_numpy().astype(np.float64),
        scores=scores[:, chosen],
    )


def verdicts(
    known: Candidates, methodology: Methodology, covariates: pl.DataFrame | None = None
) -> Verdicts:
    """Shrink at least two candidates and decide who is listed.

    covariates: the table of providers, where the methodology asks for its columns.
    """
    settings, design = methodology.shrinkage, methodology.design
    columns = regressors(known.rows["provider"].to_list(), covariates, settings.covariates)
    errors = effective_error(known.se, known.df, design.level)
    shrunken = shrink(known.estimates, known.se, errors, known.df, known.scores, columns, settings)
    tests = test(
        known.estimates,
        known.se,
        known.df,
        known.scores,
        against=methodology.list.against,
        prior=moments(known.estimates, known.se, known.scores),
    )
    better = shrunken.posterior.above(tests.threshold)
    rate = methodology.list.error_rate
    # an error rate of the whole list leaves room for a member that is probably wrong: not here
    listed = (tests.q_values <= rate) & posterior_set(1 - better, rate) & (better > 0.5)
    return Verdicts(errors, shrunken, tests, better, listed)


def _refused(given: pl.DataFrame) -> pl.Series:
    """Why each row cannot be ranked: a code of `reasons`, its state, or null where it can.

    A standard error that is rounding next to its own estimate, or next to the others' errors, is
    zero in all but name: it would make its provider the one thing that is certain. One that dwarfs
    the others' is infinite in all but name.
    """
    estimate, se, df = pl.col("estimate"), pl.col("se"), pl.col("df")
    is_free = ((df >= _LEAST_DF) & df.is_not_nan()).fill_null(True)
    least = pl.max_horizontal(_ROUNDING * estimate.abs(), 1 / _LARGEST)
    told = (pl.col("state") == ESTIMATED) & _within(estimate) & _within(se) & (se > least) & is_free
    usual = se.filter(told).median()
    is_error = _within(se) & (se > least) & se.is_between(_NOTHING * usual, usual / _NOTHING)
    return given.select(
        pl.when(pl.col("state") != ESTIMATED)
        .then(pl.col("state"))
        .when(~_within(estimate))
        .then(pl.lit("no_estimate"))
        .when(~is_error.fill_null(False))
        .then(pl.lit("no_standard_error"))
        .when(~is_free)
        .then(pl.lit("no_degrees_of_freedom"))
        .otherwise(pl.lit(None, pl.String))
        .alias("refused")
    )["refused"]


def _within(figure: pl.Expr) -> pl.Expr:
    """A figure that is known, finite, and not so large that its powers are infinite."""
    return (figure.is_finite() & (figure.abs() < _LARGEST)).fill_null(False)
