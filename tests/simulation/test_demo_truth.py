"""The truth that the demonstration tells is the truth of the cases it writes."""

import datetime as dt

import numpy as np
import polars as pl
import pytest

from otdacha.demo import Simulation, simulate
from otdacha.demo.scenery import (
    EXPORTED,
    FIRST_MONTH,
    MONTHS,
    calendar,
    cities,
    month_number,
    month_start,
    organisations,
)
from otdacha.demo.truth import HORIZON

INDICATORS = {"on_time": 1, "duration": -1, "repeat": -1}
DAYS = ("opened", "closed")


@pytest.fixture(scope="module")
def union() -> Simulation:
    return simulate()


@pytest.fixture(scope="module")
def exposed(union: Simulation) -> pl.DataFrame:
    """Person-months within the horizon of one provider only, with both potential outcomes."""
    later = pl.DataFrame({"later": range(1, 25)})
    months = (
        union.effects.records.join(later, how="cross")
        .with_columns(month=pl.col("month") + pl.col("later"))
        .filter(pl.len().over("person", "month") == 1, pl.col("later") <= HORIZON)
    )
    return months.join(union.work.expected, on=["person", "month"])


def test_the_union_has_the_stated_size(union: Simulation):
    in_window = union.training.records.filter(pl.col("finished") >= FIRST_MONTH)
    share = in_window["person"].n_unique() / union.people.frame.height

    assert 2000 <= union.people.frame.height <= 2600
    assert 600_000 <= union.work.cases.height <= 1_000_000
    assert 0.55 <= share <= 0.65
    assert union.training.records.group_by("person").len()["len"].max() == 2
    assert union.training.records["started"].min() < month_start(-24)


def test_one_way_to_each_truth_agrees_with_the_other(exposed: pl.DataFrame, union: Simulation):
    """The mean of potential outcomes with and without training against the told effect."""
    by_month = exposed.group_by("number", "person", "month").agg(
        (pl.col(name) - pl.col(f"{name}_untrained")).dot("cases") / pl.col("cases").sum()
        for name in INDICATORS
    )
    found = by_month.group_by("number").agg(pl.len(), pl.col(*INDICATORS).mean()).sort("number")
    told = union.training.providers.select("number", "provider").join(union.truth, on="provider")
    for indicator, sign in INDICATORS.items():
        both = told.filter(indicator=indicator).join(found, on="number")
        enough = both.filter(pl.col("len") >= 200)
        gap = enough["effect"] - sign * enough[indicator]
        unit = {"on_time": 0.004, "duration": 0.08, "repeat": 0.003}[indicator]
        assert enough.height >= 30
        assert gap.abs().max() < unit


def test_the_cases_that_were_drawn_agree_with_what_was_expected_of_them(union: Simulation):
    """Of trained and of untrained person-months: the mean of the log less the expected one.

    Cases that are still open lack their long durations, in both groups alike: for working days the
    two groups are compared with each other, for the shares each with nought.
    """
    cases = union.work.cases.filter(pl.col("cancelled").is_null())
    opened, closed = (
        calendar().number(cases[name].fill_null(EXPORTED).to_numpy()) for name in DAYS
    )
    last = calendar().number(
        cases["opened"].to_numpy() + cases["limit"].to_numpy().astype("timedelta64[D]")
    )
    allowed = np.where(cases["days"] == "calendar", last - opened, cases["limit"])
    is_open = cases["closed"].is_null().to_numpy()
    drawn = cases.with_columns(
        month=(pl.col("opened").dt.year() - FIRST_MONTH.year) * 12
        + pl.col("opened").dt.month().cast(pl.Int64)
        - FIRST_MONTH.month,
        drawn_on_time=pl.Series((closed - opened <= allowed) & ~is_open).cast(pl.Float64),
        drawn_duration=pl.when(pl.Series(~is_open)).then(pl.Series(closed - opened)),
        drawn_repeat=pl.col("repeated").cast(pl.Float64),
    )
    cell = ["person", "department", "service", "month"]
    both = drawn.join(union.work.expected.drop("city", "cases"), on=cell).with_columns(
        (pl.col(f"drawn_{name}") - pl.col(name)).alias(f"gap_{name}") for name in INDICATORS
    )
    trained = (pl.col("on_time") - pl.col("on_time_untrained")).abs() > 0.01
    groups = [both.filter(trained), both.filter(~trained)]
    assert min(group.height for group in groups) > 50_000
    gap, se = (
        {name: np.array([figure(group[f"gap_{name}"]) for group in groups]) for name in INDICATORS}
        for figure in (pl.Series.mean, standard_error)
    )
    for name in ("on_time", "repeat"):
        assert (np.abs(gap[name]) < 4 * se[name]).all()
    assert abs(gap["duration"][0] - gap["duration"][1]) < 4 * np.hypot(*se["duration"])
    assert np.abs(gap["duration"]).max() < 0.05


def standard_error(values: pl.Series) -> float:
    return float(values.std()) / np.sqrt(values.count())


def test_weaker_people_are_trained_but_they_do_not_grow_weaker(union: Simulation):
    """Selection is on the level, so those who are trained would have kept their distance."""
    trained = pl.Series(union.training.records["person"].unique())
    without = union.work.expected.with_columns(
        trained=pl.col("person").is_in(trained.implode()), half=pl.col("month") >= MONTHS // 2
    )
    means = without.group_by("trained", "half").agg(mean=pl.col("on_time_untrained").mean())
    level = {(row["trained"], row["half"]): row["mean"] for row in means.iter_rows(named=True)}
    early = level[True, False] - level[False, False]
    late = level[True, True] - level[False, True]

    assert early < -0.02
    assert abs(early - late) < 0.006


def test_raw_means_mislead(exposed: pl.DataFrame, union: Simulation):
    raw = (
        exposed.group_by("number")
        .agg(
            raw=pl.col("on_time").dot("cases") / pl.col("cases").sum(),
            months=pl.len(),
        )
        .filter(pl.col("months") >= 200)
    )
    truth = pl.Series(union.effects.structural[raw["number"].to_numpy(), 0])

    assert np.corrcoef(raw["raw"], truth)[0, 1] < 0.3


def test_some_organisations_are_too_small_or_in_one_town_only(union: Simulation):
    reach = union.truth.filter(indicator="on_time")

    assert reach.filter(pl.col("people") < 5).height == 2
    assert reach.filter(pl.col("people") >= 5, pl.col("municipalities") == 1).height == 1
    assert reach.filter(pl.col("municipalities") >= 5).height >= 25


def test_nothing_happens_after_the_day_of_the_export(union: Simulation):
    cases = union.work.cases

    assert cases["closed"].max() <= EXPORTED
    assert cases["cancelled"].max() <= EXPORTED
    assert month_number(cases["opened"].max()) == MONTHS - 1
    assert (cases["closed"] > cases["opened"]).all()
    assert union.training.records["finished"].max() < EXPORTED + dt.timedelta(days=366)


def test_everybody_has_one_town(union: Simulation):
    assert union.people.frame["city"].n_unique() == len(cities())
    assert union.training.providers.height == len(organisations())
