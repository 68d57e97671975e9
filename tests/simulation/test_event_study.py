"""Does the event study find the path of growing effects, and do its bands cover the whole path?"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import polars as pl
import pytest

from otdacha.effects import impute
from otdacha.effects.event_study import event_study
from tests.simulation.unions import simulated_union
from tests.unit.effects.worlds import methodology_of

LEADS = 6
WORLD = {"effect": 0.5, "between_towns": 0.0}


def paths(seeds: Iterable[int], **world: float) -> pl.DataFrame:
    """One row per union and time: union, time, truth, estimate and the bands.

    The truth of a lag is the mean over its exposed cases of what training did to each; an effect
    grows to double over six months (`simulated_union`). A lead's is 0.
    """
    methodology = methodology_of()
    tables = []
    for seed in seeds:
        union = simulated_union(seed, **{**WORLD, **world})  # type: ignore[arg-type]
        effects = impute(union.cells, union.exposure, methodology)
        study = event_study(union.cells, union.exposure, effects, methodology)
        tables.append(
            study.frame.join(
                _truth(union.cells, union.exposure, seed), on="time", how="left"
            ).with_columns(truth=pl.col("truth").fill_null(0.0), union=pl.lit(seed))
        )
    return pl.concat(tables)


def _truth(cells: pl.DataFrame, exposure: pl.DataFrame, seed: int) -> pl.DataFrame:
    """By lag, the mean true effect over exposed cases: time, truth.

    The providers' effects are the first that a union draws (`simulated_union`).
    """
    number = pl.col("month").dt.year() * 12 + pl.col("month").dt.month()
    scale = np.random.default_rng(seed).normal(WORLD["effect"], 0.3, 24)
    exposed = (
        cells.filter(pl.col("status") == "exposed")
        .join(exposure.select("unit", "month", "provider"), on=["unit", "month"])
        .with_columns(since=number - number.min().over("unit"))
        .with_columns(
            change=pl.col("provider")
            .str.slice(1)
            .cast(pl.Int64)
            .replace_strict(dict(enumerate(scale.tolist())), return_dtype=pl.Float64)
            * (1 + pl.col("since").clip(upper_bound=6) / 6)
        )
    )
    return exposed.group_by(time=pl.col("since").clip(upper_bound=12).cast(pl.Int64)).agg(
        truth=(pl.col("change") * pl.col("n")).sum() / pl.col("n").sum()
    )


def covered(found: pl.DataFrame, lower: str, upper: str) -> pl.DataFrame:
    """By union, the share of times whose interval holds the truth."""
    return found.group_by("union").agg(
        inside=pl.col("truth").is_between(pl.col(lower), pl.col(upper)).mean()
    )


def test_the_path_of_growing_effects_is_found() -> None:
    found = paths(range(12))
    mean = found.group_by("time").agg(
        error=(pl.col("estimate") - pl.col("truth")).mean(),
        se=(pl.col("estimate") - pl.col("truth")).std() / np.sqrt(12),
        truth=pl.col("truth").mean(),
    )
    assert (mean["error"].abs() < 3.5 * mean["se"]).all()
    by_time = dict(mean.select("time", "truth").iter_rows())
    assert by_time[6] > 1.8 * by_time[0] > 0.8
    assert by_time[-1] == 0.0


def test_the_bands_cover_the_whole_path() -> None:
    found = paths(range(100, 130))
    whole = covered(found, "lower_all", "upper_all")["inside"]
    assert (whole == 1).mean() >= 0.85  # 30 unions: 0.95 ± 0.08
    # Providers differ, and the towns that each of them trained are taken as drawn: lags are covered
    # more often than the level says. Before training nobody differs.
    leads = covered(found.filter(pl.col("time") < 0), "lower", "upper")["inside"]
    assert leads.mean() == pytest.approx(0.95, abs=0.03)


@pytest.mark.long
@pytest.mark.parametrize("towns", [60, 26])
def test_the_bands_of_the_evidence(towns: int) -> None:
    found = paths(range(5000, 5500), towns=towns)
    whole = (covered(found, "lower_all", "upper_all")["inside"] == 1).mean()
    early = found.filter(pl.col("time") < 0)
    leads = (covered(early, "lower_all", "upper_all")["inside"] == 1).mean()
    lead = covered(early, "lower", "upper")["inside"].mean()
    lag = covered(found.filter(pl.col("time") >= 0), "lower", "upper")["inside"].mean()
    print(f"| {towns} | {whole:.3f} | {leads:.3f} | {lead:.3f} | {lag:.3f} |")
    assert whole >= 0.93
