"""Why runs are not in a plan, and what a line of a plan says of its reasons."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from otdacha.programme.explain import choices, passed_over, prices_of
from otdacha.programme.explain.worth import bands_of_legs, bands_of_towns, drawn
from otdacha.programme.line_reasons import line_reasons
from otdacha.programme.problem import Problem
from otdacha.programme.wording import LINE_WHY, PASSED_OVER, WHY
from tests.unit.programme.tiny import Group, People, decided, tiny


def why_not(problem: Problem) -> list[str]:
    decision = decided(problem)
    found = [str(code) for code in passed_over(problem, decision, prices_of(problem, decision))]
    assert set(found) <= {"chosen", *PASSED_OVER}
    return found


def test_a_run_that_suits_the_same_people_less_well_is_passed_over() -> None:
    assert why_not(tiny([People(5)], [Group(0, 10_000), Group(1, 10_000)], [3, 1])) == [
        "chosen",
        "suited_elsewhere",
    ]


def test_a_run_whose_money_brings_more_elsewhere_is_passed_over() -> None:
    # 60,000 rubles are six seats at 10,000 that bring 3 each, or one of 50,000 that brings 5
    problem = tiny([People(9)], [Group(0, 10_000), Group(1, 50_000)], [3, 5], money=60_000)
    assert why_not(problem) == ["chosen", "others_bring_more"]


def test_a_run_that_is_better_and_too_dear_for_those_who_must_be_trained_is_passed_over() -> None:
    # 70,000 rubles: three must be trained; what the dearer run takes more would train three others
    problem = tiny(
        [People(3, mandatory=True), People(9, runs=(0,))],
        [Group(0, 10_000), Group(1, 20_000)],
        [3, 4],
        money=70_000,
    )
    assert why_not(problem) == ["chosen", "others_bring_more"]


def test_what_nobody_needs_and_what_helps_nobody_are_told_apart() -> None:
    problem = tiny(
        [People(5, runs=(0, 1))], [Group(0, 10_000), Group(1, 1_000), Group(2, 1_000)], [3, -1, 3]
    )
    assert why_not(problem) == ["chosen", "not_worth", "nobody"]


def test_a_group_that_does_not_come_together_is_not_held() -> None:
    # the second would bring 9 instead of 3, but begins with ten people and there are five
    problem = tiny([People(5)], [Group(0, 10_000), Group(1, 10_000, least=10, places=20)], [3, 9])
    assert why_not(problem) == ["chosen", "no_group"]


def test_a_run_in_a_year_without_money_is_nobodys() -> None:
    problem = tiny(
        [People(5, town=0, runs=(0,)), People(5, town=1, runs=(1,))],
        [Group(0, 10_000), Group(1, 10_000)],
        [3, 3],
        funds=[("municipal", 100_000, (0,)), ("municipal", 0, (1,))],
    )
    assert why_not(problem) == ["chosen", "nobody_pays"]


def seats(*rows: tuple[str, int, str, int, str | None, float | None]) -> pl.DataFrame:
    names = ["municipality", "run", "why_here", "people", "runner_up_offer", "runner_up_loss"]
    frame = pl.DataFrame(rows, schema=names, orient="row")
    second = pl.col("runner_up_offer").is_not_null()
    return frame.with_columns(
        runner_up_provider=pl.when(second).then(pl.lit("p")),
        runner_up_year=pl.when(second).then(2027),
    )


def test_a_line_says_what_holds_for_its_run_and_what_most_of_its_people_would_take_else() -> None:
    found = line_reasons(
        seats(
            ("A", 0, "largest_effect", 1, "x", 1.0),
            ("A", 0, "best_per_rouble", 7, "y", 2.0),
            ("A", 0, "only_run", 2, None, None),
            ("B", 0, "floor", 3, "y", 2.0),
            ("B", 0, "floor", 3, "x", 0.5),
        )
    ).sort("municipality")
    assert found["why"].to_list() == ["only_run largest_effect best_per_rouble", "floor"]
    # most of A's people would go to y; some of them have no other run, so a loss is not known
    assert found["runner_up_offer"].to_list() == ["y", "x"]
    assert found["runner_up_loss"].to_list() == [None, 2.5]


def test_why_this_run_is_told_of_whom_the_law_obliges_as_of_anybody() -> None:
    """No town is promised a part (`fairness_floor` 0), so a word for both would tell the duty."""
    problem = tiny(
        [People(2, mandatory=True, runs=(1,)), People(2, mandatory=True, runs=(1, 2))],
        [Group(0, 10_000), Group(1, 10_000), Group(2, 9_000)],
        [2, -1, -2],
    )
    assert not problem.floors.any()
    found = choices(problem, decided(problem))
    assert found["why"].to_list() == ["mandatory_only_run", "mandatory"]
    assert found["why_here"].to_list() == ["only_run", "largest_effect"]


def test_every_reason_of_a_line_is_one_of_a_class_and_none_is_a_duty() -> None:
    assert set(WHY) - set(LINE_WHY) == {"mandatory_only_run", "mandatory"}
    found = line_reasons(seats(*(("A", at, why, 1, None, None) for at, why in enumerate(LINE_WHY))))
    assert set(found["why"]) == set(LINE_WHY)
    assert "must be" not in "".join(words.said("en") for words in LINE_WHY.values())


def test_the_band_of_a_town_is_that_of_the_draws_and_not_the_sum_of_its_lines() -> None:
    draws = np.random.default_rng(7).normal([3.0, 3.0], 1.0, size=(500, 2))
    problem = tiny(
        [People(5, runs=(0,)), People(5, runs=(1,)), People(2, town=1, runs=(0,))],
        [Group(0, 10_000), Group(1, 10_000)],
        [3, 3],
        draws=draws,
    )
    pairs = decided(problem).pairs
    legs, towns = bands_of_legs(problem, pairs), bands_of_towns(problem, pairs)
    assert legs is not None
    assert towns is not None
    assert legs[0][0] == pytest.approx(5 * np.quantile(draws[:, 0], 0.05))
    first = 5 * draws[:, 0] + 5 * draws[:, 1]
    assert (towns[0][0], towns[1][0]) == pytest.approx(tuple(np.quantile(first, [0.05, 0.95])))
    assert towns[0][0] > legs[0][0] + legs[0][1]  # errors of two organisations even out
    whole = drawn(problem, pairs)
    assert towns[0].sum() < np.quantile(whole, 0.05)
    assert bands_of_towns(tiny([People(1)], [Group(0, 1)], [1]), pairs[:1]) is None
