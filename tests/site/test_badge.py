"""The badge that an organisation shows on its own pages."""

from __future__ import annotations

import base64
import re
from hashlib import sha256
from xml.etree import ElementTree

import polars as pl
import pytest
from django.test import Client

from otdacha.documents.figures import measures
from otdacha.documents.numbers import Numbers
from otdacha.language import Language
from otdacha.release import Release
from otdacha.site.bank.models import Organisation
from tests.invented_release import TOO_NEW, provider


@pytest.mark.parametrize("language", ["en", "ru"])
def test_it_says_the_release_the_figure_and_its_interval(
    client: Client, published: Release, language: Language
) -> None:
    who = published.listed["provider"][0]
    answer = client.get(f"/{language}/organisations/{who}/badge.svg")
    assert answer.headers["Content-Type"] == "image/svg+xml"
    said = " ".join(ElementTree.fromstring(answer.content).itertext())
    measure, numbers = measures(published, Numbers(language))[0], Numbers(language)
    row = published.providers.row(by_predicate=pl.col("provider") == who, named=True)
    assert published.id in said
    for column in ("posterior_mean", "lower", "upper"):
        assert numbers.signed(measure.shown(row[column]), measure.digits) in said


def test_a_state_stands_in_the_place_of_a_figure_that_is_not_there(
    client: Client, published: Release
) -> None:
    said = client.get(f"/en/organisations/{provider(TOO_NEW)}/badge.svg").content.decode()
    assert "too new" in said


def test_other_sites_may_show_it_and_its_own_style_alone_applies(
    client: Client, published: Release
) -> None:
    answer = client.get(f"/en/organisations/{provider(0)}/badge.svg")
    assert answer.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert answer.headers["Cache-Control"] == "public, max-age=3600"
    style = re.findall(r"<style>(.*?)</style>", answer.content.decode(), re.S)
    assert len(style) == 1
    digest = base64.b64encode(sha256(style[0].encode()).digest()).decode()
    policy = answer.headers["Content-Security-Policy"]
    assert policy == f"default-src 'none'; style-src 'sha256-{digest}'"
    assert 'style="' not in answer.content.decode()
    pinned = client.get(f"/en/releases/{published.id}/organisations/{provider(0)}/badge.svg")
    assert pinned.headers["Cache-Control"] == "public, max-age=604800"


def test_who_has_it_already_is_told_to_keep_it_as_long_again(
    client: Client, published: Release
) -> None:
    for place, seconds in (("", 3600), (f"releases/{published.id}/", 604_800)):
        address = f"/ru/{place}organisations/{provider(0)}/badge.svg"
        known = client.get(address).headers["ETag"]
        answer = client.get(address, headers={"If-None-Match": known})
        assert answer.status_code == 304
        assert answer.headers["Cache-Control"] == f"public, max-age={seconds}"


def test_the_kept_badge_has_the_same_headers(client: Client, published: Release) -> None:
    address = f"/ru/organisations/{provider(0)}/badge.svg"
    first, second = client.get(address), client.get(address)
    assert first.content == second.content
    assert dict(first.headers) == dict(second.headers)


def test_a_hostile_name_stays_a_text(client: Client, published: Release) -> None:
    hostile = '"/><script>alert(1)</script>\u202e'
    Organisation.objects.filter(provider=provider(0)).update(name=hostile)
    answer = client.get(f"/en/organisations/{provider(0)}/badge.svg")
    drawn = ElementTree.fromstring(answer.content)
    assert not [one for one in drawn.iter() if one.tag.endswith("script")]


def test_a_badge_of_nobody_is_not_found(client: Client, published: Release) -> None:
    assert client.get("/en/organisations/0000000000/badge.svg").status_code == 404
