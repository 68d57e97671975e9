"""Design A once more on changed cells: the same kernel, other statuses, other columns of exposure.

Every figure keeps its score over the clusters of the *original* cells, so that figures of different
runs may be compared with their exact covariance.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from threadpoolctl import threadpool_limits

from otdacha.effects.cells import indicator_cells
from otdacha.effects.clean_slopes import clean_slopes
from otdacha.effects.composite import factors, known_weights
from otdacha.effects.contrasts import Contrasts, combined, contrasts
from otdacha.effects.fit import Fit
from otdacha.effects.imputation import impute_cells
from otdacha.effects.result import Effects
from otdacha.methodology import Indicator, Methodology

_NOBODY = pl.DataFrame(
    schema={"unit": pl.String, "month": pl.Date, "provider": pl.Int64, "share": pl.Float64,
            "staff": pl.Int64}
)  # fmt: skip


@dataclass(frozen=True)
class Setting:
    """What stays the same in every run: the methodology, the clusters, the standard deviations.

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


def setting(cells: pl.DataFrame, effects: Effects, methodology: Methodology) -> Setting:
    """The setting of `effects`, which were imputed from `cells`."""
    return Setting(
        methodology,
        cells.select("cluster")
        .drop_nulls()
        .unique()
        .sort("cluster")
        .with_row_index("cluster_code"),
        effects.scales,
        effects.headline,
        factors(effects.scales, known_weights(effects.scales, methodology)),
    )


def reestimated(
    cells: pl.DataFrame,
    exposure: pl.DataFrame,
    codes: int,
    fixed: Setting,
    indicators: Sequence[Indicator],
    *,
    covariates: Sequence[str] = (),
) -> dict[str, Fit]:
    """Impute again: exposure has numbers 0…codes-1 in `provider`; covariates: columns of cells."""
    return {
        one.id: impute_cells(
            indicator_cells(
                cells,
                exposure,
                one,
                providers=range(codes),
                clusters=fixed.clusters,
                covariates=covariates,
                aggregation=fixed.methodology.design.aggregation,
            ),
            codes,
            len(fixed.clusters),
        )
        for one in indicators
    }


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
    cells: pl.DataFrame,
    told: pl.DataFrame,
    column: str,
    value: str,
    names: Sequence[str],
    fixed: Setting,
    indicators: Sequence[Indicator],
) -> dict[str, Contrasts]:
    """Slopes of clean cells by indicator, own unit (`otdacha.effects.clean_slopes`).

    told: unit, month, column, value: which slope a unit's cells bear on in that month (-1: none),
    and x; months that it does not tell of are left out.
    """
    nobody = _NOBODY.cast({name: cells.schema[name] for name in ("unit", "month")})
    told = told.select("unit", "month", column, value)

    def clean(indicator: Indicator) -> pl.DataFrame:
        return (
            cells.lazy()
            .filter(
                pl.col("indicator") == indicator.id, pl.col("status").cast(pl.String) == "clean"
            )
            .select("unit", "month", "indicator", "stratum", "cluster", "n", "total", "status")
            .join(told.lazy(), on=["unit", "month"])
            .collect()
        )

    with threadpool_limits(1, user_api="blas"):
        return {
            one.id: clean_slopes(
                indicator_cells(
                    clean(one),
                    nobody,
                    one,
                    providers=(),
                    clusters=fixed.clusters,
                    covariates=(column, value),
                    aggregation="cases",
                ),
                column,
                value,
                tuple(names),
                len(fixed.clusters),
            )
            for one in indicators
        }


def as_one(exposure: pl.DataFrame) -> pl.DataFrame:
    """Grouped exposure of one group as the pseudo-provider 0."""
    return exposure.select("unit", "month", "share", "staff", provider=pl.lit(0, pl.Int64))


def numbered(exposure: pl.DataFrame, column: str, names: Sequence[str]) -> pl.DataFrame:
    """Grouped exposure with the number of its name in `column` as the pseudo-provider."""
    number = pl.DataFrame(
        {column: list(names), "provider": np.arange(len(names), dtype=np.int64)},
        schema={column: pl.String, "provider": pl.Int64},
    )
    return exposure.join(number, on=column).select("unit", "month", "share", "staff", "provider")
