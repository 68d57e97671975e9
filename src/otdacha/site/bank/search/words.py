"""Text as words, and words as stems: what is the same to a person is the same here.

Stems are Snowball's (Porter 2001), Russian for Cyrillic words, English for Latin ones.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

import snowballstemmer

_RUSSIAN_STOPS = "а без в во для до за и из или их к ко на над не о об от по под при с со у"
_ENGLISH_STOPS = "a an and at by for from in of on or the to with"
STOP_WORDS = frozenset(f"{_RUSSIAN_STOPS} {_ENGLISH_STOPS}".split())
"""Words that tell no name from another; they are neither indexed nor asked for."""

_WORD = re.compile(r"[^\W_]+")
_APOSTROPHES = re.compile(r"(?<=\w)['’ʼ`](?=\w)")
_UNSEEN = ("Mn", "Cf", "Cc")
_FLEETING = re.compile(r"(?<=[бвгджзйклмнпрстфхцчшщ])[ое]к$")
_CYRILLIC = re.compile("[а-я]")

_RUSSIAN = snowballstemmer.stemmer("russian")
_ENGLISH = snowballstemmer.stemmer("english")


def plain(text: str) -> str:
    """`text` in small letters of one spelling: ё is е, no accents, no invisible characters."""
    seen = (
        " " if letter.isspace() else letter
        for letter in unicodedata.normalize("NFKC", text)
        if letter.isspace() or unicodedata.category(letter) not in _UNSEEN
    )
    folded = "".join(seen).casefold().replace("ё", "е")
    return _APOSTROPHES.sub("", folded)


def words(text: str) -> list[str]:
    """The words of `text` in order, as written but plain; digits are words, hyphens part them."""
    return [word for word in _WORD.findall(plain(text)) if word not in STOP_WORDS]


@lru_cache(maxsize=65536)
def stem(word: str) -> str:
    """What is common to the forms of a plain word: `закупки`, `закупок` and `закупкам` are one."""
    if not _CYRILLIC.search(word):
        return str(_ENGLISH.stemWord(word))
    # Snowball keeps the fleeting vowel: закупок, but закупк(и); taken from every stem alike
    return _FLEETING.sub("к", str(_RUSSIAN.stemWord(word))) or word
