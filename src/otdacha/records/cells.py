"""The strings of each input of a table, out of the columns of a file, as its profile says."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from otdacha.records.checks import Faults, without_errors
from otdacha.records.cleaning import cleaned
from otdacha.records.headers import folded
from otdacha.records.matching import Matching
from otdacha.records.profiles import Profile, Refusal
from otdacha.records.sheet import Sheet
from otdacha.records.tables import Table
from otdacha.records.values import YEAR, from_1900, translated

_DAY_OF_YEAR = {"first": ("-01-01", 0), "last": ("-12-31", 0), "eve": ("-12-31", 1)}


def cells_of(
    table: Table,
    sheet: Sheet,
    matching: Matching,
    rules: Profile,
    constants: Mapping[str, str],
    faults: Faults,
) -> dict[str, pl.Series]:
    """The cleaned strings of each input that the file or a constant fills.

    Where a header stands several times and its cells contradict each other, the row has a fault.
    """
    nothing = frozenset(cell.casefold() for cell in rules.missing)
    cells = {}
    for name in table.inputs:
        if name in constants:
            constant = cleaned(pl.Series([constants[name]], dtype=pl.String))[0]
            cells[name] = pl.repeat(constant, sheet.cells.height, dtype=pl.String, eager=True)
            continue
        if name in matching.columns:
            copies = [
                cleaned(sheet.cells[column], nothing)
                for column in (matching.columns[name], *matching.copies.get(name, ()))
            ]
            cells[name] = _agreed(copies, name, faults)
        elif name in matching.joined:
            cells[name] = _joined(sheet, matching.joined[name], nothing)
        else:
            continue
        cells[name] = without_errors(cells[name], name, faults)
        if sheet.from_1904 and table.inputs[name] in ("date", "month", "birth_date", "expiry"):
            cells[name] = from_1900(cells[name])
        if name in rules.values:
            cells[name] = translated(cells[name], rules.values[name])
        if name in rules.years:
            cells[name] = _dated(cells[name], rules.years[name])
    return cells


def refuse(sheet: Sheet, rules: Profile, faults: Faults) -> None:
    """Report the rows that the profile refuses; the column is called as in the file."""
    for refusal in rules.reject:
        place = column_named(sheet, refusal.header)
        if place is not None:
            cells = cleaned(sheet.cells[place])
            faults.add(_refused(cells, refusal), sheet.headers[int(place)], refusal.reason, cells)


def put_within_years(
    typed: pl.DataFrame, sheet: Sheet, rules: Profile, faults: Faults
) -> pl.DataFrame:
    """Days that lie in a year that another column of the file names.

    A day after that year becomes its last day; a day before it is a fault. Where no year stands the
    day is taken as it is.
    """
    for name, header in rules.within.items():
        place = column_named(sheet, (header,))
        if place is None:
            continue
        cells = cleaned(sheet.cells[place])
        year = cells.str.extract(YEAR, 1).cast(pl.Int32, strict=False)
        last = pl.date(pl.col("year"), 12, 31)
        day = pl.col("day")
        frame = pl.DataFrame({"day": typed[name], "year": year})
        early = frame.select((day.dt.year() < pl.col("year")).fill_null(False).alias("early"))
        faults.add(early["early"], name, "before_its_year", cells)
        unread = cells.is_not_null() & year.is_null()
        faults.add(unread, name, "not_a_year", cells)
        bounded = frame.select(pl.when(day > last).then(last).otherwise(day).alias(name))
        typed = typed.with_columns(bounded[name])
    return typed


def years_only(rules: Profile, matching: Matching) -> tuple[str, ...]:
    """The columns of which the file tells only the year, wholly or as a bound."""
    return tuple(name for name in matching.columns if name in {*rules.years, *rules.within})


def column_named(sheet: Sheet, headers: tuple[str, ...]) -> str | None:
    """The first column of the sheet that is called one of these."""
    names = {folded(header) for header in headers}
    found = (str(i) for i, header in enumerate(sheet.headers) if header and folded(header) in names)
    return next(found, None)


def _agreed(copies: list[pl.Series], name: str, faults: Faults) -> pl.Series:
    """One column out of several with one header: what any of them says, unless two differ."""
    first = copies[0]
    for other in copies[1:]:
        differ = (first != other).fill_null(value=False)
        faults.add(differ, name, "contradicting_columns", other)
        first = pl.DataFrame({"a": first, "b": other}).select(pl.coalesce("a", "b"))["a"]
    return first


def _joined(sheet: Sheet, columns: tuple[str, ...], nothing: frozenset[str]) -> pl.Series:
    """`header=cell; header=cell`, empty cells left out."""
    parts = [
        (pl.lit(f"{sheet.headers[int(column)]}=") + cleaned(sheet.cells[column], nothing)).alias(
            column
        )
        for column in columns
    ]
    frame = sheet.cells.select(parts)
    joint = frame.select(pl.concat_str(pl.all(), separator="; ", ignore_nulls=True).alias("joint"))
    return joint.select(pl.when(pl.col("joint") != "").then(pl.col("joint")))["joint"]


def _dated(cells: pl.Series, end: str) -> pl.Series:
    """Cells that are bare years as the day of the year that is meant; others as they are."""
    suffix, before = _DAY_OF_YEAR[end]
    year = pl.col("cell").str.extract(YEAR, 1).cast(pl.Int64) - before
    day = year.cast(pl.String) + suffix
    return cells.to_frame("cell").select(pl.coalesce(day, pl.col("cell")).alias("cell"))["cell"]


def _refused(cells: pl.Series, refusal: Refusal) -> pl.Series:
    said = cells.str.to_lowercase().str.replace_all("ё", "е", literal=True)
    listed = [value.casefold().replace("ё", "е") for value in (*refusal.when, *refusal.unless)]
    among = said.is_in(listed).fill_null(value=False)
    return among if refusal.when else ~among
