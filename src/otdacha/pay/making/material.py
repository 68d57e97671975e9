"""What a scenario is made of: posts, law, measures, wages and money of towns, read at one time."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from otdacha.errors import PayProblem
from otdacha.language import text
from otdacha.pay.kopecks import RATE, in_kopecks
from otdacha.pay.making.trained import prices_paid
from otdacha.pay.measures import (
    Facts,
    MeasuresFile,
    check_law,
    check_reach,
    facts_of,
    trained_by_release,
    with_releases,
)
from otdacha.pay.parameters import Law, load_law
from otdacha.pay.payroll.lawful import lawful
from otdacha.pay.people import finances, roster
from otdacha.pay.tables import EXCLUDED, WAGES
from otdacha.pay.wages.brought import brought_to, wages_of
from otdacha.pay.wages.told import INDICATOR
from otdacha.programme.parameters.file import parameters_of
from otdacha.records import Workspace, frame

BEGINS_IN_THE_SCENARIO = "begins_in_the_scenario"
"""Of posts in `excluded`: somebody comes, or comes into another post, after the first day."""


@dataclass(frozen=True)
class Material:
    """roster: every post there ever was (`otdacha.pay.people.ROSTER`); posts: those somebody holds
    when the scenario begins, with `salary` from the law where the roster says none. told: wages of
    past years (`WAGES`); wages: municipality, year, wage (rubles, Decimal) of past years and of
    those of the scenario. training: `otdacha.pay.effect.TRAINING`; horizon: months that training
    works. exported: the last day that the roster tells of. excluded: rows that could not be used.
    """

    measures: MeasuresFile
    facts: Facts
    law: Law
    roster: pl.DataFrame
    posts: pl.DataFrame
    towns: pl.DataFrame
    finances: pl.DataFrame
    told: pl.DataFrame
    wages: pl.DataFrame
    training: pl.DataFrame
    horizon: int
    exported: dt.date
    excluded: pl.DataFrame

    @property
    def years(self) -> tuple[int, ...]:
        return self.measures.measures.years


def read_material(workspace: Workspace, file: MeasuresFile, today: dt.date) -> Material:
    """Read everything that a scenario of these measures is made of.

    Raises PayProblem where nobody holds a post, the law does not answer, a measure reaches nobody,
    or a release that a measure names is absent.
    """
    file = with_releases(file, workspace)
    law = load_law(workspace)
    known = roster(workspace)
    first = file.measures.first_day
    held = known.posts.filter(
        pl.col("started") <= first, pl.col("ended").is_null() | (pl.col("ended") >= first)
    )
    if held.is_empty():
        raise PayProblem(
            text(
                "{folder}: nobody holds a post on {day}. Add the list of posts: otdacha add "
                "{folder} posts FILE",
                folder=workspace.path,
                day=first,
            )
        )
    check_law(file, law, held["region"].unique().sort())
    told = _told(workspace)
    wages = _by_year(told, held, law, file.measures.years)
    facts = facts_of(
        held,
        law,
        wages=wages.select("municipality", "year", wage=in_kopecks(pl.col("wage"))),
        trained=trained_by_release(file, workspace),
    )
    check_reach(file, facts)
    return Material(
        measures=file,
        facts=facts,
        law=law,
        roster=known.posts,
        posts=_with_salaries(held, law, first),
        towns=_towns(workspace, held),
        finances=finances(workspace),
        told=told,
        wages=wages,
        training=prices_paid(workspace),
        horizon=parameters_of(workspace).plan.horizon_months,
        exported=_last_day(known.posts, today),
        excluded=pl.concat([known.excluded, _to_come(known.posts, first, file.measures.last_day)]),
    )


def _to_come(posts: pl.DataFrame, first: dt.date, last: dt.date) -> pl.DataFrame:
    """How many posts begin after the first day of the scenario, within its years (`EXCLUDED`)."""
    begin = (pl.col("started") > first) & (pl.col("started") <= last)
    counted = posts.filter(begin).select(rows=pl.len().cast(pl.Int64)).filter(pl.col("rows") > 0)
    return counted.select(
        table=pl.lit("posts"), reason=pl.lit(BEGINS_IN_THE_SCENARIO), rows="rows"
    ).match_to_schema(EXCLUDED)


def _told(workspace: Workspace) -> pl.DataFrame:
    """Wages of whole years; nothing where records tell no wages at all: a scenario without them
    knows what measures cost, and not what they bring."""
    statistics = frame(workspace, "statistics")
    if statistics.filter(indicator=INDICATOR).is_empty():
        return WAGES.to_frame()
    return wages_of(workspace)


def _by_year(
    told: pl.DataFrame, posts: pl.DataFrame, law: Law, years: Sequence[int]
) -> pl.DataFrame:
    """municipality, year, wage (rubles): as told of past years, as foretold by the law's forecast
    of each region for the years of a scenario, and the one before it, that nobody can tell of yet.
    """
    towns = posts.select("municipality", "region").unique()
    known = told.drop_nulls("wage_all").join(towns, on="municipality")
    past = known.select(
        "municipality", year=pl.col("begins").dt.year().cast(pl.Int64), wage="wage_all"
    )
    foretold = [
        brought_to(of_region.drop("region"), year, _rates(law, str(region)))
        for (region,), of_region in known.group_by("region", maintain_order=True)
        for year in (years[0] - 1, *years)
        if year > of_region["begins"].dt.year().max()  # type: ignore[operator]
    ]
    to_come = [
        one.select(
            "municipality", year=pl.col("begins").dt.year().cast(pl.Int64), wage="wage_all"
        ).drop_nulls("wage")
        for one in foretold
    ]
    return (
        pl.concat([past, *to_come])
        .unique(["municipality", "year"], keep="first")
        .sort("municipality", "year")
    )


def _rates(law: Law, region: str) -> pl.DataFrame:
    return pl.DataFrame(
        [(one.year, round(one.wages * RATE)) for one in law.of(region).said.forecast],
        schema={"year": pl.Int64, "wages": pl.Int64},
        orient="row",
    )


def _with_salaries(posts: pl.DataFrame, law: Law, day: dt.date) -> pl.DataFrame:
    """The posts with the salary of the law where the roster names none: it says what a vacancy
    costs. The payroll itself goes by the roster."""
    return posts.drop("salary").join(
        lawful(posts, law, day, day).posts.select("post", "salary"),
        on="post",
        maintain_order="left",
    )


def _towns(workspace: Workspace, posts: pl.DataFrame) -> pl.DataFrame:
    """municipality, name, region, latitude, longitude of every town with posts."""
    register = frame(workspace, "municipalities").filter(pl.col("valid_to").is_null())
    return (
        posts.select("municipality", "region")
        .unique()
        .join(
            register.select("municipality", "name", "latitude", "longitude").unique(
                "municipality", keep="last", maintain_order=True
            ),
            on="municipality",
            how="left",
        )
        .with_columns(pl.col("name").fill_null(pl.col("municipality")))
        .sort("municipality")
    )


def _last_day(posts: pl.DataFrame, today: dt.date) -> dt.date:
    """The last day of which the roster tells something: somebody came or left."""
    days = pl.concat([posts["started"], posts["ended"]]).drop_nulls()
    last = days.filter(days <= today).max()
    return last if isinstance(last, dt.date) else today
