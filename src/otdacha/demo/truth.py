"""What training really changed: drawn first, kept apart, never read by an evaluation."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from otdacha.demo.scenery import MONTHS, Organisation, month_number

FILE = "truth.parquet"
"""The table of true effects in the folder `truth` of a written union."""
INDICATORS = ("on_time", "duration", "repeat")
SIGNS = np.array([1.0, -1.0, -1.0])
"""Work is simulated in the indicators' own direction; truth is told so that plus is better."""

HORIZON = 12
FADED = 24
"""An effect grows for half a year, stays to the end of the horizon and is gone after two years."""

_DRAWN = {  # (low, high) of share on time, working days, share of repeats; plus is better
    "better": ((0.03, 0.08), (0.5, 1.5), (0.01, 0.03)),
    "none": ((0.0, 0.0), (0.0, 0.0), (0.0, 0.0)),
    "worse": ((-0.05, -0.02), (-0.9, -0.3), (-0.02, -0.005)),
}


@dataclass(frozen=True)
class Effects:
    """What training changes, by provider, person and time.

    structural: (providers, indicators): the mean over the twelve months of the horizon for the
        mean person; plus is better, in the indicator's own unit.
    records: person, number, month (of completion), receptive: the factor by which this person in
        this town takes more or less from this course.
    monthly: (people, months, indicators): the sum of all effects on somebody in a month, in the
        indicator's own direction (fewer days are negative).
    """

    structural: NDArray[np.float64]
    records: pl.DataFrame
    monthly: NDArray[np.float64]


def growth() -> NDArray[np.float64]:
    """What part of the mean effect is there k months after completion, k = 0…24.

    Nothing in the month of completion; up to the sixth month it grows, from the twelfth it fades;
    its mean over the months 1-12 is one.
    """
    k = np.arange(FADED + 1)
    shape = np.minimum(k / 6, 1.0) * np.clip((FADED - k) / (FADED - HORIZON), 0.0, 1.0)
    scaled: NDArray[np.float64] = shape / shape[1 : HORIZON + 1].mean()
    return scaled


def draw_effects(
    rng: np.random.Generator,
    organisations: tuple[Organisation, ...],
    records: pl.DataFrame,
    city: NDArray[np.int64],
) -> Effects:
    """Draw every provider's effect and lay it on the people it trained.

    records: person, number, finished (training.Training.records). city: of each person.
    """
    structural = np.array(
        [[rng.uniform(*bounds) for bounds in _DRAWN[each.truth]] for each in organisations]
    )
    by_town = np.clip(rng.normal(1, 0.25, (len(organisations), city.max() + 1)), 0.3, 1.7)
    person = records["person"].to_numpy()
    number = records["number"].to_numpy()
    own = np.clip(rng.normal(1, 0.35, len(person)), 0.0, 2.0)
    laid = records.select(
        "person",
        "number",
        month=pl.Series([month_number(day) for day in records["finished"]]),
        receptive=pl.Series(own * by_town[number, city[person]]),
    )
    monthly = np.zeros((len(city), MONTHS, len(INDICATORS)))
    for later, part in enumerate(growth()):
        month = laid["month"].to_numpy() + later
        seen = (month >= 0) & (month < MONTHS)
        change = part * laid["receptive"].to_numpy()[:, None] * structural[number] * SIGNS
        np.add.at(monthly, (person[seen], month[seen]), change[seen])
    return Effects(structural, laid, monthly)


def realised(effects: Effects, cases: pl.DataFrame, providers: pl.DataFrame) -> pl.DataFrame:
    """The true mean effect of each provider on the people it actually trained.

    cases: person, month (number), city, cases: how many cases somebody had in each month.
    Returns provider, name, indicator, effect (mean over exposed person-months, each counted once),
    effect_by_case (the same, weighted by cases), structural, people, municipalities,
    person_months, cases. Plus is better; shares as shares, duration in working days. An exposed
    person-month is one with a case, 1-12 months after the month of completion.
    """
    shape = pl.DataFrame({"later": range(1, HORIZON + 1), "part": growth()[1 : HORIZON + 1]})
    exposed = (
        effects.records.join(shape, how="cross")
        .with_columns(month=pl.col("month") + pl.col("later"))
        .group_by("number", "person", "month")
        .agg(change=pl.col("receptive").dot("part"))
        .join(cases, on=["person", "month"])
        .sort("number", "person", "month")
    )
    means = exposed.group_by("number").agg(
        by_month=pl.col("change").mean(),
        by_case=pl.col("change").dot("cases") / pl.col("cases").sum(),
        people=pl.col("person").n_unique(),
        municipalities=pl.col("city").n_unique(),
        person_months=pl.len(),
        cases=pl.col("cases").sum(),
    )
    told = pl.DataFrame(
        {
            "number": np.repeat(np.arange(len(effects.structural)), len(INDICATORS)),
            "indicator": list(INDICATORS) * len(effects.structural),
            "structural": effects.structural.ravel(),
        }
    )
    return (
        told.join(providers.select("number", "provider", "name"), on="number")
        .join(means, on="number", how="left")
        .select(
            "provider",
            "name",
            "indicator",
            effect=pl.col("structural") * pl.col("by_month"),
            effect_by_case=pl.col("structural") * pl.col("by_case"),
            structural="structural",
            people=pl.col("people").fill_null(0),
            municipalities=pl.col("municipalities").fill_null(0),
            person_months=pl.col("person_months").fill_null(0),
            cases=pl.col("cases").fill_null(0),
        )
        .sort("provider", "indicator")
    )
