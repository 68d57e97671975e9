import datetime as dt

import polars as pl
import pytest
from stdnum.ru import inn

from otdacha import demo
from otdacha.demo import Simulation, cities, simulate
from otdacha.demo.ahead import Ahead, look_ahead
from otdacha.demo.offers import LICENCES_END
from otdacha.demo.scenery import PLAN_YEARS, courses

SEED = 7


@pytest.fixture(scope="module")
def made() -> Simulation:
    return simulate(SEED, scale=0.3)


@pytest.fixture(scope="module")
def ahead(made: Simulation) -> Ahead:
    return look_ahead(SEED, made)


def test_the_same_seed_gives_the_same_years_ahead(made: Simulation, ahead: Ahead):
    again = look_ahead(SEED, made)
    assert again.needs.equals(ahead.needs)
    assert again.offers.equals(ahead.offers)
    assert again.budgets.equals(ahead.budgets)
    assert not look_ahead(SEED + 1, made).offers.equals(ahead.offers)


def test_needs_are_of_people_who_are_there_and_of_topics_that_are_taught(
    made: Simulation, ahead: Ahead
):
    posts = made.people.posts.filter(pl.col("ended").is_null())
    named = ahead.needs.filter(pl.col("person").is_not_null())
    assert named.join(posts, on=["person", "department"]).height == named.height > 100
    assert set(named["people"]) == {1}
    assert set(ahead.needs["topic"]) <= {course.topic for course in courses()}
    assert set(ahead.needs["by"].dt.year()) == set(PLAN_YEARS)
    assert ahead.needs.n_unique(["city", "number"]) == ahead.needs.height


@pytest.mark.parametrize("seed", [SEED, demo.SEED])
def test_every_duty_can_be_met_in_time_by_somebody_with_a_licence(made: Simulation, seed: int):
    ahead = look_ahead(seed, made)
    licensed = ahead.offers.join(ahead.unlicensed, on="offer", how="anti")
    soonest = licensed.group_by("topic").agg(pl.col("finished").min())
    duties = ahead.needs.filter(reason="legal_duty")
    met = duties.join(soonest, on="topic").filter(pl.col("finished") <= pl.col("by"))
    assert met.height == duties.height > 50


def test_a_manager_says_what_result_is_expected_and_a_duty_needs_none(ahead: Ahead):
    result = pl.all_horizontal(pl.col("indicator", "change", "expected_by").is_not_null())
    nothing = pl.all_horizontal(pl.col("indicator", "change", "expected_by").is_null())
    for reason, told in ahead.needs.group_by("reason"):
        rule = result if reason[0] in ("request", "weak_indicator") else nothing
        assert told.select(rule.all()).item(), reason
    assert set(ahead.needs["reason"]) == {"legal_duty", "gap", "weak_indicator", "request"}
    assert (ahead.needs["change"].drop_nulls() > 0).all()
    assert ahead.needs.select((pl.col("expected_by") > pl.col("by")).all()).item()


def test_towns_that_name_no_executor_ask_for_numbers_of_people_only(ahead: Ahead):
    for number, city in enumerate(cities()):
        people = ahead.needs.filter(city=number)["person"]
        assert (people.count() == 0) == (city.case_log_names == "department")


def test_every_programme_is_offered_near_its_own_price(made: Simulation, ahead: Ahead):
    own = made.training.programmes.select("provider", "programme", usual="price")
    offers = ahead.offers.join(own, on=["provider", "programme"])
    assert offers.height == 150
    assert offers.n_unique(["provider", "programme"]) == min(150, own.height)
    assert offers.n_unique(["provider", "offer"]) == 150
    assert offers.select((pl.col("price") / pl.col("usual")).is_between(0.9, 1.15).all()).item()
    assert offers.select((pl.col("minimum_group") <= pl.col("places")).all()).item()
    assert set(offers["started"].dt.year()) == set(offers["finished"].dt.year()) == {2026}
    assert offers["started"].dt.month().n_unique() >= 9
    assert all(inn.is_valid(number) for number in offers["provider"].unique())


def test_only_what_is_held_in_a_town_costs_a_journey(ahead: Ahead):
    away = ahead.offers["city"].is_not_null()
    assert (away == (ahead.offers["travel"] > 0)).all()
    assert (away == (ahead.offers["form"] != "дистанционная")).all()
    assert 20 < (~away).sum() < 90


def test_prices_do_not_tell_who_teaches_well(made: Simulation, ahead: Ahead):
    """Within a topic, where prices can be compared; over fifty draws of the offers."""
    true = made.truth.filter(indicator="on_time").select("provider", "structural")
    found = []
    for seed in range(50):
        offers = look_ahead(seed, made).offers.join(true, on="provider")
        own = offers.join(
            made.training.programmes.select("provider", "programme", usual="price"),
            on=["provider", "programme"],
        )
        found.append(own.select(pl.corr(pl.col("price") / pl.col("usual"), "structural")).item())
    mean = pl.Series(found).mean()
    assert abs(mean) < 4 / (50 * 150) ** 0.5


def test_the_money_is_enough_for_about_a_third_of_the_needs(ahead: Ahead):
    price = ahead.offers.group_by("topic").agg(
        price=pl.col("price").mean() + pl.col("travel").mean() / 2
    )
    cost = ahead.needs.join(price, on="topic").select(pl.col("price").dot("people")).item()
    assert ahead.budgets["amount"].sum() == pytest.approx(cost / 3, rel=0.02)
    assert ahead.budgets["amount"].min() > 0


def test_money_comes_from_four_sources_with_codes_of_twenty_signs(ahead: Ahead):
    budgets = ahead.budgets
    holders = {source: set(rows["holder"]) for (source,), rows in budgets.group_by("source")}
    assert holders["federal"] == {None}
    assert holders["regional"] == {city.region for city in cities()}
    assert holders["municipal"] == {city.municipality for city in cities()}
    assert set() < holders["own"] <= holders["municipal"]
    assert set(budgets["year"]) == set(PLAN_YEARS)
    assert set(budgets["code"].drop_nulls().str.len_chars()) == {20}
    assert budgets.filter(pl.col("code").is_null())["source"].unique().to_list() == ["own"]
    key = ["source", "holder", "year", "code", "pays_for"]
    assert budgets.n_unique(key) == budgets.height


def test_four_licences_end_and_one_ends_before_a_run_does(ahead: Ahead):
    assert ahead.licences["licence_until"].to_list() == list(LICENCES_END)
    assert ahead.licences["number"].n_unique() == 4
    first = ahead.licences["number"][0]
    late = ahead.offers.filter(pl.col("number") == first, pl.col("finished") > dt.date(2026, 6, 30))
    assert set(late["offer"]) <= set(ahead.unlicensed["offer"])
    assert late.height > 0
