"""A plan of two lines against contracts, attendance and payments; everything by hand."""

import datetime as dt

import polars as pl
import pytest

from otdacha.programme.execution import Execution, Windows, execution
from otdacha.programme.execution.states import state
from otdacha.programme.execution.wording import RULES, STATES, UNMATCHED
from tests.unit.programme.carrying import ATTENDANCE, CONTRACTS, PAYMENTS, table

TODAY = dt.date(2026, 4, 1)
BEGIN, END = dt.date(2026, 3, 2), dt.date(2026, 3, 13)


def plan_tables() -> dict[str, pl.DataFrame]:
    """Town 1: five seats of A (10,000 and 1,000 for the journey) in 2026, two of B in 2026."""
    runs = {
        "A": (2026, BEGIN, END),
        "B": (2026, dt.date(2026, 9, 1), dt.date(2026, 9, 4)),
    }
    lines = [
        ("1", "Город", "p", "Академия", offer, "Сроки", *runs[offer], seats, cost)
        for offer, seats, cost in (("A", 5, 55_000.0), ("B", 2, 8_000.1))
    ]
    names = ["municipality", "municipality_name", "provider", "provider_name", "offer", "name"]
    funding = [
        ("1", 2026, "p", "A", "federal", "F1", 30_000.0, 0.0, 30_000.0),
        ("1", 2026, "p", "A", "municipal", "M1", 20_000.0, 5_000.0, 25_000.0),
        ("1", 2026, "p", "B", "municipal", "M1", 8_000.1, 0.0, 8_000.1),
    ]
    columns = ["municipality", "year", "provider", "offer", "source", "code", "fee", "travel"]
    return {
        "lines": pl.DataFrame(
            lines, schema=[*names, "year", "started", "finished", "seats", "cost"], orient="row"
        ),
        "funding": pl.DataFrame(funding, schema=[*columns, "amount"], orient="row"),
        "groups": pl.DataFrame(
            [("p", offer, *run) for offer, run in runs.items()],
            schema=["provider", "offer", "year", "started", "finished"],
            orient="row",
        ),
    }


def held(
    contracts: list[tuple[object, ...]],
    attendance: list[tuple[object, ...]] | None = None,
    payments: list[tuple[object, ...]] | None = None,
    today: dt.date = TODAY,
) -> Execution:
    return execution(
        plan_tables(),
        table(CONTRACTS, *contracts),
        table(ATTENDANCE, *(attendance or [])),
        table(PAYMENTS, *(payments or [])),
        today,
    )


SIGNED = [
    ("1", "c", "p", "A", 5, "federal", "F1", 30_000.0, "2026-02-01"),
    ("1", "c", "p", "A", 5, "municipal", None, 20_000.33, "2026-02-01"),
]


def line(found: Execution, offer: str, municipality: str = "1") -> dict[str, object]:
    (row,) = found.lines.filter(offer=offer, municipality=municipality).to_dicts()
    return row


def test_a_line_counts_its_seats_people_and_kopecks_once():
    attending = [("1", f"s{at}", "p", "A", "finished", "2026-03-13") for at in range(3)]
    attending.append(("1", "s3", "p", "A", "left", None))
    paid = [
        ("1", "1", "c", "federal", "F1", "2026-02-08", 30_000.0),
        ("1", "2", "c", "municipal", None, "2026-03-20", 20_000.33),
    ]
    found = held(SIGNED, attending, paid)
    row = line(found, "A")
    assert (row["planned"], row["signed"], row["people_finished"], row["people_left"]) == (
        5,
        5,
        3,
        1,
    )
    assert (row["planned_cost"], row["signed_cost"], row["paid"]) == (55_000, 50_000.33, 50_000.33)
    assert (row["paid_federal"], row["paid_municipal"], row["paid_own"]) == (30_000, 20_000.33, 0)
    assert row["state"] == "finished"
    assert found.unmatched.is_empty()
    totals = found.totals
    assert (totals["lines"], totals["planned"], totals["signed"]) == (2, 7, 5)
    assert totals["planned_cost"] == 63_000.1
    assert sum(found.states["lines"]) == 2
    assert found.states["state"].to_list() == list(STATES)


def test_money_is_told_by_source_year_code_and_municipality():
    """What names no code is paid from the only one that the plan knows there."""
    paid = [("1", "1", "c", "federal", "F1", "2026-02-08", 9_000.01)]
    found = held(SIGNED, payments=paid)
    assert found.money.rows() == [
        ("federal", 2026, "F1", "1", 30_000.0, 0.0, 30_000.0, 9_000.01, 0.0, 20_999.99),
        ("municipal", 2026, "M1", "1", 33_000.1, 5_000.0, 20_000.33, 0.0, 12_999.77, 33_000.1),
    ]


def test_what_happens_later_has_not_happened_yet():
    finished = [("1", "s", "p", "A", "finished", "2026-03-13")]
    paid = [("1", "1", "c", "federal", "F1", "2026-03-20", 30_000.0)]
    row = line(held(SIGNED, finished, paid, dt.date(2026, 3, 5)), "A")
    assert (row["people_attending"], row["people_finished"], row["paid"]) == (1, 0, 0)
    assert row["state"] == "running"
    assert line(held(SIGNED, today=dt.date(2026, 1, 31)), "A")["signed"] == 0


def test_what_fits_no_line_is_counted_with_its_reason():
    contracts = [*SIGNED, ("1", "c", "p", "B", 5, "own", None, 1.0, "2026-02-03")]
    found = held(
        contracts,
        [("2", "s", "p", "A", "enrolled", None)],
        [("1", "1", "nobody", "federal", "F1", "2026-02-08", 1.0)],
    )
    assert found.unmatched.rows() == [
        ("attendance", "attends_without_line", 1),
        ("contracts", "contradicting_contract", 1),
        ("payments", "payment_without_contract", 1),
    ]
    assert set(found.unmatched["reason"]) <= set(UNMATCHED)
    # the money of the contradicting row is the contract's all the same
    assert line(found, "A")["signed_cost"] == 50_001.33


def test_a_contract_that_was_not_planned_is_a_line_of_its_own():
    contracts = [("2", "d", "p", "A", 1, "own", None, 7.0, "2026-02-01")]
    found = held(contracts, [("2", "s", "p", "A", "attending", None)])
    row = line(found, "A", "2")
    assert (row["state"], row["planned"], row["signed"], row["people_attending"]) == (
        "not_in_plan",
        0,
        1,
        1,
    )
    assert (row["municipality_name"], row["provider_name"], row["started"]) == (
        "2",
        "Академия",
        BEGIN,
    )


def test_an_offer_of_every_year_is_signed_for_the_first_run_that_is_not_over():
    tables = plan_tables()
    later = (
        tables["lines"]
        .filter(offer="A")
        .with_columns(pl.col("started", "finished").dt.offset_by("1y"), year=pl.lit(2027, pl.Int64))
    )
    runs = pl.concat([tables["groups"], later.select(tables["groups"].columns)])
    lines = pl.concat([tables["lines"], later])
    signed = [
        ("1", str(at), "p", "A", 5, "own", None, 1.0, day)
        for at, day in enumerate(("2025-12-20", "2026-03-13", "2026-03-14"))
    ]
    found = execution(
        {**tables, "lines": lines, "groups": runs},
        table(CONTRACTS, *signed),
        table(ATTENDANCE, ("1", "s", "p", "A", "finished", "2026-03-14")),
        table(PAYMENTS),
        TODAY,
    )
    of_a = found.lines.filter(offer="A").select("year", "signed", "people_finished").rows()
    assert of_a == [(2026, 10, 1), (2027, 5, 0)]


ONE = {
    "planned": 5,
    "signed": 5,
    "planned_cost": 100,
    "signed_cost": 90,
    "paid": 90,
    "started": BEGIN,
    "finished": END,
}
NOTHING = {"signed": 0, "signed_cost": 0, "paid": 0}


@pytest.mark.parametrize(
    ("expected", "today", "otherwise"),
    [
        ("not_in_plan", TODAY, {"planned": 0, "planned_cost": 0}),
        ("overspent", TODAY, {"signed_cost": 101}),
        ("overspent", TODAY, {"paid": 101}),
        ("late", BEGIN - dt.timedelta(days=14), NOTHING),
        ("late", TODAY, NOTHING),
        ("to_sign", BEGIN - dt.timedelta(days=15), NOTHING),
        ("to_sign", BEGIN - dt.timedelta(days=60), NOTHING),
        ("not_begun", BEGIN - dt.timedelta(days=61), NOTHING),
        ("signed", BEGIN - dt.timedelta(days=1), {}),
        ("running", BEGIN, {}),
        ("running", END, {"paid": 0}),
        ("underspent", END + dt.timedelta(days=1), {"paid": 89}),
        ("underspent", END + dt.timedelta(days=1), {"signed": 4}),
        ("finished", END + dt.timedelta(days=1), {}),
    ],
)
def test_a_line_has_the_state_of_the_first_rule_that_holds(
    expected: str, today: dt.date, otherwise: dict[str, int]
):
    row = pl.DataFrame([{**ONE, **otherwise}])
    assert row.select(state(today)).item() == expected
    assert expected in STATES
    assert expected in RULES


def test_how_many_days_before_it_begins_a_line_is_late_can_be_chosen():
    row = pl.DataFrame([{**ONE, **NOTHING}])
    today = BEGIN - dt.timedelta(days=20)
    assert row.select(state(today, Windows(late=20))).item() == "late"
    assert row.select(state(today, Windows(late=19, sign=19))).item() == "not_begun"
