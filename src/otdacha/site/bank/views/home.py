"""The first page: what this is, search, the list of the most effective, what changed."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Exists, OuterRef
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from otdacha.documents.charts import caterpillar
from otdacha.documents.report import verdict
from otdacha.documents.trust import prediction
from otdacha.language import Language
from otdacha.release.checks import summary
from otdacha.site.bank.edition import Edition
from otdacha.site.bank.edition.changed import changed
from otdacha.site.bank.edition.drawn import of_organisation, quantity, threshold
from otdacha.site.bank.edition.measured import measured
from otdacha.site.bank.listing import PUBLISHED
from otdacha.site.bank.models import Bank, Release
from otdacha.site.bank.page import page, shown
from otdacha.site.bank.rows.entries import entries

IN_TABLE = 15
"""Organisations of the list that stand on the page; the rest one link further."""
IN_CHART = 25


@dataclass(frozen=True)
class Other:
    """Another data bank of this site, labelled as what it is."""

    title: str
    note: str
    invented: bool
    url: str


def choose_language(request: HttpRequest) -> HttpResponse:
    """Lead to the language that the browser asks for first: English, or else Russian."""
    wanted = [
        part.split(";")[0].strip().lower()[:2]
        for part in request.headers.get("Accept-Language", "").split(",")
    ]
    known = [one for one in wanted if one in ("ru", "en")]
    answer = HttpResponseRedirect(f"/{known[0] if known else 'ru'}/")
    answer.headers["Vary"] = "Accept-Language"
    return answer


@page
def home(request: HttpRequest, edition: Edition) -> HttpResponse:
    release = edition.published
    states = {state: count for state, _, count in edition.release.facets["state"]}
    published = sum(states.get(state, 0) for state in PUBLISHED)
    listed = release.listed.height
    best = list(
        edition.release.organisations.filter(state__in=PUBLISHED).defer("figures")[:IN_CHART]
    )
    return shown(
        request,
        edition,
        "home.html.j2",
        verdict=verdict(release, published),
        failed=not release.failed.is_empty(),
        listed=listed,
        entries=entries(edition, [one for one in best if one.listed][:IN_TABLE]),
        chart=caterpillar(
            [of_organisation(edition, one) for one in best],
            quantity(edition),
            threshold=threshold(edition),
        ),
        in_chart=len(best),
        published=published,
        unpublished=sum(states.values()) - published,
        checks=summary(release),
        prediction=prediction(release, edition.numbers),
        error_rate=edition.numbers.percent(release.methodology.list.error_rate),
        changed=changed(edition),
        others=_others(edition.bank, edition.language),
        **measured(edition),
    )


def _others(bank: Bank, language: Language) -> list[Other]:
    """The other data banks that have a release, in the order in which they were first published."""
    released = Bank.objects.filter(Exists(Release.objects.filter(bank=OuterRef("pk"))))
    first = Bank.objects.order_by("pk").values_list("pk", flat=True)[:1]
    known = list(released.order_by("pk").annotate(first=first))
    return [
        Other(
            title=getattr(one, f"title_{language}"),
            note=getattr(one, f"note_{language}"),
            invented=one.invented,
            url=reverse("home", kwargs={"language": language})
            if one.pk == one.first
            else reverse("home", kwargs={"language": language, "bank": one.slug}),
        )
        for one in known
        if one.pk != bank.pk
    ]
