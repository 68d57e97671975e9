"""From person-months to what leaving has to do with pay."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from scipy import stats

from otdacha.pay.leaving.coded import Coded, coded
from otdacha.pay.leaving.likelihood import ExitsOfTowns
from otdacha.pay.leaving.maximum import Maximum, maximise
from otdacha.pay.leaving.result import (
    ESTIMATED,
    LEVEL,
    NO_DIFFERENCE,
    TOO_FEW,
    TOWN_EXITS,
    TOWNS,
    Leaving,
    State,
)
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
    if found.state == ESTIMATED and found.maximum and found.error:
        estimate, se, df = float(found.maximum.theta[0]), found.error.se, found.error.df
        reach = float(stats.t.ppf((1 + LEVEL) / 2, df)) * se
        lower, upper = estimate - reach, estimate + reach
        towns, tenure = _base(found.coded, found.maximum)
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
    error = error_of(0, found.at.score, found.at.information)
    if not error.df >= MINIMUM_FREEDOM:
        return Fitted(data, None, None, TOO_FEW)
    return Fitted(data, found, error, ESTIMATED)


def _base(data: Coded, maximum: Maximum) -> tuple[pl.DataFrame, dict[str, float]]:
    """The hazard of each town at the local wage in the last four quarters, and of each class."""
    likelihood = ExitsOfTowns(data.rows)
    _, gamma, delta = likelihood.parts(maximum.theta)
    level = dict(zip(data.names[1], np.exp(gamma).tolist(), strict=True))
    last = sorted(data.months)[-LAST_QUARTERS:]
    seen = sum(data.months[quarter] for quarter in last)
    now = sum(data.months[quarter] * level.get(quarter, 0.0) for quarter in last) / seen
    exits = likelihood.of_town.astype(np.int64)
    enough = pl.col("exits") >= TOWN_EXITS
    towns = pl.DataFrame(
        {
            "municipality": data.names[0],
            "person_months": data.person_months,
            "exits": exits,
            "log_hazard": maximum.at.base + (np.log(now) if now > 0 else np.nan),
        },
        schema=TOWNS,
    ).with_columns(log_hazard=pl.when(enough).then(pl.col("log_hazard").fill_nan(None)))
    return towns, dict(zip(data.names[2], delta.tolist(), strict=True))
