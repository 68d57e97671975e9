"""A suggestion as a profile in TOML: what is sure is set, what is unsure is left for the user."""

from __future__ import annotations

import json
from pathlib import Path

from otdacha.errors import FileProblem
from otdacha.language import Language, text
from otdacha.records.landing import land
from otdacha.records.personal import unless_personal
from otdacha.records.suggest import Guess, Suggestion

_MOST_DOUBTS = 3


def save_profile(
    suggestion: Suggestion, path: Path, *, source: Path | str = "", language: Language = "ru"
) -> None:
    """Write a suggestion to `path` as a profile that `load_profile` reads.

    Unsure columns are commented out, with what speaks for and against each: the user takes away the
    `#` of those that are right. source: the file that was looked at, for the first line.
    Raises FileProblem where the file is there already.
    """
    path = Path(path)
    if path.exists():
        raise FileProblem(
            text(
                "{file} is there already, and may be corrected by hand: choose another.", file=path
            )
        )
    name = unless_personal(Path(source).name) if source else ""
    land(path, profile_text(suggestion, name, language).encode("utf-8"))


def profile_text(suggestion: Suggestion, source: str = "", language: Language = "ru") -> str:
    """The profile as TOML, comments in `language`."""

    head = text(
        "Suggested by otdacha profile suggest out of {file}. Lines that begin with # are not sure: "
        "take the # away where the line is right, and delete the others.",
        file=source or "-",
    )
    lines = ["# " + head.said(language)]
    if not suggestion.sure_of_table:
        best = ", ".join(
            f"{name} {score:.2f}" for name, score in list(suggestion.tables.items())[:3]
        )
        unsure = text("The table is not sure. What fits best: {tables}.", tables=best)
        lines.append("# " + unsure.said(language))
    lines += [
        f"table = {_quoted(suggestion.table)}",
        f"about = {_quoted(source or suggestion.table)}",
    ]
    if len(suggestion.dates) == 1:
        lines.append(f"dates = [{_quoted(suggestion.dates[0])}]")
    lines += ["", "[columns]"]
    for guess in suggestion.guesses:
        lines += _lines(guess, language)
    if suggestion.missing:
        lost = text(
            "Needed, and nothing surely fills it: {columns}. Name the column above, or give it "
            "with --set where it is the same in every row.",
            columns=", ".join(suggestion.missing),
        )
        lines += ["", "# " + lost.said(language)]
    return "\n".join(lines) + "\n"


def _lines(guess: Guess, language: Language) -> list[str]:
    """A sure column as it is set; an unsure one commented out, with its reasons."""
    if guess.column is None:
        return []
    line = f"{guess.column} = {_quoted(guess.header)}"
    why = guess.candidates[0].why.said(language)
    if guess.sure:
        return [f"{line}   # {guess.score:.2f}: {why}"]
    doubts = "; ".join(doubt.said(language) for doubt in guess.doubts[:_MOST_DOUBTS])
    others = [
        f"# {candidate.column} = {_quoted(guess.header)}   # {candidate.score:.2f}: "
        f"{candidate.why.said(language)}"
        for candidate in guess.candidates[1:3]
    ]
    return [f"# {line}   # {guess.score:.2f}: {why}; {doubts}", *others]


def _quoted(value: str) -> str:
    """A TOML basic string: JSON's escapes are TOML's, and DEL has to be escaped too."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
