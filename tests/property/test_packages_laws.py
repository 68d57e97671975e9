"""Laws of packages: the best is what looking at every one of them finds, and money adds up."""

from __future__ import annotations

import dataclasses
from dataclasses import fields

import numpy as np
import polars as pl
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from otdacha.errors import PayProblem
from otdacha.pay.effect import SHARED, avoided
from otdacha.pay.packages.checking import broken
from otdacha.pay.packages.choose import best, choose
from otdacha.pay.packages.knapsack import Knapsack, most
from otdacha.pay.packages.limits import NO_LIMIT
from otdacha.pay.packages.money import SOURCES, Sums, apportioned
from otdacha.pay.packages.options import Lever, Options, Outcome, Package, combinations
from otdacha.pay.packages.rivals import compared, rivals
from otdacha.pay.packages.wanted import Aim, Wanted, gain_of
from tests.invented_packages import by_hand


@st.composite
def choices(draw: st.DrawFn) -> tuple[Options, Wanted]:
    """Two or three towns, one or two years, two measures; small figures, so that there are ties,
    and sums that bind or do not."""
    towns, years = draw(st.integers(2, 3)), draw(st.integers(1, 2))
    levers = tuple(
        Lever(key, (1.0, 2.0)[: draw(st.integers(1, 2))], optional=draw(st.booleans()),
              everywhere=draw(st.booleans()))
        for key in ("a", "b")
    )  # fmt: skip
    ways = combinations(levers)
    random = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    shape = (len(ways), towns)
    largest = draw(st.sampled_from([1, 6, 1_000_003]))
    cost = random.integers(0, largest + 1, (*shape, years, len(SOURCES)))
    cost[..., draw(st.integers(1, len(SOURCES))) :] = 0
    exits = random.integers(0, draw(st.sampled_from([2, 5])), shape) / 2
    if draw(st.booleans()):
        exits[:, draw(st.integers(0, towns - 1))] = np.nan
    fund = random.integers(0, 6, (*shape, years))
    known = np.nan_to_num(exits)
    options = Options(
        towns=tuple(f"t{town}" for town in range(towns)),
        years=tuple(range(2027, 2027 + years)),
        levers=levers,
        combinations=ways,
        cost=cost.astype(np.int64),
        fund=fund.astype(np.int64),
        avoided=exits,
        shared=np.stack([exits / 2, exits * 2], axis=-1)[..., None, :],
        own=np.stack([exits * 0.9, exits * 1.1], axis=-1),
        most=exits + 10,
        vacancy_cost=(known * 300).astype(np.int64),
        training_kept=(known * 50).astype(np.int64),
    )

    def sometimes(
        shape: tuple[int, ...], most: int
    ) -> np.ndarray[tuple[int, ...], np.dtype[np.int64]]:
        limits = random.integers(0, most + 1, shape)
        return np.where(random.random(shape) < draw(st.sampled_from([0.0, 0.5])), limits, NO_LIMIT)

    wanted = Wanted(
        Sums(sometimes((years, len(SOURCES)), largest), sometimes((towns, years), largest)),
        sometimes((towns, years), 6),
        aim=draw(st.sampled_from(list(Aim))),
        at_most=draw(st.sampled_from([NO_LIMIT, 2 * largest * towns, 4 * largest * towns])),
    )
    return options, wanted


@given(choices())
@settings(max_examples=150, deadline=None)
def test_no_package_is_better_than_the_one_that_is_chosen(
    choice: tuple[Options, Wanted],
) -> None:
    options, wanted = choice
    found, hand = best(options, wanted, gap=0.0), by_hand(options, wanted)

    assert (found is None) == (hand is None)
    if found is None or hand is None:
        return
    gain, places = gain_of(options, wanted.aim), np.arange(len(options.towns))
    assert found.settled
    assert found.gain == found.bound == int(gain[hand.chosen, places].sum())
    assert int(gain[found.package.chosen, places].sum()) == found.gain
    assert (found.package.total, found.package.measures) == (hand.total, hand.measures)
    assert broken(found.package, wanted) == []


@given(choices())
@settings(max_examples=60, deadline=None)
def test_rivals_keep_the_rules_and_are_never_ahead(choice: tuple[Options, Wanted]) -> None:
    options, wanted = choice
    wanted = dataclasses.replace(wanted, aim=Aim.AVOIDED)
    found = best(options, wanted, gap=0.0)
    assume(found is not None)
    assert found is not None
    others = rivals(found.package, wanted)

    for rival in others.values():
        assert broken(rival, wanted.inside(found.package.total)) == []
    people = np.ones(len(options.towns), dtype=np.int64)
    ahead = compared(found.package, others, people)["ahead"].drop_nulls()
    assert (ahead > -1e-9).all()


@given(choices())
@settings(max_examples=60, deadline=None)
def test_what_nobody_can_choose_is_refused_with_a_reason(choice: tuple[Options, Wanted]) -> None:
    options, wanted = choice
    if by_hand(options, wanted) is None:
        with pytest.raises(PayProblem, match=r"Let a measure be left out"):
            choose(options, wanted, gap=0.0)
    else:
        assert broken(choose(options, wanted, gap=0.0).package, wanted) == []


@given(choices(), st.randoms(use_true_random=False))
@settings(max_examples=40, deadline=None)
def test_towns_in_another_order_gain_and_pay_the_same(
    choice: tuple[Options, Wanted], random: object
) -> None:
    options, wanted = choice
    order = np.array(sorted(range(len(options.towns)), key=lambda _: random.random()))  # type: ignore[attr-defined]
    named = {each.name: getattr(options, each.name)[:, order] for each in fields(Outcome)}
    turned = dataclasses.replace(options, towns=tuple(options.towns[at] for at in order), **named)
    there = dataclasses.replace(
        wanted,
        sums=Sums(wanted.sums.amount, wanted.sums.local[order]),
        ceilings=wanted.ceilings[order],
    )
    one, other = best(options, wanted, gap=0.0), best(turned, there, gap=0.0)

    assert (one is None) == (other is None)
    if one is not None and other is not None:
        assert (one.gain, one.package.total, one.package.measures) == (
            other.gain,
            other.package.total,
            other.package.measures,
        )


@given(
    st.lists(st.integers(0, 10**13), min_size=1, max_size=20),
    st.lists(st.integers(0, 10_000), min_size=3, max_size=3),
)
@settings(deadline=None)
def test_parts_add_up_to_the_kopeck_and_each_is_within_a_kopeck_of_its_own(
    kopecks: list[int], cuts: list[int]
) -> None:
    ends = [0, *sorted(cuts), 10_000]
    rates = np.diff(ends)
    parts = {source: rate / 10_000 for source, rate in zip(SOURCES, rates, strict=True)}
    found = apportioned(np.array(kopecks, dtype=np.int64), parts)

    assert found.sum(axis=1).tolist() == kopecks
    for sum_, row in zip(kopecks, found.tolist(), strict=True):
        for part, rate in zip(row, rates.tolist(), strict=True):
            assert abs(part * 10_000 - sum_ * rate) <= 10_000


@given(st.integers(0, 2**32 - 1))
@settings(max_examples=10, deadline=None)
def test_a_knapsack_with_more_than_a_kernel_is_as_good_as_one_looked_at_whole(seed: int) -> None:
    """Two places of sixty things each, one row: every pair is looked at."""
    random = np.random.default_rng(seed)
    gain, weight = random.integers(0, 50, (2, 60)), random.integers(0, 1_000, (2, 60))
    limit = int(random.integers(200, 1_500))
    pairs = gain[0][:, None] + gain[1]
    fits = weight[0][:, None] + weight[1] <= limit
    found = most(
        Knapsack(
            place=np.repeat([0, 1], 60),
            gain=gain.ravel(),
            weight=weight.reshape(1, -1),
            most=np.array([limit]),
        ),
        gap=0.0,
        seconds=20.0,
    )

    assert (found is None) == (not fits.any())
    if found is not None:
        assert found.proven
        assert found.gain == found.bound == int(pairs[fits].max())


@pytest.mark.parametrize("nearest", [0, 20, 400])
def test_of_many_places_few_things_are_looked_at_first_and_none_is_lost(
    nearest: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Forty places of six things each; one of each takes nothing, so something always fits. The
    best is told by a table of what is left: one row, few kopecks."""
    places, each, limit = 40, 6, 300
    random = np.random.default_rng(1)
    gain, weight = random.integers(1, 100, (places, each)), random.integers(1, 40, (places, each))
    weight[:, 0] = 0
    table = np.zeros(limit + 1, dtype=np.int64)
    for gains, weights in zip(gain, weight, strict=True):
        with_each = [
            np.concatenate([np.full(w, -10_000), table[: limit + 1 - w]]) + g
            for g, w in zip(gains.tolist(), weights.tolist(), strict=True)
        ]
        table = np.max(with_each, axis=0)
    monkeypatch.setattr("otdacha.pay.packages.knapsack.NEAREST", nearest)
    found = most(
        Knapsack(
            place=np.repeat(np.arange(places), each),
            gain=gain.ravel(),
            weight=weight.reshape(1, -1),
            most=np.array([limit]),
        ),
        gap=0.0,
        seconds=20.0,
    )

    assert found is not None
    assert found.proven
    assert found.gain == table[limit]
    assert weight.ravel()[found.things].sum() <= limit


@given(choices(), st.randoms(use_true_random=False))
@settings(max_examples=60, deadline=None)
def test_the_interval_of_a_package_is_that_of_its_towns_added_up_elsewhere(
    choice: tuple[Options, Wanted], random: object
) -> None:
    """Towns' exits as a scenario adds them up, and the same as one package of the options."""
    options, _ = choice
    towns = len(options.towns)
    rng = np.random.default_rng(random.randrange(2**32))  # type: ignore[attr-defined]
    size = 1 + len(SHARED)
    ends = rng.exponential(1.0, (towns, size)) * rng.choice([-1.0, 1.0], size)
    rows = pl.DataFrame(
        {
            "municipality": options.towns,
            "people": [9] * towns,
            "before": rng.exponential(2.0, towns),
            "after": [1.0] * towns,
            "avoided": ends[:, 0],
            **{name: ends[:, at] for at, name in enumerate(SHARED, start=1)},
            "hazard_low": ends[:, 0] * 0.7,
            "hazard_high": ends[:, 0] * 1.4,
        }
    ).with_columns(level_low=pl.col("avoided") * 0.8, level_high=pl.col("avoided") * 1.1)
    ways = len(options.combinations)

    def every(*columns: str) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
        return np.stack([rows.select(columns).to_numpy()] * ways)

    known = dataclasses.replace(
        options,
        avoided=every("avoided")[..., 0],
        shared=every(*SHARED).reshape(ways, towns, -1, 2),
        own=every("hazard_low", "hazard_high"),
        most=every("before")[..., 0],
    )
    there = avoided(rows, []).row(0, named=True)

    assert Package.everywhere(known, 0).avoided() == pytest.approx(
        (there["avoided"], there["avoided_lower"], there["avoided_upper"])
    )
