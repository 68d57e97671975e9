"""A chart of an organisation's page as a file."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse

from otdacha.site.bank.edition import Edition
from otdacha.site.bank.files.sending import picture_to_keep
from otdacha.site.bank.page import page
from otdacha.site.bank.profile import profile_of
from otdacha.site.bank.profile.charts import CHARTS


@page
def organisation_chart(
    request: HttpRequest, edition: Edition, provider: str, chart: str, kind: str
) -> HttpResponse:
    if chart not in CHARTS:
        raise Http404
    profile = profile_of(edition, provider)
    drawn = CHARTS[chart](profile)
    if drawn is None:
        raise Http404
    return picture_to_keep(drawn, edition, f"{profile.file_stem}-{chart}", kind)
