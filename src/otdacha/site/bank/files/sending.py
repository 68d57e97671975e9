"""How a file is sent: as what kind, under which name, and what may be in it."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from hashlib import sha256
from urllib.parse import quote

from django.http import Http404, HttpResponse

from otdacha.documents.charts import Chart
from otdacha.documents.charts.chart import alone
from otdacha.site.bank.edition import Edition

MEDIA: Mapping[str, str] = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "parquet": "application/vnd.apache.parquet",
    "json": "application/json",
    "toml": "application/toml",
    "md": "text/markdown; charset=utf-8",
    "zip": "application/zip",
    "svg": "image/svg+xml",
    "png": "image/png",
}
"""Ending of a file → its media type."""


def to_keep(
    answer: HttpResponse, edition: Edition, stem: str, kind: str, title: str = ""
) -> HttpResponse:
    """The answer as a file to keep, under a name that says of which data bank and release it is.

    stem: what it is called in Latin letters; title: the same in the language of the page.
    """
    plain = f"otdacha-{edition.bank.slug}-{edition.release.name}-{stem}.{kind}"
    named = f'attachment; filename="{plain}"'
    if title:
        readable = f"{edition.title}, {edition.release.name}, {title}.{kind}"
        named += f"; filename*=UTF-8''{quote(readable, safe='')}"
    answer.headers["Content-Disposition"] = named
    return answer


def picture(chart: Chart, kind: str) -> HttpResponse:
    """A chart as a picture; raises Http404 for a kind that is neither svg nor png.

    The one stylesheet inside an SVG is named by its hash, so that it may apply and no other.
    """
    if kind == "png":
        return HttpResponse(chart.png(), content_type=MEDIA[kind])
    if kind != "svg":
        raise Http404
    answer = HttpResponse(chart.file(), content_type=MEDIA[kind])
    digest = base64.b64encode(sha256(alone().encode()).digest()).decode()
    answer.headers["Content-Security-Policy"] = f"default-src 'none'; style-src 'sha256-{digest}'"
    return answer


def picture_to_keep(chart: Chart, edition: Edition, stem: str, kind: str) -> HttpResponse:
    """The same as a file to keep; the words on it are in the language of the page."""
    return to_keep(picture(chart, kind), edition, f"{stem}-{edition.language}", kind)
