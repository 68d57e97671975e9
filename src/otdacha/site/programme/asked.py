"""What a query string asks of a list of a plan; what it asks in vain is said and ignored.

Each filter has one value of those that the list has. page: from 1.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.http import QueryDict

from otdacha.language import Text, text
from otdacha.site.bank.listing.query import Chosen, address_of, cleaned, cut
from otdacha.site.programme.edition import PlanEdition
from otdacha.site.programme.models import Line, Plan
from otdacha.site.programme.words import SOURCES
from otdacha.site.programme.words import said as in_words

Facets = Mapping[str, Sequence[Sequence[Any]]]
"""Filter → its values in this list, each as (value, words, how many rows)."""
FILTERS: Mapping[str, Text] = {
    "municipality": text("Municipality"),
    "year": text("Year"),
    "source": text("Paid from"),
    "topic": text("Topic"),
    "provider": text("Organisation"),
}
"""Of the lines of a plan, whose facets `Plan` keeps."""


@dataclass(frozen=True)
class Asked:
    """What is asked for, checked; `problems` says what of the query string was not followed."""

    chosen: tuple[Chosen, ...]
    problems: tuple[Text, ...]

    def value(self, name: str) -> str:
        return next((one.value for one in self.chosen if one.name == name), "")

    def address(self, **changed: Any) -> str:
        """The query string of the same list but for what is `changed` (None: taken away)."""
        named = {**{one.name: one.value for one in self.chosen}, **changed}
        return address_of(named)

    def lines(self, plan: Plan) -> QuerySet[Line]:
        """The lines that are asked for, in the plan's order."""
        found = plan.lines.all()
        for one in self.chosen:
            if one.name == "source":
                found = found.filter(**{f"{one.value}__gt": 0})
            else:
                found = found.filter(**{one.name: one.value})
        return found


def asked(facets: Facets, filters: Mapping[str, Text], query: QueryDict) -> Asked:
    """Read a query string against what the list has."""
    chosen, problems = [], []
    for name, label in filters.items():
        given = cleaned(query.get(name, ""))
        if not given:
            continue
        known = {value: words for value, words, _ in facets[name]}
        if given in known:
            chosen.append(Chosen(name, given, label, value_said(name, known[given])))
        else:
            problems.append(
                text(
                    "{filter}: “{value}” is not in this plan, so it was not filtered by.",
                    filter=label,
                    value=cut(given),
                )
            )
    return Asked(tuple(chosen), tuple(problems))


@dataclass(frozen=True)
class Choice:
    """One value that can be chosen, in words with its number of rows."""

    value: str
    said: str
    chosen: bool


def choices(
    edition: PlanEdition, facets: Facets, filters: Mapping[str, Text], wanted: Asked
) -> list[tuple[str, Text, list[Choice]]]:
    """The filters in which there is something to choose."""
    return [
        (
            name,
            label,
            [
                Choice(
                    value,
                    f"{value_said(name, words).said(edition.language)} "
                    f"({edition.numbers.whole(count)})",
                    wanted.value(name) == value,
                )
                for value, words, count in facets[name]
            ],
        )
        for name, label in filters.items()
        if facets[name]
    ]


def value_said(name: str, words: str) -> Text:
    """A value of a filter as people read it."""
    return in_words(SOURCES, words) if name == "source" else text("{value}", value=words)
