"""Personal data where none is expected: recognised, and masked before anything is written."""

from __future__ import annotations

import re

import polars as pl

HIDDEN = "•••"
"""What stands in place of a personal value."""

_PATRONYMIC = r"(?i:[а-яё-]+ [а-яё-]+ [а-яё]*(?:ович|евич|ьич|овна|евна|ична|инична)(?:[^а-яё]|$))"
_SURNAME = r"[А-ЯЁ][А-ЯЁа-яё-]+"
_INITIALS = rf"(?:^{_SURNAME} [А-ЯЁ]\. ?[А-ЯЁ]\.?$)|(?:^[А-ЯЁ]\. ?[А-ЯЁ]\.? ?{_SURNAME}$)"
_SNILS = r"(?:^|\D)\d{3}[ –—-]\d{3}[ –—-]\d{3}[ –—-]?\d{2}(?:\D|$)"
_PHONE = (
    r"\+7[ (-]*\d{3}[ )-]*\d{3}[ -]?\d{2}[ -]?\d{2}"
    r"|(?:^|\D)8[ (-]+\d{3}[ )-]+\d{3}[ -]?\d{2}[ -]?\d{2}"
)
_EMAIL = r"[\w.+-]+@[\w-]+\.\w+"
_HOME = r"(?i:(?:^|[^а-яё])(?:кв|квартира)\.? ?\d+)"
_BARE = r"(?:^|\D)\d{11}(?:\D|$)|^\d[.,]\d{5,}[eE]\+?1\d$"

_NUMBERS = "|".join((_SNILS, _PHONE, _EMAIL, _HOME))
PERSONAL = "|".join((_PATRONYMIC, _INITIALS, _NUMBERS))
"""Full names with a patronymic, surnames with initials, formatted СНИЛС and telephones, e-mails,
addresses of flats."""

_NUMBER = re.compile(r"[-+]?[\d ]*[.,]?\d+")
_MOST_DIGITS = 6
_TIMESTAMP = re.compile(
    r"(\d{4}-\d{1,2}-\d{1,2}|\d{1,2}\.\d{1,2}\.(\d{4}|\d{2}))"
    r"([T ]\d{1,2}:\d{2}(:\d{2}([.,]\d+)?)?)?"
)
_EITHER = re.compile(f"{PERSONAL}|{_BARE}")


_LATIN, _CYRILLIC = "aceopxykmthbACEOPXYKMTHB", "асеорхукмтнвАСЕОРХУКМТНВ"
_MIXED = r"(?:[A-Za-z].*[А-Яа-яЁё])|(?:[А-Яа-яЁё].*[A-Za-z])"


def looks_personal(
    cells: pl.Series, *, bare_numbers: bool = False, names: bool = True
) -> pl.Series:
    """True where a cell looks like a name, СНИЛС, telephone, e-mail or a flat's address; null cells
    are False.

    bare_numbers: also eleven digits without any mark (СНИЛС and telephone as plain numbers), which
    in a column of case numbers would be far too strict. names: names of people too.
    """
    pattern = PERSONAL if names else _NUMBERS
    pattern = f"{pattern}|{_BARE}" if bare_numbers else pattern
    return as_cyrillic(cells).str.contains(pattern).fill_null(value=False)


def as_cyrillic(cells: pl.Series) -> pl.Series:
    """Cells in which some letters are Latin look-alikes, in Cyrillic; all others as they are."""
    mixed = cells.str.contains(_MIXED)
    if not mixed.any():
        return cells
    turned = cells.str.replace_many(list(_LATIN), list(_CYRILLIC))
    frame = pl.DataFrame([mixed.alias("mixed"), turned.alias("turned"), cells.alias("cell")])
    return frame.select(pl.when("mixed").then("turned").otherwise("cell").alias("cell"))["cell"]


_LOOK_ALIKES = str.maketrans(_LATIN, _CYRILLIC)


def looks_like_data(header: str) -> bool:
    """Whether what should be a column's name is a date or a number."""
    return bool(_TIMESTAMP.fullmatch(header) or _NUMBER.fullmatch(header))


def shape_of(value: str) -> str:
    """A faulty value as it may be stored: as it is where it is a date, a time or a short number,
    else its shape (nobody knows what a cell in the wrong place holds)."""
    digits = sum(char.isdigit() for char in value)
    if _TIMESTAMP.fullmatch(value) or (_NUMBER.fullmatch(value) and digits <= _MOST_DIGITS):
        return value
    return bare_shape_of(value)


def bare_shape_of(value: str) -> str:
    """A value with its letters turned into "х" and its digits into "0"."""
    return "".join(
        "0" if char.isdigit() else ("Х" if char.isupper() else "х") if char.isalpha() else char
        for char in value[:60]
    )


def unless_personal(name: str) -> str:
    """A header or a file's name, or its shape where it looks like a person's data."""
    turned = name.translate(_LOOK_ALIKES) if re.search(_MIXED, name) else name
    return shape_of(name) if _EITHER.search(turned) else name
