"""Does the ranking predict? What a release at an earlier day would have said, and what came later.

The ranking of the cut month T is made from the months until T and nothing else. What came later is
estimated on all months, from the sessions that began after T; sessions that began until T have
effects of their own there and do not enter it. Three predictors of a provider's later effect are
compared (method.md §8):

- `posterior_mean`: what the ranking at T says;
- `raw_mean`: how well the provider's people did after training until T. Differences between
  providers are read as they stand, as the readers of such a table do; their mean is moved to the
  average effect, so the table is not blamed for speaking of levels. It is not rescaled: the best
  scale is known only after the event;
- `everyone_average`: the average effect at T for everybody.

Later estimates are noisy, with variance s². Providers weigh 1 / (τ² + s²), τ² from the ranking at
T, about the variance of a later estimate around what was foretold. Noise that earlier and later
figures share (comparison units, town shocks that last) moves the slope; its covariance is known
from ψ of both and is taken off, and s² and that covariance are taken off the squared errors.

Intervals are those of a jackknife over providers, with t quantiles. The slope's variance has the
later estimates' errors that providers share added, g_j g_k V_jk over all pairs of providers, where
g are its weights in the later estimates: a jackknife takes providers for independent.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy import stats

from otdacha.effects import Effects, impute
from otdacha.effects.result import ESTIMATED
from otdacha.effects.sessions import (
    LATE,
    balanced_cut,
    early_and_late,
    in_scales_of,
    with_sessions,
)
from otdacha.errors import NothingToEstimate
from otdacha.language import Text, text
from otdacha.methodology import Methodology
from otdacha.methodology.counting import EXCLUDED
from otdacha.ranking.net_covariance import Jackknifed, net_covariance, weighted_mean
from otdacha.ranking.predictors import (
    EVERYONE_AVERAGE,
    POSTERIOR_MEAN,
    Earlier,
    Predictor,
    by_everyone,
    by_ranking,
    by_raw_means,
    earlier,
)
from otdacha.ranking.rank import rank
from otdacha.ranking.result import Ranking

Vector = NDArray[np.float64]
Matrix = NDArray[np.float64]

TESTED, NOT_TESTABLE = "tested", "not_testable"

PREDICTED = pl.Schema(
    {
        "provider": pl.String,
        "predicted": pl.Float64,  # posterior mean at the cut, unit of the headline then
        "raw_mean": pl.Float64,  # differences of raw levels, moved to the average effect
        "everyone_average": pl.Float64,
        "realised": pl.Float64,  # estimate from the sessions after the cut
        "realised_se": pl.Float64,
        "weight": pl.Float64,  # weights sum to one
        "listed_then": pl.Boolean,
        "listed_later": pl.Boolean,
    }
)

FIGURES = pl.Schema(
    {
        "predictor": pl.String,  # posterior_mean | raw_mean | everyone_average
        "measure": pl.String,
        "value": pl.Float64,  # null: there is none (the list was empty)
        "lower": pl.Float64,  # interval at the methodology's level; null: none is given
        "upper": pl.Float64,
    }
)
"""Measures. slope: of realised on predicted, 1 if unbiased. rank_correlation: Spearman's, with the
noise of the realised left in. mean_squared_error: of the prediction, net of the noise of the
realised, so it may fall below zero. excess_error: that less the posterior mean's, paired.
stays_listed, stays_above: the share of the list at the cut that is on the list of the later
sessions, and whose later estimate is above that list's threshold."""


@dataclass(frozen=True)
class Prediction:
    """What the ranking at the cut foretold, against what came later.

    state: "tested" or "not_testable". sentence: the result, or why there is none. cut: the last
    month that the earlier ranking knows. providers: how many are compared. frame: one row for each
    (schema `PREDICTED`), best predicted first. figures: schema `FIGURES`. excluded: providers that
    could not be compared, by reason (schema `otdacha.methodology.counting.EXCLUDED`).
    """

    state: str
    sentence: Text
    cut: dt.date | None = None
    providers: int = 0
    frame: pl.DataFrame = field(default_factory=PREDICTED.to_frame)
    figures: pl.DataFrame = field(default_factory=FIGURES.to_frame)
    excluded: pl.DataFrame = field(default_factory=EXCLUDED.to_frame)

    def figure(self, measure: str, predictor: str = POSTERIOR_MEAN) -> dict[str, float | None]:
        """value, lower and upper of one measure; KeyError where there is none."""
        return _figure(self.figures, measure, predictor)


def prediction_check(
    cells: pl.DataFrame,
    exposure: pl.DataFrame,
    methodology: Methodology,
    *,
    reach: pl.DataFrame | None = None,
    covariates: pl.DataFrame | None = None,
) -> Prediction:
    """Rank at the cut, estimate what came later, and compare.

    cells, exposure, reach: frames as in `otdacha.panel.frames`, as `impute` takes them. The cut is
    `prediction.cut` of the methodology, else the month that leaves as much exposure until then as
    in sessions after it. Statuses of months stay as they are. Reach is that of all months: a
    provider that has trained too few people until today is not compared. covariates: as in `rank`.

    Want of evidence is no error: the state is then "not_testable", and the sentence says why.
    """
    dated = with_sessions(exposure, methodology.design.horizon_months)
    cut = methodology.prediction.cut or balanced_cut(dated, cells)
    if cut is None:
        return _not_testable(
            text("there is no month with trained staff before it and courses after it.")
        )
    until_cut = cells.filter(pl.col("month") <= cut), exposure.filter(pl.col("month") <= cut)
    parts = early_and_late(dated, cut)
    try:
        then = impute(*until_cut, methodology, reach=reach)
        of_parts = impute(cells, parts.exposure, methodology, reach=parts.reach(reach))
    except NothingToEstimate as fault:
        return _not_testable(fault.message, cut)
    if then.headline != of_parts.headline:
        return _not_testable(text("earlier records show other indicators than later ones."), cut)

    later = parts.of(in_scales_of(of_parts, then, methodology), LATE)
    ranking, later_ranking = (
        rank(effects, methodology, covariates=covariates) for effects in (then, later)
    )
    excluded = _excluded(exposure, ranking, later)
    day = earlier(then, ranking)
    known = _known(day, later) if day else []
    if day is None or len(known) < methodology.prediction.providers:
        few = text(
            "{known} providers can be judged both from the months until {month} and from courses "
            "after it, and {needed} are needed.",
            known=len(known),
            needed=methodology.prediction.providers,
            month=_month(cut),
        )
        return _not_testable(few, cut, excluded)

    came = _came_later(later, known, day.spread.variance)
    place = {name: column for column, name in enumerate(day.providers)}
    columns = np.array([place[name] for name in known], dtype=np.int64)
    weights = np.zeros(len(place))
    weights[columns] = came.weights
    predictors = [
        _matched(predictor, columns, then.clusters, later.clusters)
        for predictor in (
            by_ranking(day, methodology),
            by_raw_means(day, *until_cut, weights, methodology),
            by_everyone(day),
        )
    ]
    figures = pl.concat(
        [
            _figures(predictors, came, methodology.design.level),
            _list_figures(ranking, later_ranking, known),
        ]
    )
    return Prediction(
        state=TESTED,
        sentence=_sentence(figures, cut),
        cut=cut,
        providers=len(known),
        frame=_frame(known, predictors, came, ranking, later_ranking),
        figures=figures,
        excluded=excluded,
    )


@dataclass(frozen=True)
class _CameLater:
    """Later estimates, their standard errors, ψ (clusters, providers), weights that sum to one."""

    estimate: Vector
    se: Vector
    scores: Matrix
    weights: Vector


def _known(day: Earlier, later: Effects) -> list[str]:
    """Providers ranked at the cut and estimated from sessions after it, by name."""
    estimated = later.of().filter((pl.col("state") == ESTIMATED) & (pl.col("se") > 0))
    return sorted(set(day.providers) & set(estimated["provider"]))


def _came_later(later: Effects, known: list[str], variance: float) -> _CameLater:
    place = {name: column for column, name in enumerate(later.providers)}
    columns = [place[name] for name in known]
    table = later.of()[columns]
    se = table["se"].to_numpy()
    weights = 1 / (variance + se**2)
    return _CameLater(
        estimate=table["estimate"].to_numpy(),
        se=se,
        scores=np.asarray(later.scores[later.headline])[:, columns],
        weights=weights / weights.sum(),
    )


def _matched(
    predictor: Predictor,
    columns: NDArray[np.int64],
    given: tuple[str, ...],
    wanted: tuple[str, ...],
) -> Predictor:
    """The predictor of the compared providers only, its scores in the order of later clusters."""
    place = {name: row for row, name in enumerate(wanted)}
    scores = np.zeros((len(wanted), len(columns)))
    scores[[place[name] for name in given]] = predictor.scores[:, columns]
    return Predictor(predictor.name, predictor.values[columns], scores)


def _figures(predictors: list[Predictor], came: _CameLater, level: float) -> pl.DataFrame:
    rows: list[tuple[str, str, float, float, float]] = []
    ours = _squared_error(predictors[0], came)
    t = float(stats.t.ppf((1 + level) / 2, len(came.estimate) - 1))
    for predictor in predictors:
        name, error = predictor.name, _squared_error(predictor, came)
        if name != EVERYONE_AVERAGE:
            slope, se = _slope(predictor, came)
            rows.append((name, "slope", slope, slope - t * se, slope + t * se))
            order = _rank_correlation(predictor.values, came.estimate)
            low, high = order.value - t * order.se, order.value + t * order.se
            rows.append((name, "rank_correlation", order.value, max(low, -1.0), min(high, 1.0)))
        rows.append((name, "mean_squared_error", *_interval(error, t)))
        if name != POSTERIOR_MEAN:
            rows.append((name, "excess_error", *_interval(error - ours, t)))
    return pl.DataFrame(rows, schema=FIGURES, orient="row")


def _slope(predictor: Predictor, came: _CameLater) -> tuple[float, float]:
    """Weighted least squares of realised on predicted, net of shared noise, and its standard error.

    A predictor that is the same for everybody has no slope: nan.
    """
    each = np.arange(len(came.estimate))
    m, w = predictor.values, came.weights
    centred = m - w @ m
    spread = float(w @ centred**2)
    if spread <= 1e-18 * float(w @ m**2):
        return np.nan, np.nan
    none = np.zeros_like(predictor.scores)
    together = net_covariance(m, came.estimate, w, predictor.scores, came.scores, each)
    slope = together / net_covariance(m, m, w, none, none, each)
    g = w * centred / spread
    among_pairs = float(np.sum((came.scores @ g) ** 2) - g**2 @ came.se**2)
    return slope.value, float(np.sqrt(slope.se**2 + max(among_pairs, 0.0)))


def _squared_error(predictor: Predictor, came: _CameLater) -> Jackknifed:
    """E(θ - m)² = E(r - m)² - s² + 2 Cov(m, error of r), a weighted mean over providers."""
    shared = np.einsum("cj,cj->j", predictor.scores, came.scores)
    missed = (came.estimate - predictor.values) ** 2 - came.se**2 + 2 * shared
    return weighted_mean(missed, came.weights)


def _rank_correlation(predicted: Vector, realised: Vector) -> Jackknifed:
    """Spearman's, each provider counting the same."""

    def correlate(a: Vector, b: Vector) -> float:
        return float(np.corrcoef(stats.rankdata(a), stats.rankdata(b))[0, 1])

    without = [
        correlate(np.delete(predicted, j), np.delete(realised, j)) for j in range(len(predicted))
    ]
    return Jackknifed(correlate(predicted, realised), np.array(without))


def _interval(found: Jackknifed, t: float) -> tuple[float, float, float]:
    return found.value, found.value - t * found.se, found.value + t * found.se


def _list_figures(then: Ranking, later: Ranking, known: list[str]) -> pl.DataFrame:
    """What became of the list, among its providers that can be judged later."""
    listed = [name for name in then.listed if name in set(known)]
    rows = later.frame.filter(pl.col("provider").is_in(listed))
    shares = {
        "stays_listed": rows["listed"].mean(),
        "stays_above": (rows["estimate"] > later.threshold).mean(),
    }
    return pl.DataFrame(
        [(POSTERIOR_MEAN, measure, share, None, None) for measure, share in shares.items()],
        schema=FIGURES,
        orient="row",
    )


def _frame(
    known: list[str],
    predictors: list[Predictor],
    came: _CameLater,
    ranking: Ranking,
    later_ranking: Ranking,
) -> pl.DataFrame:
    ours, raw, everyone = predictors
    then, later = set(ranking.listed), set(later_ranking.listed)
    return pl.DataFrame(
        {
            "provider": known,
            "predicted": ours.values,
            "raw_mean": raw.values,
            "everyone_average": everyone.values,
            "realised": came.estimate,
            "realised_se": came.se,
            "weight": came.weights,
            "listed_then": [name in then for name in known],
            "listed_later": [name in later for name in known],
        },
        schema=PREDICTED,
    ).sort(["predicted", "provider"], descending=[True, False])


def _excluded(exposure: pl.DataFrame, ranking: Ranking, later: Effects) -> pl.DataFrame:
    """Providers that cannot be compared, each once: what was missing first."""
    ranked = ranking.frame.filter(pl.col("state") == ESTIMATED)["provider"]
    estimated = later.of().filter((pl.col("state") == ESTIMATED) & (pl.col("se") > 0))["provider"]
    everybody = exposure.select(pl.col("provider").cast(pl.String)).unique().sort("provider")
    reason = (
        pl.when(~pl.col("provider").is_in(ranked.implode()))
        .then(pl.lit("not_ranked_at_cut"))
        .when(~pl.col("provider").is_in(estimated.implode()))
        .then(pl.lit("too_little_after_cut"))
    )
    return (
        everybody.with_columns(reason=reason)
        .drop_nulls("reason")
        .select(
            stage=pl.lit("ranking"),
            reason="reason",
            indicator=pl.lit(ranking.indicator),
            provider="provider",
            rows=pl.lit(1, pl.Int64),
        )
        .cast(EXCLUDED)
    )


def _figure(figures: pl.DataFrame, measure: str, predictor: str) -> dict[str, float | None]:
    found = figures.filter(predictor=predictor, measure=measure)
    if found.is_empty():
        raise KeyError((predictor, measure))
    return found.select("value", "lower", "upper").row(0, named=True)


def _sentence(figures: pl.DataFrame, cut: dt.date) -> Text:
    """The slope in words: how much of a foretold difference came true."""
    slope = _figure(figures, "slope", POSTERIOR_MEAN)
    value, lower, upper = (slope[name] or 0.0 for name in ("value", "lower", "upper"))
    said = {
        "month": _month(cut),
        "slope": _percent(value),
        "lower": _percent(lower),
        "upper": _percent(upper),
    }
    if lower <= 0 < upper:
        return text(
            "Whether the ranking of {month} predicts what came later cannot be told: {slope} % of "
            "a foretold difference between providers came true, and anything from {lower} % to "
            "{upper} % is possible.",
            **said,
        )
    if upper <= 0:
        return text(
            "The ranking of {month} did not predict what came later: {slope} % of a foretold "
            "difference between providers came true ({lower} % to {upper} %).",
            **said,
        )
    if upper < 1:
        return text(
            "The ranking of {month} predicted what came later only in part: {slope} % of a "
            "foretold difference between providers came true ({lower} % to {upper} %).",
            **said,
        )
    return text(
        "The ranking of {month} predicted what came later: {slope} % of a foretold difference "
        "between providers came true ({lower} % to {upper} %).",
        **said,
    )


def _percent(share: float) -> str:
    return f"{round(100 * share)}".replace("-", "\N{MINUS SIGN}")


def _month(day: dt.date) -> str:
    return f"{day:%m.%Y}"


def _not_testable(
    why: Text, cut: dt.date | None = None, excluded: pl.DataFrame | None = None
) -> Prediction:
    return Prediction(
        state=NOT_TESTABLE,
        sentence=text("Whether the ranking predicts cannot be tested yet: {why}", why=why),
        cut=cut,
        excluded=EXCLUDED.to_frame() if excluded is None else excluded,
    )
