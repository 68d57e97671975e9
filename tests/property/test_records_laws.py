"""Laws of the door: nothing is lost, nothing depends on order, spelling or cutting into batches."""

from __future__ import annotations

import csv
import datetime as dt
import io
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from otdacha.records import (
    REASONS,
    TABLES,
    Workspace,
    add,
    create_workspace,
    frame,
    pseudonyms,
    read_cells,
    rejected_rows,
)
from otdacha.records.cleaning import NOTHING, clean
from otdacha.records.identifiers import snils
from otdacha.records.matching import aliases
from otdacha.records.values import as_dates, as_numbers

DAYS = st.dates(dt.date(1950, 1, 1), dt.date(2100, 12, 31))
PRINTABLE = st.text(
    st.characters(codec="cp1251", exclude_categories=["Cc", "Cf", "Zl", "Zp"]), max_size=12
)
PLAUSIBLE = st.sampled_from(
    [
        *("28701000", "7707083893", "500100732259", "112-233-445 95", "11223344596", "05.01.2024"),
        *("31.02.2024", "2024-01-06", "45296", "1", "16", "-3", "да", "рабочие", "", "-", "Архив"),
        *("Нов Ян Ли", "5,5", "01.2024", "П-1", '"', "а;б", "x\ny"),
        *("2027", "аттестация", "местный бюджет", "обучение", "зачислен", "завершил обучение"),
        *("90107050110199990244", "Тверская область", "15.000"),
    ]
)
CELLS = st.one_of(PLAUSIBLE, PLAUSIBLE, PRINTABLE)


@contextmanager
def new_workspace() -> Iterator[tuple[Workspace, Path]]:
    with tempfile.TemporaryDirectory() as folder:
        yield create_workspace(Path(folder) / "union"), Path(folder)


def written(path: Path, rows: list[list[str]], encoding: str = "utf-8") -> Path:
    text = io.StringIO()
    csv.writer(text, delimiter=";", quoting=csv.QUOTE_ALL).writerows(rows)
    path.write_bytes(text.getvalue().encode(encoding))
    return path


@pytest.mark.parametrize("table", TABLES)
@given(data=st.data())
@settings(max_examples=8, deadline=None)
def test_every_row_is_accepted_or_rejected_with_a_known_reason(table, data):
    """Whatever stands in the cells: rows of the file = accepted + rejected, reasons are known."""
    # a file of results brings single observations or figures of them, never both
    single = {"value", "observation"} if table == "results" else set()
    header = [names[1] for name, names in aliases(table).items() if name not in single]
    row = st.lists(CELLS, min_size=len(header), max_size=len(header))
    rows = data.draw(st.lists(row, min_size=1, max_size=8))
    filled = [row for row in rows if any(clean(cell) for cell in row)]
    with new_workspace() as (workspace, folder):
        if not filled:
            return
        batch = add(workspace, table, written(folder / "file.csv", [header, *rows]))
        assert batch.accepted + batch.rejected == len(filled)
        assert frame(workspace, table).height == batch.accepted
        rejected = rejected_rows(workspace, batch.id)
        assert rejected["row"].n_unique() == batch.rejected
        assert set(rejected["reason"]) <= set(REASONS)
        assert not set(rejected["row"]) & set(frame(workspace, table)["_row"])


HEADER = ["ОКТМО", "№ дела", "Отдел", "Услуга", "Дата регистрации", "Факт (РК)"]
CASE = st.tuples(
    st.sampled_from(["28701000", "17701000"]),
    st.integers(1, 8).map(str),
    st.sampled_from(["Архив", "Учёт"]),
    st.just("Справка"),
    st.dates(dt.date(2020, 1, 1), dt.date(2020, 1, 9)).map(str),
    st.dates(dt.date(2020, 1, 1), dt.date(2020, 1, 9)).map(str),
).map(list)


def in_force(workspace: Workspace) -> list[tuple[object, ...]]:
    return sorted(frame(workspace, "cases").drop("_batch", "_row").rows(), key=repr)


@given(cases=st.lists(CASE, min_size=2, max_size=20), data=st.data())
@settings(max_examples=10, deadline=None)
def test_a_log_cut_in_two_batches_is_the_same_log(cases, data):
    """Cut anywhere, where no key stands on both sides of the cut."""
    cases = list({(case[0], case[1]): case for case in cases}.values())
    cut = data.draw(st.integers(0, len(cases)))
    with new_workspace() as (whole, one), new_workspace() as (halves, two):
        add(whole, "cases", written(one / "a.csv", [HEADER, *cases]))
        for name, part in (("a", cases[:cut]), ("b", cases[cut:])):
            if part:
                add(halves, "cases", written(two / f"{name}.csv", [HEADER, *part]))
        assert in_force(whole) == in_force(halves)


@given(batches=st.lists(st.lists(CASE, min_size=1, max_size=6), min_size=1, max_size=4))
@settings(max_examples=10, deadline=None)
def test_the_rows_in_force_are_those_of_a_naive_dictionary(batches):
    """The oracle: first row of a key within a file, last file over all."""
    held: dict[tuple[str, str], tuple[str, str, str]] = {}
    seen: set[tuple[tuple[str, ...], ...]] = set()
    with new_workspace() as (workspace, folder):
        for number, cases in enumerate(batches):
            add(workspace, "cases", written(folder / f"{number}.csv", [HEADER, *cases]))
            content = tuple(map(tuple, cases))
            if content in seen:
                continue
            seen.add(content)
            within: dict[tuple[str, str], tuple[str, str, str]] = {}
            for town, case, unit, _, opened, closed in cases:
                if closed >= opened:
                    within.setdefault((town, case), (unit, opened, closed))
            held |= within
        rows = frame(workspace, "cases").select(
            "municipality", "case", "unit", pl.col("opened", "closed").cast(pl.String)
        )
        assert {(row[0], row[1]): row[2:] for row in rows.rows()} == held


@given(cases=st.lists(CASE, min_size=1, max_size=8), order=st.permutations(range(len(HEADER))))
@settings(max_examples=8, deadline=None)
def test_the_order_of_columns_does_not_matter(cases, order):
    turned = [[row[i] for i in order] for row in (HEADER, *cases)]
    with new_workspace() as (straight, one), new_workspace() as (moved, two):
        add(straight, "cases", written(one / "a.csv", [HEADER, *cases]))
        add(moved, "cases", written(two / "a.csv", turned))
        assert in_force(straight) == in_force(moved)


@given(rows=st.lists(st.lists(PRINTABLE, min_size=3, max_size=3), min_size=1, max_size=10))
@settings(max_examples=40, deadline=None)
def test_a_text_table_is_read_back(rows):
    """What Python's csv module writes in a known form is read back, blanks and all, as null."""
    wanted = [[clean(cell) for cell in row] for row in rows]
    wanted = [
        [None if cell is None or cell.lower() in NOTHING else cell for cell in row]
        for row, given in zip(wanted, rows, strict=True)
        if any(cell.strip() for cell in given)
    ]
    header = ["первый", "второй", "третий"]
    if not wanted:
        return
    with tempfile.TemporaryDirectory() as folder:
        for encoding in ("utf-8", "utf-16", "cp1251"):
            path = written(Path(folder) / "file.csv", [header, *rows], encoding)
            declared = encoding if encoding == "cp1251" else None
            cells, _ = read_cells(path, encoding=declared, separator=";", known=header)
            assert [list(row) for row in cells.rows()] == wanted


@given(day=DAYS, time=st.times())
def test_a_day_is_read_back_from_every_form(day, time):
    serial = (day - dt.date(1899, 12, 30)).days
    forms = [
        day.isoformat(),
        f"{day:%d.%m.%Y}",
        f"{day.day}.{day.month}.{day.year}",
        f"{day.isoformat()} {time.isoformat()}",
        f"{day.isoformat()}T{time:%H:%M}Z",
        f"{day:%d.%m.%Y} {time:%H:%M:%S}",
        str(serial),
        f"{serial}.25",
    ]
    assert as_dates(pl.Series(forms)).value.to_list() == [day] * len(forms)


@given(number=st.decimals(-(10**9), 10**9, places=2, allow_nan=False))
def test_a_number_is_read_back_with_either_mark_and_any_space(number):
    point = f"{number:,.2f}"
    forms = [
        f"{number:.2f}",
        f"{number:.2f}".replace(".", ","),
        *(point.replace(",", space).replace(".", ",") for space in (" ", "\u00a0", "\u202f")),
    ]
    if abs(number) >= 1000:
        forms += [point, point.replace(",", "_").replace(".", ",").replace("_", ".")]
    assert as_numbers(pl.Series(forms)).value.to_list() == [float(number)] * len(forms)


@given(number=st.integers(1_001_999, 999_999_999))
def test_a_snils_with_its_check_number_is_valid_however_it_is_written(number):
    digits = f"{number:09d}"
    check = sum(int(digit) * (9 - i) for i, digit in enumerate(digits)) % 101 % 100
    whole = f"{digits}{check:02d}"
    spoken = f"{whole[:3]}-{whole[3:6]}-{whole[6:9]} {whole[9:]}"
    forms = [whole, spoken, str(int(whole)), f"{int(whole)}.0"]
    assert [snils(form) for form in forms] == [whole] * 4
    assert snils(f"{digits}{(check + 1) % 100:02d}") is None
    found = pseudonyms.person_by_snils(pl.Series(forms), (b"k" * 32,)).value
    assert found.n_unique() == 1
