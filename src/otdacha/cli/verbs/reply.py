"""`otdacha reply`: show what an organisation says about its figures."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from otdacha.cli.days import day
from otdacha.cli.faults import Usage
from otdacha.cli.tables import table
from otdacha.cli.verb import Answer, Verb, argument, option
from otdacha.cli.voice import Voice
from otdacha.errors import FileProblem
from otdacha.language import text

if TYPE_CHECKING:
    from otdacha.site.bank.models import Reply


def reply(
    voice: Voice,
    workspace: Annotated[Path, argument(text("Folder of the workspace."), text("WORKSPACE"))],
    provider: Annotated[
        str | None,
        argument(text("Number of the organisation, as its page names it."), text("PROVIDER")),
    ] = None,
    file: Annotated[
        Path | None, argument(text("Text file (UTF-8) with the reply."), text("FILE"))
    ] = None,
    release: Annotated[
        str | None,
        option("--release", text("Release that the reply is about, e.g. 2026.1."), text("RELEASE")),
    ] = None,
    date: Annotated[
        str | None,
        option("--date", text("Day on which it came (otherwise today)."), text("YEAR-MONTH-DAY")),
    ] = None,
    bank: Annotated[
        str | None,
        option("--bank", text("Data bank of the release (otherwise the first)."), text("BANK")),
    ] = None,
    remove: Annotated[
        int | None,
        option("--remove", text("Take the reply of this number off the site."), text("NUMBER")),
    ] = None,
) -> Answer:
    from otdacha.records import open_workspace
    from otdacha.site.starting import start

    received = day("--date", date)
    start(open_workspace(workspace))
    from otdacha.site.bank import said

    if remove is not None:
        return _removed(said.remove_reply(remove), remove)
    if provider is None:
        return _all(voice, said.replies())
    if file is None or release is None:
        raise Usage(text("A reply needs PROVIDER, FILE and --release. See: otdacha reply --help"))
    made = said.add_reply(release, provider, _words(file), received, bank=bank)
    return Answer(
        {"reply": _document(made, made.pk)},
        [
            text(
                "The reply of {provider} to release {release} is on the site, number {number}.",
                provider=provider,
                release=release,
                number=made.pk,
            )
        ],
    )


def _words(file: Path) -> str:
    try:
        return file.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as fault:
        raise FileProblem(
            text("{file} cannot be read as a text in UTF-8: {fault}.", file=file, fault=fault)
        ) from fault


def _removed(gone: Reply, number: int) -> Answer:
    return Answer(
        {"removed": _document(gone, number)},
        [
            text(
                "The reply {number} of {provider} is off the site.",
                number=number,
                provider=gone.provider,
            )
        ],
    )


def _all(voice: Voice, replies: list[Reply]) -> Answer:
    document = {"replies": [_document(one, one.pk) for one in replies]}
    if not replies:
        return Answer(document, [text("No organisation has replied yet.")])
    headings = {
        "number": text("Number"),
        "release": text("Release"),
        "provider": text("Organisation"),
        "date": text("Day"),
        "text": text("Text"),
    }
    rows = [
        (one.pk, one.release.name, one.provider, one.received.isoformat(), one.text[:200])
        for one in replies
    ]
    return Answer(document, [table(voice, headings, rows, numbers=["number"])])


def _document(one: Reply, number: int) -> dict[str, Any]:
    return {
        "number": number,
        "bank": one.release.bank.slug,
        "release": one.release.name,
        "provider": one.provider,
        "date": dt.date.isoformat(one.received),
        "text": one.text,
    }


REPLY = Verb(
    "reply",
    reply,
    text(
        "Show what an organisation says about its figures on its page of the site.\n"
        "Without PROVIDER the replies that are there are listed with their numbers."
    ),
    "otdacha reply union 6901000000 reply.txt --release 2026.1 --date 2026-11-20\n"
    "otdacha reply union\n"
    "otdacha reply union --remove 3",
)
