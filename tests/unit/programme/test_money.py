"""Budgets become funds and wallets, or are counted with the reason why not."""

from __future__ import annotations

import polars as pl

from otdacha.methodology.counting import EXCLUDED
from otdacha.programme.money.funds import NO_LIMIT, REASONS, Funds, funds
from otdacha.programme.parameters.file import load_parameters, parameters_in
from tests.unit.programme.test_parameters import HEAD, entry

TOWNS = pl.DataFrame(
    {
        "municipality": ["11000001", "11000002", "22000001"],
        "region": ["Север", "Север", "Образцовая область"],
    }
)
BUDGETS = {
    "source": pl.String,
    "holder": pl.String,
    "year": pl.Int64,
    "code": pl.String,
    "amount": pl.Float64,
    "pays_for": pl.String,
}
Row = tuple[str, str | None, int, str | None, float, str | None]


def of(*rows: Row, parameters: str = "") -> Funds:
    known = parameters_in((HEAD + parameters).encode(), "p") if parameters else load_parameters()
    budgets = pl.DataFrame(rows, schema=BUDGETS, orient="row")
    return funds(budgets, known, TOWNS, (2027, 2028))


def test_a_fund_pays_where_its_holder_is() -> None:
    found = of(
        ("federal", None, 2027, None, 1000.55, None),
        ("regional", "Север", 2027, None, 0.29, None),
        ("municipal", "22000001", 2028, None, 7, "travel"),
    )
    wallets = list(zip(found.wallet_fund.tolist(), found.wallet_municipality.tolist(), strict=True))
    assert wallets == [(0, 0), (0, 1), (0, 2), (1, 0), (1, 1), (2, 2)]
    assert found.amount.tolist() == [100_055, 29, 700]
    assert found.fee_limit.tolist() == [6_000_000, NO_LIMIT, NO_LIMIT]
    assert found.pays_fee.tolist() == [True, True, False]
    assert found.pays_travel.tolist() == [False, True, True]
    assert found.fund_names[1:] == (
        "regional · 2027 · Север",
        "municipal · 2028 · 22000001 · travel",
    )
    assert found.excluded.is_empty()
    assert found.excluded.schema == EXCLUDED


def test_a_share_is_of_each_region_by_itself_in_each_year() -> None:
    shares = of().shares
    assert [(s.name, s.source, s.year, s.towns.tolist(), s.at_most) for s in shares[:3]] == [
        ("Север", "federal", 2027, [0, 1], 0.9),
        ("Образцовая область", "federal", 2027, [2], 0.7),
        ("Образцовая область", "municipal", 2027, [2], 1.0),
    ]
    assert [s.cap for s in shares[:3]] == [None, 5_000_000_000, None]
    assert shares[2].at_least == 0.05
    assert [s.year for s in shares] == [2027] * 3 + [2028] * 3


def test_budgets_that_do_not_count_are_counted_with_the_reason() -> None:
    code = "90107050123456789244"
    found = of(
        ("federal", None, 2026, None, 1, None),
        ("federal", "Луна", 2027, None, 1, None),
        ("federal", None, 2027, code[::-1], 1, None),
        ("federal", None, 2027, code, 1, None),
        ("federal", None, 2028, code, 1, "travel"),
        ("federal", "33000003", 2027, None, 1, None),
        parameters=entry("codes", code=code) + entry("limits", source="federal", pays=["fee"]),
    )
    assert found.fund_names == (f"federal · 2027 · {code}",)
    assert dict(found.excluded.select("reason", "rows").iter_rows()) == {
        "may_pay_nothing": 1,
        "unknown_code": 1,
        "unknown_holder": 2,
        "year_outside_plan": 1,
    }
    assert found.rejected["reason"].to_list() == [
        "year_outside_plan",
        "unknown_holder",
        "unknown_code",
        "may_pay_nothing",
        "unknown_holder",
    ]
    assert set(found.excluded["reason"]) == set(REASONS)


def test_a_plan_without_money_has_no_funds() -> None:
    found = of()
    assert found.fund_names == ()
    assert found.wallet_fund.tolist() == found.wallet_municipality.tolist() == []
