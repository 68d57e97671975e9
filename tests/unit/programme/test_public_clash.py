"""A clash that anybody may read: no numbers of people, and no sums that they follow from."""

from __future__ import annotations

import re

import pytest

from otdacha.programme.clash.infeasible import explanation
from otdacha.programme.clash.public import public, step_of
from otdacha.programme.clash.wording import Explanation
from otdacha.programme.problem import Problem
from tests.unit.programme.planning import Money, Need, Run, planned

FEWEST = 5
TOWN = planned(
    [Need("Ryazan", 3, ("Law",)), Need("Ryazan", 10, ("Law",), mandatory=False)],
    {"Law": Run(fee=12_126.5)},
    [Money("municipal", "Ryazan", 30_000)],
)
"""Three people must be trained for 36,379.50 rubles; the town has 30,000."""
FLOORS = planned(
    [Need("Tver", 40, ("Law",), mandatory=False)],
    {"Law": Run(fee=10_000)},
    [Money("municipal", "Tver", 30_000)],
    floors={"Tver": 4},
)
NO_ROOM = planned(
    [Need("Ryazan", 3, ("Law",))],
    {"Law": Run(fee=10_000, places=2)},
    [Money("municipal", "Ryazan", 500_000)],
)


def told(problem: Problem, language: str = "en") -> str:
    found: Explanation = public(explanation(problem), step_of(problem, FEWEST))
    return " ".join(one.said(language) for one in found.sentences())  # type: ignore[arg-type]


def test_the_missing_sum_is_rounded_up_to_what_the_fewest_people_cost() -> None:
    assert step_of(TOWN, FEWEST) == 70_000_00  # five at 12,126.50 are 60,632.50
    said = told(TOWN)
    assert "Ryazan: whom the law obliges must be trained" in said
    assert "Ryazan, municipal budget for" in said  # what a town has is public
    assert "possible with no more than ₽70,000 on top" in said


@pytest.mark.parametrize("problem", [TOWN, FLOORS, NO_ROOM], ids=["law", "floor", "no room"])
@pytest.mark.parametrize("language", ["ru", "en"])
def test_no_number_of_people_is_told(problem: Problem, language: str) -> None:
    written = re.findall(r"\d[\d,\xa0]*", told(problem, language))
    numbers = {int(re.sub(r"\D", "", one)) for one in written}
    # the year, what the town has, and the rounded sum
    assert numbers <= {2026, 30_000, step_of(problem, FEWEST) // 100}


def test_a_need_without_room_names_the_town_only() -> None:
    said = told(NO_ROOM)
    assert "Ryazan: for some whom the law obliges to be trained no offer of the plan fits" in said
    assert "Law" not in said
