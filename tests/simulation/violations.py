"""Unions in which something is wrong with the comparison, and the same unions with nothing wrong.

Every union has two services, people who leave, and an outcome that training cannot change. What is
wrong is laid on a valid union afterwards, so that both differ in nothing else.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl

from otdacha.methodology import Methodology
from tests.simulation.unions import simulated_union
from tests.unit.effects.worlds import methodology_of

VIOLATIONS: Mapping[str, str] = {
    "dip": "results fall by 0.3 sd in the three months before training",
    "trend": "trained people were getting better by 0.02 sd a month all along",
    "one provider's trend": "people of one provider in many towns by 0.06 sd a month",
    "anticipation": "the effect (0.3 sd) begins two months before training",
    "volume": "15 % more cases after training",
    "mix": "15 % more cases of one service after training, 15 % fewer of the other",
    "attrition": "3 % more leave each month after training (1 % otherwise)",
    "something else": "the outcome that training cannot change rises by 0.15 sd after training",
}


@dataclass(frozen=True)
class Lived:
    cells: pl.DataFrame
    exposure: pl.DataFrame


def rules() -> Methodology:
    """One indicator that is ranked and one placebo."""
    default = methodology_of(("on_time", "repeat"))
    ranked, other = default.indicators
    placebo = other.model_copy(
        update={"placebo": True, "weight": 0.0, "better": "higher", "centre": 0}
    )
    return default.model_copy(update={"indicators": (ranked, placebo)})


def lived(seed: int, violation: str | None = None, *, size: float = 1.0, **world: float) -> Lived:
    """A union with or without a violation (a key of VIOLATIONS), `size` times as large."""
    if violation is not None and violation not in VIOLATIONS:
        raise KeyError(violation)
    union = simulated_union(seed, **world)  # type: ignore[arg-type]
    rng = np.random.default_rng([seed, 7])
    months = union.cells["month"].unique().sort()
    number = pl.col("month").replace_strict(months, np.arange(len(months)), return_dtype=pl.Int64)
    cells = union.cells.with_columns(
        t=number,
        start=pl.when(pl.col("status") == "exposed").then(number).min().over("unit"),
        stratum=(pl.col("unit") % 2).cast(pl.Int16),
        y=pl.col("total") / pl.col("n"),
    ).with_columns(since=pl.col("t") - pl.col("start"))
    since = cells["since"].to_numpy().astype(float)  # nan: never trained
    after = np.nan_to_num(since, nan=-1) >= 0
    y, n = cells["y"].to_numpy().copy(), cells["n"].to_numpy().astype(float)
    t = cells["t"].to_numpy()
    trained = ~np.isnan(since)
    if violation == "dip":
        y[(since >= -3) & (since < 0)] -= 0.3 * size
    if violation == "anticipation":
        y[(since >= -2) & (since < 0)] += 0.3 * size
    if violation == "trend":
        y[trained] += 0.02 * size * t[trained]
    if violation == "one provider's trend":
        of = cells.join(union.exposure.select("unit", "provider").unique(), on="unit", how="left",
                        maintain_order="left")["provider"]  # fmt: skip
        name = f"p{int(np.argmax(union.towns_of)):03d}"
        mine = (of == name).fill_null(False).to_numpy()
        y[mine] += 0.06 * size * t[mine]
    service = cells["stratum"].to_numpy()
    if violation in ("volume", "mix"):
        change = size * np.where((violation == "volume") | (service == 0), 0.15, -0.15)
        more = np.where(after, np.abs(change), 0.0)
        times = rng.binomial(n.astype(int), more)
        n = np.maximum(n + np.sign(change) * times, 1.0)
    hazard = np.where(after & (violation == "attrition"), 0.01 + 0.03 * size, 0.01)
    gone = pl.Series(rng.random(len(y)) < hazard)
    unit, town = cells["unit"].to_numpy(), cells["cluster"].to_numpy()
    shock = rng.normal(0, 0.15, (town.max() + 1, len(months)))
    other = rng.normal(0, 1, unit.max() + 1)[unit] + shock[town, t]
    other += rng.normal(0, 1, len(y)) / np.sqrt(n)
    if violation == "something else":
        other[after] += 0.15 * size
    there = _still_there(cells["unit"], gone)
    cells = cells.with_columns(n=pl.Series(n), y=pl.Series(y), other=pl.Series(other)).filter(there)
    ranked = cells.with_columns(total=pl.col("y") * pl.col("n"))
    placebo = cells.with_columns(total=pl.col("other") * pl.col("n"), indicator=pl.lit("repeat"))
    columns = union.cells.columns
    both = pl.concat([ranked.select(columns), placebo.select(columns)])
    return Lived(both, union.exposure.join(cells, on=["unit", "month"], how="semi"))


def _still_there(unit: pl.Series, gone: pl.Series) -> pl.Series:
    """Rows up to and including the one after which somebody is gone."""
    frame = pl.DataFrame({"unit": unit, "gone": gone.cast(pl.Int64)})
    return frame.select((pl.col("gone").cum_sum().over("unit") - pl.col("gone")) == 0).to_series()
