"""Topics: what is taught, by whom, how well and for how much."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Max, Min
from django.http import Http404, HttpRequest, HttpResponse

from otdacha.site.bank.edition import Edition
from otdacha.site.bank.listing.pages import PER_PAGE, page_asked, pages
from otdacha.site.bank.page import page, shown
from otdacha.site.bank.rows.offers import offers, price
from otdacha.site.bank.rows.standings import standings
from otdacha.site.bank.slugs import alphabetical

MOST = PER_PAGE
"""Organisations of a topic that its page names; the list of organisations has the others."""


@dataclass(frozen=True)
class Topic:
    """One topic in a release, with how many teach it and in how many programmes."""

    name: str
    slug: str
    organisations: int
    programmes: int
    listed: int


@page
def topics(request: HttpRequest, edition: Edition) -> HttpResponse:
    programmes = edition.release.programmes
    without = programmes.filter(topic_slug="").count()
    return shown(
        request,
        edition,
        "topics.html.j2",
        topics=sorted(_topics(edition), key=lambda one: alphabetical(one.name)),
        without_topic=without,
    )


@page
def topic(request: HttpRequest, edition: Edition, topic: str) -> HttpResponse:
    found = next((one for one in _topics(edition) if one.slug == topic), None)
    if found is None:
        raise Http404
    programmes = edition.release.programmes.filter(topic_slug=topic)
    organisations = edition.release.organisations.filter(
        pk__in=programmes.order_by().values("organisation")
    ).only("release", "provider", "name", "region", "state", "listed", "row", "figures")
    in_order = programmes.select_related("organisation").only(
        "release", "key", "name", "topic", "topic_slug", "form", "hours", "price", "row",
        "organisation__provider", "organisation__name", "organisation__listed",
    )  # fmt: skip
    paged = pages(
        found.programmes,
        page_asked(request),
        lambda number: f"{edition.url('topic', topic=topic)}?page={number}#programmes-here",
    )
    prices = programmes.aggregate(lowest=Min("price"), highest=Max("price"), priced=Count("price"))
    return shown(
        request,
        edition,
        "topic.html.j2",
        topic=found,
        organisations=standings(edition, organisations[:MOST]),
        programmes=offers(
            edition, in_order.order_by("organisation__position", "name", "key")[paged.slice]
        ),
        pages=paged,
        priced=prices["priced"],
        prices=[price(prices[end], edition.numbers) for end in ("lowest", "highest")],
    )


def _topics(edition: Edition) -> list[Topic]:
    """The topics of the release, those that most organisations teach first."""
    by_topic = edition.release.programmes.exclude(topic_slug="").order_by().values("topic_slug")
    programmes = dict(by_topic.annotate(n=Count("pk")).values_list("topic_slug", "n"))
    listed = dict(
        by_topic.filter(organisation__listed=True)
        .annotate(n=Count("organisation", distinct=True))
        .values_list("topic_slug", "n")
    )
    return [
        Topic(name, slug, organisations, programmes.get(slug, 0), listed.get(slug, 0))
        for name, slug, organisations in edition.release.facets["topic"]
    ]
