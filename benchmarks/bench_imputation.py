"""Design A at national size, against a public rival in the same run.

1. 13 million cells: 300,000 units x 48 months less a tenth, 80 strata, 1,000 providers,
   400 clusters; every effect and the full 1,000 x 1,000 covariance, against a bare NumPy prototype
   that gets sorted arrays, checks nothing, counts nothing and corrects nothing. With our correction
   left out both must give the same figures; the script checks and prints it.
2. 1 million cells, 50,000 units: the overall effect and its standard error against diff-diff's
   ImputationDiD on the same rows. Where the definitions agree (auxiliary groups are the training
   cohorts, no leave-out correction) the figures must agree too; the script checks and prints it.

3. 4.3 million cells where every town lies in every stratum, which is the worst for design B: its
   processor time as a multiple of design A's.

Run: python benchmarks/bench_imputation.py [rival|joint|national]
"""

from __future__ import annotations

import datetime as dt
import itertools
import resource
import sys
import time
import warnings

import numpy as np
import polars as pl

from otdacha.effects import impute, joint
from otdacha.methodology import Methodology, default_methodology


def methodology() -> Methodology:
    default = default_methodology()
    indicator = default.indicators[0].model_copy(update={"centre": 0})
    design = default.design.model_copy(update={"aggregation": "cases"})
    return default.model_copy(update={"indicators": (indicator,), "design": design})


def months(count: int) -> list[dt.date]:
    return [dt.date(2020 + m // 12, m % 12 + 1, 1) for m in range(count)]


def world(
    units: int, periods: int, strata: int, providers: int, clusters: int, *, hole: float, seed: int
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Person units; six in ten are trained once, at a month of their own."""
    rng = np.random.default_rng(seed)
    stratum = np.sort(rng.integers(0, strata, units))
    cluster = rng.integers(0, clusters, units)
    provider = rng.integers(0, providers, units)
    start = np.where(rng.random(units) < 0.6, rng.integers(12, periods, units), periods)
    unit = np.repeat(np.arange(units), periods)
    period = np.tile(np.arange(periods), units)
    keep = rng.random(len(unit)) >= hole
    unit, period = unit[keep], period[keep]
    exposed = period >= start[unit]
    n = rng.integers(1, 12, len(unit))
    shocks = rng.normal(0, 0.3, (strata, periods))
    level = rng.normal(0, 1, units)[unit] + shocks[stratum[unit], period]
    effect = rng.normal(0.1, 0.1, providers)[provider[unit]] * exposed
    y = level + effect + rng.normal(0, 1, len(unit)) / np.sqrt(n)
    calendar = pl.Series("month", months(periods))
    cells = pl.DataFrame(
        {
            "unit": pl.Series(unit, dtype=pl.UInt32),
            "stratum": pl.Series(stratum[unit], dtype=pl.UInt16),
            "cluster": pl.Series(cluster[unit], dtype=pl.UInt16),
            "month": calendar.gather(period),
            "n": pl.Series(n, dtype=pl.Int32),
            "total": y * n,
        }
    ).with_columns(
        indicator=pl.lit("on_time", pl.Enum(["on_time"])),
        status=pl.when(pl.Series(exposed))
        .then(pl.lit("exposed"))
        .otherwise(pl.lit("clean"))
        .cast(pl.Enum(["clean", "exposed"])),
    )
    names = pl.Series([f"p{j:04d}" for j in range(providers)], dtype=pl.Categorical)
    exposure = pl.DataFrame(
        {
            "unit": pl.Series(unit[exposed], dtype=pl.UInt32),
            "month": calendar.gather(period[exposed]),
            "provider": names.gather(provider[unit[exposed]]),
        }
    ).with_columns(share=pl.lit(1.0), staff=pl.lit(1, pl.Int32))
    return cells, exposure


def peak_gb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2


def prototype(cells: pl.DataFrame, exposure: pl.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """θ and V of person units with one provider each, in the fewest NumPy calls (no correction)."""
    unit, cluster = cells["unit"].to_numpy(), cells["cluster"].to_numpy().astype(np.int64)
    start = cells["month"].min()
    month = (pl.col("month").dt.year() - start.year) * 12 + pl.col("month").dt.month() - start.month
    t = cells.select(month.cast(pl.Int64)).to_series().to_numpy()
    w = cells["n"].to_numpy().astype(float)
    y = cells["total"].to_numpy() / w
    x = (cells["status"] == "exposed").to_numpy()
    U, T = int(unit.max()) + 1, int(t.max()) + 1
    C, J = int(cluster.max()) + 1, exposure["provider"].n_unique()
    of_unit = exposure.unique("unit").select("unit", pl.col("provider").cast(pl.String))
    provider = np.full(U, -1)
    provider[of_unit["unit"].to_numpy()] = [int(name[1:]) for name in of_unit["provider"]]
    stratum = np.zeros(U, dtype=np.int64)
    stratum[unit] = cells["stratum"].to_numpy()
    town = np.zeros(U, dtype=np.int64)
    town[unit] = cluster

    c, e = ~x, x
    N = np.bincount(unit[c] * T + t[c], w[c], U * T).reshape(U, T)
    n = N.sum(1)
    share = N / n[:, None]
    mean = np.bincount(unit[c], w[c] * y[c], U) / n
    r = np.bincount(stratum[unit[c]] * T + t[c], w[c] * (y[c] - mean[unit[c]])).reshape(-1, T)
    starts = np.searchsorted(stratum, np.arange(len(r) + 1))
    inverses = []
    for a, b in itertools.pairwise(starts):
        inverses.append(np.linalg.pinv(np.diag(N[a:b].sum(0)) - N[a:b].T @ share[a:b]))
    period = np.array([inverse @ right for inverse, right in zip(inverses, r, strict=True)])
    alpha = mean - (share * period[stratum]).sum(1)
    residual = y - alpha[unit] - period[stratum[unit], t]
    j = provider[unit[e]]
    A = np.bincount(j, w[e], J)
    theta = np.bincount(j, w[e] * residual[e], J) / A
    psi = np.bincount(cluster[e] * J + j, w[e] * (residual[e] - theta[j]), C * J).reshape(C, J)
    trained = np.bincount(unit[e], w[e], U)
    by_period = np.bincount((stratum[unit[e]] * T + t[e]) * J + j, w[e], len(r) * T * J)
    by_period = by_period.reshape(len(r), T, J)
    score = np.bincount(
        (stratum[unit[c]] * C + cluster[c]) * T + t[c], w[c] * residual[c], len(r) * C * T
    )
    score = score.reshape(len(r), C, T)
    for s, (a, b) in enumerate(itertools.pairwise(starts)):
        through_units = np.zeros((J, T))
        mine = np.flatnonzero(trained[a:b]) + a
        np.add.at(through_units, provider[mine], trained[mine, None] * share[mine])
        psi -= score[s] @ (inverses[s] @ (by_period[s] - through_units.T))
    psi /= A
    return theta, psi.T @ psi


def national() -> None:
    cells, exposure = world(300_000, 48, 80, 1_000, 400, hole=0.097, seed=1)
    before = peak_gb()
    start = time.perf_counter()
    effects = impute(cells, exposure, methodology())
    V = effects.covariance()
    seconds = time.perf_counter() - start
    print(
        f"national: {len(cells):,} cells, {len(exposure):,} exposed, "
        f"V {V.shape[0]} x {V.shape[1]}: {seconds:.1f} s, peak {peak_gb():.2f} GB "
        f"(peak while the frames were made: {before:.2f} GB)"
    )
    start = time.perf_counter()
    theta, bare_V = prototype(cells, exposure)
    bare = time.perf_counter() - start
    plain = impute(cells, exposure, methodology(), correct=False)
    print(
        f"  bare NumPy prototype {bare:.1f} s, peak {peak_gb():.2f} GB, "
        f"ratio {seconds / bare:.2f}; "
        f"differences: θ {np.abs(plain.of()['estimate'].to_numpy() - theta).max():.1e}, "
        f"V {np.abs(plain.covariance() - bare_V).max() / bare_V.max():.1e} of the largest entry"
    )


def both_designs() -> None:
    cells, exposure = world(100_000, 48, 80, 1_000, 400, hole=0.097, seed=1)
    seconds = {}
    for design in (impute, joint):
        start = time.process_time()
        design(cells, exposure, methodology())
        seconds[design] = time.process_time() - start
    print(
        f"joint: {len(cells):,} cells: design A {seconds[impute]:.1f} s of processor time, "
        f"design B {seconds[joint]:.1f} s, ratio {seconds[joint] / seconds[impute]:.0f}, "
        f"peak {peak_gb():.2f} GB"
    )


def rival() -> None:
    """50,000 units x 20 months; the "providers" are the training cohorts, which is how the rival
    groups residuals; the overall effect is their mean over exposed cells."""
    import pandas as pd
    from diff_diff import ImputationDiD

    units, periods, clusters = 50_000, 20, 400
    rng = np.random.default_rng(2)
    start = np.where(rng.random(units) < 0.6, rng.integers(6, periods, units), 0)
    cluster = rng.integers(0, clusters, units)
    unit = np.repeat(np.arange(units), periods)
    period = np.tile(np.arange(periods), units)
    exposed = (start[unit] > 0) & (period >= start[unit])
    y = (
        rng.normal(0, 1, units)[unit]
        + rng.normal(0, 0.3, periods)[period]
        + 0.1 * exposed * (period - start[unit] + 1)
        + rng.normal(0, 1, len(unit))
    )
    table = pd.DataFrame(
        {"unit": unit, "time": period, "y": y, "first": start[unit], "town": cluster[unit]}
    )
    calendar = pl.Series("month", months(periods))
    cells = pl.DataFrame(
        {
            "unit": pl.Series(unit, dtype=pl.UInt32),
            "stratum": pl.Series(np.zeros(len(unit)), dtype=pl.UInt16),
            "cluster": pl.Series(cluster[unit], dtype=pl.UInt16),
            "month": calendar.gather(period),
            "n": pl.Series(np.ones(len(unit)), dtype=pl.Int32),
            "total": y,
        }
    ).with_columns(
        indicator=pl.lit("on_time"),
        status=pl.when(pl.Series(exposed)).then(pl.lit("exposed")).otherwise(pl.lit("clean")),
    )
    exposure = pl.DataFrame(
        {
            "unit": pl.Series(unit[exposed], dtype=pl.UInt32),
            "month": calendar.gather(period[exposed]),
            "provider": pl.Series(start[unit[exposed]]).cast(pl.String),
        }
    ).with_columns(share=pl.lit(1.0), staff=pl.lit(1, pl.Int32))

    ours, theirs = [], []
    for _ in range(3):
        began = time.perf_counter()
        effects = impute(cells, exposure, methodology(), correct=False)
        share = effects.of()["cells"].to_numpy() / effects.of()["cells"].sum()
        estimate = share @ effects.of()["estimate"].to_numpy()
        se = float(np.linalg.norm(np.asarray(effects.scores["on_time"]) @ share))
        ours.append(time.perf_counter() - began)
        began = time.perf_counter()
        model = ImputationDiD(cluster="town", aux_partition="cohort")
        fit = model.fit(table, outcome="y", unit="unit", time="time", first_treat="first")
        theirs.append(time.perf_counter() - began)
    mine, other = sorted(ours)[1], sorted(theirs)[1]
    print(
        f"rival: {len(cells):,} cells: otdacha {mine:.2f} s, diff-diff {other:.2f} s, "
        f"ratio {mine / other:.2f}"
    )
    print(
        f"  estimate {estimate:.10f} against {fit.overall_att:.10f} "
        f"(difference {estimate - fit.overall_att:.1e}); "
        f"se {se:.10f} against {fit.overall_se:.10f} (difference {se - fit.overall_se:.1e})"
    )


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    chosen = sys.argv[1:] or ["rival", "joint", "national"]
    if "rival" in chosen:
        rival()
    if "joint" in chosen:
        both_designs()
    if "national" in chosen:
        national()
