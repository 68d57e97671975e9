"""The charts of a scenario: what they show of it, and what they leave out."""

from __future__ import annotations

import re
from pathlib import Path

import polars as pl
import pytest
from tests.invented_charts import of, tree
from tests.invented_scenario import BUYAN, KITEZH, small_scenario, small_tables

from otdacha.documents.numbers import Numbers
from otdacha.documents.pay.charts import (
    MOST_TOWNS,
    money_of_years,
    packages_of,
    pay_of,
)
from otdacha.documents.pay.ways import ways_drawn
from otdacha.pay.disclosure import public


def test_pay_stands_against_the_wage_of_the_place_and_leads_where_it_is_told(
    tmp_path: Path,
) -> None:
    told = public(small_scenario(tmp_path), 5)
    chart = pay_of(told, "en", href=lambda town: f"/pay/{town}")
    assert chart.table.rows == (
        ("Буян", "50.0", "55.0", "48.0"),
        ("Китеж", "60.0", "67.0", "75.0"),
    )
    assert [link.get("href") for link in tree(chart).iter("a")] == [
        f"/pay/{BUYAN}",
        f"/pay/{KITEZH}",
    ]
    assert len(of(tree(chart), "chart-zero")) >= 2  # a stroke for each wage


def test_a_hidden_town_shows_its_state_and_the_wage_that_rosstat_publishes(tmp_path: Path) -> None:
    table = small_tables()["distribution"].with_columns(
        people=pl.when(pl.col("value") == BUYAN).then(4).otherwise("people")
    )
    told = public(small_scenario(tmp_path, changes={"distribution": table}), 5)
    assert pay_of(told, "en").table.rows[0] == ("Буян", "suppressed", "–", "48.0")


def test_many_towns_are_drawn_by_region_weighted_by_their_posts(tmp_path: Path) -> None:
    """A town of 100 posts at 60,000 and thirty of 40 at 50,000: (6,000 + 60,000) / 1,300 = 50.8."""
    tables = small_tables()
    kitezh, buyan = tables["municipalities"].rows(named=True)
    towns = [{**kitezh, "posts": 100.0}] + [
        {**buyan, "municipality": f"{at}", "name": f"Буян {at}"} for at in range(MOST_TOWNS)
    ]
    (group, *_) = tables["distribution"].rows(named=True)
    groups = [{**group, "value": town["municipality"]} for town in towns]
    scenario = small_scenario(
        tmp_path,
        changes={
            "municipalities": pl.DataFrame(towns, schema=tables["municipalities"].schema),
            "distribution": pl.DataFrame(groups, schema=tables["distribution"].schema),
        },
    )
    ((name, before, *_),) = pay_of(public(scenario, 5), "en").table.rows
    assert (name, before) == ("Китежская область", "50.8")


def test_packages_stand_by_cost_with_their_ranges_and_the_chosen_one_is_a_diamond(
    tmp_path: Path,
) -> None:
    chart = packages_of(small_scenario(tmp_path), "en")
    assert chart is not None
    assert chart.table.rows[0] == ("№ 1", "12.00", "2.0", "0.5 to 3.5", "no cheaper one is as good")
    assert [row[-1] for row in chart.table.rows[1:]] == ["a cheaper one is as good",
                                                         "chosen package"]  # fmt: skip
    drawn = chart.svg()
    assert drawn.count("#packages-diamond") == 2  # the mark and its meaning
    assert drawn.count('class="chart-band-wide"') == 2


def test_a_package_of_unknown_gain_is_a_cross_and_says_so(tmp_path: Path) -> None:
    first = pl.col("package") == 1
    table = small_tables()["packages"].with_columns(
        pl.when(~first).then(name).alias(name)
        for name in ("avoided", "avoided_lower", "avoided_upper")
    )
    chart = packages_of(small_scenario(tmp_path, changes={"packages": table}), "en")
    assert chart is not None
    assert chart.table.rows[0][2] == "too little evidence"
    assert "#packages-cross" in chart.svg()


def test_the_short_label_of_the_dearest_package_stands_over_its_point(tmp_path: Path) -> None:
    chart = packages_of(small_scenario(tmp_path), "en")
    assert chart is not None
    assert re.search(r'text-anchor="middle"[^>]*>№ 3<', chart.svg())


def test_without_packages_there_is_no_chart_of_them(tmp_path: Path) -> None:
    scenario = small_scenario(tmp_path, changes={"packages": small_tables()["packages"].clear()})
    assert packages_of(scenario, "ru") is None


@pytest.mark.parametrize(("language", "total"), [("en", "12.50"), ("ru", "12,50")])
def test_money_is_drawn_by_year_and_source(tmp_path: Path, language: str, total: str) -> None:
    chart = money_of_years(small_scenario(tmp_path), language)  # type: ignore[arg-type]
    assert [row[0] for row in chart.table.rows] == ["2027", "2028"]
    assert {row[-1] for row in chart.table.rows} == {total}


def test_other_ways_stand_below_the_chosen_package_with_what_is_sure(tmp_path: Path) -> None:
    told = public(small_scenario(tmp_path), 5)
    chart = ways_drawn(told.tables["rivals"], Numbers("en"))
    assert chart is not None
    assert [row[0] for row in chart.table.rows] == [
        "Chosen package", "Most for a ruble first", "The cheapest first",
        "The same measure for all", "Municipalities by the alphabet",
    ]  # fmt: skip
    assert chart.table.rows[2][1:] == ("5.0", "0.9 to 8.2")
    drawn = " ".join("".join(one.itertext()) for one in tree(chart).iter())
    for said in ("the same package", "the chosen one is ahead by 0.5: not sure",
                 "the chosen one is ahead by 2.0: sure"):  # fmt: skip
        assert said in drawn
    assert ways_drawn(told.tables["rivals"].clear(), Numbers("en")) is None
