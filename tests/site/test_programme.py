"""The page of one programme."""

from __future__ import annotations

from html import unescape

import polars as pl
import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from otdacha.documents.figures import measures, per_10000
from otdacha.documents.numbers import Numbers
from otdacha.language import Language
from otdacha.release import Release
from otdacha.site.bank.models import Bank, Programme
from tests.invented_release import provider

TOPIC = "обращения"


def page(client: Client, programme: Programme, language: Language = "en") -> str:
    who = programme.organisation.provider
    answer = client.get(f"/{language}/organisations/{who}/programmes/{programme.key}/")
    assert answer.status_code == 200
    return unescape(answer.content.decode())


def programme_of(release: Release, who: str, **wanted: object) -> Programme:
    found = Programme.objects.filter(
        release__name=release.id, organisation__provider=who, **wanted
    ).first()
    assert found is not None
    return found


@pytest.mark.parametrize("language", ["en", "ru"])
def test_it_says_price_hours_form_and_the_effect_per_10000_roubles_with_its_interval(
    client: Client, published: Release, language: Language
) -> None:
    found = programme_of(published, provider(0), topic=TOPIC)
    said = page(client, found, language)
    numbers = Numbers(language)
    released = published.tables["programmes"].filter(
        pl.col("provider") == provider(0), pl.col("topic") == TOPIC
    )
    figure = per_10000(released.row(0, named=True), measures(published, numbers)[0], numbers)
    verdict = said.split('class="verdict-line">')[1].split("</p>")[0]
    assert figure.main in verdict
    assert f"({figure.below}; " in verdict
    assert f"{numbers.whole(8000)}\N{NO-BREAK SPACE}₽" in said
    assert "очная" in said


def test_it_says_that_the_effect_is_the_organisations(client: Client, published: Release) -> None:
    said = page(client, programme_of(published, provider(0), topic=TOPIC))
    assert "The effect is the organisation's, over all its training; of this programme" in said


def test_without_a_price_it_says_so_and_shows_no_figure(client: Client, published: Release) -> None:
    said = page(client, programme_of(published, provider(0), price=None))
    verdict = said.split('class="verdict-line">')[1].split("</p>")[0]
    assert verdict == "It is not known: not collected."
    assert "No price was handed in" in said
    assert said.count('<span class="state">not collected</span>') >= 4
    assert "None" not in said


def test_few_people_are_said_to_be_suppressed(client: Client, published: Release) -> None:
    said = page(client, programme_of(published, provider(0), topic="этика"))
    facts = said.split('class="facts"')[1].split("</dl>")[0]
    assert '<span class="state">suppressed</span>' in facts


def test_others_of_its_topic_stand_beside_it_in_the_order_of_effects(
    client: Client, published: Release
) -> None:
    found = programme_of(published, provider(0), topic=TOPIC)
    table = page(client, found).split('id="alike-caption"')[1].split("</table>")[0]
    order = published.providers["name"].to_list()
    places = [table.find(f">{name}</a>") for name in order]
    shown = [place for place in places if place >= 0]
    assert len(shown) == published.tables["programmes"].filter(topic=TOPIC).height
    assert shown == sorted(shown)
    assert table.count("this one") == 1


def test_of_a_long_topic_the_first_twenty_stand_there_and_itself(
    client: Client, published: Release, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    last = programme_of(published, published.providers["provider"].to_list()[16], topic=TOPIC)
    page(client, last)
    first = programme_of(published, published.providers["provider"][0], topic=TOPIC)
    Programme.objects.bulk_create(
        [
            Programme(
                release=first.release, organisation=first.organisation, key=f"key{at}",
                name=f"Programme {at}", topic=TOPIC, topic_slug=first.topic_slug, form="",
                price=100.0 + at, row=first.row,
            )
            for at in range(30)
        ]
    )  # fmt: skip
    Bank.objects.update(generation=90)
    with django_assert_max_num_queries(8):
        table = page(client, last).split('id="alike-caption"')[1].split("</table>")[0]
    assert table.count('<th scope="row">') == 21
    assert table.rstrip().count("this one") == 1


def test_a_hostile_name_is_shown_as_it_is(client: Client, published: Release) -> None:
    found = programme_of(published, provider(0), topic=TOPIC)
    Programme.objects.update(name="<script>alert(1)</script>", topic="<b>x")
    who = found.organisation.provider
    answer = client.get(f"/ru/organisations/{who}/programmes/{found.key}/").content.decode()
    assert "<script>alert" not in answer
    assert "<b>x" not in answer


def test_a_programme_of_another_organisation_is_not_found(
    client: Client, published: Release
) -> None:
    found = programme_of(published, provider(0), topic=TOPIC)
    address = f"/en/organisations/{provider(1)}/programmes/{found.key}/"
    assert client.get(address).status_code == 404
    assert client.get(f"/en/organisations/{provider(0)}/programmes/none/").status_code == 404
