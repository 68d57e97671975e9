"""The files that the site gives away: tables in four formats, and the release itself."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl
from django.http import HttpResponse, QueryDict
from django.utils.http import http_date

from otdacha.language import Text, text
from otdacha.release import FORMATS, table_bytes
from otdacha.release.export import TITLES, Format
from otdacha.release.tables import TABLES
from otdacha.site.bank.edition import Edition
from otdacha.site.bank.files.sending import MEDIA, to_keep
from otdacha.site.bank.listing import listing
from otdacha.site.bank.models import File

WHOLE = "release"
"""The whole release as one archive is called so: release.zip."""
CHOSEN = "organisations"
"""The table of organisations, filtered and sorted as the list page shows it."""

MOST_CELLS: Mapping[str, int] = {"csv": 3_000_000, "json": 3_000_000, "xlsx": 600_000}
"""Cells of a table that the site makes into a file of a format while somebody waits: some seconds.
Excel's files take six times as long. As Parquet every table lies there ready made."""
NARROWED: Mapping[str, str] = {"programmes": "topic", "municipalities": "region"}
"""Table → what it can be narrowed by, as a slug: programmes.csv?topic=zakupki."""


@dataclass(frozen=True)
class Download:
    """A file for somebody's disk.

    stem: what it is called in Latin letters; title: what it is called in the page's language.
    """

    stem: str
    title: str
    kind: str
    content: bytes


class NotUnderstood(Exception):
    """Filters that name nothing; `problems` says which, for the person who asked."""

    def __init__(self, problems: tuple[Text, ...]) -> None:
        super().__init__(*map(str, problems))
        self.problems = problems


def download(edition: Edition, name: str, kind: str, query: QueryDict) -> Download | None:
    """The file `name`.`kind` of an edition; None where there is none of that name.

    A file of the release itself is given byte for byte; a table that the release holds as Parquet
    is also made in the other formats. `query` filters and sorts the organisations as their list
    does, and narrows the tables of `NARROWED`. Raises NotUnderstood where it names what is not
    there.
    """
    if (name, kind) == (WHOLE, "zip"):
        return Download(name, text("whole release").said(edition.language), kind, archive(edition))
    if kind not in MEDIA:
        return None
    if name == CHOSEN and kind in FORMATS:
        return _chosen(edition, kind, query)
    title = TITLES[name].said(edition.language) if name in TITLES else name
    if kind in FORMATS and (narrowed := _narrowed(edition, name, query)) is not None:
        rows, slug = narrowed
        made = table_bytes(edition.published, name, kind, language=edition.language, rows=rows)
        return Download(f"{name}-{slug}", f"{title}, {slug}", kind, made)
    original = edition.release.files.filter(name=f"{name}.{kind}").first()
    if original is not None:
        return Download(name, title, kind, bytes(original.content))
    if f"{name}.parquet" not in edition.release.manifest["files"] or kind not in FORMATS:
        return None
    if kind not in offered(edition, name):
        raise NotUnderstood((_too_large(edition, name),))
    made = table_bytes(edition.published, name, kind, language=edition.language)
    return Download(name, title, kind, made)


def offered(edition: Edition, name: str) -> tuple[str, ...]:
    """The formats that a table of the release is given in as a whole; none where it has no such."""
    named = edition.release.manifest["files"].get(f"{name}.parquet")
    if named is None:
        return ()
    cells = named["rows"] * len(TABLES[name])
    return tuple(one for one in FORMATS if cells <= MOST_CELLS.get(one, cells))


def _too_large(edition: Edition, name: str) -> Text:
    return text(
        "{table}: this table is too large for this format here. Take it as {formats}.",
        table=TITLES[name],
        formats=", ".join(offered(edition, name)),
    )


def _narrowed(edition: Edition, name: str, query: QueryDict) -> tuple[pl.DataFrame, str] | None:
    """The rows of a table that a topic's or a region's page shows; None where all are asked for."""
    key = NARROWED.get(name)
    slug = query.get(key, "") if key else ""
    if key is None or not slug:
        return None
    rows = getattr(edition.release, name).filter(**{f"{key}_slug": slug})
    value = None if "\0" in slug else rows.values_list(key, flat=True).first()
    if value is None:
        wrong = text("{filter}: there is no {value} in this release.", filter=key, value=slug)
        raise NotUnderstood((wrong,))
    return edition.published.tables[name].filter(pl.col(key) == value), slug


def archive(edition: Edition) -> bytes:
    """Every file of the release in a folder of its name: the same bytes for the same release."""
    content = io.BytesIO()
    made = edition.release.created.timetuple()[:6]
    with zipfile.ZipFile(content, "w", zipfile.ZIP_STORED) as whole:
        for file in File.objects.filter(release=edition.release).order_by("name").iterator():
            entry = zipfile.ZipInfo(f"{edition.release.name}/{file.name}", made)
            entry.create_system = 3  # Unix, wherever it is made
            entry.external_attr = 0o644 << 16
            whole.writestr(entry, bytes(file.content))
    return content.getvalue()


def answer(edition: Edition, file: Download) -> HttpResponse:
    """The file as a browser saves it, under a name that says which release it is from."""
    response = HttpResponse(file.content, content_type=MEDIA[file.kind])
    to_keep(response, edition, file.stem, file.kind, file.title)
    response.headers["Last-Modified"] = http_date(edition.release.published.timestamp())
    response.headers["Access-Control-Allow-Origin"] = "*"
    return response


def _chosen(edition: Edition, kind: Format, query: QueryDict) -> Download:
    """The organisations that the list page shows for `query`, all pages, in its order."""
    found = listing(edition.release, query)
    if found.problems:
        raise NotUnderstood(tuple(found.problems))
    everybody = edition.published.providers
    wanted = pl.DataFrame(
        {"provider": list(found.queryset.values_list("provider", flat=True))},
        schema={"provider": everybody.schema["provider"]},
    )
    rows = wanted.join(everybody, on="provider", how="left", maintain_order="left")
    made = table_bytes(
        edition.published,
        "providers",
        kind,
        language=edition.language,
        rows=rows.select(everybody.columns),
    )
    some = len(wanted) < len(everybody)
    title = text("Organisations, selected") if some else TITLES["providers"]
    stem = f"{CHOSEN}-selected" if some else CHOSEN
    return Download(stem, title.said(edition.language), kind, made)
