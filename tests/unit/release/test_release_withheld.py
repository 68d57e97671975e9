"""One failed gate withholds estimates, list, grades and places; the reasons are published."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
from tests.invented_release import invented_release, invented_results

from otdacha.cli.run import run
from otdacha.documents import write_report
from otdacha.release import Release, State

OF_SINGLE_PROVIDERS = ("second_opinion", "predicted", "weights", "grades", "prior")


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Release:
    return invented_release(tmp_path_factory.mktemp("sound"))


@pytest.fixture(scope="module")
def failed(tmp_path_factory: pytest.TempPathFactory) -> Release:
    folder = tmp_path_factory.mktemp("failed")
    return invented_release(folder, results=invented_results(sound=False))


def test_every_effect_that_would_have_been_published_is_withheld(
    sound: Release, failed: Release
) -> None:
    for table in ("providers", "effects"):
        before, after = sound.tables[table]["state"], failed.tables[table]["state"]
        published, withheld = before == State.PUBLISHED, after == State.WITHHELD
        assert published.sum() > 0
        assert (after == State.PUBLISHED).sum() == 0
        assert published.sum() == withheld.sum()


def test_no_figure_about_who_is_better_is_left(failed: Release) -> None:
    figures = (
        "posterior_mean", "lower", "upper", "estimate", "se", "listed", "grade", "rank_low",
        "rank_high", "rank_low_all", "rank_high_all", "probability_better", "p_value", "q_value",
    )  # fmt: skip
    assert failed.providers.select(pl.col(figures).is_not_null().any()).row(0) == (False,) * 14
    assert failed.effects["posterior_mean"].is_null().all()
    assert failed.listed.is_empty()


def test_tables_that_rest_on_single_providers_are_empty(sound: Release, failed: Release) -> None:
    for name in OF_SINGLE_PROVIDERS:
        assert failed.tables[name].is_empty()
    assert not sound.tables["weights"].is_empty()
    assert not sound.tables["prior"].is_empty()


def test_the_reasons_and_the_counts_are_published(sound: Release, failed: Release) -> None:
    (reason,) = failed.failed.select("gate", "sentence_en").rows()
    assert reason == ("donut", "Just before training the work was worse.")
    assert not failed.tables["event_study"].is_empty()
    assert not failed.tables["prediction"].is_empty()
    people = ["provider", "people", "trained"]
    assert (
        failed.providers.select(people)
        .sort("provider")
        .equals(sound.providers.select(people).sort("provider"))
    )
    assert failed.manifest["evaluation"]["withheld"] is True
    assert sound.manifest["evaluation"]["withheld"] is False


def test_the_readme_says_so_in_both_languages(failed: Release) -> None:
    said = (failed.path / "README.md").read_text("utf-8")
    assert "A check of the method failed" in said
    assert "Проверка метода не пройдена" in said


@pytest.mark.parametrize(
    ("language", "verdict"),
    [("ru", "Проверка метода не пройдена"), ("en", "A check of the method failed")],
)
def test_the_report_says_it_first_and_names_the_check(
    failed: Release, tmp_path: Path, language: str, verdict: str
) -> None:
    page = write_report(failed, tmp_path / "report.html", language).read_text("utf-8")  # type: ignore[arg-type]
    assert verdict in page[: page.index("</h2>")]
    assert 'class="failed"' in page
    assert 'href="#weights"' not in page
    assert 'id="weights"' not in page


def test_the_terminal_says_so(failed: Release, capsys: pytest.CaptureFixture[str]) -> None:

    assert run(["show", str(failed.path), "--lang", "en"]) == 0
    said = " ".join(capsys.readouterr().out.split())
    assert "1 check of the method failed; the ranking is withheld." in said
    assert "No dip just before training: Just before training the work was worse." in said
