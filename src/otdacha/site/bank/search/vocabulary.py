"""The words of one release, kept in memory: which of them is meant by a word that was typed."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import lru_cache

from rapidfuzz import process
from rapidfuzz.distance import OSA

from otdacha.site.bank.models import Release, Word
from otdacha.site.bank.search.readings import sound
from otdacha.site.bank.search.words import stem

KEPT = 8
"""Releases whose words are kept in memory."""
NEAREST = 6
"""Words that a mistyped one may stand for."""
SHORTEST_BEGINNING = 3
_LAST = "\U0010ffff"


def vocabulary(release: Release) -> Vocabulary:
    """The words of a release, read from the database once in a process."""
    return _vocabulary(release.pk, release.hash, release.published)


@lru_cache(maxsize=KEPT)
def _vocabulary(release: int, _hash: str, _published: dt.datetime) -> Vocabulary:
    found = Word.objects.filter(release=release).order_by("place")
    return Vocabulary(found.values_list("stem", "form", "organisations"))


class Vocabulary:
    """Stems in alphabetical order, each known by its place."""

    def __init__(self, rows: Iterable[tuple[str, str, int]]) -> None:
        read = list(rows)
        self.stems = [stem for stem, _, _ in read]
        self.forms = [form for _, form, _ in read]
        self.organisations = [count for _, _, count in read]
        self._place = {stem: place for place, stem in enumerate(self.stems)}
        self._sounds: dict[str, list[int]] = defaultdict(list)
        self._of_length: dict[int, tuple[list[str], list[int]]] = defaultdict(lambda: ([], []))
        for place, (one, form, _) in enumerate(read):
            self._sounds[sound(one)].append(place)
            for spelling in {one, form}:
                spellings, places = self._of_length[len(spelling)]
                spellings.append(spelling)
                places.append(place)

    def place(self, word: str) -> int | None:
        """The place of the word's stem."""
        return self._place.get(stem(word))

    def sounding(self, word: str) -> list[int]:
        """Places of the stems that a Latin spelling, read as Russian `word`, may stand for."""
        return self._sounds.get(sound(stem(word)), [])

    def beginning(self, word: str) -> range:
        """Places of the stems that begin with `word`; none for one or two letters."""
        if len(word) < SHORTEST_BEGINNING:
            return range(0)
        return range(bisect_left(self.stems, word), bisect_left(self.stems, word + _LAST))

    def nearest(self, readings: Iterable[str]) -> list[int]:
        """Places of the words that differ least from any of the readings, commonest first.

        Slips of one letter are allowed in words of four letters and more, of two in words of eight:
        letters put in, left out, replaced, or two neighbours exchanged (optimal string alignment,
        Damerau 1964).
        """
        distances: dict[int, int] = {}
        for word in readings:
            for spelling in {word, stem(word)} if slips(word) else ():
                for place, distance in self._near(spelling, slips(word)):
                    distances[place] = min(distance, distances.get(place, distance))
        least = min(distances.values(), default=0)
        found = [place for place, distance in distances.items() if distance == least]
        return sorted(found, key=lambda place: (-self.organisations[place], place))[:NEAREST]

    def _near(self, spelling: str, allowed: int) -> Iterator[tuple[int, int]]:
        for length in range(len(spelling) - allowed, len(spelling) + allowed + 1):
            spellings, places = self._of_length.get(length, ([], []))
            for _, distance, at in process.extract(
                spelling, spellings, scorer=OSA.distance, score_cutoff=allowed, limit=None
            ):
                yield places[at], int(distance)


def slips(word: str) -> int:
    """Letters that may be wrong in a word of its length; none in what has digits."""
    if any(letter.isdigit() for letter in word):
        return 0
    return (len(word) >= 4) + (len(word) >= 8)
