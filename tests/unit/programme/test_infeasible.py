"""Plans that cannot be made, each small enough to see why by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from otdacha.programme.clash.infeasible import Names, explanation
from otdacha.programme.clash.missing import Addition, Missing, with_every_purse
from otdacha.programme.clash.rules import (
    Budget,
    CoFinancing,
    FairnessFloor,
    LearningShare,
    LeastGroup,
    MandatoryNeeds,
    Places,
    SeatLimit,
)
from otdacha.programme.clash.wording import Explanation, NoRoom, Shortfall, plan_problem
from otdacha.programme.deciding.highs import solve_mixed
from otdacha.programme.deciding.model import linear_program
from otdacha.programme.deciding.solve import NoPlan, decide
from otdacha.programme.problem import Problem, Share
from tests.unit.programme.planning import Money, Need, Run, planned

RUBLE = 100


def possible(problem: Problem) -> bool:
    program = linear_program(problem)
    found = solve_mixed(replace(program, gain=0 * program.gain), gap=0.0, seconds=20)
    assert found.status in ("optimal", "infeasible")
    return found.solution is not None


def with_added(problem: Problem, missing: Missing, less: dict[int, int] | None = None) -> Problem:
    full = with_every_purse(problem)
    amount = full.amount.copy()
    for each in missing.additions:
        amount[each.fund] += each.kopecks - (less or {}).get(each.fund, 0)
    return replace(full, amount=amount)


def assert_least(problem: Problem, missing: Missing) -> None:
    """With the sum a plan exists; with a ruble less in any of its parts none does."""
    assert missing.exact
    assert possible(with_added(problem, missing))
    for each in missing.additions:
        assert not possible(with_added(problem, missing, less={each.fund: RUBLE}))


def said(explained: Explanation, language: str = "en") -> list[str]:
    return [sentence.said(language) for sentence in explained.sentences()]  # type: ignore[arg-type]


RYAZAN = planned(
    [Need("Ryazan", 34, ("Law",)), Need("Ryazan", 10, ("Law",), mandatory=False)],
    {"Law": Run(fee=12_126.5)},
    [Money("municipal", "Ryazan", 300_000)],
)
"""34 people must be trained for 412,301 rubles; the town has 300,000."""


def test_a_budget_smaller_than_mandatory_needs_is_told_with_the_missing_sum() -> None:
    found = explanation(RYAZAN)

    assert found.rules == (
        MandatoryNeeds("Ryazan", 34, ("need 1",)),
        Budget("municipal", 2026, "Ryazan", 300_000 * RUBLE),
    )
    assert found.smallest
    assert not found.whole
    assert found.shortfall == Shortfall(412_301 * RUBLE, 300_000 * RUBLE, 112_301 * RUBLE)
    assert found.missing == Missing(
        112_301 * RUBLE,
        112_301 * RUBLE,
        (Addition("municipal", 2026, "Ryazan", 0, 112_301 * RUBLE),),
    )
    assert_least(RYAZAN, found.missing)


def test_it_is_told_in_the_language_of_the_reader_and_by_the_names_they_know() -> None:
    found = explanation(RYAZAN, Names(towns={"Ryazan": "Рязань"}))

    assert (
        "Рязань: обязательное обучение 34 человек стоит не менее 412 301 ₽, а в бюджетах, из "
        "которых его можно оплатить, на 2026 год есть 300 000 ₽: не хватает 112 301 ₽."
    ) in [each.replace("\N{NO-BREAK SPACE}", " ") for each in said(found, "ru")]
    assert (
        "Рязань: mandatory training of 34 people costs at least ₽412,301, and the budgets that may "
        "pay for it hold ₽300,000 for 2026: ₽112,301 is missing."
    ) in said(found)


def test_what_cannot_be_decided_can_be_once_the_missing_sum_is_added() -> None:
    with pytest.raises(NoPlan) as fault:
        decide(RYAZAN, seconds=20)
    assert fault.value.certain

    found = explanation(RYAZAN)
    assert found.missing is not None
    enough = with_added(RYAZAN, found.missing)
    decided = decide(enough, seconds=20)

    assert decided.seats.sum() == 34
    assert decided.paid(enough).tolist() == [412_301 * RUBLE]


def test_the_explanation_is_a_fault_for_whoever_asked_for_the_plan() -> None:
    fault = plan_problem(explanation(RYAZAN))

    assert fault.exit_code == 10
    assert str(fault).splitlines()[0] == "No plan can be made: rules clash."
    assert "₽112,301" in str(fault)
    assert "не хватает" in fault.said("ru")


def test_where_there_is_no_budget_at_all_the_towns_own_is_the_one_that_is_empty() -> None:
    problem = planned([Need("A", 2, ("Law",))], {"Law": Run(fee=5_000)})

    found = explanation(problem)

    assert found.rules == (
        MandatoryNeeds("A", 2, ("need 1",)),
        Budget("municipal", 2026, "A", 0),
    )
    assert found.shortfall == Shortfall(10_000 * RUBLE, 0, 10_000 * RUBLE)
    assert found.missing is not None
    assert found.missing.enough == 10_000 * RUBLE
    assert_least(problem, found.missing)


def test_a_class_without_any_run_and_one_with_too_few_places_are_told_at_once() -> None:
    problem = planned(
        [Need("A", 3, ()), Need("A", 7, ("Small", "Smaller")), Need("B", 2, ("Small",))],
        {"Small": Run(places=4), "Smaller": Run(places=2)},
    )

    found = explanation(problem, Names(needs={"need 1": "archives"}))

    assert found.no_room == (NoRoom("A", "archives", 3, 0, 0), NoRoom("A", "need 2", 7, 2, 6))
    assert found.rules == ()
    assert found.missing is None
    assert said(found)[1:3] == [
        "A, archives: 3 people must be trained by law, and no offer of the plan fits",
        "A, need 2: 7 people must be trained by law, and the offers that fit have places: 6",
    ]


def test_needs_that_share_too_few_places_clash_with_them_and_money_mends_nothing() -> None:
    problem = planned(
        [Need("A", 4, ("Law",)), Need("B", 3, ("Law",)), Need("C", 1, ("Other",))],
        {"Law": Run(places=6), "Other": Run()},
        [Money("federal", None, 10)],
    )

    found = explanation(problem)

    assert found.rules == (
        MandatoryNeeds("A", 4, ("need 1",)),
        MandatoryNeeds("B", 3, ("need 2",)),
        Places("Law", 6),
    )
    assert found.shortfall is None
    assert found.missing is None
    assert said(found)[-1] == (
        "Money alone does not mend it. One of these would: a later date or more offers for the "
        "training that the law demands; more places or groups in these runs, or further offers."
    )


def test_a_fairness_floor_that_cannot_be_reached_clashes_with_the_places() -> None:
    problem = planned(
        [Need("A", 20, ("Law",), mandatory=False), Need("B", 5, ("Other",), mandatory=False)],
        {"Law": Run(places=3, groups=2), "Other": Run()},
        [Money("federal", None, 1_000_000)],
        floors={"A": 10, "B": 5},
    )

    found = explanation(problem)

    assert found.rules == (FairnessFloor("A", 10), Places("Law", 6))
    assert found.missing is None


def test_a_fairness_floor_above_the_money_is_told_with_the_missing_sum() -> None:
    problem = planned(
        [Need("A", 20, ("Law",), mandatory=False)],
        {"Law": Run(fee=10_000)},
        [Money("regional", None, 60_000), Money("municipal", "A", 15_000)],
        floors={"A": 10},
    )

    found = explanation(problem)

    assert found.shortfall == Shortfall(100_000 * RUBLE, 75_000 * RUBLE, 25_000 * RUBLE)
    assert said(found)[1] == (
        "A: training of 10 people that the fairness floor asks for costs at least ₽100,000, and "
        "the budgets that may pay for it hold ₽75,000 for 2026: ₽25,000 is missing."
    )
    assert found.missing is not None
    assert found.missing.additions == (Addition("municipal", 2026, "A", 1, 25_000 * RUBLE),)
    assert_least(problem, found.missing)


def test_co_financing_that_the_town_has_no_money_for_asks_for_the_towns_part() -> None:
    problem = planned(
        [Need("A", 10, ("Law",))],
        {"Law": Run(fee=10_000)},
        [Money("federal", None, 1_000_000)],
        shares=[Share("Region", "federal", 2026, np.array([0]), at_most=0.95)],
    )

    found = explanation(problem)

    assert found.rules == (
        MandatoryNeeds("A", 10, ("need 1",)),
        CoFinancing("Region", "federal", 2026, at_most=0.95),
        Budget("municipal", 2026, "A", 0),
    )
    assert found.shortfall == Shortfall(100_000 * RUBLE, 0, 5_000 * RUBLE)
    assert found.missing is not None
    assert found.missing.enough == 5_000 * RUBLE
    assert_least(problem, found.missing)
    assert "Region, 2026, federal budget (co-financing): at most 95% of all costs" in said(found)


def test_a_share_of_seats_for_learning_clashes_with_too_few_places_to_learn_in() -> None:
    problem = planned(
        [Need("A", 20, ("Known", "New"))],
        {"Known": Run(), "New": Run(places=1, provider="New")},
        [Money("federal", None, 1_000_000)],
        learning_share=0.1,
        unproven=["New"],
    )

    found = explanation(problem)

    assert found.rules == (
        MandatoryNeeds("A", 20, ("need 1",)),
        LearningShare(0.1, 1),
        Places("New", 1),
    )
    assert not found.whole
    assert found.missing is None
    assert possible(replace(problem, learning_share=0.05))


def test_a_group_too_large_for_those_who_need_it_clashes_only_in_whole_numbers() -> None:
    problem = planned(
        [Need("A", 3, ("Law",))], {"Law": Run(least=5)}, [Money("federal", None, 1_000_000)]
    )

    found = explanation(problem)

    assert found.rules == (MandatoryNeeds("A", 3, ("need 1",)), LeastGroup("Law", 5))
    assert found.whole
    assert found.smallest
    assert found.missing is None
    assert "They clash only because groups are whole: no half of a group is held." in said(found)


def test_a_group_filled_with_people_of_another_town_asks_for_that_towns_money() -> None:
    problem = planned(
        [Need("A", 3, ("Law",)), Need("B", 2, ("Law",), mandatory=False)],
        {"Law": Run(fee=10_000, least=5)},
        [Money("municipal", "A", 30_000), Money("municipal", "B", 500)],
    )

    found = explanation(problem)

    assert found.rules == (
        MandatoryNeeds("A", 3, ("need 1",)),
        LeastGroup("Law", 5),
        Budget("municipal", 2026, "B", 500 * RUBLE),
    )
    assert found.shortfall == Shortfall(50_000 * RUBLE, 500 * RUBLE, 19_500 * RUBLE)
    assert found.missing is not None
    assert found.missing.additions == (Addition("municipal", 2026, "B", 1, 19_500 * RUBLE),)
    assert_least(problem, found.missing)


def test_where_neither_plan_nor_clash_is_found_the_money_that_surely_is_enough_is_told() -> None:
    # three fifths of a group can be paid for; for whole numbers there is no time
    problem = planned(
        [Need("A", 3, ("Law",)), Need("B", 2, ("Law",), mandatory=False)],
        {"Law": Run(fee=10_000, least=5)},
        [Money("municipal", "A", 30_000), Money("municipal", "B", 500)],
    )

    found = explanation(problem, seconds=0.0)

    assert (found.rules, found.no_room) == ((), ())
    assert found.missing is not None
    assert found.missing.enough == 19_500 * RUBLE
    assert possible(with_added(problem, found.missing))
    assert said(found)[1] == (
        "With ₽19,500 more there surely is one, split so: B, municipal budget for 2026: "
        "₽19,500. Whether there is one without it is not known."
    )


def test_a_plan_that_can_be_made_has_no_rules_that_clash() -> None:
    rich = replace(RYAZAN, amount=RYAZAN.amount * 2)

    assert explanation(rich) == Explanation()
    assert len(said(Explanation())) == 1


def test_where_no_money_mends_a_clash_over_money_the_clash_that_it_cannot_mend_is_told() -> None:
    problem = planned(
        [Need("A", 3, ("Law",)), Need("B", 4, ("Other",))],
        {"Law": Run(least=5), "Other": Run()},
        [Money("federal", None, 30_000)],
    )

    found = explanation(problem)

    assert found.rules == (MandatoryNeeds("A", 3, ("need 1",)), LeastGroup("Law", 5))
    assert found.whole
    assert found.missing is None


def test_holders_are_told_by_what_the_source_belongs_to() -> None:
    problem = planned(
        [Need("A", 5, ("Law",)), Need("B", 5, ("Law",), mandatory=False)],
        {"Law": Run(fee=10_000)},
        [
            Money("federal", None, 10_000),
            Money("regional", None, 10_000),
            Money("municipal", "A", 10_000),
            Money("municipal", "B", 90_000),
        ],
    )

    found = explanation(problem)

    assert [rule.holder for rule in found.rules if isinstance(rule, Budget)] == [
        None,
        "Region",
        "A",
    ]
    assert found.missing is not None
    assert found.missing.enough == 20_000 * RUBLE


def test_many_rules_of_a_kind_are_told_together() -> None:
    needs = [Need(f"Town {at}", 2, ("Law",)) for at in range(1, 7)]
    problem = planned(needs, {"Law": Run(places=11)}, [Money("federal", None, 1_000_000)])

    assert "Town 1, Town 2, Town 3 and 3 more: 12 people must be trained by law" in said(
        explanation(problem)
    )


def test_a_limit_of_one_seat_leaves_the_rest_of_its_price_to_an_empty_budget() -> None:
    problem = planned(
        [Need("A", 2, ("Law",))],
        {"Law": Run(fee=10_000)},
        [Money("federal", None, 1_000_000, limit=6_000)],
    )

    found = explanation(problem)

    assert found.rules == (
        MandatoryNeeds("A", 2, ("need 1",)),
        SeatLimit("A"),
        Budget("municipal", 2026, "A", 0),
    )
    assert found.missing is not None
    assert found.missing.enough == 8_000 * RUBLE
    assert_least(problem, found.missing)
