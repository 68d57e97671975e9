"""What the cells of a column look like: how many of a sample can be read as which kind."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

import polars as pl

from otdacha.records.cleaning import cleaned
from otdacha.records.columns import READERS
from otdacha.records.identifiers import as_snils
from otdacha.records.periods import as_last_months
from otdacha.records.personal import bare_shape_of
from otdacha.records.shares import as_birth_years
from otdacha.records.tables import Kind
from otdacha.records.values import (
    Parsed,
    as_dates,
    as_expiry,
    as_months,
    as_whole_numbers,
)

SAMPLE = 200
"""Filled cells that are looked at: every n-th of the file."""
SHAPES = 3
SLASHED = ("%d/%m/%Y", "%m/%d/%Y")
_WORD = r"[А-ЯЁ][А-Яа-яЁё-]+"
_NAMES = (rf"^{_WORD} {_WORD}(?: {_WORD})?$", r"^[А-ЯЁ][а-яё-]+ [А-ЯЁ]\. ?[А-ЯЁ]\.", rf"^{_WORD}$")
_DATED = r"^\d{1,2}\.\d{1,2}\.\d{2,4}|^\d{4}-\d{2}-\d{2}"
_OLDEST, _YOUNGEST = 1930, 2008


@dataclass(frozen=True)
class Contents:
    """A sample of a column. cells: cleaned, filled ones. filled: how many of all rows are."""

    cells: pl.Series
    filled: int
    _known: dict[Kind, float | None] = field(default_factory=dict, repr=False, compare=False)

    @cached_property
    def different(self) -> int:
        return self.cells.n_unique()

    @cached_property
    def repeats(self) -> bool:
        """Whether a few values come again and again, as services and departments do."""
        return self.cells.len() >= 4 and self.different <= max(2, self.cells.len() // 2)

    @cached_property
    def shapes(self) -> tuple[str, ...]:
        """The commonest cells with every letter and digit masked."""
        shapes = pl.Series(
            "shape", [bare_shape_of(cell) for cell in self.cells.to_list()], pl.String
        )
        counted = shapes.value_counts(sort=True)["shape"]
        return tuple(counted.head(SHAPES).to_list())

    @cached_property
    def date_form(self) -> str | None:
        """The form of dates with slashes, where only one of day and month first can be read."""
        if not self.has_slashes:
            return None
        fitting = [form for form in SLASHED if self._share(as_dates(self.cells, (form,))) == 1.0]
        return fitting[0] if len(fitting) == 1 else None

    @cached_property
    def has_slashes(self) -> bool:
        """Whether there are dates in which nobody knows whether the day or the month is first."""
        return bool(self.cells.str.contains(r"^\d{1,2}/\d{1,2}/\d{4}$").any())

    def fits(self, kind: Kind) -> float | None:
        """The share of cells that can be read as `kind`; None where no cell tells anything."""
        if kind not in self._known:
            self._known[kind] = self._fits(kind)
        return self._known[kind]

    def _fits(self, kind: Kind) -> float | None:
        if self.cells.is_empty() or kind in ("text", "holder"):
            return None
        if kind == "name":
            return max(self._share_of(self.cells.str.contains(form)) for form in _NAMES)
        if kind == "badge":
            return self._share_of(self.cells.str.contains(r"^[\w/-]{1,12}$"))
        if kind == "date" and self.date_form:
            return 1.0
        if kind in ("birth_date", "birth_year"):
            read = as_birth_years if kind == "birth_year" else as_dates
            years = read(self.cells).value
            born = (years if kind == "birth_year" else years.dt.year()).is_between(
                _OLDEST, _YOUNGEST
            )
            return self._share_of(born)
        if kind in ("number", "whole", "money", "share", "percent"):
            # 10.02.2024 is not ten million
            dated = self.cells.str.contains(_DATED)
            return min(self._share(_READERS[kind](self.cells)), 1.0 - self._share_of(dated))
        if kind == "year":
            years = as_whole_numbers(self.cells).value.is_between(1950, 2100)
            return self._share_of(years)
        return self._share(_READERS[kind](self.cells))

    @cached_property
    def is_rating(self) -> bool:
        """Whether all cells are whole numbers from 1 to 5."""
        marks = as_whole_numbers(self.cells).value.is_between(1, 5)
        return bool(marks.fill_null(value=False).all()) and not self.cells.is_empty()

    def _share_of(self, yes: pl.Series) -> float:
        return int(yes.fill_null(value=False).sum()) / self.cells.len()

    def _share(self, parsed: Parsed) -> float:
        return 1.0 - parsed.value.null_count() / self.cells.len()


_READERS: Mapping[str, Callable[[pl.Series], Parsed]] = {
    **{kind: read for kind, read in READERS.items() if kind != "text"},  # anything is a text
    "date": as_dates,
    "expiry": as_expiry,
    "month": as_months,
    "period": as_last_months,
    "snils": as_snils,
}


def contents(cells: pl.Series) -> Contents:
    """A sample of the filled cells of a column, spread over the whole file."""
    filled = cleaned(cells).drop_nulls()
    step = max(1, filled.len() // SAMPLE)
    return Contents(filled.gather_every(step).head(SAMPLE), filled.len())
