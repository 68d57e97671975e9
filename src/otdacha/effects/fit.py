"""What the kernel of design A or B finds for one indicator, before it is put into tables."""

from __future__ import annotations

from dataclasses import dataclass

from numpy import bool_
from numpy.typing import NDArray

from otdacha.effects.cells import Floats, Ints

ROUNDING = 1e-10
"""Residuals that are smaller than this, relative to the figures themselves, are rounding."""


LAST_DIGITS = 1e-12
"""Standard errors below this, relative to the largest figure, are rounding: sums keep 13 digits."""


@dataclass(frozen=True)
class Fit:
    """One design's answer for one indicator; J providers, C clusters; own unit, plus is better.

    theta (J,): nan where nothing is known. psi (C, J): the joint score, V = psi'psi, zero where
    there is no variance. plain (C, J): the same without the correction for few clusters; its
    columns sum to zero. weight (C, J): the share of each cluster in what is known of a provider,
    after all that is controlled for; columns sum to one. df (J,). units, clusters, cells, cases
    (J,): exposed material that was used; units_by_cluster (C, J).
    scale: standard deviation of residuals (A: clean cells; B: all, freed of the effects), weighted
    by cases, without cells that only their own effect explains (lone_cells: how many); varies: it
    is more than rounding. rounding: differences up to this are rounding of the figures themselves.
    beta (P,): covariates.
    exposed_cases, used_cases: cases in exposed cells, and in those of them that were used.
    excluded: reason → cells. excluded_by_provider: reason → cells (J,).
    one_cluster, inseparable, no_contrast, few_sessions (J,): why there is no variance, or no
    estimate.
    """

    theta: Floats
    psi: Floats
    plain: Floats
    weight: Floats
    df: Floats
    units: Ints
    clusters: Ints
    cells: Ints
    cases: Ints
    scale: float
    varies: bool
    beta: Floats
    clean_cells: int
    exposed_cells: int
    exposed_cases: float
    used_cases: float
    excluded: dict[str, int]
    excluded_by_provider: dict[str, Ints]
    one_cluster: NDArray[bool_]
    inseparable: NDArray[bool_]
    no_contrast: NDArray[bool_]
    few_sessions: NDArray[bool_]
    units_by_cluster: Ints
    lone_cells: int
    rounding: float
