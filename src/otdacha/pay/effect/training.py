"""What training is still worth when somebody who had it leaves.

Training is worth what was paid for it when it ends, and falls evenly to nothing over the horizon in
which effects are looked for. Planned training is worth nothing before it ends: who leaves earlier
was not sent.
"""

from __future__ import annotations

import datetime as dt

import polars as pl

from otdacha.pay.kopecks import RUBLES

TRAINING = pl.Schema({"person": pl.String(), "finished": pl.Date(), "price": RUBLES})


def planned_training(people: pl.DataFrame, offers: pl.DataFrame) -> pl.DataFrame:
    """Training that a plan of the programme holds for named people, schema `TRAINING`.

    people: the private table `people` of a plan; offers: its table `offers` (fee in rubles for one
    person). Seats without a person are not in it. Travel is not: it is spent, not learned.
    """
    runs = ["year", "provider", "offer"]
    return (
        people.drop_nulls("person")
        .join(
            offers.select(*runs, "finished", "fee").unique(runs),
            on=runs,
            how="inner",
            validate="m:1",
        )
        .select("person", "finished", price=pl.col("fee").round(2).cast(RUBLES))
        .cast(TRAINING)
    )


def training_value(training: pl.DataFrame, years: list[int], horizon: int) -> pl.DataFrame:
    """What the training of a person is still worth in the middle of each year: person, year,
    kopecks (Float64); people whose training is worth nothing any more are not in it.

    training: schema `TRAINING`, completed and planned. horizon: months.
    """
    if horizon <= 0:
        raise ValueError("the horizon of effect is a positive number of months")
    middles = pl.DataFrame(
        {"year": years, "middle": [dt.date(year, 7, 1) for year in years]},
        schema={"year": pl.Int64, "middle": pl.Date},
    )
    finished, middle = pl.col("finished"), pl.col("middle")
    age = (
        (middle.dt.year() - finished.dt.year()) * 12
        + middle.dt.month()
        - finished.dt.month()
        - (middle.dt.day() < finished.dt.day()).cast(pl.Int32)
    )
    left = 1 - age / horizon
    return (
        training.join(middles, how="cross")
        .filter(finished <= middle, left > 0)
        .with_columns(kopecks=pl.col("price").cast(pl.Float64) * 100 * left)
        .group_by("person", "year", maintain_order=True)
        .agg(pl.col("kopecks").sum())
        .sort("person", "year")
    )
