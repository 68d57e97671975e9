"""What each measure adds to those before it."""

from __future__ import annotations

import polars as pl

from otdacha.pay.payroll import Payroll


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
