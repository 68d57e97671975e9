"""What changed since the release before, in the reader's words: who came, who went, and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from otdacha.documents.figures import Measure
from otdacha.documents.numbers import Numbers
from otdacha.language import Text, text
from otdacha.release import Release
from otdacha.release.diff import Cause, Change, cause_in_words, in_words
from otdacha.release.states import WORDS, State


@dataclass(frozen=True)
class Moved:
    """One organisation as a row of a table: what became of it, and what moved it.

    before, after: its effect, or the state in its place. beyond: by how much its estimate moved,
    and how much noise alone explains; empty where the cause rests on no comparison of estimates.
    still_there: the release has it, so it has a page.
    """

    provider: str
    name: str
    change: str
    code: str
    before: str
    after: str
    beyond: str
    cause: str
    still_there: bool


@dataclass(frozen=True)
class Counted:
    """How many organisations something became of, and what moved them."""

    change: str
    organisations: int
    causes: tuple[tuple[str, int], ...]


def moved(release: Release, measure: Measure, numbers: Numbers) -> list[Moved]:
    """Everybody who is not as in the release before, the list first."""
    rows = release.tables["changes"].filter(pl.col("change") != Change.SAME)
    there = set(release.providers["provider"])
    return [
        _moved(row, row["provider"] in there, measure, numbers)
        for row in rows.iter_rows(named=True)
    ]


def counted(table: pl.DataFrame, numbers: Numbers) -> list[Counted]:
    """How many of the table `changes` something became of, in the order in which it is told."""
    language = numbers.language
    found = []
    for (change,), rows in table.group_by("change", maintain_order=True):
        causes = rows.drop_nulls("cause").group_by("cause", "state").len()
        said: dict[str, int] = {}
        for cause, state, count in causes.sort("cause", "state").iter_rows():
            words = cause_in_words(cause, state).said(language)
            said[words] = said.get(words, 0) + count
        found.append(
            Counted(in_words(str(change)).said(language), rows.height, tuple(said.items()))
        )
    return found


def of_the_list(table: pl.DataFrame, change: Change) -> list[str]:
    """The names of those whom `change` became of, in the order of the table."""
    rows = table.filter(pl.col("change") == change)
    return [row["name"] or row["provider"] for row in rows.iter_rows(named=True)]


MEANINGS: Mapping[Cause, Text] = {
    Cause.METHOD: text("The methodology or the design is another one, so nothing can be compared."),
    Cause.PROGRAM: text("Records and rules are the same; the program computes otherwise."),
    Cause.DATA: text("There are new records, and its estimate moved by more than luck explains."),
    Cause.NOISE: text("There are new records, and its estimate moved no more than luck explains."),
    Cause.OTHERS: text(
        "Its own estimate is the same; it was drawn elsewhere or passed because others moved."
    ),
    Cause.UNCLEAR: text("How much luck explains cannot be told, so the cause cannot be either."),
}
"""What each cause means, in one sentence."""


def _moved(row: Mapping[str, Any], there: bool, measure: Measure, numbers: Numbers) -> Moved:
    language = numbers.language
    return Moved(
        provider=row["provider"],
        name=row["name"] or row["provider"],
        change=in_words(row["change"]).said(language),
        code=row["change"],
        before=_effect(row, "before", measure, numbers),
        after=_effect(row, "after", measure, numbers),
        beyond=_beyond(row, measure, numbers),
        cause=cause_in_words(row["cause"], row["state"]).said(language) if row["cause"] else "",
        still_there=there,
    )


def _effect(row: Mapping[str, Any], when: str, measure: Measure, numbers: Numbers) -> str:
    effect = row[f"effect_{when}"]
    if effect is not None:
        return numbers.signed(measure.shown(effect), measure.digits)
    state = State(row[f"state_{when}"])
    # effects are told only where both releases publish them
    return WORDS[state].said(numbers.language)


def _beyond(row: Mapping[str, Any], measure: Measure, numbers: Numbers) -> str:
    if row["difference"] is None or row["margin"] is None:
        return ""
    return text(
        "by {difference}, noise explains ±{margin}",
        difference=numbers.signed(measure.shown(row["difference"]), measure.digits),
        margin=numbers.decimal(row["margin"] * measure.factor, measure.digits),
    ).said(numbers.language)
