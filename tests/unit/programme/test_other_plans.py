"""More money, other prices, other beliefs, other aims: figures that a reader can work out."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from otdacha.programme.deciding.highs import solve_linear
from otdacha.programme.deciding.model import benefit_scale, linear_program
from otdacha.programme.deciding.relaxation import Relaxed
from otdacha.programme.deciding.settle import Decision, solution_of
from otdacha.programme.deciding.solve import decide
from otdacha.programme.explain import (
    IndicatorEffects,
    frontier,
    results,
    rivals,
    robustness,
    sensitivity,
    shadow,
)
from otdacha.programme.explain.anew import with_effects, with_money, with_prices
from otdacha.programme.explain.frontier import carried
from otdacha.programme.explain.rivals import by_raw, cheapest, patterned
from otdacha.programme.explain.sketch import Asked, Search, Sketch, sketches
from otdacha.programme.problem import Learning, Problem, Share
from tests.unit.programme.tiny import Group, People, decided, invented, tiny

EXACT = Search(gap=1e-6, seconds=20)


def relaxed(problem: Problem) -> float:
    """With all the rows that follow for whole numbers, at once."""
    program = linear_program(problem)
    implied = program.implied
    assert implied is not None
    each = np.arange(len(implied.most))
    tight = program.with_rows(
        implied.rule,
        (each, implied.variable, 1.0),
        (each, implied.other, -implied.most),
        upper=np.zeros(len(each)),
    )
    return solve_linear(tight).gain * benefit_scale(problem)


def test_the_next_rubles_go_to_whoever_makes_most_of_them() -> None:
    # 10,000 rubles buy a seat that brings 1 in town 0 and 2 in town 1; a seat costs 40,000
    problem = tiny(
        [People(9, weight=1, town=0), People(9, weight=2, town=1)],
        [Group(0, 40_000)],
        [1],
        funds=[("municipal", 80_000, (0,)), ("municipal", 80_000, (1,)), ("federal", 40_000, (0,))],
    )
    plan = decided(problem)
    assert plan.seats.tolist() == [3, 2]
    frame = shadow(problem, plan, seconds=5)
    assert frame.select("source", "fund").rows() == [("federal", 2), ("municipal", 1)]
    # two and a half seats more by the relaxation, two whole ones by the plan
    assert frame["relaxed"].to_list() == pytest.approx([2.5, 5], abs=0.01)
    assert frame["gained"].to_list() == pytest.approx([2, 4], abs=0.01)
    for row in frame.iter_rows(named=True):
        assert row["lower"] <= row["gained"] + 1e-9 <= row["upper"] + 2e-9
        assert row["upper"] == pytest.approx(row["relaxed"] + relaxed(problem) - plan.objective)


def test_what_the_relaxation_gains_is_what_planning_anew_gains() -> None:
    problem = invented(3)
    frame = shadow(problem, decided(problem))
    for row in frame.iter_rows(named=True):
        amounts = []
        for fund in np.flatnonzero(np.array(problem.fund_source) == row["source"]):
            amount = problem.amount.copy()
            amount[fund] += row["added"]
            amounts.append(relaxed(replace(problem, amount=amount)))
        assert row["relaxed"] == pytest.approx(max(amounts) - relaxed(problem), abs=1e-6)


@pytest.mark.parametrize("seed", range(3))
def test_what_the_next_rubles_bring_is_within_what_planning_anew_brings(seed: int) -> None:
    problem = invented(seed)
    plan = decided(problem)
    frame = shadow(problem, plan, seconds=5)
    assert frame.height == 3
    for row in frame.iter_rows(named=True):
        amount = problem.amount.copy()
        amount[row["fund"]] += row["added"]
        truly = decided(replace(problem, amount=amount)).objective - plan.objective
        assert row["lower"] - 1e-6 <= truly <= row["upper"] + 1e-6
        assert row["gained"] <= truly + 1e-6
        # these plans are small: the search near the plan finds all of it, or nearly
        assert row["gained"] >= 0.9 * truly - 1e-6
        assert (row["why"] is None) == (row["gained"] > 0)


def test_a_source_that_co_financing_caps_brings_nothing_until_others_add_their_part() -> None:
    # seats of 10,000: the town has 20,000, so the federal half is 20,000 of its 90,000
    half = Share("north", "federal", 2027, np.array([0]), at_most=0.5)
    problem = tiny(
        [People(20)],
        [Group(0, 10_000)],
        [1],
        funds=[("federal", 90_000, (0,)), ("municipal", 20_000, (0,))],
        shares=(half,),
    )
    plan = decided(problem)
    assert plan.seats.tolist() == [4]
    rows = {row["source"]: row for row in shadow(problem, plan).iter_rows(named=True)}
    assert (rows["federal"]["relaxed"], rows["federal"]["gained"]) == pytest.approx((0, 0))
    assert rows["federal"]["why"] == "capped"
    # with 100,000 more of the town the federal half may be 80,000 of its 90,000: all are trained
    assert rows["municipal"]["gained"] == pytest.approx(16, abs=0.01)
    assert rows["municipal"]["why"] is None
    richer = replace(problem, amount=problem.amount + np.array([10_000_000, 0]))
    assert decided(richer).seats.tolist() == [4]


def test_money_that_brings_nothing_says_why() -> None:
    def why(problem: Problem) -> str | None:
        return str(shadow(problem, decided(problem))["why"].item())

    # all four are trained, and 60,000 are left
    assert why(tiny([People(4)], [Group(0, 10_000)], [1], money=100_000)) == "left_over"
    # all four are trained for the last ruble
    assert why(tiny([People(4)], [Group(0, 10_000)], [1], money=40_000)) == "not_short"
    # the fifth seat costs more than is added
    assert why(tiny([People(9)], [Group(0, 150_000)], [1], money=150_000)) == "not_whole"


def test_a_part_of_the_money_that_does_not_pay_what_must_be_done_is_said() -> None:
    # two who must be trained cost 20,000; each 10,000 more brings 1, with draws of 0.5 and 1.5
    problem = tiny(
        [People(2, mandatory=True), People(4)],
        [Group(0, 10_000)],
        [1],
        money=40_000,
        draws=np.array([[0.5], [1.5]]),
    )
    frame = frontier(problem, decided(problem), shares=(0.25, 1.0, 2.0), search=EXACT)
    assert frame["state"].to_list() == ["infeasible", "planned", "planned"]
    assert frame["budget"].to_list() == [10_000, 40_000, 80_000]
    assert frame["people"].to_list() == [None, 4, 6]
    assert frame["spent"].to_list() == [None, 40_000, 60_000]
    assert frame["benefit"].to_list() == [None, pytest.approx(4), pytest.approx(6)]
    assert frame["lower"][1] == pytest.approx(4 * 0.55)
    assert frame["upper"][1] == pytest.approx(4 * 1.45)
    known = frame.drop_nulls("benefit")
    assert (known["bound"] >= known["objective"] - 1e-6).all()


def test_every_point_of_the_frontier_is_the_best_of_all_ways_to_spend_its_money() -> None:
    # six people of one town and two runs: all 28 ways to fill them can be gone through
    problem = tiny(
        [People(6)], [Group(0, 10_000), Group(1, 17_000, least=2)], [1, 1.9], money=50_000
    )
    frame = frontier(problem, decided(problem), search=EXACT)
    ways = [(a, b) for a in range(7) for b in range(7 - a) if b != 1]
    for share, benefit, bound in frame.select("share", "benefit", "bound").iter_rows():
        paid = [a + 1.9 * b for a, b in ways if 10 * a + 17 * b <= 50 * share]
        assert benefit == pytest.approx(max(paid))
        assert bound >= max(paid) - 0.01


@pytest.mark.parametrize("seed", range(3))
def test_the_frontier_rises_ever_more_slowly_but_for_whole_seats(seed: int) -> None:
    problem = invented(seed)
    shares = (0.75, 1.0, 1.25, 1.5, 1.75, 2.0)
    frame = frontier(problem, decided(problem), shares=shares, search=EXACT)
    assert set(frame["state"]) == {"planned"}
    reached, bound = frame["objective"].to_numpy(), frame["bound"].to_numpy()
    assert (np.diff(reached) >= -1e-6).all()
    assert (np.diff(bound) >= -1e-6).all()
    assert (bound >= reached - 1e-6).all()
    loose = np.array([relaxed(with_money(problem, share)) for share in shares])
    assert (np.diff(loose, 2) <= 1e-6).all()
    # so no plan lies below the chord of its neighbours by more than its own gap to the relaxation
    chord = (reached[:-2] + reached[2:]) / 2
    assert (reached[1:-1] >= chord - (loose - reached)[1:-1] - 1e-6).all()


def test_a_plan_that_is_not_found_in_time_is_said_and_a_poorer_one_stands_in_for_it() -> None:
    problem = tiny([People(6)], [Group(0, 10_000)], [1], money=20_000)
    plan = decided(problem)
    late = Sketch("no_plan_in_time", None)
    plans = carried({0.5: late, 1.0: Sketch("planned", plan), 1.5: late})
    assert (plans[0.5].state, plans[0.5].decision) == ("no_plan_in_time", None)
    assert plans[1.5].state == "planned"
    assert plans[1.5].decision is not None
    assert plans[1.5].decision.seats.tolist() == [2]
    assert plans[1.5].bound is None  # nobody knows what more money could bring
    assert plans[1.0].bound == pytest.approx(plan.bound)


def test_what_is_within_the_gap_of_the_best_is_not_moved_about() -> None:
    # the second run is better by a thousandth: not worth a new plan to somebody who asks for 1 %
    problem = tiny([People(4)], [Group(0, 10_000), Group(1, 10_000)], [1, 1.001], money=40_000)
    old = decided(replace(problem, benefit=np.array([1.001, 1.0])))
    assert old.seats.tolist() == [4, 0]
    for gap, seats in ((0.01, [4, 0]), (1e-6, [0, 4])):
        assert decide(problem, gap=gap, start=old).seats.tolist() == seats


def test_a_plan_that_breaks_a_rule_is_begun_with_by_its_best_part() -> None:
    problem = tiny([People(4)], [Group(0, 10_000)], [1], money=40_000)
    plan = decided(problem)
    poorer = with_money(problem, 0.5)
    assert decide(poorer, start=plan).seats.tolist() == [2]
    must = replace(poorer, mandatory=np.array([True]))
    # others could sit in the second run as well; a part of a plan that has none there has none
    wider = tiny([People(4)], [Group(0, 10_000), Group(1, 5_000)], [1, 1], money=20_000)
    first = replace(plan, seats=np.array([4, 0]), groups=np.array([1, 0]), pairs=np.array([4, 0]))
    asked = [Asked(poorer, plan), Asked(must, plan), Asked(wider, first)]
    part, none, wide = sketches(asked, EXACT)
    assert part.begun is not None
    assert part.begun.seats.tolist() == [2]
    assert (none.state, none.begun) == ("infeasible", None)
    assert wide.begun is not None
    assert wide.decision is not None
    assert (wide.begun.seats.tolist(), wide.decision.seats.tolist()) == ([2, 0], [0, 4])


@pytest.mark.parametrize("seed", range(3))
def test_sketches_of_problems_that_are_near_are_what_each_is_alone(seed: int) -> None:
    problem = invented(seed)
    plan = decided(problem)
    near = [
        with_money(problem, 1.5),
        with_prices(problem, 1.2),
        cheapest(problem),
        with_money(problem, 0.9),
        problem,
    ]
    for one, sketch in zip(near, sketches([Asked(one, plan) for one in near], EXACT), strict=True):
        assert sketch.decision is not None
        assert sketch.decision.objective == pytest.approx(decided(one).objective, rel=1e-5)
        assert sketch.bound == pytest.approx(sketch.decision.objective, rel=1e-5)
        assert sketch.surely is sketch


def worth(problem: Problem, decision: Decision) -> float:
    """What a decision is worth in a problem, by its objective."""
    program = linear_program(problem)
    solution = solution_of(program, decision)
    assert solution is not None
    return float(program.gain @ solution) * benefit_scale(problem)


def test_seats_too_few_to_teach_anything_are_not_counted_as_learnt() -> None:
    # from four seats on something is learnt of provider 1; a plan that has two has learnt nothing
    learn = Learning(1, np.array([4.0]), np.array([8.0]), widest=1.0)
    problem = tiny([People(4)], [Group(0, 10_000), Group(1, 10_000)], [1, 0.9], learning=(learn,))
    some = replace(decided(replace(problem, learning=())), seats=np.array([2, 2]))
    some = replace(some, pairs=np.array([2, 2]), groups=np.array([1, 1]))
    assert worth(problem, some) == pytest.approx(2 + 1.8, abs=0.01)
    all_of_it = replace(
        some, seats=np.array([0, 4]), pairs=np.array([0, 4]), groups=np.array([0, 1])
    )
    assert worth(problem, all_of_it) == pytest.approx(3.6 + 8, abs=0.01)


@pytest.mark.parametrize("seed", range(3))
def test_what_a_new_plan_would_be_worth_is_what_deciding_it_alone_finds(seed: int) -> None:
    problem = invented(seed)
    frame = sensitivity(problem, decided(problem), search=EXACT)
    low = np.quantile(problem.draws, 0.1, axis=0)
    alone = {
        "prices_up": decided(with_prices(problem, 1.1)),
        "prices_down": decided(with_prices(problem, 0.9)),
        "effects_low": decided(with_effects(problem, low)),
    }
    for row in frame.iter_rows(named=True):
        assert row["gap"] <= EXACT.gap + 1e-9
        if row["changed"] in alone:
            best = alone[row["changed"]].objective
            assert row["gained"] is not None
            assert row["replanned"] == pytest.approx(alone[row["changed"]].benefit, abs=0.01)
            assert row["kept"] <= best + 0.01


def test_rows_of_pairs_that_are_broken_make_the_relaxation_what_all_of_them_make_it() -> None:
    for seed in range(4):
        problem = invented(seed)
        once = Relaxed(linear_program(problem))
        assert once.solve().gain * benefit_scale(problem) == pytest.approx(relaxed(problem))
        # and again with other gains, begun where the last ended
        other = replace(problem, benefit=problem.benefit[::-1].copy())
        once.gains(other.benefit / benefit_scale(problem), "seats_of_class")
        scale = benefit_scale(other) / benefit_scale(problem)
        assert scale == pytest.approx(1)
        assert once.solve().gain * benefit_scale(problem) == pytest.approx(relaxed(other))


@pytest.mark.parametrize("seconds", [0.0, 0.02, 10.0])
def test_a_relaxation_that_is_cut_short_bounds_every_plan_all_the_same(seconds: float) -> None:
    problem = invented(1)
    once = Relaxed(linear_program(problem))
    found = once.solve(seconds=seconds)
    if found.status == "limit":
        assert found.solution is None
        return
    assert found.prices is not None
    assert len(found.prices) == len(once.tightened().row_lower)
    assert found.gain * benefit_scale(problem) >= relaxed(problem) - 1e-6


def test_dearer_seats_are_fewer_and_a_better_plan_moves_only_what_it_must() -> None:
    # 40,000 rubles: four seats of provider 0 at 10,000; at 11,000 three are left
    problem = tiny(
        [People(6)],
        [Group(0, 10_000), Group(1, 10_000)],
        [1, 0.9],
        money=40_000,
        draws=np.array([[0.4, 0.9], [1.6, 0.9]]),
    )
    plan = decided(problem)
    other = np.array([0.0, 1.0])
    frame = sensitivity(problem, plan, weights={"only the second": other}, search=EXACT)
    rows = {row["changed"]: row for row in frame.iter_rows(named=True)}
    assert list(rows) == [
        "prices_up",
        "prices_down",
        "effects_low",
        "effects_high",
        "only the second",
    ]
    assert set(frame["state"]) == {"planned"}
    up, low, weighed = rows["prices_up"], rows["effects_low"], rows["only the second"]
    assert (up["kept"], up["replanned"], up["moved"]) == pytest.approx((3, 3, 0.25))
    assert rows["prices_down"]["kept"] == pytest.approx(4)
    assert rows["prices_down"]["moved"] == 0
    # a tenth of the way up from 0.4: 0.52 a seat; provider 1 brings 0.9 whatever happens
    assert (low["kept"], low["replanned"], low["moved"]) == pytest.approx((2.08, 3.6, 1.0))
    assert low["gained"] == pytest.approx(3.6 - 2.08, abs=0.01)
    assert rows["effects_high"]["gained"] == pytest.approx(0, abs=1e-6)
    assert rows["effects_high"]["moved"] == 0
    assert (weighed["kept"], weighed["replanned"], weighed["moved"]) == pytest.approx((0, 4, 1))


def test_a_provider_is_as_sure_as_the_draws_in_which_it_is_chosen() -> None:
    draws = np.array([[1.0, 0.5], [1.2, 0.5], [1.4, 0.5], [0.4, 0.5]])
    problem = tiny([People(4)], [Group(0, 10_000), Group(1, 10_000)], [1, 0.5], draws=draws)
    frame = robustness(problem, decided(problem))
    assert frame["seats"].to_list() == [4, 0]
    assert frame["chosen"].to_list() == [0.75, 0.25]
    assert frame["mean_seats"].to_list() == [3, 1]
    assert frame["low_seats"].to_list() == [4, 0]  # at 0.58 it is still the better one
    assert robustness(replace(problem, draws=draws[:0]), decided(problem)).is_empty()


@pytest.fixture(scope="module")
def market() -> Problem:
    """60,000 rubles: six cheap seats at 1, or four dear ones at 2; raw figures mislead."""
    return tiny(
        [People(8)],
        [Group(0, 10_000), Group(1, 15_000), Group(2, 12_000)],
        [1, 2, 0.5],
        money=60_000,
        draws=np.array([[1, 1, 0.5], [1, 3, 0.5]], dtype=float),
    )


def test_rivals_spend_the_same_money_by_other_aims(market: Problem) -> None:
    plan = decided(market)
    found = rivals(
        market,
        plan,
        last_year=np.array([1.0, 0.0, 1.0]),
        raw=np.array([0.2, np.nan, 0.9]),
        true=np.array([1.0, 1.5, 0.5]),
        search=EXACT,
    )
    table = {row["rule"]: row for row in found.table.iter_rows(named=True)}
    assert list(table) == ["plan", "cheapest", "last_year", "raw_rate"]
    assert (table["plan"]["people"], table["plan"]["benefit"]) == (4, 8)
    assert table["plan"]["true_benefit"] == 6
    assert (table["cheapest"]["people"], table["cheapest"]["cost"]) == (6, 60_000)
    # two of each as last year, and 16,000 that are left buy the cheap one
    assert found.decisions["last_year"].seats.tolist() == [3, 0, 2]
    assert found.decisions["raw_rate"].seats.tolist() == [0, 0, 5]
    assert table["raw_rate"]["true_benefit"] == 2.5
    assert table["cheapest"]["ahead"] == 2
    # in the draws the plan brings 4 and 12, six cheap seats always 6: ahead by -2 and 6
    assert table["cheapest"]["ahead_lower"] == pytest.approx(-2 + 0.05 * 8)
    assert table["cheapest"]["ahead_upper"] == pytest.approx(6 - 0.05 * 8)
    assert found.table["cost"].max() <= 60_000
    assert found.table["gap"].max() <= EXACT.gap
    sent = found.sent(market).filter(rule="last_year").drop("rule")
    assert sent.rows() == [(0, 3, 30_000, 3), (2, 2, 24_000, 2)]
    assert found.sent(market)["seats"].sum() == found.table["people"].sum()


def test_a_pattern_is_kept_where_it_can_be_and_refused_where_nobody_is_left(
    market: Problem,
) -> None:
    pattern = decided(patterned(market, np.array([1.0, 1.0, 2.0]), 4))
    assert pattern.seats.tolist() == [2, 1, 2]  # 49,000, and one more of the cheap ones
    with pytest.raises(ValueError, match="last year"):
        patterned(market, np.zeros(3), 4)
    with pytest.raises(ValueError, match="raw figure"):
        by_raw(market, np.full(3, np.nan))


def test_a_pattern_is_filled_as_far_as_there_are_places() -> None:
    # two of each are wanted, and the dear one has one place: that one counts as well
    problem = tiny([People(4)], [Group(0, 10_000), Group(1, 20_000, places=1)], [1, 1])
    assert decided(patterned(problem, np.array([1.0, 1.0]), 4)).seats.tolist() == [3, 1]


def test_rivals_keep_the_rules_of_the_plan() -> None:
    problem = invented(1)
    for aim in (cheapest(problem), by_raw(problem, np.array([0.1, 0.9, 0.4, 0.2]))):
        other = decided(aim)
        trained = np.bincount(problem.pair_class, other.pairs, len(problem.people))
        assert (trained[problem.mandatory] == problem.people[problem.mandatory]).all()
        assert (other.paid(problem) <= problem.amount).all()
        assert problem.benefit @ other.pairs <= decided(problem).benefit + 0.01


def test_the_most_people_are_trained_by_whoever_counts_heads() -> None:
    problem = invented(1)
    assert decided(cheapest(problem)).seats.sum() >= decided(problem).seats.sum()


def test_results_are_cases_that_go_better_and_the_band_says_what_it_rests_on() -> None:
    # four people with 100 cases each, all with provider 0
    problem = tiny(
        [People(4, weight=100)],
        [Group(0, 10_000), Group(1, 10_000)],
        [0.2, 0.1],
        draws=np.array([[0.1, 0.1], [0.3, 0.1]]),
    )
    on_time = IndicatorEffects(np.array([0.05, 0.9]), np.array([0.01, 0.9]), np.array([0.1, 0.9]))
    frame = results(problem, decided(problem), {"on_time": on_time})
    whole = frame.filter(pl.col("year").is_null())
    assert whole["indicator"].to_list() == ["headline", "on_time"]
    assert whole["cases"].to_list() == [400, 400]
    assert whole["expected"].to_list() == pytest.approx([80, 20])
    assert whole["lower"].to_list() == pytest.approx([44, 4])
    assert whole["upper"].to_list() == pytest.approx([116, 40])
    assert whole["rests_on"].to_list() == ["draws", "ends"]
    assert frame.filter(pl.col("year") == 2027).drop("year").equals(whole.drop("year"))
    silent = replace(problem, volume=np.zeros(2), draws=problem.draws[:0])
    assert results(silent, decided(problem), {"on_time": on_time}).is_empty()
