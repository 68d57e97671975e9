"""Do units leave the records sooner, or later, after training? Then those who are left are others.

y = 1 in the last month a unit is seen, among all who could leave: untrained months (also those
around a training that is to come: to leave them out would take out only people who stayed) against
months of exposure, within stratum-months. Months near the end of the data are left out, since
nobody has left there yet. Figure: p-value.
"""

from __future__ import annotations

import numpy as np
import polars as pl

from otdacha.effects.contrasts import Contrasts, contrasts
from otdacha.effects.gates.gate import Gate, chance, decimal, not_testable, outcome
from otdacha.effects.gates.material import Material
from otdacha.effects.variance import cluster_shares, degrees_of_freedom
from otdacha.language import text

ID = "who_stays"


def who_stays(given: Material) -> Gate:
    rules = given.rules
    frame = at_risk(given)
    found = leaving(frame, given.fixed.clusters)
    minimum = given.methodology.minimum.degrees_of_freedom
    if not (found.known.all() and found.df[0] > minimum - 1e-9):
        return not_testable(
            ID,
            text(
                "Whether training changed who stays cannot be tested: too few units leave before "
                "the data ends, or too few municipalities have trained and untrained people at "
                "once."
            ),
            rules.level,
        )
    p = float(found.p_values()[0])
    figures = {
        "difference": decimal(100 * float(found.estimate[0])),
        "usual": decimal(100 * float(frame["leaves"].mean())),  # type: ignore[arg-type]
        "chance": chance(p),
    }
    sentence = (
        text(
            "After training people leave the records no sooner or later than others: the "
            "difference is {difference} percentage points a month beside {usual} %, and "
            "chance alone gives as much {chance}.",
            **figures,
        )
        if p >= rules.level
        else text(
            "After training people leave the records at another pace than others: the "
            "difference is {difference} percentage points a month beside {usual} %, and "
            "chance alone gives as much {chance}. Those whose results are seen may not be "
            "like those who were trained.",
            **figures,
        )
    )
    return Gate(ID, outcome(p >= rules.level), sentence, p, rules.level)


def at_risk(given: Material) -> pl.DataFrame:
    """Unit-months that might be the last: stratum, month, cluster, exposed, leaves (0 or 1)."""
    last = given.months["number"].max()
    return (
        given.months.with_columns(
            leaves=(pl.col("number") == pl.col("number").max().over("unit")).cast(pl.Float64)
        )
        .filter(
            pl.col("number") < pl.lit(last) - given.rules.last_months,
            pl.col("status").is_in(["clean", "around_training", "exposed"]),
        )
        .with_columns(exposed=(pl.col("status") == "exposed").cast(pl.Float64))
        .select("stratum", "month", "cluster", "exposed", "leaves")
    )


def leaving(frame: pl.DataFrame, clusters: pl.DataFrame) -> Contrasts:
    """The difference in the chance to leave, least squares within stratum-months.

    Score: ψ_c = (A − M_c)⁻¹ d_c'e_c with d the exposure less its stratum-month mean and
    M_c = d_c'd_c (leave-one-cluster-out, the stratum-month means held as they are).
    """
    C = len(clusters)
    here = ["stratum", "month"]
    rows = frame.join(clusters, on="cluster").select(
        "cluster_code",
        d=pl.col("exposed") - pl.col("exposed").mean().over(here),
        y=pl.col("leaves") - pl.col("leaves").mean().over(here),
    )
    code, d, y = (rows[name].to_numpy() for name in ("cluster_code", "d", "y"))
    mass = np.bincount(code, d * d, C).astype(np.float64)
    total = mass.sum()
    if not total > 0 or not (y != 0).any():
        return contrasts(["leaving"], np.full(1, np.nan), np.zeros((C, 1)), np.full(1, np.nan))
    estimate = float(d @ y / total)
    score = np.bincount(code, d * (y - estimate * d), C)
    rest = total - mass
    alone = bool((rest < 1e-9 * total).any())
    psi = np.zeros(C) if alone else score / rest
    return contrasts(
        ["leaving"],
        np.full(1, np.nan if alone else estimate),
        psi[:, None],
        degrees_of_freedom(cluster_shares(mass[:, None])),
    )
