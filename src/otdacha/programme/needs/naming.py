"""The plan says how many of a class go to a run; here it is decided who they are.

Order: whom the law sends first, of them the earliest `by`; then the more urgent priority; then who
was trained longest ago, the never trained before all; then the pseudonym. Each in turn gets the run
of their class that ends first, has a free seat and lies on none of their other days of learning. A
seat stays unnamed only if it must: where that order leaves one free that another choice would fill,
the most seats that can be filled at all are (an integer programme over the classes concerned), and
among such choices the most that the law asks for, then those who stand first in the order (the
smallest sum of places).
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy import optimize, sparse
from scipy.sparse import csgraph

from otdacha.language import Text, text
from otdacha.programme.needs.classes import Classes

STATES: Mapping[str, Text] = {
    "named": text("a named person"),
    "to_be_named": text("a person to be named"),
    "unnamed": text("a seat without a person"),
}
UNNAMED: Mapping[str, Text] = {
    "overlapping_days": text("Everybody left is learning elsewhere on these days."),
    "too_few_people": text("There are more seats than people who need them."),
}
"""Why a seat has nobody."""

_NAMED: dict[str, pl.DataType | type[pl.DataType]] = {
    "class": pl.Int64,
    "run": pl.Int64,
    "member": pl.Int64,
    "need": pl.String,
    "person": pl.String,
    "state": pl.Enum(list(STATES)),
    "reason": pl.Enum(list(UNNAMED)),
}
NAMED = pl.Schema(_NAMED)
Days = tuple[dt.date, dt.date]
Seats = dict[tuple[int, int], int]
"""(class, run) → how many."""
Choice = dict[int, int]
"""Member → run."""


@dataclass(frozen=True)
class _Member:
    """place: in the stated order, over all classes. options: runs of the class that they could go
    to, the one that ends first before the others."""

    member: int
    place: int
    of_class: int
    person: str | None
    mandatory: bool
    options: tuple[int, ...]


def name_people(
    classes: Classes,
    seats: pl.DataFrame,
    runs: pl.DataFrame,
    busy: pl.DataFrame | None = None,
) -> pl.DataFrame:
    """Who sits on each seat: schema `NAMED`, one row per seat, by class, run and member.

    seats: class, run, seats (whole). runs: run, started, finished (both days inclusive). busy:
    person, started, finished: days on which somebody is learning already. A need is met once: a
    member gets one seat at most. A need that names nobody takes its turn, and its seat is for a
    person to be named. Seats without anybody are rows too, with the reason.
    """
    days: dict[int, Days] = {
        run: (started, finished)
        for run, started, finished in runs.select("run", "started", "finished").iter_rows()
    }
    free: Seats = {
        (of_class, run): count
        for of_class, run, count in seats.group_by("class", "run")
        .agg(pl.col("seats").sum())
        .sort("class", "run")
        .iter_rows()
        if count > 0
    }
    members = _members(classes, free, days, _taken_days(busy))
    chosen: Choice = {}
    for together in _components(members, days) if members else ():
        of_classes = {one.of_class for one in together}
        here = {key: count for key, count in free.items() if key[0] in of_classes}
        found = _in_order(together, here, days)
        if len(found) < _at_most(together, here):
            rules = _rules(together, here, days)
            if rules.pairs and not _is_best(found, rules):
                found = _as_many_as_possible(rules, days)
        chosen |= found
    return _frame(classes, free, chosen)


def name_the_rest(
    classes: Classes, seats: pl.DataFrame, runs: pl.DataFrame, enrolled: pl.DataFrame
) -> pl.DataFrame:
    """Who sits on each seat (schema `NAMED`) where some sit there already.

    seats, runs: as of `name_people`, with the seats of those. enrolled: class, run, member; they
    stay, and on the days of their run they learn nothing else.
    """
    theirs = enrolled.join(
        classes.members.select("member", "need", "person"), on="member", how="left"
    ).with_columns(state=pl.lit("named"), reason=pl.lit(None, pl.String))
    taken = enrolled.group_by("class", "run").agg(taken=pl.len().cast(pl.Int64))
    free = seats.join(taken, on=["class", "run"], how="left").with_columns(
        seats=pl.col("seats") - pl.col("taken").fill_null(0)
    )
    others = replace(classes, members=classes.members.join(enrolled, on="member", how="anti"))
    busy = theirs.join(runs, on="run").select("person", "started", "finished")
    named = name_people(others, free.drop("taken"), runs, busy)
    stay = theirs.select(NAMED.names()).cast(dict(NAMED))  # type: ignore[arg-type]
    return pl.concat([stay, named]).sort("class", "run", "member", nulls_last=True)


def overlapping(one: Days, other: Days) -> bool:
    """Whether two stretches of days, both ends included, have a day in common."""
    return one[0] <= other[1] and other[0] <= one[1]


def _taken_days(busy: pl.DataFrame | None) -> Mapping[str, list[Days]]:
    taken: dict[str, list[Days]] = defaultdict(list)
    if busy is not None:
        for person, started, finished in busy.select("person", "started", "finished").iter_rows():
            taken[person].append((started, finished))
    return taken


def _members(
    classes: Classes, free: Seats, days: Mapping[int, Days], busy: Mapping[str, list[Days]]
) -> list[_Member]:
    """The members of classes that have seats, in the stated order."""
    of_class: dict[int, list[int]] = defaultdict(list)
    for number, run in free:
        of_class[number].append(run)
    for options in of_class.values():
        options.sort(key=lambda run: (days[run][1], days[run][0], run))
    ordered = (
        classes.members.join(classes.frame.select("class", "mandatory"), on="class")
        .filter(pl.col("class").is_in(list(of_class)))
        .with_columns(trained=pl.col("last_trained").fill_null(dt.date(1, 1, 1)))
        .sort(
            *("mandatory", "by", "priority", "trained", "person", "need", "member"),
            descending=[True, *([False] * 6)],
            nulls_last=True,
        )
    )
    rows = ordered.select("member", "class", "person", "mandatory").iter_rows()
    return [
        _Member(
            member,
            place,
            number,
            person,
            mandatory,
            tuple(
                run
                for run in of_class[number]
                if not any(overlapping(days[run], taken) for taken in busy.get(person or "", ()))
            ),
        )
        for place, (member, number, person, mandatory) in enumerate(rows)
    ]


def _components(members: Sequence[_Member], days: Mapping[int, Days]) -> list[list[_Member]]:
    """Members whose choices bear on each other: of one class, or of classes that share a person who
    cannot be in both. In the stated order within each."""
    numbers = sorted({one.of_class for one in members})
    at = {number: place for place, number in enumerate(numbers)}
    edges = {
        (at[one.of_class], at[other.of_class])
        for several in _by_person(members)
        for place, one in enumerate(several)
        for other in several[:place]
        if any(overlapping(days[a], days[b]) for a in one.options for b in other.options)
    }
    rows, columns = [a for a, _ in edges], [b for _, b in edges]
    graph = sparse.coo_array(
        (np.ones(len(edges)), (rows, columns)), shape=(len(numbers), len(numbers))
    )
    labels: NDArray[np.int32] = csgraph.connected_components(graph, directed=False)[1]
    together: dict[int, list[_Member]] = defaultdict(list)
    for one in members:
        together[int(labels[at[one.of_class]])].append(one)
    return list(together.values())


def _by_person(members: Iterable[_Member]) -> list[list[_Member]]:
    """The members that are one person, of people who are members of several classes."""
    known: dict[str, list[_Member]] = defaultdict(list)
    for one in members:
        if one.person is not None:
            known[one.person].append(one)
    return [several for several in known.values() if len(several) > 1]


def _at_most(members: Sequence[_Member], free: Seats) -> int:
    """No choice fills more: of each class its seats or its members, whichever are fewer."""
    people: dict[int, int] = defaultdict(int)
    seats: dict[int, int] = defaultdict(int)
    for one in members:
        people[one.of_class] += 1
    for (number, _), count in free.items():
        seats[number] += count
    return sum(min(count, seats[number]) for number, count in people.items())


def _in_order(members: Sequence[_Member], free: Seats, days: Mapping[int, Days]) -> Choice:
    """Each in turn gets the first run that they can go to."""
    left = dict(free)
    learning: dict[str, list[Days]] = defaultdict(list)
    chosen: Choice = {}
    for one in members:
        taken = learning[one.person] if one.person is not None else []
        for run in one.options:
            key = (one.of_class, run)
            if left[key] and not any(overlapping(days[run], other) for other in taken):
                left[key] -= 1
                taken.append(days[run])
                chosen[one.member] = run
                break
    return chosen


@dataclass(frozen=True)
class _Rules:
    """One 0-1 variable for each of `pairs` (member, run); matrix @ variables <= most.

    A person's runs are intervals of days, so no two overlap exactly where on the first day of each
    at most one is under way.
    """

    pairs: list[tuple[_Member, int]]
    matrix: sparse.csr_array
    most: NDArray[np.float64]

    @property
    def constraint(self) -> optimize.LinearConstraint:
        return optimize.LinearConstraint(self.matrix, -np.inf, self.most)

    @property
    def each(self) -> NDArray[np.float64]:
        """What is made large first: seats that are filled."""
        return np.ones(len(self.pairs))

    @property
    def by_law(self) -> NDArray[np.float64]:
        """Seats of people whom the law sends."""
        return np.array([float(one.mandatory) for one, _ in self.pairs])


def _rules(members: Sequence[_Member], free: Seats, days: Mapping[int, Days]) -> _Rules:
    pairs = [(one, run) for one in members for run in one.options]
    of_member: dict[int, list[int]] = defaultdict(list)
    of_seats: dict[tuple[int, int], list[int]] = defaultdict(list)
    of_person: dict[str, list[int]] = defaultdict(list)
    for column, (one, run) in enumerate(pairs):
        of_member[one.member].append(column)
        of_seats[one.of_class, run].append(column)
        if one.person is not None:
            of_person[one.person].append(column)
    rows = [(columns, 1) for columns in of_member.values()]
    rows += [(columns, free[key]) for key, columns in of_seats.items()]
    for columns in of_person.values():
        spans = [(column, days[pairs[column][1]]) for column in columns]
        for first in sorted({started for _, (started, _) in spans}):
            under_way = [column for column, span in spans if span[0] <= first <= span[1]]
            if len(under_way) > 1:
                rows.append((under_way, 1))
    ends = np.cumsum([0, *(len(columns) for columns, _ in rows)])
    places = np.array([column for columns, _ in rows for column in columns], dtype=np.int64)
    matrix = sparse.csr_array((np.ones(len(places)), places, ends), shape=(len(rows), len(pairs)))
    return _Rules(pairs, matrix, np.array([float(count) for _, count in rows]))


def _is_best(chosen: Choice, rules: _Rules) -> bool:
    """Whether no choice fills more seats, nor more of people whom the law sends: no fraction of a
    person could either, which is soon found out."""
    taken = np.array([float(chosen.get(one.member) == run) for one, run in rules.pairs])
    for goal in (rules.each, rules.by_law):
        relaxed = _largest(goal, [rules.constraint], whole=False)
        if np.floor(goal @ relaxed + 1e-6) > goal @ taken:
            return False
    return True


def _as_many_as_possible(rules: _Rules, days: Mapping[int, Days]) -> Choice:
    """The most seats that can be filled; of such choices the best in the order."""
    runs = sorted({run for _, run in rules.pairs}, key=days.__getitem__)
    later = {run: number for number, run in enumerate(runs)}
    order = {
        place: number for number, place in enumerate(sorted({m.place for m, _ in rules.pairs}))
    }
    places = [float(order[one.place] * len(runs) + later[run]) for one, run in rules.pairs]
    chosen = _best(rules, [rules.each, rules.by_law, -np.array(places)])
    return {one.member: run for (one, run), is_in in zip(rules.pairs, chosen, strict=True) if is_in}


def _best(rules: _Rules, goals: Sequence[NDArray[np.float64]]) -> NDArray[np.bool_]:
    """The 0-1 vector that is best by the first goal, of those the best by the second, and so on.

    goals: whole numbers, to be made large.
    """
    kept = [rules.constraint]
    values = np.zeros(len(rules.pairs))
    for goal in goals:
        values = np.round(_largest(goal, kept, whole=True))
        # a half below the best: goals are whole numbers, solvers are not exact
        kept.append(optimize.LinearConstraint(goal[None, :], float(goal @ values) - 0.5, np.inf))
    return np.asarray(values > 0.5)


def _largest(
    goal: NDArray[np.float64], kept: Sequence[optimize.LinearConstraint], *, whole: bool
) -> NDArray[np.float64]:
    """The variables from 0 to 1 that make the goal largest."""
    found = optimize.milp(
        -goal,
        integrality=np.full(len(goal), int(whole), dtype=np.int64),
        bounds=optimize.Bounds(0, 1),
        constraints=kept,
        options={"mip_rel_gap": 0.0},
    )
    if found.x is None:  # nobody anywhere keeps every rule
        raise AssertionError(f"naming has no solution: this is our fault ({found.message})")
    return np.asarray(found.x)


def _frame(classes: Classes, free: Seats, chosen: Choice) -> pl.DataFrame:
    known = classes.members.select("class", "member", "need", "person")
    seated = known.join(
        pl.DataFrame(
            list(chosen.items()), schema={"member": pl.Int64, "run": pl.Int64}, orient="row"
        ),
        on="member",
    ).with_columns(
        state=pl.when(pl.col("person").is_null())
        .then(pl.lit("to_be_named"))
        .otherwise(pl.lit("named"))
    )
    filled = {
        (number, run): count
        for number, run, count in seated.group_by("class", "run").len().iter_rows()
    }
    rest = known.join(seated, on="member", how="anti")
    waiting = dict(rest.group_by("class").len().iter_rows())
    empty = [
        (number, run, "overlapping_days" if waiting.get(number) else "too_few_people")
        for (number, run), count in free.items()
        for _ in range(count - filled.get((number, run), 0))
    ]
    unnamed = pl.DataFrame(
        empty, schema={"class": pl.Int64, "run": pl.Int64, "reason": pl.String}, orient="row"
    ).with_columns(state=pl.lit("unnamed"))
    rows = pl.concat(
        [NAMED.to_frame().cast({"state": pl.String, "reason": pl.String}), seated, unnamed],
        how="diagonal",
    )
    return (
        rows.select(NAMED.names())
        .cast(dict(NAMED))  # type: ignore[arg-type]
        .sort("class", "run", "member", nulls_last=True)
    )
