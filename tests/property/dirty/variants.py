"""Which faults befall one file: every pair that can meet does meet in some file."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import combinations

from tests.property.dirty.drafts import CLEAN, Draft
from tests.property.dirty.faults import FAULTS, Fault
from tests.property.dirty.formats import WRITERS, name_of

_SEED = 4
_MOST_FAULTS = 12
_TRIED = 40
"""Faults that are tried for each further place in a variant."""
_ONE_BYTE = frozenset({"cp1251", "cp866", "koi8-r", "html in cp1251"})


@dataclass(frozen=True)
class Variant:
    """One dirty file: its table, its format and its faults."""

    table: str
    format: str
    faults: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.table} as {self.format}: {', '.join(self.faults)}"

    def draft(self) -> Draft:
        """The spoilt draft."""
        draft = CLEAN[self.table]()
        for name, fault in FAULTS.items():
            if name in self.faults:
                fault.spoil(draft)
        return draft

    def written(self) -> tuple[str, bytes, Draft]:
        """The name and the bytes of the file, and its draft."""
        draft = self.draft()
        return name_of(draft, self.format), WRITERS[self.format][1](draft), draft


def variants() -> list[Variant]:
    """Variants in which every fault meets every table it can befall, every format and every other
    fault that it can meet at all; always the same ones."""
    chance = random.Random(_SEED)
    kinds = {table: frozenset(filter(None, clean().kinds)) for table, clean in CLEAN.items()}
    open_pairs = {pair for table in CLEAN for pair in _pairs(table, kinds[table])}
    found: list[Variant] = []
    ordered = sorted(open_pairs)
    chance.shuffle(ordered)
    for pair in ordered:
        if pair in open_pairs:
            one = _variant(pair, open_pairs, kinds, chance)
            found.append(one)
            open_pairs -= set(_covered(one))
    return found


def _pairs(table: str, kinds: frozenset[str]) -> Iterator[tuple[str, str]]:
    """Pairs of faults, of a fault and a format (`as csv`), of a fault and a table (`in cases`)."""
    able = [name for name, fault in FAULTS.items() if not fault.kinds or fault.kinds & kinds]
    for name in able:
        yield name, f"in {table}"
        for format in FAULTS[name].formats:
            yield name, f"as {format}"
    for one, other in combinations(able, 2):
        if _meet(FAULTS[one], FAULTS[other]):
            yield one, other


def _covered(variant: Variant) -> Iterator[tuple[str, str]]:
    for name in variant.faults:
        yield name, f"in {variant.table}"
        yield name, f"as {variant.format}"
    yield from combinations(variant.faults, 2)


def _meet(one: Fault, other: Fault) -> bool:
    """Whether both can befall one file."""
    apart = one.slot != other.slot
    apart &= one.slot not in other.clashes and other.slot not in one.clashes
    written = not (one.unicode and other.name in _ONE_BYTE)
    written &= not (other.unicode and one.name in _ONE_BYTE)
    return apart and written and bool(one.formats & other.formats)


def _variant(
    pair: tuple[str, str],
    open_pairs: set[tuple[str, str]],
    kinds: dict[str, frozenset[str]],
    chance: random.Random,
) -> Variant:
    """A variant that has this pair and as many other open ones as a short search finds."""
    faults = [name for name in pair if name in FAULTS]
    table = next((word[3:] for word in pair if word[:3] == "in "), None)
    format = next((word[3:] for word in pair if word[:3] == "as "), None)
    table = table or chance.choice(
        [name for name in CLEAN if all(_befalls(FAULTS[one], kinds[name]) for one in faults)]
    )
    format = format or chance.choice(
        sorted(frozenset(WRITERS).intersection(*(FAULTS[name].formats for name in faults)))
    )
    able = [
        name
        for name, fault in FAULTS.items()
        if format in fault.formats and _befalls(fault, kinds[table])
    ]
    while len(faults) < _MOST_FAULTS:
        tried = chance.sample(able, min(_TRIED, len(able)))
        tried = [name for name in tried if _joins(name, faults)]
        gains = {
            name: len(open_pairs & {*_covered(_named(table, format, [*faults, name]))})
            for name in tried
        }
        if not gains or max(gains.values()) == 0:
            break
        faults.append(max(gains, key=lambda name: gains[name]))
    return _named(table, format, faults)


def _befalls(fault: Fault, kinds: frozenset[str]) -> bool:
    return not fault.kinds or bool(fault.kinds & kinds)


def _joins(name: str, faults: Iterable[str]) -> bool:
    return all(other != name and _meet(FAULTS[name], FAULTS[other]) for other in faults)


def _named(table: str, format: str, faults: Iterable[str]) -> Variant:
    """The variant with its faults in the order in which they are done."""
    return Variant(table, format, tuple(name for name in FAULTS if name in set(faults)))
