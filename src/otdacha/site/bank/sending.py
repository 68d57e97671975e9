"""Files that a page gives away: their kinds, their names, and what may be in them."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from hashlib import sha256

from django.http import Http404, HttpResponse

from otdacha.documents.charts import Chart
from otdacha.documents.charts.chart import alone
from otdacha.site.bank.edition import Edition
from otdacha.site.bank.slugs import slug

TYPES: Mapping[str, str] = {
    "csv": "text/csv; charset=utf-8",
    "json": "application/json",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "svg": "image/svg+xml",
    "png": "image/png",
}
"""Kind of a file -> its media type."""


def picture(chart: Chart, kind: str) -> HttpResponse:
    """A chart as a file; raises Http404 for a kind that is neither svg nor png.

    The one stylesheet inside an SVG is named by its hash, so that it may apply and no other.
    """
    if kind == "png":
        return HttpResponse(chart.png(), content_type=TYPES[kind])
    if kind != "svg":
        raise Http404
    answer = HttpResponse(chart.file(), content_type=TYPES[kind])
    digest = base64.b64encode(sha256(alone().encode()).digest()).decode()
    answer.headers["Content-Security-Policy"] = f"default-src 'none'; style-src 'sha256-{digest}'"
    return answer


def saved_as(
    answer: HttpResponse, edition: Edition, name: str, what: str, kind: str
) -> HttpResponse:
    """The answer as a file to keep, under a name that says what it is, of whom and when."""
    stem = f"otdacha-{edition.release.name}-{slug(name)[:60].strip('-')}-{what}"
    answer.headers["Content-Disposition"] = f'attachment; filename="{stem}.{kind}"'
    return answer
