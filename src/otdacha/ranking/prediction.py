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

Providers weigh 1 / (τ² + s²), with τ² from the ranking at T and s² the later estimate's variance:
about the variance of a later estimate around what was foretold. How near each predictor came is
measured in `otdacha.ranking.accuracy`.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

import numpy as np
import polars as pl
from numpy.typing import NDArray

from otdacha.effects import Effects, impute
from otdacha.effects.gates.gate import percent
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
from otdacha.ranking.accuracy import (
    FIGURES,
    CameLater,
    accuracy,
    figure_of,
    what_became_of_the_list,
)
from otdacha.ranking.predictors import (
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
        return figure_of(self.figures, measure, predictor)


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
            accuracy(predictors, came, methodology.design.level),
            what_became_of_the_list(ranking, later_ranking, known),
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


def _known(day: Earlier, later: Effects) -> list[str]:
    """Providers ranked at the cut and estimated from sessions after it, by name."""
    estimated = later.of().filter((pl.col("state") == ESTIMATED) & (pl.col("se") > 0))
    return sorted(set(day.providers) & set(estimated["provider"]))


def _came_later(later: Effects, known: list[str], variance: float) -> CameLater:
    place = {name: column for column, name in enumerate(later.providers)}
    columns = [place[name] for name in known]
    table = later.of()[columns]
    se = table["se"].to_numpy()
    weights = 1 / (variance + se**2)
    return CameLater(
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


def _frame(
    known: list[str],
    predictors: list[Predictor],
    came: CameLater,
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


def _sentence(figures: pl.DataFrame, cut: dt.date) -> Text:
    """The slope in words: how much of a foretold difference came true."""
    slope = figure_of(figures, "slope", POSTERIOR_MEAN)
    value, lower, upper = (slope[name] or 0.0 for name in ("value", "lower", "upper"))
    said = {
        "month": _month(cut),
        "slope": percent(value),
        "lower": percent(lower),
        "upper": percent(upper),
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
