"""What the query strings of all lists have in common: how they are read, written and answered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict

from otdacha.language import Text, text

_SHOWN = 60
"""Characters of a wrong value that are said."""


@dataclass(frozen=True)
class Chosen:
    """One thing that narrows a list: its name in the query string, its value, and in words."""

    name: str
    value: str
    label: Text
    said: Text


def cleaned(words: str) -> str:
    """The words on one line, without what nobody can see or a database cannot hold."""
    return " ".join("".join(c if c.isprintable() else " " for c in words).split())


def searched(query: QueryDict, most: int, problems: list[Text]) -> str:
    """The words that are searched for, `q`: at most so many characters; that more were cut is added
    to `problems`."""
    words = cleaned(query.get("q", ""))
    if len(words) <= most:
        return words
    problems.append(
        text("The search is longer than {most} characters; it was cut there.", most=most)
    )
    return words[:most].rstrip()


def cut(value: str) -> str:
    """A wrong value as it is said: of a long one the beginning."""
    return value if len(value) <= _SHOWN else value[:_SHOWN] + "…"


def address_of(named: Mapping[str, Any]) -> str:
    """The query string of what has a value (None: it has none). Empty, or with a question mark."""
    query = QueryDict(mutable=True)
    query.update({name: str(value) for name, value in named.items() if value is not None})
    return f"?{query.urlencode()}" if query else ""
