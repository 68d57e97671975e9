"""The front door: which design runs, why, and what the other one would have said."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import polars as pl
from scipy import sparse

from otdacha.effects.assemble import (
    IMPUTATION,
    JOINT,
    Fits,
    effects_of,
    fit_designs,
    refuse_without_clean_cells,
    refuse_without_exposed_cells,
)
from otdacha.effects.fit import Fit
from otdacha.effects.result import COMPARISON, ESTIMATED, Effects
from otdacha.effects.stored import Table
from otdacha.language import Text, text
from otdacha.methodology import Methodology
from otdacha.progress import Progress, silent

BECAUSE: Mapping[str, Text] = {
    "asked": text("The methodology asks for this design."),
    "enough_predicted": text(
        "Work without training shows well enough what the trained would have achieved without it."
    ),
    "too_little_predicted": text(
        "Too little work is free of training to show what the trained would have achieved without "
        "it, so effects, units and months were estimated together. This supposes that an effect is "
        "the same in every month after the training."
    ),
}
"""Why a design ran, by the code in `Effects.diagnostics[...]["because"]`."""


@dataclass(frozen=True)
class Choice:
    """Which design runs and why. predicted: indicator → the share of exposed cases that clean cells
    predict; indicators without any exposed case are not in it."""

    design: str
    because: str
    predicted: Mapping[str, float]


def estimate(
    cells: Table,
    exposure: Table,
    methodology: Methodology,
    *,
    reach: pl.DataFrame | None = None,
    covariates: Sequence[str] = (),
    correct: bool = True,
    progress: Progress = silent,
) -> Effects:
    """Effects by the design that the methodology asks for, beside those of the other design.

    `design.kind` "auto": imputation where clean cells predict at least `design.least_predicted` of
    the exposed cases in every indicator that weighs anything, else the joint design; the same for
    all indicators, so that the composite is of one kind.

    Arguments as for `otdacha.effects.impute`. The result's `design` is the one that ran;
    diagnostics of each indicator have `because` (a code of `BECAUSE`) and `predicted_share`
    (None without exposed cases). `comparison` (schema `COMPARISON`) has both designs' estimates
    where both know the provider; the standard error of the difference is exact, for both scores
    have the same clusters. In a country, where imputation runs and the joint design's jackknife
    would be most of the work (`assemble.JACKKNIFE_NUMBERS`), it is that of plain cluster scores.

    Source: method.md §3; docs/decisions/0009.
    Raises NothingToEstimate where the design has no clean or no exposed cells to work with.
    """
    fits = fit_designs(
        cells,
        exposure,
        methodology,
        [IMPUTATION, JOINT],
        covariates=covariates,
        correct=correct,
        spare=True,
        progress=progress,
    )
    choice = choose(fits, methodology)
    if fits.plain_joint and choice.design == JOINT:
        fits = fit_designs(
            cells, exposure, methodology, [IMPUTATION, JOINT],
            covariates=covariates, correct=correct, progress=progress,
        )  # fmt: skip
    _refuse(fits, choice)
    effects = _explained(effects_of(fits, choice.design, methodology, reach), choice)
    other = JOINT if choice.design == IMPUTATION else IMPUTATION
    alike = _uncorrected(fits) if fits.plain_joint else fits
    mine, theirs = (effects_of(alike, one, methodology, reach) for one in (choice.design, other))
    return replace(effects, comparison=compared(mine, theirs))


def _uncorrected(fits: Fits) -> Fits:
    """The fits with plain scores in both designs: those of one kind make a standard error of their
    difference, those of two kinds would not."""
    found = {
        design: {name: replace(fit, psi=np.where(fit.psi != 0, fit.plain, 0.0))
                 for name, fit in by_indicator.items()}
        for design, by_indicator in fits.found.items()
    }  # fmt: skip
    return replace(fits, found=found)


def choose(fits: Fits, methodology: Methodology) -> Choice:
    """The design for a whole release. Source: docs/decisions/0009."""
    predicted = {
        name: fit.used_cases / fit.exposed_cases
        for name, fit in fits.found[IMPUTATION].items()
        if fit.exposed_cases > 0
    }
    design = methodology.design
    if design.kind != "auto":
        return Choice(design.kind, "asked", predicted)
    weighed = [share for name, share in predicted.items() if methodology.weights[name] > 0]
    if weighed and min(weighed) < design.least_predicted:
        return Choice(JOINT, "too_little_predicted", predicted)
    return Choice(IMPUTATION, "enough_predicted", predicted)


def compared(effects: Effects, other: Effects) -> pl.DataFrame:
    """Two designs' estimates side by side, where both are known (schema `COMPARISON`)."""
    tables = []
    for indicator in effects.indicators:
        if indicator not in other.scores:
            continue
        mine, theirs = effects.of(indicator), other.of(indicator)
        difference = sparse.csr_array(other.scores[indicator] - effects.scores[indicator])
        table = pl.DataFrame(
            {
                "provider": mine["provider"],
                "indicator": mine["indicator"],
                "design": [effects.design] * len(mine),
                "estimate": mine["estimate"],
                "other_design": [other.design] * len(mine),
                "other_estimate": theirs["estimate"],
                "difference": theirs["estimate"] - mine["estimate"],
                "se": np.sqrt((difference * difference).sum(axis=0)),
            },
            schema=COMPARISON,
        )
        known = (mine["state"] == ESTIMATED) & (theirs["state"] == ESTIMATED)
        tables.append(table.filter(known))
    return pl.concat(tables) if tables else COMPARISON.to_frame()


def _refuse(fits: Fits, choice: Choice) -> None:
    """Raise NothingToEstimate where the chosen design has nothing to work with."""
    found = fits.found[choice.design]
    nobody = not any(_knows_anybody(fit) for fit in found.values())
    if choice.design == IMPUTATION or nobody:
        refuse_without_clean_cells(fits.found[IMPUTATION])
    refuse_without_exposed_cells(found)


def _knows_anybody(fit: Fit) -> bool:
    return bool(np.isfinite(fit.theta).any())


def _explained(effects: Effects, choice: Choice) -> Effects:
    return replace(
        effects,
        diagnostics={
            name: {
                **figures,
                "because": choice.because,
                "predicted_share": choice.predicted.get(name),
            }
            for name, figures in effects.diagnostics.items()
        },
    )
