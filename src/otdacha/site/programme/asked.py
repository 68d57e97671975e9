"""What a query string asks of the lines of a plan; what it asks in vain is said and ignored.

municipality, year, source, topic, provider: one value each of the plan's facets. page: from 1.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.http import QueryDict

from otdacha.language import Text, text
from otdacha.site.bank.listing.asked import cleaned
from otdacha.site.programme.models import Line, Plan
from otdacha.site.programme.words import SOURCES
from otdacha.site.programme.words import said as in_words

FILTERS: Mapping[str, Text] = {
    "municipality": text("Municipality"),
    "year": text("Year"),
    "source": text("Paid from"),
    "topic": text("Topic"),
    "provider": text("Organisation"),
}
_SHOWN = 60


@dataclass(frozen=True)
class Chosen:
    """One thing that narrows the lines: its name in the query string, its value, and in words."""

    name: str
    value: str
    label: Text
    said: Text


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
        query = QueryDict(mutable=True)
        query.update({name: str(value) for name, value in named.items() if value is not None})
        return f"?{query.urlencode()}" if query else ""

    def lines(self, plan: Plan) -> QuerySet[Line]:
        """The lines that are asked for, in the plan's order."""
        found = plan.lines.all()
        for one in self.chosen:
            if one.name == "source":
                found = found.filter(**{f"{one.value}__gt": 0})
            else:
                found = found.filter(**{one.name: one.value})
        return found


def asked(plan: Plan, query: QueryDict) -> Asked:
    """Read a query string against what the plan's lines have."""
    chosen, problems = [], []
    for name, label in FILTERS.items():
        given = cleaned(query.get(name, ""))
        if not given:
            continue
        known = {value: words for value, words, _ in plan.facets[name]}
        if given in known:
            chosen.append(Chosen(name, given, label, value_said(name, known[given])))
        else:
            problems.append(
                text(
                    "{filter}: “{value}” is not in this plan, so it was not filtered by.",
                    filter=label,
                    value=given if len(given) <= _SHOWN else given[:_SHOWN] + "…",
                )
            )
    return Asked(tuple(chosen), tuple(problems))


def value_said(name: str, words: str) -> Text:
    """A value of a filter as people read it."""
    return in_words(SOURCES, words) if name == "source" else text("{value}", value=words)
