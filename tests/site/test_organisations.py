"""The list of organisations: what is found, in which order, and what is said about it."""

from __future__ import annotations

import html
import re

import pytest
from django.http import QueryDict
from django.test import Client

from otdacha.documents.figures import effect_figure, measures
from otdacha.documents.numbers import Numbers
from otdacha.release import Release
from otdacha.site.bank import models
from otdacha.site.bank.listing import Listing, listing
from otdacha.site.bank.listing.pages import PER_PAGE, pages
from tests.invented_release import NAMES, TOO_NEW, UNTRAINED, provider

RU = Numbers("ru")
WITHOUT_EFFECT = {13, 14, 15, 16, 17}


def asked(query: str) -> Listing:
    return listing(models.Release.objects.get(name="2026.2"), QueryDict(query))


def found(query: str) -> list[str]:
    return [one.provider for one in asked(query).queryset]


def page(client: Client, query: str = "", language: str = "ru") -> str:
    answer = client.get(f"/{language}/organisations/{query}")
    assert answer.status_code == 200
    return html.unescape(answer.content.decode())


def rows(content: str) -> list[str]:
    """The rows of the list, each as its text."""
    body = content.split("<tbody>")[1].split("</tbody>")[0]
    return [" ".join(re.sub(r"<[^>]+>", " ", row).split()) for row in body.split("<tr")[1:]]


def test_every_row_says_the_figures_of_the_release(client: Client, published: Release) -> None:
    shown = rows(page(client))
    headline = measures(published, RU)[0]
    released = list(published.providers.iter_rows(named=True))
    assert len(shown) == len(released) == len(NAMES)
    for row, text in zip(released, shown, strict=True):
        assert row["name"] in text
        figure = effect_figure(row, headline, RU)
        assert figure.main in text
        assert figure.below in text
        if figure.state is None:
            assert RU.places(row["rank_low"], row["rank_high"]) in text


def test_whoever_has_no_effect_is_shown_with_its_state_and_why(
    client: Client, published: Release
) -> None:
    shown = {
        name: row for row in rows(page(client, language="en")) for name in NAMES if name in row
    }
    assert "too new" in shown[NAMES[TOO_NEW]]
    assert "no month of work after it is on record yet" in shown[NAMES[TOO_NEW]]
    assert "not collected" in shown[NAMES[UNTRAINED]]


def test_the_order_of_the_release_is_the_usual_one(published: Release) -> None:
    assert found("") == published.providers["provider"].to_list()


def test_ordered_the_other_way_round_those_without_an_effect_stay_last(published: Release) -> None:
    released = published.providers["provider"].to_list()
    ranked = len(released) - len(WITHOUT_EFFECT)
    assert found("sort=-effect") == [*reversed(released[:ranked]), *released[ranked:]]


@pytest.mark.parametrize("sort", ["price", "trained"])
def test_what_is_unknown_stands_last_in_both_directions(published: Release, sort: str) -> None:
    rows = models.Organisation.objects.filter(release__name="2026.2")
    rows.filter(provider__in=[provider(3), provider(8)]).update(price=None, trained=None)
    unknown = {one.provider for one in rows.filter(**{f"{sort}__isnull": True})}
    one_way, other_way = found(f"sort={sort}"), found(f"sort=-{sort}")
    known = len(one_way) - len(unknown)
    assert {provider(3), provider(8)} <= set(one_way[known:]) == set(other_way[known:]) == unknown
    assert one_way[:known] != other_way[:known]


def test_the_cheapest_programme_comes_first_and_most_people_trained_first(
    published: Release,
) -> None:
    prices = [one.cheapest for one in asked("sort=price").queryset if one.cheapest is not None]
    trained = [one.trained for one in asked("sort=trained").queryset if one.trained is not None]
    assert len(prices) > 5
    assert prices == sorted(prices)
    assert trained == sorted(trained, reverse=True)


def test_names_are_ordered_by_the_alphabet_without_quotes_and_yo_as_ye(published: Release) -> None:
    models.Organisation.objects.filter(provider=provider(0)).update(alphabetical="ежик")
    names = [one.alphabetical for one in asked("sort=name").queryset]
    assert names == sorted(names)
    assert found("sort=-name") == found("sort=name")[::-1]


def test_region_type_state_and_the_list_narrow_it(published: Release) -> None:
    table = published.providers
    region = table["region"].drop_nulls()[0]
    facets = models.Release.objects.get(name="2026.2").facets
    slug = next(slug for value, slug, _ in facets["region"] if value == region)
    assert found(f"region={slug}") == table.filter(region=region)["provider"].to_list()
    assert found("type=университет") == table.filter(type="университет")["provider"].to_list()
    assert found("state=too_new") == [provider(TOO_NEW)]
    assert found("listed=1") == published.listed["provider"].to_list()


@pytest.fixture
def two_programmes(published: Release) -> str:
    """An organisation with a dear course on roads and a cheap one on budgets; gives its id."""
    owner = models.Organisation.objects.get(release__name="2026.2", provider=provider(2))
    owner.programmes.all().delete()
    for key, topic, form, price in (
        ("a", "roads", "очная", 50_000.0),
        ("b", "budgets", "заочная", 5_000.0),
    ):
        models.Programme.objects.create(
            release=owner.release,
            organisation=owner,
            key=key,
            name=topic,
            topic=topic,
            topic_slug=topic,
            form=form,
            price=price,
            row={},
        )
    owner.release.facets["topic"] = [["roads", "roads", 1], ["budgets", "budgets", 1]]
    owner.release.facets["form"] = [["очная", "очная", 1], ["заочная", "заочная", 1]]
    owner.release.save()
    return owner.provider


def test_topic_form_and_price_must_be_those_of_one_programme(two_programmes: str) -> None:
    assert found("topic=roads&price=50000") == [two_programmes]
    assert found("topic=roads&price=49999") == []
    assert found("topic=budgets&form=заочная&price=5000") == [two_programmes]
    assert found("topic=roads&form=заочная") == []


def test_the_price_shown_is_that_of_the_programme_looked_for(
    client: Client, two_programmes: str
) -> None:
    assert [one.cheapest for one in asked("topic=roads").queryset] == [50_000.0]
    content = page(client, "?topic=roads", "en")
    assert "50,000\N{NO-BREAK SPACE}₽" in content
    assert "Only organisations that teach “roads” are shown" in content


def test_where_nothing_is_found_it_says_what_to_take_away(
    client: Client, two_programmes: str
) -> None:
    content = page(client, "?topic=roads&price=100", "en")
    assert "No organisation fits all that was chosen." in content
    assert '<a href="?price=100">Topic: roads</a>' in content
    assert (
        '<a href="?topic=roads">Price of a programme: up to 100\N{NO-BREAK SPACE}₽</a>' in content
    )


def test_each_choice_is_shown_and_can_be_taken_away(client: Client, published: Release) -> None:
    content = page(client, "?type=университет&listed=1&sort=name", "en")
    chips = content.split('class="chosen-filters"')[1].split("</ul>")[0]
    assert "Type of organisation: университет" in chips
    assert 'href="?listed=1&sort=name"' in chips
    assert "only the most effective" in chips
    count = len(found("type=университет&listed=1"))
    assert f"{count} organisation" in content


def test_a_search_finds_a_mistyped_name_and_says_so(client: Client, published: Release) -> None:
    content = page(client, "?q=лукоморя", "ru")
    assert NAMES[0] in content
    assert found("q=Лукоморье")[0] == provider(0)
    assert asked("q=Лукоморье").asked.sort == "relevance"
    assert found("q=академия&sort=-name") == [
        one.provider for one in asked("q=академия").filtered.order_by("-alphabetical", "position")
    ]


IN_VAIN = [
    ("page=abc", "There is no page “abc”"),
    ("page=-1", "There is no page “-1”"),
    (f"page={10**30}", "There is no page “1000"),
    ("page=999", "There is no page 999: the last one is shown."),
    ("price=-1", "The price “-1” is not an amount"),
    ("price=nan", "The price “nan” is not an amount"),
    (f"price={10**30}", "is not an amount in roubles"),
    ("topic=nonsense", "Topic: “nonsense” is not in this release"),
    ("state=0%27%20OR%201=1", "Evidence: “0' OR 1=1” is not in this release"),
    ("sort=x", "There is no order “x”: the usual one is shown, greatest effect first."),
    ("sort=relevance", "There is no order “relevance”"),
    ("listed=maybe", "“maybe” is neither yes nor no"),
    ("listed=1&listed=2", "“listed” is given more than once"),
    ("q=" + "я" * 5_000, "The search is longer than 200 characters"),
    ("q=%00%FF%27%22%3Cscript%3E", "Organisations"),
]
"""Query strings that ask for what there is not, each with what is said about it."""


def test_what_cannot_be_followed_is_said_and_ignored(client: Client, published: Release) -> None:
    for query, said in IN_VAIN:
        assert said in page(client, f"?{query}", "en"), query


def test_what_is_asked_is_shown_as_text_and_never_as_markup(
    client: Client, published: Release
) -> None:
    for name in ("q", "topic", "sort", "price", "page"):
        answer = client.get("/ru/organisations/", {name: "\0'\"<script>alert(1)</script>"})
        assert answer.status_code == 200
        assert "<script>alert" not in answer.content.decode()
        assert "&lt;script&gt;alert" in answer.content.decode()


def test_a_price_is_read_as_people_write_it(published: Release) -> None:
    assert asked("price=15 000,50 руб.").asked.price == 15_000.5
    assert asked("price=15000").asked.address() == "?price=15000"


def test_pages_lead_to_each_other_and_hold_every_row_once(
    client: Client, published: Release
) -> None:
    release = models.Release.objects.get(name="2026.2")
    first = release.organisations.first()
    assert first is not None
    for at in range(40):
        models.Organisation.objects.create(
            release=release, provider=f"x{at}", position=100 + at, name=f"<b>Школа № {at}</b>",
            type="", region="", region_slug="", state="too_new", listed=False,
            row={**first.row, "state": "too_new", "reason": None, "region": None}, figures={},
        )  # fmt: skip
    last = -(-(len(NAMES) + 40) // PER_PAGE)
    seen: list[str] = []
    for number in range(1, last + 1):
        raw = client.get(f"/en/organisations/?page={number}").content.decode()
        assert ('rel="next"' in raw) == (number < last)
        assert ('rel="prev"' in raw) == (number > 1)
        assert "<b>Школа" not in raw
        seen += re.findall(r'name="o" value="([^"]+)"', raw)
    assert len(seen) == len(set(seen)) == len(NAMES) + 40


def test_the_number_of_queries_does_not_depend_on_the_number_of_rows(
    client: Client,
    published: Release,
    django_assert_max_num_queries: object,
) -> None:
    page(client)  # the release's own files are read once and kept
    for query in ("?sort=price", "?listed=1", "?page=1&type=университет", "?q=академия"):
        with django_assert_max_num_queries(9):  # type: ignore[operator]
            page(client, query)


def test_the_same_list_is_offered_as_data(client: Client, published: Release) -> None:
    content = page(client, "?listed=1&sort=name&page=1")
    assert "/ru/data/organisations.csv?listed=1&sort=name" in content


def test_a_long_list_leaves_out_pages_in_the_middle() -> None:
    def address(number: int) -> str:
        return f"?page={number}"

    place = pages(10_000, 200, address)
    assert place.numbers == [1, None, 198, 199, 200, 201, 202, None, 400]
    assert (place.first, place.last) == (4_976, 5_000)
    assert pages(3, 7, address).number == 1
    assert pages(0, 1, address).slice == slice(0, 0)
