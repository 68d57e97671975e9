"""Load a release into the site, whole or not at all."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl
from django.db import connection

from otdacha.errors import ReleaseProblem
from otdacha.language import text
from otdacha.progress import Progress, silent
from otdacha.release import Release as Published
from otdacha.release.held import held_release, whole_content
from otdacha.release.writing import hash_of
from otdacha.site.bank import models, search
from otdacha.site.bank.slugs import alphabetical, key, slugs
from otdacha.site.pieces import LONGEST_NAME
from otdacha.site.publishing import all_or_nothing, refuse_another

AT_ONCE = 500
"""Rows of one insertion: SQLite takes no more than some thousand values in one."""

OF_PROVIDERS = (
    "effects",
    "event_study",
    "second_opinion",
    "drift",
    "predicted",
    "weights",
    "excluded",
    "gates",
    "changes",
)
"""Tables of a release whose rows are about one provider, beside those with a model of their own."""


@dataclass(frozen=True)
class Loaded:
    """What a publication did. fresh: it changed something; otherwise the release was there."""

    bank: str
    release: str
    fresh: bool
    organisations: int
    programmes: int


def publish(path: Path, *, again: bool = False, progress: Progress = silent) -> Loaded:
    """Load the release in the folder `path`; the site shows it when all of it is there.

    A release that is there already is left as it is, or with `again` loaded anew (after an update
    of the site). Raises ReleaseProblem where its files are not as its manifest names them, or where
    another release of its name is published; WorkspaceProblem where the database cannot be written.
    """
    content = whole_content(path)
    release = held_release(content.__getitem__, path)
    with all_or_nothing():
        return _loaded(release, content, again, progress)


def _loaded(
    release: Published, content: Mapping[str, bytes], again: bool, progress: Progress
) -> Loaded:
    _refuse_unaddressable(release)
    step = text("Loading the release into the site")
    bank = _bank(release)
    there = bank.releases.filter(name=release.id).first()
    if there is not None:
        named = text(
            "Release {release} of the data bank {bank}", release=release.id, bank=bank.slug
        )
        refuse_another(named, there.hash, release.hash, ReleaseProblem)
        if not again:
            return _counted(there, fresh=False)
    said = _said(there)
    if there is not None:
        there.delete()
    progress(step, 0, 4)
    regions = _slugs(release, "region", "providers", "municipalities")
    topics = _slugs(release, "topic", "programmes")
    made = _release(bank, release, _facets(release, regions, topics))
    models.File.objects.bulk_create(
        models.File(release=made, name=name, hash=hash_of(file), content=file)
        for name, file in content.items()
    )
    progress(step, 1, 4)
    organisations = _organisations(made, release, regions)
    programmes = _programmes(made, release, organisations, topics)
    progress(step, 2, 4)
    _municipalities(made, release, regions)
    _comparisons(release, organisations)
    progress(step, 3, 4)
    search.index(made, organisations.values(), programmes)
    for one in said:
        one.release = made
        one.save(force_insert=True)
    models.Bank.objects.filter(pk=bank.pk).update(generation=bank.generation + 1)
    progress(step, 4, 4)
    return _counted(made, fresh=True)


def _refuse_unaddressable(release: Published) -> None:
    """Each organisation has a page, and each row is about one: otherwise nothing is loaded."""
    known = set(release.providers["provider"])
    for name in (*OF_PROVIDERS, "programmes", "comparisons"):
        others = set(release.tables[name]["provider"].drop_nulls()) - known
        if others:
            raise ReleaseProblem(
                text(
                    "Table {table} of release {release} has rows of {provider}, which is not among "
                    "its providers. No release that this program makes has such rows: fetch it "
                    "anew, or ask whoever made it.",
                    table=name,
                    release=release.id,
                    provider=min(others),
                )
            )
    long = [one for one in known if not 0 < len(one) <= LONGEST_NAME or "\0" in one]
    if long:
        raise ReleaseProblem(
            text(
                "Release {release} has a provider whose id has {count} characters or signs that "
                "no address can hold: “{provider}”. Ids have from 1 to {most} characters.",
                release=release.id,
                count=len(min(long)),
                provider=min(long)[:60],
                most=LONGEST_NAME,
            )
        )


def _counted(release: models.Release, *, fresh: bool) -> Loaded:
    return Loaded(
        bank=release.bank.slug,
        release=release.name,
        fresh=fresh,
        organisations=release.organisations.count(),
        programmes=release.programmes.count(),
    )


def _said(release: models.Release | None) -> list[models.Reply | models.Erratum]:
    """What people said about a release: it outlives its being loaded again."""
    if release is None:
        return []
    return [*release.replies.all(), *release.errata.all()]


def _bank(release: Published) -> models.Bank:
    """The release's data bank, locked until the transaction ends; made where there is none yet."""
    about = release.manifest["about"]
    note = about["note"] or {"ru": "", "en": ""}
    bank, _ = models.Bank.objects.update_or_create(
        slug=about["id"],
        defaults={
            "title_ru": about["title"]["ru"],
            "title_en": about["title"]["en"],
            "note_ru": note["ru"],
            "note_en": note["en"],
            "source": about["source"] or "",
            "licence": about["licence"] or "",
            "invented": bool(release.manifest["invented"]),
        },
    )
    if connection.features.has_select_for_update:
        return models.Bank.objects.select_for_update().get(pk=bank.pk)
    return bank


def _release(
    bank: models.Bank, release: Published, facets: dict[str, list[list[Any]]]
) -> models.Release:
    year, number = map(int, release.id.split("."))
    return models.Release.objects.create(
        bank=bank,
        name=release.id,
        year=year,
        number=number,
        hash=release.hash,
        created=dt.datetime.fromisoformat(release.manifest["created"]),
        manifest=release.manifest,
        facets=facets,
    )


def _slugs(release: Published, column: str, *tables: str) -> dict[str, str]:
    """The values of a column of these tables, each with its name in addresses."""
    found = (release.tables[name][column].drop_nulls().unique() for name in tables)
    return slugs({value for values in found for value in values})


def _organisations(
    made: models.Release, release: Published, regions: Mapping[str, str]
) -> dict[str, models.Organisation]:
    """The organisations by provider, in the release's order."""
    own = {name: _by_provider(release.tables[name]) for name in OF_PROVIDERS}
    cheapest = dict(
        release.tables["programmes"].group_by("provider").agg(pl.col("price").min()).rows()
    )
    rows = [
        models.Organisation(
            release=made,
            provider=row["provider"],
            position=position,
            name=row["name"] or row["provider"],
            alphabetical=alphabetical(row["name"] or row["provider"]),
            type=row["type"] or "",
            region=row["region"] or "",
            region_slug=regions.get(row["region"] or "", ""),
            state=row["state"],
            listed=bool(row["listed"]),
            trained=row["trained"],
            price=cheapest.get(row["provider"]),
            row=row,
            figures={name: rows.get(row["provider"], []) for name, rows in own.items()},
        )
        for position, row in enumerate(_rows(release.tables["providers"]), start=1)
    ]
    models.Organisation.objects.bulk_create(rows, batch_size=AT_ONCE)
    return {row.provider: row for row in rows}


def _programmes(
    made: models.Release,
    release: Published,
    organisations: Mapping[str, models.Organisation],
    topics: Mapping[str, str],
) -> list[models.Programme]:
    table = release.tables["programmes"]
    rows = [
        models.Programme(
            release=made,
            organisation=organisations[row["provider"]],
            key=key(row["provider"], row["programme"] or ""),
            name=row["name"] or row["programme"] or "",
            topic=row["topic"] or "",
            topic_slug=topics.get(row["topic"] or "", ""),
            form=row["form"] or "",
            hours=row["hours"],
            price=row["price"],
            row=row,
        )
        for row in _rows(table)
    ]
    models.Programme.objects.bulk_create(rows, batch_size=AT_ONCE)
    return rows


def _municipalities(made: models.Release, release: Published, regions: Mapping[str, str]) -> None:
    models.Municipality.objects.bulk_create(
        (
            models.Municipality(
                release=made,
                code=row["municipality"],
                name=row["name"] or row["municipality"],
                region=row["region"] or "",
                region_slug=regions.get(row["region"] or "", ""),
                row=row,
            )
            for row in _rows(release.tables["municipalities"])
        ),
        batch_size=AT_ONCE,
    )


def _comparisons(release: Published, organisations: Mapping[str, models.Organisation]) -> None:
    models.Comparisons.objects.bulk_create(
        (
            models.Comparisons(
                organisation=organisations[provider],
                rows={row["other"]: row for row in rows},
            )
            for provider, rows in _by_provider(release.tables["comparisons"]).items()
        ),
        batch_size=AT_ONCE,
    )


def _facets(
    release: Published, regions: Mapping[str, str], topics: Mapping[str, str]
) -> dict[str, list[list[Any]]]:
    """What organisations can be filtered by, with how many there are; most frequent first."""
    providers, programmes = release.tables["providers"], release.tables["programmes"]

    def counted(
        values: Iterable[str | None], named: Mapping[str, str] | None = None
    ) -> list[list[Any]]:
        counts = Counter(value for value in values if value)
        return [
            [value, named[value] if named else value, count]
            for value, count in sorted(counts.items(), key=lambda one: (-one[1], one[0]))
        ]

    def once(column: str) -> Iterable[str | None]:
        return programmes.select("provider", column).unique()[column]

    return {
        "topic": counted(once("topic"), topics),
        "region": counted(providers["region"], regions),
        "form": counted(once("form")),
        "type": counted(providers["type"]),
        "state": counted(providers["state"].cast(pl.String)),
    }


def _by_provider(table: pl.DataFrame) -> dict[str, list[dict[str, Any]]]:
    known = table.filter(pl.col("provider").is_not_null())
    return {
        str(provider): _rows(rows)
        for (provider,), rows in known.partition_by(
            "provider", as_dict=True, maintain_order=True
        ).items()
    }


def _rows(table: pl.DataFrame) -> list[dict[str, Any]]:
    """The rows as JSON keeps them: a state is its code."""
    return table.with_columns(pl.col(pl.Enum).cast(pl.String)).to_dicts()
