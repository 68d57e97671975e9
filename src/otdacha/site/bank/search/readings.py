"""What somebody may have meant by what was typed: Russian in Latin letters, another keyboard."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from otdacha.site.bank.search.words import plain, words

_CYRILLIC_KEYS = "йцукенгшщзхъфывапролджэячсмитьбюё"
_LATIN_KEYS = "qwertyuiop[]asdfghjkl;'zxcvbnm,.`"
_TO_CYRILLIC = str.maketrans(_LATIN_KEYS + '{}:"<>~', _CYRILLIC_KEYS + "хъжэбюё")
_TO_LATIN = str.maketrans(_CYRILLIC_KEYS, _LATIN_KEYS)

_SOUNDS = {
    "shch": "щ", "sch": "щ", "shh": "щ", "zh": "ж", "kh": "х", "ts": "ц", "tz": "ц", "ch": "ч",
    "sh": "ш", "iia": "ия", "iya": "ия", "ija": "ия", "ya": "я", "ja": "я", "yu": "ю", "ju": "ю",
    "iu": "ю", "yo": "е", "jo": "е", "ye": "е", "je": "е", "ia": "ия", "a": "а", "b": "б",
    "c": "ц", "d": "д", "e": "е", "f": "ф", "g": "г", "h": "х", "i": "и", "j": "й", "k": "к",
    "l": "л", "m": "м", "n": "н", "o": "о", "p": "п", "q": "к", "r": "р", "s": "с", "t": "т",
    "u": "у", "v": "в", "w": "в", "x": "кс", "z": "з",
}  # fmt: skip
"""Latin letters → Russian ones, of GOST 7.79, ICAO 9303, BGN, ISO 9 without marks, by ear."""
_SOUND = re.compile("|".join(sorted({*_SOUNDS, "y"}, key=len, reverse=True)))
_VOWELS = "aeiouy"

_ALIKE = str.maketrans({"й": "и", "ы": "и", "э": "е", "щ": "ш", "ь": None, "ъ": None})
_REPEATED = re.compile(r"(.)\1+")


@dataclass(frozen=True)
class Reading:
    """Words that may be meant. repaired: by other letters than were typed; by_ear: as they sound,
    so that letters which sound alike are not told apart."""

    words: list[str]
    repaired: bool = False
    by_ear: bool = False


def readings(typed: str) -> Iterator[Reading]:
    """The words of `typed` in every way it may be read, the likeliest first.

    As it stands; in one word; its Latin letters as sounds of Russian; as the keys of the other
    keyboard.
    """
    written = words(typed)
    yield Reading(written)
    if len(written) > 1:
        yield Reading(["".join(written)])
    letters = plain(typed)
    cyrillic, latin = (re.search(some, letters) for some in ("[а-я]", "[a-z]"))
    if latin and not cyrillic:
        for spelling in dict.fromkeys((letters, letters.replace("j", "zh"))):
            yield Reading(words(_by_ear(spelling)), repaired=True, by_ear=True)
        yield Reading(words(typed.casefold().translate(_TO_CYRILLIC)), repaired=True)
    elif cyrillic and not latin:
        yield Reading(words(typed.casefold().translate(_TO_LATIN)), repaired=True)


def sound(stem: str) -> str:
    """A Russian stem without what Latin spellings do not tell apart: й and и and ы, е and э, ь."""
    return _REPEATED.sub(r"\1", stem.translate(_ALIKE))


def _by_ear(latin: str) -> str:
    return _SOUND.sub(_letter, latin)


def _letter(found: re.Match[str]) -> str:
    before = found.string[found.start() - 1 : found.start()]
    if found[0] == "y":
        return "й" if before and before in _VOWELS else "ы"
    if found[0] == "ia" and before and before in _VOWELS:
        return "я"
    return _SOUNDS[found[0]]
