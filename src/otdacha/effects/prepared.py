"""Cells and exposure sorted once, to be estimated under several labels of providers."""

from __future__ import annotations

from dataclasses import dataclass, replace

import polars as pl

from otdacha.effects.assemble import (
    IMPUTATION,
    Axes,
    effects_of,
    fits_of,
    indicators_with_cells,
    refuse_without_clean_cells,
    refuse_without_exposed_cells,
    sorted_cells,
)
from otdacha.effects.cells import IndicatorCells, Ints
from otdacha.effects.result import Effects
from otdacha.methodology import Indicator, Methodology


@dataclass(frozen=True)
class Prepared:
    """Sorted cells of all indicators, held at once, and the names of their axes."""

    axes: Axes
    indicators: tuple[Indicator, ...]
    data: tuple[IndicatorCells, ...]

    def relabelled(self, providers: tuple[str, ...], label: Ints) -> Prepared:
        """The same cells with other providers: `label[j]` is the place in `providers` of what was
        provider j. Two providers of one unit in one month must not get the same."""
        data = tuple(
            replace(
                cells,
                links=cells.links.with_columns(provider=label[cells.links["provider"].to_numpy()]),
            )
            for cells in self.data
        )
        return replace(self, axes=replace(self.axes, providers=providers), data=data)

    def effects(
        self,
        methodology: Methodology,
        *,
        reach: pl.DataFrame | None = None,
        design: str = IMPUTATION,
    ) -> Effects:
        """The effects by one design. Arguments, result and errors as `otdacha.effects.impute`."""
        fits = fits_of(self.axes, self.indicators, self.data, methodology, [design])
        if design == IMPUTATION:
            refuse_without_clean_cells(fits.found[design])
        refuse_without_exposed_cells(fits.found[design])
        return effects_of(fits, design, methodology, reach)


def prepare(cells: pl.DataFrame, exposure: pl.DataFrame, methodology: Methodology) -> Prepared:
    """Sort the cells and join them to exposure, for all indicators. Frames as for `impute`."""
    axes = Axes.of(cells, exposure, methodology)
    asked = indicators_with_cells(cells, methodology)
    data = tuple(sorted_cells(cells, exposure, asked, axes, methodology, ()))
    return Prepared(axes, asked, data)
