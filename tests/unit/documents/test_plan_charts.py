"""Charts of a plan: places worked out by hand, budgets that no plan fits, parts of a bar."""

from __future__ import annotations

from dataclasses import replace

import polars as pl
import pytest
from tests.invented_charts import EN, of, tree
from tests.invented_plan import invented_plan

from otdacha.documents.charts import Budget, Estimate, Rival, YearOfMoney, frontier, funding, rivals
from otdacha.documents.numbers import Numbers
from otdacha.documents.plan.charts import frontier_of, funding_of, rivals_of
from otdacha.documents.plan.passport_sentences import method
from otdacha.language import LANGUAGES, Language


def test_points_of_the_frontier_lie_where_money_and_improvement_say() -> None:
    chart = frontier([Budget(0, 1, 0, 2), Budget(10, 2, 1, 4, own=True)], EN, EN)
    circle, diamond, *_ = of(tree(chart), "chart-full")
    # money from 0 to 10 lies between 12 and 95.5 percent; improvement from 0 to 4 is 230 px high
    assert (circle.get("x"), diamond.get("x")) == ("12%", "95.5%")
    assert float(circle.get("y") or 0) - float(diamond.get("y") or 0) == pytest.approx(230 / 4)
    assert (diamond.get("href") or "").endswith("-diamond")


def test_a_budget_that_no_plan_fits_is_a_cross_and_says_so() -> None:
    chart = frontier([Budget(1), Budget(2, 1, 0, 2)], EN, EN)
    assert len(of(tree(chart), "chart-gap")) == 2  # the point and its key
    assert chart.table.rows[0] == ("+1.00", "no plan keeps the rules", "–", "another budget")


def test_a_budget_whose_plan_was_not_found_in_time_is_no_cross_and_says_so() -> None:
    chart = frontier([Budget(1, late=True), Budget(2, 1, 0, 2)], EN, EN)
    marks = [each.get("href") or "" for each in of(tree(chart), "chart-gap")]
    assert [href.rpartition("-")[2] for href in marks] == ["circle", "circle"]
    assert chart.table.rows[0] == ("+1.00", "not found in time", "–", "another budget")


def test_points_of_a_plan_without_evidence_have_no_band() -> None:
    chart = frontier([Budget(1, 1), Budget(2, 2, own=True)], EN, EN)
    assert [row[1:3] for row in chart.table.rows] == [("+1.00", "–"), ("+2.00", "–")]
    assert of(tree(chart), "chart-band-wide") == []


@pytest.mark.parametrize("figures", [(1, 2, 3), (1, None, 2), (float("nan"), 0, 1)])
def test_a_band_that_does_not_hold_its_point_is_refused(figures: tuple[float, ...]) -> None:
    with pytest.raises(ValueError, match="in order"):
        Budget(1, *figures)


def test_parts_of_a_bar_stand_side_by_side_and_as_wide_as_their_sums() -> None:
    years = [YearOfMoney("2026", {"federal": 3, "own": 1}), YearOfMoney("2027", {"regional": 2})]
    parts = of(tree(funding(years, EN)), "chart-part")
    assert [(part.get("x"), part.get("width")) for part in parts] == [
        ("0%", "75%"),
        ("75%", "25%"),
        ("0%", "50%"),
    ]


@pytest.mark.parametrize("paid", [{"federal": -1.0}, {"somebody": 1.0}, {"own": float("inf")}])
def test_money_of_nobody_and_less_than_nothing_are_refused(paid: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="no sum of a known source"):
        YearOfMoney("2026", paid)


def test_a_known_truth_is_a_stroke_and_a_column_and_is_absent_elsewhere() -> None:
    way = Estimate("Plan", 2, 1, 3)
    assert rivals([Rival(way, own=True, truth=2.5)], EN).table.header[-1] == "known truth"
    assert "known truth" not in rivals([Rival(way, own=True)], EN).table.header


def test_a_rival_that_was_not_found_in_time_has_a_row_without_a_figure() -> None:
    plan = invented_plan()
    late = pl.col("rule") == "cheapest"
    figures = ("people", "cost", "benefit", "lower", "upper")
    table = plan.tables["rivals"].with_columns(
        pl.when(~late).then(pl.col(name)).alias(name) for name in figures
    )
    said = table.with_columns(state=pl.when(late).then(pl.lit("no_plan_in_time")))
    without = replace(plan, tables={**plan.tables, "rivals": said})
    chart = rivals_of(without, "en")
    assert chart is not None
    assert [row[1] for row in chart.table.rows].count("not comparable") == 1
    sentences = [line.said("en") for line in method(without, Numbers("en"))]
    assert sum(line.endswith(": No plan was found in the time given.") for line in sentences) == 1


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_plan_gives_its_charts_and_none_of_what_it_does_not_hold(language: Language) -> None:
    plan, bare = invented_plan(), invented_plan(explained=False)
    found = frontier_of(plan, language), funding_of(plan, language), rivals_of(plan, language)
    assert [len(chart.table.rows) for chart in found if chart] == [6, 3, 4]
    assert (frontier_of(bare, language), rivals_of(bare, language)) == (None, None)
    assert funding_of(bare, "en").table.rows[0][-1] == "0.45"  # 451,519.15 rubles
