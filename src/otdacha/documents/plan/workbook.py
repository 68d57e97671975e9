"""A plan as an Excel workbook: a sheet to begin with, one for each municipality, money, the unmet.

Every sum is a formula over the rows it is made from, so that whoever changes a row sees what comes
of it. The workbook is for the offices that order training: its counts are exact. What is for
everybody is `export_plan`.
"""

from __future__ import annotations

import io
from pathlib import Path

import polars as pl

from otdacha.documents.book import Book, Cell, Formula
from otdacha.documents.landing import put
from otdacha.documents.numbers import Numbers
from otdacha.documents.plan.town_sheet import SUMS, Town, write_town
from otdacha.documents.plan.words import USES
from otdacha.documents.plan.writing import INVENTED, made, source_of
from otdacha.documents.sheet_names import reference, sheet_names
from otdacha.documents.words import SOURCES, said, span
from otdacha.language import Language, Text, text
from otdacha.programme.plan import Plan
from otdacha.programme.wording import REASONS, UNMET

_FIXED = (text("Summary"), text("By municipality"), text("Budgets"), text("Unmet needs"))
_SUM_LOOKS = ("year", "whole", *["rubles"] * (1 + len(SOURCES)))


def write_plan_workbook(plan: Plan, path: Path, language: Language = "ru") -> Path:
    """Write a plan as an Excel workbook in `language` to the file `path`, and give back its path.

    Money is in rubles. The same plan gives the same bytes. Raises WorkspaceProblem where the file
    cannot be written.
    """
    return put(path, plan_workbook(plan, language))


def plan_workbook(plan: Plan, language: Language) -> bytes:
    """The workbook as bytes."""
    content = io.BytesIO()
    book = Book(content, language, made(plan).replace(tzinfo=None))
    source = source_of(plan, Numbers(language)).said(language)
    fixed = sheet_names([name.said(language) for name in _FIXED])
    towns = _towns(plan, fixed)
    rows = [(town, place, year) for town in towns for place, year in enumerate(plan.years)]
    _summary(book, plan, fixed, source, len(rows))
    _by_town(book, fixed[1], rows, source)
    names = {town.code: town.name for town in towns}
    for town in towns:
        write_town(book, town, names, source)
    _budgets(book, plan, fixed[2], names, source)
    _unmet(book, plan, fixed[3], names, source)
    book.close()
    return content.getvalue()


def _towns(plan: Plan, fixed: list[str]) -> list[Town]:
    towns = plan.tables["municipalities"].sort("name", "municipality")
    called = [row["name"] or row["municipality"] for row in towns.iter_rows(named=True)]
    lines = plan.tables["lines"].sort("year", "started", "provider", "offer")
    return [
        Town(
            code=row["municipality"],
            name=name,
            region=row["region"],
            sheet=sheet,
            about=text(
                "To be trained: {needed}, by law: {mandatory}. In the plan: {planned}.",
                needed=row["needed"],
                mandatory=row["mandatory"],
                planned=row["planned"],
            ),
            lines=lines.filter(municipality=row["municipality"]),
            years=plan.years,
        )
        for row, name, sheet in zip(
            towns.iter_rows(named=True), called, sheet_names(called, fixed), strict=True
        )
    ]


def _summary(book: Book, plan: Plan, fixed: list[str], source: str, rows: int) -> None:
    """What this is, and the sums of all municipalities by year and source."""
    sheet = book.sheet(fixed[0], source, [16, 12, *[18] * (1 + len(SOURCES))])
    for row, (said_, look) in enumerate(_opening(plan, source, book.language)):
        book.put(sheet, row, 0, said_, look)
    first = len(_opening(plan, source, book.language)) + 2
    book.heads(sheet, first - 1, SUMS)
    table = plan.tables["lines"]
    years = reference(fixed[1], f"$B$2:$B${rows + 1}")
    for row, year in enumerate(plan.years, start=first):
        cells: list[Cell] = [year]
        for letter, value in zip("CDEFGH", _sums(table.filter(year=year)), strict=True):
            summed = reference(fixed[1], f"${letter}$2:${letter}${rows + 1}")
            cells.append(Formula(f"=SUMIFS({summed},{years},$A{row + 1})", value))
        book.row(sheet, row, cells, _SUM_LOOKS)
    end = first + len(plan.years)
    total: list[Cell] = [text("Total").said(book.language)]
    for letter, value in zip("BCDEFG", _sums(table), strict=True):
        total.append(Formula(f"=SUM({letter}{first + 1}:{letter}{end})", value))
    book.total(sheet, end, total, _SUM_LOOKS)
    checked = text("Cost less what the sources pay (must be zero)").said(book.language)
    book.put(sheet, end + 2, 0, checked, "line")
    lacking = Formula(f"=ROUND(C{end + 1}-SUM(D{end + 1}:G{end + 1}),2)", 0.0)
    book.put(sheet, end + 2, 6, lacking, "rubles")


def _opening(plan: Plan, source: str, language: Language) -> list[tuple[str, str]]:
    said_: list[tuple[Text | str, str]] = [
        (
            text("Training programme of municipal servants, {years}", years=span(plan.years)),
            "title",
        ),
        (source, "strong"),
    ]
    if plan.manifest["invented"]:
        said_.append((INVENTED, "strong"))
    if plan.manifest["because"] is not None:
        said_.append((plan.manifest["because"][language], "strong"))
    said_ += [
        (
            text(
                "Each municipality has a sheet with its lines: who teaches, what, when, for how "
                "much, out of which budget. The sums here are made from the sheets: change a line, "
                "and they follow."
            ),
            "line",
        ),
        (
            text(
                "Counts of people are exact: this file is for those who order the training. For "
                "everybody else there is the open data of the plan."
            ),
            "line",
        ),
    ]
    return [(one if isinstance(one, str) else one.said(language), look) for one, look in said_]


def _sums(lines: pl.DataFrame) -> tuple[float, ...]:
    money = [round(float(lines[name].sum()), 2) for name in ("cost", *SOURCES)]
    return (int(lines["seats"].sum()), *money)


def _by_town(book: Book, name: str, rows: list[tuple[Town, int, int]], source: str) -> None:
    """A row for each municipality and year, each cell a sum of the municipality's own sheet."""
    sheet = book.sheet(name, source, [32, 8, 10, *[20] * (1 + len(SOURCES))])
    book.heads(sheet, 0, (text("Municipality"), *SUMS))
    for row, (town, place, year) in enumerate(rows, start=1):
        sums = [town.refers(place, at, value) for at, value in enumerate(town.sums(year))]
        book.row(sheet, row, [town.name, year, *sums], ("cell", *_SUM_LOOKS))
    end = len(rows) + 1
    total: list[Cell] = [text("Total").said(book.language), None]
    for at, letter in enumerate("CDEFGH"):
        value = round(sum(town.sums(year)[at] for town, _, year in rows), 2)
        total.append(Formula(f"=SUM({letter}2:{letter}{end})", value))
    book.total(sheet, end, total, ("cell", *_SUM_LOOKS))
    sheet.repeat_rows(0)
    sheet.freeze_panes(1, 2)


def _budgets(book: Book, plan: Plan, name: str, names: dict[str, str], source: str) -> None:
    sheet = book.sheet(name, source, [26, 28, 8, 26, 20, 20, 20, 20])
    heads = (text("Source"), text("Holder"), text("Year"), text("Budget code"), text("Pays for"),
             text("Budget"), text("Planned"), text("Left"))  # fmt: skip
    book.heads(sheet, 0, heads)
    looks = ("cell", "cell", "year", "cell", "cell", "rubles", "rubles", "rubles")
    everybody = text("everybody in the plan").said(book.language)
    table = plan.tables["budgets"]
    for row, one in enumerate(table.iter_rows(named=True), start=1):
        holder = one["holder"]
        cells: list[Cell] = [
            said(SOURCES, one["source"], book.language),
            everybody if holder is None else names.get(holder, holder),
            one["year"],
            one["code"],
            USES[one["pays_for"]].said(book.language),
            one["amount"],
            one["planned"],
            Formula(f"=F{row + 1}-G{row + 1}", one["left"]),
        ]
        book.row(sheet, row, cells, looks)
    end = table.height + 1
    total: list[Cell] = [text("Total").said(book.language), None, None, None, None]
    for letter, column in zip("FGH", ("amount", "planned", "left"), strict=True):
        value = round(float(table[column].sum()), 2)
        total.append(Formula(f"=SUM({letter}2:{letter}{max(end, 2)})", value))
    book.total(sheet, max(end, 2), total, looks)
    sheet.repeat_rows(0)
    sheet.freeze_panes(1, 0)


def _unmet(book: Book, plan: Plan, name: str, names: dict[str, str], source: str) -> None:
    sheet = book.sheet(name, source, [30, 26, 26, 18, 14, 12, 60])
    heads = (text("Municipality"), text("Department"), text("Topic"), text("Why needed"),
             text("Not later than"), text("People"), text("Why not in the plan"))  # fmt: skip
    book.heads(sheet, 0, heads)
    looks = ("cell", "cell", "cell", "cell", "year", "whole", "cell")
    table = plan.tables["unmet"]
    for row, one in enumerate(table.iter_rows(named=True), start=1):
        cells: list[Cell] = [
            names.get(one["municipality"], one["municipality"]),
            one["unit"] or text("the whole municipality").said(book.language),
            one["topic"] or text("any topic").said(book.language),
            said(REASONS, one["reason"], book.language),
            one["by_year"] or text("no date").said(book.language),
            one["people"],
            said(UNMET, one["why"], book.language),
        ]
        book.row(sheet, row, cells, looks)
    end = max(table.height + 1, 2)
    total: list[Cell] = [text("Total").said(book.language), None, None, None, None]
    total += [Formula(f"=SUM(F2:F{end})", int(table["people"].sum())), None]
    book.total(sheet, end, total, looks)
    sheet.repeat_rows(0)
    sheet.freeze_panes(1, 0)
