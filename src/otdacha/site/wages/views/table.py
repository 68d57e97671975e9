"""The municipalities that are shown as a file, and the comparison's own files byte for byte."""

from __future__ import annotations

import json

import polars as pl
from django.http import Http404, HttpRequest, HttpResponse

from otdacha.pay.wages.columns import COLUMNS, open_tables
from otdacha.pay.wages.export import as_json, excel_csv, workbook
from otdacha.release.writing import parquet_bytes
from otdacha.site.bank.files.sending import MEDIA
from otdacha.site.wages.asked import asked
from otdacha.site.wages.edition import WagesEdition
from otdacha.site.wages.models import File
from otdacha.site.wages.page import wages_page

KINDS = ("csv", "xlsx", "json", "parquet")


@wages_page
def table(request: HttpRequest, edition: WagesEdition, table: str, kind: str) -> HttpResponse:
    """An open table; `years` filtered and ordered as the list is, in all its years."""
    if table not in COLUMNS or kind not in KINDS:
        raise Http404
    named = ("municipalities", "years", "quarters", "unmatched")
    frame = open_tables({name: edition.table(name) for name in named})[table]
    if table == "years":
        frame = _filtered(frame, edition, request)
    match kind:
        case "csv":
            content = excel_csv(COLUMNS[table], frame, edition.language)
        case "xlsx":
            made = edition.comparison.made
            content = workbook(edition.comparison.name, made, {table: frame}, edition.language)
        case "json":
            content = _json(edition, table, frame)
        case _:
            content = parquet_bytes(frame)
    return edition.to_keep(f"{table}.{kind}", content)


@wages_page
def wages_file(request: HttpRequest, edition: WagesEdition, name: str, kind: str) -> HttpResponse:
    """One of the comparison's own files, whose hash stands in its manifest."""
    found = File.objects.filter(comparison=edition.comparison, name=f"{name}.{kind}").first()
    if found is None or kind not in MEDIA:
        raise Http404
    return edition.to_keep(found.name, bytes(found.content))


def _filtered(frame: pl.DataFrame, edition: WagesEdition, request: HttpRequest) -> pl.DataFrame:
    """The rows of the municipalities that are asked for, in their order, the newest year first."""
    found = asked(edition, request.GET).towns(edition.comparison)
    codes = list(found.values_list("code", flat=True))
    order = pl.DataFrame({"municipality": codes}, schema={"municipality": pl.String})
    return (
        order.with_row_index("at")
        .join(frame, on="municipality")
        .sort("at", pl.col("year"), descending=[False, True])
        .select(frame.columns)
    )


def _json(edition: WagesEdition, name: str, frame: pl.DataFrame) -> bytes:
    named = {"wages": edition.comparison.name, "manifest": edition.comparison.hash, "table": name}
    rows = as_json(COLUMNS[name], frame)
    return json.dumps({**named, "rows": rows}, ensure_ascii=False).encode()
