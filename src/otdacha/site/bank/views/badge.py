"""The badge that an organisation shows on its own pages."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from otdacha.documents.charts import badge as drawn_badge
from otdacha.site.bank.edition import Edition
from otdacha.site.bank.edition.drawn import of_organisation, quantity
from otdacha.site.bank.files.sending import picture
from otdacha.site.bank.page import page_for
from otdacha.site.bank.profile import profile_of

LATEST_SECONDS = 3600
PINNED_SECONDS = 604_800
"""How long the pages that show a badge need not ask for it again."""


@page_for(LATEST_SECONDS, PINNED_SECONDS)
def badge(request: HttpRequest, edition: Edition, provider: str) -> HttpResponse:
    profile = profile_of(edition, provider)
    drawn = drawn_badge(
        of_organisation(edition, profile.organisation),
        quantity(edition),
        edition.release.name,
    )
    answer = picture(drawn, "svg")
    answer.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return answer
