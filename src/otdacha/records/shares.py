"""Cells that hold a part: a share of a full-time post, a percentage, the year of a birth date."""

from __future__ import annotations

import polars as pl

from otdacha.records.values import FIRST_YEAR, YEAR, Parsed, as_dates, as_numbers, parse_each

_OF_A_POST = r"(?i)\s*(?:ст\.?|став(?:ка|ки|ок)|шт\.? ?ед\.?)$"
_FRACTION = r"^(\d{1,2})\s*/\s*(\d{1,2})$"
_SIGN = r"\s*%$"
_PERHAPS_A_PART = 2
"""Up to it a bare number may be a part of one, as a spreadsheet keeps 60 % as 0.6."""
_OLDEST = FIRST_YEAR - 50


def as_post_shares(cells: pl.Series) -> Parsed:
    """Shares of a full-time post, Float64: `0,5`, `1/2`, `50 %`, `0,5 ставки`."""

    def parse(distinct: pl.Series) -> pl.DataFrame:
        bare = distinct.str.replace(_OF_A_POST, "")
        percent, plain = _percent(bare)
        parts = bare.str.extract_groups(_FRACTION).struct.unnest().cast(pl.Float64)
        above, below = parts.to_series(0), parts.to_series(1)
        frame = pl.DataFrame(
            {
                "number": as_numbers(plain).value,
                "percent": percent,
                "fraction": above / below,
            }
        )
        of_hundred = pl.when("percent").then(pl.col("number") / 100).otherwise("number")
        return _read(frame, pl.coalesce("fraction", of_hundred), pl.lit("not_a_share"))

    return parse_each(cells, parse)


def as_percents(cells: pl.Series) -> Parsed:
    """Percentages as parts of one, Float64: `60 %` and `60` are 0.6, `0` is nothing.

    A number above 0 and up to 2 without the sign is `perhaps_a_part`: 0.6 may be a part that a
    spreadsheet shows as 60 %, and 2 may be 200 %. Nobody guesses about a hundredfold of money.
    """

    def parse(distinct: pl.Series) -> pl.DataFrame:
        percent, plain = _percent(distinct)
        frame = pl.DataFrame({"number": as_numbers(plain).value, "percent": percent})
        number = pl.col("number")
        doubtful = ~pl.col("percent") & (number > 0) & (number <= _PERHAPS_A_PART)
        fault = pl.when(doubtful).then(pl.lit("perhaps_a_part")).otherwise(pl.lit("not_a_percent"))
        return _read(frame, pl.when(~doubtful).then(number / 100), fault)

    return parse_each(cells, parse)


def as_birth_years(cells: pl.Series) -> Parsed:
    """The year of a birth date, Int64, or a year that stands alone; nothing else of it stays."""

    def parse(distinct: pl.Series) -> pl.DataFrame:
        alone = distinct.str.extract(YEAR, 1).cast(pl.Int64)
        days = as_dates(distinct)
        frame = pl.DataFrame(
            {"alone": alone, "of_date": days.value.dt.year().cast(pl.Int64), "fault": days.fault}
        )
        year = pl.coalesce("alone", "of_date")
        return _read(
            frame,
            pl.when(year.is_between(_OLDEST, 2100)).then(year),
            pl.when(pl.col("fault") == "impossible_date")
            .then("fault")
            .otherwise(pl.lit("not_a_birth_year")),
        )

    return parse_each(cells, parse)


def _percent(cells: pl.Series) -> tuple[pl.Series, pl.Series]:
    """Which cells end with the sign, and all of them without it."""
    return cells.str.contains(_SIGN), cells.str.replace(_SIGN, "")


def _read(frame: pl.DataFrame, value: pl.Expr, fault: pl.Expr) -> pl.DataFrame:
    return frame.select(value=value, fault=pl.when(value.is_null()).then(fault))
