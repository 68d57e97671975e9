"""Wages next door on a country of seven municipalities, checked by hand."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest

from otdacha.errors import PayProblem
from otdacha.language import LANGUAGES
from otdacha.pay.tables import WAGES
from otdacha.pay.wages import (
    Comparison,
    brought_to,
    comparisons,
    export_comparison,
    is_comparison,
    load_comparison,
    make_comparison,
    wages_of,
)
from otdacha.pay.wages.columns import TITLES
from otdacha.pay.wages.quarters import QUARTERS, quarters
from otdacha.pay.wages.told import MEANS
from otdacha.records import Workspace, add, create_workspace, load_profile
from tests.invented_wages import (
    BUYAN,
    BUYAN_BEFORE,
    GRAD,
    KITEZH,
    LUKA,
    POSAD,
    SLOBODA,
    TORG,
    wages_workspace,
)

MADE = dt.datetime(2026, 11, 26, tzinfo=dt.UTC)


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    return wages_workspace(tmp_path_factory.mktemp("wages"))


@pytest.fixture(scope="module")
def comparison(workspace: Workspace) -> Comparison:
    return make_comparison(workspace, made=MADE)


def test_every_municipality_of_now_has_a_row_a_year_with_its_wages_or_its_state(
    comparison: Comparison,
) -> None:
    rows = comparison.tables["years"]
    assert rows.height == 2 * comparison.tables["municipalities"].height == 14
    states = {
        (code, year): state
        for code, year, state in rows.select("municipality", "year", "state").iter_rows()
    }
    assert states == {
        (KITEZH, 2023): "known",
        (BUYAN, 2023): "known",
        (GRAD, 2023): "no wage",
        (LUKA, 2023): "no wage",
        (SLOBODA, 2023): "merged",
        (POSAD, 2023): "contradicted",
        (TORG, 2023): "contradicted",
        (KITEZH, 2024): "known",
        (BUYAN, 2024): "known",
        (GRAD, 2024): "no wage of O",
        (LUKA, 2024): "no wage",
        (SLOBODA, 2024): "no wage of all",
        (POSAD, 2024): "contradicted",
        (TORG, 2024): "contradicted",
    }


def test_ratio_difference_and_place_are_of_the_known_only(comparison: Comparison) -> None:
    rows = comparison.tables["years"].filter(year=2024)
    known = rows.filter(state="known").sort("place")
    assert known.select("municipality", "ratio", "difference", "place", "share_below").rows() == [
        (KITEZH, 0.8, Decimal("-20000.00"), 1, 0.0),
        (BUYAN, 1.2, Decimal("10000.00"), 2, 0.5),
    ]
    others = rows.filter(pl.col("state") != "known")
    assert others["ratio"].null_count() == others["place"].null_count() == others.height == 5
    assert comparison.figures["less"] == comparison.figures["more"] == 1
    assert comparison.figures["median_ratio"] == 1.0


def test_a_municipality_that_was_only_renamed_keeps_its_wages_and_the_code_of_then(
    comparison: Comparison,
) -> None:
    row = comparison.tables["years"].row(
        by_predicate=(pl.col("municipality") == BUYAN) & (pl.col("year") == 2023), named=True
    )
    assert (row["told_as"], row["wage_all"], row["ratio"]) == (
        BUYAN_BEFORE,
        Decimal("45000.50"),
        1.0,
    )


def test_statistics_without_a_municipality_are_listed_with_the_reason(
    comparison: Comparison,
) -> None:
    assert comparison.tables["unmatched"].select("number", "reason", "rows").rows() == [
        ("11", "contradicted_territory", 2),
        ("9", "contradicted_territory", 1),
        ("10", "territory_not_in_force", 1),
        ("8", "territory_not_in_force", 1),
        ("77", "unknown_territory", 1),
    ]


def test_means_since_january_become_quarters(comparison: Comparison) -> None:
    """2 · 95 - 90 = 100, 3 · 96 - 2 · 95 = 98, 4 · 100 - 3 · 96 = 112; of letter O the second
    quarter would be 2 · 20 - 70 < 0, and without nine months there is no third and no fourth."""
    rows = comparison.tables["quarters"].filter(municipality=KITEZH, year=2024)
    assert rows["wage_all"].to_list() == [
        Decimal(f"{wage}.00") for wage in (90_000, 100_000, 98_000, 112_000)
    ]
    assert rows["o_state"].to_list() == ["known", "impossible", "no wage", "no wage"]
    assert rows["wage_o"].to_list() == [Decimal("70000.00"), None, None, None]


def test_four_quarters_of_known_means_average_to_the_year() -> None:
    means = pl.DataFrame(
        {
            "municipality": KITEZH,
            "year": 2024,
            "months": [3, 6, 9, 12],
            "told_as": KITEZH,
            "all": [30_001_01, 33_333_33, 35_000_10, 40_000_02],
            "o": None,
        },
        schema=MEANS,
    )
    found = quarters(means)
    assert found.schema == QUARTERS
    assert sum(found["wage_all"]) == 4 * Decimal("40000.02")
    assert set(found["o_state"]) == {"no wage"}


def test_a_quarter_far_from_the_mean_since_january_is_not_believed() -> None:
    """Twice the mean is believed, a kopeck more is not: 2 · 3 - 0 = 6 against a mean of 3."""

    def second(first: int, half: int) -> str:
        means = pl.DataFrame(
            {"municipality": KITEZH, "year": 2024, "months": [3, 6], "told_as": KITEZH,
             "all": [first, half], "o": None},
            schema=MEANS,
        )  # fmt: skip
        return str(quarters(means).filter(quarter=2)["all_state"][0])

    assert second(150, 100) == "known"  # 50: half of the mean
    assert second(151, 100) == "impossible"  # 49
    assert second(0, 100) == "known"  # 200: twice the mean
    assert second(0, 101) == "known"
    assert second(250, 100) == "impossible"  # -50


def test_the_folder_is_found_sound_again_and_is_never_replaced(
    workspace: Workspace, comparison: Comparison, tmp_path: Path
) -> None:
    assert comparison.id == "2024.1"
    assert is_comparison(comparison.path)
    again = load_comparison(comparison.path)
    assert again.hash == comparison.hash
    assert again.tables["years"].equals(comparison.tables["years"])
    second = make_comparison(workspace, made=MADE)
    assert second.id == "2024.2"
    assert comparisons(workspace) == [comparison.path, second.path]
    changed = (second.path / "wages.csv").read_bytes() + b"\n"
    (second.path / "wages.csv").write_bytes(changed)
    with pytest.raises(PayProblem, match=r"wages\.csv is damaged"):
        load_comparison(second.path)
    with pytest.raises(PayProblem, match="not a comparison"):
        load_comparison(tmp_path)


def test_the_public_file_has_a_state_where_there_is_no_figure(comparison: Comparison) -> None:
    table = pl.read_csv(comparison.path / "wages.csv", infer_schema=False)
    assert table.height == 14
    luka = table.row(
        by_predicate=(pl.col("municipality") == LUKA) & (pl.col("year") == "2024"), named=True
    )
    figures = ("wage_all", "wage_o", "ratio", "difference", "place", "share_below")
    assert {luka[name] for name in figures} == {"no wage"}
    grad = table.row(
        by_predicate=(pl.col("municipality") == GRAD) & (pl.col("year") == "2024"), named=True
    )
    assert (grad["wage_all"], grad["wage_o"]) == ("70000.00", "no wage of O")


def test_the_readme_says_the_answer_and_that_it_is_a_proxy(comparison: Comparison) -> None:
    said = (comparison.path / "README.md").read_text("utf-8")
    assert "In 1 of 2 municipalities whose wages are told for 2024" in said
    assert "It is a proxy." in said
    assert "The wages and municipalities of this comparison are invented." in said


@pytest.mark.parametrize(
    ("format", "count"), [("csv", 4), ("xlsx", 1), ("json", 1), ("parquet", 3)]
)
def test_a_comparison_is_exported_in_the_formats_of_the_house(
    comparison: Comparison, format: str, count: int, tmp_path: Path
) -> None:
    files = export_comparison(comparison, format, tmp_path)
    assert len(files) == count
    assert all(file.stat().st_size > 200 for file in files)


def test_sheets_have_names_that_excel_takes_in_both_languages() -> None:
    for title in TITLES.values():
        assert all(0 < len(title.said(language)) <= 31 for language in LANGUAGES)


def test_the_workbook_has_words_where_there_is_no_figure(
    comparison: Comparison, tmp_path: Path
) -> None:
    (file,) = export_comparison(comparison, "xlsx", tmp_path, language="en")
    sheet = pl.read_excel(file, sheet_name="Wages by year", infer_schema_length=0)
    luka = sheet.filter(OKTMO=LUKA, Year="2024")
    assert luka["State"].item() == luka["Administration / all"].item() == "no wage told"


def test_an_unknown_format_is_refused(comparison: Comparison, tmp_path: Path) -> None:
    with pytest.raises(PayProblem, match="csv, xlsx, parquet, json"):
        export_comparison(comparison, "pdf", tmp_path)


def test_a_scenario_gets_its_table_of_wages(workspace: Workspace) -> None:
    wages = wages_of(workspace)
    assert wages.schema == WAGES
    newest = wages.filter(pl.col("begins") == dt.date(2024, 1, 1))
    assert newest.select("municipality", "wage_all", "wage_o").rows() == [
        (BUYAN, Decimal("50000.00"), Decimal("60000.00")),
        (KITEZH, Decimal("100000.00"), Decimal("80000.00")),
        (GRAD, Decimal("70000.00"), None),
        (SLOBODA, None, Decimal("61000.00")),
    ]
    by_quarter = wages_of(workspace, "quarter").filter(municipality=KITEZH)
    assert by_quarter["ends"].to_list()[-1] == dt.date(2024, 12, 31)
    assert by_quarter["wage_all"].to_list()[-1] == Decimal("112000.00")


def test_wages_grow_as_foretold_and_are_rounded_once(workspace: Workspace) -> None:
    """100,000 · 1.0333 · 1.0777 = 111,358.741, which is 111,358.74; 50,000 gives 55,679.3705."""
    rates = pl.DataFrame({"year": [2025, 2026], "wages": [333, 777]})
    brought = brought_to(wages_of(workspace), 2026, rates)
    grown = dict(brought.select("municipality", "wage_all").iter_rows())
    assert grown[KITEZH] == Decimal("111358.74")
    assert grown[BUYAN] == Decimal("55679.37")
    assert set(brought["begins"]) == {dt.date(2026, 1, 1)}
    assert "2026" in brought["source"][0]
    same = brought_to(wages_of(workspace), 2024, rates).filter(municipality=KITEZH)
    assert same["wage_all"].item() == Decimal("100000.00")
    assert "2024" not in same["source"].item()


def test_without_a_forecast_wages_are_not_brought_anywhere(workspace: Workspace) -> None:
    rates = pl.DataFrame({"year": [2026], "wages": [500]})
    with pytest.raises(PayProblem, match="from 2025 to 2026"):
        brought_to(wages_of(workspace), 2026, rates)
    with pytest.raises(PayProblem, match="name a later year"):
        brought_to(wages_of(workspace), 2020, rates)


def test_records_without_a_register_or_wages_are_refused_with_what_to_do(tmp_path: Path) -> None:
    empty = create_workspace(tmp_path / "empty")
    with pytest.raises(PayProblem, match="--profile sberindex-municipalities"):
        make_comparison(empty)
    register = tmp_path / "register.csv"
    register.write_text(
        "oktmo,municipal_district_name,region_name,year_from,year_to,territory_id,"
        "change_id_from,change_id_to\n28-701-000-000,Китеж,Область,2018,9999,1,,\n",
        "utf-8",
    )
    add(empty, "municipalities", register, profile=load_profile("sberindex-municipalities"))
    with pytest.raises(PayProblem, match="--profile sberindex-wage"):
        make_comparison(empty)
    wages = tmp_path / "wages.csv"
    wages.write_text(
        "territory_id,year,period,okved_letter,value\n1,2024,январь-март,0,50000\n", "utf-8"
    )
    add(empty, "statistics", wages, profile=load_profile("sberindex-wage"))
    with pytest.raises(PayProblem, match="of no year"):
        make_comparison(empty)
