"""Design A once more on the same cells: the same kernel, other statuses, other exposure.

Every figure keeps its score over the clusters of all cells, so that figures of different questions
may be compared with their exact covariance.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from otdacha.effects.cells import Floats
from otdacha.effects.clean_slopes import clean_slopes
from otdacha.effects.composite import factors, known_weights
from otdacha.effects.contrasts import Contrasts, combined, contrasts
from otdacha.effects.fit import Fit
from otdacha.effects.imputation import impute_cells
from otdacha.effects.observed import Observed, PlacedCells, Question
from otdacha.effects.one_thread import one_thread
from otdacha.effects.result import Effects
from otdacha.methodology import Indicator, Methodology


@dataclass(frozen=True)
class Setting:
    """What stays the same in every question: the methodology, the clusters, standard deviations.

    clusters: cluster, cluster_code. factors: indicator → what makes it a part of the composite (of
    one indicator: its effect in standard deviations).
    """

    methodology: Methodology
    clusters: pl.DataFrame
    scales: Mapping[str, float]
    headline: str
    factors: Mapping[str, float]

    @property
    def indicators(self) -> tuple[Indicator, ...]:
        """The indicators that make the headline."""
        return tuple(self.methodology.indicator(name) for name in self.factors)


def setting(observed: Observed, effects: Effects, methodology: Methodology) -> Setting:
    """The setting of `effects`, which were imputed from the cells of `observed`."""
    return Setting(
        methodology,
        observed.clusters,
        effects.scales,
        effects.headline,
        factors(effects.scales, known_weights(effects.scales, methodology)),
    )


def reestimated(
    observed: Observed,
    question: Question,
    codes: int,
    fixed: Setting,
    indicators: Sequence[Indicator],
) -> dict[str, Fit]:
    """Impute again: the question's exposure has numbers 0…codes-1 in `provider`."""
    return {
        one.id: imputed(observed.of_indicator(one), question, codes, fixed) for one in indicators
    }


def imputed(cells: PlacedCells, question: Question, codes: int, fixed: Setting) -> Fit:
    """The fit of one indicator's cells."""
    asked = cells.asked(question, fixed.methodology.design.aggregation)
    return impute_cells(asked, codes, len(fixed.clusters))


def statements(
    found: Mapping[str, Fit], names: Sequence[str], fixed: Setting
) -> dict[str, Contrasts]:
    """Effects with their scores by indicator, own unit; unknown where there is too little evidence.

    Too little is fewer clusters or degrees of freedom than `methodology.minimum`.
    """
    minimum = fixed.methodology.minimum
    return {
        name: contrasts(names, fit.theta, fit.psi, fit.df).where(
            (fit.clusters >= minimum.clusters) & (fit.df > minimum.degrees_of_freedom - 1e-9)
        )
        for name, fit in found.items()
    }


def headline(parts: Mapping[str, Contrasts], fixed: Setting) -> Contrasts:
    """The statements on the headline, in standard deviations."""
    return combined(parts, fixed.factors)


def slopes(
    observed: Observed,
    number: Floats,
    x: Floats,
    names: Sequence[str],
    fixed: Setting,
    indicators: Sequence[Indicator],
) -> dict[str, Contrasts]:
    """Slopes of clean cells by indicator, own unit (`otdacha.effects.clean_slopes`).

    number (M,): which slope a unit-month bears on; -1: none, nan: it takes no part. x (M,).
    """
    takes_part = observed.clean & ~np.isnan(number)
    question = Question(
        clean=takes_part,
        exposed=np.zeros_like(takes_part),
        covariates={"number": number, "x": x},
    )
    with one_thread():
        return {
            one.id: clean_slopes(
                observed.of_indicator(one).asked(question, "cases"),
                "number",
                "x",
                tuple(names),
                len(fixed.clusters),
            )
            for one in indicators
        }


def lead_slopes(
    observed: Observed,
    told: pl.DataFrame,
    names: Sequence[str],
    fixed: Setting,
    indicators: Sequence[Indicator],
) -> dict[str, Contrasts]:
    """Slopes on the months before training. told: as `event_time.leads_of`."""
    number = observed.spread(told["lead_number"], told["place"], np.nan)
    x = observed.spread(told["lead_dummy"], told["place"], 0.0)
    return slopes(observed, number, x, names, fixed, indicators)


def as_one(exposure: pl.DataFrame) -> pl.DataFrame:
    """Grouped exposure of one group as the pseudo-provider 0."""
    return exposure.select("place", "share", "staff", provider=pl.lit(0, pl.Int64))


def numbered(exposure: pl.DataFrame, column: str, names: Sequence[str]) -> pl.DataFrame:
    """Grouped exposure with the number of its name in `column` as the pseudo-provider."""
    number = pl.DataFrame(
        {column: list(names), "provider": np.arange(len(names), dtype=np.int64)},
        schema={column: pl.String, "provider": pl.Int64},
    )
    return exposure.join(number, on=column).select("place", "share", "staff", "provider")
