"""Design A against a public package on simulated data, where the definitions agree.

diff-diff's ImputationDiD with `aux_partition="cohort"` takes residuals around cohort means. With
the cohorts as "providers", equal weights and no leave-out correction, our overall effect is the
mean of the cohorts' effects over exposed cells, and its score is the same mean of their scores.
"""

from __future__ import annotations

import datetime as dt
import warnings

import numpy as np
import pandas as pd
import polars as pl
import pytest

from otdacha.effects import impute
from tests.unit.effects.worlds import methodology_of


@pytest.mark.parametrize("seed", range(3))
def test_estimate_and_standard_error_agree(seed: int) -> None:
    from diff_diff import ImputationDiD

    rng = np.random.default_rng(seed)
    units, periods = 400, 14
    start = np.where(rng.random(units) < 0.6, rng.integers(5, periods, units), 0)
    town = rng.integers(0, 25, units)
    unit, period = np.repeat(np.arange(units), periods), np.tile(np.arange(periods), units)
    exposed = (start[unit] > 0) & (period >= start[unit])
    y = (
        rng.normal(size=units)[unit]
        + rng.normal(size=periods)[period]
        + 0.2 * exposed * (period - start[unit] + 1)
        + rng.normal(size=len(unit))
    )
    table = pd.DataFrame({"u": unit, "t": period, "y": y, "first": start[unit], "town": town[unit]})
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        theirs = ImputationDiD(cluster="town", aux_partition="cohort").fit(
            table, outcome="y", unit="u", time="t", first_treat="first"
        )

    months = pl.Series([dt.date(2020 + m // 12, m % 12 + 1, 1) for m in range(periods)])
    cells = pl.DataFrame(
        {
            "unit": unit,
            "stratum": np.zeros(len(unit), dtype=int),
            "cluster": town[unit],
            "month": months.gather(period),
            "indicator": ["on_time"] * len(unit),
            "n": np.ones(len(unit), dtype=int),
            "total": y,
            "status": np.where(exposed, "exposed", "clean"),
        }
    )
    exposure = pl.DataFrame(
        {
            "unit": unit[exposed],
            "month": months.gather(period[exposed]),
            "provider": start[unit[exposed]].astype(str),
            "share": np.ones(exposed.sum()),
            "staff": np.ones(exposed.sum(), dtype=int),
        }
    )
    effects = impute(cells, exposure, methodology_of(), correct=False)
    weight = effects.of()["cells"].to_numpy() / effects.of()["cells"].sum()
    estimate = float(weight @ effects.of()["estimate"].to_numpy())
    se = float(np.linalg.norm(np.asarray(effects.scores["on_time"]) @ weight))
    assert estimate == pytest.approx(theirs.overall_att, abs=1e-8)
    assert se == pytest.approx(theirs.overall_se, abs=1e-6)
