"""The first page."""

from __future__ import annotations

import html
from pathlib import Path

import polars as pl
import pytest
from django.test import Client

from otdacha.documents.figures import effect_figure, measures
from otdacha.documents.numbers import Numbers
from otdacha.documents.report import verdict
from otdacha.language import LANGUAGES
from otdacha.release import Release
from otdacha.release.checks import summary
from otdacha.release.diff import cause_in_words, in_words
from otdacha.site.bank import models
from otdacha.site.bank.loading import publish
from tests.invented_release import invented_release, invented_results

RU = Numbers("ru")


@pytest.mark.usefixtures("unpublished")
def test_before_anything_is_published_the_site_says_so(client: Client) -> None:
    answer = client.get("/ru/")
    assert answer.status_code == 200
    assert "otdacha publish" in answer.content.decode()


@pytest.mark.parametrize(
    ("asked", "led"),
    [("ru-RU,ru;q=0.9", "/ru/"), ("en-GB,en", "/en/"), ("de", "/ru/"), ("", "/ru/")],
)
def test_the_start_leads_to_the_language_of_the_browser(
    client: Client, asked: str, led: str
) -> None:
    answer = client.get("/", headers={"accept-language": asked})
    assert (answer.status_code, answer.headers["Location"]) == (302, led)


def test_the_list_of_the_newest_release_is_shown(client: Client, published: Release) -> None:
    page = client.get("/ru/").content.decode()
    listed = list(published.listed.iter_rows(named=True))
    assert listed
    headline = measures(published, RU)[0]
    for row in listed:
        figure = effect_figure(row, headline, RU)
        assert row["name"] in page
        assert f'<span class="main">{figure.main}</span>' in page
        assert figure.below in page


def test_the_verdict_is_that_of_the_report(client: Client, published: Release) -> None:
    with_effect = published.providers.filter(state="published").height
    for language in LANGUAGES:
        page = client.get(f"/{language}/").content.decode()
        assert verdict(published, with_effect).said(language) in page
        assert summary(published).said(language) in page
        assert f'href="/{language}/trust/"' in page
    facts = client.get("/en/").content.decode().split('class="facts"')[1].split("</dl>")[0]
    assert f"<dd>{with_effect}</dd>" in facts
    assert f"<dd>{published.providers.height - with_effect}</dd>" in facts


def test_whoever_came_onto_the_list_or_left_it_is_named_with_the_cause(
    client: Client, published: Release
) -> None:
    page = html.unescape(client.get("/en/").content.decode())
    moved = published.tables["changes"].filter(
        pl.col("change").is_in(["entered_list", "left_list"])
    )
    assert not moved.is_empty()
    for row in moved.iter_rows(named=True):
        said = f"{in_words(row['change'])} ({cause_in_words(row['cause'], row['state'])})."
        assert f"{row['name']}</a> {said}" in page


def test_a_first_release_has_nothing_to_be_compared_with(
    client: Client, published: Release
) -> None:
    page = client.get("/en/releases/2026.1/").content.decode()
    assert "This is the first release" in page


@pytest.mark.usefixtures("unpublished")
def test_where_nobody_stands_out_it_says_so_and_that_it_is_no_fault(
    client: Client, tmp_path: Path
) -> None:
    nobody = invented_results(better=(), spread=0.0, seed=3)
    release = invented_release(tmp_path, results=nobody)
    assert release.listed.is_empty()
    publish(tmp_path / release.id)
    page = client.get("/en/").content.decode()
    assert "No training organisation stands out from the others yet." in page
    assert "This is a result and not a fault" in page


@pytest.mark.usefixtures("unpublished")
def test_where_a_check_failed_nothing_is_said_of_who_is_better(
    client: Client, tmp_path: Path
) -> None:
    release = invented_release(tmp_path, results=invented_results(sound=False))
    publish(tmp_path / release.id)
    page = client.get("/en/").content.decode()
    assert "A check of the method failed" in page
    assert "Estimates that may be wrong help nobody" in page
    assert "caterpillar" not in page


def test_other_data_banks_are_named_as_what_they_are(client: Client, published: Release) -> None:
    other = models.Bank.objects.create(
        slug="elsewhere", title_ru="Другое", title_en="Something else", note_ru="Не наше",
        note_en="These are <not> results of municipal work.",
    )  # fmt: skip
    assert "Something else" not in client.get("/en/").content.decode()
    newest = models.Release.objects.get(name="2026.2")
    models.Release.objects.create(
        bank=other, name="2025.1", year=2025, number=1, hash="0" * 64,
        created=newest.created, manifest={}, facets={},
    )  # fmt: skip
    models.Bank.objects.update(generation=99)
    page = client.get("/en/").content.decode()
    assert '<a href="/en/banks/elsewhere/">Something else</a>' in page
    assert "These are &lt;not&gt; results of municipal work." in page


def test_the_first_page_needs_few_queries(
    client: Client, published: Release, django_assert_max_num_queries: object
) -> None:
    client.get("/en/")
    with django_assert_max_num_queries(7):  # type: ignore[operator]
        client.get("/ru/")
