"""Packages side by side: what each sum brings, what others would do, and how sure that is."""

from __future__ import annotations

import dataclasses
from decimal import Decimal

import numpy as np
import pytest

from otdacha.pay.packages.checking import broken
from otdacha.pay.packages.choose import choose
from otdacha.pay.packages.frontier import frontier, tables
from otdacha.pay.packages.options import Options, Package
from otdacha.pay.packages.rivals import RULES, compared, rivals, verdict
from otdacha.pay.tables import LEVELS, PACKAGES, RIVALS
from tests.invented_packages import RENT, RUBLE, SALARY, TOWNS, inside, small_options

PEOPLE = np.array([100, 40])
"""With a post in each of the two towns."""
SHARED = [dataclasses.replace(lever, everywhere=True) for lever in (SALARY, RENT)]


def of(options: Options, *ways: tuple[float | None, float | None]) -> Package:
    return Package(options, np.array([options.combinations.index(way) for way in ways]))


def test_with_measures_that_are_the_same_everywhere_the_frontier_has_every_package_of_worth() -> (
    None
):
    """5 % (700 rubles) avoids five exits, and so does rent (600): 5 % is left out; 10 % (1,400)
    avoids ten, and so do 5 % and rent for 1,320."""
    options = small_options(SHARED)
    wanted = inside(options)
    found = frontier(options, wanted, choose(options, wanted))

    assert [options.combinations[each.chosen[0]] for each in found] == [
        (None, None), (None, 3_000.0), (5.0, 3_000.0), (10.0, 3_000.0),
    ]  # fmt: skip
    assert [each.total // RUBLE for each in found] == [0, 600, 1_320, 2_020]


def test_town_by_town_more_money_never_does_less() -> None:
    options = small_options()
    wanted = inside(options)
    found = frontier(options, wanted, choose(options, wanted, gap=0.0), points=5, gap=0.0)
    avoided = [each.avoided() for each in found]

    assert found[0].total == 0
    assert [each.total for each in found] == sorted(each.total for each in found)
    assert [one for one in avoided if one] == sorted(one for one in avoided if one)
    # inside a fifth of 2,020 rubles, 404: 10 % in the second town; its rent is 300 for four exits
    assert found[1].total == 400 * RUBLE
    assert found[1].avoided() == pytest.approx((5.0, 5 - 6.5**0.5, 5 + 6.5**0.5))


def test_packages_are_told_once_by_cost_with_what_each_source_pays() -> None:
    options = small_options()
    nothing = of(options, (None, None), (None, None))
    rent = of(options, (None, None), (None, 3_000.0))
    waste = of(options, (5.0, None), (None, None))
    packages, levels = tables([rent, waste, nothing, rent], chosen=rent)

    assert packages.schema == PACKAGES
    assert levels.schema.items() <= LEVELS.items()  # the measures know units and words
    assert packages.select("package", "cost", "federal", "municipal", "avoided").rows() == [
        (1, Decimal(0), Decimal(0), Decimal(0), 0.0),
        (2, Decimal(300), Decimal(150), Decimal(150), 4.0),
        (3, Decimal(500), Decimal(500), Decimal(0), 2.5),
    ]
    assert packages["frontier"].to_list() == [True, True, False]
    assert packages["chosen"].to_list() == [False, True, False]
    assert packages.filter("chosen").select("vacancy_cost", "training_kept").row(0) == (
        Decimal(800),
        Decimal(40),
    )


def test_a_level_that_all_towns_have_is_told_once() -> None:
    options = small_options()
    _, levels = tables([], chosen=of(options, (5.0, None), (5.0, 3_000.0)))

    assert levels.rows() == [
        (1, None, "salary", 5.0),
        (1, TOWNS[0], "rent", None),
        (1, TOWNS[1], "rent", 3_000.0),
    ]


def test_where_nothing_is_known_of_exits_the_table_is_silent_of_them() -> None:
    options = small_options(unknown=TOWNS)
    packages, _ = tables([], chosen=of(options, (5.0, None), (5.0, None)))

    assert packages.select("avoided", "avoided_lower", "vacancy_cost", "frontier").row(0) == (
        None, None, None, False,
    )  # fmt: skip


def test_rivals_spend_no_more_and_keep_every_rule() -> None:
    options = small_options()
    wanted = inside(options, {"federal": 560}, local=[200, 200], ceilings=[20_600, 99_999])
    package = choose(options, wanted, gap=0.0).package
    others = rivals(package, wanted)

    assert set(others) == set(RULES)
    for rival in others.values():
        assert broken(rival, wanted) == []
        assert rival.total <= package.total


def test_what_each_rival_does_can_be_worked_out_by_hand() -> None:
    """710 rubles, 560 of them federal: rent and 10 % in the second town avoid nine exits."""
    options = small_options()
    wanted = inside(options, {"federal": 560})
    others = rivals(choose(options, wanted, gap=0.0).package, wanted)

    def ways(rule: str) -> list[tuple[float | None, ...]]:
        return [options.combinations[way] for way in others[rule].chosen]

    # 5 % in both towns would take 700 federal rubles
    assert ways("flat") == [(None, 3_000.0), (None, 3_000.0)]
    # the second town's 5 % for 200, rent in both for 300 each, the second town's 10 % for 400
    # instead: 700 are spent, and the first town's 5 % would take more than 560 federal rubles
    assert ways("cheapest") == [(None, 3_000.0), (10.0, None)]
    # the first town takes 5 %, and 60 federal rubles are no use to the second
    assert ways("alphabetical") == [(5.0, None), (None, None)]
    # four exits for 300, then five for 400 and 10 that both take together
    assert ways("ratio") == [(None, None), (10.0, 3_000.0)]


def test_how_far_the_best_is_ahead_has_an_interval() -> None:
    options = small_options()
    wanted = inside(options, {"federal": 560})
    package = choose(options, wanted, gap=0.0).package
    table = compared(package, rivals(package, wanted), PEOPLE)

    assert table.schema == RIVALS
    assert table["rule"].to_list() == ["chosen", *RULES]
    chosen, flat = table.row(0, named=True), table.row(1, named=True)
    assert [chosen[name] for name in ("ahead", "ahead_lower", "certain", "same")] == [None] * 4
    assert (flat["avoided"], flat["ahead"]) == (5.0, 4.0)
    # five more in the second town, one less in the first: what is shared moves four by two, what
    # is their own by 0.5 and 0.1
    assert (flat["ahead_lower"], flat["ahead_upper"]) == pytest.approx(
        (4 - 4.26**0.5, 4 + 4.26**0.5)
    )
    assert flat["certain"]
    # rent in both towns, of 100 and of 40 people; the chosen package is of the second alone
    assert (flat["municipalities"], flat["people"]) == (2, 140)
    assert (chosen["municipalities"], chosen["people"]) == (1, 40)
    assert (chosen["differ"], flat["differ"]) == (0, 140)
    # against rent in the first town, 10 % in the second and not its rent: -1, 0 and 4
    assert table.filter(rule="cheapest")["ahead"].item() == 3.0


def test_where_the_interval_reaches_zero_nobody_says_that_the_best_is_the_best() -> None:
    options = small_options()
    noisy = dataclasses.replace(options, own=np.stack([options.avoided * -1] * 2, axis=-1))
    one, other = of(noisy, (None, None), (10.0, None)), of(noisy, (None, None), (5.0, None))
    table = compared(one, {"flat": other}, PEOPLE)

    assert table["certain"].to_list() == [None, False]
    assert table.row(1, named=True)["ahead_lower"] < 0
    assert "than 1 other way to spend as much is not certain" in verdict(table).said("en")


def test_what_is_sure_is_said_to_be_sure_and_what_is_unknown_to_be_unknown() -> None:
    def said(options: Options) -> str:
        one, other = of(options, (10.0, None), (10.0, None)), of(
            options, (5.0, None), (None, None)
        )  # fmt: skip
        return verdict(compared(one, {"flat": other}, PEOPLE)).said("en")

    assert said(small_options()) == (
        "The chosen package avoids more exits than 1 other way to spend as much, and that is "
        "sure: the interval of the difference is above zero. The interval tells how well the "
        "estimate is known, not what else may change."
    )
    assert said(small_options(unknown=TOWNS)).startswith("Nothing is known of exits")


def test_a_rival_that_fits_nowhere_is_left_out() -> None:
    options = small_options((SALARY,))
    wanted = inside(options, {"federal": 199})
    package = choose(options, wanted, gap=0.0).package

    assert package.total == 0
    others = rivals(package, wanted)
    assert "flat" not in others
    table = compared(package, others, PEOPLE)
    assert table["ahead"].to_list() == [None, *[pytest.approx(0.0)] * 3]
    assert table["same"].to_list() == [None, True, True, True]
    assert table["municipalities"].to_list() == [0] * 4
    assert verdict(table).said("en") == (
        "Every other way to spend as much that was tried comes to the same package."
    )


def test_a_rule_that_comes_to_the_same_package_is_not_called_uncertain() -> None:
    """Nothing is ahead of itself; beside it another way may be surely behind."""
    options = small_options()
    one = of(options, (10.0, None), (10.0, None))
    less = of(options, (5.0, None), (None, None))
    table = compared(one, {"ratio": one, "flat": less}, PEOPLE)

    assert table.select("certain", "same").rows() == [(None, None), (False, True), (True, False)]
    said = verdict(table).said("en")
    assert "avoids more exits than 1 other way to spend as much, and that is sure" in said
    assert "1 other way comes to the same package." in said
    assert "not certain" not in said
