"""A chart of a release as a file: SVG or PNG, to be kept, sent or put into a document."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse

from otdacha.documents.charts import Chart
from otdacha.site.bank.edition import Edition
from otdacha.site.bank.page import page
from otdacha.site.bank.release_charts import CHARTS


@page
def release_chart(request: HttpRequest, edition: Edition, chart: str, kind: str) -> HttpResponse:
    if chart not in CHARTS or kind not in ("svg", "png"):
        raise Http404
    name = f"{edition.bank.slug}-{edition.release.name}-{chart}-{edition.language}"
    return chart_file(CHARTS[chart](edition), kind, name)


def chart_file(chart: Chart, kind: str, name: str) -> HttpResponse:
    """The chart as an answer that a browser keeps under `name`.`kind`; kind: svg or png."""
    if kind == "svg":
        answer = HttpResponse(chart.file(), content_type="image/svg+xml; charset=utf-8")
    else:
        answer = HttpResponse(chart.png(), content_type="image/png")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}.{kind}"'
    return answer
