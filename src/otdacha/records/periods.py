"""Periods as statistics write them: a year and the months of it that have been added up."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from otdacha.records.checks import Faults
from otdacha.records.values import MONTHS, Parsed, as_whole_numbers, parse_each

_WHOLE_YEAR = ("год", "год в целом", "year")
_QUARTERS = {"1 квартал": 3, "i квартал": 3, "1 полугодие": 6, "i полугодие": 6, "9 месяцев": 9}


def as_last_months(cells: pl.Series) -> Parsed:
    """The last month (1-12) of periods that begin with January: `год`, `январь-июнь`, `январь`."""

    def parse(distinct: pl.Series) -> pl.DataFrame:
        found = [_last_month(cell) for cell in distinct.to_list()]
        return pl.DataFrame(
            {"value": found, "fault": [None if month else "not_a_period" for month in found]},
            schema={"value": pl.Int64, "fault": pl.String},
        )

    return parse_each(cells, parse)


def bounds(cells: Mapping[str, pl.Series], height: int, faults: Faults) -> dict[str, pl.Series]:
    """`begins` and `ends` of statistics that tell a year and perhaps a period of it."""
    if "year" not in cells or {"begins", "ends"} <= cells.keys():
        return {}
    years = as_whole_numbers(cells["year"])
    within = years.value.is_between(1950, 2100)
    faults.add(
        (years.fault.is_not_null() | ~within).fill_null(False), "year", "not_a_year", cells["year"]
    )
    faults.add(cells["year"].is_null(), "year", "missing", cells["year"])
    month = pl.repeat(12, height, dtype=pl.Int64, eager=True)
    if "period" in cells:
        months = as_last_months(cells["period"])
        faults.add_each(months.fault, "period", cells["period"])
        month = months.value.fill_null(12)
    frame = pl.DataFrame({"year": years.value, "within": within, "month": month})
    year = pl.when("within").then(pl.col("year"))
    made = frame.select(
        begins=pl.date(year, 1, 1), ends=pl.date(year, pl.col("month"), 1).dt.month_end()
    )
    return {"begins": made["begins"], "ends": made["ends"]}


def _last_month(cell: str) -> int | None:
    plain = cell.casefold().replace("–", "-").replace("—", "-").strip(" .")
    if plain in _WHOLE_YEAR:
        return 12
    if plain in _QUARTERS:
        return _QUARTERS[plain]
    first, dash, last = (part.strip(" .") for part in plain.partition("-"))
    if MONTHS.get(first) != 1:
        return None
    return MONTHS.get(last) if dash else 1
