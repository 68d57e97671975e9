"""The rules of one row, and of rows within one file: every row is accepted or has its reasons."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import reduce
from operator import or_

import polars as pl

from otdacha.records.headers import folded
from otdacha.records.mentioned import Mentioned
from otdacha.records.pay_schemas import LARGEST_SALARY
from otdacha.records.personal import looks_personal
from otdacha.records.schemas import RULE_COLUMNS
from otdacha.records.tables import Table
from otdacha.records.values import FIRST_YEAR, LAST_YEAR

FAULTS = pl.Schema({"at": pl.Int64, "column": pl.String, "value": pl.String, "reason": pl.String})
"""Faults found: `at` is the 0-based place of the row among the file's rows."""

COURSES = ("training", "offers", "attendance")
"""Tables whose hours are those of one course of one person."""

LONGEST_COURSE = 5_000
"""Hours. The longest retraining takes under 2,000; above this the cell holds something else."""
_WIDE = 4
_ERROR = (
    r"^(?:#(?:REF!|DIV/0!|VALUE!|NAME\?|NUM!|NULL!|#+|"
    r"ССЫЛКА!|ДЕЛ/0!|ЗНАЧ!|ИМЯ\?|ЧИСЛО!|ПУСТО!)|=)$"
)

LARGEST = 1e9
"""No figure of these tables reaches it; a telephone or a СНИЛС in the wrong column does."""

PUBLIC = (("providers", "name"), ("providers", "licence"))
"""A sole trader's registered name is a public fact, and their licence has a number."""

_TOWNLIKE = r"(?i)округ|район|поселени|город|пос[её]л|сельсовет|муниципальн"
"""Words of a municipality's name: "городской округ Богданович" is nobody's patronymic."""

UNBOUNDED = (*((name, "hours") for name in COURSES), ("statistics", "value"))
"""Hours have a bound of their own; a statistic may be any sum of money."""

LARGEST_BUDGET = 1e12
"""Roubles a year. From `LARGEST` on a sum must be written as one, or it may be a telephone."""
_BARE = r"^[-+]?\d+(?:[.,]0+)?$|[eE]"

LONGEST_LIMIT = 10_000
"""Days, twenty-seven years; above this a time limit is a telephone of a small town."""

_IDENTIFIERS = ("snils", "full_name", "surname", "given_name", "patronymic")
_OF_PEOPLE = (*_IDENTIFIERS, "birth_date")
"""The inputs that a person is told by; a birth date alone tells nobody."""
_MOST = {
    ("cases", "limit_days"): LONGEST_LIMIT,
    ("budgets", "amount"): LARGEST_BUDGET,
    ("posts", "salary"): LARGEST_SALARY,
    ("finances", "norm"): LARGEST_BUDGET,
    ("finances", "available"): LARGEST_BUDGET,
}
"""Columns whose numbers have a bound of their own."""


@dataclass
class Faults:
    """Collects what is wrong while a file is checked. raw: the cells by input, for quoting."""

    height: int
    found: list[pl.DataFrame] = field(default_factory=list)

    def add(
        self, mask: pl.Series, column: str | None, reason: str, cells: pl.Series | None
    ) -> None:
        """Report `reason` at `column` for every row where `mask` is true."""
        if mask.any():
            self._append(mask, column, pl.lit(reason), cells)

    def add_each(self, reasons: pl.Series, column: str | None, cells: pl.Series | None) -> None:
        """Report at `column` the reasons that are not null."""
        if reasons.null_count() < reasons.len():
            self._append(reasons.is_not_null(), column, reasons.alias("reason"), cells)

    def _append(
        self,
        mask: pl.Series,
        column: str | None,
        reason: pl.Expr | pl.Series,
        cells: pl.Series | None,
    ) -> None:
        quoted = pl.lit(None, pl.String) if cells is None else cells.cast(pl.String)
        frame = pl.DataFrame({"mask": mask}).with_columns(
            pl.int_range(pl.len(), dtype=pl.Int64).alias("at"),
            pl.lit(column, pl.String).alias("column"),
            quoted.alias("value"),
            reason.alias("reason"),
        )
        self.found.append(frame.filter("mask").select(FAULTS.names()))

    def frame(self) -> pl.DataFrame:
        """All faults, schema `FAULTS`, by row; a row may have several."""
        return pl.concat([FAULTS.to_frame(), *self.found]).sort("at", maintain_order=True)

    def faulty(self) -> pl.Series:
        """True for each row that has a fault."""
        at = self.frame()["at"].unique()
        return pl.int_range(self.height, dtype=pl.Int64, eager=True).is_in(at.implode())


def check_rows(
    table: Table,
    typed: pl.DataFrame,
    cells: dict[str, pl.Series],
    faults: Faults,
    mentioned: Mentioned,
    *,
    least_hours: int,
    today: dt.date,
) -> None:
    """Rules that a row keeps or breaks by itself.

    typed: the stored columns; cells: the file's strings by input, for quoting. mentioned: the
    people of the file. least_hours: a shorter course is no professional development by law.
    """
    for name in table.begins:
        year = typed[name].dt.year()
        out = ((year < FIRST_YEAR) | (year > LAST_YEAR)).fill_null(value=False)
        faults.add(out, name, "date_out_of_range", cells.get(name))
    for name in table.past:
        future = (typed[name] > today).fill_null(value=False)
        faults.add(future, name, "date_in_the_future", cells.get(name))
    if table.name == "training":
        few = (typed["hours"] < least_hours).fill_null(value=False)
        faults.add(few, "hours", "too_few_hours", cells.get("hours"))
    if table.name in COURSES:
        many = (typed["hours"] > LONGEST_COURSE).fill_null(value=False)
        faults.add(many, "hours", "too_many_hours", cells.get("hours"))
    for name, kind in table.inputs.items():
        bounded = (table.name, name) not in UNBOUNDED and name in typed.columns
        if kind in ("number", "whole", "money") and bounded:
            most = _MOST.get((table.name, name), LARGEST)
            large = (typed[name].abs() >= most).fill_null(value=False)
            faults.add(large, name, "number_too_large", cells.get(name))
            if most > LARGEST and name in cells:
                unwritten = cells[name].str.contains(_BARE) & (typed[name] >= LARGEST) & ~large
                faults.add(unwritten.fill_null(value=False), name, "bare_number", cells[name])
        if kind in ("text", "holder") and name in cells:
            public = (table.name, name) in PUBLIC
            bare = name != "case" and not public
            personal = looks_personal(cells[name], bare_numbers=bare, names=not public)
            if (table.name, name) == ("municipalities", "name"):
                personal &= ~cells[name].str.contains(_TOWNLIKE).fill_null(value=False)
            if not public:
                personal |= mentioned.in_cells(cells[name])
            faults.add(personal, name, "personal_data", cells[name])
    if table.identifies_people and not table.requires_people:
        _check_half_told(typed, cells, faults)
    _check_schema(table, typed, cells, faults)


def _check_half_told(typed: pl.DataFrame, cells: dict[str, pl.Series], faults: Faults) -> None:
    """Rows that need not name anybody, and name somebody who cannot be told apart.

    Without this a need of one person would silently become a need of anybody.
    """
    named = [cells[name].is_not_null() for name in _IDENTIFIERS if name in cells]
    if not named:
        return
    told = typed["person"].is_not_null() | typed["badge"].is_not_null()
    known = faults.frame().filter(pl.col("column").is_in(_OF_PEOPLE))["at"].implode()
    places = pl.int_range(typed.height, dtype=pl.Int64, eager=True)
    half = reduce(or_, named) & ~told & ~places.is_in(known)
    faults.add(half, "snils", "no_identity", cells.get("snils"))


def _check_schema(
    table: Table, typed: pl.DataFrame, cells: dict[str, pl.Series], faults: Faults
) -> None:
    """The rules written at the table's schema, and the values that no row may lack.

    A value that was there and could not be read has its reason already and is not missing too.
    """
    known = faults.frame().select("at", "column").unique()
    place = pl.int_range(pl.len(), dtype=pl.Int64).alias("_row")
    _, failure = table.schema.filter(typed.with_columns(place, pl.lit("").alias("_batch")))
    broken = failure.counts()
    if not broken:
        return
    details = failure.details()
    for rule in broken:
        at = details.filter(pl.col(rule) == "invalid")["_row"]
        column, _, kind = rule.rpartition("|")
        if kind == "nullability":
            reason = "missing"
            if column == "provider":
                reason = "no_inn"
            if table.name == "offers" and column in ("started", "finished"):
                reason = "no_date_of_offer"
            told = known.filter(pl.col("column").is_in([column, *_sources(table, column)]))["at"]
            at = at.filter(~at.is_in(told.implode()))
            if column == "person":
                column, reason = "snils", "no_identity"
        else:
            reason = rule
            column = RULE_COLUMNS.get(rule, table.ends)
        mask = pl.int_range(typed.height, dtype=pl.Int64, eager=True).is_in(at.implode())
        faults.add(mask, column, reason, cells.get(column))


def _sources(table: Table, column: str) -> tuple[str, ...]:
    """The inputs that a stored column is made of, where it is not read from one of its name."""
    if column == "person":
        return _OF_PEOPLE
    of_statistics = {
        "municipality": ("territory",),
        "begins": ("year", "period"),
        "ends": ("year", "period"),
    }
    if table.name == "statistics":
        return of_statistics.get(column, ())
    instead = table.instead.get(column, ())
    return tuple(name for names in instead for name in names)


def check_keys(
    table: Table,
    typed: pl.DataFrame,
    identical: pl.Series,
    cells: dict[str, pl.Series],
    faults: Faults,
) -> None:
    """Rows whose key stands above in the same file, among the rows that are otherwise right.

    identical: a hash of all cells of a row: a later row that repeats an earlier one cell for cell
    is told apart from one that contradicts it.
    """
    keys = typed.select(table.key)
    # Only rows whose keys have one hash can have one key: most files have none.
    alike = keys.hash_rows(seed=0).is_duplicated() & ~faults.faulty()
    frame = keys.with_columns(
        identical.alias("_cells"), pl.int_range(pl.len(), dtype=pl.Int64).alias("_at")
    ).filter(alike)
    later = frame.filter(~pl.struct(table.key).is_first_distinct())
    if later.is_empty():
        return
    same = frame.filter(~pl.struct(*table.key, "_cells").is_first_distinct())["_at"]
    places = pl.int_range(typed.height, dtype=pl.Int64, eager=True)
    repeated = places.is_in(later["_at"].implode())
    exact = places.is_in(same.implode())
    column = next((name for name in reversed(table.key) if name in cells), table.key[-1])
    faults.add(repeated & exact, column, "repeated_row", cells.get(column))
    faults.add(repeated & ~exact, column, "repeated_key", cells.get(column))
    if table.name == "providers":
        renamed = places.is_in(_renamed(typed, frame["_at"])["_at"].implode())
        faults.add(repeated & renamed, "name", "another_name", cells.get("name"))


def check_limits(
    typed: pl.DataFrame,
    limits: Mapping[str, tuple[float, float]],
    cells: dict[str, pl.Series],
    faults: Faults,
) -> None:
    """Numbers outside what a profile says is possible."""
    for name, (least, most) in limits.items():
        # a single observation is stored as a mean
        number = typed[name if name in typed.columns else "mean"]
        faults.add(~number.is_between(least, most), name, "out_of_limits", cells.get(name))


def check_once(
    typed: pl.DataFrame, event: tuple[str, ...], cells: dict[str, pl.Series], faults: Faults
) -> None:
    """Rows that tell of the same event as a row above, among the rows that are otherwise right.

    event: the stored columns that name one, as a profile says; none: nothing is checked.
    """
    if not event:
        return
    right = typed.with_row_index("_at").filter(~faults.faulty())
    again = right.filter(~pl.struct(event).is_first_distinct())["_at"]
    places = pl.int_range(typed.height, dtype=pl.UInt32, eager=True)
    name = next((name for name in event if name in cells), event[0])
    faults.add(places.is_in(again.implode()), name, "same_event", cells.get(name))


def _renamed(providers: pl.DataFrame, right: pl.Series) -> pl.DataFrame:
    """Rows of an ИНН that stands above in the file with a name that says something else."""
    name = pl.col("name").map_elements(folded, return_dtype=pl.String)
    rows = providers.select("provider", name, _at=pl.int_range(pl.len(), dtype=pl.Int64))
    first = rows.filter(pl.col("_at").is_in(right.implode())).unique(
        "provider", keep="first", maintain_order=True
    )
    return rows.join(first, on="provider", suffix="_first").filter(
        pl.col("name") != pl.col("name_first")
    )


def without_errors(cells: pl.Series, column: str, faults: Faults) -> pl.Series:
    """The cells, but null where a spreadsheet program shows an error instead of a value."""
    if not cells.str.contains("^[#=]").any():
        return cells
    error = cells.str.contains(_ERROR).fill_null(value=False)
    faults.add(error, column, "error_cell", cells)
    return cells.zip_with(~error, pl.repeat(None, cells.len(), dtype=pl.String, eager=True))


def notes_told(faults: pl.DataFrame, cells: pl.DataFrame) -> pl.DataFrame:
    """The faults, but of a faulty row with a single filled cell only that: it is no record.

    cells: the file's rows as they were read. In a narrow table a single cell may be the record.
    """
    about_cells = faults.filter(pl.col("column").is_not_null())
    if cells.width < _WIDE or about_cells.is_empty():
        return faults
    at = about_cells["at"].unique()
    filled = pl.sum_horizontal((pl.all().str.strip_chars() != "").fill_null(value=False))
    lone = at.filter(cells[at].select(filled).to_series() == 1)
    notes = lone.to_frame("at").select(
        "at",
        pl.lit(None, pl.String).alias("column"),
        pl.lit(None, pl.String).alias("value"),
        pl.lit("note_row").alias("reason"),
    )
    kept = faults.filter(~pl.col("at").is_in(lone.implode()))
    return pl.concat([kept, notes]).sort("at", maintain_order=True)
