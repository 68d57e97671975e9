"""The badge that an organisation shows on its own pages."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from otdacha.documents.charts import Quantity
from otdacha.documents.charts import badge as drawn_badge
from otdacha.site.bank.edition import Edition
from otdacha.site.bank.page import page
from otdacha.site.bank.profile import profile_of
from otdacha.site.bank.profile_charts import estimate_of
from otdacha.site.bank.sending import picture

LATEST_SECONDS = 3600
PINNED_SECONDS = 604_800
"""How long the pages that show a badge need not ask for it again."""


@page
def badge(request: HttpRequest, edition: Edition, provider: str) -> HttpResponse:
    profile = profile_of(edition, provider)
    measure, one = edition.measures[0], profile.organisation
    drawn = drawn_badge(
        estimate_of(profile.row, measure, one.name, listed=one.listed),
        Quantity.of(measure, edition.numbers),
        edition.release.name,
    )
    answer = picture(drawn, "svg")
    seconds = PINNED_SECONDS if edition.pinned else LATEST_SECONDS
    answer.headers["Cache-Control"] = f"public, max-age={seconds}"
    answer.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return answer
