"""`otdacha profile`: how a source calls its columns: suggest it, list what ships, show one."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from otdacha.cli.faults import Usage
from otdacha.cli.tables import figure, table
from otdacha.cli.verb import Answer, Verb, argument, option
from otdacha.cli.voice import Voice
from otdacha.language import Text, text

if TYPE_CHECKING:
    from otdacha.records import Profile, Suggestion
    from otdacha.records.suggest import Guess

SUGGEST, LIST, SHOW = "suggest", "list", "show"
_DOUBTS = 2
_SHAPES = 2


def profile(
    voice: Voice,
    what: Annotated[
        str,
        argument(
            text(
                "suggest: look at a file and guess its profile; list: profiles that ship; show: "
                "print one."
            ),
            text("suggest|list|show"),
        ),
    ],
    name: Annotated[
        str | None,
        argument(text("suggest: the file. show: a TOML file, or a name that ships."), text("FILE")),
    ] = None,
    table_name: Annotated[
        str | None,
        option("--table", text("suggest: the table, where you know it."), text("TABLE")),
    ] = None,
    save: Annotated[
        Path | None,
        option("--save", text("suggest: save the profile to this file."), "FILE.toml"),
    ] = None,
) -> Answer:
    match what:
        case "suggest":
            return _suggested(voice, _named(name, what), table_name, save)
        case "list":
            return _listed(voice)
        case "show":
            return _shown(voice, _named(name, what))
    raise Usage(
        text(
            "otdacha profile {what}: write suggest, list or show.",
            what=what,
        )
    )


def _named(name: str | None, what: str) -> str:
    if name is None:
        raise Usage(text("otdacha profile {what} needs a FILE.", what=what))
    return name


def _suggested(voice: Voice, file: str, table_name: str | None, save: Path | None) -> Answer:
    from otdacha.records import save_profile, suggest

    found = suggest(Path(file), table=table_name)
    if save is not None:
        save_profile(found, save, source=file, language=voice.language)
    return Answer(_document(voice, found), _as_people_read_it(voice, found, save))


def _document(voice: Voice, found: Suggestion) -> dict[str, Any]:
    return {
        "table": found.table,
        "sure_of_table": found.sure_of_table,
        "tables": {name: round(score, 3) for name, score in found.tables.items()},
        "missing": list(found.missing),
        "dates": list(found.dates),
        "columns": [
            {
                "header": guess.header,
                "column": guess.column,
                "sure": guess.sure,
                "doubts": [voice.say(doubt) for doubt in guess.doubts],
                "candidates": [
                    {"column": one.column, "score": one.score, "why": voice.say(one.why)}
                    for one in guess.candidates
                ],
                "shapes": list(guess.shapes),
            }
            for guess in found.guesses
        ],
    }


def _as_people_read_it(voice: Voice, found: Suggestion, save: Path | None) -> list[Any]:
    tables = ", ".join(
        f"{name} {figure(score, voice.language, 2)}"
        for name, score in list(found.tables.items())[:3]
    )
    shown: list[Any] = [
        text("This looks like the table {table}.", table=found.table)
        if found.sure_of_table
        else text("Which table this is is not sure: {tables}. Say it with --table.", tables=tables)
    ]
    headings = {
        "header": text("Column of the file"),
        "column": text("Fills"),
        "sure": text("Sure"),
        "score": text("Score"),
        "why": text("Why"),
        "cells": text("Cells look like"),
    }
    order = sorted(found.guesses, key=lambda guess: (guess.column is None, not guess.sure))
    rows = [_row(voice, guess) for guess in order]
    shown.append(table(voice, headings, rows, numbers=["score"]))
    if found.missing:
        shown.append(
            text(
                "Needed, and nothing surely fills it: {columns}.", columns=", ".join(found.missing)
            )
        )
    if save is not None:
        shown.append(
            text(
                "Saved to {file}. What is not sure stands there behind a # sign. Decide, then "
                "otdacha add DIR {table} FILE --profile {file}",
                file=save,
                table=found.table,
            )
        )
    return shown


def _row(voice: Voice, guess: Guess) -> tuple[Any, ...]:
    cells = "  ".join(guess.shapes[:_SHAPES])
    if guess.column is None:
        return (guess.header, None, None, None, text("not read"), cells)
    best, *others = guess.candidates
    said = [voice.say(best.why), *(voice.say(doubt) for doubt in guess.doubts[:_DOUBTS])]
    if not guess.sure and others:
        instead = ", ".join(
            f"{one.column} {figure(one.score, voice.language, 2)}" for one in others[:_DOUBTS]
        )
        said.append(voice.say(text("or: {columns}", columns=instead)))
    why = "\n".join(said)
    return (
        guess.header,
        guess.column,
        guess.sure,
        figure(best.score, voice.language, 2),
        why,
        cells,
    )


def _listed(voice: Voice) -> Answer:
    from otdacha.records import load_profile, shipped_profiles

    known = [load_profile(name) for name in shipped_profiles()]
    document = {
        "profiles": [{"name": one.name, "table": one.table, "about": one.about} for one in known]
    }
    headings = {"name": text("Profile"), "table": text("Table"), "about": text("What it reads")}
    rows = [(one.name, one.table, one.about) for one in known]
    return Answer(document, [table(voice, headings, rows)])


def _shown(voice: Voice, name: str) -> Answer:
    from otdacha.records import load_profile

    known = load_profile(name)
    headings = {"column": text("Column"), "headers": text("Headers that fill it")}
    shown: list[Text | Any] = [
        text("{name} → {table}. {about}", name=known.name, table=known.table, about=known.about),
        table(voice, headings, _columns_of(known)),
    ]
    return Answer(known.model_dump(mode="json"), shown)


def _columns_of(known: Profile) -> list[tuple[str, Any]]:
    """Each input with what fills it: headers, joined headers, a constant."""
    rows: list[tuple[str, Any]] = [
        (name, ", ".join(headers)) for name, headers in known.columns.items()
    ]
    rows += [(name, " + ".join(headers)) for name, headers in known.joined.items()]
    rows += [(name, f"= {value}") for name, value in known.constants.items()]
    return rows


PROFILE = Verb(
    "profile",
    profile,
    text(
        "Say how a source calls its columns.\n"
        "Looks at a file and guesses which column fills what, by name and by what the cells look "
        "like, never by position. What is unsure is shown, and left to you. No cell is printed, "
        "only its shape."
    ),
    "otdacha profile suggest list.xlsx --save list.toml\n"
    "otdacha profile list\n"
    "otdacha profile show frdo-dpo",
)
