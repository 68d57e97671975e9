"""Covariates of providers: how they are read, and how they move the prior mean."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
import statsmodels.api as sm
from scipy import optimize

from otdacha.errors import FileProblem, MethodologyProblem
from otdacha.ranking import rank
from otdacha.ranking.covariates import regressors
from otdacha.ranking.expected import term_in_words
from otdacha.ranking.intervals import robust_intervals
from otdacha.ranking.normal import moments
from tests.unit.ranking.providers import effects_of, methodology_of

NAMES = [f"p{place:03d}" for place in range(30)]


def table(**columns: object) -> pl.DataFrame:
    return pl.DataFrame({"provider": NAMES, **columns})


def test_no_covariates_are_an_intercept() -> None:
    found = regressors(NAMES, None, ())
    assert found.names == ("(intercept)",)
    np.testing.assert_array_equal(found.values, np.ones((30, 1)))


def test_levels_are_columns_but_for_the_largest() -> None:
    found = regressors(NAMES, table(type=["a"] * 15 + ["b"] * 10 + ["c"] * 5), ("type",))
    assert found.names == ("(intercept)", "type=b", "type=c")
    assert found.values[:, 1].sum() == 10
    assert found.values[:, 2].tolist() == [0.0] * 25 + [1.0] * 5
    assert found.figures == {"reference": {"type": "a"}}


def test_rows_follow_the_providers_and_others_are_ignored() -> None:
    given = table(size=np.arange(30.0)).sample(fraction=1.0, shuffle=True, seed=1)
    given = given.vstack(pl.DataFrame({"provider": ["elsewhere"], "size": [1e9]}))
    found = regressors(NAMES, given, ("size",))
    np.testing.assert_allclose(found.values[:, 1], np.arange(30.0) - 14.5)


def test_an_empty_or_absent_value_is_a_level_of_its_own_and_is_counted() -> None:
    kinds = [*["a"] * 18, *["b"] * 8, None, " "]
    given = table(type=[*kinds, "b", "b"]).head(28)  # the last two are not in the table
    found = regressors(NAMES, given, ("type",))
    assert found.names == ("(intercept)", "type=(unknown)", "type=b")
    assert found.values[:, 1].tolist() == [0.0] * 26 + [1.0] * 4
    assert found.figures["unknown"] == {"type": 4}


def test_levels_with_one_provider_are_put_together() -> None:
    found = regressors(NAMES, table(type=["a"] * 26 + ["b", "c", "d", "e"]), ("type",))
    assert found.names == ("(intercept)", "type=(other)")
    assert found.values[:, 1].sum() == 4
    assert found.figures["merged"] == {"type": ["b", "c", "d", "e"]}


def test_one_provider_that_is_alone_is_taken_for_one_of_the_largest_level() -> None:
    found = regressors(NAMES, table(type=["a"] * 20 + ["b"] * 9 + ["c"]), ("type",))
    assert found.names == ("(intercept)", "type=b")
    assert found.figures["lone"] == {"type": 1}
    assert found.figures["merged"] == {"type": ["c"]}


def test_unknown_numbers_stand_at_the_mean_with_a_column_of_their_own() -> None:
    sizes = [*range(27), None, float("nan"), float("inf")]
    found = regressors(
        NAMES, table(size=[None if x is None else float(x) for x in sizes]), ("size",)
    )
    assert found.names == ("(intercept)", "size", "size=(unknown)")
    np.testing.assert_allclose(found.values[-3:, 1], 0, atol=1e-12)
    assert found.values[:, 2].sum() == 3
    assert found.figures["unknown"] == {"size": 3}


def test_what_the_earlier_columns_say_already_is_left_out() -> None:
    kinds = ["a"] * 15 + ["b"] * 15
    given = table(type=kinds, again=kinds, size=[2.0] * 15 + [7.0] * 15, same=["x"] * 30)
    found = regressors(NAMES, given, ("type", "again", "size", "same"))
    assert found.names == ("(intercept)", "type=b")
    assert found.figures["left_out"] == {
        "again=b": "collinear",
        "size": "collinear",
        "same": "no_variation",
    }


def test_a_covariate_that_leaves_fewer_than_five_providers_a_column_is_left_out() -> None:
    given = table(region=[f"r{place // 2}" for place in range(30)], size=np.arange(30.0))
    found = regressors(NAMES, given, ("region", "size"))
    assert found.names == ("(intercept)", "size")
    assert found.figures["left_out"] == {"region": "too_many_columns"}
    few = regressors(NAMES[:3], given, ("region", "size"))
    assert few.names == ("(intercept)",)


def test_what_is_not_in_the_table_is_said() -> None:
    with pytest.raises(MethodologyProblem, match=r"shrinkage\.covariates"):
        regressors(NAMES, None, ("type",))
    with pytest.raises(FileProblem, match="no column type"):
        regressors(NAMES, table(kind=["a"] * 30), ("type",))
    twice = table(type=["a"] * 30).vstack(pl.DataFrame({"provider": ["p001"], "type": ["b"]}))
    with pytest.raises(FileProblem, match="p001 more than once"):
        regressors(NAMES, twice, ("type",))


def world(
    seed: int, count: int = 60, shared: float = 0.0
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Truth, estimates, se, ψ and X of providers whose mean depends on a type and a size."""
    generator = np.random.default_rng(seed)
    columns = np.column_stack(
        [np.ones(count), np.arange(count) % 3 == 0, generator.normal(0, 1e5, count)]
    ).astype(float)
    truth = columns @ [0.2, 1.0, 4e-6] + generator.normal(0, 0.3, count)
    own = generator.uniform(0.2, 0.8, count)
    scores = np.vstack([np.diag(own), np.full((1, count), shared)])
    estimates = truth + own * generator.standard_normal(count) + shared * generator.normal()
    return truth, estimates, np.sqrt((scores**2).sum(axis=0)), scores, columns


@pytest.mark.parametrize("shared", [0.0, 0.5])
def test_the_moments_are_those_of_the_dense_twin(shared: float) -> None:
    _, estimates, se, scores, x = world(1, shared=shared)
    relative = np.linspace(0.5, 2.0, len(se))
    found = moments(estimates, se, scores, columns=x, relative=relative)

    def surplus(variance: float) -> float:
        sigma = variance * np.diag(relative**2) + scores.T @ scores
        omega = np.diag(1 / (variance * relative**2 + se**2))
        maker = np.eye(len(se)) - x @ np.linalg.pinv(x.T @ omega @ x) @ x.T @ omega
        return float(
            estimates @ maker.T @ omega @ maker @ estimates
            - np.trace(maker.T @ omega @ maker @ sigma)
        )

    spread = optimize.brentq(surplus, 0, 10, xtol=1e-14)
    assert found.spread == pytest.approx(spread, rel=1e-8)
    fit = sm.WLS(estimates, x, weights=1 / (found.spread * relative**2 + se**2)).fit()
    np.testing.assert_allclose(found.coefficients, fit.params, rtol=1e-8)
    np.testing.assert_allclose(found.means, fit.fittedvalues, rtol=1e-8)
    sigma = np.diag(found.variances) + scores.T @ scores
    dense = np.sqrt(np.diag(found.loads @ sigma @ found.loads.T))
    np.testing.assert_allclose(found.coefficient_errors(scores), dense, rtol=1e-8)


def test_a_column_of_ones_is_no_covariate() -> None:
    _, estimates, se, scores, _ = world(2)
    one = moments(estimates, se, scores)
    other = moments(estimates, se, scores, columns=np.full((60, 1), 7.0))
    np.testing.assert_allclose(one.means, other.means, rtol=1e-12)
    np.testing.assert_allclose(one.variances, other.variances, rtol=1e-12)


def test_the_intervals_noise_is_that_of_the_dense_twin() -> None:
    _, estimates, se, scores, x = world(3, shared=0.4)
    prior = moments(estimates, se, scores, columns=x)
    lower, upper = robust_intervals(estimates, se, se, scores, prior, 0.95)
    weight = np.diag(prior.variances / (prior.variances + se**2))
    map_ = weight + (np.eye(60) - weight) @ x @ prior.loads
    np.testing.assert_allclose((lower + upper) / 2, map_ @ estimates, rtol=1e-10)
    noise = np.diag(map_ @ scores.T @ scores @ map_.T)
    from otdacha.ranking.intervals import critical_values

    bias = (1 - np.diag(weight)) ** 2 * prior.variances
    half = critical_values(bias / noise, 0.05) * np.sqrt(noise)
    # the twin has the exact own part; ours takes ψ_j'ψ_j for s², which is the same thing here
    np.testing.assert_allclose((upper - lower) / 2, half, rtol=1e-10)


@pytest.mark.parametrize("prior", ["normal", "npmle"])
def test_estimates_are_shrunken_to_their_own_kind_and_tests_do_not_move(prior: str) -> None:
    truth, estimates, se, _, _ = world(4)
    effects = effects_of(estimates, se)
    kinds = pl.DataFrame(
        {
            "provider": effects.providers,
            "type": ["a" if place % 3 == 0 else "b" for place in range(60)],
        }
    )
    plain = rank(effects, methodology_of(shrinkage={"prior": prior}))
    moved = rank(
        effects,
        methodology_of(shrinkage={"prior": prior, "covariates": ("type",)}),
        covariates=kinds,
    )
    assert moved.frame.null_count().drop("df").row(0) == (0,) * 18
    gamma = moved.prior.diagnostics["coefficients"]
    assert set(gamma) == {"(intercept)", "type=a"}
    assert abs(gamma["type=a"]["estimate"] - 1.0) < 3 * gamma["type=a"]["se"] < 1.0
    one, other = plain.frame.sort("provider"), moved.frame.sort("provider")
    for name in ("p_value", "q_value", "bh", "by", "rank_low", "rank_high", "estimate"):
        assert one[name].equals(other[name]), name
    assert plain.threshold == moved.threshold
    error = {
        kind: float(((frame["posterior_mean"].to_numpy() - truth) ** 2).mean())
        for kind, frame in (("plain", one), ("moved", other))
    }
    assert error["moved"] < error["plain"]
    assert moved.prior.diagnostics["variance"] < plain.prior.diagnostics["variance"]
    assert (other["lower"] <= other["posterior_mean"]).all()
    assert (other["posterior_mean"] <= other["upper"]).all()


def test_nobody_is_listed_who_is_probably_not_better() -> None:
    # twenty sure members leave room for errors: an estimate that is good enough by itself, of a
    # kind that is bad, would pass both error rates
    estimates = np.array([0.5] * 20 + [-0.3] * 19 + [0.17])
    effects = effects_of(estimates, np.array([0.05] * 39 + [0.1]))
    kinds = pl.DataFrame(
        {"provider": effects.providers, "type": ["good"] * 20 + ["bad"] * 20},
    )
    methodology = methodology_of(
        shrinkage={"covariates": ("type",), "precision": "independent"}, list={"against": "zero"}
    )
    last = effects.providers[-1]
    row = rank(effects, methodology, covariates=kinds).frame.row(
        by_predicate=pl.col("provider") == last, named=True
    )
    assert row["q_value"] <= 0.1
    assert row["probability_better"] < 0.5
    assert not row["listed"]
    alike = methodology_of(list={"against": "zero"})
    assert last in rank(effects, alike).listed


def test_what_moves_the_prior_mean_is_said_in_words() -> None:
    reference = {"type": "university", "owner": "(other)"}
    said = {
        "(intercept)": "where type is university, owner is other",
        "type=(unknown)": "difference where type is not known",
        "owner=a=b": "difference where owner is a=b",
        "size": "change for each unit of size",
        "log(se)": "change for each unit of log (standard error)",
    }
    for term, words in said.items():
        assert term_in_words(term, reference).said("en") == words
    assert term_in_words("(intercept)", {}).said("en") == "all organisations"


def test_a_methodology_without_covariates_does_not_look_at_the_table() -> None:
    _, estimates, se, _, _ = world(5)
    effects = effects_of(estimates, se)
    given = pl.DataFrame({"provider": effects.providers, "type": ["a", "b"] * 30})
    one = rank(effects, methodology_of())
    other = rank(effects, methodology_of(), covariates=given)
    assert one.frame.equals(other.frame)
    assert "coefficients" not in one.prior.diagnostics
    assert one.prior.expected.is_empty()
