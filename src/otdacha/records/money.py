"""Cells about money: sums in roubles and kopecks, budget codes, and whose money it is."""

from __future__ import annotations

import re

import polars as pl

from otdacha.records.identifiers import municipality
from otdacha.records.values import Parsed, as_numbers, parse_each

_SLACK = 1e-3
"""Of a kopeck: what a sum may be off by because a computer counts in halves."""
_PERHAPS_THOUSANDS = r"^[-+]?\d{1,3}[.,]\d{3}(?:[^\d.,]|$)"
"""15.000 is fifteen to one and fifteen thousand to another."""
_BUDGET_CODE = re.compile(r"\d{3}\d{4}[0-9A-ZА-ЯЁ]{10}\d{3}")
"""ГРБС, раздел and подраздел, целевая статья, вид расходов."""
_BETWEEN = re.compile(r"[\s.,·_/|–—-]+")
_LOOK_ALIKES = str.maketrans("АВЕКМНОРСТУХ", "ABEKMHOPCTYX")
_EVERYBODY = frozenset({"все", "всем", "все муниципалитеты", "все участники", "all", "*"})


def as_money(cells: pl.Series) -> Parsed:
    """Sums in roubles, Float64; of a kopeck there is no part: `not_kopecks`."""
    numbers = as_numbers(cells)
    frame = pl.DataFrame(
        [
            cells.alias("cell"),
            numbers.value.alias("number"),
            numbers.fault.alias("fault"),
        ]
    )
    kopecks = pl.col("number") * 100
    whole = (kopecks - kopecks.round()).abs() < _SLACK
    whole &= ~pl.col("cell").str.contains(_PERHAPS_THOUSANDS)
    read = frame.select(
        pl.when(whole).then(pl.col("number").round(2)).alias("value"),
        pl.when(pl.col("number").is_not_null() & ~whole)
        .then(pl.lit("not_kopecks"))
        .otherwise(pl.col("fault"))
        .alias("fault"),
    )
    return Parsed(read["value"], read["fault"])


def as_budget_codes(cells: pl.Series) -> Parsed:
    """КБК as twenty signs together; letters that look alike are Latin, so that they compare."""

    def parse(distinct: pl.Series) -> pl.DataFrame:
        found = [budget_code(cell) for cell in distinct.to_list()]
        return _read(found, "bad_budget_code")

    return parse_each(cells, parse)


def budget_code(cell: str) -> str | None:
    """The КБК in a cell without spaces, points and dashes, or None where it is none."""
    signs = _BETWEEN.sub("", cell).upper().translate(_LOOK_ALIKES)
    return signs if _BUDGET_CODE.fullmatch(signs) else None


def as_holders(cells: pl.Series) -> Parsed:
    """Whose money it is: ОКТМО of a municipality, or a region's name as it is written.

    What has no letter can only be a code, and has to be a good one. Words for everybody are as good
    as an empty cell.
    """

    def parse(distinct: pl.Series) -> pl.DataFrame:
        named = {
            cell: cell if re.search(r"[^\W\d_]", cell) else municipality(cell)
            for cell in distinct.to_list()
        }
        everybody = {cell for cell in named if cell.casefold() in _EVERYBODY}
        read = _read(list(named.values()), "bad_holder")
        mask = pl.Series([cell in everybody for cell in named], dtype=pl.Boolean)
        return read.with_columns(
            value=pl.when(~mask).then("value"), fault=pl.when(~mask).then("fault")
        )

    return parse_each(cells, parse)


def _read(found: list[str | None], fault: str) -> pl.DataFrame:
    return pl.DataFrame(
        {"value": found, "fault": [None if value else fault for value in found]},
        schema={"value": pl.String, "fault": pl.String},
    )
