"""How alike two headers are: word by word, whatever the order, endings and abbreviations."""

from __future__ import annotations

import re
from functools import lru_cache

from rapidfuzz import fuzz

from otdacha.records.headers import folded

_LOOK_ALIKES = str.maketrans("aceopxykmthb", "асеорхукмтнв")
_TELL_LITTLE = frozenset(
    {"дата", "номер", "наименование", "название", "код", "количество", "число", "кол", "во", "день"}
    | {"по", "на", "в", "с", "о", "об", "и", "или", "для", "от", "из", "к", "г", "гг", "при"}
    | {"ед", "руб", "рублей", "чел", "дн", "шт", "да", "нет", "полное"}
    | {"the", "of", "date", "number", "name", "id", "no"}
)
_SHORT = {
    "таб": "табельный",
    "ном": "номер",
    "н": "номер",
    "кол": "количество",
    "наим": "наименование",
    "подр": "подразделение",
    "рег": "регистрации",
    "орг": "организации",
    "ср": "средняя",
    "исп": "исполнения",
    "фио": "фио",
    "мун": "муниципального",
    "мо": "муниципальное",
    "др": "рождения",
    "обр": "обращения",
    "факт": "фактическая",
    "план": "плановая",
}
_ENDING = 3
"""Letters that declension and number may change at the end of a word."""
_LEAST_STEM = 4
_LEAST_ABBREVIATION = 3
_MISSPELT = 84


def likeness(header: str, name: str) -> float:
    """0 (nothing in common) to 1 (the same words, in whatever order and case).

    Words are matched one to one. A word that tells little (date, number, name) counts a quarter;
    a word of the header that the name lacks, or the other way round, counts against it.
    """
    one, other = words(header), words(name)
    if not one or not other:
        return 0.0
    if one == other:
        return 1.0
    left = list(other)
    shared = 0.0
    for word in one:
        best = max(left, key=lambda candidate: _same(word, candidate), default=None)
        if best is None:
            break
        how = _same(word, best)
        if how > 0:
            left.remove(best)
            shared += how * (_weight(word) + _weight(best)) / 2
    total = sum(map(_weight, one)), sum(map(_weight, other))
    return 2 * shared / (total[0] + total[1])


@lru_cache(maxsize=4096)
def words(header: str) -> tuple[str, ...]:
    """The words of a header as they are compared; Latin look-alikes in Russian ones put right."""
    plain = folded(re.sub(r"(?<=[а-яё])(?=[А-ЯЁ])", " ", header))
    found = []
    for word in plain.split():
        russian = any("а" <= letter <= "я" for letter in word)
        found.append(word.translate(_LOOK_ALIKES) if russian else word)
    return tuple(found)


@lru_cache(maxsize=65536)
def _same(one: str, other: str) -> float:
    """Whether two words are one word: 1 exactly, less by ending, abbreviation or misspelling."""
    if one == other:
        return 1.0
    one, other = _SHORT.get(one, one), _SHORT.get(other, other)
    if one == other:
        return 0.97
    short, long = sorted((one, other), key=len)
    common = next(
        (i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), len(short)
    )
    if common >= _LEAST_STEM and len(long) - common <= _ENDING and len(short) - common <= _ENDING:
        return 0.97
    if common == len(short) >= _LEAST_ABBREVIATION and short.isalpha():
        return 0.9
    if len(short) > _LEAST_STEM and fuzz.ratio(one, other) >= _MISSPELT:
        return 0.92
    return 0.0


def _weight(word: str) -> float:
    return 0.25 if _SHORT.get(word, word) in _TELL_LITTLE else 1.0
