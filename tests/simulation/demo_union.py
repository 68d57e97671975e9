"""The demonstration's union as cells, in memory: no files, no workspace.

Who is trained by whom, what that changes and how hard the work of each town is are drawn as for the
demonstration; the cases of a month are then drawn from its share on time. Every person is known by
name, which the demonstration's own case logs do not always say.
"""

from __future__ import annotations

import numpy as np
import polars as pl

from otdacha.demo import Simulation, cities, simulate
from otdacha.demo.truth import HORIZON, INDICATORS
from otdacha.methodology import default_methodology
from tests.simulation.worlds.union import Union, calendar, names

_BEFORE = default_methodology().design.anticipation_months
_ON_TIME = INDICATORS.index("on_time")


def demo_union(seed: int, *, scale: float = 1.0) -> Union:
    """The union of `otdacha.demo.simulate(seed, scale=scale)`, on time only, in shares of cases.

    truth: what each organisation's training changes for the mean person over the horizon.
    """
    made = simulate(seed, scale=scale)
    rng = np.random.default_rng((seed, 1))
    work = (
        made.work.expected.group_by("person", "city", "service", "month")
        .agg(pl.col("cases").sum(), p=pl.col("on_time").dot("cases") / pl.col("cases").sum())
        .filter(pl.col("cases") > 0)
        .sort("person", "service", "month")
    )
    around = _around(made)
    macroregion = np.array([city.macroregion for city in cities()])[work["city"].to_numpy()]
    cells = (
        work.with_columns(
            total=pl.Series(rng.binomial(work["cases"].to_numpy(), work["p"].to_numpy())),
            stratum=pl.concat_str(pl.Series(macroregion), "service", separator="/"),
        )
        .join(
            around.group_by("person", "month").agg(pl.col("status").min()),
            on=["person", "month"],
            how="left",
            maintain_order="left",
        )
        .select(
            unit=pl.concat_str("person", "service", separator="/"),
            person="person",
            stratum="stratum",
            cluster="city",
            number="month",
            month=_months(work["month"]),
            indicator=pl.lit("on_time"),
            n=pl.col("cases").cast(pl.Int64),
            total=pl.col("total").cast(pl.Float64),
            status=pl.col("status").cast(pl.String).fill_null("clean"),
            staff=pl.lit(1, pl.Int64),
        )
    )
    exposure = (
        around.filter(pl.col("status") == "exposed")
        .group_by("person", number="month", taught_by="number")
        .len()
        .join(cells.filter(pl.col("status") == "exposed"), on=["person", "number"])
        .select(
            "unit",
            "month",
            provider=pl.lit(pl.Series(names(len(made.effects.structural)))).gather("taught_by"),
            share=pl.lit(1.0),
            staff=pl.lit(1, pl.Int64),
        )
        .sort("unit", "month", "provider")
    )
    truth = made.effects.structural[:, _ON_TIME]
    towns = made.training.records.join(
        made.people.frame.select("person", "city"), on="person"
    ).group_by("number")
    worked = np.zeros(len(truth), dtype=np.int64)
    for number, count in towns.agg(pl.col("city").n_unique()).iter_rows():
        worked[number] = count
    return Union(cells.drop("person", "number"), exposure, truth, worked)


_STATUS = pl.Enum(["around_training", "after_horizon", "exposed"])
"""What counts first of a month that is several."""


def _around(made: Simulation) -> pl.DataFrame:
    """person, month, number, status: what each course makes of the months around and after it."""
    later = pl.DataFrame({"later": np.arange(-_BEFORE, 80)})
    status = (
        pl.when(pl.col("later") <= 0)
        .then(pl.lit("around_training"))
        .when(pl.col("later") <= HORIZON)
        .then(pl.lit("exposed"))
        .otherwise(pl.lit("after_horizon"))
    )
    return made.effects.records.join(later, how="cross").select(
        "person",
        "number",
        month=pl.col("month") + pl.col("later"),
        status=status.cast(_STATUS),
    )


def _months(number: pl.Series) -> pl.Series:
    return calendar(int(str(number.max())) + 1).gather(number)
