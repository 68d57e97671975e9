"""Read a query as words of a release: what was typed, and which known words that stands for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from otdacha.site.bank.search.readings import Reading, readings
from otdacha.site.bank.search.vocabulary import Vocabulary
from otdacha.site.bank.search.words import words

MOST_CHARACTERS = 200
MOST_WORDS = 8
_PIECES = 6
"""Pieces that a number may be written in: 77 01 234 567."""
_SHORTEST_PART = 3


@dataclass(frozen=True)
class Term:
    """One thing that was asked for: any of some words of the release.

    places: the words, by place. exact: the word itself, where the term is the beginning of others
    too. repaired: they are not what was typed but what was meant.
    """

    asked: str
    places: Sequence[int] = ()
    exact: int | None = None
    repaired: bool = False


@dataclass(frozen=True)
class Terms:
    """A query that was read. cut: it was longer than what is used of it."""

    terms: tuple[Term, ...]
    cut: bool

    @property
    def known(self) -> tuple[Term, ...]:
        return tuple(term for term in self.terms if term.places)

    @property
    def unknown(self) -> tuple[str, ...]:
        return tuple(term.asked for term in self.terms if not term.places)


def read(query: str, known: Vocabulary) -> Terms:
    """The terms of `query`, of which the first 200 characters and eight words are used.

    Of more than eight words those that lead to the fewest organisations are: the others, such as
    those of a legal form, tell the least.
    """
    typed = _joined(query.strip()[:MOST_CHARACTERS].split(), known)
    found: list[Term] = []
    for at, one in enumerate(typed, start=1):
        found += _as_known(one, known, last=at == len(typed)) or map(Term, words(one))
    different = list(dict.fromkeys(found))
    rarest = sorted(different, key=lambda term: _organisations(term, known))[:MOST_WORDS]
    meant: list[Term] = []
    for term in different:
        if term in rarest:
            meant += [term] if term.places else _as_meant(term.asked, known)
    return Terms(
        tuple(dict.fromkeys(meant)),
        cut=len(query.strip()) > MOST_CHARACTERS or len(different) > MOST_WORDS,
    )


def _joined(typed: Sequence[str], known: Vocabulary) -> list[str]:
    """What was typed with spaces in it although it is one word here: жар птица, 99 00 000 001."""
    left, done = list(typed), []
    while left:
        taken = next(
            (
                count
                for count in range(min(_PIECES, len(left)), 1, -1)
                if _one_word(left[:count], known)
            ),
            1,
        )
        done.append("".join(left[:taken]))
        left = left[taken:]
    return done


def _one_word(pieces: Sequence[str], known: Vocabulary) -> bool:
    if len(pieces) > 2 and not all(piece.isdecimal() for piece in pieces):
        return False
    together = words("".join(pieces))
    return (
        len(together) == 1
        and known.place(together[0]) is not None
        and not all(_as_known(piece, known, last=False) for piece in pieces)
    )


def _as_known(typed: str, known: Vocabulary, *, last: bool) -> list[Term]:
    """Its words in the first reading in which all are known; failing that, the last as a beginning.

    A last word may be unfinished: what begins with it is found too, after the word itself.
    """
    read = [reading for reading in readings(typed) if reading.words]
    for unfinished in (False, True)[: 1 + last]:
        for reading in read:
            ends = [False] * (len(reading.words) - 1) + [last]
            terms = [
                _term(word, typed if reading.repaired else word, known, reading, end, unfinished)
                for word, end in zip(reading.words, ends, strict=True)
            ]
            if all(term.places for term in terms):
                return terms
    return []


def _term(
    word: str, asked: str, known: Vocabulary, reading: Reading, end: bool, unfinished: bool
) -> Term:
    exact = known.place(word)
    longer = known.beginning(word) if end else range(0)
    if exact is not None:
        both = longer if exact in longer else (exact,)
        return Term(asked, both, exact, reading.repaired)
    if reading.by_ear and (sounding := known.sounding(word)):
        return Term(asked, tuple(sounding), None, reading.repaired)
    return Term(asked, longer if unfinished else (), None, reading.repaired)


def _as_meant(word: str, known: Vocabulary) -> list[Term]:
    """An unknown word: two that were run together, or the nearest known ones, or nothing."""
    for at in range(_SHORTEST_PART, len(word) - _SHORTEST_PART + 1):
        parts = (word[:at], word[at:])
        places = [known.place(part) for part in parts]
        if None not in places:
            return [
                Term(part, (place,), place)
                for part, place in zip(parts, places, strict=True)
                if place is not None
            ]
    alone = [reading.words[0] for reading in readings(word) if len(reading.words) == 1]
    return [Term(word, tuple(known.nearest(alone)), repaired=True)]


def _organisations(term: Term, known: Vocabulary) -> int:
    return sum(known.organisations[place] for place in term.places)
