"""Laws of the panel, and its naive twin."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import replace
from random import Random

import ibis
import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from otdacha.methodology import Methodology
from otdacha.panel import STATUSES, Panel, Tables, panel_of
from otdacha.panel.reasons import ABOUT_AN_INDICATOR, ABOUT_THE_CASE
from tests.property.panel_twin import Row, Twin, twin
from tests.unit.panel.making import OTHER_TOWN, TOWN, frame, indicator, methodology, tables

UNKNOWN_TOWN = "99999000"
RULES = methodology(
    indicator("on_time", "due"),
    indicator("working_days", "closed", centre=3),
    indicator("calendar_days", "due", centre=5),
    indicator("refused", "closed"),
    indicator("repeated", "all"),
    indicator("rating", "rated", centre=4),
    horizon_months=3,
    look_back_months=5,
)
BY_DEPARTMENT = RULES.model_copy(
    update={
        "design": RULES.design.model_copy(
            update={"cluster": "unit", "stratum": ("region", "service"), "anticipation_months": 0}
        )
    }
)


Records = dict[str, list[Row]]


def invented(seed: int, cases: int, links: int, courses: int) -> Records:
    """Three towns, one of which is on no register, with every fault a record can have.

    Rows are drawn by a plain generator: hypothesis would draw mostly empty lists and equal values,
    in which nobody is trained.
    """
    random = Random(seed)
    pick = random.choice

    def day(first: str, last: str) -> dt.date:
        start, end = dt.date.fromisoformat(first), dt.date.fromisoformat(last)
        return start + dt.timedelta(days=random.randint(0, (end - start).days))

    def later(start: dt.date, most: int) -> dt.date:
        return start + dt.timedelta(days=random.randint(0, most))

    def case(number: int) -> Row:
        opened = day("2023-02-20", "2023-11-10")
        return {
            "municipality": pick([TOWN] * 5 + [OTHER_TOWN] * 2 + [UNKNOWN_TOWN]),
            "case": str(number),
            "unit": pick(["Отдел", "Бюро"]),
            "executor": pick([None] * 5 + ["sA", "sB", "sC", "b1", "b2", "sX"]),
            "service": pick(["Справка", "Жалоба"]),
            "opened": opened,
            "due": pick([None, later(opened, 20)]),
            "limit_days": pick([None, random.randint(0, 15)]),
            "day_kind": pick([None, "working", "calendar"]),
            "closed": pick([None, later(opened, 25), later(opened, 25)]),
            "cancelled": pick([None] * 9 + [later(opened, 5)]),
            "is_cancelled": pick([None] * 5 + [False] * 4 + [True]),
            "refused": pick([None, True, False]),
            "repeated": pick([None, True, False]),
            "rating": pick([None, 1, 4, 5]),
        }

    def link() -> Row:
        started = day("2022-06-01", "2023-08-31")
        return {
            "municipality": pick([TOWN, TOWN, OTHER_TOWN]),
            "person": pick(["sA", "sB", "sC", "sD", "sE"]),
            "badge": pick([None, "b1", "b2"]),
            "unit": pick(["Отдел", "Бюро"]),
            "started": started,
            "ended": pick([None, None, later(started, 300)]),
        }

    def course() -> Row:
        started = day("2022-06-01", "2023-10-31")
        return {
            "municipality": pick([None, TOWN, OTHER_TOWN]),
            "person": pick(["sA", "sB", "sC", "sD", "sE", "sF"]),
            "provider": pick(["A", "B"]),
            "started": started,
            "finished": later(started, 70),
            "hours": pick([72.0, 72.0, 72.0, 8.0]),
        }

    def town(municipality: str, since: dt.date | None) -> Row:
        return {
            "municipality": municipality,
            "name": "Придуманск",
            "region": "Область",
            "macroregion": pick(["Центр", "Центр", "Центр", None]),
            "valid_from": since,
            "valid_to": None,
            "training_known_from": pick([None, day("2022-01-01", "2023-03-01")]),
        }

    return {
        "cases": [case(number) for number in range(cases)],
        "staff": [link() for _ in range(links)],
        "training": [course() for _ in range(courses)],
        "towns": [
            town(TOWN, dt.date(2020, 1, 1)),
            town(TOWN, None),
            town(OTHER_TOWN, None),
        ],
    }


def records() -> st.SearchStrategy[Records]:
    return st.builds(
        invented, st.integers(0, 2**32), st.integers(1, 420), st.integers(2, 20), st.integers(2, 20)
    )


quick = settings(max_examples=3, deadline=None)
"""Few and large: a panel costs the same half second whatever it holds, nearly all of it the writing
of its queries. Three of these hold as many cases as ten a third as large, and more trained people.
"""


def panel(rows: Records, rules: Methodology = RULES) -> Panel:
    return panel_of(
        tables(rows["cases"], staff=rows["staff"], training=rows["training"], towns=rows["towns"]),
        rules,
    )


def same(one: Panel, other: Panel) -> None:
    for name in ("cells", "exposure", "reach", "excluded"):
        assert_frame_equal(getattr(one, name), getattr(other, name))


def seen(made: Panel) -> Twin:
    """A panel in the words of the twin."""
    cells = made.cells.with_columns(pl.col("status").cast(pl.String)).to_dicts()
    return Twin(
        {
            (c["unit"], c["month"], c["indicator"]): (c["n"], c["total"], c["total_squares"])
            for c in cells
        },
        {(c["unit"], c["month"]): (c["status"], c["staff"]) for c in cells},
        {
            (e["unit"], e["month"], e["provider"]): (e["share"], e["staff"])
            for e in made.exposure.to_dicts()
        },
        {c["unit"]: (c["stratum"], c["cluster"]) for c in cells},
        {
            r["provider"]: (r["people"], r["municipalities"], r["trained"])
            for r in made.reach.to_dicts()
        },
        Counter(
            {
                (e["reason"], e["indicator"], e["provider"]): e["rows"]
                for e in made.excluded.to_dicts()
            }
        ),
    )


@settings(quick, max_examples=9)
@given(records(), st.sampled_from([RULES, BY_DEPARTMENT]))
def test_the_panel_is_what_plain_loops_make(rows: Records, rules: Methodology) -> None:
    made = seen(panel(rows, rules))
    expected = twin(rows["cases"], rows["towns"], rows["staff"], rows["training"], rules)
    assert made == expected


@quick
@given(records())
def test_every_case_is_in_one_cell_or_has_one_reason(rows: Records) -> None:
    made = panel(rows)
    excluded = made.excluded.filter(pl.col("reason").is_in([*ABOUT_THE_CASE, *ABOUT_AN_INDICATOR]))
    for one in RULES.indicators:
        inside = made.cells.filter(pl.col("indicator") == one.id)["n"].sum()
        outside = excluded.filter(
            pl.col("indicator").eq_missing(one.id) | pl.col("indicator").is_null()
        )
        assert inside + outside["rows"].sum() == len(rows["cases"])


@quick
@given(records(), st.integers(0, 2**32))
def test_splitting_the_case_log_into_batches_changes_nothing(rows: Records, seed: int) -> None:
    whole = tables(
        rows["cases"], staff=rows["staff"], training=rows["training"], towns=rows["towns"]
    )
    batch = Random(seed).choices(range(3), k=len(rows["cases"]))
    parts = [
        ibis.memtable(
            frame(
                "cases",
                [row for row, number in zip(rows["cases"], batch, strict=True) if number == k],
            )
        )
        for k in range(3)
    ]
    split = Tables(
        ibis.union(*parts), whole.results, whole.municipalities, whole.staff, whole.training
    )
    same(panel_of(whole, RULES), panel_of(split, RULES))


@quick
@given(records(), st.integers(0, 2**32))
def test_the_order_of_the_rows_changes_nothing(rows: Records, seed: int) -> None:
    random = Random(seed)
    shuffled = {name: random.sample(table, len(table)) for name, table in rows.items()}
    same(panel(rows), panel(shuffled))


NOT_DUE = RULES.model_copy(
    update={"indicators": tuple(one for one in RULES.indicators if one.of != "due")}
)
"""A log says what is late by its own last day, and a log that has ended keeps its last day."""


def two_towns(rows: Records) -> Records:
    """Both towns on the register with one past, people and badges apart, all else as it is."""

    def apart(row: Row, *names: str) -> Row:
        own = row["municipality"] == OTHER_TOWN
        return {
            **row,
            **{name: f"{row[name]}'" for name in names if own and row[name] is not None},
        }

    known = dt.date(2022, 3, 1)
    place = {"name": "Придуманск", "region": "Область", "macroregion": "Центр"}
    return {
        "cases": [apart(row, "executor") for row in rows["cases"]],
        "staff": [apart(row, "person", "badge") for row in rows["staff"]],
        "training": [apart(row, "person") for row in rows["training"]],
        "towns": [
            {"municipality": code, **place, "training_known_from": known}
            for code in (TOWN, OTHER_TOWN)
        ],
    }


def as_one(rows: Records) -> Records:
    """The records as if the other town had been a part of the first from the start."""

    def joined(row: Row) -> Row:
        if row["municipality"] != OTHER_TOWN:
            return row
        renamed = {"unit": f"{OTHER_TOWN}/{row['unit']}"} if "unit" in row else {}
        return {**row, "municipality": TOWN, **renamed}

    cases, staff, training = (
        [joined(row) for row in rows[name]] for name in ("cases", "staff", "training")
    )
    return {"cases": cases, "staff": staff, "training": training, "towns": rows["towns"][:1]}


@settings(quick, max_examples=6)
@given(records(), st.sampled_from(["municipality", "unit"]))
def test_towns_that_merge_are_as_if_they_had_been_one_from_the_start(
    seen_rows: Records, cluster: str
) -> None:
    rows = two_towns(seen_rows)
    design = NOT_DUE.design.model_copy(update={"cluster": cluster})
    rules = NOT_DUE.model_copy(update={"design": design})
    merger = [rows["towns"][0], {**rows["towns"][1], "successor": TOWN}]
    merged, whole = panel({**rows, "towns": merger}, rules), panel(as_one(rows), rules)
    same(merged, whole)
    apart = panel(rows, rules)
    assert merged.cells["n"].sum() == apart.cells["n"].sum()
    mine = apart.cells.filter(municipality=OTHER_TOWN)
    assert merged.mergers["rows"].sum() == len(mine)
    clusters = merged.cells.group_by("unit").agg(pl.col("cluster").n_unique())["cluster"]
    assert (clusters == 1).all()


@quick
@given(records())
def test_organisations_that_merge_are_as_if_they_had_been_one_from_the_start(
    rows: Records,
) -> None:
    register = frame(
        "providers",
        [{"provider": "A", "name": "A", "successor": "B"}, {"provider": "B", "name": "B"}],
    )
    known = tables(
        rows["cases"], staff=rows["staff"], training=rows["training"], towns=rows["towns"]
    )
    merged = panel_of(replace(known, providers=ibis.memtable(register)), RULES)
    renamed = [{**row, "provider": "B"} for row in rows["training"]]
    same(merged, panel({**rows, "training": renamed}))
    mine = [row for row in rows["training"] if row["provider"] == "A"]
    assert merged.mergers["rows"].sum() == len(mine)


@settings(quick, max_examples=3)
@given(records(), st.sampled_from(["municipality", "unit"]))
def test_a_renamed_department_is_as_if_it_had_had_one_name_from_the_start(
    rows: Records, cluster: str
) -> None:
    """ "Бюро" of one town is called "Отдел" now; the other town's stays as it is."""

    def renamed(row: Row) -> Row:
        is_called = (row["municipality"], row["unit"]) == (TOWN, "Бюро")
        return {**row, "unit": "Отдел"} if is_called else row

    design = RULES.design.model_copy(update={"cluster": cluster})
    rules = RULES.model_copy(update={"design": design})
    units = [
        {"municipality": TOWN, "unit": "Бюро", "successor": "Отдел"},
        {"municipality": TOWN, "unit": "Отдел"},
        {"municipality": OTHER_TOWN, "unit": "Бюро"},
    ]
    known = tables(
        rows["cases"], staff=rows["staff"], training=rows["training"], towns=rows["towns"]
    )
    merged = panel_of(replace(known, units=ibis.memtable(frame("units", units))), rules)
    named = {name: [renamed(row) for row in rows[name]] for name in ("cases", "staff")}
    same(merged, panel({**rows, **named}, rules))
    before = panel(rows, rules).cells
    mine = before.filter(pl.col("unit").str.starts_with(f"{TOWN}/Бюро/"))
    assert merged.mergers["rows"].sum() == len(mine)


@quick
@given(records())
def test_swapping_the_providers_swaps_their_exposure(rows: Records) -> None:
    swap = {"A": "B", "B": "A"}
    swapped = [{**row, "provider": swap[row["provider"]]} for row in rows["training"]]
    one, other = panel(rows), panel({**rows, "training": swapped})
    assert_frame_equal(one.cells, other.cells)
    renamed = other.exposure.with_columns(pl.col("provider").replace(swap))
    assert_frame_equal(one.exposure, renamed.sort("unit", "month", "provider"))


@quick
@given(records())
def test_exposure_is_a_share_and_every_unit_month_has_one_status(
    rows: Records,
) -> None:
    made = panel(rows)
    assert made.exposure["share"].is_between(0, 1, closed="right").all()
    assert made.cells["status"].null_count() == 0
    assert set(made.cells["status"].unique().cast(pl.String)) <= set(STATUSES)
    by_month = made.cells.group_by("unit", "month").agg(pl.col("status").n_unique())
    assert (by_month["status"] == 1).all()
    assert made.cells.select("unit", "month", "indicator").is_unique().all()
    exposed = made.cells.filter(pl.col("status") == "exposed")
    assert exposed.join(made.exposure, on=["unit", "month"], how="anti").is_empty()
