"""The tables of a scenario as files: in four formats, and the scenario's own byte for byte."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import polars as pl
from django.http import Http404, HttpRequest, HttpResponse

from otdacha.documents.figures import Figure
from otdacha.documents.pay.words import left_out_of
from otdacha.pay.making.left_out import WHY
from otdacha.release.states import State
from otdacha.release.writing import parquet_bytes
from otdacha.site.pay.edition import ScenarioEdition
from otdacha.site.pay.listing import asked
from otdacha.site.pay.loading import PLAIN
from otdacha.site.pay.models import File
from otdacha.site.pay.page import scenario_page, scenario_shown
from otdacha.site.pay.told import MADE, WHOLE
from otdacha.site.pay.words import TABLES, TERMS, said
from otdacha.site.programme.spreadsheet import csv_bytes, workbook_bytes


@scenario_page
def data(request: HttpRequest, edition: ScenarioEdition) -> HttpResponse:
    """What there is, and where its rows come from."""
    plain = File.objects.filter(scenario=edition.scenario, name__in=PLAIN)
    return scenario_shown(
        request,
        edition,
        "pay/data.html.j2",
        tables=[(name, words, name in WHOLE) for name, words in TABLES.items()],
        files=[(one.name, *one.name.rsplit(".", 1), one.hash) for one in plain.order_by("name")],
        leaving=[_estimate(edition, row) for row in edition.table("leaving").iter_rows(named=True)],
        state=edition.scenario.manifest["leaving"],
        excluded=[
            {
                "table": left_out_of(row["table"], edition.measures, edition.language),
                "why": said(WHY, row["reason"]),
                "rows": row["rows"],
            }
            for row in edition.table("excluded").iter_rows(named=True)
        ],
    )


def _estimate(edition: ScenarioEdition, row: Mapping[str, Any]) -> dict[str, Any]:
    """A term of the estimate of leaving with its range."""
    numbers, say = edition.numbers, edition.said
    unknown = say.state(State.INSUFFICIENT_EVIDENCE)
    known = None not in (row["estimate"], row["lower"], row["upper"])
    return {
        "words": TERMS[row["term"]].said(edition.language) if row["term"] in TERMS else row["term"],
        "estimate": Figure(
            numbers.signed(row["estimate"], 2), numbers.interval(row["lower"], row["upper"], 2)
        )
        if known
        else unknown,
        "se": unknown if row["se"] is None else Figure(numbers.decimal(row["se"], 2)),
    }


@scenario_page
def table(request: HttpRequest, edition: ScenarioEdition, table: str, kind: str) -> HttpResponse:
    """An open table; the municipalities filtered and ordered as their page is."""
    if table not in (*WHOLE, *MADE) or kind not in ("csv", "xlsx", "json", "parquet"):
        raise Http404
    frame = edition.table(table)
    if table == "municipalities" and request.GET:
        frame = asked(frame, request.GET).rows(frame)
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


@scenario_page
def scenario_file(
    request: HttpRequest, edition: ScenarioEdition, name: str, kind: str
) -> HttpResponse:
    """One of the scenario's own files, whose hash stands in its manifest."""
    file = f"{name}.{kind}"
    if file not in PLAIN and file not in {f"{one}.parquet" for one in WHOLE}:
        raise Http404
    found = File.objects.filter(scenario=edition.scenario, name=file).first()
    if found is None:
        raise Http404
    return edition.to_keep(file, bytes(found.content))


def _json(edition: ScenarioEdition, name: str, frame: pl.DataFrame) -> bytes:
    rows = json.loads(frame.write_json())
    kept = edition.scenario
    named = {"scenario": kept.name, "manifest": kept.hash, "table": name, "rows": rows}
    return json.dumps(named, ensure_ascii=False).encode()
