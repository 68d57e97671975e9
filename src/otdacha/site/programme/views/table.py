"""The tables of a plan as files: in four formats, and the plan's own files byte for byte."""

from __future__ import annotations

import json

import polars as pl
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse

from otdacha.programme.disclosure import EXACT
from otdacha.release.writing import parquet_bytes
from otdacha.site.programme.asked import FILTERS, asked
from otdacha.site.programme.edition import PlanEdition
from otdacha.site.programme.loading import OPEN
from otdacha.site.programme.models import File, Line
from otdacha.site.programme.page import plan_page
from otdacha.site.programme.spreadsheet import csv_bytes, workbook_bytes

PLAIN = ("manifest.json", "parameters.json")
"""Files of a plan that are given away as they are, beside its open tables."""


@plan_page
def table(request: HttpRequest, edition: PlanEdition, table: str, kind: str) -> HttpResponse:
    """An open table; the lines filtered as their page is."""
    if table not in OPEN or kind not in ("csv", "xlsx", "json", "parquet"):
        raise Http404
    frame = edition.table(table)
    if frame is None:
        raise Http404
    if table == "lines":
        frame = _filtered(
            frame, asked(edition.plan.facets, FILTERS, request.GET).lines(edition.plan)
        )
    match kind:
        case "csv":
            content = csv_bytes(frame, edition.language)
        case "xlsx":
            content = workbook_bytes(frame, table)
        case "json":
            content = _json(edition, table, frame)
        case _:
            content = parquet_bytes(frame)
    return edition.to_keep(f"{table}.{kind}", content)


@plan_page
def plan_file(request: HttpRequest, edition: PlanEdition, name: str, kind: str) -> HttpResponse:
    """One of the plan's own files, whose hash stands in its manifest."""
    file = f"{name}.{kind}"
    if file not in PLAIN and file not in {f"{one}.parquet" for one in EXACT}:
        raise Http404
    found = File.objects.filter(plan=edition.plan, name=file).first()
    if found is None:
        raise Http404
    return edition.to_keep(file, bytes(found.content))


def _filtered(frame: pl.DataFrame, lines: QuerySet[Line]) -> pl.DataFrame:
    """The rows of the table that are asked for: positions count them from 1."""
    places = lines.values_list("position", flat=True)
    return frame[[place - 1 for place in places]]


def _json(edition: PlanEdition, name: str, frame: pl.DataFrame) -> bytes:
    rows = json.loads(frame.write_json())
    named = {"plan": edition.plan.name, "manifest": edition.plan.hash, "table": name, "rows": rows}
    return json.dumps(named, ensure_ascii=False).encode()
