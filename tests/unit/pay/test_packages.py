"""The best package inside a sum is the best there is, and says what it could not say."""

from __future__ import annotations

import dataclasses
from dataclasses import fields

import numpy as np
import pytest

from otdacha.errors import PayProblem
from otdacha.pay.packages.checking import broken
from otdacha.pay.packages.choose import choose
from otdacha.pay.packages.options import (
    Lever,
    Outcome,
    Package,
    combinations,
    evaluated,
    interval_between,
)
from otdacha.pay.packages.wanted import Aim
from tests.invented_packages import (
    RENT,
    RUBLE,
    SALARY,
    TOWNS,
    YEARS,
    by_hand,
    inside,
    small_options,
)


def test_measures_go_together_in_every_way_and_the_first_takes_none() -> None:
    assert combinations((SALARY, RENT)) == (
        (None, None), (None, 3_000.0), (5.0, None), (5.0, 3_000.0), (10.0, None), (10.0, 3_000.0),
    )  # fmt: skip


def test_a_measure_that_may_not_be_left_out_is_in_every_combination() -> None:
    assert combinations((Lever("salary", (5.0,), optional=False),)) == ((5.0,),)


def test_more_ways_than_can_be_paid_out_are_refused_and_none_is_guessed() -> None:
    levers = [Lever(f"m{number}", (1.0, 2.0, 3.0)) for number in range(5)]

    assert len(combinations(levers)) == 1_024
    with pytest.raises(PayProblem, match="go together in 4096 ways"):
        combinations([*levers, Lever("one more", (1.0, 2.0, 3.0))])


@pytest.mark.parametrize("levels", [(5.0, 5.0), ()])
def test_a_measure_without_levels_or_with_one_twice_is_named(levels: tuple[float, ...]) -> None:
    with pytest.raises(PayProblem, match="“salary” has no levels"):
        combinations((Lever("salary", levels, optional=False),))


def test_measures_that_act_on_one_another_cost_what_they_cost_together() -> None:
    options = small_options()
    together = options.combinations.index((10.0, 3_000.0))
    alone = [options.combinations.index(way) for way in ((10.0, None), (None, 3_000.0))]

    assert options.total[together].tolist() == [1_310 * RUBLE, 710 * RUBLE]
    assert options.total[alone].sum(axis=0).tolist() == [1_300 * RUBLE, 700 * RUBLE]


def test_without_sums_everybody_has_everything() -> None:
    options = small_options()
    choice = choose(options, inside(options), gap=0.0)

    assert [options.combinations[way] for way in choice.package.chosen] == [(10.0, 3_000.0)] * 2
    assert (choice.gain, choice.bound, choice.settled) == (150_000, 150_000, True)
    reach = (7.5**2 + 0.6**2 + 0.9**2) ** 0.5
    assert choice.package.avoided() == pytest.approx((15.0, 15 - reach, 15 + reach))


def test_money_goes_where_a_ruble_keeps_most_people() -> None:
    """560 federal rubles: rent and 10 % in the second town take 150 + 400 + 10 of them."""
    options = small_options()
    choice = choose(options, inside(options, {"federal": 560}), gap=0.0)

    assert [options.combinations[way] for way in choice.package.chosen] == [
        (None, None),
        (10.0, 3_000.0),
    ]
    assert choice.package.by_source.tolist() == [560 * RUBLE, 0, 150 * RUBLE, 0]
    assert choice.gain == 90_000


def test_a_kopeck_too_little_is_too_little() -> None:
    options = small_options()
    wanted = inside(options, {"federal": 560})
    wanted.sums.amount[0, 0] -= 1

    assert choose(options, wanted, gap=0.0).gain < 90_000


def test_a_towns_own_money_limits_that_town_alone() -> None:
    """The second town cannot pay its half of the rent; what the first one has is no use to it."""
    options = small_options()
    choice = choose(options, inside(options, local=[1_000, 149]), gap=0.0)

    assert [options.combinations[way][1] for way in choice.package.chosen] == [3_000.0, None]


def test_pay_may_not_rise_above_the_norm_that_binds() -> None:
    """The norm leaves the first town room for 5 %: 20,000 + 500; rent is no pay."""
    options = small_options()
    choice = choose(options, inside(options, ceilings=[20_999, 99_999]), gap=0.0)

    assert [options.combinations[way] for way in choice.package.chosen] == [
        (5.0, 3_000.0),
        (10.0, 3_000.0),
    ]


def test_a_measure_that_is_the_same_everywhere_is_held_back_by_the_town_that_cannot() -> None:
    options = small_options((dataclasses.replace(SALARY, everywhere=True), RENT))
    choice = choose(options, inside(options, ceilings=[20_999, 99_999]), gap=0.0)

    assert [options.combinations[way][0] for way in choice.package.chosen] == [5.0, 5.0]
    assert [options.combinations[way][1] for way in choice.package.chosen] == [3_000.0, 3_000.0]


def test_where_all_measures_are_the_same_everywhere_every_package_is_looked_at() -> None:
    shared = [dataclasses.replace(lever, everywhere=True) for lever in (SALARY, RENT)]
    options = small_options(shared)
    wanted = inside(options, {"federal": 1_019})
    choice = choose(options, wanted)
    best = by_hand(options, wanted)

    assert best is not None
    assert choice.package.chosen.tolist() == best.chosen.tolist()
    # 5 % with rent takes 500 + 200 + 2 · 160 = 1,020, one ruble more than there is; each alone
    # avoids five exits, and rent costs 600 in all, 5 % of salaries 700
    assert options.combinations[choice.package.chosen[0]] == (None, 3_000.0)


def test_of_packages_that_do_as_much_the_cheapest_is_taken_and_then_the_one_with_fewest_measures(
) -> None:  # fmt: skip
    options = small_options()
    same = dataclasses.replace(
        options,
        avoided=np.where(options.taken[:, None] > 0, 1.0, 0.0) * np.ones(2),
    )
    choice = choose(same, inside(same), gap=0.0)

    # rent costs 300 in both towns, 5 % costs 500 in the first and 200 in the second
    assert [same.combinations[way] for way in choice.package.chosen] == [
        (None, 3_000.0),
        (5.0, None),
    ]
    free = dataclasses.replace(same, cost=np.zeros_like(same.cost))
    assert choose(free, inside(free), gap=0.0).package.measures == 2


@pytest.mark.parametrize("two_in", [0, 1])
def test_where_two_towns_compete_as_equals_fewer_measures_win(two_in: int) -> None:
    """One town would need rent and travel to avoid an exit for 100 rubles, the other 5 %."""
    options = small_options((Lever("salary", (5.0,)), RENT, Lever("travel", (1.0,))))
    ways = {way: at for at, way in enumerate(options.combinations)}
    avoided, cost = np.zeros_like(options.avoided), np.zeros_like(options.cost)
    avoided[ways[None, 3_000.0, 1.0], two_in] = avoided[ways[5.0, None, None], 1 - two_in] = 1.0
    cost[1:, :, 0, 0] = 100 * RUBLE
    equal = dataclasses.replace(options, avoided=avoided, cost=cost)
    package = choose(equal, inside(equal, {"federal": 100}), gap=0.0).package

    assert (package.total, package.measures) == (100 * RUBLE, 1)


def test_a_town_of_which_nothing_is_known_gets_no_money_by_guess() -> None:
    options = small_options(unknown=[TOWNS[1]])
    choice = choose(options, inside(options), gap=0.0)

    assert options.known.tolist() == [True, False]
    assert [options.combinations[way] for way in choice.package.chosen] == [
        (10.0, 3_000.0),
        (None, None),
    ]
    assert choice.package.avoided() == pytest.approx((6.0, 6 - 9.36**0.5, 6 + 9.36**0.5))


def test_where_nothing_is_known_of_any_town_nothing_is_said_of_exits() -> None:
    options = small_options(unknown=TOWNS)
    package = choose(options, inside(options), gap=0.0).package

    assert package.avoided() is None
    assert package.total == 0


def test_rubles_saved_can_be_what_is_aimed_at() -> None:
    options = small_options()
    wanted = dataclasses.replace(inside(options), aim=Aim.SAVED)

    # 15 exits avoided, of 210 rubles each
    assert choose(options, wanted, gap=0.0).gain == 15 * 210


def test_no_package_costs_more_than_is_asked_for_in_all() -> None:
    options = small_options()
    wanted = inside(options).inside(499 * RUBLE)

    assert choose(options, wanted, gap=0.0).package.total <= 499 * RUBLE


def test_what_must_be_paid_and_cannot_be_is_said_with_source_year_and_sum() -> None:
    options = small_options((dataclasses.replace(SALARY, optional=False), RENT))

    with pytest.raises(PayProblem, match=r"2027: the cheapest package takes 700.00 ₽ .*“federal”"):
        choose(options, inside(options, {"federal": 699}))


def test_a_town_whose_every_package_breaks_its_norm_is_named() -> None:
    options = small_options((dataclasses.replace(SALARY, optional=False),))

    with pytest.raises(PayProblem, match=f"{TOWNS[1]}: every package brings its pay above"):
        choose(options, inside(options, ceilings=[99_999, 8_000]))


def test_a_town_that_cannot_pay_its_part_of_anything_is_named() -> None:
    options = small_options((dataclasses.replace(RENT, optional=False),))

    with pytest.raises(PayProblem, match=f"{TOWNS[0]}: its own budget cannot pay"):
        choose(options, inside(options, local=[149, 150]))


def test_the_twin_that_counts_sees_every_rule_that_is_broken() -> None:
    options = small_options((dataclasses.replace(SALARY, everywhere=True), RENT))
    wanted = inside(
        options, {"federal": 1_000}, local=[149, 150], ceilings=[20_999, 99_999]
    ).inside(1_500 * RUBLE)
    everything = options.combinations.index((10.0, 3_000.0))
    package = Package(options, np.array([everything, 0]))

    assert broken(package, wanted) == [
        "sum federal 2027: 16000",
        f"own money {TOWNS[0]} 2027: 100",
        f"norm {TOWNS[0]} 2027: 100",
        "everywhere salary: 2 levels",
    ]
    assert broken(package, inside(options).inside(1_309 * RUBLE))[0] == "at most: 100"


def test_what_towns_share_moves_a_difference_at_once_and_what_is_their_own_one_by_one() -> None:
    """Against the first town's six exits the second's nine are three more. What they share halves
    both or makes them half as much again (1.5 to 4.5 more); their own hazards move each by a tenth:
    0.6 and 0.9."""
    options = small_options()
    most, none = len(options.combinations) - 1, 0
    first, second = (Package(options, np.array(ways)) for ways in ([most, none], [none, most]))
    own = 0.6**2 + 0.9**2

    assert interval_between(second, first) == pytest.approx(
        (3 - np.sqrt(1.5**2 + own), 3 + np.sqrt(1.5**2 + own))
    )
    assert interval_between(first, second) == pytest.approx(
        (-3 - np.sqrt(1.5**2 + own), -3 + np.sqrt(1.5**2 + own))
    )
    assert first.avoided() == pytest.approx(
        (6.0, 6 - np.sqrt(3.0**2 + 0.6**2), 6 + np.sqrt(3.0**2 + 0.6**2))
    )


def test_several_things_that_towns_share_add_up_as_independent_ones_do() -> None:
    plain = small_options()
    options = dataclasses.replace(plain, shared=np.concatenate([plain.shared] * 2, axis=2))
    most = Package(options, np.array([len(options.combinations) - 1, 0]))

    assert most.avoided() == pytest.approx(
        (6.0, 6 - np.sqrt(2 * 3.0**2 + 0.6**2), 6 + np.sqrt(2 * 3.0**2 + 0.6**2))
    )


def test_the_interval_ends_where_no_end_of_anything_leads() -> None:
    plain = small_options()
    wide = dataclasses.replace(
        plain,
        shared=np.stack([plain.avoided * 0.0, plain.avoided * 9], axis=-1)[:, :, None],
        most=np.full_like(plain.most, 5.0),
    )
    last = len(plain.combinations) - 1
    everything, salaries = (Package.everywhere(wide, way) for way in (last, last - 1))

    assert everything.avoided() == (15.0, 0.0, 10.0)  # of the ten who would leave
    assert interval_between(everything, salaries) == (0.0, 10.0)
    assert interval_between(everything, everything) == (0.0, 0.0)


def test_an_outcome_of_other_towns_is_refused() -> None:
    one = small_options()
    outcome = _first_outcome()

    with pytest.raises(ValueError, match=r"cost is \(2, 1, 4\) and must be \(3, 1, 4\)"):
        evaluated((RENT,), (*TOWNS, "28703000"), YEARS, lambda ways: [outcome] * len(ways))
    assert one.cost.shape == (6, 2, 1, 4)


def test_exits_that_are_known_for_some_combinations_alone_are_refused() -> None:
    outcome = _first_outcome()
    other = dataclasses.replace(outcome, avoided=np.array([np.nan, 1.0]))

    with pytest.raises(ValueError, match="known for some combinations"):
        evaluated((RENT,), TOWNS, YEARS, lambda _: [outcome, other])


def _first_outcome() -> Outcome:
    options = small_options()
    return Outcome(**{each.name: getattr(options, each.name)[0] for each in fields(Outcome)})
