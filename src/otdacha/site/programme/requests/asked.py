"""What a form asks for: some needs of one municipality, and what is to be done with them."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from hashlib import sha256

from otdacha.site.bank.listing.query import cleaned
from otdacha.site.programme.requests.fields import MUNICIPALITY, names

MOST_NEEDS = 20
"""Needs of one form; whoever has more fills in the template."""
LONGEST = 200
"""Characters of one field."""

Need = Mapping[str, str]
"""Field → what was written, "" where nothing was."""


@dataclass(frozen=True)
class Asked:
    """municipality: of all `needs`. too_long: (need from 0, field) that holds more than is read."""

    municipality: str
    needs: tuple[Need, ...]
    too_long: frozenset[tuple[int, str]] = frozenset()

    def with_another(self) -> Asked:
        return replace(self, needs=(*self.needs, _empty()))

    def without(self, place: int) -> Asked:
        """Without one need, of which there is always one."""
        left = (*self.needs[:place], *self.needs[place + 1 :])
        return replace(self, needs=left or (_empty(),))

    @property
    def rows(self) -> list[dict[str, str]]:
        """The needs as rows of the table of needs, each with a number."""
        given: dict[str, int] = {}
        rows = []
        for need in self.needs:
            row = {MUNICIPALITY: self.municipality, **need}
            said = json.dumps(row, ensure_ascii=False, sort_keys=True)
            given[said] = given.get(said, 0) + 1
            rows.append({**row, "need": row["need"] or _number(said, given[said])})
        return rows


def nothing_yet() -> Asked:
    """A form that nobody has filled in."""
    return Asked("", (_empty(),))


def asked(form: Mapping[str, str]) -> Asked:
    """Read a form: `municipality`, `count`, and each field of each need as `NAME-NUMBER`."""
    count = form.get("count", "")
    many = min(max(int(count), 1), MOST_NEEDS) if re.fullmatch("[0-9]{1,3}", count) else 1
    needs: list[Need] = []
    too_long = set()
    for place in range(many):
        need = {}
        for name in names():
            said = cleaned(form.get(f"{name}-{place + 1}", ""))
            if len(said) > LONGEST:
                too_long.add((place, name))
            need[name] = said[:LONGEST]
        needs.append(need)
    return Asked(cleaned(form.get(MUNICIPALITY, ""))[:LONGEST], tuple(needs), frozenset(too_long))


def _empty() -> Need:
    return dict.fromkeys(names(), "")


_LETTERS = str.maketrans("0123456789abcdef", "abcdefghijklmnop")


def _number(said: str, repeated: int) -> str:
    """A number of letters only, which nobody can take for a telephone: the same for the same
    need."""
    named = sha256(f"{said}{repeated}".encode()).hexdigest()[:10]
    return f"site-{named.translate(_LETTERS)}"
