"""The releases of a data bank, and what changed with each."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import polars as pl
from django.core.cache import cache
from django.test import Client

from otdacha.documents.numbers import Numbers
from otdacha.release import Release
from otdacha.release.diff import Change, cause_in_words, in_words, kind_in_words
from otdacha.site.bank import models
from otdacha.site.bank.loading import publish
from tests.invented_release import invented_release
from tests.site.read_page import read


def test_the_first_release_says_that_nothing_came_before_it(
    client: Client, published: Release
) -> None:
    words = read(client, "/en/releases/2026.1/releases/").words
    assert "2026.1 is the first release: nothing came before it." in words
    assert "The first release: nothing came before it." in words


def test_everybody_who_is_not_as_before_is_told_with_the_cause_in_words(
    client: Client, published: Release
) -> None:
    changes = published.tables["changes"].filter(pl.col("change") != Change.SAME)
    rows = read(client, "/en/releases/").table("Organisations that are not as they were")
    assert len(rows) == changes.height > 0
    numbers = Numbers("en")
    for row, change in zip(rows, changes.iter_rows(named=True), strict=True):
        assert row[0] == change["name"]
        assert row[1] == in_words(change["change"]).said("en")
        if change["effect_after"] is not None:
            assert row[3] == numbers.signed(change["effect_after"], 2)
        if change["cause"]:
            assert row[4].startswith(cause_in_words(change["cause"], change["state"]).said("en"))


def test_who_came_onto_the_list_and_who_left_it_is_named(
    client: Client, published: Release
) -> None:
    words = read(client, "/en/releases/").words
    changes = published.tables["changes"]
    for change, said in (
        (Change.ENTERED_LIST, "Came onto the list"),
        (Change.LEFT_LIST, "Left the list"),
        (Change.STAYED_ON_LIST, "Stayed on the list"),
    ):
        names = changes.filter(change=change.value)["name"].to_list()
        assert (f"{said} {'; '.join(names)}" in words) == bool(names)


def test_kind_method_program_and_hashes_stand_with_every_release(
    client: Client, published: Release, invented: tuple[Release, Release]
) -> None:
    page = read(client, "/en/releases/")
    assert published.change is not None
    assert f"Change since 2026.1: {kind_in_words(published.change).said('en')}." in page.words
    for release in invented:
        assert release.hash in page.words
        assert release.manifest["methodology"]["hash"] in page.words
        assert release.manifest["software"]["source"] in page.words
        assert f"/en/releases/{release.id}/" in page.links
        assert f"/en/releases/{release.id}/data/" in page.links
    assert "otdacha verify 2026.2" in page.words


def test_an_erratum_stays_with_its_release(client: Client, published: Release) -> None:
    release = models.Release.objects.get(name="2026.1")
    release.errata.create(text_ru="Ошибка <b>", text_en="An error <b>", found=dt.date(2026, 11, 24))
    assert "Erratum of November 24, 2026: An error <b>" in read(client, "/en/releases/").words


def test_releases_are_told_in_russian(client: Client, published: Release) -> None:
    words = read(client, "/ru/releases/").words
    assert "Что изменилось с выпуском 2026.2" in words
    assert published.change is not None
    assert kind_in_words(published.change).said("ru") in words


def test_more_releases_ask_the_database_no_more_often(
    client: Client,
    published: Release,
    tmp_path: Path,
    django_assert_num_queries: Any,
) -> None:
    client.get("/en/releases/2026.2/releases/")
    cache.clear()
    with django_assert_num_queries(10, exact=False) as asked:
        client.get("/en/releases/2026.2/releases/")
    third = invented_release(tmp_path, release="2026.3", previous=published)
    publish(third.path)
    cache.clear()
    with django_assert_num_queries(len(asked)):
        assert "2026.3" in read(client, "/en/releases/2026.2/releases/").words
