"""Open data: the page, the tables in four formats, the release byte for byte."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from hashlib import sha256
from pathlib import Path

import openpyxl
import polars as pl
import pytest
from django.http import QueryDict
from django.test import Client

from otdacha.language import Language
from otdacha.release import FORMATS, Release, load
from otdacha.release.descriptions import DESCRIPTIONS
from otdacha.release.export import TITLES, shown
from otdacha.release.states import WITH_FIGURE, WORDS, State
from otdacha.release.tables import TABLES
from otdacha.site.bank import models
from otdacha.site.bank.files import downloads
from otdacha.site.bank.listing import listing

ATTACK = "=cmd|' /C calc'!A0"


def got(client: Client, address: str, **headers: str) -> bytes:
    answer = client.get(address, headers=headers)
    assert answer.status_code == 200, answer.content[:300]
    return answer.content


def cells(sheet: object) -> list[list[object]]:
    return [[cell.value for cell in row] for row in sheet.iter_rows()]  # type: ignore[attr-defined]


def as_table(client: Client, address: str) -> pl.DataFrame:
    return pl.read_parquet(io.BytesIO(got(client, address)))


def test_every_table_has_a_title_and_a_description() -> None:
    assert set(TABLES) <= set(TITLES)
    assert set(TABLES) <= set(DESCRIPTIONS)


@pytest.mark.parametrize("language", ["ru", "en"])
def test_the_page_tells_every_table_with_rows_columns_and_four_formats(
    client: Client, published: Release, language: Language
) -> None:
    page = got(client, f"/{language}/data/").decode()
    for name, table in published.tables.items():
        assert TITLES[name].said(language) in page
        assert f"{table.height:,}".replace(",", "\N{NO-BREAK SPACE}") in page.replace(
            ",", "\N{NO-BREAK SPACE}"
        )
        assert all(f'href="/{language}/data/{name}.{kind}"' in page for kind in FORMATS)
        assert all(f"<code>{column.name}</code>" in page for column in TABLES[name])


@pytest.mark.parametrize("language", ["ru", "en"])
def test_the_page_explains_every_column_and_every_state_in_the_language(
    client: Client, published: Release, language: Language
) -> None:
    page = got(client, f"/{language}/data/").decode().replace("&#39;", "'")
    for columns in TABLES.values():
        assert all(column.meaning.said(language) in page for column in columns)
    assert all(WORDS[state].said(language) in page and state.value in page for state in State)


def test_the_page_names_every_file_of_the_release_with_its_hash(
    client: Client, published: Release
) -> None:
    page = got(client, "/ru/data/").decode()
    assert published.hash in page
    for name, file in published.manifest["files"].items():
        assert name in page
        assert file["sha256"] in page


def test_the_page_asks_the_database_as_often_for_many_rows_as_for_few(
    client: Client, published: Release, django_assert_max_num_queries: object
) -> None:
    with django_assert_max_num_queries(8):  # type: ignore[operator]
        got(client, "/ru/data/")


def test_every_file_of_the_release_is_given_byte_for_byte(
    client: Client, published: Release
) -> None:
    for name, file in published.manifest["files"].items():
        content = got(client, f"/ru/data/{name}")
        assert sha256(content).hexdigest() == file["sha256"]
        assert content == (published.path / name).read_bytes()
    assert sha256(got(client, "/en/data/manifest.json")).hexdigest() == published.hash


def test_the_archive_is_the_whole_release_and_the_same_bytes_each_time(
    client: Client, published: Release, tmp_path: Path
) -> None:
    content = got(client, "/ru/data/release.zip")
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None
        archive.extractall(tmp_path)
    again = load(tmp_path / published.id)
    assert again.hash == published.hash
    for name, file in again.manifest["files"].items():
        assert sha256((again.path / name).read_bytes()).hexdigest() == file["sha256"]
    client.get("/ru/data/")
    assert got(client, f"/en/releases/{published.id}/data/release.zip") == content


def test_an_earlier_release_gives_its_own_files(
    client: Client, published: Release, invented: tuple[Release, Release]
) -> None:
    first = invented[0]
    content = got(client, f"/ru/releases/{first.id}/data/providers.parquet")
    assert content == (first.path / "providers.parquet").read_bytes()


def test_csv_in_russian_is_what_russian_excel_opens(client: Client, published: Release) -> None:
    content = got(client, "/ru/data/effects.csv")
    assert content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig")), delimiter=";"))
    _, wanted = shown("effects", published.tables["effects"])
    assert [row["provider"] for row in rows] == [row["provider"] for row in wanted]
    for row, want in zip(rows, wanted, strict=True):
        value = want["posterior_mean"]
        said = value.value if isinstance(value, State) else str(value).replace(".", ",")
        assert row["posterior_mean"] == said


def test_csv_in_english_is_what_programs_read(client: Client, published: Release) -> None:
    content = got(client, "/en/data/providers.csv")
    frame = pl.read_csv(io.BytesIO(content), infer_schema=False)
    _, wanted = shown("providers", published.providers)
    for row, want in zip(frame.iter_rows(named=True), wanted, strict=True):
        value = want["lower"]
        assert row["lower"] == (value.value if isinstance(value, State) else str(value))


@pytest.mark.parametrize("name", list(TABLES))
def test_in_every_table_a_withheld_figure_is_its_state_and_no_blank(
    client: Client, published: Release, name: str
) -> None:
    content = json.loads(got(client, f"/ru/data/{name}.json"))
    assert (content["release"], content["manifest"]) == (published.id, published.hash)
    table = published.tables[name]
    assert len(content["rows"]) == table.height
    for row, released in zip(content["rows"], table.iter_rows(named=True), strict=True):
        for column in TABLES[name]:
            if column.state and released[column.state] not in WITH_FIGURE:
                assert row[column.name] == released[column.state]


def test_excel_has_the_figures_of_the_release_and_states_in_words(
    client: Client, published: Release
) -> None:
    book = openpyxl.load_workbook(io.BytesIO(got(client, "/ru/data/providers.xlsx")))
    assert len(book.worksheets) == 2
    head, *rows = cells(book.worksheets[1])
    columns, wanted = shown("providers", published.providers)
    assert head == [column.header.said("ru") for column in columns]
    at = [column.name for column in columns].index("posterior_mean")
    seen = set()
    for row, want in zip(rows, wanted, strict=True):
        value = want["posterior_mean"]
        if isinstance(value, State):
            seen.add(value)
            assert row[at] == WORDS[value].said("ru")
        else:
            assert row[at] == pytest.approx(value, rel=1e-12)
    assert seen


@pytest.mark.parametrize("language", ["ru", "en"])
def test_every_table_opens_in_excel_with_a_sheet_that_explains_it(
    client: Client, published: Release, language: Language
) -> None:
    for name, table in published.tables.items():
        content = got(client, f"/{language}/data/{name}.xlsx")
        legend, sheet = openpyxl.load_workbook(io.BytesIO(content), read_only=True).worksheets
        assert sheet.title == TITLES[name].said(language)
        assert len(list(sheet.iter_rows(values_only=True))) == table.height + 1
        explained = {row[1] for row in legend.iter_rows(min_row=1, values_only=True)}
        assert {column.header.said(language) for column in shown(name, table)[0]} <= explained


def test_excel_is_the_same_bytes_each_time(client: Client, published: Release) -> None:
    first = got(client, "/en/data/gates.xlsx")
    assert got(client, f"/en/releases/{published.id}/data/gates.xlsx") == first


def test_a_selection_is_the_rows_and_the_order_of_the_list(
    client: Client, published: Release
) -> None:
    release = models.Release.objects.get(name=published.id)
    for asked in ("", "listed=1", "sort=-name", f"state={release.facets['state'][0][1]}"):
        wanted = listing(release, QueryDict(asked)).queryset.values_list("provider", flat=True)
        found = as_table(client, f"/ru/data/organisations.parquet?{asked}")
        assert found["provider"].to_list() == list(wanted)
        assert found.schema == published.providers.schema
        by_id = {row["provider"]: row for row in published.providers.iter_rows(named=True)}
        assert all(row == by_id[row["provider"]] for row in found.iter_rows(named=True))


def test_the_programmes_of_a_topic_and_the_municipalities_of_a_region_come_as_data(
    client: Client, published: Release
) -> None:
    for name, key in (("programmes", "topic"), ("municipalities", "region")):
        whole = published.tables[name]
        chosen = whole[key].drop_nulls()[0]
        release = models.Release.objects.get(name=published.id)
        row = getattr(release, name).filter(**{key: chosen}).first()
        found = as_table(client, f"/ru/data/{name}.parquet?{key}={getattr(row, f'{key}_slug')}")
        assert found.equals(whole.filter(pl.col(key) == chosen))
        assert found.height > 0
        if name == "programmes":  # the invented towns all lie in one region
            assert found.height < whole.height
        assert client.get(f"/en/data/{name}.csv?{key}=nowhere").status_code == 400
        assert client.get(f"/en/data/{name}.csv?{key}=%00").status_code == 400


def test_a_table_too_large_for_a_format_is_offered_in_the_others(
    client: Client, published: Release, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(downloads, "MOST_CELLS", {"csv": 10**6, "json": 10**6, "xlsx": 10})
    page = client.get("/en/data/").content.decode()
    assert "/en/data/effects.csv" in page
    assert "/en/data/effects.xlsx" not in page
    refused = client.get("/en/data/effects.xlsx?anything=1")
    assert refused.status_code == 400
    assert "Take it as csv, parquet, json" in refused.content.decode()
    assert client.get("/en/data/effects.csv").status_code == 200


def test_a_selection_by_something_that_is_not_there_is_refused_in_words(
    client: Client, published: Release
) -> None:
    for language, word in (("ru", "nowhere"), ("en", "nowhere")):
        answer = client.get(f"/{language}/data/organisations.csv?region={word}")
        assert answer.status_code == 400
        assert answer.headers["Content-Type"].startswith("text/plain")
        assert "nowhere" in answer.content.decode()


def test_a_file_has_a_name_that_people_and_old_programs_can_read(
    client: Client, published: Release
) -> None:
    said = client.get("/ru/data/providers.csv").headers["Content-Disposition"]
    assert said.isascii()
    assert f"-{published.id}-providers.csv" in said
    assert "filename*=UTF-8''" in said
    selected = client.get("/en/data/organisations.xlsx?listed=1").headers["Content-Disposition"]
    assert "organisations-selected.xlsx" in selected


@pytest.mark.parametrize(
    "name",
    [
        "nothing.csv",
        "providers.exe",
        "providers.xls",
        "manifest.csv",
        "release.csv",
        "__class__.json",
        "..%2f..%2fetc%2fpasswd.csv",
        "%2e%2e/settings.json",
        "providers.csv/",
        "%00.csv",
    ],
)
def test_what_is_not_there_is_not_found(client: Client, published: Release, name: str) -> None:
    assert client.get(f"/ru/data/{name}").status_code == 404


def test_before_anything_is_published_there_is_no_file(client: Client, unpublished: None) -> None:
    assert client.get("/ru/data/providers.csv").status_code == 404


def test_a_file_that_the_reader_has_is_not_sent_again(client: Client, published: Release) -> None:
    first = client.get("/ru/data/providers.csv")
    tag, changed = first.headers["ETag"], first.headers["Last-Modified"]
    for headers in (
        {"if-none-match": tag},
        {"if-none-match": f"W/{tag.removeprefix('W/')}"},
        {"if-modified-since": changed},
    ):
        again = client.get("/ru/data/providers.csv", headers=headers)
        assert (again.status_code, again.content) == (304, b"")
    other = client.get("/en/data/providers.csv", headers={"if-none-match": tag})
    assert other.status_code == 200


def test_a_compressed_page_that_the_reader_has_is_not_sent_again(
    client: Client, published: Release
) -> None:
    first = client.get("/ru/data/", headers={"accept-encoding": "gzip"})
    assert first.headers["ETag"].startswith("W/")
    again = client.get("/ru/data/", headers={"if-none-match": first.headers["ETag"]})
    assert again.status_code == 304


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_a_hostile_name_runs_nothing_in_a_spreadsheet(
    client: Client, published: Release, kind: str
) -> None:
    """The name comes out of the file as it was published; the table is made from the files."""
    file = models.File.objects.get(release__name=published.id, name="providers.parquet")
    attacked = published.providers.with_columns(pl.lit(ATTACK).alias("name"))
    stream = io.BytesIO()
    attacked.write_parquet(stream)
    models.File.objects.filter(pk=file.pk).update(content=stream.getvalue())
    # what is read of a release is kept by its hash; this one is no longer what it was
    models.Release.objects.filter(name=published.id).update(hash="0" * 63 + kind[0])
    content = got(client, f"/en/data/providers.{kind}")
    if kind == "csv":
        names = [row["name"] for row in csv.DictReader(io.StringIO(content.decode("utf-8-sig")))]
        assert set(names) == {f"'{ATTACK}"}
    else:
        sheet = openpyxl.load_workbook(io.BytesIO(content)).worksheets[1]
        found = [cell for row in sheet.iter_rows() for cell in row if cell.value == ATTACK]
        assert len(found) == attacked.height
        assert {cell.data_type for cell in found} == {"s"}
