"""The measures of a scenario in the reader's words, in the order in which they take effect."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from otdacha.documents.figures import Figure
from otdacha.language import Text, text
from otdacha.release.states import State
from otdacha.site.pay.edition import ScenarioEdition
from otdacha.site.pay.words import SOURCES


@dataclass(frozen=True)
class Measure:
    """One measure. sources: each with its part of the cost. in_short: its cost for a sentence.

    release: its name, where the measure goes by what training showed; release_href: where that is
    told, if it is on this site.
    """

    number: int
    name: str
    who: str
    when: Text
    amount: str
    sources: tuple[tuple[Text, str], ...]
    people: Figure
    cost: Figure
    in_short: Figure
    release: str
    release_href: str


def measures_of(edition: ScenarioEdition) -> list[Measure]:
    """The measures of the scenario."""
    language = edition.language
    return [
        Measure(
            number=row["number"],
            name=row[f"name_{language}"],
            who=row[f"who_{language}"],
            when=_when(edition, row["valid_from"], row["valid_to"]),
            amount=row[f"amount_{language}"],
            sources=tuple(
                (words, edition.said.percent(row[code]))
                for code, words in SOURCES.items()
                if row[code]
            ),
            people=edition.said.people(row["people"]),
            cost=edition.said.money(row["cost"], State.SUPPRESSED),
            in_short=edition.said.suppressed
            if row["cost"] is None
            else Figure(edition.said.short(row["cost"])),
            release=row["release"] or "",
            release_href=_release_href(edition, row["release"]),
        )
        for row in edition.table("measures").sort("number").iter_rows(named=True)
    ]


def _when(edition: ScenarioEdition, first: dt.date | None, last: dt.date | None) -> Text:
    """From which day to which; a side that is open is left out."""
    day = edition.numbers.day
    if first and last:
        return text("{first} – {last}", first=day(first), last=day(last))
    if first:
        return text("from {day} on", day=day(first))
    return text("until {day}", day=day(last)) if last else text("in all years")


def _release_href(edition: ScenarioEdition, release: str | None) -> str:
    """The list of the most effective organisations, in the release that the measure goes by."""
    shown = edition.release
    return shown.url("home") if shown and shown.release.name == release else ""
