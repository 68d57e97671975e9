"""Pages of a long list: which one is shown, and the way to its neighbours."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from django.http import HttpRequest

PER_PAGE = 25
_AROUND = 2


@dataclass(frozen=True)
class Pages:
    """One page of a list. number: from 1; first, last: which rows stand on it, from 1.

    numbers: pages to lead to, None where some are left out. address: of a page by its number.
    """

    number: int
    count: int
    total: int
    address: Callable[[int], str]

    @property
    def first(self) -> int:
        return (self.number - 1) * PER_PAGE + 1

    @property
    def last(self) -> int:
        return min(self.number * PER_PAGE, self.total)

    @property
    def slice(self) -> slice:
        return slice(self.first - 1, self.last)

    @property
    def previous(self) -> str | None:
        return self.address(self.number - 1) if self.number > 1 else None

    @property
    def next(self) -> str | None:
        return self.address(self.number + 1) if self.number < self.count else None

    @property
    def numbers(self) -> list[int | None]:
        near = range(self.number - _AROUND, self.number + _AROUND + 1)
        known = sorted({1, self.count, *(one for one in near if 0 < one <= self.count)})
        shown: list[int | None] = []
        for one in known:
            if shown and one - (shown[-1] or 0) > 1:
                shown.append(None)
            shown.append(one)
        return shown


def pages(total: int, wanted: int, address: Callable[[int], str]) -> Pages:
    """The page `wanted` of `total` rows; the last one where there is none of that number."""
    count = max(1, -(-total // PER_PAGE))
    return Pages(min(wanted, count), count, total, address)


def page_asked(request: HttpRequest) -> int:
    """The page that the address names; the first one where it names none."""
    asked = request.GET.get("page", "")
    return int(asked) if re.fullmatch("[1-9][0-9]{0,6}", asked) else 1
