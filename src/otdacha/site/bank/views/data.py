"""Open data: every table, the files of the release with their hashes, what the columns mean."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import polars as pl
from django.db.models.functions import Length
from django.http import HttpRequest, HttpResponse

from otdacha.release.columns import Column
from otdacha.release.descriptions import DESCRIPTIONS
from otdacha.release.export import TITLES
from otdacha.release.states import SENTENCES, WORDS, State
from otdacha.release.tables import TABLES
from otdacha.site.bank.edition import Edition
from otdacha.site.bank.files.downloads import offered
from otdacha.site.bank.page import page, shown
from otdacha.site.templating import KINDS

_TYPES = {pl.Float64: "number", pl.Int64: "whole", pl.Boolean: "answer", pl.String: "text"}


@dataclass(frozen=True)
class Table:
    """One table of the page. downloads: words and address of each format."""

    name: str
    title: str
    description: str
    rows: int
    columns: tuple[Column, ...]
    downloads: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Original:
    """A file of the release: its size in bytes, its SHA-256, where it is."""

    name: str
    size: int
    hash: str
    address: str


@page
def data(request: HttpRequest, edition: Edition) -> HttpResponse:
    originals = list(_originals(edition))
    return shown(
        request,
        edition,
        "data.html.j2",
        tables=list(_tables(edition)),
        originals=originals,
        size=sum(file.size for file in originals),
        states=[(state, WORDS[state], SENTENCES[state]) for state in State],
        kind_of=_kind,
        api=request.build_absolute_uri("/api/v1/"),
        bank="" if edition.first else f"&bank={edition.bank.slug}",
    )


def _tables(edition: Edition) -> Iterator[Table]:
    files = edition.release.manifest["files"]
    for name, columns in TABLES.items():
        named = files.get(f"{name}.parquet")
        if named is not None:
            kinds = offered(edition, name)
            yield Table(
                name=name,
                title=TITLES[name].said(edition.language),
                description=DESCRIPTIONS[name].said(edition.language),
                rows=named["rows"],
                columns=columns,
                downloads=tuple(
                    (words, edition.url("table", table=name, kind=kind))
                    for kind, words in KINDS
                    if kind in kinds
                ),
            )


def _originals(edition: Edition) -> Iterator[Original]:
    known = edition.release.files.order_by("name").annotate(size=Length("content"))
    for name, hash, size in known.values_list("name", "hash", "size"):
        stem, _, kind = name.rpartition(".")
        yield Original(name, size, hash, edition.url("table", table=stem, kind=kind))


def _kind(column: Column) -> str:
    """What a column holds, as the template names it."""
    return next((word for kind, word in _TYPES.items() if column.type == kind), "state")
