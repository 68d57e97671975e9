"""Routes: the data banks of the site and their releases."""

import datetime as dt

from django.http import HttpRequest
from ninja import Field, Query, Schema

from otdacha.site.api.asking import Asked, OfBank, edition
from otdacha.site.api.interface import get
from otdacha.site.bank.models import Bank, Release


class Said(Schema):
    """A text in both languages."""

    ru: str
    en: str


class BankAnswer(Schema):
    id: str = Field(description="Stable id of the data bank.")
    title: Said
    note: Said = Field(description="What whoever reads it must know first; empty: nothing.")
    source: str = Field(description="Where the records come from; empty: not stated.")
    licence: str = Field(description="Licence of the data; empty: not stated.")
    invented: bool = Field(description="The data are invented and say nothing about anybody real.")
    releases: list[str] = Field(description="Names of the releases, newest first.")


class Banks(Schema):
    items: list[BankAnswer]


class ReleaseInShort(Schema):
    name: str
    created: dt.datetime
    manifest: str = Field(description="SHA-256 of the manifest, which names every file by hash.")
    methodology: str = Field(description="Id and version of the methodology.")
    errata: int = Field(description="How many errata there are.")


class Releases(Schema):
    bank: str
    items: list[ReleaseInShort]


class ReleasedFile(Schema):
    name: str
    sha256: str
    address: str


class ErratumAnswer(Schema):
    found: dt.date
    text: Said


class ReleaseAnswer(Schema):
    bank: str
    name: str
    created: dt.datetime
    manifest: str
    methodology: str
    months: list[str] = Field(description="First and last month of work that it looks at.")
    withheld: bool = Field(description="A check of the method failed, so nobody is ranked.")
    files: list[ReleasedFile] = Field(description="Byte for byte as they were published.")
    archive: str = Field(description="Address of all files in one archive.")
    errata: list[ErratumAnswer]


@get("/banks", Banks, tag="releases")
def banks(request: HttpRequest, asked: Query[Asked]) -> object:
    """The data banks of this site."""
    known = Bank.objects.order_by("pk").prefetch_related("releases")
    return {
        "items": [
            {
                "id": bank.slug,
                "title": {"ru": bank.title_ru, "en": bank.title_en},
                "note": {"ru": bank.note_ru, "en": bank.note_en},
                "source": bank.source,
                "licence": bank.licence,
                "invented": bank.invented,
                "releases": [release.name for release in bank.releases.all()],
            }
            for bank in known
        ]
    }


@get("/releases", Releases, tag="releases")
def releases(request: HttpRequest, asked: Query[OfBank]) -> object:
    """The releases of a data bank, newest first."""
    found = edition(asked.bank)
    known = found.bank.releases.defer("facets").prefetch_related("errata")
    return {"bank": found.bank.slug, "items": [_in_short(release) for release in known]}


@get("/releases/{name}", ReleaseAnswer, tag="releases")
def release(request: HttpRequest, name: str, asked: Query[OfBank]) -> object:
    """One release: what it was made with, its files with their hashes, its errata."""
    found = edition(asked.bank, name)
    return {
        **_in_short(found.release),
        "bank": found.bank.slug,
        "months": found.release.manifest["evaluation"].get("months", []),
        "withheld": bool(found.release.manifest["evaluation"]["withheld"]),
        "files": [
            {
                "name": file,
                "sha256": hash,
                "address": request.build_absolute_uri(
                    found.pinned_url(
                        "table", table=file.rpartition(".")[0], kind=file.rpartition(".")[2]
                    )
                ),
            }
            for file, hash in found.release.files.order_by("name").values_list("name", "hash")
        ],
        "archive": request.build_absolute_uri(
            found.pinned_url("table", table="release", kind="zip")
        ),
        "errata": [
            {"found": one.found, "text": {"ru": one.text_ru, "en": one.text_en}}
            for one in found.errata
        ],
    }


def _in_short(release: Release) -> dict[str, object]:
    methodology = release.manifest["methodology"]
    return {
        "name": release.name,
        "created": release.created,
        "manifest": release.hash,
        "methodology": f"{methodology['id']} {methodology['version']}",
        "errata": len(release.errata.all()),
    }
