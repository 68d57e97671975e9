"""Up to six organisations side by side, and which of their differences stand out from the noise."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

from django.http import HttpRequest, HttpResponse, QueryDict

from otdacha.language import Text
from otdacha.site.bank import search
from otdacha.site.bank.comparing.chosen import MOST, comparison_chart, named_organisations
from otdacha.site.bank.comparing.pairs import Pair, pair
from otdacha.site.bank.comparing.side_by_side import side_by_side
from otdacha.site.bank.edition import Edition
from otdacha.site.bank.edition.measured import measured
from otdacha.site.bank.listing.asked import LONGEST_SEARCH
from otdacha.site.bank.listing.query import cleaned
from otdacha.site.bank.models import Comparisons, Organisation, Programme
from otdacha.site.bank.page import page, shown
from otdacha.site.bank.rows.entries import has_effect

OFFERED = 8
"""Organisations that a search offers to add, at most."""


@page
def compare(request: HttpRequest, edition: Edition) -> HttpResponse:
    problems: list[Text] = []
    chosen = named_organisations(edition, request.GET, problems)
    providers = [one.provider for one in chosen]
    topics = _topics(chosen)
    words = cleaned(request.GET.get("q", ""))[:LONGEST_SEARCH]
    found = search.find(edition.release, words) if words and len(chosen) < MOST else None
    return shown(
        request,
        edition,
        "compare.html.j2",
        problems=problems,
        chosen=[
            (one, _address([each for each in providers if each != one.provider])) for one in chosen
        ],
        lines=side_by_side(edition, chosen, topics),
        chart=comparison_chart(edition, chosen),
        chart_file=_address(providers),
        pairs=_pairs(edition, chosen),
        shared=_shared(topics),
        unlike=_unlike(chosen, topics),
        words=words,
        understood=found.sentences if found else (),
        offered=[
            (one, _address([*providers, one.provider]))
            for one in (found.organisations.defer("figures") if found else ())[
                : OFFERED + len(providers)
            ]
            if one.provider not in providers
        ][:OFFERED],
        full=len(chosen) == MOST,
        any_effect=any(map(has_effect, chosen)),
        **measured(edition),
    )


def _address(providers: Sequence[str]) -> str:
    query = QueryDict(mutable=True)
    query.setlist("o", list(providers))
    return f"?{query.urlencode()}"


def _topics(chosen: Sequence[Organisation]) -> dict[str, list[str]]:
    """Provider → the topics of its programmes, where any is known."""
    rows = (
        Programme.objects.filter(organisation__in=chosen)
        .exclude(topic="")
        .order_by("topic")
        .values_list("organisation__provider", "topic")
        .distinct()
    )
    found: dict[str, list[str]] = {}
    for provider, topic in rows:
        found.setdefault(provider, []).append(topic)
    return found


def _shared(topics: dict[str, list[str]]) -> list[str]:
    """Topics that all of them teach."""
    if len(topics) < 2:
        return []
    first, *others = topics.values()
    return [topic for topic in first if all(topic in each for each in others)]


def _unlike(chosen: Sequence[Organisation], topics: dict[str, list[str]]) -> list[tuple[str, str]]:
    """Pairs, by their names, of organisations whose topics are known and none of them shared."""
    return [
        (one.name, other.name)
        for one, other in combinations([each for each in chosen if each.provider in topics], 2)
        if not set(topics[one.provider]) & set(topics[other.provider])
    ]


def _pairs(edition: Edition, chosen: Sequence[Organisation]) -> list[Pair]:
    """Every pair in the release's order, with what the release says about it."""
    ordered = sorted(chosen, key=lambda one: one.position)
    released = dict(
        Comparisons.objects.filter(organisation__in=ordered).values_list("organisation", "rows")
    )
    return [
        pair(edition, one, other, released.get(one.pk, {}).get(other.provider))
        for one, other in combinations(ordered, 2)
    ]
