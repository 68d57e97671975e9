"""Personal data where none is expected: recognised, and masked before anything is written."""

from __future__ import annotations

import re

import polars as pl

HIDDEN = "•••"
"""What stands in place of a personal value."""

_PATRONYMIC = r"(?i:[а-яё-]+ [а-яё-]+ [а-яё]*(?:ович|евич|ьич|овна|евна|ична|инична)(?:[^а-яё]|$))"
_INITIALS = r"(?:^[А-ЯЁ][а-яё-]+ [А-ЯЁ]\. ?[А-ЯЁ]\.?$)"
_SNILS = r"\d{3}-\d{3}-\d{3}[ -]\d{2}"
_PHONE = (
    r"\+7[ (-]*\d{3}[ )-]*\d{3}[ -]?\d{2}[ -]?\d{2}"
    r"|(?:^|\D)8[ (-]+\d{3}[ )-]+\d{3}[ -]?\d{2}[ -]?\d{2}"
)
_EMAIL = r"[\w.+-]+@[\w-]+\.\w+"
_BARE = r"(?:^|\D)\d{11}(?:\D|$)"

PERSONAL = "|".join((_PATRONYMIC, _INITIALS, _SNILS, _PHONE, _EMAIL))
"""Full names with a patronymic, surnames with initials, formatted СНИЛС and telephones, e-mails."""

_NUMBER = re.compile(r"[-+]?[\d ]*[.,]?\d+")
_MOST_DIGITS = 9
_TIMESTAMP = re.compile(
    r"(\d{4}-\d{1,2}-\d{1,2}|\d{1,2}\.\d{1,2}\.(\d{4}|\d{2}))"
    r"([T ]\d{1,2}:\d{2}(:\d{2}([.,]\d+)?)?)?"
)
_EITHER = re.compile(f"{PERSONAL}|{_BARE}")


def looks_personal(cells: pl.Series, *, bare_numbers: bool = False) -> pl.Series:
    """True where a cell looks like a name, СНИЛС, telephone or e-mail; null cells are False.

    bare_numbers: also eleven digits without any mark (СНИЛС and telephone as plain numbers), which
    in a column of case numbers would be far too strict.
    """
    pattern = f"{PERSONAL}|{_BARE}" if bare_numbers else PERSONAL
    return cells.str.contains(pattern).fill_null(value=False)


def shape_of(value: str) -> str:
    """A faulty value as it may be stored: as it is where it is a date, a time or a short number,
    else its shape, letters turned into "х" and digits into "0" (nobody knows what a cell in the
    wrong place holds)."""
    digits = sum(char.isdigit() for char in value)
    if _TIMESTAMP.fullmatch(value) or (_NUMBER.fullmatch(value) and digits <= _MOST_DIGITS):
        return value
    return masked(value)


def masked(value: str) -> str:
    """A value with letters turned into "х" and digits into "0", whatever it is."""
    return "".join(
        "0" if char.isdigit() else ("Х" if char.isupper() else "х") if char.isalpha() else char
        for char in value[:60]
    )


def unless_personal(name: str) -> str:
    """A header or a file's name, or its shape where it looks like a person's data."""
    return shape_of(name) if _EITHER.search(name) else name
