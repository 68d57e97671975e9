"""Pairs of organisations in a release: whose, in what order, and when there are none."""

from __future__ import annotations

from dataclasses import replace
from importlib import import_module
from pathlib import Path

import polars as pl
import pytest
from tests.invented_release import (
    FEW_PEOPLE,
    FEW_TOWNS,
    invented_release,
    invented_results,
    provider,
    withheld,
)

from otdacha.methodology import default_methodology
from otdacha.ranking import rank
from otdacha.release import Release
from otdacha.release.publish import Results, publish


@pytest.fixture(scope="module")
def results() -> Results:
    return invented_results()


@pytest.fixture(scope="module")
def release(results: Results, tmp_path_factory: pytest.TempPathFactory) -> Release:
    return invented_release(tmp_path_factory.mktemp("pairs"), results=results)


def test_every_pair_of_published_organisations_stands_once_in_their_order(
    release: Release,
) -> None:
    published = release.providers.filter(pl.col("state") == "published")["provider"].to_list()
    pairs = [(a, b) for at, a in enumerate(published) for b in published[at + 1 :]]
    assert release.tables["comparisons"].select("provider", "other").rows() == pairs
    named = {one for pair in pairs for one in pair}
    assert not named & {provider(FEW_PEOPLE), provider(FEW_TOWNS)}


def test_the_difference_is_that_of_the_published_estimates(release: Release) -> None:
    estimates = dict(release.providers.select("provider", "estimate").iter_rows())
    table = release.tables["comparisons"]
    for one, other, difference in table.select("provider", "other", "difference").iter_rows():
        assert difference == pytest.approx(estimates[one] - estimates[other], abs=2e-6)
    assert (table["lower"] < table["difference"]).all()
    assert (table["difference"] < table["upper"]).all()


def test_the_best_place_counts_whoever_is_told_apart_among_published_and_others(
    release: Release,
) -> None:
    """Organisations whose effect is suppressed are ranked too: they may push the place further."""
    apart = release.tables["comparisons"].filter("distinguishable")
    assert apart.height > 0
    loser = pl.when(pl.col("difference") > 0).then("other").otherwise("provider")
    better = dict(apart.select(provider=loser).group_by("provider").len().iter_rows())
    hidden = 2
    for one, low in (
        release.providers.drop_nulls("rank_low_all").select("provider", "rank_low_all").iter_rows()
    ):
        assert 0 <= low - 1 - better.get(one, 0) <= hidden


def test_a_withheld_release_compares_nobody(results: Results) -> None:
    assert publish(withheld(results), default_methodology())["comparisons"].is_empty()


def test_too_many_are_not_compared_and_the_manifest_says_so(
    results: Results, release: Release, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """13 are published; with the two that are suppressed 15 are ranked."""
    said = release.manifest["evaluation"]["comparisons"]
    assert said == {"pairs": 13 * 12 // 2, "providers": 15, "most": 1000, "shown": True}
    for module in ("otdacha.ranking.rank", "otdacha.release.manifest"):
        monkeypatch.setattr(import_module(module), "MOST_COMPARED", 14)
    headline = results.effects.headline
    ranking = rank(results.effects, default_methodology())
    many = replace(results, rankings={**results.rankings, headline: ranking})
    bare = invented_release(tmp_path, results=many)
    assert bare.tables["comparisons"].is_empty()
    assert bare.manifest["evaluation"]["comparisons"] == {
        **said,
        "pairs": 0,
        "most": 14,
        "shown": False,
    }
