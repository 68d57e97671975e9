"""All kinds of measures in the real payroll, against a payroll written by hand, to the kopeck."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import ROUND_CEILING, Decimal
from importlib.resources import files
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from otdacha.pay.measures import (
    WAGES,
    Facts,
    MeasuresFile,
    added_costs,
    check_law,
    check_reach,
    facts_of,
    steps,
)
from otdacha.pay.measures.training import COURSES, Trained
from otdacha.pay.parameters import Law, law_in
from otdacha.pay.payroll import Payroll, payroll
from tests.unit.pay.by_hand import ByHand, Row, kopecks, of_month, paid_by_hand
from tests.unit.pay.measures_at_hand import file_of, measure, roster

YEARS = (2027, 2028)
COUNCILLOR = "советник муниципальной службы 1 класса"
MURMANSK = {"municipality": "47701000", "region": "Мурманская область", "salary": None}
TULA = {"municipality": "70701000", "region": "Тульская область", "salary": None}
POSTS = roster(
    {**MURMANSK, "class_rank": COUNCILLOR, "position_group": "ведущая"},
    {**MURMANSK, "position": "Юрист", "born": 2000, "started": dt.date(2027, 2, 15)},
    {**TULA, "person": "both", "position_group": "младшая", "share": 700},
    {**TULA, "person": "both", "position_group": "младшая", "share": 500, "main": False},
    {**TULA, "position_group": "младшая", "ended": dt.date(2028, 4, 10), "salary": 1_111_111},
)
ALL = file_of(
    measure("wage_floor", "level = 60", "valid_from = 2027-03-01", key="lifted"),
    measure("raise_salary", "level = 7.5", 'who = { groups = ["младшая"] }', key="raised"),
    measure("index", 'to = "prices"', "whole_rubles = true", key="indexed"),
    measure("class_rank", "level = 50", key="ranks"),
    measure("training_allowance", "level = 3_000", "months = 6", 'release = "2026.1"',
            key="trained"),
    measure("scarce_allowance", "level = 20", "coefficient = false", key="hard_to_fill"),
    measure("young_payment", "level = 60_000", "max_age = 30", "within_months = 12", key="young"),
    measure("rent", "level = 9_000", "months = 3", "who = { ages = [18, 30] }", key="home"),
)  # fmt: skip
WAGE = {"47701000": 90_000, "70701000": 70_000}


@pytest.fixture(scope="module")
def law() -> Law:
    return law_in(Path(str(files("otdacha.demo") / "pay")))


@pytest.fixture(scope="module")
def facts(law: Law) -> Facts:
    courses = pl.DataFrame([("both", dt.date(2027, 3, 10), None)], COURSES, orient="row")
    rows = [(town, year, wage * 100) for town, wage in WAGE.items() for year in YEARS]
    wages = pl.DataFrame(rows, WAGES, orient="row")
    return facts_of(
        POSTS, law, wages=wages, trained={"trained": Trained("2026.1", "0" * 64, courses)}
    )


@pytest.fixture(scope="module")
def paid(law: Law, facts: Facts) -> Payroll:
    return payroll(POSTS, law, YEARS, steps(ALL, facts))


def by_hand() -> list[ByHand]:
    """The same measures, one post in one month at a time."""

    def raised(line: Row) -> Mapping[str, Any]:
        if line["position_group"] != "младшая":
            return {}
        return {"salary": kopecks(line["salary"] * Decimal("1.075"))}

    def indexed(line: Row) -> Mapping[str, Any]:
        salary = line["salary"]
        for _ in range(2027, line["first"].year + 1):
            salary = kopecks(salary * Decimal("1.04")).to_integral_value(ROUND_CEILING)
        return {"salary": salary}

    def trained(line: Row) -> Mapping[str, Any]:
        due = line["post"] == 2 and dt.date(2027, 4, 1) <= line["first"] <= dt.date(2027, 9, 1)
        return {"trained": of_month(line, Decimal(3_000)) if due else Decimal(0)}

    def scarce(line: Row) -> Mapping[str, Any]:
        part = Decimal("0.2") if line["post"] == 1 else Decimal(0)
        return {"hard_to_fill": kopecks(line["salary_paid"] * part)}

    def young(line: Row) -> Mapping[str, Any]:
        due = line["post"] == 1 and line["first"] == dt.date(2027, 2, 1)
        return {"young": Decimal(60_000 if due else 0)}

    def home(line: Row) -> Mapping[str, Any]:
        due = line["post"] == 1 and dt.date(2027, 2, 1) <= line["first"] <= dt.date(2027, 4, 1)
        return {"home": of_month(line, Decimal(9_000 if due else 0))}

    def lifted(line: Row) -> Mapping[str, Any]:
        if line["first"] < dt.date(2027, 3, 1):
            return {"lifted": Decimal(0)}
        least = of_month(line, Decimal(WAGE[line["municipality"]]) * Decimal("0.6"))
        return {"lifted": max(least - line["total"], Decimal(0))}

    return [
        ByHand("raised", "law", raised),
        ByHand("indexed", "law", indexed),
        ByHand("ranks", "law", lambda line: {
            "rank_amount": kopecks(line["rank_amount"] * Decimal("1.5")),
            "rank_rate": line["rank_rate"] * Decimal("1.5"),
        }),
        ByHand("trained", "pay", trained),
        ByHand("hard_to_fill", "pay", scarce, coefficient=False),
        ByHand("young", "pay", young, coefficient=False),
        ByHand("home", "pay", home, coefficient=False),
        ByHand("lifted", "floor", lifted),
    ]  # fmt: skip


def test_every_kind_of_measure_is_paid_as_by_hand(paid: Payroll, law: Law, facts: Facts) -> None:
    check_reach(ALL, facts)
    check_law(ALL, law, ["Мурманская область", "Тульская область"])
    expected = paid_by_hand(POSTS.to_dicts(), law, YEARS, by_hand())
    found = {tuple(row[:4]): Decimal(row[4]) / 100 for row in paid.by_town.iter_rows()}

    assert found == dict(expected)
    in_all = paid.by_town.filter(variant=len(paid.steps)).group_by("component")
    sums = dict(in_all.agg(pl.col("kopecks").sum()).iter_rows())
    assert all(sums[key] > 0 for key in ("trained", "hard_to_fill", "young", "home", "lifted"))


def test_what_measures_add_is_the_difference_of_cost_and_sources_pay_all_of_it(
    paid: Payroll,
) -> None:
    added = added_costs(paid)
    cost = paid.by_town.filter(component="cost")
    before, after = (
        cost.filter(variant=variant)["kopecks"].sum() for variant in (0, len(paid.steps))
    )
    assert added["kopecks"].sum() == after - before
    assert (added.group_by("measure").agg(pl.col("kopecks").sum())["kopecks"] > 0).all()
    assert added["kopecks"].sum() == after - before


def test_the_north_pays_coefficients_on_what_a_measure_says(law: Law, facts: Facts) -> None:
    def cost(file: MeasuresFile) -> int:
        paid = payroll(POSTS, law, YEARS, steps(file, facts)).by_town
        return int(paid.filter(variant=1, component="total")["kopecks"].sum())

    on_it, not_on_it = (
        file_of(measure("scarce_allowance", "level = 20", f"coefficient = {said}"))
        for said in ("true", "false")
    )
    assert cost(on_it) > cost(not_on_it)


def test_a_floor_is_smaller_where_other_measures_have_raised_pay(law: Law, facts: Facts) -> None:
    """Order matters: a floor comes last and adds only what is still lacking."""

    def lifted(*measures: str) -> int:
        paid = payroll(POSTS, law, YEARS, steps(file_of(*measures), facts)).by_town
        of_floor = paid.filter(variant=len(measures), component="floor")
        return int(of_floor["kopecks"].sum())

    floor = measure("wage_floor", "level = 70", key="floor")
    raised = measure("raise_salary", "level = 10", key="raised")
    assert 0 < lifted(floor, raised) == lifted(raised, floor) < lifted(floor)


def test_a_measure_for_nobody_on_the_roster_costs_nothing(law: Law, facts: Facts) -> None:
    file = file_of(measure("raise_salary", "level = 50", "who = { ages = [80, 90] }"))
    paid = payroll(POSTS, law, YEARS, steps(file, facts))

    assert added_costs(paid)["kopecks"].to_list() == [0, 0, 0, 0]
    assert paid.people(POSTS).is_empty()
