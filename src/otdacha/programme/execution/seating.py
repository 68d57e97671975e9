"""Who sits on signed seats: whoever is enrolled by name, else whom the plan so far meant."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl

from otdacha.programme.material import Material
from otdacha.programme.problem import Problem, Whole

Leg = tuple[str, int]
_KEY = ["municipality", "unit", "topic", "mandatory", "by_year", "quarter"]
_ENROLLED = pl.Schema({"class": pl.Int64, "run": pl.Int64, "member": pl.Int64})


@dataclass(frozen=True)
class Seating:
    """seats: of each leg that somebody has signed for or attends. served: (K,) people of a class.
    enrolled: class, run, member."""

    seats: Mapping[Leg, int]
    served: Whole
    enrolled: pl.DataFrame


def seated(
    material: Material,
    problem: Problem,
    legs: Mapping[Leg, int],
    bought: Mapping[Leg, int],
    attending: pl.DataFrame,
    planned: pl.DataFrame,
    stray: Counter[tuple[str, str]],
) -> Seating:
    """Seat people in this order: who attends and is named by a need; who attends otherwise, for a
    need that names nobody; and on seats that are free still whoever the plan meant for them, whom
    the law sends before others.

    bought: seats of each leg by contracts. attending: attendance with `run`. planned: the table
    `seats` of the plan so far. Who has left keeps the seat and is in need again. Whose need is
    met already (the training is on record) takes no named need of another.
    """
    room = _Room(material, problem, legs)
    staying, gone = _by_leg(attending, legs, left=False), _by_leg(attending, legs, left=True)
    for leg in staying:
        if not bought.get(leg):
            stray["attendance", "attends_without_contract"] += len(staying[leg])
    strangers = {
        leg: sum(not room.by_name(leg, person) for person in people)
        for leg, people in staying.items()
    }
    meant = meant_by(planned, material)
    for leg, count in strangers.items():
        room.nameless(leg, count, meant.get(leg, {}))
    seats: dict[Leg, int] = {}
    for leg in {**dict(bought), **staying, **gone}:
        there, left = len(staying.get(leg, ())), len(gone.get(leg, ()))
        seats[leg] = max(bought.get(leg, 0), there + left)
        room.anybody(leg, max(bought.get(leg, 0) - left - there, 0), meant.get(leg, {}))
    return Seating(seats, room.served, pl.DataFrame(room.enrolled, schema=_ENROLLED, orient="row"))


def _by_leg(
    attending: pl.DataFrame, legs: Mapping[Leg, int], *, left: bool
) -> dict[Leg, list[str]]:
    rows = attending.filter((pl.col("status") == "left") == left).sort("municipality", "person")
    found: dict[Leg, list[str]] = defaultdict(list)
    for town, run, person in rows.select("municipality", "run", "person").iter_rows():
        if (town, run) in legs:
            found[town, run].append(person)
    return dict(found)


def meant_by(planned: pl.DataFrame, material: Material) -> dict[Leg, dict[int, int]]:
    """By leg: how many of each class (of the material) the plan so far meant to send there.

    planned: its table `seats`. Classes and runs that the material has no longer are not there.
    """
    quarter = pl.col("by").dt.quarter()
    told = planned.with_columns(mandatory=pl.col("reason") == "legal_duty", quarter=quarter).join(
        material.classes.frame.with_columns(quarter=quarter).select("class", *_KEY),
        on=_KEY,
        nulls_equal=True,
        suffix="_now",
    )
    runs = material.runs.select("provider", "offer", "year", run_now="run")
    rows = told.join(runs, on=["provider", "offer", "year"])
    meant: dict[Leg, dict[int, int]] = defaultdict(dict)
    for town, run, of_class, people in rows.select(
        "municipality", "run_now", "class_now", "people"
    ).iter_rows():
        meant[town, run][of_class] = people
    return meant


class _Room:
    """Classes, emptied as people are seated. served: (K,). enrolled: (class, run, member)."""

    def __init__(self, material: Material, problem: Problem, legs: Mapping[Leg, int]) -> None:
        self.served = np.zeros(len(problem.benefit), dtype=np.int64)
        self.enrolled: list[tuple[int, int, int]] = []
        self._free = problem.people.tolist()
        self._mandatory = problem.mandatory.tolist()
        self._benefit = problem.benefit.tolist()
        self._class_town = [problem.municipalities[at] for at in problem.class_municipality]
        self._pair: dict[Leg, dict[int, int]] = defaultdict(dict)
        for pair, (leg, of_class) in enumerate(
            zip(problem.pair_leg.tolist(), problem.pair_class.tolist(), strict=True)
        ):
            town = problem.municipalities[problem.leg_municipality[leg]]
            self._pair[town, int(problem.leg_run[leg])][of_class] = pair
        self._members: dict[tuple[str, str], list[tuple[int, int]]] = defaultdict(list)
        self._nameless: Counter[int] = Counter()
        for of_class, member, person in material.classes.members.select(
            "class", "member", "person"
        ).iter_rows():
            if person is None:
                self._nameless[of_class] += 1
            else:
                self._members[self._class_town[of_class], person].append((of_class, member))

    def by_name(self, leg: Leg, person: str) -> bool:
        """Seat a person for a need of their own that the run meets; False where there is none."""
        pairs = self._pair[leg]
        able = [one for one in self._members.get((leg[0], person), ()) if one[0] in pairs]
        able = [one for one in able if self._free[one[0]] > 0]
        if not able:
            return False
        of_class, member = min(able, key=lambda one: (not self._mandatory[one[0]], one))
        self._members[leg[0], person].remove((of_class, member))
        self.enrolled.append((of_class, leg[1], member))
        self._seat(leg, of_class, 1)
        return True

    def nameless(self, leg: Leg, count: int, meant: Mapping[int, int]) -> None:
        """Seat so many people for needs that name nobody, as far as there are any."""
        for of_class, most in self._order(leg, meant):
            taken = min(count, most, self._nameless[of_class], self._free[of_class])
            self._nameless[of_class] -= taken
            self._seat(leg, of_class, taken)
            count -= taken

    def anybody(self, leg: Leg, count: int, meant: Mapping[int, int]) -> None:
        """Seat so many people whom nobody has enrolled yet, as far as somebody needs it."""
        for of_class, most in self._order(leg, meant):
            taken = min(count, most, self._free[of_class])
            self._seat(leg, of_class, taken)
            count -= taken

    def _order(self, leg: Leg, meant: Mapping[int, int]) -> Iterable[tuple[int, int]]:
        """Classes that can take a seat, and how many: those that were meant to, as many of them as
        are not there yet; then everybody. The law first, then who gains most."""
        pairs = self._pair[leg]
        by_law = sorted(
            pairs, key=lambda one: (not self._mandatory[one], -self._benefit[pairs[one]], one)
        )
        for of_class in by_law:
            there = int(self.served[pairs[of_class]])
            if meant.get(of_class, 0) > there:
                yield of_class, meant[of_class] - there
        for of_class in by_law:
            yield of_class, self._free[of_class]

    def _seat(self, leg: Leg, of_class: int, count: int) -> None:
        self._free[of_class] -= count
        self.served[self._pair[leg][of_class]] += count
