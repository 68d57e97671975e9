"""Posts, money and wages of the invented union, and the known truth of leaving."""

from __future__ import annotations

import datetime as dt

import numpy as np
import polars as pl
import pytest
from numpy.typing import NDArray

from otdacha.demo import simulate
from otdacha.demo.pay_money import PERIODS, YEARS, invent_finances, invent_wages
from otdacha.demo.pay_terms import (
    BETA,
    BOUND,
    GROUPS,
    SPREAD,
    USUAL_ALLOWANCE,
    Terms,
    agree_terms,
    allowance,
    even_chance,
    groups_held,
    own_parts,
)
from otdacha.demo.people import People
from otdacha.demo.scenery import cities, wording


@pytest.fixture(scope="module")
def people() -> People:
    return simulate(scale=0.3).people


@pytest.fixture(scope="module")
def terms(people: People) -> Terms:
    return agree_terms(np.random.default_rng(1), people, cities())


def test_the_odds_of_leaving_fall_with_pay_as_the_truth_says():
    """By bands of log pay: log(leave / stay) is a straight line with slope beta, in each group and
    over all of them."""
    rng = np.random.default_rng(0)
    people = 2_000_000
    leaves = rng.random(people) < 0.5
    invented = rng.choice(len(GROUPS), people, p=wording("post_shares"))
    group = groups_held(rng, invented, leaves)
    own = own_parts(rng.random(people), leaves)
    assert np.abs(own).max() <= BOUND
    usual = [np.log(one.salary * (one.beside + USUAL_ALLOWANCE)) for one in GROUPS.values()]
    pay = np.array(usual)[group] + own
    assert slope(pay, leaves) == pytest.approx(BETA, abs=0.03)  # 3 standard errors
    for one in range(4):
        assert slope(pay[group == one], leaves[group == one]) == pytest.approx(BETA, abs=0.15)
    assert SPREAD / 2 < own[~leaves].std() < SPREAD


def test_chance_is_spread_evenly_within_each_stratum():
    """Of four people of a stratum one falls into each quarter."""
    chance = even_chance(np.random.default_rng(2), np.array([7, 7, 3, 7, 7]))
    assert sorted((4 * chance[[0, 1, 3, 4]]).astype(int)) == [0, 1, 2, 3]
    assert 0 <= chance[2] < 1


def test_as_few_as_can_be_hold_another_post_than_was_invented():
    """All of two groups alike stay; of 30 who leave, the lower paid group should have more: its
    usual pay is 32,485 beside 51,300, so 2.49 times as many: 21.4 of 30 and not 15."""
    groups = np.repeat([0, 3], 515)
    leaves = np.tile(np.arange(515) < 15, 2)
    held = groups_held(np.random.default_rng(1), groups, leaves)
    assert (held != groups).sum() == 6
    assert np.bincount(held[leaves]).tolist() == [9, 0, 0, 21]
    assert (held == groups)[~leaves].all()


def slope(pay: NDArray[np.float64], leaves: NDArray[np.bool_]) -> float:
    """Of log(leave / stay) over bands of log pay, each by how exactly it is known."""
    edges = np.linspace(*np.quantile(pay, [0.005, 0.995]), 41)
    left, stayed = (np.histogram(pay[who], edges)[0] for who in (leaves, ~leaves))
    known = 1 / np.sqrt(1 / left + 1 / stayed)
    return float(np.polyfit((edges[1:] + edges[:-1]) / 2, np.log(left / stayed), 1, w=known)[0])


def test_an_allowance_makes_the_pay_of_a_post_what_the_own_part_says():
    """ведущая: 2.86 salaries besides, 0.9 usual; a tenth more is 3.76 · 1.1 = 4.14, so 128 %."""
    assert (GROUPS["ведущая"].beside, USUAL_ALLOWANCE) == (2.86, 0.9)
    assert allowance("ведущая", 0.0) == 90
    assert allowance("ведущая", float(np.log(1.1))) == 128
    every = [allowance(name, own) for name in GROUPS for own in (-BOUND, BOUND)]
    assert 2 < min(every) < max(every) <= 200


def test_everybody_has_each_of_their_posts_once_and_the_same_terms_in_all(people, terms):
    main = terms.posts.filter("main")
    assert main.height == people.posts.height
    assert (
        main.select("person", "department", "ended")
        .sort("person", "ended")
        .equals(people.posts.select("person", "department", "ended").sort("person", "ended"))
    )
    assert main.group_by("person").agg(pl.col("special").n_unique())["special"].max() == 1
    assert set(main["group"]) == set(GROUPS)
    assert main.group_by("group").agg(pl.col("pay_class").n_unique())["pay_class"].max() == 1
    assert main["salary"].null_count() == main.height


def test_nobody_serves_before_they_are_grown_up(people, terms):
    born = terms.posts.join(people.frame.select("person", "birth"), on="person")
    for name in ("started", "service_from", "north_from"):
        assert born.filter(pl.col(name).dt.year() - pl.col("birth").dt.year() < 19).is_empty()
    assert born.filter(pl.col("service_from") > pl.col("started")).is_empty()
    assert 0.2 < born["service_from"].count() / born.height < 0.45


def test_a_second_post_is_half_a_post_beside_one_that_is_held(terms):
    second = terms.posts.filter(~pl.col("main"))
    assert second.height > 0
    assert set(second["share"]) == {0.5}
    assert set(second["started"]) == {dt.date(2024, 2, 1)}
    beside = terms.posts.filter("main", pl.col("ended").is_null())
    assert second.join(beside, on="person", how="anti").is_empty()


def test_those_who_leave_are_told_from_those_who_move(people, terms):
    """Somebody who moved has a first post that ended and a last one that did not."""
    gone = people.posts.filter(pl.col("ended").is_not_null())
    last = people.posts.group_by("person").agg(pl.col("started").max())
    left = gone.join(last, on=["person", "started"], how="semi")["person"].unique().sort()
    assert np.flatnonzero(terms.leaves).tolist() == left.to_list()
    assert len(left) < gone.height


def test_wages_are_means_since_january_up_to_the_day_of_the_files():
    wages = invent_wages(np.random.default_rng(2), cities())
    town = wages.filter(pl.col("municipality") == cities()[0].municipality, letter="0")
    assert town.group_by("year", maintain_order=True).len().rows() == [
        (2022, 4),
        (2023, 4),
        (2024, 4),
        (2025, 2),
    ]
    assert town.filter(year=2025)["period"].to_list() == list(PERIODS[:2])
    first, half = town.filter(year=2022)["value"].to_list()[:2]
    second = 2 * half - first
    assert 1.0 < second / first < 1.12
    assert wages.height == 26 * 14 * 2


def test_grants_are_told_of_years_that_are_over_and_spare_money_of_years_ahead(terms):
    money = invent_finances(np.random.default_rng(3), cities(), terms.posts)
    assert money.height == 26 * len(YEARS)
    share = money["grants_share"].drop_nulls()
    bounds = ((0.0, 0.05), (0.05, 0.2), (0.2, 0.5), (0.5, 1.0))
    assert all(share.is_between(low, high).any() for low, high in bounds)
    assert set(money.filter(pl.col("grants_share").is_not_null())["year"]) == set(YEARS[:4])
    ahead = money.filter(pl.col("available").is_not_null())
    assert set(ahead["year"]) == set(YEARS[4:])
    assert (ahead["available"] / ahead["norm"]).is_between(0.05, 0.14).all()
    assert (money["norm"] > 0).all()
