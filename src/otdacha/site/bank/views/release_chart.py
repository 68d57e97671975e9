"""A chart of a release as a file: SVG or PNG, to be kept, sent or put into a document."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse

from otdacha.site.bank.comparing.chosen import comparison_chart, named_organisations
from otdacha.site.bank.edition import Edition
from otdacha.site.bank.edition.charts import CHARTS
from otdacha.site.bank.files.sending import picture_to_keep
from otdacha.site.bank.page import page

COMPARISON = "comparison"
"""The chart that is of the organisations named in the address, `?o=...&o=...`."""


@page
def release_chart(request: HttpRequest, edition: Edition, chart: str, kind: str) -> HttpResponse:
    if chart == COMPARISON:
        chosen = named_organisations(edition, request.GET, [])
        if not chosen:
            raise Http404
        return picture_to_keep(comparison_chart(edition, chosen), edition, chart, kind)
    if chart not in CHARTS:
        raise Http404
    return picture_to_keep(CHARTS[chart](edition), edition, chart, kind)
