"""The sums of all strata, kept to be finished under several labels of providers.

Cells are sorted, joined and summed once; under other labels the sums are added up anew
(`StratumSums.relabelled`), which looks at no cell and gives what `impute` gives.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from otdacha.effects.assemble import (
    IMPUTATION,
    Axes,
    Fits,
    effects_of,
    indicators_with_cells,
    refuse_without_clean_cells,
    refuse_without_exposed_cells,
    sorted_cells,
)
from otdacha.effects.cells import Ints
from otdacha.effects.fit import Fit
from otdacha.effects.imputation import SummedStrata
from otdacha.effects.result import Effects
from otdacha.effects.two_way import both_ways
from otdacha.methodology import Indicator, Methodology


@dataclass(frozen=True)
class Prepared:
    """Summed strata of all indicators and the names of their axes.

    by_session: the same sums clustered by session, where sessions are the second clustering.
    label: what each summed provider stands for among the providers of `axes`.
    """

    axes: Axes
    indicators: tuple[Indicator, ...]
    by_town: tuple[SummedStrata, ...]
    by_session: tuple[SummedStrata, ...]
    label: Ints

    def relabelled(self, providers: tuple[str, ...], label: Ints) -> Prepared:
        """The same cells with other providers: `label[j]` is the place in `providers` of what was
        provider j. Two providers of one unit in one month must not get the same."""
        axes = replace(self.axes, providers=providers)
        return replace(self, axes=axes, label=label[self.label])

    def effects(self, methodology: Methodology, *, reach: pl.DataFrame | None = None) -> Effects:
        """The effects by design A. Arguments, result and errors as `otdacha.effects.impute`."""
        found = {
            indicator.id: self._fit(place, methodology)
            for place, indicator in enumerate(self.indicators)
        }
        refuse_without_clean_cells(found)
        refuse_without_exposed_cells(found)
        fits = Fits(
            self.indicators, self.axes.providers, self.axes.clusters, (), {IMPUTATION: found}
        )
        return effects_of(fits, IMPUTATION, methodology, reach)

    def _fit(self, place: int, methodology: Methodology) -> Fit:
        providers, towns = len(self.axes.providers), self.axes.cluster_codes.height
        fit = self.by_town[place].fit(self.label, providers, towns)
        if self.axes.sessions is None:
            return fit
        sessions = len(self.axes.sessions.names)
        second = self.by_session[place].fit(self.label, providers, sessions + towns)
        return both_ways(fit, second, sessions, methodology.minimum)


def prepare(cells: pl.DataFrame, exposure: pl.DataFrame, methodology: Methodology) -> Prepared:
    """Sort the cells, join them to exposure and sum them. Frames as for `impute`."""
    axes = Axes.of(cells, exposure, methodology)
    asked = indicators_with_cells(cells, methodology)
    J = len(axes.providers)
    by_town, by_session = [], []
    for data in sorted_cells(cells, exposure, asked, axes, methodology, ()):
        by_town.append(SummedStrata.of(data, J))
        if axes.sessions is not None:
            by_session.append(SummedStrata.of(data.by_session(), J))
    return Prepared(axes, asked, tuple(by_town), tuple(by_session), np.arange(J))
