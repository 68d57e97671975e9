"""A scenario made from a small workspace, in numbers that can be checked by hand.

Anna in Kitezh holds a full leading post since 2010: 1,584,000 rubles a year and 391,352 of
contributions (see `small_law`). A rise of 10 % adds 158,400 and 24,235.20 of contributions.
Boris in Buyan has half a post. Buyan's own budget can add 100,000 rubles a year.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest

from otdacha.errors import PayProblem
from otdacha.pay.making import make_scenario
from otdacha.pay.making.rows import with_amounts
from otdacha.pay.measures import measures_in
from otdacha.pay.scenario import Scenario, load_scenario
from otdacha.pay.tables import TABLES
from otdacha.records import Workspace, add
from tests.unit.pay.small_law import KITEZH as REGION
from tests.unit.pay.small_workspace import KITEZH, LEVELS, ONE_LEVEL, PURSES, small_workspace

TODAY = dt.date(2026, 11, 1)
LATER = (
    "160-722-394 47;Казна;Юрист;ведущая;1;02.01.2027",
    "200-300-401 49;Казна;Юрист;ведущая;1;01.01.2029",
)
"""The second begins after the scenario, and nobody asks about it."""


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return small_workspace(tmp_path)


def made(workspace: Workspace, measures: str) -> Scenario:
    file = workspace.path / "measures.toml"
    file.write_text(measures, "utf-8")
    return make_scenario(workspace, today=TODAY)


def test_a_rise_of_a_tenth_costs_what_it_costs_by_hand(workspace: Workspace) -> None:
    scenario = made(workspace, ONE_LEVEL)

    costs = scenario.tables["costs"].filter(municipality=KITEZH, year=2027)
    by_source = dict(costs.select("source", "cost").iter_rows())
    assert sum(by_source.values()) == Decimal("182635.20")
    assert by_source["federal"] == Decimal("127844.64")
    components = scenario.tables["components"].filter(municipality=KITEZH, year=2027)
    total = components.filter(component="total").row(0, named=True)
    assert (total["before"], total["after"]) == (Decimal("1584000.00"), Decimal("1742400.00"))


def test_every_sum_of_a_scenario_agrees_with_every_other(workspace: Workspace) -> None:
    scenario = made(workspace, ONE_LEVEL)
    tables = scenario.tables

    cost = tables["costs"]["cost"].sum()
    paid = tables["components"].filter(component="cost")
    assert cost == (paid["after"] - paid["before"]).sum()
    assert cost == tables["municipalities"]["cost"].sum()
    assert cost == tables["measures"]["cost"].sum()
    assert cost == tables["money"]["needed"].sum()
    assert cost == tables["packages"].filter("chosen")["cost"].item()
    assert float(cost) == scenario.figures["cost"]
    parts = tables["components"].filter(
        ~pl.col("component").is_in(["total", "contributions", "cost"])
    )
    assert parts["after"].sum() == tables["components"].filter(component="total")["after"].sum()
    assert load_scenario(scenario.path).hash == scenario.hash


def test_without_wages_it_says_that_nothing_can_be_said_of_who_leaves(
    workspace: Workspace,
) -> None:
    scenario = made(workspace, ONE_LEVEL)

    towns = scenario.tables["municipalities"]
    assert towns["effect"].to_list() == ["no wage", "no wage"]
    assert towns["avoided"].to_list() == [None, None]
    assert scenario.figures["avoided"] is None
    assert scenario.manifest["leaving"]["state"] == "too few exits"


def test_of_levels_the_best_that_sums_allow_is_chosen(workspace: Workspace) -> None:
    """20 % cost Buyan about 55,000 of its own, more than 10 %; the federal purse pays for either,
    or for nothing. Nothing can be said of exits, so nothing is gained by more: the cheapest is
    chosen, which is to take nothing."""
    scenario = made(workspace, LEVELS + PURSES.replace("{sum}", "1_000_000"))

    packages = scenario.tables["packages"]
    assert packages.filter("chosen")["cost"].item() == 0
    assert scenario.manifest["choice"]["settled"]
    assert scenario.tables["measures"]["cost"].to_list() == [0]
    levels = scenario.tables["levels"]
    assert levels.select("level", "unit", "amount_en").rows() == [(None, "percent", None)]
    ways = scenario.tables["rivals"]
    assert ways["rule"].to_list()[0] == "chosen"
    assert set(ways["cost"]) == {Decimal(0)}
    assert ways["people"].to_list() == [0] * ways.height
    assert ways["certain"].null_count() == ways.height
    assert "rivals" not in scenario.manifest["choice"]
    assert scenario.manifest["choice"]["verdict"]["en"].startswith("Nothing is known of exits")


def test_a_level_has_its_unit_and_the_words_of_its_measure() -> None:
    written = """
id = "small"
version = "2027.1"
title = { ru = "Меры", en = "Measures" }
years = [2027]
[[measures]]
key = "raise"
kind = "raise_salary"
name = { ru = "Повышение окладов", en = "Higher salaries" }
sources = { federal = 1 }
levels = [5, 7.5]
[[measures]]
key = "trained"
kind = "training_allowance"
name = { ru = "Надбавка", en = "Allowance" }
sources = { federal = 1 }
release = "latest"
months = 24
levels = [2_000, 3_500]
"""
    measures = measures_in(written.encode(), "measures.toml").measures
    levels = pl.DataFrame(
        [(1, None, "raise", 7.5), (2, KITEZH, "trained", 3_500.0), (2, None, "trained", None)],
        schema=["package", "municipality", "measure", "level"],
        orient="row",
    )
    told = with_amounts(levels, measures)
    assert told.schema == TABLES["levels"]
    assert told.select("unit", "amount_en").rows() == [
        ("percent", "salary + 7.5%"),
        ("rubles", "₽3,500 a month, 24 months after the training"),
        ("rubles", None),
    ]
    assert told["amount_ru"][0].replace("\N{NO-BREAK SPACE}", " ") == "оклад + 7,5 %"


def test_where_there_is_nothing_to_choose_there_is_nothing_to_compare(
    workspace: Workspace,
) -> None:
    scenario = made(workspace, ONE_LEVEL)
    assert scenario.tables["levels"].is_empty()
    assert scenario.tables["rivals"].is_empty()
    assert scenario.manifest["choice"] is None


def test_who_comes_after_the_first_day_is_not_counted_and_said_to_be(workspace: Workspace) -> None:
    file = workspace.path.parent / "later.csv"
    head = "ОКТМО;Табельный №;СНИЛС;Подразделение;Должность;Группа;Ставка;Дата приёма"
    later = (f"{KITEZH};{number};{rest}" for number, rest in enumerate(LATER, 2))
    file.write_text("\n".join([head, *later]) + "\n", "utf-8")
    assert add(workspace, "posts", file).rejected == 0
    excluded = made(workspace, ONE_LEVEL).tables["excluded"]
    assert ("posts", "begins_in_the_scenario", 1) in excluded.rows()


def test_wages_of_the_year_before_the_scenario_are_foretold_too(workspace: Workspace) -> None:
    """Told of 2024: an index by wages from 2027 starts from what 2026 is foretold to be."""
    file = workspace.path.parent / "wages.csv"
    file.write_text(
        "ОКТМО;Показатель;Год;Период;Вид деятельности;Значение;Единица измерения\n"
        f"{KITEZH};средняя зарплата;2024;январь-декабрь;0;60000;рублей в месяц\n",
        "utf-8",
    )
    assert add(workspace, "statistics", file).rejected == 0
    law = workspace.path / "pay" / "kitezh.toml"
    forecast = (
        f"[[forecast]]\nyear = {year}\nprices = 0\nwages = {rise}\nreference = 'П'\n"
        "confidence = 'U'\n"
        for year, rise in ((2025, 0.5), (2026, -0.5), (2027, 0.1), (2028, -0.1))
    )
    law.write_text(law.read_text("utf-8") + "".join(forecast), "utf-8")
    index = ONE_LEVEL.replace("raise_salary", "index").replace("level = 10", 'to = "wages"')
    of_year = made(workspace, index).tables["components"].filter(component="total")
    grown = of_year.filter(municipality=KITEZH).select("year", "after").rows()
    assert grown == [(2027, Decimal("1742400.00")), (2028, Decimal("1742400.00"))]


def test_what_is_not_there_is_named(workspace: Workspace) -> None:
    with pytest.raises(PayProblem, match="there is no such file"):
        make_scenario(workspace, today=TODAY)
    with pytest.raises(PayProblem, match="2029"):
        made(workspace, ONE_LEVEL.replace("[2027, 2028]", "[2027, 2028, 2029]"))
    (workspace.path / "pay" / "kitezh.toml").unlink()
    with pytest.raises(PayProblem, match=f"names {REGION}"):
        made(workspace, ONE_LEVEL)
