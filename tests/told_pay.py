"""An attacker of scenarios of pay: all that is told as linear equations over what is not known.

Not known are, by town, group of positions and sex, how many people there are, how many receive
something, what they are paid without measures in the last year, and what each measure costs in each
year; by town and year what each part of pay comes to. The attacker is the worst that the rule
answers for: contributions are none, so pay and cost are one sum; everybody's post is a full one, so
a mean tells a sum; and of a measure that reaches nobody in a town and year it is known.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from scipy.optimize import linprog

from otdacha.pay.costs_told import SOURCES, SUMS
from otdacha.pay.disclosure import Told, public
from otdacha.pay.scenario import Scenario
from otdacha.pay.tables import DIMENSIONS, TABLES

MINIMUM = 5
GROUPS, SEXES = ("g1", "g2", "g3"), ("f", "m")
PARTS = ("salary", "service", "rank", "secrecy", "bonus")
"""Of pay without measures: everybody's, most people's, some people's, few people's, everybody's."""
_PAID = (1.0, 0.9, 0.5, 0.12, 1.0)
SPLITS = (
    (1.0, 0.0, 0.0, 0.0),
    (0.0, 1.0, 0.0, 0.0),
    (0.0, 0.0, 1.0, 0.0),
    (0.7, 0.0, 0.3, 0.0),
    (0.0, 0.6, 0.4, 0.0),
    (0.5, 0.5, 0.0, 0.0),
    (0.0, 0.5, 0.0, 0.5),
)
"""What sources pay of a measure."""


@dataclass(frozen=True)
class Person:
    """pay: a sum for each part; received: (measure, year) → what it costs."""

    town: str
    group: str
    sex: str
    pay: tuple[int, ...]
    received: dict[tuple[str, int], int]


@dataclass(frozen=True)
class Union:
    towns: tuple[str, ...]
    years: tuple[int, ...]
    measures: dict[str, tuple[float, ...]]
    of_law: frozenset[str]
    """Measures that raise the salary; the others are parts of pay of their own."""
    people: tuple[Person, ...]


def invented_union(seed: int) -> Union:
    """A few towns of few people; measures for all, for some, for nearly nobody."""
    random = np.random.default_rng(seed)
    towns = tuple(f"t{at}" for at in range(random.integers(2, 6)))
    years = tuple(range(2027, 2027 + random.integers(1, 3)))
    keys = [f"m{at}" for at in range(random.integers(1, 5))]
    splits = {key: SPLITS[random.integers(len(SPLITS))] for key in keys}
    reach = {key: random.choice([1.0, 0.6, 0.25, 0.1, 0.04]) for key in keys}
    where = {key: {town for town in towns if random.random() < 0.8} for key in keys}
    when = {key: {year for year in years if random.random() < 0.8} for key in keys}
    people = []
    for town in towns:
        size = int(random.choice([2, 4, 7, 12, 20, 30]))
        groups = random.choice(GROUPS, size=size, p=random.dirichlet([1.0, 1.0, 0.6]))
        for group in groups:
            pay = tuple(
                int(random.integers(20, 90)) if random.random() < part else 0 for part in _PAID
            )
            of_person = {key for key in keys if town in where[key] and random.random() < reach[key]}
            received = {
                (key, year): 10 * int(random.integers(1, 9))
                for key in keys
                for year in years
                if key in of_person and year in when[key]
            }
            people.append(Person(town, str(group), str(random.choice(SEXES)), pay, received))
    of_law = frozenset(key for key in keys if random.random() < 0.4)
    return Union(towns, years, splits, of_law, tuple(people))


def scenario_of(union: Union) -> Scenario:
    """The tables that the office would have of these people."""
    costs, components, limits, fund = [], [], [], []
    for town in union.towns:
        here = [one for one in union.people if one.town == town]
        for year in union.years:
            before, after = 0, 0
            for at, part in enumerate(PARTS):
                sum_ = sum(one.pay[at] for one in here)
                rise = sum(
                    cost
                    for one in here
                    for (key, when), cost in one.received.items()
                    if part == "salary" and when == year and key in union.of_law
                )
                behind = sum(one.pay[at] > 0 for one in here)
                components.append((town, year, part, sum_, sum_ + rise, behind))
                fund.append((town, year, part, float(sum_), 0.0, sum_))
                before, after = before + sum_, after + sum_ + rise
            for key, split in union.measures.items():
                paid = [one.received[key, year] for one in here if (key, year) in one.received]
                if key not in union.of_law:
                    components.append((town, year, key, 0, sum(paid), len(paid)))
                    after += sum(paid)
                for source, part_ in zip(SOURCES, split, strict=True):
                    if paid and part_:
                        costs.append((town, year, key, source, sum(paid) * part_, len(paid)))
            for name in ("total", "cost"):
                components.append((town, year, name, before, after, len(here)))
            limits.append((town, year, None, None, None, before, after, None, "unknown"))
    tables = {name: pl.DataFrame(schema=schema) for name, schema in TABLES.items()}
    rows = {
        "costs": costs,
        "components": components,
        "limits": limits,
        "fund": fund,
        "distribution": list(_groups(union)),
    }
    for name, content in rows.items():
        tables[name] = pl.DataFrame(content, schema=list(TABLES[name]), orient="row").cast(
            dict(TABLES[name])
        )
    tables["measures"] = pl.DataFrame([
        {"number": at, "measure": key, **dict(zip(SOURCES, split, strict=True)),
         "people": sum(any(k == key for k, _ in one.received) for one in union.people)}
        for at, (key, split) in enumerate(union.measures.items(), 1)
    ], schema=TABLES["measures"])  # fmt: skip
    tables["municipalities"] = pl.DataFrame(
        [{"municipality": town} for town in union.towns], schema=TABLES["municipalities"]
    )
    return Scenario(Path("s"), "h", {"figures": {"people": len(union.people)}}, tables)


def _groups(union: Union) -> Iterator[tuple[Any, ...]]:
    last = union.years[-1]
    for by, attribute in zip(DIMENSIONS, ("town", "group", "sex"), strict=True):
        for value in sorted({getattr(one, attribute) for one in union.people}):
            inside = [one for one in union.people if getattr(one, attribute) == value]
            gains = [sum(c for (_, y), c in one.received.items() if y == last) for one in inside]
            before = sum(sum(one.pay) for one in inside) / len(inside)
            after = before + sum(gains) / len(inside)
            yield by, value, len(inside), sum(gain > 0 for gain in gains), before, after, 0.1


Variable = tuple[Any, ...]


@dataclass
class Attacker:
    """Equations over variables by name. told: what is told; asked: of it what is asked for."""

    union: Union
    at: dict[Variable, int] = field(default_factory=dict)
    told: list[tuple[dict[Variable, float], float]] = field(default_factory=list)
    asked: list[tuple[dict[Variable, float], float]] = field(default_factory=list)

    def __post_init__(self) -> None:
        union = self.union
        for cell in ((t, g, s) for t in union.towns for g in GROUPS for s in SEXES):
            for what in ("people", "receive", "pay"):
                self.at[(what, *cell)] = len(self.at)
            for key in union.measures:
                for year in union.years:
                    self.at["cost", *cell, key, year] = len(self.at)
        for town in union.towns:
            for year in union.years:
                for part in PARTS:
                    self.at["part", town, part, year] = len(self.at)
        self.true = np.zeros(len(self.at))
        last = union.years[-1]
        for one in union.people:
            cell = (one.town, one.group, one.sex)
            self.true[self.at[("people", *cell)]] += 1
            self.true[self.at[("receive", *cell)]] += any(y == last for _, y in one.received)
            self.true[self.at[("pay", *cell)]] += sum(one.pay)
            for (key, year), cost in one.received.items():
                self.true[self.at["cost", *cell, key, year]] += cost
            for at, part in enumerate(PARTS):
                for year in union.years:
                    self.true[self.at["part", one.town, part, year]] += one.pay[at]

    def those(self, what: str, wanted: Callable[..., bool]) -> dict[Variable, float]:
        """The variables of a kind for which `wanted` holds, each once."""
        return {v: 1.0 for v in self.at if v[0] == what and wanted(*v[1:])}

    def worth(self, form: dict[Variable, float]) -> float:
        return float(sum(weight * self.true[self.at[one]] for one, weight in form.items()))

    def tell(self, form: dict[Variable, float], *, asked: bool = False) -> None:
        (self.asked if asked else self.told).append((form, self.worth(form)))

    def knows(self, form: dict[Variable, float], *, asked: bool = False) -> bool:
        """Whether a sum could be nothing else, by all that is told, or by what is asked for."""
        equations = self.asked if asked else [*self.told, *self.asked]
        weights = np.zeros((len(equations), len(self.at)))
        for row, (inside, _) in enumerate(equations):
            for one, weight in inside.items():
                weights[row, self.at[one]] = weight
        aim = np.zeros(len(self.at))
        for one, weight in form.items():
            aim[self.at[one]] = weight
        ends = [
            linprog(
                sign * aim, A_eq=weights, b_eq=[known for _, known in equations],
                bounds=self.bounds, method="highs",
            )
            for sign in (1, -1)
        ]  # fmt: skip
        assert all(end.status == 0 for end in ends), [end.message for end in ends]
        return bool(-ends[1].fun - ends[0].fun < 0.5)

    @property
    def bounds(self) -> list[tuple[float, float]]:
        """What reaches nobody in a town and year is known to cost nothing there; nothing else is
        known beforehand but that no sum is below nothing."""
        reached = {(one.town, key, year) for one in self.union.people for key, year in one.received}
        return [
            (0.0, 0.0) if v[0] == "cost" and (v[1], v[4], v[5]) not in reached else (0.0, 100_000.0)
            for v in self.at
        ]


def attacker_of(union: Union, told: Told) -> Attacker:
    """Everything that any table of `told` says."""
    found = Attacker(union)
    last = union.years[-1]
    if told.figures["people"] is not None:
        found.tell(found.those("people", lambda *_: True))
    for row in told.tables["distribution"].filter(hidden="published").iter_rows(named=True):
        place = DIMENSIONS.index(row["by"])
        inside = lambda *v, place=place, value=row["value"]: v[place] == value  # noqa: E731
        for what in ("people", "receive", "pay"):
            found.tell(found.those(what, inside))
        found.tell(found.those("cost", lambda *v, inside=inside: inside(*v) and v[4] == last))
    for town, year in told.tables["limits"].filter(hidden="published").select(
        "municipality", "year"
    ).iter_rows():  # fmt: skip
        found.tell(found.those("part", lambda t, _, y, h=(town, year): (t, y) == h))
        found.tell(found.those("cost", lambda *v, h=(town, year): (v[0], v[4]) == h))
    _tell_costs(found, told)
    _tell_parts(found, told)
    for town in union.towns:  # pay of the last year is what its parts come to
        equal = found.those("pay", lambda t, *_, town=town: t == town)
        parts = found.those("part", lambda t, _, y, town=town: (t, y) == (town, last))
        found.told.append(({**equal, **dict.fromkeys(parts, -1.0)}, 0.0))
    return found


def _tell_costs(found: Attacker, told: Told) -> None:
    union = found.union

    def paid(sources: Sequence[str], where: Callable[..., bool]) -> dict[Variable, float]:
        share = {
            key: sum(split[SOURCES.index(source)] for source in sources)
            for key, split in union.measures.items()
        }
        return {v: share[v[4]] for v in found.those("cost", where) if share[v[4]]}

    for year in union.years:
        for source in SOURCES:
            found.tell(paid([source], lambda *v, y=year: v[4] == y), asked=True)
    sums = {name: sources for one in SUMS for name, sources in one.items()}
    for row in told.tables["costs"].iter_rows(named=True):
        towns = told.towns if row["municipality"] is None else {row["municipality"]}
        form = paid(sums[row["source"]], lambda *v, t=towns, y=row["year"]: v[0] in t and v[4] == y)
        assert abs(found.worth(form) - float(row["cost"])) < 0.05
        found.tell(form)
    alone = set(told.tables["costs_by_measure"]["measure"].drop_nulls())
    for row in told.tables["costs_by_measure"].iter_rows(named=True):
        keys = set(union.measures) - alone if row["measure"] is None else {row["measure"]}
        form = paid([row["source"]], lambda *v, k=keys, y=row["year"]: v[3] in k and v[4] == y)
        assert abs(found.worth(form) - float(row["cost"])) < 0.05
        found.tell(form)


def _tell_parts(found: Attacker, told: Told) -> None:
    union = found.union
    tables = told.tables
    keys = {*PARTS, *(key for key in union.measures if key not in union.of_law)}

    def before(parts: set[str], towns: set[str], year: int) -> dict[Variable, float]:
        return found.those("part", lambda t, p, y: t in towns and p in parts and y == year)

    def after(parts: set[str], year: int) -> dict[Variable, float]:
        risen = parts | (union.of_law if "salary" in parts else set())
        costs = found.those("cost", lambda *v: v[3] in risen and v[4] == year)
        return {**before(parts, set(union.towns), year), **costs}

    named = set(tables["components"]["component"])
    for row in tables["components"].filter(hidden="published").iter_rows(named=True):
        name = row["component"]
        parts = (
            set(PARTS) - named
            if name == "others"
            else keys
            if name in ("total", "cost")
            else {name}
        )
        found.tell(before(parts, set(union.towns), row["year"]))
        if row["after"] is not None:
            assert abs(found.worth(after(parts, row["year"])) - float(row["after"])) < 0.05
            found.tell(after(parts, row["year"]))
    of_town = {"salary": {"salary"}, "allowances": set(PARTS) - {"salary"}}
    for row in tables["components_by_town"].filter(hidden="published").iter_rows(named=True):
        parts = of_town.get(row["component"], set(PARTS))
        form = before(parts, {row["municipality"]}, row["year"])
        assert abs(found.worth(form) - float(row["before"])) < 0.05
        found.tell(form)
    for name, columns in (("fund", ["municipality", "year"]), ("fund_of_all", ["year"])):
        table = tables[name].filter(hidden="published")
        named = set(table["component"])
        for row in table.iter_rows(named=True):
            parts = set(PARTS) - named if row["component"] == "others" else {row["component"]}
            towns = {row["municipality"]} if "municipality" in columns else set(union.towns)
            form = before(parts, towns, row["year"])
            assert abs(found.worth(form) - float(row["difference"])) < 0.05
            found.tell(form)


def secrets(union: Union, minimum: int) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Small groups: what kind of sum, and of whom."""

    def few(people: Sequence[Person]) -> bool:
        return 0 < len(people) < minimum

    last = union.years[-1]
    for attribute in ("town", "group", "sex"):
        for value in {getattr(one, attribute) for one in union.people}:
            inside = [one for one in union.people if getattr(one, attribute) == value]
            gain = [one for one in inside if any(y == last for _, y in one.received)]
            if few(inside):
                yield "people", f"{attribute} {value}", {attribute: value}
                yield "pay", f"{attribute} {value}", {attribute: value}
            if few(gain):
                yield "receive", f"{attribute} {value}", {attribute: value}
                yield "cost", f"{attribute} {value}", {attribute: value, "year": last}
    for key in union.measures:
        for year in (None, *union.years):
            for town in (None, *union.towns):
                behind = [
                    one
                    for one in union.people
                    if town in (None, one.town)
                    and any(k == key and year in (None, y) for k, y in one.received)
                ]
                if few(behind):
                    wanted = {"measure": key, "year": year, "town": town}
                    yield "cost", f"{key} {year} {town}", wanted
    for key in union.measures:  # a measure's few in several towns
        for year in union.years:
            reached = {
                town: sum((key, year) in one.received for one in union.people if one.town == town)
                for town in union.towns
            }
            for size in range(2, len(union.towns)):
                for some in combinations([town for town in union.towns if reached[town]], size):
                    if sum(reached[town] for town in some) < minimum:
                        wanted = {"measure": key, "year": year, "town": some}
                        yield "cost", f"{key} {year} {some}", wanted
    for town in union.towns:  # several measures of the same few
        for year in (None, *union.years):
            behind = [
                one
                for one in union.people
                if one.town == town and any(year in (None, y) for _, y in one.received)
            ]
            if few(behind):
                yield "cost", f"all {year} {town}", {"year": year, "town": town}
    for at, part in enumerate(PARTS):
        for town in (None, *union.towns):
            if few([one for one in union.people if one.pay[at] and town in (None, one.town)]):
                for year in union.years:
                    yield (
                        "part",
                        f"{part} {year} {town}",
                        {"part": part, "year": year, "town": town},
                    )


_NAMES = {
    "people": ("town", "group", "sex"),
    "receive": ("town", "group", "sex"),
    "pay": ("town", "group", "sex"),
    "cost": ("town", "group", "sex", "measure", "year"),
    "part": ("town", "part", "year"),
}


def followed(union: Union, minimum: int) -> list[str]:
    """What of small groups follows from what is told, and not already from what is asked for."""
    attacker = attacker_of(union, public(scenario_of(union), minimum))
    found = []
    for what, said, wanted in secrets(union, minimum):
        form = attacker.those(
            what,
            lambda *v, w=wanted, n=_NAMES[what]: all(
                w.get(name) in (None, one) or (isinstance(w[name], tuple) and one in w[name])
                for name, one in zip(n, v, strict=True)
            ),
        )
        if attacker.knows(form) and not attacker.knows(form, asked=True):
            found.append(f"{what} of {said}")
    return found
