"""What holds between two days, and where it stands written: law and decisions as entries of a file.

An entry holds from `valid_from` to `valid_to`, both included, and says where it stands written and
how sure we are of it: V verified against the source, H confident, M to be checked before it is
printed, U unsure. Nothing is guessed: two entries for one day and a hole between two entries are
faults that name the entry.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from itertools import pairwise
from types import MappingProxyType
from typing import Literal, Self, TypeVar

from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from otdacha.language import Text, text

DATED_FAULTS: Mapping[str, Text] = MappingProxyType(
    {
        "ends_before": text("valid_to lies before valid_from"),
        "overlap": text("{key}: two entries hold on {then}"),
        "hole": text("{key}: no entry holds between {first} and {then}"),
    }
)
"""What is wrong with dated entries, by the type of the fault."""


class Sourced(BaseModel):
    """Something that is written somewhere. reference: where. confidence: how sure we are."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    reference: str = Field(min_length=1)
    confidence: Literal["V", "H", "M", "U"]


class Dated(Sourced):
    """Something that holds from the first of two days to the last."""

    valid_from: dt.date
    valid_to: dt.date

    @model_validator(mode="after")
    def _ends_after_it_begins(self) -> Self:
        if self.valid_to < self.valid_from:
            raise PydanticCustomError("ends_before", "valid_to lies before valid_from")
        return self

    def covers(self, first: dt.date, last: dt.date) -> bool:
        return self.valid_from <= first and last <= self.valid_to

    def touches(self, first: dt.date, last: dt.date) -> bool:
        return self.valid_from <= last and first <= self.valid_to


Entry = TypeVar("Entry", bound=Dated)


def chained(section: str, entries: Iterable[Entry], named: Callable[[Entry], str]) -> None:
    """Entries of one name follow each other day on day; a fault says where they do not."""
    by_name: dict[str, list[Entry]] = {}
    for entry in entries:
        by_name.setdefault(named(entry), []).append(entry)
    for name, same in by_name.items():
        for before, after in pairwise(sorted(same, key=lambda entry: entry.valid_from)):
            key = f"{section} {name}".rstrip()
            about = {"key": key, "first": before.valid_to, "then": after.valid_from}
            if after.valid_from <= before.valid_to:
                raise PydanticCustomError("overlap", "{key} overlaps on {then}", about)
            if after.valid_from - before.valid_to > dt.timedelta(days=1):
                raise PydanticCustomError("hole", "{key}: hole {first} to {then}", about)
