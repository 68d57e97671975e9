"""Who pays in which year, and what a budget holds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from otdacha.language import Text
from otdacha.site.programme.models import Line
from otdacha.site.programme.words import SOURCES, said


@dataclass(frozen=True)
class Paid:
    """What a source pays, kopecks by year. held: what its budgets have in that year, or empty."""

    code: str
    source: Text
    years: tuple[int, ...]
    held: tuple[int, ...]

    @property
    def total(self) -> int:
        return sum(self.years)

    @property
    def in_all(self) -> int:
        return sum(self.held)


def by_source(budgets: pl.DataFrame, years: Sequence[int]) -> list[Paid]:
    """What each source pays of what it has; sources that have nothing are left out."""
    summed: dict[tuple[str, int], tuple[float, float]] = {
        (row["source"], row["year"]): (row["planned"], row["amount"])
        for row in budgets.group_by("source", "year")
        .agg(pl.col("planned").sum(), pl.col("amount").sum())
        .iter_rows(named=True)
    }
    nothing = (0.0, 0.0)
    rows = [
        Paid(
            code,
            said(SOURCES, code),
            tuple(round(summed.get((code, year), nothing)[0] * 100) for year in years),
            tuple(round(summed.get((code, year), nothing)[1] * 100) for year in years),
        )
        for code in SOURCES
    ]
    return [row for row in rows if row.in_all]


def of_lines(lines: Iterable[Line], years: Sequence[int]) -> list[Paid]:
    """What each source pays for these lines; sources that pay nothing are left out."""
    sums: Mapping[str, dict[int, int]] = {code: dict.fromkeys(years, 0) for code in SOURCES}
    for line in lines:
        for code in SOURCES:
            sums[code][line.year] += getattr(line, code)
    rows = [Paid(code, said(SOURCES, code), tuple(sums[code].values()), ()) for code in SOURCES]
    return [row for row in rows if row.total]
