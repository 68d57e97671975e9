"""Designs A and B against public regression packages on the same simulated cells.

pyfixest: `feols` with unit and stratum-month effects is design B; its CRV1 without small-sample
factors is our plain score, its CRV3 (one regression without each cluster) is our jackknife before
the factor that makes it unbiased. `did2s` is design A with plain scores; it demeans iteratively.
statsmodels: weighted least squares with all dummies and cluster covariance.
"""

from __future__ import annotations

import warnings

import numpy as np
import pandas as pd
import polars as pl
import pytest

from otdacha.effects.assemble import fit_designs
from otdacha.effects.fit import Fit
from otdacha.effects.variance import excess
from tests.unit.effects.worlds import World, methodology_of, random_world

PROVIDERS = ["p0", "p1", "p2", "p3"]
DOSES = " + ".join(PROVIDERS)


def fit_of(world: World, design: str) -> Fit:
    fits = fit_designs(world.cells, world.exposure, methodology_of(), [design], covariates=())
    return fits.found[design]["on_time"]


def table_of(world: World) -> pd.DataFrame:
    """One row per cell: its figures, and the dose of each provider in a column."""
    doses = world.exposure.pivot("provider", index=["unit", "month"], values="share")
    table = world.cells.join(doses, on=["unit", "month"], how="left").select(
        "unit",
        "cluster",
        "n",
        pl.col(PROVIDERS).fill_null(0.0),
        y=pl.col("total") / pl.col("n"),
        calendar=pl.col("stratum") + pl.col("month").cast(pl.String),
        exposed=pl.col("status") == "exposed",
    )
    return pd.DataFrame(table.to_dict(as_series=False))


@pytest.mark.parametrize("doses", [False, True], ids=["persons", "doses"])
def test_design_b_is_pyfixests_two_way_regression(doses: bool) -> None:
    import pyfixest

    world = random_world(3, doses=doses, units=120, clusters=9)
    fit, table = fit_of(world, "joint"), table_of(world)
    jackknife = fit.psi * np.sqrt(excess(fit.weight))
    for kind, score in (("CRV1", fit.plain), ("CRV3", jackknife)):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            theirs = pyfixest.feols(
                f"y ~ {DOSES} | unit + calendar",
                table,
                vcov={kind: "cluster"},
                weights="n",
                ssc=pyfixest.ssc(k_adj=False, G_adj=False),
                fixef_tol=1e-12,
            )
        np.testing.assert_allclose(fit.theta, theirs.coef(), atol=1e-9)
        np.testing.assert_allclose(np.sqrt((score**2).sum(0)), theirs.se(), atol=1e-9)


def test_design_a_is_pyfixests_two_stage_regression_to_its_tolerance() -> None:
    import pyfixest

    world = random_world(3, units=120, clusters=9, missing=0.0)
    # it has no weights that mean cases
    alike = world.cells.with_columns(total=pl.col("total") / pl.col("n"), n=pl.lit(1))
    world = World(alike, world.exposure)
    fit = fit_of(world, "imputation")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        theirs = pyfixest.did2s(
            table_of(world),
            yname="y",
            first_stage="~ 0 | unit + calendar",
            second_stage=f"~ 0 + {DOSES}",
            treatment="exposed",
            cluster="cluster",
        )
    np.testing.assert_allclose(fit.theta, theirs.coef(), atol=5e-5)
    np.testing.assert_allclose(np.sqrt((fit.plain**2).sum(0)), theirs.se(), atol=5e-5)


def test_design_b_is_statsmodels_weighted_least_squares_with_dummies() -> None:
    import statsmodels.api as sm

    world = random_world(5, doses=True, units=70, clusters=9)
    fit, table = fit_of(world, "joint"), table_of(world)
    units = pd.get_dummies(table["unit"], dtype=float)
    # one month of each stratum is the reference: the unit dummies span the constant of both
    months = pd.get_dummies(table["calendar"], dtype=float)
    first = [min(c for c in months.columns if c.startswith(s)) for s in ("s0", "s1")]
    design = pd.concat([table[PROVIDERS], units, months.drop(columns=first)], axis=1)
    theirs = sm.WLS(table["y"], design, weights=table["n"]).fit(
        cov_type="cluster",
        cov_kwds={"groups": pd.factorize(table["cluster"])[0], "use_correction": False},
    )
    np.testing.assert_allclose(fit.theta, theirs.params[PROVIDERS], atol=1e-10)
    se = np.sqrt((fit.plain**2).sum(0))
    np.testing.assert_allclose(se, theirs.bse[PROVIDERS], atol=1e-10)
