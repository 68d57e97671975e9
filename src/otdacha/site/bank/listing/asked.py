"""What a query string asks of the list of organisations; what it asks in vain is said and ignored.

q: words. topic, region, form, type, state: one value each of the release's facets. price: at most,
in roubles. listed: 1. sort: effect, name, price, trained or relevance, the other way round with a
minus before it. page: from 1.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict

from otdacha.documents.numbers import NO_BREAK
from otdacha.language import Text, text
from otdacha.release.states import WORDS, State
from otdacha.site.bank.listing.query import Chosen, address_of, cleaned, cut, searched

FILTERS: Mapping[str, Text] = {
    "topic": text("Topic"),
    "region": text("Region"),
    "form": text("Form of training"),
    "type": text("Type of organisation"),
    "state": text("Evidence"),
}
"""What is chosen among the facets of a release."""

RELEVANCE = "relevance"
SORTS: Mapping[str, tuple[Text, Text]] = {
    RELEVANCE: (text("what fits the search best first"), text("what fits the search least first")),
    "effect": (text("greatest effect first"), text("smallest effect first")),
    "name": (text("by name, from the first letter"), text("by name, from the last letter")),
    "price": (text("cheapest programme first"), text("dearest first")),
    "trained": (text("most people trained first"), text("fewest people trained first")),
}
"""Each order with its opposite. What has no figure to be ordered by stands last in both."""

LONGEST_SEARCH = 200
DEAREST = 1e9


@dataclass(frozen=True)
class Asked:
    """What is asked for, checked; `problems` says what of the query string was not followed."""

    words: str
    chosen: tuple[Chosen, ...]
    price: float | None
    listed: bool
    sort: str
    backwards: bool
    page: int
    problems: tuple[Text, ...]

    def value(self, name: str) -> str:
        """What is chosen of the filter `name`; empty where nothing is."""
        return next((one.value for one in self.chosen if one.name == name), "")

    def words_of(self, name: str) -> Text | None:
        """The same in words."""
        return next((one.said for one in self.chosen if one.name == name), None)

    @property
    def usual_sort(self) -> str:
        return RELEVANCE if self.words else "effect"

    def address(self, **changed: Any) -> str:
        """The query string of the same list but for what is `changed` (None: taken away).

        The page is the first again unless it is given. Empty, or beginning with a question mark.
        """
        sort = f"-{self.sort}" if self.backwards else self.sort
        named: dict[str, Any] = {
            "q": self.words or None,
            **{one.name: one.value for one in self.chosen},
            "sort": None if sort == self.usual_sort else sort,
            **changed,
        }
        if "q" in changed and not changed["q"] and self.sort == RELEVANCE:
            named["sort"] = changed.get("sort")
        return address_of(named)


def asked(facets: Mapping[str, Sequence[Sequence[Any]]], query: QueryDict) -> Asked:
    """Read a query string. facets: filter → its values as [value, slug, count]."""
    problems: list[Text] = []
    words = searched(query, LONGEST_SEARCH, problems)
    chosen = [
        found
        for name in FILTERS
        if (found := _facet(name, facets.get(name, ()), query, problems)) is not None
    ]
    price = _price(query, problems)
    if price is not None:
        plain = f"{price:.2f}".removesuffix(".00")
        said = text(
            "up to {price}",
            price=f"{price:,.2f}".removesuffix(".00").replace(",", NO_BREAK) + f"{NO_BREAK}₽",
        )
        chosen.append(Chosen("price", plain, text("Price of a programme"), said))
    listed = _listed(query, problems)
    if listed:
        said = text("only the most effective")
        chosen.append(Chosen("listed", "1", text("The list"), said))
    sort, backwards = _sort(query, words, problems)
    return Asked(
        words=words,
        chosen=tuple(chosen),
        price=price,
        listed=listed,
        sort=sort,
        backwards=backwards,
        page=_page(query, problems),
        problems=tuple(problems),
    )


def _facet(
    name: str, values: Sequence[Sequence[Any]], query: QueryDict, problems: list[Text]
) -> Chosen | None:
    given = _one(name, query, problems)
    if not given:
        return None
    value = next((value for value, slug, _ in values if slug == given), None)
    if value is None:
        problems.append(
            text(
                "{filter}: “{value}” is not in this release, so it was not filtered by.",
                filter=FILTERS[name],
                value=cut(given),
            )
        )
        return None
    return Chosen(name, given, FILTERS[name], in_words(name, value))


def in_words(name: str, value: str) -> Text:
    """A value of a facet as people read it."""
    return WORDS[State(value)] if name == "state" else text("{value}", value=value)


def _price(query: QueryDict, problems: list[Text]) -> float | None:
    given = _one("price", query, problems)
    if not given:
        return None
    plain = re.sub(r"[\s₽]|руб\.?", "", given).replace(",", ".")
    if re.fullmatch(r"[0-9]{1,12}(\.[0-9]{1,2})?", plain) and 0 < float(plain) <= DEAREST:
        return float(plain)
    problems.append(
        text(
            "The price “{value}” is not an amount in roubles like 15000, so it was not filtered "
            "by.",
            value=cut(given),
        )
    )
    return None


def _listed(query: QueryDict, problems: list[Text]) -> bool:
    given = _one("listed", query, problems)
    if given not in ("", "1"):
        problems.append(
            text("“{value}” is neither yes nor no: all are shown, listed or not.", value=cut(given))
        )
    return given == "1"


def _sort(query: QueryDict, words: str, problems: list[Text]) -> tuple[str, bool]:
    usual = RELEVANCE if words else "effect"
    given = _one("sort", query, problems)
    sort = given.removeprefix("-")
    if not given:
        return usual, False
    if sort not in SORTS or (sort == RELEVANCE and not words):
        problems.append(
            text(
                "There is no order “{value}”: the usual one is shown, {order}.",
                value=cut(given),
                order=SORTS[usual][0],
            )
        )
        return usual, False
    return sort, given.startswith("-")


def _page(query: QueryDict, problems: list[Text]) -> int:
    given = _one("page", query, problems)
    if not given:
        return 1
    if re.fullmatch(r"[0-9]{1,7}", given) and int(given) > 0:
        return int(given)
    problems.append(text("There is no page “{value}”: the first one is shown.", value=cut(given)))
    return 1


def _one(name: str, query: QueryDict, problems: list[Text]) -> str:
    """The value of a parameter that is given once; the last where it is given more often."""
    given = [value for each in query.getlist(name) if (value := cleaned(each))]
    if len(set(given)) > 1:
        problems.append(
            text("“{name}” is given more than once in the address; the last is taken.", name=name)
        )
    return given[-1] if given else ""
