"""What of a plan is hidden does not follow from what of it is told, by whatever sums there are."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from otdacha.programme.disclosure import BY_LAW, Public, public
from otdacha.programme.plan import Plan
from otdacha.programme.suppression import Cell, Hidden, hidden_in_table
from tests.invented_plan import invented_plan, nothing_to_decide

MINIMUM = 5

TABLES = st.dictionaries(
    st.tuples(st.sampled_from("abcde"), st.sampled_from("vwxyz")), st.integers(0, 14), max_size=18
)


def _could_be(people: dict[Cell, int], hidden: Hidden) -> list[tuple[float, float]]:
    """For each hidden count the least and the most it could be, by all that is told: a linear
    programme, where the rule itself looks for a way round in a network."""
    cells = [cell for cell in people if people[cell]]
    sums = [("row", row, [c for c in cells if c[0] == row], row in hidden.rows)
            for row in dict.fromkeys(row for row, _ in cells)]  # fmt: skip
    sums += [("column", name, [c for c in cells if c[1] == name], name in hidden.columns)
             for name in dict.fromkeys(name for _, name in cells)]  # fmt: skip
    sums.append(("whole", "", cells, hidden.whole))
    told = [[cell] for cell in cells if cell not in hidden.cells]
    told += [inside for *_, inside, gone in sums if not gone]
    unsaid = [[cell] for cell in cells if cell in hidden.cells]
    unsaid += [inside for *_, inside, gone in sums if gone]
    place = {cell: at for at, cell in enumerate(cells)}

    def row(inside: list[Cell]) -> np.ndarray:
        made = np.zeros(len(cells))
        made[[place[cell] for cell in inside]] = 1.0
        return made

    equal = np.array([row(inside) for inside in told])
    known = np.array([sum(people[cell] for cell in inside) for inside in told])
    found = []
    for inside in unsaid:
        ends = [
            linprog(
                sign * row(inside),
                A_eq=equal if told else None,
                b_eq=known if told else None,
                bounds=(1, 1_000),
                method="highs",
            )
            for sign in (1, -1)
        ]
        assert all(end.status == 0 for end in ends)
        found.append((ends[0].fun, -ends[1].fun))
    return found


@settings(max_examples=40, deadline=None)
@given(TABLES)
def test_no_hidden_count_follows_from_the_cells_and_totals_that_are_told(
    people: dict[Cell, int],
) -> None:
    hidden = hidden_in_table(people, MINIMUM)
    for cell, count in people.items():
        assert not 0 < count < MINIMUM or cell in hidden.cells
    for least, most in _could_be(people, hidden):
        assert most - least > 0.5


def test_cells_that_two_rings_share_a_bridge_between_are_not_told() -> None:
    """Each total of rows a to d and columns w to z hides two cells or more, and still (b, y) would
    follow: a and b together are w and x but for it."""
    people = {("a", "w"): 3, ("a", "x"): 6, ("b", "w"): 6, ("b", "x"): 3, ("b", "y"): 2,
              ("c", "y"): 6, ("c", "z"): 3, ("d", "y"): 3, ("d", "z"): 6, ("e", "y"): 30,
              ("e", "w"): 40}  # fmt: skip
    hidden = hidden_in_table(people, MINIMUM)
    for least, most in _could_be(people, hidden):
        assert most > least


def test_five_single_people_of_a_total_of_five_are_not_told_by_it() -> None:
    """Each hidden count is one at least: five of them that are five together are one each."""
    people = {("kitezh", topic): 1 for topic in "vwxyz"} | {("buyan", "v"): 20, ("buyan", "w"): 9}
    hidden = hidden_in_table(people, MINIMUM)
    assert "kitezh" in hidden.rows
    for least, most in _could_be(people, hidden):
        assert most > least


def test_nothing_is_hidden_where_all_counts_are_large_or_none() -> None:
    hidden = hidden_in_table({("a", "x"): 5, ("a", "y"): 0, ("b", "x"): 12}, MINIMUM)
    assert hidden == Hidden(frozenset(), frozenset(), frozenset(), False)


def test_beside_a_small_count_the_next_in_order_goes_and_not_the_smallest() -> None:
    people = {("a", "v"): 9, ("a", "w"): 3, ("a", "x"): 6, ("b", "v"): 8, ("b", "w"): 7}
    assert hidden_in_table(people, MINIMUM).cells >= {("a", "w"), ("a", "v")}
    assert ("a", "x") not in hidden_in_table(people, MINIMUM).cells


# A plan as a whole: people by town, topic and reason, sent or left; one town and reason at a time.
TOWNS, TOPICS, REASONS = ("t1", "t2", "t3"), ("Земля", "Жильё"), (BY_LAW, "other")
PEOPLE = st.dictionaries(
    st.tuples(st.sampled_from(TOWNS), st.sampled_from(TOPICS), st.sampled_from(REASONS)),
    st.tuples(st.integers(0, 9), st.integers(0, 9)),
    min_size=1,
)


def _plan(people: dict[tuple[str, str, str], tuple[int, int]]) -> Plan:
    sent = [(town, topic, reason, n) for (town, topic, reason), (n, _) in people.items() if n]
    left = [(town, topic, reason, n) for (town, topic, reason), (_, n) in people.items() if n]
    names = ["municipality", "topic", "reason", "people"]
    strings = dict.fromkeys(names[:3], pl.String) | {"people": pl.Int64}
    seats = pl.DataFrame(sent, schema=strings, orient="row").with_columns(
        provider=pl.lit("p"), offer=pl.col("topic")
    )
    unmet = pl.DataFrame(left, schema=strings, orient="row").with_columns(why=pl.lit("no_money"))
    lines = seats.group_by("municipality", "topic", "provider", "offer", maintain_order=True).agg(
        seats=pl.col("people").sum()
    )
    town = pl.DataFrame({"municipality": TOWNS}).with_columns(
        needed=pl.Series([_sum(people, town=t) for t in TOWNS]),
        mandatory=pl.Series([_sum(people, town=t, reason=BY_LAW) for t in TOWNS]),
        planned=pl.Series([_sum(people, town=t, sent_only=True) for t in TOWNS]),
        floor=pl.lit(0),
    )
    figures = {
        "people": int(town["planned"].sum()),
        "needed": int(town["needed"].sum()),
        "mandatory": int(town["mandatory"].sum()),
    }
    return Plan(
        Path("plan"),
        "h",
        {"figures": figures},
        {"lines": lines, "seats": seats, "unmet": unmet, "municipalities": town},
        nothing_to_decide(),
    )


def _sum(
    people: dict[tuple[str, str, str], tuple[int, int]],
    *,
    town: str | None = None,
    topic: str | None = None,
    reason: str | None = None,
    sent_only: bool = False,
) -> int:
    return sum(
        n + (0 if sent_only else m)
        for (t, p, r), (n, m) in people.items()
        if town in (None, t) and topic in (None, p) and reason in (None, r)
    )


def _secrets(atoms: list[tuple[str, str, str, str]], value: list[int]) -> list[set[int]]:
    """The small groups that no contract tells, each as places of its atoms."""

    def those(town: str | None, topic: str | None, reason: str | None, state: str) -> set[int]:
        return {
            at
            for at, (t, p, r, s) in enumerate(atoms)
            if town in (None, t) and topic in (None, p) and reason in (None, r) and s == state
        }

    def people(inside: set[int]) -> int:
        return sum(value[at] for at in inside)

    found = []
    for town in (None, *TOWNS):
        for topic in (None, *TOPICS):
            left, by_law, others = (
                those(town, topic, None, "left"),
                those(town, topic, BY_LAW, "sent"),
                those(town, topic, "other", "sent"),
            )
            # that the law obliges nobody there is no small group
            groups = [left, by_law, *([others] if people(by_law) else [])]
            found += [inside for inside in groups if 0 < people(inside) < MINIMUM]
    return found


def _what_is_told(
    told: Public, atoms: list[tuple[str, str, str, str]], lines: pl.DataFrame
) -> list[tuple[set[int], int]]:
    """Every sum of people that any public table tells: places of its atoms, and what it is."""

    def those(**wanted: str | None) -> set[int]:
        keys = ("municipality", "topic", "reason", "sent")
        return {
            at
            for at, atom in enumerate(atoms)
            if all(wanted.get(key) in (None, part) for key, part in zip(keys, atom, strict=True))
        }

    found = [
        (those(municipality=row["municipality"], topic=row["topic"], sent="sent"), row["seats"])
        for row in lines.iter_rows(named=True)
    ]
    found.append((those(sent="sent"), told.figures["people"]))
    for name, wanted in (("needed", {}), ("mandatory", {"reason": BY_LAW})):
        if told.figures[name] is not None:
            found.append((those(**wanted), told.figures[name]))
    for row in told.tables["municipalities"].iter_rows(named=True):
        town = row["municipality"]
        found.append((those(municipality=town, sent="sent"), row["planned"]))
        if row["needed"] is not None:
            found.append((those(municipality=town), row["needed"]))
    for row in told.tables["needs"].iter_rows(named=True):
        place = {"municipality": row["municipality"], "topic": row["topic"]}
        found.append((those(**place, sent="sent"), row["planned"]))
        if row["needed"] is not None:
            found.append((those(**place), row["needed"]))
    for row in told.tables["demands"].iter_rows(named=True):
        place = {"topic": row["topic"], "reason": row["reason"]}
        found.append((those(**place, sent="sent"), row["planned"]))
        if row["needed"] is not None:
            found.append((those(**place), row["needed"]))
    return found


@settings(max_examples=25, deadline=None)
@given(PEOPLE)
def test_no_small_number_of_people_follows_from_all_tables_of_a_plan_together(
    people: dict[tuple[str, str, str], tuple[int, int]],
) -> None:
    """What contracts tell, and that somebody is sent, is no secret."""
    plan = _plan(people)
    told = public(plan, MINIMUM)
    atoms = [(t, p, r, s) for t in TOWNS for p in TOPICS for r in REASONS for s in ("sent", "left")]
    value = [people.get((t, p, r), (0, 0))[s == "left"] for t, p, r, s in atoms]
    sums = _what_is_told(told, atoms, plan.tables["lines"])
    for inside, said in sums:
        assert sum(value[at] for at in inside) == said
    # a cell that no table names is known to hold nobody
    named = {(r["municipality"], r["topic"]) for r in told.tables["needs"].iter_rows(named=True)}
    bounds = [(0, 1_000) if (t, p) in named else (0, 0) for t, p, *_ in atoms]
    equal = np.array([[float(at in inside) for at in range(len(atoms))] for inside, _ in sums])
    known = np.array([said for _, said in sums])
    for inside in _secrets(atoms, value):
        aim = np.array([float(at in inside) for at in range(len(atoms))])
        least, most = (
            linprog(sign * aim, A_eq=equal, b_eq=known, bounds=bounds, method="highs")
            for sign in (1, -1)
        )
        assert -most.fun - least.fun > 0.5, [atoms[at] for at in inside]


def test_departments_classes_and_people_are_in_no_public_table() -> None:
    told = public(invented_plan(), MINIMUM)
    for name, table in told.tables.items():
        assert {"unit", "class", "pair", "person", "need"}.isdisjoint(table.columns), name
    assert {"seats", "people"}.isdisjoint(told.tables)


@pytest.mark.parametrize("name", ["lines", "funding", "groups", "budgets"])
def test_what_contracts_say_is_told_as_it_is(name: str) -> None:
    plan = invented_plan()
    assert public(plan, MINIMUM).tables[name].equals(plan.tables[name])
