"""The tables in other formats: a state stands where a figure is withheld, a blank never."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import openpyxl
import polars as pl
import pytest
from tests.invented_release import FEW_PEOPLE, invented_release, provider

from otdacha.errors import ReleaseProblem
from otdacha.release import FORMATS, Release, export
from otdacha.release.states import INVENTED, WORDS, State
from otdacha.release.tables import PROVIDERS, TABLES


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Release:
    return invented_release(tmp_path_factory.mktemp("releases"))


def of(rows: list[dict[str, str]], at: int) -> dict[str, str]:
    return next(row for row in rows if row["provider"] == provider(at))


def test_csv_has_a_file_per_table_and_states_in_the_place_of_figures(
    release: Release, tmp_path: Path
) -> None:
    written = export(release, "csv", tmp_path)
    assert [path.name for path in written] == [
        *(f"otdacha-2026.1-{name}.csv" for name in TABLES),
        "otdacha-2026.1-data_dictionary.csv",
    ]
    with written[0].open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    few = of(rows, FEW_PEOPLE)
    assert few["posterior_mean"] == few["q_value"] == few["people"] == "suppressed"
    assert few["listed"] == "suppressed"
    first = of(rows, 0)
    assert (first["state"], first["listed"], first["people"]) == ("published", "true", "5")
    figures = [column.name for column in PROVIDERS if column.state]
    assert all(row[name] for row in rows for name in figures)


def test_json_holds_the_manifest_and_numbers_or_states(release: Release, tmp_path: Path) -> None:
    (path,) = export(release, "json", tmp_path)
    content = json.loads(path.read_text("utf-8"))
    assert content["manifest"] == release.manifest
    assert len(content["providers"]) == 18
    few = of(content["providers"], FEW_PEOPLE)
    assert few["estimate"] == "suppressed"
    assert isinstance(of(content["providers"], 0)["estimate"], float)


def test_parquet_is_typed_as_the_release_is(release: Release, tmp_path: Path) -> None:
    for path, table in zip(
        export(release, "parquet", tmp_path), release.tables.values(), strict=True
    ):
        assert pl.read_parquet(path).equals(table)


@pytest.mark.parametrize("language", ["ru", "en"])
def test_excel_is_for_people_headers_states_and_a_legend_in_their_language(
    release: Release, tmp_path: Path, language: str
) -> None:
    (path,) = export(release, "xlsx", tmp_path, language=language)  # type: ignore[arg-type]
    book = openpyxl.load_workbook(path)
    assert len(book.sheetnames) == 1 + len(TABLES)
    sheet = book.worksheets[1]
    headers = [cell.value for cell in sheet[1]]
    shown = [column for column in PROVIDERS if column.name in ("provider", "name", "people")]
    for column in shown:
        assert column.header.said(language) in headers  # type: ignore[arg-type]
    rows = {row[0].value: [cell.value for cell in row] for row in sheet.iter_rows(min_row=2)}
    assert len(rows) == 18
    suppressed = WORDS[State.SUPPRESSED].said(language)  # type: ignore[arg-type]
    assert suppressed in rows[provider(FEW_PEOPLE)]
    legend = [cell.value for row in book.worksheets[0].iter_rows() for cell in row]
    assert INVENTED.said(language) in legend[:10]  # type: ignore[arg-type]
    assert all(WORDS[state].said(language) in legend for state in State)  # type: ignore[arg-type]


def test_an_export_makes_its_folder(release: Release, tmp_path: Path) -> None:
    for format in FORMATS:
        for path in export(release, format, tmp_path / "new" / format):
            assert path.is_file()


def test_a_format_that_is_unknown_is_refused_with_the_known_ones(
    release: Release, tmp_path: Path
) -> None:
    with pytest.raises(ReleaseProblem, match="csv, xlsx, parquet, json"):
        export(release, "ods", tmp_path)
