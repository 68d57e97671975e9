"""Everything that a release says of an organisation, as one file."""

from __future__ import annotations

import io
import json

import polars as pl
import pytest
from django.test import Client

from otdacha.release import Release
from otdacha.release.export_provider import provider_tables
from tests.invented_release import FEW_TOWNS, provider

WHO = provider(0)


def test_json_holds_the_rows_of_every_table_and_no_others(
    client: Client, published: Release
) -> None:
    found = json.loads(client.get(f"/en/organisations/{WHO}/figures.json").content)
    assert (found.pop("release"), found.pop("provider")) == (published.id, WHO)
    assert found.pop("manifest") == published.hash
    assert {name: len(rows) for name, rows in found.items()} == {
        name: table.filter(
            pl.any_horizontal(pl.col(c) == WHO for c in ("provider", "other") if c in table.columns)
        ).height
        for name, table in published.tables.items()
        if name in found
    }
    assert {"providers", "effects", "programmes", "comparisons", "changes"} <= set(found)
    own = published.providers.row(by_predicate=pl.col("provider") == WHO, named=True)
    assert found["providers"][0]["posterior_mean"] == own["posterior_mean"]


def test_a_state_stands_in_the_place_of_a_figure(client: Client, published: Release) -> None:
    answer = client.get(f"/en/organisations/{provider(FEW_TOWNS)}/figures.json")
    own = json.loads(answer.content)["providers"][0]
    assert own["posterior_mean"] == own["state"] == "suppressed"
    assert own["municipalities"] == "suppressed"


@pytest.mark.parametrize(("language", "separator", "decimal"), [("en", ",", "."), ("ru", ";", ",")])
def test_csv_has_a_line_for_each_value_as_excel_opens_it(
    client: Client, published: Release, language: str, separator: str, decimal: str
) -> None:
    content = client.get(f"/{language}/organisations/{WHO}/figures.csv").content
    assert content.startswith(b"\xef\xbb\xbf")
    read = pl.read_csv(io.BytesIO(content), separator=separator, infer_schema=False)
    assert read.columns == ["table", "row", "column", "value"]
    assert set(read["table"]) == set(provider_tables(published, WHO))
    [effect] = read.filter(table="providers", column="posterior_mean")["value"]
    own = published.providers.row(by_predicate=pl.col("provider") == WHO, named=True)
    assert effect == str(own["posterior_mean"]).replace(".", decimal)


def test_a_workbook_has_a_sheet_for_each_table(client: Client, published: Release) -> None:
    import openpyxl

    answer = client.get(f"/en/organisations/{WHO}/figures.xlsx")
    named = f'filename="otdacha-services-{published.id}-akademiya-lukomore-figures.xlsx"'
    assert named in answer.headers["Content-Disposition"]
    book = openpyxl.load_workbook(io.BytesIO(answer.content), read_only=True)
    assert len(book.sheetnames) == 1 + len(provider_tables(published, WHO))
    header, row = list(book["Organisations"].iter_rows(values_only=True))[:2]
    own = published.providers.row(by_predicate=pl.col("provider") == WHO, named=True)
    assert row[header.index("Effect")] == own["posterior_mean"]


def test_an_unknown_kind_or_organisation_is_not_found(client: Client, published: Release) -> None:
    assert client.get(f"/en/organisations/{WHO}/figures.parquet").status_code == 404
    assert client.get("/en/organisations/0000000000/figures.csv").status_code == 404
