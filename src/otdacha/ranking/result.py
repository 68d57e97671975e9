"""What may be said of each provider, and what the saying rests on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from otdacha.effects.result import ESTIMATED
from otdacha.language import Text, ntext, text
from otdacha.methodology.counting import EXCLUDED
from otdacha.ranking.comparisons import Comparisons
from otdacha.ranking.grades import GRADE_PATH

NOT_COMPARABLE = "not comparable"
"""The state of a provider that is the only one with enough evidence."""

RANKING = pl.Schema(
    {
        "provider": pl.String,
        "estimate": pl.Float64,
        "se": pl.Float64,
        "df": pl.Float64,
        "posterior_mean": pl.Float64,
        "lower": pl.Float64,  # robust empirical-Bayes interval at the methodology's level
        "upper": pl.Float64,
        "probability_better": pl.Float64,  # P(θ > δ) given the data, under the prior
        "p_value": pl.Float64,  # one-sided, H₀: θ <= δ, t with df degrees of freedom
        "q_value": pl.Float64,  # Storey
        "bh": pl.Float64,  # Benjamini-Hochberg adjusted p
        "by": pl.Float64,  # Benjamini-Yekutieli adjusted p
        "listed": pl.Boolean,
        "grade": pl.Int64,  # 1 is best
        "rank_low": pl.Int64,  # best rank in the marginal confidence set, 1 is best
        "rank_high": pl.Int64,
        "rank_low_all": pl.Int64,  # best rank in the simultaneous confidence set: all hold together
        "rank_high_all": pl.Int64,
        "state": pl.String,  # "estimated", or why there is no rank: see below
    }
)
"""Only rows in the state "estimated" are ranked. Of the others (insufficient evidence, not
comparable, suppressed, not collected) estimate, se and df are kept as they are known, all else is
null, and `listed` is false."""


EXPECTED = pl.Schema({"term": pl.String, "coefficient": pl.Float64, "se": pl.Float64})


@dataclass(frozen=True)
class Prior:
    """The distribution of true effects that the estimates were shrunken towards.

    kind: "normal", "npmle", or "none" where there was nobody to compare. points, weights: its
    support and mass (a fine discretisation where it is normal, or is not the same for all).
    mean, sd: its first two moments over all providers. density: points and the smooth density at
    them, for pictures only (`otdacha.ranking.smoothed`).
    diagnostics: mean, variance and variance_before_floor of true effects around their prior means;
    of an NPMLE its duality gap (gap), steps and grid_step_in_smallest_se; precision: what was found
    of the dependence on standard errors (`otdacha.ranking.precision.Dependence`); where covariates
    or precision move the prior mean, coefficients: {name: {"estimate", "se"}}, and covariates: what
    was done with them (`otdacha.ranking.covariates.Regressors`).
    """

    kind: str
    points: NDArray[np.float64]
    weights: NDArray[np.float64]
    mean: float
    sd: float
    diagnostics: Mapping[str, Any]
    density: tuple[NDArray[np.float64], NDArray[np.float64]] = field(
        default_factory=lambda: (np.empty(0), np.empty(0))
    )

    @property
    def expected(self) -> pl.DataFrame:
        """The prior mean by what moves it (schema `EXPECTED`), the intercept first; no rows where
        the same is expected of everybody."""
        known = self.diagnostics.get("coefficients", {})
        return pl.DataFrame(
            [(term, found["estimate"], found["se"]) for term, found in known.items()],
            schema=EXPECTED,
            orient="row",
        )

    @property
    def reference(self) -> dict[str, str]:
        """Covariate → its largest level, which the intercept of `expected` stands for."""
        return dict(self.diagnostics.get("covariates", {}).get("reference", {}))


@dataclass(frozen=True)
class Ranking:
    """The ranking of providers on one indicator.

    frame: one row per provider (schema `RANKING`), sorted best posterior mean first, providers
        with insufficient evidence last by name.
    threshold: δ of H₀: θ <= δ, in the estimates' unit.
    null_share: π₀, Storey's estimate of the share of providers that are not better than δ.
    grading: figures about the grades (`otdacha.ranking.grades.grade`), and where they were asked
        for, those of `otdacha.ranking.certificate.certify`.
    grade_path: number of grades and their errors by price λ (schema `GRADE_PATH`).
    excluded: providers that had an estimate and could not be ranked, by reason (schema
        `otdacha.methodology.counting.EXCLUDED`).
    comparisons: every pair of those that were ranked; None where there are fewer than two, or more
        than `otdacha.ranking.comparisons.MOST_COMPARED`.
    """

    indicator: str
    frame: pl.DataFrame
    threshold: float
    null_share: float
    prior: Prior
    grading: Mapping[str, float]
    excluded: pl.DataFrame = field(default_factory=EXCLUDED.to_frame)
    grade_path: pl.DataFrame = field(default_factory=GRADE_PATH.to_frame)
    comparisons: Comparisons | None = None

    @property
    def listed(self) -> tuple[str, ...]:
        """The most effective, best first; empty where nobody can be told apart."""
        return tuple(self.frame.filter("listed")["provider"])

    @property
    def verdict(self) -> Text:
        """What the list says, in one sentence."""
        ranked = self.frame.filter(pl.col("state") == ESTIMATED).height
        if not ranked:
            alone = (self.frame["state"] == NOT_COMPARABLE).any()
            return (
                text("Only one provider has enough evidence: there is nobody to compare it with.")
                if alone
                else text("No provider has enough evidence to be ranked.")
            )
        if not self.listed:
            return text(
                "None of the {ranked} ranked providers can be told apart from the threshold: "
                "the list is empty, and that is a result.",
                ranked=ranked,
            )
        return ntext(
            "{count} provider of {ranked} ranked is on the list of the most effective.",
            "{count} providers of {ranked} ranked are on the list of the most effective.",
            count=len(self.listed),
            ranked=ranked,
        )
