"""A workbook to fill in: our headers, lists to choose from, a sheet that explains every column."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Mapping, Sequence
from math import ceil
from pathlib import Path

import xlsxwriter
from xlsxwriter.format import Format

from otdacha.errors import FileProblem
from otdacha.language import Language, Text, text
from otdacha.records.choices import CHOICES
from otdacha.records.explained import COLUMNS, HEADERS, TABLES_EXPLAINED
from otdacha.records.explanation import Explained
from otdacha.records.landing import land
from otdacha.records.matching import aliases
from otdacha.records.tables import Kind, Table, table_of
from otdacha.records.template_choices import ANSWERS, Choices, offered_choices
from otdacha.records.workspace import Workspace

TITLE_ROW, EXAMPLE_ROW, HEADER_ROW, FIRST_ROW = range(4)
"""Rows of the sheet, from 0. What stands above a header is read by nobody: so is the example."""
LAST_ROW = 100_000
_TYPED_AS_TEXT: frozenset[str] = frozenset(
    {
        *("text", "month", "municipality", "inn", "ogrn", "snils", "name", "badge"),
        *("budget_code", "holder", "percent", *CHOICES),
    }
)
_FORMS: Mapping[str, Text] = {
    "text": text("text"),
    "date": text("date: dd.mm.yyyy"),
    "birth_date": text("date: dd.mm.yyyy"),
    "expiry": text("date: dd.mm.yyyy"),
    "month": text("month: yyyy-mm"),
    "year": text("year: yyyy"),
    "number": text("number; a comma is the decimal mark"),
    "whole": text("whole number"),
    "yes_no": text("yes or no"),
    "day_kind": text("working or calendar days"),
    "municipality": text("8 digits; zeros in front stay"),
    "inn": text("10 or 12 digits; zeros in front stay"),
    "ogrn": text("13 or 15 digits"),
    "snils": text("11 digits, with or without hyphens"),
    "name": text("in full, as in the passport"),
    "badge": text("as in the personnel records; zeros in front do not matter"),
    "money": text("roubles; a comma before the kopecks"),
    "budget_code": text("20 signs"),
    "holder": text("8 digits, or a name as in the table of municipalities"),
    "share": text("number; 1 is a full-time post"),
    "percent": text("number with the sign %"),
    "birth_year": text("year: yyyy"),
    **dict.fromkeys(CHOICES, text("one of the list")),
}


def write_template(
    table: str, path: Path, *, workspace: Workspace | None = None, language: Language = "ru"
) -> None:
    """Write an empty workbook for a table to `path`, in `language`.

    The first sheet has a title, an invented example above the header, and the header; it is frozen
    and formatted for 100,000 rows. The second explains every column. workspace: what is known there
    is offered as lists: municipalities, departments, services, organisations, programmes, and the
    indicators of its methodology. A filled template goes through `add` without a profile.

    Raises FileProblem where there is no such table or the file is there already.
    """
    chosen = table_of(table)
    path = Path(path)
    if path.suffix.lower() != ".xlsx":
        raise FileProblem(text("{file}: call the file something.xlsx.", file=path))
    if path.exists():
        raise FileProblem(
            text("{file} is there already, and may be filled in: choose another name.", file=path)
        )
    land(path, template_bytes(chosen.name, workspace=workspace, language=language))


def template_bytes(
    table: str,
    *,
    workspace: Workspace | None = None,
    language: Language = "ru",
    rows: Sequence[Mapping[str, object]] = (),
) -> bytes:
    """The same workbook as bytes, with `rows` filled in: column → its value as it is stored."""
    chosen = table_of(table)
    content = io.BytesIO()
    book = xlsxwriter.Workbook(
        content, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    page = _Page(book, chosen, offered_choices(chosen, workspace, language), language)
    page.fill()
    page.fill_in(rows)
    page.explain()
    page.list_choices()
    book.close()
    return content.getvalue()


def said_in_file(kind: Kind, value: str, language: Language) -> str:
    """A stored text as a file has it: a code of few answers in words."""
    return CHOICES[kind][value].said(language) if kind in CHOICES else value


def header_of_column(table: str, column: str, language: Language) -> str:
    """What a column is called in a template: one of its Russian names, or its own."""
    return HEADERS.get((table, column), aliases(table)[column][1]) if language == "ru" else column


class _Page:
    """Writes the sheets of one template."""

    def __init__(
        self,
        book: xlsxwriter.Workbook,
        table: Table,
        choices: Mapping[str, Choices],
        language: Language,
    ) -> None:
        self.book, self.table, self.choices, self.language = book, table, choices, language
        self.columns = COLUMNS[table.name]
        self.sheet = book.add_worksheet(self.say(text("Fill in")))
        self.legend = book.add_worksheet(self.say(text("What is what")))
        self.lists = book.add_worksheet(self.say(text("Lists"))) if choices else None
        for sheet in (self.sheet, self.legend):
            sheet.set_landscape()
            sheet.set_paper(9)  # A4
            sheet.fit_to_pages(1, 0)

    def say(self, sentence: Text) -> str:
        return sentence.said(self.language)

    def style(self, **properties: object) -> Format:
        return self.book.add_format({"font_name": "Arial", "font_size": 10, **properties})

    def header(self, column: str) -> str:
        return header_of_column(self.table.name, column, self.language)

    def fill(self) -> None:
        """The sheet to fill in."""
        title = self.style(bold=True, font_size=12)
        example = self.style(italic=True, font_color="#707070", num_format="@")
        needed = self.style(bold=True, bg_color="#D9E6F2", border=1, text_wrap=True, valign="top")
        other = self.style(bg_color="#EEF2F5", border=1, text_wrap=True, valign="top")
        self.sheet.write_string(TITLE_ROW, 0, self._title(), title)
        for at, (name, explained) in enumerate(self.columns.items()):
            kind = self.table.inputs[name]
            self.sheet.set_column(at, at, _width(self.header(name), explained), self._cell(kind))
            self.sheet.write_string(EXAMPLE_ROW, at, self._example(name, explained), example)
            head = needed if self._is_needed(name) else other
            self.sheet.write_string(HEADER_ROW, at, self.header(name), head)
            self.sheet.data_validation(FIRST_ROW, at, LAST_ROW, at, self._rule(name, kind))
        self.sheet.set_row(HEADER_ROW, 32)
        self.sheet.freeze_panes(FIRST_ROW, 0)

    def fill_in(self, rows: Sequence[Mapping[str, object]]) -> None:
        """Rows as they are stored, under the header."""
        for line, row in enumerate(rows, start=FIRST_ROW):
            for at, name in enumerate(self.columns):
                value, kind = row.get(name), self.table.inputs[name]
                if isinstance(value, dt.date):
                    day = dt.datetime(value.year, value.month, value.day)
                    self.sheet.write_datetime(line, at, day, self._cell(kind))
                elif isinstance(value, int | float):
                    self.sheet.write_number(line, at, value, self._cell(kind))
                elif value is not None:
                    told = said_in_file(kind, str(value), self.language)
                    self.sheet.write_string(line, at, told, self._cell(kind))

    def explain(self) -> None:
        """The sheet that says what every column is."""
        head = self.style(bold=True, bg_color="#D9E6F2", border=1)
        plain = self.style(text_wrap=True, valign="top", border=1)
        said = self.style(text_wrap=True, valign="top")
        row = 0
        for sentence in self._introduction():
            self.legend.merge_range(row, 0, row, 4, self.say(sentence), said)
            self.legend.set_row(row, 18)
            row += 1
        headings = (
            (text("Column"), 26),
            (text("What it is"), 48),
            (text("How to write it"), 32),
            (text("Example (invented)"), 26),
            (text("Needed?"), 30),
        )
        for at, (heading, width) in enumerate(headings):
            self.legend.set_column(at, at, width)
            self.legend.write_string(row + 1, at, self.say(heading), head)
        for at, (name, explained) in enumerate(self.columns.items(), start=row + 2):
            cells = (
                self.header(name),
                self.say(explained.what),
                self.say(_FORMS[self.table.inputs[name]]),
                self._example(name, explained),
                self.say(self._need(name)),
            )
            # Excel does not heighten rows for text that a program has written
            widths = (width for _, width in headings)
            lines = max(ceil(len(cell) / width) for cell, width in zip(cells, widths, strict=True))
            self.legend.set_row(at, 14 * lines)
            for place, cell in enumerate(cells):
                self.legend.write_string(at, place, cell, plain)

    def list_choices(self) -> None:
        """The sheet that the lists of choices are kept in."""
        if self.lists is None:
            return
        head = self.style(bold=True)
        for at, (name, choices) in enumerate(self.choices.items()):
            # Not the header itself: the sheet must never be taken for the one to read.
            self.lists.write_string(0, at, self.say(text("List: ")) + self.header(name), head)
            for row, value in enumerate(choices.values, start=1):
                self.lists.write_string(row, at, value)
            self.lists.set_column(at, at, 32)

    def _title(self) -> str:
        about = self.say(TABLES_EXPLAINED[self.table.name])
        told = text(
            "Row 2 is an invented example; what stands above the header is not read. Fill in from "
            "row 4 on."
        )
        return f"{about} {self.say(told)}"

    def _introduction(self) -> tuple[Text, ...]:
        people = text(
            "Names, СНИЛС and personnel numbers become pseudonyms while the file is read, before "
            "anything is stored. Do not write applicants, telephones, addresses or texts of cases."
        )
        return (
            TABLES_EXPLAINED[self.table.name],
            text(
                "Dark headers are needed. Columns may be moved or deleted, but not renamed. "
                "Columns of your own are not read."
            ),
            *((people,) if self.table.identifies_people or self.table.name == "cases" else ()),
            text(
                "When it is filled in: otdacha add DIR {table} FILE.xlsx. Rows with a fault come "
                "back with the reason, the others are stored.",
                table=self.table.name,
            ),
        )

    def _example(self, name: str, explained: Explained) -> str:
        kind = self.table.inputs[name]
        if kind in ("yes_no", "day_kind") and explained.example:
            return self.say(ANSWERS[explained.example])
        if kind in CHOICES:
            return self.say(CHOICES[kind][explained.example])
        return explained.example

    def _is_needed(self, name: str) -> bool:
        return name in self.table.required or (self.table.requires_people and name == "snils")

    def _need(self, name: str) -> Text:
        if self.table.requires_people and name in ("snils", "full_name", "birth_date"):
            return text("СНИЛС, or full name with date of birth")
        if self.table.name == "training" and name == "municipality":
            return text("may stay empty")
        return text("needed") if self._is_needed(name) else text("may stay empty")

    def _cell(self, kind: Kind) -> Format:
        if kind in _TYPED_AS_TEXT:
            return self.style(num_format="@")
        if kind in ("date", "birth_date", "expiry"):
            return self.style(num_format="dd.mm.yyyy", align="left")
        return self.style(num_format={"whole": "0", "money": "#,##0.00"}.get(kind, "General"))

    def _rule(self, name: str, kind: Kind) -> dict[str, object]:
        """The hint at a cell, and what it may hold; only closed lists are enforced."""
        hint = f"{self.say(self.columns[name].what)} {self.say(_FORMS[kind])}"
        rule: dict[str, object] = {
            "validate": "any",
            "input_title": self.header(name)[:32],
            "input_message": hint[:255],
        }
        if name in self.choices:
            place = list(self.choices).index(name)
            letter = xlsxwriter.utility.xl_col_to_name(place, col_abs=True)
            last = len(self.choices[name].values) + 1
            sheet = self.say(text("Lists"))
            strict = self.choices[name].strict
            return rule | {
                "validate": "list",
                "source": f"='{sheet}'!{letter}$2:{letter}${last}",
                "error_type": "stop" if strict else "warning",
                "error_title": self.header(name)[:32],
                "error_message": self.say(text("Choose one of the list."))
                if strict
                else self.say(
                    text("This is not in the list. Is it written as in the other files?")
                ),
            }
        if name == "rating":
            return rule | {
                "validate": "integer",
                "criteria": "between",
                "minimum": 1,
                "maximum": 5,
                "error_title": self.header(name)[:32],
                "error_message": self.say(text("A rating is a whole number from 1 to 5.")),
            }
        if kind in ("date", "birth_date", "expiry"):
            return rule | {
                "validate": "date",
                "criteria": "between",
                "minimum": dt.date(1930 if kind == "birth_date" else 1950, 1, 1),
                "maximum": dt.date(2100, 12, 31),
                "error_type": "warning",
                "error_title": self.header(name)[:32],
                "error_message": self.say(_FORMS["date"]),
            }
        return rule


def _width(header: str, explained: Explained) -> int:
    return min(40, max(14, len(header) + 2, len(explained.example) + 2))
