"""Weak indicator: departments that are worse than others of their stratum, and whom to send.

Within a stratum (the methodology's: service × macroregion) the mean of a department and service
over the last months is moved towards the stratum's: normal-normal empirical Bayes with Paule and
Mandel's variance between departments (`otdacha.ranking.normal`). The error of a department's mean
is taken from how its months differ, pooled over the stratum: a month's cases share their luck, and
reported results need not tell the spread within a month.
"""

from __future__ import annotations

import numpy as np
import polars as pl
from scipy import stats

from otdacha.methodology import Indicator, Methodology
from otdacha.programme.needs.frames import Needs, as_needs, counted, numbered
from otdacha.programme.needs.rules import NeedRules
from otdacha.programme.people.roster import Roster, folded_topic
from otdacha.programme.people.work import Work
from otdacha.ranking.normal import moments

RULE = "weak"
_DEPARTMENT = ["municipality", "unit", "service", "indicator", "stratum"]


def needs_by_weakness(
    roster: Roster, work: Work, rules: NeedRules, methodology: Methodology
) -> Needs:
    """Who works in a department that is worse than its stratum, and was not trained in it lately.

    A department is weak in a service where any indicator that weighs is worse than the stratum's
    mean with at least `rules.probability`; the most certain indicator is told. The topic is what
    `rules.topics` says of the service; one person needs one topic once.
    """
    judged = departments_judged(work.cells, methodology, rules.least_departments)
    worse = judged.filter(pl.col("probability") >= rules.probability)
    weak = (
        worse.sort("probability", *_DEPARTMENT, descending=[True, *([False] * 5)])
        .unique(["municipality", "unit", "service"], keep="first", maintain_order=True)
        .with_columns(topic=pl.col("service").replace_strict(dict(rules.topics), default=None))
        .cast({"topic": pl.String})
    )
    staff = roster.people.select(
        "municipality", "unit", "person", "person_by_name", "badge", "position_group"
    )
    there = staff.join(weak, on=["municipality", "unit"], how="inner")
    asked = (
        there.filter(pl.col("topic").is_not_null())
        .sort(
            "municipality",
            "person",
            "probability",
            "service",
            descending=[False, False, True, False],
        )
        .unique(["municipality", "person", "topic"], keep="first", maintain_order=True)
    )
    lately = _trained_lately(roster, rules.trained_within_months)
    folded = asked.with_columns(folded=folded_topic("topic"))
    sent = folded.join(
        lately, left_on=["person", "folded"], right_on=["person", "topic"], how="anti"
    )
    found = sent.with_columns(
        rule=pl.lit(RULE),
        people=pl.lit(1, pl.Int64),
        reason=pl.lit("weak_indicator"),
        priority=pl.lit(rules.priority, pl.Int64),
        measure=pl.lit("indicator"),
        figure=pl.col("mean"),
        against=pl.col("stratum_mean"),
    )
    needs = as_needs(numbered(found)).sort("municipality", "need")
    return Needs(needs, counted(_outcomes(staff, judged, there, sent)))


def departments_judged(
    cells: pl.DataFrame, methodology: Methodology, least_departments: int
) -> pl.DataFrame:
    """How each department does beside its stratum, in one row per service and indicator.

    cells: `people.work.CELLS`. Returns municipality, unit, service, indicator, stratum,
    cases, mean, stratum_mean, shrunken (in the indicator's unit) and probability: posterior, that
    the department is truly worse than the stratum's mean, which is taken as known. Probability and
    the means behind it are null where the stratum has fewer than `least_departments`, or where no
    department's months differ: such a stratum tells nobody apart.
    """
    weighing = {one.id: one for one in methodology.indicators if one.weight > 0}
    parts = [_JUDGED.to_frame()]
    for (name, stratum), rows in cells.group_by(["indicator", "stratum"], maintain_order=True):
        indicator = weighing.get(str(name))
        if indicator is not None:
            parts.append(_judged(rows, indicator, str(stratum), least_departments))
    return pl.concat(parts).sort(_DEPARTMENT)


_JUDGED = pl.Schema(
    {
        "municipality": pl.String,
        "unit": pl.String,
        "service": pl.String,
        "indicator": pl.String,
        "stratum": pl.String,
        "cases": pl.Int64,
        "mean": pl.Float64,
        "stratum_mean": pl.Float64,
        "shrunken": pl.Float64,
        "probability": pl.Float64,
    }
)


def _judged(rows: pl.DataFrame, indicator: Indicator, stratum: str, least: int) -> pl.DataFrame:
    key = ["municipality", "unit", "service"]
    step, centre = indicator.resolution, indicator.centre
    value = (pl.col("total") / pl.col("n") + centre) * step
    monthly = rows.with_columns(value=value)
    means = monthly.group_by(key).agg(
        cases=pl.col("n").sum(),
        mean=(pl.col("value") * pl.col("n")).sum() / pl.col("n").sum(),
        months=pl.len(),
    )
    apart = monthly.join(means, on=key).select(
        squares=(pl.col("n") * (pl.col("value") - pl.col("mean")) ** 2).sum()
    )
    freedom = int(means["months"].sum()) - means.height
    per_case = float(apart.item()) / freedom if freedom > 0 else 0.0
    placed = means.sort(key).with_columns(indicator=pl.lit(indicator.id), stratum=pl.lit(stratum))
    # less than this is rounding of equal months
    if placed.height < max(2, least) or per_case <= 1e-12:
        unknown = {
            name: pl.lit(None, pl.Float64) for name in ("stratum_mean", "shrunken", "probability")
        }
        return placed.with_columns(**unknown).select(_JUDGED.names()).cast(dict(_JUDGED))  # type: ignore[arg-type]
    estimates = placed["mean"].to_numpy()
    error = np.sqrt(per_case / placed["cases"].to_numpy())
    prior = moments(estimates, error)
    kept = prior.variances / (prior.variances + error**2)
    shrunken = prior.means + kept * (estimates - prior.means)
    behind = indicator.sign * (prior.means - shrunken)
    probability = stats.norm.cdf(behind / np.sqrt(kept * error**2))
    return (
        placed.with_columns(
            stratum_mean=pl.Series(prior.means),
            shrunken=pl.Series(shrunken),
            probability=pl.Series(probability),
        )
        .select(_JUDGED.names())
        .cast(dict(_JUDGED))  # type: ignore[arg-type]
    )


def _trained_lately(roster: Roster, months: int) -> pl.DataFrame:
    since = pl.lit(roster.day).dt.offset_by(f"-{months}mo")
    lately = roster.trained.filter(pl.col("finished") > since, pl.col("topic").is_not_null())
    return lately.select("person", "topic").unique()


def _outcomes(
    staff: pl.DataFrame, judged: pl.DataFrame, there: pl.DataFrame, sent: pl.DataFrame
) -> pl.DataFrame:
    """rule, municipality, reason of everybody of the staff: what became of looking at them."""
    person = ["municipality", "person"]
    department = ["municipality", "unit"]
    measured = judged.select(department).unique()
    compared = judged.drop_nulls("probability").select(department).unique()

    def among(rows: pl.DataFrame, key: list[str], name: str) -> pl.DataFrame:
        return rows.select(key).unique().with_columns(pl.lit(True).alias(name))

    topical = there.filter(pl.col("topic").is_not_null())
    return (
        staff.join(among(sent, person, "sent"), on=person, how="left")
        .join(among(topical, person, "topical"), on=person, how="left")
        .join(among(there, person, "weak"), on=person, how="left")
        .join(among(compared, department, "compared"), on=department, how="left")
        .join(among(measured, department, "measured"), on=department, how="left")
        .select(
            "municipality",
            rule=pl.lit(RULE),
            reason=pl.when("sent")
            .then(pl.lit("needed"))
            .when("topical")
            .then(pl.lit("trained_lately"))
            .when("weak")
            .then(pl.lit("service_without_topic"))
            .when("compared")
            .then(pl.lit("department_not_weak"))
            .when("measured")
            .then(pl.lit("too_few_to_compare"))
            .otherwise(pl.lit("department_without_results")),
        )
    )
