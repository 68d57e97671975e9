"""Every release of a data bank: what kind it is, what changed with it, how to check it."""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl
from django.http import HttpRequest, HttpResponse

from otdacha.documents.changed import MEANINGS, Counted, counted, moved, of_the_list
from otdacha.language import Text
from otdacha.release.diff import CAUSES, Change, kind_in_words
from otdacha.site.bank.edition import Edition
from otdacha.site.bank.listing.pages import page_asked, pages
from otdacha.site.bank.models import Erratum, File, Release
from otdacha.site.bank.page import page, shown

MOST = 200
"""Organisations whose change is told one by one; the table of changes has all of them."""


@dataclass(frozen=True)
class Told:
    """One release as the page tells of it.

    entered, left, stayed: names of organisations by what became of their place on the list.
    """

    name: str
    day: str
    manifest: Mapping[str, Any]
    hash: str
    kind: Text | None
    previous: str
    entered: list[str]
    left: list[str]
    stayed: list[str]
    counted: list[Counted]
    organisations: str
    errata: list[Erratum]
    url: str
    data_url: str
    changes_url: str
    here: bool


@page
def releases(request: HttpRequest, edition: Edition) -> HttpResponse:
    known = edition.bank.releases.all()
    paged = pages(
        known.count(),
        page_asked(request),
        lambda number: f"{edition.url('releases')}?page={number}",
    )
    there = list(known.prefetch_related("errata")[paged.slice])
    changes = _changes(there)
    none = pl.DataFrame(schema=edition.published.changes.schema)
    detail = moved(edition.published, edition.measures[0], edition.numbers)
    return shown(
        request,
        edition,
        "releases.html.j2",
        releases=[_told(one, changes.get(one.pk, none), edition) for one in there],
        pages=paged,
        kind=_kind(edition.release),
        moved=detail[:MOST],
        moved_in_all=len(detail),
        meanings=[(CAUSES[cause], meaning) for cause, meaning in MEANINGS.items()],
    )


def _changes(releases: list[Release]) -> dict[int, pl.DataFrame]:
    """The table `changes` of every release, by its key in the database; old formats have none."""
    files = File.objects.filter(release__in=releases, name="changes.parquet")
    return {
        key: pl.read_parquet(io.BytesIO(bytes(content)))
        for key, content in files.values_list("release_id", "content")
    }


def _kind(release: Release) -> Text | None:
    change = release.manifest["change"]
    return kind_in_words(change) if change else None


def _told(release: Release, changes: pl.DataFrame, edition: Edition) -> Told:
    numbers, manifest = edition.numbers, release.manifest
    return Told(
        name=release.name,
        day=numbers.day(release.created),
        manifest=manifest,
        hash=release.hash,
        kind=_kind(release),
        previous=manifest["previous"]["release"] if manifest["previous"] else "",
        entered=of_the_list(changes, Change.ENTERED_LIST),
        left=of_the_list(changes, Change.LEFT_LIST),
        stayed=of_the_list(changes, Change.STAYED_ON_LIST),
        counted=counted(changes, numbers),
        organisations=numbers.whole(manifest["files"]["providers.parquet"]["rows"]),
        errata=list(release.errata.all()),
        url=edition.in_release(release.name, "home"),
        data_url=edition.in_release(release.name, "data"),
        changes_url=edition.in_release(release.name, "releases") + "#changes",
        here=release.pk == edition.release.pk,
    )
