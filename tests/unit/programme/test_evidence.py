"""From a release, or plain figures, to what a plan believes of each provider."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from scipy import special

from otdacha.errors import ReleaseProblem
from otdacha.programme.evidence.posterior import (
    NO_RELEASE,
    evidence_from,
    evidence_of,
    no_evidence,
    shared_errors,
)
from otdacha.ranking.comparisons import Comparisons
from otdacha.release.release import Release
from tests.invented_release import invented_release, invented_results, provider, withheld


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Release:
    return invented_release(tmp_path_factory.mktemp("releases"))


def figures(*rows: tuple[str, float | None, float | None, float | None, str]) -> pl.DataFrame:
    columns = ["provider", "estimate", "se", "posterior_mean", "state"]
    types = [pl.String, pl.Float64, pl.Float64, pl.Float64, pl.String]
    return pl.DataFrame(rows, schema=dict(zip(columns, types, strict=True)), orient="row")


TWO = figures(
    ("a", 0.4, 0.1, 0.2, "estimated"),
    ("b", 0.2, 0.1, 0.1, "estimated"),
    ("new", None, None, None, "insufficient evidence"),
)
"""Prior N(0, 0.1²): errors as large as the prior's spread, so estimates are halved."""


def test_the_mean_of_the_draws_is_the_posterior_mean() -> None:
    evidence = evidence_from(TWO, 0.0, 0.1, draws=500)
    assert evidence.draws.shape == (500, 3)
    assert evidence.mean.tolist() == [0.2, 0.1, 0.0]
    assert np.allclose(evidence.draws.mean(axis=0), evidence.mean, atol=1e-14)


def test_the_spread_of_the_draws_is_the_posteriors() -> None:
    evidence = evidence_from(TWO, 0.0, 0.1, draws=40_000)
    # e √w with e = τ = 0.1 and w = 1/2; the prior's own where nobody measured
    assert evidence.draws.std(axis=0) == pytest.approx([0.1 / 2**0.5, 0.1 / 2**0.5, 0.1], rel=0.02)
    assert np.corrcoef(evidence.draws.T)[0, 1] == pytest.approx(0.0, abs=0.02)


def test_shared_errors_make_providers_wrong_together() -> None:
    shared = np.array([[1.0, 0.8], [0.8, 1.0]])
    evidence = evidence_from(TWO, 0.0, 0.1, shared=shared, draws=40_000)
    covariance = np.cov(evidence.draws.T)
    # w w' V = 1/4 * 0.8 * 0.01; the diagonal stays that of the posterior
    assert covariance[0, 1] == pytest.approx(0.002, rel=0.05)
    assert covariance[0, 0] == pytest.approx(0.005, rel=0.03)
    assert covariance[0, 2] == pytest.approx(0.0, abs=2e-4)


def test_few_degrees_of_freedom_widen_the_spread() -> None:
    few = evidence_from(TWO.with_columns(df=pl.lit(2.0)), 0.0, 0.1)
    assert few.draws[:, 0].std() > evidence_from(TWO, 0.0, 0.1).draws[:, 0].std()
    assert few.error[0] == 0.1


def test_every_draw_has_its_mirror_image_and_the_seed_decides_them() -> None:
    evidence = evidence_from(TWO, 0.0, 0.1, draws=10)
    assert np.allclose(evidence.draws[:5] + evidence.draws[5:], 2 * evidence.mean)
    assert np.array_equal(evidence.draws, evidence_from(TWO, 0.0, 0.1, draws=10).draws)
    assert not np.array_equal(evidence.draws, evidence_from(TWO, 0.0, 0.1, draws=10, seed=1).draws)
    with pytest.raises(ValueError, match="even"):
        evidence_from(TWO, 0.0, 0.1, draws=9)


def test_a_prior_of_two_points_is_drawn_as_such() -> None:
    points = np.linspace(-1.0, 1.0, 401)
    heights = np.exp(-(((np.abs(points) - 0.8) / 0.02) ** 2) / 2)
    unclear = figures(("a", 0.0, 1.0, 0.0, "published"))
    evidence = evidence_from(unclear, 0.0, 0.8, density=(points, heights), draws=4_000)
    assert (np.abs(np.abs(evidence.draws) - 0.8) < 0.1).mean() > 0.98


def test_a_normal_density_draws_what_the_normal_prior_draws() -> None:
    points = np.linspace(-0.6, 0.6, 2_001)
    heights = np.exp(-((points / 0.1) ** 2) / 2)
    plain = evidence_from(TWO, 0.0, 0.1, draws=200)
    bent = evidence_from(TWO, 0.0, 0.1, density=(points, heights), draws=200)
    assert np.allclose(plain.draws, bent.draws, atol=2e-4)


def test_a_prior_without_spread_leaves_nothing_to_draw() -> None:
    same = evidence_from(TWO, 0.1, 0.0, density=(np.zeros(1), np.ones(1)), draws=4)
    assert np.ptp(same.draws, axis=0).tolist() == [0.0, 0.0, 0.0]


def test_shared_errors_come_back_from_the_differences() -> None:
    scores = np.random.default_rng(3).normal(size=(6, 5)) + 1.0
    covariance = scores.T @ scores
    se = np.sqrt(np.diag(covariance))
    names = tuple("abcde")
    of_pairs = Comparisons(
        names, np.arange(5.0), np.full(5, np.inf), scores, np.zeros((5, 5), bool), np.eye(5)
    ).table(names, 0.95)
    found = shared_errors(of_pairs, pl.DataFrame({"provider": names, "se": se}))
    assert found == pytest.approx(covariance / np.outer(se, se), abs=1e-10)


def test_whoever_shares_the_whole_error_is_wrong_together() -> None:
    pairs = pl.DataFrame(
        {"provider": ["a"], "other": ["b"], "se": [None]}, schema_overrides={"se": pl.Float64}
    )
    found = shared_errors(pairs, pl.DataFrame({"provider": ["a", "b"], "se": [0.1, 0.2]}))
    assert found == pytest.approx(np.ones((2, 2)))


def test_correlations_that_no_errors_have_are_mended() -> None:
    pairs = pl.DataFrame(
        {"provider": ["a", "a", "b"], "other": ["b", "c", "c"], "se": [0.2, 0.2, 0.2]}
    )
    # each pair would be fully opposed, and three cannot all be
    found = shared_errors(pairs, pl.DataFrame({"provider": ["a", "b", "c"], "se": [0.1] * 3}))
    assert found is not None
    assert np.linalg.eigvalsh(found).min() > -1e-12
    assert np.diag(found) == pytest.approx(np.ones(3))


def test_without_comparisons_errors_are_independent(release: Release) -> None:
    tables = {**release.tables, "comparisons": release.tables["comparisons"].clear()}
    apart = evidence_of(replace(release, tables=tables), draws=20_000)
    together = evidence_of(release, draws=20_000)
    known = apart.proven
    off = ~np.eye(int(known.sum()), dtype=bool)
    assert np.abs(np.corrcoef(apart.draws[:, known].T)[off]).max() < 0.04
    assert np.abs(np.corrcoef(together.draws[:, known].T)[off]).max() > 0.04


def test_a_release_is_believed_as_it_is_published(release: Release) -> None:
    evidence = evidence_of(release, ["0000000001", provider(0)], draws=20_000)
    shown = release.providers.filter(pl.col("state") == "published")
    at = [evidence.providers.index(name) for name in shown["provider"]]
    assert evidence.release == release.id
    assert evidence.providers.count(provider(0)) == 1
    assert sorted(np.flatnonzero(evidence.proven)) == sorted(at)
    assert evidence.mean[at].tolist() == shown["posterior_mean"].to_list()
    assert evidence.error[at].tolist() == shown["se"].to_list()
    stranger = evidence.providers.index("0000000001")
    prior = release.manifest["evaluation"]["prior"]
    assert evidence.mean[stranger] == prior["mean"] == evidence.prior_mean
    assert evidence.draws[:, stranger].std() == pytest.approx(prior["sd"], rel=0.02)
    assert np.isinf(evidence.error[~evidence.proven]).all()


def test_draws_say_how_probable_it_is_to_be_better_as_the_release_does(release: Release) -> None:
    evidence = evidence_of(release, draws=20_000)
    shown = release.providers.filter(pl.col("state") == "published")
    at = [evidence.providers.index(name) for name in shown["provider"]]
    threshold = release.manifest["evaluation"]["threshold"]
    above = (evidence.draws[:, at] > threshold).mean(axis=0)
    said = shown["probability_better"].to_numpy()
    assert np.abs(above - said).max() < 0.015
    # the spread that this probability is made with, where it can be read from it
    unsure = np.abs(said - 0.5) > 0.05
    unsure &= (said > 0.001) & (said < 0.999)
    sd = (shown["posterior_mean"].to_numpy() - threshold)[unsure] / special.ndtri(said[unsure])
    assert evidence.draws[:, at][:, unsure].std(axis=0) == pytest.approx(sd, rel=0.03)


def test_indicators_are_in_their_own_units(release: Release) -> None:
    evidence = evidence_of(release)
    assert sorted(evidence.by_indicator) == ["duration", "on_time", "repeat"]
    best = release.effects.filter(
        pl.col("indicator") == "duration", pl.col("provider") == provider(0)
    )
    at = evidence.providers.index(provider(0))
    assert evidence.by_indicator["duration"][at] == best["posterior_mean"].item()
    proven = evidence.by_indicator["duration"][evidence.proven]
    assert proven.min() < evidence.by_indicator["duration"][~evidence.proven].mean() < proven.max()
    lower, upper = evidence.ends["duration"]
    assert (lower[at], upper[at]) == (best["lower"].item(), best["upper"].item())
    # also where nothing is published, and both are of the prior
    assert (lower <= evidence.by_indicator["duration"]).all()
    assert (evidence.by_indicator["duration"] <= upper).all()


def test_a_withheld_release_is_no_evidence_and_says_why(tmp_path: Path) -> None:
    silent = invented_release(tmp_path, results=withheld(invented_results()))
    evidence = evidence_of(silent, ["0000000001"])
    assert evidence.release is None
    assert not evidence.proven.any()
    assert not evidence.draws.any()
    assert "0000000001" in evidence.providers
    assert evidence.because is not None
    assert "check of the method failed" in evidence.because.said("en")


def test_no_release_is_said() -> None:
    evidence = no_evidence(["b", "a"], draws=4)
    assert evidence.providers == ("b", "a")
    assert evidence.draws.shape == (4, 2)
    assert evidence.because is NO_RELEASE


@pytest.mark.parametrize(
    ("shape", "word"), [("successes", "levels"), ("estimates", "somebody else")]
)
def test_figures_of_others_are_refused(release: Release, shape: str, word: str) -> None:
    manifest = {**release.manifest, "reported": {"shape": shape}}
    with pytest.raises(ReleaseProblem, match=word):
        evidence_of(replace(release, manifest=manifest))
