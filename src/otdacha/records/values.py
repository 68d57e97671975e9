"""Strings to typed values: each reader returns the values and, where it fails, the reason."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import polars as pl

EXCEL_DAY_ZERO = pl.date(1899, 12, 30)
FIRST_YEAR, LAST_YEAR = 1950, 2100
_DAYS_1900_TO_1904 = 1_462
_FIRST_SERIAL, _LAST_SERIAL = 18_264, 73_415  # 1950-01-01, 2100-12-31

MONTHS = {
    name: number
    for number, names in enumerate(
        (
            ("января", "январь", "янв"),
            ("февраля", "февраль", "фев"),
            ("марта", "март", "мар"),
            ("апреля", "апрель", "апр"),
            ("мая", "май"),
            ("июня", "июнь", "июн"),
            ("июля", "июль", "июл"),
            ("августа", "август", "авг"),
            ("сентября", "сентябрь", "сен"),
            ("октября", "октябрь", "окт"),
            ("ноября", "ноябрь", "ноя"),
            ("декабря", "декабрь", "дек"),
        ),
        start=1,
    )
    for name in names
}
_TIME = r"^(\S{6,10})[Tt ]+\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?\s*(?:[Zz]|[+-]\d{2}:?\d{2})?$"
_YEAR_FIRST = r"^(?P<y>\d{4})[-./](?P<m>\d{1,2})[-./](?P<d>\d{1,2})$"
_DAY_FIRST = r"^(?P<d>\d{1,2})\.(?P<m>\d{1,2})\.(?P<y>\d{4}|\d{2})(?: ?г\.?| года)?$"
_SERIAL = r"^(\d{5})(?:[.,]\d+)?$"
_YEAR_MONTH = r"^(?P<y>\d{4})[-./](?P<m>\d{1,2})$"
_MONTH_YEAR = r"^(?P<m>\d{1,2})\.(?P<y>\d{4})$"
YEAR = r"^(\d{4})(?:[.,]0)?(?: ?г\.?| ?год)?$"
_ENDLESS = r"^(?:бессрочн\S*|без срока|не ограничен\S*|неограниченн\S*|постоянно|endless|no end)$"
_UNIT = r"^(.*\d)\s*(?:ч|час|часа|часов|ак\.?\s?ч|р|руб|рублей|₽|h|hours?|дн|дня|дней|день)\.?$"
_PLAIN = r"^[-+]?\d*[.,]?\d+(?:e[-+]?\d+)?$"
_GROUPED = r"^[-+]?\d{1,3}(?:[\s'’]\d{3})+(?:[.,]\d+)?$"
_COMMAS = r"^[-+]?\d{1,3}(?:(?:,\d{3})+\.\d+|(?:,\d{3}){2,})$"
_POINTS = r"^[-+]?\d{1,3}(?:(?:\.\d{3})+,\d+|(?:\.\d{3}){2,})$"

_YES = ("да", "yes", "y", "true", "истина", "1", "1.0", "+", "x", "х", "v", "✓")
_NO = ("нет", "no", "n", "false", "ложь", "0", "0.0")
_DAYS = ("", "дн", "день", "дни", "дней")
_WORKING = ("working", "workingdays", "рд")
_WORKING_WORDS = ("раб", "рабочие", "рабочий", "рабочих")
_CALENDAR = ("calendar", "calendardays", "кд")
_CALENDAR_WORDS = ("кал", "календ", "календарные", "календарный", "календарных")


@dataclass(frozen=True)
class Parsed:
    """Typed values; `fault` holds the reason code where a cell was there but could not be read."""

    value: pl.Series
    fault: pl.Series


def parse_each(cells: pl.Series, parse: Callable[[pl.Series], pl.DataFrame]) -> Parsed:
    """Read every distinct cell once. parse: distinct cells -> frame with `value` and `fault`."""
    distinct = cells.drop_nulls().unique()
    read = parse(distinct).select("value", "fault").with_columns(distinct.alias("cell"))
    placed = cells.to_frame("cell").join(read, on="cell", how="left", maintain_order="left")
    return Parsed(placed["value"], placed["fault"])


def _marked(cells: pl.Series, value: pl.Expr, fault: str | pl.Expr) -> pl.DataFrame:
    """`value`, and `fault` where it is null."""
    reason = pl.lit(fault) if isinstance(fault, str) else fault
    return (
        cells.to_frame("cell")
        .with_columns(value.alias("value"))
        .with_columns(pl.when(pl.col("value").is_null()).then(reason).alias("fault"))
    )


def as_text(cells: pl.Series) -> Parsed:
    return Parsed(cells, pl.repeat(None, cells.len(), dtype=pl.String, eager=True))


def as_dates(cells: pl.Series, forms: Sequence[str] = ()) -> Parsed:
    """Days. Understood: yyyy-mm-dd and dd.mm.yyyy (with or without a time, which is dropped),
    dd.mm.yy, `5 января 2024 г.`, Excel's day numbers, and the profile's own `forms` before all.

    Day and month are never guessed: dd/mm and mm/dd need a form.
    """
    if cells.len() and not forms:
        cells = cells.str.replace(_TIME, "${1}")
    return parse_each(cells, lambda distinct: _dates(distinct, forms))


def _dates(cells: pl.Series, forms: Sequence[str]) -> pl.DataFrame:
    cell = pl.col("cell")
    own = [
        cell.str.to_datetime(form, strict=False, time_unit="us").dt.date()
        if "%H" in form or "%I" in form
        else cell.str.to_date(form, strict=False)
        for form in forms
    ]
    plain = _with_numbered_months(cell.str.replace(_TIME, "${1}"))
    parts_first = plain.str.extract_groups(_YEAR_FIRST)
    parts_last = plain.str.extract_groups(_DAY_FIRST)
    shaped = parts_first.struct["y"].is_not_null() | parts_last.struct["y"].is_not_null()
    value = pl.coalesce(*own, _day(parts_first), _day(parts_last), _serial(plain))
    fault = pl.when(shaped).then(pl.lit("impossible_date")).otherwise(pl.lit("not_a_date"))
    return _marked(cells, value, fault)


def _with_numbered_months(cell: pl.Expr) -> pl.Expr:
    """`5 января 2024 г.` -> `5.1.2024`; other cells as they are."""
    words = r"^(\d{1,2}) ?([а-яё]+)\.? ?(\d{4})(?: ?г\.?| года)?$"
    lower = cell.str.to_lowercase()
    month = lower.str.extract(words, 2).replace_strict(MONTHS, default=None, return_dtype=pl.Int64)
    day, year = lower.str.extract(words, 1), lower.str.extract(words, 3)
    return pl.coalesce(pl.concat_str(day, month.cast(pl.String), year, separator="."), cell)


def _day(parts: pl.Expr) -> pl.Expr:
    year = parts.struct["y"]
    century = (
        pl.when(year.str.len_chars() == 4)
        .then(pl.lit(""))
        .when(year.cast(pl.Int64, strict=False) < 70)
        .then(pl.lit("20"))
        .otherwise(pl.lit("19"))
    )
    whole = pl.concat_str(century, year)
    written = pl.concat_str(
        whole, parts.struct["m"].str.zfill(2), parts.struct["d"].str.zfill(2), separator="-"
    )
    return written.str.to_date("%Y-%m-%d", strict=False)


def _serial(cell: pl.Expr) -> pl.Expr:
    """Excel counts days from 30 December 1899 (its day 60, 29 February 1900, never was)."""
    number = cell.str.extract(_SERIAL, 1).cast(pl.Int64)
    number = pl.when(number.is_between(_FIRST_SERIAL, _LAST_SERIAL)).then(number)
    return EXCEL_DAY_ZERO + pl.duration(days=number)


def from_1900(cells: pl.Series) -> pl.Series:
    """Day numbers of a workbook that counts from 1 January 1904, as others count them."""
    whole = pl.col("cell").str.extract(r"^(\d{4,5})(?:[.,]\d+)?$", 1).cast(pl.Int64)
    later = (whole + _DAYS_1900_TO_1904).cast(pl.String)
    return cells.to_frame("cell").select(pl.coalesce(later, "cell").alias("cell"))["cell"]


def as_months(cells: pl.Series, forms: Sequence[str] = ()) -> Parsed:
    """First days of months: yyyy-mm, mm.yyyy, `январь 2024`, or any date in the month."""

    def parse(distinct: pl.Series) -> pl.DataFrame:
        lower = pl.col("cell").str.to_lowercase()
        words = r"^([а-яё]+)\.? ?(\d{4})(?: ?г\.?| года)?$"
        named = lower.str.extract(words, 1).replace_strict(
            MONTHS, default=None, return_dtype=pl.Int64
        )
        spelt = pl.concat_str(lower.str.extract(words, 2), named.cast(pl.String), separator="-")
        cell = pl.coalesce(spelt, pl.col("cell"))
        months = [
            pl.concat_str(
                parts.struct["y"], parts.struct["m"].str.zfill(2), pl.lit("01"), separator="-"
            ).str.to_date("%Y-%m-%d", strict=False)
            for parts in (
                cell.str.extract_groups(_YEAR_MONTH),
                cell.str.extract_groups(_MONTH_YEAR),
            )
        ]
        days = _dates(distinct, forms)["value"].dt.month_start().alias("day")
        return _marked(distinct, pl.coalesce(*months, pl.lit(days)), "not_a_month")

    return parse_each(cells, parse)


def as_numbers(cells: pl.Series) -> Parsed:
    """Numbers: `1 234,56`, `1234.56`, `1,234,567.8`, `1.234.567,8`; a unit behind is dropped.

    One comma or one point is a decimal mark: `1,234` is one and a bit, as Russian writes it. Marks
    between thousands stand every three digits: `1 2` and `05.01.2024` are no numbers.
    """

    def parse(distinct: pl.Series) -> pl.DataFrame:
        bare = pl.col("cell").str.to_lowercase().str.replace(_UNIT, "$1")
        bare = bare.str.replace(r"^([-+])\s+", "$1")
        plain = (
            pl.when(bare.str.contains(_PLAIN))
            .then(bare.str.replace(",", ".", literal=True))
            .when(bare.str.contains(_GROUPED))
            .then(bare.str.replace_all(r"[\s'’]", "").str.replace(",", ".", literal=True))
            .when(bare.str.contains(_COMMAS))
            .then(bare.str.replace_all(",", "", literal=True))
            .when(bare.str.contains(_POINTS))
            .then(bare.str.replace_all(".", "", literal=True).str.replace(",", ".", literal=True))
        )
        return _marked(distinct, plain.cast(pl.Float64, strict=False), "not_a_number")

    return parse_each(cells, parse)


def as_years(cells: pl.Series) -> Parsed:
    """Years from 1950 to 2100: `2027`, `2027 г.`, `2027 год`."""

    def parse(distinct: pl.Series) -> pl.DataFrame:
        year = pl.col("cell").str.extract(YEAR, 1).cast(pl.Int64)
        within = pl.when(year.is_between(FIRST_YEAR, LAST_YEAR)).then(year)
        return _marked(distinct, within, "not_a_year")

    return parse_each(cells, parse)


def as_expiry(cells: pl.Series, forms: Sequence[str] = ()) -> Parsed:
    """Days until which something is valid; words for "without end" are as good as no day."""
    endless = cells.str.to_lowercase().str.contains(_ENDLESS).fill_null(value=False)
    bounded = cells.zip_with(~endless, pl.repeat(None, cells.len(), dtype=pl.String, eager=True))
    return as_dates(bounded, forms)


def as_whole_numbers(cells: pl.Series) -> Parsed:
    """Whole numbers; `5,0` is one, `5,5` is not."""
    numbers = as_numbers(cells)
    frame = pl.DataFrame([numbers.value.alias("number"), numbers.fault.alias("fault")])
    whole = pl.col("number").is_finite() & (pl.col("number") == pl.col("number").round())
    fits = whole & (pl.col("number").abs() < 2**53)
    read = frame.select(
        pl.when(fits).then(pl.col("number")).cast(pl.Int64).alias("value"),
        pl.when(pl.col("number").is_not_null() & ~fits)
        .then(pl.lit("not_a_whole_number"))
        .otherwise(pl.col("fault"))
        .alias("fault"),
    )
    return Parsed(read["value"], read["fault"])


def as_yes_or_no(cells: pl.Series) -> Parsed:
    """True and False: да/нет, yes/no, true/false, 1/0, and a mark for yes."""
    meaning = {**dict.fromkeys(_YES, True), **dict.fromkeys(_NO, False)}
    cell = pl.col("cell")
    return parse_each(cells, lambda distinct: _looked_up(distinct, cell, meaning, "not_yes_or_no"))


def as_day_kinds(cells: pl.Series) -> Parsed:
    """`working` and `calendar`: рабочие, раб. дни, р.д., календарных дней, к/д ..."""
    meaning = {
        **dict.fromkeys(_WORKING, "working"),
        **{word + day: "working" for word in _WORKING_WORDS for day in _DAYS},
        **dict.fromkeys(_CALENDAR, "calendar"),
        **{word + day: "calendar" for word in _CALENDAR_WORDS for day in _DAYS},
    }
    bare = pl.col("cell").str.replace_all(r"[\s./]", "")
    return parse_each(cells, lambda distinct: _looked_up(distinct, bare, meaning, "not_a_day_kind"))


def _looked_up(
    cells: pl.Series, word: pl.Expr, meaning: Mapping[str, str | bool], fault: str
) -> pl.DataFrame:
    kind = pl.Boolean if isinstance(next(iter(meaning.values())), bool) else pl.String
    found = word.str.to_lowercase().replace_strict(dict(meaning), default=None, return_dtype=kind)
    return _marked(cells, found, fault)


def translated(cells: pl.Series, meaning: Mapping[str, str]) -> pl.Series:
    """Cells put into the words that the readers know, as a profile's `values` says."""
    plain = {said.casefold(): meant for said, meant in meaning.items() if said != "*"}
    frame = cells.to_frame("cell")
    folded = pl.col("cell").str.to_lowercase()
    other = pl.lit(meaning["*"]) if "*" in meaning else pl.col("cell")
    known = folded.replace_strict(plain, default=None, return_dtype=pl.String)
    chosen = pl.when(pl.col("cell").is_not_null()).then(pl.coalesce(known, other))
    return frame.select(chosen.alias("cell"))["cell"]
