"""Ids of organisations in addresses, whatever they are made of."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import NoReverseMatch, Resolver404, resolve, reverse
from hypothesis import given
from hypothesis import strategies as st

from otdacha.release import Release
from otdacha.site.bank.models import Comparisons, Organisation, Reply
from otdacha.site.pieces import LONGEST_NAME, PieceConverter
from tests.invented_release import provider

FOREIGN = (
    "NJ/0123/45",
    "a~1b/~0~",
    "/",
    "%2F?x=1#y",
    "школа № 5/2",
    "x" * LONGEST_NAME,
    "/" * LONGEST_NAME,
)
OWN_PAGES = ("", "badge.svg", "charts/indicators.svg", "figures.csv")


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=LONGEST_NAME))
def test_an_id_comes_back_from_its_address_as_it_was(name: str) -> None:
    converter = PieceConverter()
    written = converter.to_url(name)
    assert "/" not in written
    assert re.fullmatch(converter.regex, written)
    assert converter.to_python(written) == name


def test_an_id_has_one_address_and_no_other() -> None:
    assert reverse("organisation", kwargs={"language": "ru", "provider": "a/b~c"}) == (
        "/ru/organisations/a~1b~0c/"
    )
    with pytest.raises(Resolver404):
        resolve("/ru/organisations/a~b/")
    with pytest.raises(NoReverseMatch):
        reverse("organisation", kwargs={"language": "ru", "provider": "x" * (LONGEST_NAME + 1)})


@pytest.mark.parametrize("name", FOREIGN)
def test_an_organisation_with_such_an_id_has_all_its_pages(
    client: Client, published: Release, name: str
) -> None:
    one = Organisation.objects.get(release__name=published.id, provider=provider(0))
    row = {**one.row, "provider": name}
    Organisation.objects.filter(pk=one.pk).update(provider=name, row=row)
    Reply.objects.create(release=one.release, provider=name, text="Спасибо", received="2026-11-21")
    place = reverse("organisation", kwargs={"language": "en", "provider": name})
    for page in OWN_PAGES[:3]:
        assert client.get(place + page).status_code == 200, page
    assert "Спасибо" in client.get(place).content.decode()
    written = PieceConverter().to_url(name)
    asked = client.get(reverse("api:organisation", kwargs={"provider": name}))
    assert asked.status_code == 200, written
    assert asked.json()["organisation"]["provider"] == name
    for listed in ("/en/", "/en/organisations/", "/en/trust/", "/en/feed.atom"):
        assert client.get(listed).status_code == 200
    chosen = client.get("/en/compare/", {"o": [name, provider(3)]}).content.decode()
    assert Comparisons.objects.filter(organisation=one.pk).exists()
    assert f'href="{place}"'.replace("&", "&amp;") in chosen
