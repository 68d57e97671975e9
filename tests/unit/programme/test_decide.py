"""Plans of small random problems against the same problems written down person by person."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from otdacha.programme.deciding import solve
from otdacha.programme.deciding.checking import broken
from otdacha.programme.deciding.columns import priced
from otdacha.programme.deciding.model import benefit_scale, linear_program
from otdacha.programme.deciding.solve import NoPlan, decide
from otdacha.programme.problem import Problem, Share
from tests.unit.programme.person_by_person import best_gain
from tests.unit.programme.planning import Money, Need, Run, planned
from tests.unit.programme.tiny import Group, People, tiny

EXACT = 1e-6


def problem(seed: int, *, towns: int = 3, classes: int = 6, runs: int = 6) -> Problem:
    """Two regions, two years, federal money for all and a town's own; a town has a need that must
    be met, and a floor; federal money bears at most seven tenths in each region."""
    rng = np.random.default_rng(seed)
    region = np.minimum(np.arange(towns), 1)
    town = np.arange(classes) % towns
    run_year = 2026 + np.arange(runs) % 2
    place = np.where(np.arange(runs) % 3 == 0, -1, rng.integers(0, towns, runs))
    possible = (place < 0) | (region[place] == region[town][:, None])
    pair_class, pair_run = np.nonzero(possible)
    legs, pair_leg = np.unique(town[pair_class] * runs + pair_run, return_inverse=True)
    leg_town, leg_run = np.divmod(legs, runs)
    away = (place[leg_run] >= 0) & (place[leg_run] != leg_town)
    volume = rng.uniform(20, 60, classes)[pair_class]
    effect = rng.normal(0.1, 0.1, 4)
    provider = np.arange(runs) % 4
    funds = [("federal", year, None) for year in (2026, 2027)]
    funds += [("municipal", year, each) for year in (2026, 2027) for each in range(towns)]
    wallets = [
        (each, fund)
        for fund, (_, _, holder) in enumerate(funds)
        for each in range(towns)
        if holder in (None, each)
    ]
    everybody = len(funds)
    mandatory = np.zeros(classes, dtype=np.bool_)
    mandatory[0] = True
    return Problem(
        municipalities=tuple(f"town {each}" for each in range(towns)),
        regions=("north", "south"),
        providers=("a", "b", "c", "d"),
        years=(2026, 2027),
        region=region,
        class_names=tuple(f"class {each}" for each in range(classes)),
        class_municipality=town,
        people=rng.integers(1, 4, classes),
        mandatory=mandatory,
        run_names=tuple(f"run {each}" for each in range(runs)),
        run_provider=provider,
        run_year=run_year,
        fee=rng.integers(30, 90, runs) * 10_000 + 1,
        least=rng.integers(2, 4, runs),
        places=rng.integers(4, 7, runs),
        groups=np.full(runs, 2),
        pair_class=pair_class,
        pair_run=pair_run,
        pair_leg=pair_leg,
        benefit=effect[provider[pair_run]] * volume,
        volume=volume,
        leg_municipality=leg_town,
        leg_run=leg_run,
        travel=np.where(away, 200_000, 0),
        fund_names=tuple(f"{source} {year} {holder}" for source, year, holder in funds),
        fund_source=tuple(source for source, _, _ in funds),
        fund_year=np.array([year for _, year, _ in funds]),
        amount=np.array([1_200_000 if holder is None else 500_000 for _, _, holder in funds]),
        fee_limit=np.array([500_000 if source == "federal" else 10**12 for source, _, _ in funds]),
        pays_fee=np.ones(everybody, dtype=np.bool_),
        pays_travel=np.array([source == "municipal" for source, _, _ in funds]),
        wallet_municipality=np.array([each for each, _ in wallets]),
        wallet_fund=np.array([fund for _, fund in wallets]),
        unproven=np.array([False, False, False, True]),
        draws=np.zeros((0, 4)),
        floors=np.ones(towns, dtype=np.int64),
        held=np.zeros(runs, dtype=np.int64),
        shares=tuple(
            Share(name, "federal", year, np.flatnonzero(region == at), at_most=0.7)
            for at, name in enumerate(("north", "south"))
            for year in (2026, 2027)
        ),
        learning_share=0.1,
    )


@cache
def best(seed: int) -> float | None:
    return best_gain(problem(seed))


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_plan_gains_as_much_as_the_best_plan_made_person_by_person(seed: int) -> None:
    small = problem(seed)
    gain = best(seed)
    if gain is None:
        with pytest.raises(NoPlan) as raised:
            decide(small, gap=0.0, seconds=30)
        assert raised.value.certain
        return
    decision = decide(small, gap=0.0, seconds=30)
    assert broken(small, decision) == []
    assert decision.objective == pytest.approx(gain, rel=EXACT)
    assert decision.bound >= gain * (1 - EXACT)


def test_some_of_these_problems_have_a_plan() -> None:
    assert [best(seed) is not None for seed in (1, 2, 3)].count(True) >= 2


@pytest.mark.parametrize("seed", range(4, 8))
def test_the_bound_from_prices_lies_above_every_plan(seed: int) -> None:
    small = problem(seed)
    gain = best(seed)
    found = priced(linear_program(small), 1e-3)
    assert gain is None or found.bound * benefit_scale(small) >= gain * (1 - EXACT)


def test_a_large_problem_is_made_small_and_decided_as_well(monkeypatch: pytest.MonkeyPatch) -> None:
    middling = problem(5, towns=4, classes=20, runs=9)
    whole = decide(middling, gap=0.01, seconds=30)
    monkeypatch.setattr(solve, "LARGE", 10)
    by_prices = decide(middling, gap=0.01, seconds=30)
    assert broken(middling, by_prices) == []
    assert by_prices.objective >= whole.objective * (1 - 0.03)
    assert by_prices.bound >= whole.objective * (1 - EXACT)


def test_where_nobody_can_pay_for_those_who_must_be_trained_no_plan_is_found() -> None:
    small = problem(1)
    with pytest.raises(NoPlan) as raised:
        decide(replace(small, amount=small.amount * 0), gap=0.0, seconds=30)
    assert raised.value.certain


def test_a_decision_is_held_against_every_rule() -> None:
    small = problem(1)
    decision = decide(small, gap=0.0, seconds=30)

    def rules(**changed: object) -> set[str]:
        return {str(rule[0]) for rule, _ in broken(replace(small, **changed), decision)}

    used = np.flatnonzero(decision.seats)
    assert rules() == set()
    assert rules(amount=small.amount * 0) == {"budget"}
    assert rules(people=small.people * 0) >= {"people"}
    assert rules(floors=small.floors + 100) == {"floor"}
    assert rules(least=small.least + 100) == {"groups"}
    assert rules(groups=small.groups * 0) == {"groups"}
    assert rules(fee=small.fee + 1) == {"costs"}
    assert rules(travel=small.travel + 1) == {"costs"}
    assert rules(fee_limit=small.fee_limit * 0) == {"limit"}
    assert rules(mandatory=np.ones(len(small.people), dtype=np.bool_)) == {"mandatory"}
    assert rules(learning_share=1.0) == {"learning_share"}
    none = tuple(replace(share, at_most=0.0) for share in small.shares)
    assert rules(shares=none) == {"share"}
    assert rules(wallet_fund=small.wallet_fund * 0) >= {"wallet"}
    assert len(used)


@pytest.mark.parametrize(
    ("held", "seats"),
    [
        ([0, 4], {0: 4}),  # half of eight teach already: the four left go where most is gained
        ([4, 0], {1: 4}),  # none of the four teaches: all that are left have to
    ],
)
def test_who_is_signed_for_counts_for_the_share_of_places_that_teach(
    held: list[int], seats: dict[int, int]
) -> None:
    """Four people, a proven run and one that is not, and half of all places are to teach."""
    small = tiny(
        [People(4)], [Group(0, 10), Group(1, 10)], [1.0, 0.1], unproven=(1,), learning_share=0.5
    )
    decision = decide(replace(small, held=np.array(held)), gap=0.0, seconds=10)
    runs = zip(small.leg_run.tolist(), decision.seats.tolist(), strict=True)
    assert {run: count for run, count in runs if count} == seats


@pytest.mark.parametrize(("gap", "stays"), [(0.01, True), (0.001, False)])
def test_a_plan_to_begin_from_stays_unless_more_than_the_gap_is_gained(
    gap: float, stays: bool
) -> None:
    """50,000 rubles buy two seats of 20,000 (and a half: the bound is no help). They are worth
    1.005 in town B, and the plan so far sends two people of town A."""
    needs = [Need(town, 2, ("run",), mandatory=False) for town in ("A", "B")]
    two_towns = replace(
        planned(needs, {"run": Run(fee=20_000)}, [Money("federal", None, 50_000)]),
        benefit=np.array([1.0, 1.005]),
    )
    best = decide(two_towns, gap=EXACT, seconds=10)
    assert best.seats.tolist() == [0, 2]
    before = replace(best, seats=best.seats[::-1], pairs=best.pairs[::-1])
    found = decide(two_towns, gap=gap, seconds=10, start=before)
    assert found.seats.tolist() == ([2, 0] if stays else [0, 2])
