"""What a query string asks of the list of municipalities; what it asks in vain is said and ignored.

q: words of the name, or the code. region, gap, state: one value of those that there are. sort: a
column, with a minus before it from the largest. page: from 1.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import F, Q, QuerySet
from django.http import QueryDict

from otdacha.language import Text, text
from otdacha.pay.wages import YEAR_STATES
from otdacha.site.bank.listing.query import Chosen, address_of, cleaned, cut, searched
from otdacha.site.bank.slugs import alphabetical
from otdacha.site.wages.edition import WagesEdition
from otdacha.site.wages.models import Comparison, Town
from otdacha.site.wages.words import FROM, GAPS

LONGEST_SEARCH = 100
LABELS: Mapping[str, Text] = {
    "region": text("Region"),
    "gap": text("Administration earns"),
    "state": text("State"),
}
COLUMNS: Mapping[str, str] = {
    "name": "alphabetical",
    "all": "wage_all",
    "administration": "wage_o",
    "difference": "difference",
    "ratio": "ratio",
}
"""What the list can be ordered by: name in the address, field."""
FIRST = "ratio"
"""The order where none is asked for: those who earn least beside their neighbours come first."""


@dataclass(frozen=True)
class Asked:
    """What is asked for, checked; `problems` says what of the query string was not followed."""

    words: str
    chosen: tuple[Chosen, ...]
    sort: str
    problems: tuple[Text, ...]

    def value(self, name: str) -> str:
        return next((one.value for one in self.chosen if one.name == name), "")

    def address(self, **changed: Any) -> str:
        """The query string of the same list but for what is `changed` (None: taken away)."""
        named: dict[str, Any] = {
            "q": self.words or None,
            **{one.name: one.value for one in self.chosen},
            "sort": self.sort if self.sort != FIRST else None,
            **changed,
        }
        return address_of(named)

    def towns(self, comparison: Comparison) -> QuerySet[Town]:
        """The municipalities that are asked for, in order; what is not known comes last."""
        found = comparison.towns.all()
        for word in alphabetical(self.words).split() if self.words else ():
            found = found.filter(sought__contains=word)
        if region := self.value("region"):
            found = found.filter(region_slug=region)
        if state := self.value("state"):
            found = found.filter(state=state)
        if gap := self.value("gap"):
            found = found.filter(_within(gap))
        field = F(COLUMNS[self.sort.removeprefix("-")])
        down = self.sort.startswith("-")
        order = field.desc(nulls_last=True) if down else field.asc(nulls_last=True)
        return found.order_by(order, "alphabetical", "code")

    def heading(self, column: str) -> tuple[str, str]:
        """Where the head of a column leads, and how the list is ordered by it (or "")."""
        if self.sort == column:
            return self.address(sort=f"-{column}") or "?", "ascending"
        sorted_ = "descending" if self.sort == f"-{column}" else ""
        return self.address(sort=column if column != FIRST else None) or "?", sorted_


def asked(edition: WagesEdition, query: QueryDict) -> Asked:
    """Read a query string against what the list has."""
    chosen, problems = [], []
    for name, values in _values(edition).items():
        given = cleaned(query.get(name, ""))
        if given in values:
            chosen.append(Chosen(name, given, LABELS[name], values[given]))
        elif given:
            problems.append(
                text(
                    "{filter}: “{value}” is not in this comparison, so it was not filtered by.",
                    filter=LABELS[name],
                    value=cut(given),
                )
            )
    words = searched(query, LONGEST_SEARCH, problems)
    sort = cleaned(query.get("sort", "")) or FIRST
    if sort.removeprefix("-") not in COLUMNS or sort.startswith("--"):
        problems.append(text("There is no such order, so the usual one was taken."))
        sort = FIRST
    return Asked(words, tuple(chosen), sort, tuple(problems))


@dataclass(frozen=True)
class Choice:
    """One value that can be chosen, in words."""

    value: str
    said: str
    chosen: bool


def choices(edition: WagesEdition, wanted: Asked) -> Iterable[tuple[str, Text, list[Choice]]]:
    """The filters, each with its values."""
    return [
        (
            name,
            LABELS[name],
            [
                Choice(value, words.said(edition.language), wanted.value(name) == value)
                for value, words in values.items()
            ],
        )
        for name, values in _values(edition).items()
    ]


def _values(edition: WagesEdition) -> dict[str, dict[str, Text]]:
    states = edition.figures["states"]
    return {
        "region": {
            slug: text("{name} ({count})", name=name, count=count)
            for slug, name, count in edition.comparison.regions
        },
        "gap": dict(GAPS),
        "state": {state: words for state, words in YEAR_STATES.items() if states[state]},
    }


def _within(gap: str) -> Q:
    match gap:
        case "much-less":
            return Q(ratio__lte=FROM["less"])
        case "less":
            return Q(ratio__gt=FROM["less"], ratio__lt=FROM["more"])
        case "more":
            return Q(ratio__gte=FROM["more"], ratio__lt=FROM["much-more"])
        case "much-more":
            return Q(ratio__gte=FROM["much-more"])
    return Q(ratio=None)
