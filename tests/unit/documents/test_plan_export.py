"""Open data of a plan: nobody private, no small group by itself or by difference, every format."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import openpyxl
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.invented_plan import invented_plan

from otdacha.documents.plan import export_plan
from otdacha.documents.plan.columns import COLUMNS
from otdacha.documents.plan.public import hide, public_tables
from otdacha.errors import ProgrammeProblem
from otdacha.methodology import Disclosure

MINIMUM = 5
RULE = Disclosure(people=MINIMUM, municipalities=1, round_to=1)


def test_a_small_count_is_hidden_with_what_it_could_be_divided_out_of() -> None:
    """Three people of Дубрава are sent: neither they nor their cost over a known fee are shown."""
    lines = public_tables(invented_plan(), MINIMUM)["lines"]
    (row,) = lines.filter(municipality="28703000").iter_rows(named=True)
    assert row["state"] == "suppressed"
    assert [row[name] for name in ("seats", "cost", "federal", "regional", "municipal", "own",
                                   "benefit")] == [None] * 7  # fmt: skip
    assert row["fee"] == 7_000.10


def test_the_rest_of_a_total_is_no_small_group() -> None:
    """66 are sent in all, which is shown: Дубрава with its 3 is not hidden alone."""
    towns = public_tables(invented_plan(), MINIMUM)["municipalities"]
    assert towns.filter(state="published")["name"].to_list() == ["Буян"]
    # 30 are needed in Буян and 23 are sent; of the 4 who must by law nothing is said
    (buyan,) = towns.filter(name="Буян").iter_rows(named=True)
    assert (buyan["needed"], buyan["planned"], buyan["mandatory"]) == (30, 23, None)


def test_below_a_hidden_row_everything_is_hidden() -> None:
    tables = public_tables(invented_plan(), MINIMUM)
    hidden = tables["lines"].filter(state="suppressed").select("municipality", "year", "offer")
    for name in ("funding", "seats"):
        below = tables[name].join(hidden, on=hidden.columns, how="semi")
        assert not below.is_empty()
        assert set(below["state"]) == {"suppressed"}
    assert "seats" not in tables["groups"].columns


def test_a_true_zero_is_no_small_group() -> None:
    frame = pl.DataFrame({"town": ["a", "a"], "people": [0, 9]})
    assert hide(frame, "people", ["town"], MINIMUM)["_hidden"].to_list() == [False, False]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 2), st.integers(0, 12)), min_size=1, max_size=12))
def test_no_difference_from_a_shown_total_is_a_small_group(rows: list[tuple[int, int]]) -> None:
    frame = pl.DataFrame(rows, schema=["town", "people"], orient="row")
    found = hide(frame, "people", ["town"], MINIMUM)
    for (_,), group in found.group_by("town"):
        shown, hidden = group.filter(~pl.col("_hidden")), group.filter("_hidden")
        assert not shown["people"].is_between(1, MINIMUM - 1).any()
        everything = shown["people"].sum() == 0  # then nothing is left to be subtracted
        assert hidden.is_empty() or everything or (
            hidden.height >= 2 and hidden["people"].sum() >= MINIMUM
        )  # fmt: skip


def test_every_format_holds_every_public_table_and_nobody_private(tmp_path: Path) -> None:
    plan = invented_plan()
    public = set(plan.tables) - {"people"}
    assert public == set(COLUMNS)
    for format in ("csv", "parquet"):
        files = export_plan(plan, tmp_path / format, format, disclosure=RULE)
        names = {file.name.removeprefix("otdacha-plan-2026.1-") for file in files}
        assert names == {f"{name}.{format}" for name in public} | {"data_dictionary.csv"}
    (file,) = export_plan(plan, tmp_path, "json", disclosure=RULE)
    content = json.loads(file.read_text("utf-8"))
    assert set(content) - {"about"} == public
    assert content["about"]["people_at_least"] == MINIMUM
    (book,) = export_plan(plan, tmp_path, "xlsx", language="en", disclosure=RULE)
    sheets = openpyxl.load_workbook(book)
    assert len(sheets.sheetnames) == 1 + len(public)
    assert "suppressed" in {cell.value for row in sheets["Lines"].iter_rows() for cell in row}
    for each in tmp_path.rglob("*"):
        assert not each.is_file() or b"p-1," not in each.read_bytes()


def test_the_dictionary_names_every_column_that_is_written(tmp_path: Path) -> None:
    files = export_plan(invented_plan(), tmp_path, "csv", disclosure=RULE)
    said = list(csv.DictReader(io.StringIO(files[-1].read_text("utf-8"))))
    described = {(row["table"], row["column"]) for row in said}
    assert all(row["meaning_ru"] and row["meaning_en"] for row in said)
    for file in files[:-1]:
        table = file.stem.removeprefix("otdacha-plan-2026.1-")
        head = file.read_text("utf-8").splitlines()[0].split(",")
        assert {(table, column) for column in head} <= described
    (hours,) = [row for row in said if (row["table"], row["column"]) == ("lines", "hours")]
    assert (hours["type"], hours["unit_en"]) == ("number", "hours")


def test_an_unknown_format_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ProgrammeProblem, match="csv, xlsx"):
        export_plan(invented_plan(), tmp_path, "pdf")  # type: ignore[arg-type]
