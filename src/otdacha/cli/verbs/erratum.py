"""`otdacha erratum`: say on the site what turned out to be wrong with a release."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from otdacha.cli.days import day
from otdacha.cli.faults import Usage
from otdacha.cli.tables import table
from otdacha.cli.verb import Answer, Verb, argument, option
from otdacha.cli.voice import Voice
from otdacha.language import text

if TYPE_CHECKING:
    from otdacha.site.bank.models import Erratum


def erratum(
    voice: Voice,
    workspace: Annotated[Path, argument(text("Folder of the workspace."), text("WORKSPACE"))],
    release: Annotated[
        str | None,
        option("--release", text("Release that is wrong, e.g. 2026.1."), text("RELEASE")),
    ] = None,
    ru: Annotated[
        str | None, option("--ru", text("What is wrong, in Russian."), text("TEXT"))
    ] = None,
    en: Annotated[
        str | None, option("--en", text("What is wrong, in English."), text("TEXT"))
    ] = None,
    date: Annotated[
        str | None,
        option(
            "--date", text("Day on which it was found (otherwise today)."), text("YEAR-MONTH-DAY")
        ),
    ] = None,
    bank: Annotated[
        str | None,
        option("--bank", text("Data bank of the release (otherwise the first)."), text("BANK")),
    ] = None,
    remove: Annotated[
        int | None,
        option("--remove", text("Take the erratum of this number off the site."), text("NUMBER")),
    ] = None,
) -> Answer:
    from otdacha.records import open_workspace
    from otdacha.site.starting import start

    found_on = day("--date", date)
    start(open_workspace(workspace))
    from otdacha.site.bank import said

    if remove is not None:
        gone = said.remove_erratum(remove)
        return Answer(
            {"removed": _document(gone, remove)},
            [text("The erratum {number} is off the site.", number=remove)],
        )
    if release is None and ru is None and en is None:
        return _all(voice, said.errata())
    if release is None or ru is None or en is None:
        raise Usage(text("An erratum needs --release, --ru and --en. See: otdacha erratum --help"))
    made = said.add_erratum(release, ru, en, found_on, bank=bank)
    return Answer(
        {"erratum": _document(made, made.pk)},
        [
            text(
                "The erratum {number} stands on every page of release {release}.",
                number=made.pk,
                release=release,
            )
        ],
    )


def _all(voice: Voice, errata: list[Erratum]) -> Answer:
    document = {"errata": [_document(one, one.pk) for one in errata]}
    if not errata:
        return Answer(document, [text("No release has an erratum.")])
    headings = {
        "number": text("Number"),
        "release": text("Release"),
        "date": text("Day"),
        "text": text("Text"),
    }
    rows = [
        (
            one.pk,
            one.release.name,
            one.found.isoformat(),
            one.text_ru if voice.language == "ru" else one.text_en,
        )
        for one in errata
    ]
    return Answer(document, [table(voice, headings, rows, numbers=["number"])])


def _document(one: Erratum, number: int) -> dict[str, Any]:
    return {
        "number": number,
        "bank": one.release.bank.slug,
        "release": one.release.name,
        "date": dt.date.isoformat(one.found),
        "ru": one.text_ru,
        "en": one.text_en,
    }


ERRATUM = Verb(
    "erratum",
    erratum,
    text(
        "Say on every page of a release what turned out to be wrong with it.\n"
        "The release itself is never changed. Without arguments the errata that are there are "
        "listed with their numbers."
    ),
    'otdacha erratum union --release 2026.1 --ru "..." --en "..."\n'
    "otdacha erratum union\n"
    "otdacha erratum union --remove 2",
)
