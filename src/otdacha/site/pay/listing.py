"""The list of municipalities: what a query string asks of it, and the rows in that order.

q: a part of the name. region: one of those that are there. sort: name, pay, wage, gap, avoided,
cost, the other way round with a minus before it. page: from 1. What is asked in vain is said.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl
from django.http import QueryDict

from otdacha.language import Text, text
from otdacha.site.bank.listing.query import address_of, cleaned, cut, searched


@dataclass(frozen=True)
class Order:
    """An order of the list. largest_first: as it is usually; words, turned: what it is called, and
    what it is the other way round."""

    column: str
    largest_first: bool
    words: Text
    turned: Text


SORTS: Mapping[str, Order] = {
    "gap": Order(
        "gap_before",
        False,
        text("furthest below the wage next door first"),
        text("furthest above the wage next door first"),
    ),
    "name": Order(
        "name",
        False,
        text("by name, from the first letter"),
        text("by name, from the last letter"),
    ),
    "pay": Order("pay_before", False, text("lowest pay first"), text("highest pay first")),
    "wage": Order(
        "wage",
        False,
        text("lowest wage next door first"),
        text("highest wage next door first"),
    ),
    "avoided": Order(
        "avoided",
        True,
        text("most exits avoided first"),
        text("fewest exits avoided first"),
    ),
    "cost": Order("cost", True, text("highest cost first"), text("lowest cost first")),
}
"""What the list can be ordered by, under its name in the address."""
USUAL = "gap"
LONGEST = 200


@dataclass(frozen=True)
class Asked:
    """What is asked for, checked; `problems` says what of the query string was not followed."""

    words: str
    region: str
    sort: str
    backwards: bool
    problems: tuple[Text, ...]

    @property
    def narrowed(self) -> bool:
        return bool(self.words or self.region)

    def address(self, **changed: Any) -> str:
        """The query string of the same list but for what is `changed` (None: taken away)."""
        sort = f"-{self.sort}" if self.backwards else self.sort
        named = {
            "q": self.words or None,
            "region": self.region or None,
            "sort": None if sort == USUAL else sort,
            **changed,
        }
        return address_of(named)

    def rows(self, towns: pl.DataFrame) -> pl.DataFrame:
        """The municipalities that are asked for, in the order that is; what is not known is last
        in both directions."""
        if self.region:
            towns = towns.filter(region=self.region)
        if self.words:
            named = pl.col("name").fill_null(pl.col("municipality")).str.to_lowercase()
            towns = towns.filter(named.str.contains(self.words.lower(), literal=True))
        order = SORTS[self.sort]
        return towns.sort(
            order.column,
            "name",
            "municipality",
            descending=[order.largest_first != self.backwards, False, False],
            nulls_last=True,
        )


def asked(towns: pl.DataFrame, query: QueryDict) -> Asked:
    """Read a query string against the municipalities that are there."""
    problems: list[Text] = []
    words = searched(query, LONGEST, problems)
    region = cleaned(query.get("region", ""))
    if region and region not in regions(towns):
        problems.append(
            text(
                "Region: “{value}” is not in this scenario, so it was not filtered by.",
                value=cut(region),
            )
        )
        region = ""
    given = cleaned(query.get("sort", ""))
    sort = given.removeprefix("-")
    if given and sort not in SORTS:
        problems.append(
            text(
                "There is no order “{value}”: the usual one is shown, {order}.",
                value=cut(given),
                order=SORTS[USUAL].words,
            )
        )
    known = sort in SORTS
    return Asked(
        words=words,
        region=region,
        sort=sort if known else USUAL,
        backwards=known and given.startswith("-"),
        problems=tuple(problems),
    )


def regions(towns: pl.DataFrame) -> list[str]:
    """The regions that there are, by name."""
    return towns["region"].drop_nulls().unique().sort().to_list()


def orders(wanted: Asked) -> list[tuple[str, Text, bool]]:
    """Each order as it is written in the address, in words, and whether it is the present one."""
    present = wanted.sort, wanted.backwards
    return [
        (f"-{name}" if backwards else name, words, (name, backwards) == present)
        for name, order in SORTS.items()
        for backwards, words in ((False, order.words), (True, order.turned))
    ]


def headings(wanted: Asked) -> dict[str, tuple[str, str]]:
    """Column → the address that orders by it, and how it is ordered now (`aria-sort`)."""

    def ordered(name: str, largest_first: bool) -> tuple[str, str]:
        if wanted.sort != name:
            return wanted.address(sort=name), ""
        turned = name if wanted.backwards else f"-{name}"
        upwards = largest_first == wanted.backwards
        return wanted.address(sort=turned), "ascending" if upwards else "descending"

    return {name: ordered(name, order.largest_first) for name, order in SORTS.items()}
