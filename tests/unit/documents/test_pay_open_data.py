"""The open data of a scenario: its tables, states in the place of figures, the dictionary."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import openpyxl
import polars as pl
import pytest
from tests.invented_scenario import BUYAN, KITEZH, PERSON, small_scenario, small_tables

from otdacha.documents.pay import export_scenario
from otdacha.documents.pay.columns import COLUMNS
from otdacha.documents.pay.public import described_tables
from otdacha.errors import PayProblem
from otdacha.pay.disclosure import public
from otdacha.pay.scenario import Scenario
from otdacha.pay.tables import PRIVATE, TABLES
from otdacha.release.states import State


@pytest.fixture(scope="module")
def scenario(tmp_path_factory: pytest.TempPathFactory) -> Scenario:
    return small_scenario(tmp_path_factory.mktemp("scenarios"))


def table(folder: Path, name: str) -> list[dict[str, str]]:
    content = (folder / f"otdacha-pay-2027.1-{name}.csv").read_text("utf-8")
    return list(csv.DictReader(io.StringIO(content)))


def row(rows: list[dict[str, str]], **where: str) -> dict[str, str]:
    (found,) = [one for one in rows if all(one[name] == value for name, value in where.items())]
    return found


def test_every_table_but_people_is_there_and_every_column_has_its_two_meanings(
    scenario: Scenario, tmp_path: Path
) -> None:
    export_scenario(scenario, tmp_path, "csv")
    named = {file.stem.removeprefix("otdacha-pay-2027.1-") for file in tmp_path.iterdir()}
    made = {"costs_by_measure", "components_by_town", "fund_by_town", "data_dictionary"}
    assert named == {*TABLES, *made} - set(PRIVATE)
    dictionary = table(tmp_path, "data_dictionary")
    described = {(one["table"], one["column"]) for one in dictionary}
    for name in named - {"data_dictionary"}:
        for column in table(tmp_path, name)[0]:
            assert (name, column) in described
    for one in dictionary:
        assert one["meaning_ru"] != one["meaning_en"], one
        assert "" not in (one["unit_ru"], one["unit_en"]), one


def test_a_figure_that_is_not_told_has_its_state_in_its_place(
    scenario: Scenario, tmp_path: Path
) -> None:
    export_scenario(scenario, tmp_path, "csv")
    buyan = row(table(tmp_path, "municipalities"), municipality=BUYAN)
    assert buyan["avoided"] == buyan["vacancy_cost"] == "insufficient_evidence"
    assert (buyan["people"], buyan["pay_before"]) == ("40", "50000.0")
    high = row(table(tmp_path, "distribution"), value="высшая")
    assert high["people"] == high["pay_before"] == high["gain"] == "suppressed"
    limit = row(table(tmp_path, "limits"), municipality=BUYAN, year="2028")
    assert (limit["limit"], limit["grants_share"]) == ("unknown", "not_collected")
    money = row(table(tmp_path, "money"), year="2027", source="municipal")
    assert (money["needed"], money["available"]) == ("3750000.07", "not_collected")


def test_costs_of_a_town_are_not_told_by_measure_and_come_to_the_same_sum(
    scenario: Scenario, tmp_path: Path
) -> None:
    """One person's allowance over its rate is that person's pay."""
    export_scenario(scenario, tmp_path, "csv")
    towns, measures = table(tmp_path, "costs"), table(tmp_path, "costs_by_measure")
    assert "measure" not in towns[0]
    assert "municipality" not in measures[0]
    for rows in (towns, measures):
        assert sum(round(100 * float(one["cost"])) for one in rows) == 2_500_000_050
    kitezh = row(towns, municipality=KITEZH, year="2027", source="federal")
    assert kitezh["cost"] == "6300000.18"  # 70 % of 8,000,000.25 and of 1,000,000
    parts = row(table(tmp_path, "components"), year="2027", component="special")
    assert parts["before"] == "53000000.0"


def test_levels_have_their_unit_and_their_words(scenario: Scenario, tmp_path: Path) -> None:
    export_scenario(scenario, tmp_path, "csv")
    levels = table(tmp_path, "levels")
    assert row(levels, package="3", measure="trained") == {
        "package": "3", "municipality": "", "measure": "trained", "state": "published",
        "level": "3000.0",
        "unit": "rubles", "amount_ru": "3000 ₽ в месяц", "amount_en": "₽3000 a month",
    }  # fmt: skip
    assert row(levels, package="1", measure="trained")["amount_en"] == ""


def test_other_ways_to_spend_as_much_have_their_difference_and_whether_it_is_sure(
    scenario: Scenario, tmp_path: Path
) -> None:
    export_scenario(scenario, tmp_path, "csv")
    ways = table(tmp_path, "rivals")
    cheapest = row(ways, rule="cheapest")
    assert (cheapest["ahead"], cheapest["ahead_lower"]) == ("0.5", "-0.1")
    assert (cheapest["certain"], cheapest["same"]) == ("false", "false")
    assert row(ways, rule="chosen")["ahead"] == ""
    assert "people" not in ways[0]


def test_what_nobody_knows_of_another_way_says_so(tmp_path: Path) -> None:
    unknown = small_tables()["rivals"].with_columns(
        pl.lit(None, kind).alias(name)
        for name, kind in TABLES["rivals"].items()
        if name.startswith(("avoided", "ahead", "certain"))
    )
    scenario = small_scenario(tmp_path / "scenarios", changes={"rivals": unknown})
    export_scenario(scenario, tmp_path, "csv")
    flat = row(table(tmp_path, "rivals"), rule="flat")
    assert (flat["cost"], flat["avoided"], flat["ahead"]) == (
        "23000000.5", "insufficient_evidence", "insufficient_evidence",
    )  # fmt: skip


def test_nobody_and_no_department_is_in_any_file(scenario: Scenario, tmp_path: Path) -> None:
    for format in ("csv", "json"):
        for file in export_scenario(scenario, tmp_path / format, format):
            content = file.read_text("utf-8")
            assert PERSON not in content
            assert "Отдел писем" not in content


def test_json_says_what_it_is_and_what_was_hidden(scenario: Scenario, tmp_path: Path) -> None:
    (file,) = export_scenario(scenario, tmp_path, "json")
    found = json.loads(file.read_text("utf-8"))
    about = found["about"]
    assert (about["scenario"], about["invented"], about["people_at_least"]) == ("2027.1", True, 5)
    assert about["manifest"] == scenario.hash
    assert "is not certain" in about["choice"]["verdict"]["en"]
    assert found["packages"][2]["avoided_lower"] == 1.0


def test_parquet_keeps_types_and_days(scenario: Scenario, tmp_path: Path) -> None:
    export_scenario(scenario, tmp_path, "parquet")
    wages = pl.read_parquet(tmp_path / "otdacha-pay-2027.1-wages.parquet")
    assert wages.schema["begins"] == pl.Date
    assert wages["wage_all"].to_list() == [75_000.0, 48_000.0]


def test_the_workbook_is_in_words(scenario: Scenario, tmp_path: Path) -> None:
    (file,) = export_scenario(scenario, tmp_path, "xlsx", language="ru")
    book = openpyxl.load_workbook(file)
    groups = [[cell.value for cell in one] for one in book["Кто получит"].iter_rows()]
    assert groups[6][:2] == ["Пол", "женщины"]
    assert "скрыто" in groups[3]
    assert "вымышлены" in str(book.worksheets[0]["A2"].value)


def test_a_wage_that_is_not_known_leaves_no_gap_and_says_so(tmp_path: Path) -> None:
    towns = small_tables()["municipalities"].with_columns(
        pl.when(pl.col("municipality") != BUYAN).then(name).alias(name)
        for name in ("wage", "gap_before", "gap_after")
    ).with_columns(
        effect=pl.when(pl.col("municipality") == BUYAN)
        .then(pl.lit("no wage"))
        .otherwise(pl.col("effect").cast(pl.String))
        .cast(TABLES["municipalities"]["effect"])
    )  # fmt: skip
    scenario = small_scenario(tmp_path, changes={"municipalities": towns})
    found = described_tables(public(scenario, 5))["municipalities"].filter(municipality=BUYAN)
    assert (
        found.select("wage_state", "gap_state", "effect_state").row(0) == (State.NOT_COLLECTED,) * 3
    )
    assert found["pay_before"].item() == 50_000.0


def test_exits_of_a_town_that_few_have_left_are_suppressed_and_its_pay_is_not(
    tmp_path: Path,
) -> None:
    towns = small_tables()["municipalities"].with_columns(
        exits_seen=pl.when(pl.col("exits_seen").is_not_null()).then(pl.lit(4, pl.Int64))
    )
    scenario = small_scenario(tmp_path / "scenarios", changes={"municipalities": towns})
    export_scenario(scenario, tmp_path, "csv")
    kitezh = row(table(tmp_path, "municipalities"), municipality=KITEZH)
    of_exits = ("exits_before", "exits_after", "avoided", "avoided_lower", "avoided_upper",
                "vacant_months", "vacancy_cost", "training_kept")  # fmt: skip
    assert {kitezh[name] for name in of_exits} == {"suppressed"}
    assert kitezh["pay_before"] == "60000.0"
    assert "exits_seen" not in kitezh


def test_components_are_hidden_where_even_all_people_are_few(tmp_path: Path) -> None:
    few = small_tables()["distribution"].with_columns(
        pl.when(pl.col("value").is_in([KITEZH, "female", "ведущая"]))
        .then(3)
        .otherwise(0)
        .cast(pl.Int64)
        .alias(name)
        for name in ("people", "receive")
    )
    scenario = small_scenario(tmp_path, changes={"distribution": few})
    found = described_tables(public(scenario, 5))
    assert set(found["components"]["state"]) == {"suppressed"}
    assert found["components"]["before"].null_count() == found["components"].height


def test_the_columns_are_those_of_the_scenario_and_their_states() -> None:
    for name, columns in COLUMNS.items():
        states = {column.state for column in columns if column.state}
        assert states <= {column.name for column in columns}, name


def test_an_unknown_format_is_refused(scenario: Scenario, tmp_path: Path) -> None:
    with pytest.raises(PayProblem, match="no format ods"):
        export_scenario(scenario, tmp_path, "ods")  # type: ignore[arg-type]
