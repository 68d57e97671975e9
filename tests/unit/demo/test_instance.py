import numpy as np
import polars as pl
import pytest

from otdacha.demo.instance import PlanningInstance, country_instance, planning_instance
from otdacha.demo.instance_supply import ERRORS, TRUE_MEAN, TRUE_SD
from otdacha.records.tables import TABLES

SMALL = {"towns": 3, "people": 90, "classes": 20, "offers": 12, "regions": 2, "providers": 5}


@pytest.fixture(scope="module")
def union() -> PlanningInstance:
    return planning_instance(1)


@pytest.fixture(scope="module")
def country() -> PlanningInstance:
    return country_instance(1)


def frames(instance: PlanningInstance) -> dict[str, pl.DataFrame]:
    return vars(instance)


def test_the_same_seed_gives_the_same_problem_and_another_gives_another():
    one, again, other = (planning_instance(seed, **SMALL) for seed in (5, 5, 6))
    assert all(frame.equals(frames(again)[name]) for name, frame in frames(one).items())
    assert not any(frame.equals(frames(other)[name]) for name, frame in frames(one).items())


def test_a_generator_draws_one_problem_after_another():
    rng = np.random.default_rng(5)
    one, other = planning_instance(rng, **SMALL), planning_instance(rng, **SMALL)
    assert not one.offers.equals(other.offers)


@pytest.mark.parametrize("table", ["needs", "offers", "budgets"])
def test_its_frames_have_the_columns_that_the_records_store(union: PlanningInstance, table: str):
    stored = TABLES[table].schema
    frame = frames(union)[table]
    assert frame.columns == [name for name in stored.column_names() if not name.startswith("_")]
    marked = frame.with_columns(_batch=pl.lit("b"), _row=pl.int_range(pl.len()))
    stored.validate(marked.select(stored.column_names()))


def test_a_union_has_the_sizes_that_were_asked_for(union: PlanningInstance):
    assert union.needs["people"].sum() == 4_000
    assert (union.needs.height, union.offers.height) == (800, 150)
    assert union.needs["municipality"].n_unique() == union.municipalities.height == 26
    assert union.municipalities["region"].n_unique() == 10
    assert union.budgets["source"].n_unique() == union.budgets["year"].n_unique() == 3


def test_the_country_has_the_sizes_that_were_asked_for(country: PlanningInstance):
    assert country.needs["people"].sum() == 300_000
    assert (country.needs.height, country.offers.height) == (12_000, 3_000)
    assert country.municipalities["region"].n_unique() == 80
    assert set(country.needs["topic"]) <= set(country.offers["topic"])
    assert country.offers["topic"].n_unique() == 24
    assert country.offers["town"].null_count() / 3_000 == pytest.approx(1 / 3, abs=0.04)


def test_most_offers_in_a_town_are_of_the_region_where_the_provider_sits(
    country: PlanningInstance,
):
    towns = country.municipalities.select(town="municipality", held="region")
    held = country.offers.join(towns, on="town").join(country.providers, on="provider")
    assert held.select((pl.col("held") == pl.col("region")).mean()).item() > 0.75


def test_no_two_classes_of_a_town_are_alike_and_all_are_of_known_units(country: PlanningInstance):
    alike = ["municipality", "unit", "position_group", "topic", "reason"]
    assert country.needs.n_unique(alike) == country.needs.height
    assert country.needs.n_unique(["municipality", "need"]) == country.needs.height
    volume = country.needs.join(country.volume, on=["municipality", "unit"])
    assert volume.height == country.needs.height
    assert volume.select((pl.col("people") <= pl.col("staff")).all()).item()
    assert (country.volume["cases"] > 0).all()


def test_effects_are_drawn_as_said_and_estimates_err_by_their_error(country: PlanningInstance):
    told = country.providers
    assert told["true"].mean() == pytest.approx(TRUE_MEAN, abs=4 * TRUE_SD / 600**0.5)
    assert told["true"].std() == pytest.approx(TRUE_SD, rel=0.15)
    assert told["proven"].sum() == 480
    assert told.filter(~pl.col("proven"))["estimate"].null_count() == 120
    known = told.filter("proven")
    assert known["error"].is_between(*ERRORS).all()
    z = (known["estimate"] - known["true"]) / known["error"]
    assert z.std() == pytest.approx(1.0, rel=0.15)


def test_prices_know_nothing_of_effects(country: PlanningInstance):
    dear = country.offers.group_by("provider").agg(pl.col("price").mean())
    both = dear.join(country.providers, on="provider")
    assert abs(both.select(pl.corr("price", "true")).item()) < 4 / both.height**0.5


def test_money_is_the_asked_part_of_the_cost():
    one = planning_instance(3, **SMALL, money=0.3)
    twice = planning_instance(3, **SMALL, money=0.6)
    assert twice.budgets["amount"].sum() == pytest.approx(2 * one.budgets["amount"].sum(), rel=0.01)
    price = one.offers.group_by("topic").agg(pl.col("price").mean())
    cost = one.needs.join(price, on="topic").select(pl.col("price").dot("people")).item()
    assert one.budgets["amount"].sum() == pytest.approx(0.3 * cost, rel=0.01)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"regions": 4}, "regions <= towns"),
        ({"classes": 2}, "towns <= classes"),
        ({"people": 10}, "classes <= people"),
        ({"offers": 3}, "offers >= topics"),
        ({"topics": 25}, "topics"),
        ({"years": 0}, "years"),
        ({"classes": 5_000, "people": 9_000}, "at most 768"),
    ],
)
def test_sizes_that_do_not_fit_are_refused(wrong: dict[str, int], said: str):
    with pytest.raises(ValueError, match=said):
        planning_instance(1, **{**SMALL, **wrong})
