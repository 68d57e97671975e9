"""From person-months to what leaving has to do with pay."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from scipy import stats

from otdacha.pay.leaving.coded import Coded, coded, quarter_of
from otdacha.pay.leaving.likelihood import ExitsOfTowns
from otdacha.pay.leaving.maximum import Maximum, maximise
from otdacha.pay.leaving.result import (
    ESTIMATED,
    LEVEL,
    NO_DIFFERENCE,
    TOO_FEW,
    TOWNS,
    Leaving,
    State,
)
from otdacha.pay.leaving.shrunk import shrunk
from otdacha.pay.leaving.variance import Error, error_of

MINIMUM_EXITS = 30
MINIMUM_TOWNS = 5
MINIMUM_FREEDOM = 3.0
"""Below any of them no figure is given: the interval would not keep its word (docs/evidence.md)."""
LAST_QUARTERS = 4
"""A year: what the hazard of the years to come is taken from, so that seasons do not matter."""


@dataclass(frozen=True)
class Fitted:
    """What stands behind a `Leaving`: rows, the maximum and the error of the first regressor."""

    coded: Coded
    maximum: Maximum | None
    error: Error | None
    state: State


def fit(person_months: pl.DataFrame) -> Leaving:
    """The association of leaving with relative pay, within municipalities, quarters and classes of
    tenure.

    person_months: municipality, month (Date), tenure (class), pay (Float64: log of pay per full
    month over the local wage), left (Boolean); one row per person and month at risk, no nulls
    (`otdacha.pay.leaving.person_months` makes it). Memory: about 60 bytes a row beside the frame.
    """
    found = fitted(person_months, ["pay"])
    rows = found.coded.rows
    first, last = person_months["month"].min(), person_months["month"].max()
    estimate = se = df = lower = upper = None
    towns = TOWNS.to_frame()
    tenure: dict[str, float] = {}
    level = 0.0
    if found.state == ESTIMATED and found.maximum and found.error:
        estimate, se, df = float(found.maximum.theta[0]), found.error.se, found.error.df
        reach = float(stats.t.ppf((1 + LEVEL) / 2, df)) * se
        lower, upper = estimate - reach, estimate + reach
        towns, tenure, level = _hazards(person_months, found.coded, found.maximum)
    return Leaving(
        estimate=estimate,
        se=se,
        df=df,
        lower=lower,
        upper=upper,
        person_months=len(rows.x),
        exits=int(rows.left.sum()),
        municipalities=rows.shape[0],
        without_exits=person_months["municipality"].n_unique() - rows.shape[0],
        excluded=found.coded.excluded,
        state=found.state,
        first=first,  # type: ignore[arg-type]  # of a column of dates
        last=last,  # type: ignore[arg-type]
        towns=towns,
        tenure=tenure,
        level=level,
    )


def fitted(frame: pl.DataFrame, regressors: Sequence[str]) -> Fitted:
    """The maximum with the first of `regressors` in view and the others beside it."""
    data = coded(frame, regressors)
    if data.rows.left.sum() < MINIMUM_EXITS or data.rows.shape[0] < MINIMUM_TOWNS:
        return Fitted(data, None, None, TOO_FEW)
    found = maximise(data.rows)
    if not found.differs:
        return Fitted(data, None, None, NO_DIFFERENCE)
    if not found.finite:
        return Fitted(data, None, None, TOO_FEW)
    first = np.eye(len(found.theta))[0]
    error = error_of(first, found.at.score, found.at.information)
    if not error.df >= MINIMUM_FREEDOM:
        return Fitted(data, None, None, TOO_FEW)
    return Fitted(data, found, error, ESTIMATED)


def _hazards(
    person_months: pl.DataFrame, data: Coded, maximum: Maximum
) -> tuple[pl.DataFrame, dict[str, float], float]:
    """The hazard of each town at the local wage in the last four quarters (`TOWNS`), of each class
    beside it, and how far all towns' hazards together may be off (half of an interval of logs)."""
    likelihood = ExitsOfTowns(data.rows)
    beta, gamma, delta = likelihood.parts(maximum.theta)
    quarters = dict(zip(data.names[1], np.exp(gamma).tolist(), strict=True))
    tenure = dict(zip(data.names[2], delta.tolist(), strict=True))
    seen = {quarter: data.months[quarter] for quarter in sorted(data.months)[-LAST_QUARTERS:]}
    parts = {quarter: rows * quarters.get(quarter, 0.0) for quarter, rows in seen.items()}
    now = sum(parts.values()) / sum(seen.values())
    if now == 0:  # nobody left in the last year: a hazard of today cannot be told
        return TOWNS.to_frame(), tenure, 0.0
    towns = pl.concat(
        [
            pl.DataFrame(
                {
                    "municipality": data.names[0],
                    "person_months": data.person_months,
                    "exits": likelihood.of_town.astype(np.int64),
                    "expected": maximum.at.weight,
                }
            ),
            _without_exits(person_months, data.names[0], float(beta[0]), quarters, tenure),
        ]
    )
    found = shrunk(towns["exits"].cast(pl.Float64).to_numpy(), towns["expected"].to_numpy(), LEVEL)
    logs = {"log_hazard": found.mean, "lower": found.lower, "upper": found.upper}
    return (
        towns.with_columns(pl.Series(name, np.log(at) + np.log(now)) for name, at in logs.items())
        .select(TOWNS.names())
        .match_to_schema(TOWNS)
        .sort("municipality"),
        tenure,
        _level(likelihood, data, maximum, parts),
    )


def _without_exits(
    person_months: pl.DataFrame,
    others: Sequence[str],
    slope: float,
    quarters: Mapping[int, float],
    tenure: Mapping[str, float],
) -> pl.DataFrame:
    """Towns in which nobody left, with what their exits would be at a hazard of 1; not those whose
    people are all of classes of which nobody left anywhere."""
    service = pl.col("tenure").cast(pl.String)
    factor = {name: float(np.exp(at)) for name, at in tenure.items()}
    return (
        person_months.filter(~pl.col("municipality").is_in(list(others)))
        .group_by("municipality", maintain_order=True)
        .agg(
            person_months=pl.len().cast(pl.Int64),
            exits=pl.lit(0, pl.Int64),
            expected=(
                quarter_of("month").replace_strict(quarters, default=0.0, return_dtype=pl.Float64)
                * service.replace_strict(factor, default=0.0, return_dtype=pl.Float64)
                * (slope * pl.col("pay")).exp()
            ).sum(),
        )
        .filter(pl.col("expected") > 0)
    )


def _level(
    likelihood: ExitsOfTowns, data: Coded, maximum: Maximum, parts: Mapping[int, float]
) -> float:
    """Half of the interval of the log of all towns' hazards of the last four quarters, given how
    many left each town: what is not known of these quarters beside the others. At the pay and the
    service of those who left, as hazards of the same people are what they are applied to."""
    all_quarters = np.average(maximum.at.mean, axis=0, weights=likelihood.of_town)
    direction = np.zeros_like(maximum.theta)
    for at, quarter in enumerate(data.names[1][1:], start=likelihood.regressors):
        direction[at] = parts.get(quarter, 0.0) / sum(parts.values()) - all_quarters[at]
    if not direction.any():  # there are no other quarters
        return 0.0
    error = error_of(direction, maximum.at.score, maximum.at.information)
    return float(stats.t.ppf((1 + LEVEL) / 2, error.df)) * error.se
