"""Who works where on a day, since when, and what they were trained in: the roster as plans see it.

Towns and departments stand under the names they go by now (docs/decisions/0015).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from otdacha.errors import WorkspaceProblem
from otdacha.language import text
from otdacha.panel.mergers import Mergers, mergers
from otdacha.records import Workspace, frame, steady
from otdacha.records.successions import in_town

_READ = ("staff", "training", "programmes", "municipalities", "units", "providers")
_STILL_THERE = dt.date(9999, 12, 30)
_POST = ["municipality", "person", "unit", "position_group"]

PEOPLE = pl.Schema(
    {
        "municipality": pl.String,
        "person": pl.String,
        "person_by_name": pl.String,
        "badge": pl.String,
        "unit": pl.String,
        "position_group": pl.String,
        "since": pl.Date,  # in this department and position group without a break
        "first": pl.Date,  # on any staff list of the records
        "last_trained": pl.Date,  # null: no course on record
        "known_from": pl.Date,  # from when the town's training is on record; null: never said
    }
)
TRAINED = pl.Schema({"person": pl.String, "topic": pl.String, "finished": pl.Date})


@dataclass(frozen=True)
class Roster:
    """The people of every town on one day.

    people: schema `PEOPLE`, one row per town and person. former: municipality, person, who were on
    a staff list and are not on it on that day. trained: schema `TRAINED`, finished courses that are
    long enough, up to that day; topics as `folded_topic`. listed: towns that have sent a staff
    list. into: who stands for whom now.
    """

    day: dt.date
    people: pl.DataFrame
    former: pl.DataFrame
    trained: pl.DataFrame
    listed: frozenset[str]
    into: Mergers


def read_roster(workspace: Workspace, day: dt.date | None = None) -> Roster:
    """The roster of a workspace on `day` (default: the last day that training or staff lists tell
    of; `otdacha.programme.needs.needs_by_rule` takes the last day of cases and results).

    Courses shorter than the methodology's minimum count as no training. Raises WorkspaceProblem
    where no day is given and the records hold none.
    """
    with steady(workspace):
        tables = {name: frame(workspace, name) for name in _READ}
    day = day or _last_day(tables)
    if day is None:
        raise WorkspaceProblem(
            text(
                "{folder}: there are neither staff lists nor results nor training on record yet, "
                "so nobody's need follows from a rule. Add the tables staff and training.",
                folder=workspace.path,
            )
        )
    least = workspace.methodology().minimum.training_hours
    return roster_of(tables, day=day, least_hours=least)


def _last_day(tables: Mapping[str, pl.DataFrame]) -> dt.date | None:
    """The latest end of a course or beginning of a post that is not in the future."""
    days = pl.concat(
        [tables["training"]["finished"].alias("day"), tables["staff"]["started"].alias("day")]
    )
    found = days.filter(days <= dt.date.today()).max()
    return found if isinstance(found, dt.date) else None


def roster_of(
    tables: Mapping[str, pl.DataFrame], *, day: dt.date, least_hours: float = 0
) -> Roster:
    """The roster on `day` from the records' tables of these names: staff, training, programmes,
    municipalities, units, providers."""
    into = mergers(tables["municipalities"], tables["units"], tables["providers"])
    links = as_called_now(tables["staff"], into).filter(pl.col("started") <= day)
    courses = tables["training"].filter(
        pl.col("finished") <= day, pl.col("hours").fill_null(0) >= least_hours
    )
    there = _there(links, day)
    last = courses.group_by("person").agg(last_trained=pl.col("finished").max())
    first = links.group_by("person").agg(first=pl.col("started").min())
    people = (
        there.join(first, on="person", how="left")
        .join(last, on="person", how="left")
        .join(_known_from(tables["municipalities"], links, courses, into), "municipality", "left")
        .select(PEOPLE.names())
        .sort("municipality", "person")
    )
    once = links.select("municipality", "person").unique()
    return Roster(
        day=day,
        people=people,
        former=once.join(people, on=["municipality", "person"], how="anti").sort(
            "municipality", "person"
        ),
        trained=_trained(courses, tables["programmes"]),
        listed=frozenset(links["municipality"].unique()),
        into=into,
    )


def as_called_now(rows: pl.DataFrame, into: Mergers) -> pl.DataFrame:
    """rows (municipality, unit) under the towns and departments that stand for theirs now.

    A department of a town that has merged carries its old town's code before its name, as in the
    panel: two departments of one name do not become one.
    """
    whole = pl.col("unit")
    if into.departments:
        followed = in_town("municipality", "unit").replace(dict(into.departments))
        whole = followed.str.replace(r"^[^/]*/", "")
    rows = rows.with_columns(unit=whole)
    if not into.towns:
        return rows
    moved = pl.col("municipality").is_in(list(into.towns))
    return rows.with_columns(
        unit=pl.when(moved).then(in_town("municipality", "unit")).otherwise("unit"),
        municipality=pl.col("municipality").replace(dict(into.towns)),
    )


def folded_topic(column: str) -> pl.Expr:
    """A topic as it is compared: case, spaces and ё/е do not matter."""
    plain = pl.col(column).str.to_lowercase().str.replace_all("ё", "е", literal=True)
    return plain.str.replace_all(r"\s+", " ").str.strip_chars()


def _there(links: pl.DataFrame, day: dt.date) -> pl.DataFrame:
    """One row per town and person on `day`: the post taken last, and since when it is held.

    Links of one post (department and position group) that follow each other without a day between
    are one; of several posts on one day the one taken last counts, then the first by name.
    """
    ended = pl.col("ended").fill_null(_STILL_THERE)
    before = ended.cum_max().shift().over(_POST)
    broken = before.is_null() | (pl.col("started") > before + pl.duration(days=1))
    spells = (
        links.sort(*_POST, "started", nulls_last=True)
        .with_columns(ended, broken=broken)
        .with_columns(spell=pl.col("broken").cast(pl.Int64).cum_sum().over(_POST))
    )
    held = spells.group_by(*_POST, "spell").agg(
        pl.col("person_by_name").drop_nulls().last(),
        pl.col("badge").drop_nulls().last(),
        since=pl.col("started").min(),
        until=pl.col("ended").max(),
    )
    return (
        held.filter(pl.col("until") >= day)
        .sort("municipality", "person", "since", "unit", descending=[False, False, True, False])
        .unique(["municipality", "person"], keep="first", maintain_order=True)
        .drop("until", "spell")
    )


def _known_from(
    municipalities: pl.DataFrame, links: pl.DataFrame, courses: pl.DataFrame, into: Mergers
) -> pl.DataFrame:
    """From when training is on record: municipality, known_from. It is what the register of
    municipalities says, else the earliest course of anybody on the town's staff lists; of a merged
    group of towns the latest that any of them says."""
    town = pl.col("municipality").replace(dict(into.towns))
    said = (
        municipalities.select(town, known_from="training_known_from")
        .drop_nulls()
        .group_by("municipality")
        .agg(pl.col("known_from").max())
    )
    of_staff = (
        links.select("municipality", "person")
        .unique()
        .join(courses.select("person", "finished"), on="person")
        .group_by("municipality")
        .agg(known_from=pl.col("finished").min())
    )
    return pl.concat([said, of_staff.join(said, on="municipality", how="anti")])


def _trained(courses: pl.DataFrame, programmes: pl.DataFrame) -> pl.DataFrame:
    topics = programmes.select("provider", "programme", topic=folded_topic("topic"))
    return (
        courses.select("person", "provider", "programme", "finished")
        .join(topics, on=["provider", "programme"], how="left")
        .select(TRAINED.names())
        .sort("person", "finished", "topic")
    )
