"""What all gates look at, made once: cells, exposure, times of training, the overall effect."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import polars as pl

from otdacha.effects.contrasts import Contrasts
from otdacha.effects.event_time import ALL, grouped
from otdacha.effects.fit import Fit
from otdacha.effects.observed import Observed, PlacedCells, Question
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

    together: exposure to any provider, of the pseudo-provider 0. fit: the imputation of one overall
    effect by indicator, every exposed unit taken as trained by the same provider. overall: that
    effect on the headline, in standard deviations. providers: those with an estimate.
    """

    observed: Observed
    effects: Effects
    fixed: Setting
    together: pl.DataFrame
    fit: Mapping[str, Fit]
    overall: Contrasts

    @property
    def rules(self) -> Gates:
        return self.fixed.methodology.gates

    @property
    def methodology(self) -> Methodology:
        return self.fixed.methodology

    @property
    def months(self) -> pl.DataFrame:
        return self.observed.months

    @property
    def before(self) -> pl.DataFrame:
        return self.observed.before

    @property
    def exposure(self) -> pl.DataFrame:
        return self.observed.exposure

    @property
    def providers(self) -> list[str]:
        table = self.effects.of()
        return table.filter(pl.col("state") == ESTIMATED)["provider"].to_list()

    @cached_property
    def volume(self) -> PlacedCells:
        """The log of the cases per head of each unit-month, which counts once."""
        cells = self.months.filter(pl.col("n") > 0, pl.col("staff") > 0).with_columns(
            n=pl.lit(1, pl.Int64), total=(pl.col("n") / pl.col("staff")).log()
        )
        # an indicator that takes figures as they are
        plain = {"better": "higher", "resolution": 1.0}
        counted = self.methodology.indicators[0].model_copy(update=plain)
        return PlacedCells.of(cells, counted, self.fixed.clusters)

    def overall_of(self, question: Question) -> Contrasts:
        """The overall effect on the headline when other months or exposure are asked about."""
        found = reestimated(self.observed, question, 1, self.fixed, self.fixed.indicators)
        return headline(statements(found, [ALL], self.fixed), self.fixed)


def material(observed: Observed, effects: Effects, methodology: Methodology) -> Material:
    """The material of `effects`, which were imputed from the same cells and exposure.

    At least one indicator with a weight must vary (`Setting.factors` is not empty).
    """
    fixed = setting(observed, effects, methodology)
    together = as_one(grouped(observed.exposure, None))
    question = Question(observed.clean, observed.exposed, together)
    fit = reestimated(observed, question, 1, fixed, fixed.indicators)
    return Material(
        observed, effects, fixed, together, fit, headline(statements(fit, [ALL], fixed), fixed)
    )
