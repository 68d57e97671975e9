"""What all gates look at, made once: cells, exposure, times of training, the overall effect."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from otdacha.effects.contrasts import Contrasts
from otdacha.effects.event_time import ALL, before_training, grouped, unit_months
from otdacha.effects.fit import Fit
from otdacha.effects.reestimate import (
    Setting,
    as_one,
    headline,
    reestimated,
    setting,
    statements,
)
from otdacha.effects.result import ESTIMATED, Effects
from otdacha.methodology import Gates, Methodology


@dataclass(frozen=True)
class Material:
    """Cells and exposure as the panel gave them, and what follows from them.

    months: `event_time.unit_months`. before: `event_time.before_training`. fit: the imputation of
    one overall effect by indicator, every exposed unit taken as trained by the same provider.
    overall: that effect on the headline, in standard deviations. providers: those with an estimate.
    """

    cells: pl.DataFrame
    exposure: pl.DataFrame
    effects: Effects
    fixed: Setting
    months: pl.DataFrame
    before: pl.DataFrame
    fit: Mapping[str, Fit]
    overall: Contrasts

    @property
    def rules(self) -> Gates:
        return self.fixed.methodology.gates

    @property
    def methodology(self) -> Methodology:
        return self.fixed.methodology

    @property
    def providers(self) -> list[str]:
        table = self.effects.of()
        return table.filter(pl.col("state") == ESTIMATED)["provider"].to_list()

    def overall_of(self, cells: pl.DataFrame, exposure: pl.DataFrame) -> Contrasts:
        """The overall effect on the headline of other cells and exposure."""
        found = reestimated(
            cells, as_one(grouped(exposure, None)), 1, self.fixed, self.fixed.indicators
        )
        return headline(statements(found, [ALL], self.fixed), self.fixed)


def material(
    cells: pl.DataFrame, exposure: pl.DataFrame, effects: Effects, methodology: Methodology
) -> Material:
    """The material of `effects`, which were imputed from the same cells and exposure.

    At least one indicator with a weight must vary (`Setting.factors` is not empty).
    """
    exposure = exposure.with_columns(pl.col("provider").cast(pl.String))
    fixed = setting(cells, effects, methodology)
    months = unit_months(cells)
    fit = reestimated(cells, as_one(grouped(exposure, None)), 1, fixed, fixed.indicators)
    return Material(
        cells,
        exposure,
        effects,
        fixed,
        months,
        before_training(months, exposure),
        fit,
        headline(statements(fit, [ALL], fixed), fixed),
    )


def with_status(cells: pl.DataFrame, months: pl.DataFrame, status: str) -> pl.DataFrame:
    """The cells, those of the given unit-months with another status (String)."""
    chosen = months.select("unit", "month", changed=pl.lit(True)).unique()
    return (
        cells.with_columns(pl.col("status").cast(pl.String))
        .join(chosen, on=["unit", "month"], how="left", maintain_order="left")
        .with_columns(
            status=pl.when(pl.col("changed").fill_null(False))
            .then(pl.lit(status))
            .otherwise("status")
        )
        .drop("changed")
    )
