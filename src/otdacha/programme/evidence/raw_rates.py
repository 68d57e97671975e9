"""How the people of each organisation do after training, compared with nobody like them.

It is what somebody sees who has the results of work by person and a list of who was taught where,
and no method: the mean result of those who were taught, above that of those who were not. Who was
sent, how hard the work of their towns is, and how few they were are left out of account. It is here
to be compared with, never to plan by.
"""

from __future__ import annotations

import numpy as np
import polars as pl
from numpy.typing import NDArray

from otdacha.panel import Panel
from otdacha.programme.evidence.headline import headline_factors
from otdacha.release.release import Release

Vector = NDArray[np.float64]


def raw_rates(panel: Panel, release: Release, providers: tuple[str, ...]) -> Vector:
    """(P,) mean result of the cases of people whom each provider taught in the last months, less
    that of cases of people whom nobody did; nan where nobody of its people has a case.

    In the unit of the release's headline, plus is better: indicators are weighed and divided by
    their standard deviations as the release does. A case of a unit where several taught, or where
    only some were taught, counts for each by its share. "The last months": the horizon of effects.
    """
    total = np.zeros(len(providers))
    for name, factor in headline_factors(release).items():
        indicator = release.methodology.indicator(name)
        by_provider, untaught = _means(panel, name)
        step = factor * indicator.sign * indicator.resolution
        total += step * np.array([by_provider.get(each, np.nan) - untaught for each in providers])
    return total


def _means(panel: Panel, indicator: str) -> tuple[dict[str, float], float]:
    """The mean of a case by provider, and of those whom nobody taught, in steps."""
    cells = panel.cells.filter(pl.col("indicator") == indicator)
    mean = pl.col("total").sum() / pl.col("n").sum()
    untaught = cells.filter(pl.col("status") == "clean").select(mean).item()
    taught = (
        cells.filter(pl.col("status") == "exposed")
        .join(panel.exposure.select("unit", "month", "provider", "share"), on=["unit", "month"])
        .with_columns(pl.col("total", "n") * pl.col("share"))
        .group_by("provider")
        .agg(mean=mean)
    )
    return dict(taught.iter_rows()), np.nan if untaught is None else float(untaught)
