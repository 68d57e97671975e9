"""The payroll of a year against its fund, which laws reckon in monthly salaries (оклады)."""

from __future__ import annotations

from typing import get_args

import polars as pl

from otdacha.pay.kopecks import RATE, part_of, rubles
from otdacha.pay.parameters import Law
from otdacha.pay.parameters.entries import FundLine, Paid
from otdacha.pay.parameters.law import of_whole_year
from otdacha.pay.payroll.components import MONTHS
from otdacha.pay.tables import FUND

COMPONENTS: tuple[str, ...] = get_args(Paid)


def fund(by_town: pl.DataFrame, posts: pl.DataFrame, law: Law) -> pl.DataFrame:
    """What is paid without measures in monthly salaries, and what the law puts into the fund (the
    table `FUND` of a scenario).

    by_town: of a `Payroll`. A monthly salary is a twelfth of what salaries came to in the year;
    difference: paid less norm, a signed sum, the norm of the salaries that were paid. Where the law
    names no number of salaries for a component, norm and difference are null. Raises PayProblem
    where an entry of the fund begins or ends within a year.
    """
    region = posts.select("municipality", "region").unique()
    paid = by_town.filter(variant=0).select("municipality", "year", "component", "kopecks")
    salary = paid.filter(component="salary").select("municipality", "year", salary="kopecks")
    rows = (
        paid.filter(pl.col("component").is_in(COMPONENTS))
        .join(salary, on=["municipality", "year"], maintain_order="left")
        .join(region, on="municipality", maintain_order="left")
    )
    norms = _norms(rows, law)
    due = part_of(pl.col("salary"), pl.col("norm"), MONTHS * RATE)
    return (
        rows.join(norms, on=["region", "year", "component"], how="left", maintain_order="left")
        .select(
            "municipality",
            "year",
            "component",
            salaries=pl.when(pl.col("salary") > 0).then(
                pl.col("kopecks") * MONTHS / pl.col("salary")
            ),
            difference=rubles(pl.col("kopecks") - due),
            norm=pl.col("norm") / RATE,
        )
        .match_to_schema(FUND)
    )


def _norms(rows: pl.DataFrame, law: Law) -> pl.DataFrame:
    """What each region puts into the fund of a year: ten-thousandths of a monthly salary."""
    said = [
        {"region": region, "year": year, "component": line.component, "norm": line.salaries}
        for region, year in rows.select("region", "year").unique().sort("region", "year").rows()
        for line in _lines(law, region, year)
    ]
    schema = {name: rows.schema[name] for name in ("region", "year", "component")}
    return pl.DataFrame(said, schema={**schema, "norm": pl.Float64}).with_columns(
        norm=(pl.col("norm") * RATE).round().cast(pl.Int64)
    )


def _lines(law: Law, region: str, year: int) -> tuple[FundLine, ...]:
    rules = law.of(region)
    if not rules.said.fund:
        return ()
    return of_whole_year(rules.file, "fund", rules.said.fund, year).components
