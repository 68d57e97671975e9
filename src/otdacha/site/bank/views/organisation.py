"""The page of one organisation."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from markupsafe import Markup

from otdacha.language import text
from otdacha.site.bank.edition import Edition
from otdacha.site.bank.page import page, shown
from otdacha.site.bank.profile import Profile, charts, profile_of, tables, words
from otdacha.site.bank.profile.details import details
from otdacha.site.bank.rows.offers import offers, price


@page
def organisation(request: HttpRequest, edition: Edition, provider: str) -> HttpResponse:
    profile = profile_of(edition, provider)
    shown_programmes = profile.programmes[: tables.PROGRAMMES_SHOWN]
    return shown(
        request,
        edition,
        "organisation.html.j2",
        profile=profile,
        organisation=profile.organisation,
        row=profile.row,
        verdict=words.verdict(profile),
        reasons=words.reasons(profile),
        place=words.place(profile),
        since_last=words.since_last(profile),
        charts={name: draw(profile) for name, draw in charts.CHARTS.items()},
        own_months=bool(charts.own_months(profile)),
        on_indicators=tables.on_indicators(profile),
        with_peers=tables.with_peers(profile),
        about_peers=tables.about_peers(profile.peers, edition.numbers),
        history=tables.over_releases(profile),
        programmes=offers(edition, shown_programmes),
        left_out=tables.left_out(profile),
        details=details(profile) if profile.published else [],
        downloads=tables.downloads(profile),
        badges=[
            (text("Always the newest release"), _badge(request, profile, edition.latest_url)),
            (
                text("Release {release} for good", release=edition.release.name),
                _badge(request, profile, edition.pinned_url),
            ),
        ],
        people=tables.people(profile),
        cheapest=price(profile.organisation.price, edition.numbers),
    )


def _badge(request: HttpRequest, profile: Profile, address: Callable[..., str]) -> str:
    """HTML that shows the badge on a page of somebody's own and leads here."""
    provider = profile.organisation.provider
    snippet = Markup('<a href="{page}"><img src="{badge}" alt="{words}" height="24"></a>').format(
        page=request.build_absolute_uri(address("organisation", provider=provider)),
        badge=request.build_absolute_uri(address("badge", provider=provider)),
        words=text("Otdacha: {name}", name=profile.organisation.name).said(
            profile.edition.language
        ),
    )
    return str(snippet)
