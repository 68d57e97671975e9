"""Laws of shrinkage where covariates and precision move the prior."""

from __future__ import annotations

import numpy as np
import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from otdacha.methodology import Methodology
from otdacha.ranking import Ranking, rank
from otdacha.ranking.normal import moments
from tests.unit.ranking.providers import effects_of, methodology_of

few = settings(max_examples=8, deadline=None)
seeds = st.integers(0, 10_000)
priors = st.sampled_from(["normal", "npmle"])
IN_UNITS = ["estimate", "se", "posterior_mean", "lower", "upper"]
COUNT = 40


def moving(prior: str) -> Methodology:
    """Both covariates are taken, and a dependence on precision is nearly always found."""
    return methodology_of(
        shrinkage={
            "prior": prior,
            "grid": 100,
            "covariates": ("type", "size"),
            "precision": "auto",
            "precision_level": 0.9,
        },
        ranks={"draws": 100},
    )


def world(seed: int) -> tuple[np.ndarray, np.ndarray, pl.DataFrame]:
    """Estimates, standard errors and the table of providers."""
    generator = np.random.default_rng(seed)
    z = generator.standard_normal(COUNT)
    se = np.exp(-1 + 0.5 * z)
    kind, size = generator.integers(0, 3, COUNT), generator.normal(0, 5, COUNT)
    truth = 0.5 * (kind == 1) + 0.05 * size - 0.2 * z + 0.3 * generator.standard_normal(COUNT)
    table = pl.DataFrame(
        {
            "provider": [f"p{place:03d}" for place in range(COUNT)],
            "type": kind.astype(str),
            "size": size,
        }
    )
    return truth + se * generator.standard_normal(COUNT), se, table


def by_name(ranking: Ranking) -> pl.DataFrame:
    return ranking.frame.sort("provider")


@few
@given(seeds, priors)
def test_permuting_providers_permutes_results(seed: int, prior: str) -> None:
    estimates, se, table = world(seed)
    order = np.random.default_rng(seed + 1).permutation(COUNT)
    one = by_name(rank(effects_of(estimates, se), moving(prior), covariates=table))
    renamed = table[order.tolist()].with_columns(provider=table["provider"])
    other = by_name(
        rank(effects_of(estimates[order], se[order]), moving(prior), covariates=renamed)
    )
    moved = one[order.tolist()]
    for name in [*IN_UNITS, "probability_better", "q_value"]:
        np.testing.assert_allclose(moved[name], other[name], rtol=1e-4, atol=1e-5)
    assert moved["listed"].equals(other["listed"])


@few
@given(seeds, priors, st.sampled_from([1e-5, 1e4]))
def test_the_unit_of_effects_and_of_a_covariate_changes_nothing_but_itself(
    seed: int, prior: str, factor: float
) -> None:
    estimates, se, table = world(seed)
    one = rank(effects_of(estimates, se), moving(prior), covariates=table)
    rescaled = table.with_columns(pl.col("size") * 1e6 + 3e7)
    other = rank(effects_of(estimates * factor, se * factor), moving(prior), covariates=rescaled)
    first, second = by_name(one), by_name(other)
    for name in IN_UNITS:
        np.testing.assert_allclose(
            first[name] * factor, second[name], rtol=1e-4, atol=1e-5 * factor
        )
    np.testing.assert_allclose(
        first["probability_better"], second["probability_better"], rtol=1e-4, atol=1e-5
    )
    sizes = [found.prior.diagnostics["coefficients"]["size"]["estimate"] for found in (one, other)]
    np.testing.assert_allclose(sizes[0] * factor / 1e6, sizes[1], rtol=1e-4)


@few
@given(seeds)
def test_a_normal_prior_shrinks_to_between_the_prior_mean_and_the_estimate(seed: int) -> None:
    estimates, se, table = world(seed)
    x = np.column_stack([np.ones(COUNT), table["size"].to_numpy()])
    prior = moments(estimates, se, np.diag(se), columns=x)
    methodology = methodology_of(shrinkage={"covariates": ("size",), "precision": "independent"})
    frame = by_name(rank(effects_of(estimates, se), methodology, covariates=table))
    low, high = np.minimum(prior.means, estimates), np.maximum(prior.means, estimates)
    mean = frame["posterior_mean"].to_numpy()
    assert (low - 1e-9 <= mean).all()
    assert (mean <= high + 1e-9).all()
