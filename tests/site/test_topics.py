"""Topics, and the page of one."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest
from django.core.cache import cache
from django.test import Client

from otdacha.documents.numbers import Numbers
from otdacha.release import Release, State
from otdacha.release.states import WORDS
from otdacha.site.bank import models
from tests.site.read_page import read

TOPIC = "/en/topics/obrashcheniya/"


def programmes(release: Release) -> pl.DataFrame:
    return release.tables["programmes"]


def test_every_topic_says_how_many_teach_it_and_in_how_many_programmes(
    client: Client, published: Release
) -> None:
    rows = {row[0]: row[1:] for row in read(client, "/en/topics/").table("2 topics")}
    for (topic,), there in programmes(published).drop_nulls("topic").group_by("topic"):
        listed = there.join(published.listed, on="provider", how="semi")
        counts = there["provider"].n_unique(), listed["provider"].n_unique(), there.height
        assert rows[str(topic)] == [str(count) for count in counts]


def test_programmes_without_a_topic_are_counted_and_not_dropped(
    client: Client, published: Release
) -> None:
    without = programmes(published)["topic"].null_count()
    assert without > 1
    assert f"{without} further programmes have no topic" in read(client, "/en/topics/").words


def test_organisations_of_a_topic_stand_in_the_order_of_the_release(
    client: Client, published: Release
) -> None:
    rows = read(client, TOPIC).table("Organisations that teach this topic")
    taught = programmes(published).filter(topic="обращения")
    expected = published.providers.join(taught, on="provider", how="semi")
    assert [row[0].split(" on the list")[0].startswith(name) for row, name in zip(
        rows, expected["name"], strict=True
    )] == [True] * expected.height  # fmt: skip
    states = [row[1] for row in rows if len(row) == 3]
    withheld = expected.filter(pl.col("state") != State.PUBLISHED)["state"]
    assert states == [WORDS[State(state)].said("en") for state in withheld]


def test_an_effect_stands_with_its_interval_in_the_units_of_people(
    client: Client, published: Release
) -> None:
    best = published.providers.row(0, named=True)
    row = next(
        row
        for row in read(client, TOPIC).table("Organisations that teach")
        if best["name"] in row[0]
    )
    numbers = Numbers("en")
    assert row[1].startswith(numbers.signed(best["posterior_mean"], 2))
    assert numbers.interval(best["lower"], best["upper"], 2) in row[1]
    on_time = published.effects.filter(provider=best["provider"], indicator="on_time")
    assert row[2].startswith(numbers.signed(100 * on_time["posterior_mean"][0], 1))


def test_a_programme_says_its_price_and_what_10_000_roubles_buy(
    client: Client, published: Release
) -> None:
    rows = read(client, TOPIC).table("Programmes of this topic")
    one = programmes(published).filter(topic="обращения").row(0, named=True)
    name = published.providers.filter(provider=one["provider"])["name"][0]
    row = next(row for row in rows if row[1].startswith(name))
    numbers = Numbers("en")
    assert row[4] == f"{numbers.whole(round(one['price']))} ₽"
    assert row[6].startswith(numbers.signed(one["effect_per_10000"], 3))
    ends = numbers.interval(one["lower_per_10000"], one["upper_per_10000"], 3)
    assert ends in row[6]


def test_what_nobody_handed_in_is_said_in_words(client: Client, published: Release) -> None:
    models.Programme.objects.filter(topic="обращения").update(form="", hours=None, price=None)
    page = read(client, TOPIC)
    assert all(row[2:5] == ["not collected"] * 3 for row in page.table("Programmes of this topic"))
    assert "Cheapest" not in page.words


def test_the_cheapest_and_the_dearest_seat_are_those_of_the_rows(
    client: Client, published: Release
) -> None:
    prices = programmes(published).filter(topic="обращения")["price"]
    words = read(client, TOPIC).words
    numbers = Numbers("en")
    assert f"Cheapest seat {numbers.whole(round(prices.min()))} ₽" in words  # type: ignore[arg-type]
    assert f"Dearest seat {numbers.whole(round(prices.max()))} ₽" in words  # type: ignore[arg-type]


def test_programmes_are_shown_page_by_page_with_as_many_queries_however_many_there_are(
    client: Client, published: Release, django_assert_num_queries: Any
) -> None:
    client.get(TOPIC)
    cache.clear()
    with django_assert_num_queries(12, exact=False) as asked:
        few = read(client, TOPIC)
    assert not any("page=" in link for link in few.links)
    some = models.Programme.objects.filter(topic="обращения", release__name="2026.2").first()
    assert some is not None
    for at in range(60):
        some.pk, some.key = None, f"more-{at}"
        some.save(force_insert=True)
    for organisation in models.Organisation.objects.filter(release__name="2026.2"):
        organisation.pk, organisation.provider = None, f"{organisation.provider}-2"
        organisation.save(force_insert=True)
    cache.clear()
    with django_assert_num_queries(len(asked)):
        many = read(client, TOPIC)
    assert len(many.table("Programmes of this topic")) == 25
    last = read(client, f"{TOPIC}?page=4").table("Programmes of this topic")
    assert len(last) == len(few.table("Programmes of this topic")) + 60 - 75


@pytest.mark.parametrize("asked", ["0", "-1", "x", "9" * 40, "1' OR 1=1", "٣", ""])
def test_a_page_that_is_none_is_some_page(client: Client, published: Release, asked: str) -> None:
    assert client.get(TOPIC, {"page": asked}).status_code == 200


def test_hostile_names_are_shown_and_do_nothing(client: Client, published: Release) -> None:
    hostile = "<script>alert(1)</script>"
    models.Organisation.objects.update(name=hostile)
    models.Programme.objects.update(name=hostile)
    content = client.get(TOPIC).content.decode()
    assert hostile not in content
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in content


def test_a_topic_leads_to_the_filtered_list_and_back(client: Client, published: Release) -> None:
    links = read(client, TOPIC).links
    assert "/en/organisations/?topic=obrashcheniya" in links
    assert "/en/topics/" in links


def test_a_topic_that_is_not_there_is_not_found(client: Client, published: Release) -> None:
    assert client.get("/en/topics/nothing/").status_code == 404


def test_topics_are_told_in_russian(client: Client, published: Release) -> None:
    assert "2 темы этого выпуска" in read(client, "/ru/topics/").words
    assert "Кто этому учит" in read(client, "/ru/topics/obrashcheniya/").words
