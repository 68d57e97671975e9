"""The feed of what is new: releases, errata, replies."""

from __future__ import annotations

import datetime as dt
from xml.etree import ElementTree

import pytest
from django.test import Client

from otdacha.release import Release
from otdacha.site.bank import models

ATOM = "{http://www.w3.org/2005/Atom}"


def read(client: Client, address: str = "/ru/feed.atom", **headers: str) -> ElementTree.Element:
    answer = client.get(address, headers=headers)
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "application/atom+xml; charset=utf-8"
    return ElementTree.fromstring(answer.content)


def ids(feed: ElementTree.Element) -> list[str]:
    return [entry.findtext(f"{ATOM}id", "") for entry in feed.iter(f"{ATOM}entry")]


@pytest.fixture
def said(published: Release) -> models.Release:
    """An erratum in the newest release and a reply to it, both with signs that XML must escape."""
    release = models.Release.objects.get(name=published.id)
    provider = published.providers["provider"][0]
    models.Erratum.objects.create(
        release=release, text_ru="Ошибка <b>в</b> ИНН", text_en="Wrong & late", found="2026-11-21"
    )
    models.Reply.objects.create(
        release=release,
        provider=provider,
        text="<script>alert(1)</script> Мы\x0b несогласны",
        received=dt.date(2026, 11, 22),
    )
    models.Bank.objects.update(generation=1000)
    return release


@pytest.mark.parametrize("language", ["ru", "en"])
def test_every_release_erratum_and_reply_is_an_entry_newest_first(
    client: Client, said: models.Release, language: str
) -> None:
    feed = read(client, f"/{language}/feed.atom")
    assert feed.attrib["{http://www.w3.org/XML/1998/namespace}lang"] == language
    found = ids(feed)
    assert [one.rpartition(f"/{language}/")[2].split("/")[-2] for one in found[:2]] == [
        "replies",
        "errata",
    ]
    releases = [one.rpartition("/")[2] for one in found[2:]]
    assert set(releases) == {"2026.1", "2026.2"}
    days = [entry.findtext(f"{ATOM}updated", "") for entry in feed.iter(f"{ATOM}entry")]
    assert days == sorted(days, reverse=True)
    assert feed.findtext(f"{ATOM}updated") == days[0]


def test_the_feed_is_valid_atom(client: Client, said: models.Release) -> None:
    """RFC 4287, section 4.1: what a feed and an entry must have, once each."""
    feed = read(client)
    assert feed.tag == f"{ATOM}feed"
    for name in ("id", "title", "updated"):
        assert len(feed.findall(f"{ATOM}{name}")) == 1
    assert feed.find(f"{ATOM}author/{ATOM}name") is not None
    for entry in feed.iter(f"{ATOM}entry"):
        for name in ("id", "title", "updated", "summary"):
            assert len(entry.findall(f"{ATOM}{name}")) == 1
        dt.datetime.fromisoformat(entry.findtext(f"{ATOM}updated", ""))
    links = [link.attrib["href"] for link in feed.iter(f"{ATOM}link")]
    assert links
    assert all(link.startswith("http://testserver/") for link in links)


def test_ids_are_tags_each_once_and_stay_when_asked_again_or_loaded_again(
    client: Client, said: models.Release
) -> None:
    first = ids(read(client))
    assert all(one.startswith("tag:testserver,2026:") for one in first)
    assert len(set(first)) == len(first) == 4
    models.Release.objects.update(published=dt.datetime(2027, 1, 1, tzinfo=dt.UTC))
    models.Bank.objects.update(generation=1001)
    assert ids(read(client)) == first
    assert ids(read(client, f"/ru/releases/{said.name}/feed.atom")) == first


def test_what_people_wrote_is_shown_and_runs_nothing(client: Client, said: models.Release) -> None:
    summaries = [
        entry.findtext(f"{ATOM}summary", "") for entry in read(client).iter(f"{ATOM}entry")
    ]
    assert any("&lt;script&gt;" in one and "Мы несогласны" in one for one in summaries)
    assert any("&lt;b&gt;" in one for one in summaries)
    assert not any("<script" in one or "<b>" in one for one in summaries)


def test_every_link_of_an_entry_leads_to_a_page(client: Client, published: Release) -> None:
    feed = read(client)
    for entry in feed.iter(f"{ATOM}entry"):
        link = entry.find(f"{ATOM}link")
        assert link is not None
        assert client.get(link.attrib["href"].removeprefix("http://testserver")).status_code == 200


def test_the_queries_do_not_grow_with_the_entries(
    client: Client, said: models.Release, django_assert_max_num_queries: object
) -> None:
    models.Reply.objects.bulk_create(
        models.Reply(release=said, provider="9900000001", text=f"{n}", received="2026-11-23")
        for n in range(300)
    )
    with django_assert_max_num_queries(7):  # type: ignore[operator]
        assert len(ids(read(client))) == 100
