"""Who pays a cost: split over sources to the kopeck, nothing lost and nothing added."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

import polars as pl

from otdacha.pay.kopecks import rubles
from otdacha.pay.measures.entries import Measures
from otdacha.pay.payroll import Payroll
from otdacha.pay.tables import COSTS
from otdacha.programme.parameters.entries import SOURCES


def split(cost: int, sources: Mapping[str, float]) -> dict[str, int]:
    """`cost` (kopecks, whole; below zero is a saving) by source, in the order of `SOURCES`.

    Every source gets the whole kopecks of its part, and the kopecks that are left go one each to
    the largest remainders (Hamilton's method; of equal ones to the first source). The parts add up
    to the cost exactly. sources: parts as written, together 1.
    """
    exact = {name: abs(cost) * Fraction(str(sources[name])) for name in SOURCES if name in sources}
    shares = {name: int(part) for name, part in exact.items()}
    left = abs(cost) - sum(shares.values())
    by_remainder = sorted(exact, key=lambda name: shares[name] - exact[name])
    for name in by_remainder[:left]:
        shares[name] += 1
    return {name: share if cost >= 0 else -share for name, share in shares.items()}


def added_costs(paid: Payroll) -> pl.DataFrame:
    """What every measure adds to those before it: municipality, year, measure (its key), kopecks
    with contributions, in the order of effect."""
    schema = {"municipality": pl.String, "year": pl.Int64, "measure": pl.String}
    return pl.concat(
        [
            pl.DataFrame(schema={**schema, "kopecks": pl.Int64}),
            *(
                paid.cost(number).select(
                    "municipality", "year", pl.lit(step.key).alias("measure"), "kopecks"
                )
                for number, step in enumerate(paid.steps, 1)
            ),
        ]
    )


def split_costs(costs: pl.DataFrame, measures: Measures) -> pl.DataFrame:
    """The table `costs` of a scenario: who pays what of every measure.

    costs: as `added_costs`. A source with no part in a measure has no row.
    """
    sources = {
        one.key: {str(source): part for source, part in one.sources.items() if part}
        for one in measures.measures
    }
    rows = [
        (town, year, key, source, share)
        for town, year, key, cost in costs.select(
            "municipality", "year", "measure", "kopecks"
        ).iter_rows()
        for source, share in split(cost, sources[key]).items()
    ]
    schema = {**COSTS, "cost": pl.Int64()}
    return (
        pl.DataFrame(rows, schema=schema, orient="row")
        .with_columns(cost=rubles(pl.col("cost")))
        .match_to_schema(COSTS)
    )
