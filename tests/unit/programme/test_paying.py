"""Examples of dealing money out that can be checked by hand."""

from __future__ import annotations

import numpy as np
import pytest

from otdacha.errors import ProgrammeProblem
from otdacha.programme.money.flow import Network
from otdacha.programme.money.funds import NO_LIMIT
from otdacha.programme.money.limits import Legs, wallet_conditions
from otdacha.programme.money.paying import pay
from otdacha.programme.problem import Share
from tests.property.test_money_laws import Purse


def purse(
    *funds: tuple[str, int, str],
    towns: int = 1,
    shares: tuple[Share, ...] = (),
    limit: int = NO_LIMIT,
) -> Purse:
    """Funds (source, amount, what for) that pay in all towns; the limit is of the federal ones."""
    sources, amounts, uses = zip(*funds, strict=True)
    return Purse(
        fund_names=tuple(f"{source} {at}" for at, source in enumerate(sources)),
        fund_source=sources,
        fund_year=np.full(len(funds), 2027),
        amount=np.array(amounts),
        fee_limit=np.array([limit if source == "federal" else NO_LIMIT for source in sources]),
        pays_fee=np.array([use != "travel" for use in uses]),
        pays_travel=np.array([use != "fee" for use in uses]),
        wallet_municipality=np.tile(np.arange(towns), len(funds)),
        wallet_fund=np.repeat(np.arange(len(funds)), towns),
        shares=shares,
    )


def legs(*rows: tuple[int, int, int]) -> Legs:
    town, fee, travel = (np.array(column) for column in zip(*rows, strict=True))
    return Legs(town, np.full(len(rows), 2027), fee, travel)


def test_a_limit_of_one_seat_is_shared_by_the_budget_rows_of_a_source() -> None:
    money = purse(
        ("federal", 900, "both"), ("federal", 900, "both"), ("own", 900, "both"), limit=60
    )
    rows = wallet_conditions(money, legs((0, 100, 0), (0, 50, 0)), ("Озёрск",))
    assert rows.wallet.tolist() == [0, 1]
    assert rows.kopecks.tolist() == [60, 50]
    lines = pay(money, legs((0, 100, 0)), np.array([2]), np.array([70.0, 50.0, 80.0]))
    assert lines.rows() == [(0, 0, 70, 0), (0, 1, 50, 0), (0, 2, 80, 0)]
    with pytest.raises(ProgrammeProblem, match=r"2027: .* 1\.40 ₽ find no payer"):
        pay(money, legs((0, 1000, 0)), np.array([1]), np.array([200.0, 0.0, 800.0]))  # 60 may


def test_where_every_fund_can_pay_everything_there_is_no_condition() -> None:
    money = purse(("federal", 9, "both"), ("own", 9, "both"))
    assert len(wallet_conditions(money, legs((0, 5, 1)), ("Озёрск",)).year) == 0


def test_a_fund_for_travel_pays_no_fees() -> None:
    money = purse(("federal", 9, "fee"), ("own", 9, "travel"))
    rows = wallet_conditions(money, legs((0, 5, 1), (0, 3, 0)), ("Озёрск",))
    by_row = [rows.kopecks[rows.row_of_leg == row].tolist() for row in range(2)]
    assert sorted(zip(rows.wallet.tolist(), by_row, strict=True)) == [(0, [5, 3]), (1, [1, 0])]


def test_too_many_kinds_of_budget_are_refused_by_name() -> None:
    uses = [(source, use) for source in ("a", "b", "c", "d") for use in ("fee", "both")]
    money = purse(*((source, 9, use) for source, use in uses), ("e", 9, "travel"))
    limited = Purse(**{**vars(money), "fee_limit": np.full(9, 2)})
    with pytest.raises(ProgrammeProblem, match=r"Озёрск, 2027: .* 9 different"):
        wallet_conditions(limited, legs((0, 5, 1)), ("Озёрск",))


def test_a_contract_is_paid_by_one_fund_where_that_is_possible() -> None:
    money = purse(("federal", 300, "both"), ("own", 300, "both"))
    contracts = legs((0, 100, 0), (0, 100, 0), (0, 40, 60))
    lines = pay(money, contracts, np.array([1, 2, 2]), np.array([300.0, 200.0]))
    assert len(lines) == 4  # three contracts, and one that has to be shared
    assert lines.group_by("fund").agg(lines["fee"].sum()).height == 2


def test_kopecks_that_a_share_leaves_open_go_where_they_fit() -> None:
    third = Share("Север", "federal", 2027, np.array([0, 1]), at_most=1 / 3)
    money = purse(("federal", 900, "both"), ("own", 900, "both"), towns=2, shares=(third,))
    lines = pay(
        money,
        legs((0, 100, 0), (1, 100, 0)),
        np.array([1, 1]),
        np.array([100 / 3] * 2 + [200 / 3] * 2),
    )
    assert lines["fee"].sum() == 200
    paid = {fund: lines.filter(lines["fund"] == fund)["fee"].sum() for fund in (0, 1)}
    assert paid == {0: 66, 1: 134}  # a third of 200 is 66.67


def test_two_funds_of_a_source_in_two_regions_keep_each_regions_share() -> None:
    shares = tuple(
        Share(name, "federal", 2027, np.array([town]), at_most=0.5)
        for town, name in enumerate(("Север", "Юг"))
    )
    money = purse(
        ("federal", 60, "both"),
        ("federal", 60, "both"),
        ("own", 900, "both"),
        towns=2,
        shares=shares,
    )
    half = np.array([25.25, 25.25, 25.25, 25.25, 50.5, 50.5])
    lines = pay(money, legs((0, 101, 0), (1, 101, 0)), np.array([1, 1]), half)
    for leg in (0, 1):
        federal = lines.filter((lines["leg"] == leg) & (lines["fund"] < 2))["fee"].sum()
        assert federal == 50
    assert lines["fee"].sum() == 202


def test_shares_that_leave_no_kopeck_are_missed_by_one_and_no_more() -> None:
    halves = tuple(
        Share("Север", source, 2027, np.array([0]), at_most=0.5) for source in ("federal", "own")
    )
    money = purse(("federal", 900, "both"), ("own", 900, "both"), shares=halves)
    lines = pay(money, legs((0, 101, 0)), np.array([1]), np.array([50.5, 50.5]))
    assert sorted(lines["fee"].to_list()) == [50, 51]


def test_a_cap_is_kept_to_the_kopeck_and_what_is_signed_counts() -> None:
    cap = Share("Север", "federal", 2027, np.array([0]), cap=80, spent=50, of_all=60)
    money = purse(("federal", 900, "both"), ("own", 900, "both"), shares=(cap,))
    lines = pay(money, legs((0, 100, 0)), np.array([1]), np.array([30.3, 69.7]))
    assert lines.rows() == [(0, 0, 30, 0), (0, 1, 70, 0)]


def test_totals_that_a_solver_gives_are_put_right_to_the_kopeck() -> None:
    money = purse(("federal", 60_000, "both"), ("own", 90_000, "both"), ("own", 9, "both"))
    lines = pay(money, legs((0, 100_000, 0)), np.array([1]), np.array([60_000.4, 40_003.2, 0.0002]))
    assert lines["fee"].sum() == 100_000
    assert lines["fund"].to_list() == [0, 1]
    assert lines["fee"][0] <= 60_000


def test_a_plan_of_nothing_pays_nothing() -> None:
    money = purse(("federal", 9, "both"))
    assert pay(money, legs((0, 5, 0)), np.array([0]), np.array([0.0])).is_empty()


def test_money_without_anybody_to_teach_is_refused() -> None:
    money = purse(("federal", 900, "both"))
    with pytest.raises(ProgrammeProblem, match="cannot be dealt out"):
        pay(money, legs((0, 5, 0)), np.array([0]), np.array([500.0]))


def test_a_network_finds_whole_numbers_within_its_bounds_or_says_what_is_missing() -> None:
    network = Network()
    start, left, right, end = (network.node() for _ in range(4))
    edges = [
        network.edge(start, left, 10**15),
        network.edge(start, right, 3),
        network.edge(left, end, 10**15, least=4),
        network.edge(right, end, 9, least=2),
        network.edge(end, start, 10**15, least=10**14),
    ]
    assert network.circulate() == 0
    carried = [network.carried(edge) for edge in edges]
    assert carried[0] == carried[2] >= 4
    assert 2 <= carried[1] == carried[3] <= 3
    assert carried[0] + carried[1] == carried[4] >= 10**14
    narrow = Network()
    one, two = narrow.node(), narrow.node()
    narrow.edge(one, two, 5)
    narrow.edge(two, one, 9, least=7)
    assert narrow.circulate() == 2
    with pytest.raises(ValueError, match="between 3 and 2"):
        narrow.edge(one, two, 2, least=3)
