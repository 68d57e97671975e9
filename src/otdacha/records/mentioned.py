"""Whom a file itself speaks of: names and numbers of its own columns, met where none should be.

A surname alone looks like any other word. But a file whose column "Заявитель" or "Сотрудник" holds
it says that it is one: then it may stand neither in another cell of that row that is stored, nor in
the names of the file, of its sheet and of its columns.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

import polars as pl

from otdacha.records.headers import folded as folded_header
from otdacha.records.personal import as_cyrillic, looks_personal, shape_of, unless_personal
from otdacha.records.sheet import Sheet
from otdacha.records.tables import Table

_ABOUT_PEOPLE = re.compile(
    r"фио|ф и о|фамилия|заявител|сотрудник|слушател|получател|граждан|исполнител|работник|"
    r"представител|служащ|руководител|начальник|ответственн|applicant|employee|trainee|"
    r"surname|full name"
)
_SURNAMES = re.compile(r"фамилия|surname")
_NUMBERS = re.compile(r"снилс|страховой номер|телефон|тел$|тел |phone|snils|паспорт")
_PARTS = ("surname", "given_name", "patronymic")
_NOT_LETTERS = r"[^\p{L}]+"
_INITIALS = r"^(?:[а-я]( [а-я])?)?$"
_SURNAME = r"(\p{L}{2,})"
"""The first word that is no initial."""
_FEWEST_DIGITS, _MOST_DIGITS = 7, 10
"""Shorter numbers are no telephones; of a longer one the last ten digits tell (+7 and 8 are one,
and a СНИЛС has lost its first zero)."""
_SHORTEST_STEM = 5


@dataclass(frozen=True)
class Mentioned:
    """names: full names or surnames, folded, a column each; numbers: the last ten digits, likewise.
    One entry for each row of the file; null where there is none."""

    names: tuple[pl.Series, ...]
    numbers: tuple[pl.Series, ...]

    def in_cells(self, cells: pl.Series) -> pl.Series:
        """True where a cell is a name or a number of a person of the same row, and nothing else."""
        found = pl.repeat(False, cells.len(), dtype=pl.Boolean, eager=True)
        if self.names and self._may_be_surnames(cells):
            said = _letters(cells)
            for names in self.names:
                found |= _is_name(said, names)
        if self.numbers:
            digits = _digits(cells)
            for numbers in self.numbers:
                found |= (digits == numbers).fill_null(value=False)
        return found

    def masked(self, label: str) -> str:
        """The name of a file, a sheet or a column, or its shape where it names a person."""
        if not self._surnames:
            return unless_personal(label)
        words = set(_letters(pl.Series([label]))[0].split())
        # endings differ by case: Иванова, Ивановой, Ивановых
        alike = _stems(words) & self._stems_of_surnames
        return shape_of(label) if alike or words & self._surnames else unless_personal(label)

    @cached_property
    def _stems_of_surnames(self) -> frozenset[str]:
        return _stems(self._surnames)

    @cached_property
    def _surnames(self) -> frozenset[str]:
        return frozenset(
            surname
            for names in self.names
            for surname in names.str.extract(_SURNAME, 1).drop_nulls().unique().to_list()
        )

    def _may_be_surnames(self, cells: pl.Series) -> bool:
        words = _letters(cells.drop_nulls().unique()).str.split(" ").explode()
        known = pl.Series(list(self._surnames), dtype=pl.String)
        return bool(words.is_in(known.implode()).any())


def mentioned(table: Table, sheet: Sheet, columns: Mapping[str, str]) -> Mentioned:
    """The people of a file. columns: input → column of the sheet's cells."""
    kinds = {at: table.inputs[name] for name, at in columns.items()}
    names, numbers = [], []
    if "full_name" in columns:
        names.append(_letters(sheet.cells[columns["full_name"]]))
    parts = [columns[name] for name in _PARTS if name in columns]
    if "surname" in columns:
        joined = sheet.cells.select(pl.concat_str(parts, separator=" ", ignore_nulls=True))
        names.append(_letters(joined.to_series()))
    for at, header in enumerate(sheet.headers):
        kind, said, cells = kinds.get(str(at)), folded_header(header), sheet.cells[str(at)]
        if kind is None and _SURNAMES.search(said):
            names.append(_letters(cells))
        elif kind is None and _ABOUT_PEOPLE.search(said):
            people = looks_personal(cells)
            if people.any():
                names.append(_letters(_where(people, cells)))
        elif kind == "snils" or (kind is None and _NUMBERS.search(said)):
            numbers.append(_digits(cells))
    return Mentioned(tuple(names), tuple(numbers))


def _is_name(said: pl.Series, names: pl.Series) -> pl.Series:
    """Surname alone, with initials before or after it, or several words of the full name."""
    frame = pl.DataFrame([said.alias("said"), names.alias("name")]).with_columns(
        surname=pl.col("name").str.extract(_SURNAME, 1)
    )
    cell, surname = pl.col("said"), pl.col("surname")
    after = cell.str.strip_prefix(surname).str.strip_chars(" ")
    before = cell.str.strip_suffix(surname).str.strip_chars(" ")
    is_name = (
        (cell.str.starts_with(surname) & after.str.contains(_INITIALS))
        | (cell.str.ends_with(surname) & before.str.contains(_INITIALS))
        | (cell.str.contains(" ", literal=True) & pl.col("name").str.contains(cell, literal=True))
    )
    return frame.select(is_name.fill_null(value=False).alias("is"))["is"]


def _stems(words: Iterable[str]) -> frozenset[str]:
    stems = (stem for word in words for stem in (word, word[:-1], word[:-2]))
    return frozenset(stem for stem in stems if len(stem) >= _SHORTEST_STEM)


def _letters(cells: pl.Series) -> pl.Series:
    """Cells as they are compared: words in lower case, ё as е, Latin look-alikes as Cyrillic."""
    plain = pl.col("cell").str.to_lowercase().str.replace_all("ё", "е", literal=True)
    letters = plain.str.replace_all(_NOT_LETTERS, " ").str.strip_chars(" ")
    return as_cyrillic(cells).to_frame("cell").select(letters)["cell"]


def _digits(cells: pl.Series) -> pl.Series:
    """The last ten digits; null where a cell has too few, or letters besides."""
    # as text, as a number, as a number that Excel shows as 1.2345678901E+10
    plain = pl.col("cell").str.replace(r"[.,]0$", "").str.replace(r"[eE]\+?1\d$", "")
    plain = plain.str.replace_all(r"[\s().,+–—-]", "")
    digits = plain.str.strip_chars_start("0")
    number = digits.str.contains(rf"^\d{{{_FEWEST_DIGITS},}}$")
    return cells.to_frame("cell").select(pl.when(number).then(digits.str.tail(_MOST_DIGITS)))[
        "cell"
    ]


def _where(mask: pl.Series, cells: pl.Series) -> pl.Series:
    frame = pl.DataFrame([mask.alias("mask"), cells.alias("cell")])
    return frame.select(pl.when("mask").then("cell").alias("cell"))["cell"]
