"""A cell that a spreadsheet program would run comes out of every exporter as text that is shown."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from pathlib import Path

import openpyxl
import polars as pl
import pytest

from otdacha.cli.run import run
from otdacha.cli.saving import save
from otdacha.documents import write_report
from otdacha.documents.pay import export_scenario, write_scenario_workbook
from otdacha.documents.plan import export_plan, write_plan_workbook
from otdacha.documents.plan.named_list import write_named_list
from otdacha.language import LANGUAGES
from otdacha.records import Names, add, create_workspace, write_corrections, write_template
from otdacha.records.formulas import shown_only, without_formulas
from otdacha.release import export, load, table_bytes
from otdacha.release.export_provider import provider_bytes
from otdacha.release.writing import dictionary_bytes
from tests.faults import bystander
from tests.faults.conftest import Given
from tests.invented_plan import TOWNS, invented_plan, with_table
from tests.invented_scenario import small_scenario, small_tables

ATTACK = "=cmd|' /C calc'!A0"
NAMES = [ATTACK, '=HYPERLINK("x";"y")', "+1+cmd", "-2+3+cmd", "@SUM(A1)", "\t=1+1", "\r=1", "＝1+1"]
HARMLESS = ["Академия", "-3", "+7", "-1 234,5", "-1,5e-3", "-12%", "a=b", "'", "-", ""]


def runs(cell: str | None) -> bool:
    """Whether a spreadsheet program may take the cell for a formula."""
    cell = (cell or "").lstrip(" \u00a0")
    number = cell.lstrip("+-")
    for mark in (" ", ",", ".", "%", "e-", "e+", "e"):
        number = number.replace(mark, "")
    harmless = cell in ("-", "+") or number.isdigit()
    return cell[:1] in ("=", "+", "-", "@", "\t", "\r", "＝") and not harmless


def cells_of(file: Path) -> list[str]:
    content = io.StringIO(file.read_text("utf-8-sig"), newline="")
    rows = csv.reader(content)
    return [cell for row in rows for cell in row]


def formulas_in(file: Path) -> list[object]:
    book = openpyxl.load_workbook(file)
    return [
        cell.value
        for sheet in book
        for row in sheet.iter_rows()
        for cell in row
        if cell.data_type == "f"
    ]


@pytest.mark.parametrize("cell", NAMES)
def test_what_would_run_gets_an_apostrophe_and_stays_readable(cell: str) -> None:
    assert runs(cell)
    assert shown_only(cell) == f"'{cell}"
    assert not runs(shown_only(cell))


@pytest.mark.parametrize("cell", HARMLESS)
def test_what_runs_nothing_stays_as_it_is(cell: str) -> None:
    assert shown_only(cell) == cell


def test_headers_and_cells_of_a_frame_are_made_harmless_and_figures_stay() -> None:
    frame = pl.DataFrame({"=a": NAMES, "b": [None, *NAMES[1:]], "c": [-1.5] * len(NAMES)})
    found = without_formulas(frame)
    assert found.columns == ["'=a", "b", "c"]
    assert found["'=a"].to_list() == [f"'{name}" for name in NAMES]
    assert found["b"][0] is None
    assert found["c"].to_list() == [-1.5] * len(NAMES)


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_rejected_rows_are_saved_harmless(tmp_path: Path, ending: str) -> None:
    """The value of a faulty cell is quoted beside its reason."""
    workspace = create_workspace(tmp_path / "w")
    source = tmp_path / "cases.csv"
    rows = [f'28701000;{i};Архив;Справка;"{name}"' for i, name in enumerate(NAMES)]
    source.write_text("\n".join(["ОКТМО;№ дела;Отдел;Услуга;Дата рег.", *rows]), "utf-8")
    batch = add(workspace, "cases", source)
    assert batch.rejected == len(NAMES)
    out = tmp_path / f"rejected.{ending}"
    assert run(["rejected", str(workspace.path), batch.id, "--out", str(out)]) == 0
    if ending == "csv":
        assert [cell for cell in cells_of(out) if runs(cell)] == []
        assert any(cell.startswith("'=") for cell in cells_of(out))
    else:
        assert formulas_in(out) == []


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_a_saved_ranking_is_harmless(tmp_path: Path, ending: str) -> None:
    """`rank` and `value-added` save through the same door what a stranger has called somebody."""
    figures = tmp_path / "figures.csv"
    names = [*NAMES[:4], "Академия", "Институт"]
    rows = [f'"{name.replace(chr(34), chr(34) * 2)}",{i / 10},0.1' for i, name in enumerate(names)]
    figures.write_text("\n".join(["provider,estimate,se", *rows]), "utf-8")
    out = tmp_path / f"ranking.{ending}"
    assert run(["rank", str(figures), "--against", "mean", "--out", str(out)]) == 0
    if ending == "csv":
        found = cells_of(out)
        assert [cell for cell in found if runs(cell)] == []
        assert f"'{ATTACK}" in found
    else:
        assert formulas_in(out) == []
        book = openpyxl.load_workbook(out)
        shown = [cell.value for row in book.worksheets[0].iter_rows() for cell in row]
        assert ATTACK in shown


def test_an_exported_release_and_its_report_are_harmless(given: Given, tmp_path: Path) -> None:
    """The name of an organisation comes from a file that anybody may have written."""
    release = load(given.release)
    name = pl.lit(ATTACK).alias("name")
    attacked = {**release.tables, "providers": release.providers.with_columns(name)}
    attacked_release = type(release)(
        release.path, release.hash, release.manifest, release.methodology, attacked
    )
    written = export(attacked_release, "csv", tmp_path)
    found = [cell for file in written for cell in cells_of(file)]
    assert [cell for cell in found if runs(cell)] == []
    assert f"'{ATTACK}" in found
    (book,) = export(attacked_release, "xlsx", tmp_path)
    assert formulas_in(book) == []
    shown = [c.value for row in openpyxl.load_workbook(book).worksheets[1].iter_rows() for c in row]
    assert ATTACK in shown
    for language in LANGUAGES:  # the dialects of CSV that the site gives
        one = tmp_path / f"{language}.csv"
        one.write_bytes(table_bytes(attacked_release, "providers", "csv", language=language))
        separated = csv.reader(
            one.read_text("utf-8-sig").splitlines(), delimiter=";" if language == "ru" else ","
        )
        names = [cell for row in separated for cell in row]
        assert [cell for cell in names if runs(cell)] == []
        assert f"'{ATTACK}" in names
        book = tmp_path / f"{language}.xlsx"
        book.write_bytes(table_bytes(attacked_release, "providers", "xlsx", language=language))
        assert formulas_in(book) == []
        provider = release.providers["provider"][0]
        one.write_bytes(provider_bytes(attacked_release, provider, "csv", language=language))
        of_one = csv.reader(
            one.read_text("utf-8-sig").splitlines(), delimiter=";" if language == "ru" else ","
        )
        names = [cell for row in of_one for cell in row]
        assert [cell for cell in names if runs(cell)] == []
        assert f"'{ATTACK}" in names
        book.write_bytes(provider_bytes(attacked_release, provider, "xlsx", language=language))
        assert formulas_in(book) == []
    page = write_report(attacked_release, tmp_path / "r.html").read_text("utf-8")
    assert ATTACK not in page  # escaped, so that a browser shows it and runs nothing
    assert "=cmd|&#39; /C calc&#39;!A0" in page


def test_what_leaves_a_plan_holds_its_own_formulas_and_nobody_else_s(tmp_path: Path) -> None:
    """Names of towns, organisations, courses and departments come from files of anybody."""
    plan = invented_plan(names={town: f"{ATTACK}{town}" for town in TOWNS})
    named = {name: pl.lit(ATTACK).alias(name) for name in ("name", "provider_name", "topic")}
    plan = with_table(plan, "lines", plan.tables["lines"].with_columns(**named))
    unmet = plan.tables["unmet"].with_columns(unit=pl.lit(ATTACK), topic=pl.lit(ATTACK))
    plan = with_table(plan, "unmet", unmet)
    for language in LANGUAGES:
        book = write_plan_workbook(plan, tmp_path / "plan.xlsx", language)
        own = re.compile(r"=(SUM|SUMIFS|ROUND)\(|=[A-Z]+\d+[-*][(A-Z]|='(?:[^']|'')+'![A-Z]+\d+$")
        assert all(own.match(str(formula)) for formula in formulas_in(book))
        shown = [c.value for sheet in openpyxl.load_workbook(book) for r in sheet for c in r]
        assert ATTACK in shown
        (opened,) = export_plan(plan, tmp_path, "xlsx", language=language)
        assert formulas_in(opened) == []
    found = [cell for file in export_plan(plan, tmp_path, "csv") for cell in cells_of(file)]
    assert [cell for cell in found if runs(cell)] == []
    assert f"'{ATTACK}" in found


def test_what_leaves_a_scenario_holds_no_formula_but_its_own(tmp_path: Path) -> None:
    """Measures, towns and groups are named by a file and by staff lists."""
    tables = small_tables()
    attacked = {
        "municipalities": ("name", "region"),
        "measures": ("name_ru", "name_en", "who_ru", "who_en", "amount_ru", "amount_en", "release"),
        "excluded": ("reason",),
        "wages": ("source",),
    }
    changes = {
        name: tables[name].with_columns(pl.lit(ATTACK).alias(column) for column in columns)
        for name, columns in attacked.items()
    }
    changes["distribution"] = tables["distribution"].with_columns(
        value=pl.when(pl.col("value") == "старшая").then(pl.lit(ATTACK)).otherwise("value")
    )
    scenario = small_scenario(tmp_path / "scenarios", changes=changes)
    own = re.compile(
        r"=(SUM|SUMIFS|ROUND)\(|=MAX\(0,[A-Z]+\d+-[A-Z]+\d+\)$|=[A-Z]+\d+[-/][A-Z]+\d+(-1)?$"
    )
    for language in LANGUAGES:
        book = write_scenario_workbook(scenario, tmp_path / "pay.xlsx", language)
        formulas = formulas_in(book)
        assert len(formulas) > 60
        assert [str(one) for one in formulas if not own.match(str(one))] == []
        shown = [c.value for sheet in openpyxl.load_workbook(book) for r in sheet for c in r]
        assert shown.count(ATTACK) > 5
        (opened,) = export_scenario(scenario, tmp_path, "xlsx", language=language)
        assert formulas_in(opened) == []
    found = [cell for file in export_scenario(scenario, tmp_path, "csv") for cell in cells_of(file)]
    assert [cell for cell in found if runs(cell)] == []
    assert f"'{ATTACK}" in found


def test_a_list_of_who_goes_by_name_holds_no_formula(tmp_path: Path) -> None:
    """Names come from the officer's file, departments and requests from those of towns."""
    plan = invented_plan(names={town: f"{ATTACK}{town}" for town in TOWNS})
    seat = plan.tables["lines"].select("municipality", "year", "provider", "offer").head(1)
    people = seat.with_columns(
        *(pl.lit(ATTACK).alias(name) for name in ("unit", "topic", "need")),
        person=pl.lit("p-1"),
        by=pl.lit(None, pl.Date),
        state=pl.lit("named"),
        reason=pl.lit(None, pl.String),
    )
    told = Names({"p-1": ATTACK}, rows=1, nameless=0, contradicting=0)
    for language in LANGUAGES:
        file = tmp_path / f"{language}.xlsx"
        made = write_named_list(with_table(plan, "people", people), told, file, language)
        assert (made.named, made.not_listed) == (1, 0)
        assert formulas_in(file) == []
        shown = [c.value for row in openpyxl.load_workbook(file).worksheets[0] for c in row]
        assert shown.count(ATTACK) == 4


def test_the_data_dictionary_holds_no_formula() -> None:
    rows = csv.reader(io.StringIO(dictionary_bytes().decode()))
    assert [cell for row in rows for cell in row if runs(cell)] == []


def test_every_way_to_save_a_table_goes_through_these_doors(tmp_path: Path) -> None:
    """A new exporter that writes CSV or Excel by itself must be brought here."""
    source = Path(bystander.__file__).parents[2] / "src" / "otdacha"
    writers = {
        path.relative_to(source).as_posix()
        for path in source.rglob("*.py")
        if any(
            word in path.read_text("utf-8")
            for word in (".write_csv(", ".write_excel(", "xlsxwriter", "csv.writer")
        )
    }
    assert writers == {
        "cli/saving.py",
        "documents/book.py",
        "documents/pay/table_sheet.py",
        "documents/plan/town_sheet.py",
        "pay/wages/export.py",
        "release/export.py",
        "site/programme/spreadsheet.py",
        "release/export_provider.py",
        "release/writing.py",  # the data dictionary
        "records/rejected_file.py",
        "records/template.py",
        "panel/engines/postgres.py",  # rows on their way into a database
        "demo/files.py",  # invented files, written for the door
        "demo/union.py",
    }
    save(pl.DataFrame({"a": [ATTACK]}), tmp_path / "a.xlsx")
    assert formulas_in(tmp_path / "a.xlsx") == []


def test_rows_to_correct_and_lists_of_a_template_show_a_formula(tmp_path: Path) -> None:
    workspace = create_workspace(tmp_path / "union")
    header = "ОКТМО;№ дела;Отдел;Услуга;Дата регистрации"
    source = tmp_path / "cases.csv"
    rows = [f"28701000;{i};Архив;{ATTACK};{day}" for i, day in enumerate(("09.01.2024", "вчера"))]
    source.write_text("\n".join([header, *rows]), "utf-8")
    batch = add(workspace, "cases", source)
    assert (batch.accepted, batch.rejected) == (1, 1)
    write_corrections(workspace, batch.id, source, tmp_path / "correct.xlsx")
    write_template("cases", tmp_path / "template.xlsx", workspace=workspace)
    for name in ("correct.xlsx", "template.xlsx"):
        assert formulas_in(tmp_path / name) == []
        with zipfile.ZipFile(tmp_path / name) as archive:
            assert ATTACK[1:5] in archive.read("xl/sharedStrings.xml").decode()
