"""Identifiers and their check digits: ИНН, ОГРН, СНИЛС, ОКТМО.

ИНН and ОГРН by python-stdnum; СНИЛС as the Pension Fund's order of the check number says
(consultant.ru, document 124607, §8): Σ dᵢ·(10−i) over nine digits, % 101, 100 counts as 00, checked
for numbers above 001-001-998 only.
"""

from __future__ import annotations

from collections.abc import Callable

import polars as pl
from stdnum.ru import inn as _inn
from stdnum.ru import ogrn as _ogrn

from otdacha.records.values import Parsed, parse_each

_LAST_UNCHECKED = 1_001_998


def as_inn(cells: pl.Series) -> Parsed:
    """ИНН of 10 or 12 digits; one leading zero that Excel dropped is put back."""
    return _each(cells, inn, "bad_inn")


def as_ogrn(cells: pl.Series) -> Parsed:
    """ОГРН of 13 or ОГРНИП of 15 digits."""
    return _each(cells, ogrn, "bad_ogrn")


def as_snils(cells: pl.Series) -> Parsed:
    """СНИЛС as eleven digits; up to two leading zeros that Excel dropped are put back."""
    return _each(cells, snils, "bad_snils")


def as_municipality(cells: pl.Series) -> Parsed:
    """ОКТМО of a municipality, eight digits."""
    return _each(cells, municipality, "bad_municipality")


def inn(cell: str) -> str | None:
    """The ИНН in a cell, or None where its check digit does not fit."""
    digits = _digits(cell)
    if digits is None:
        return None
    if len(digits) in (9, 11):
        digits = "0" + digits
    return digits if _inn.is_valid(digits) and digits.strip("0") else None


def ogrn(cell: str) -> str | None:
    """The ОГРН or ОГРНИП in a cell, or None where its check digit does not fit."""
    digits = _digits(cell)
    return digits if digits is not None and _ogrn.is_valid(digits) else None


def snils(cell: str) -> str | None:
    """The СНИЛС in a cell, eleven digits, or None where its check number does not fit."""
    digits = _digits(cell)
    if digits is None or not 9 <= len(digits) <= 11:
        return None
    digits = digits.zfill(11)
    number, check = digits[:9], int(digits[9:])
    if int(number) <= _LAST_UNCHECKED:
        return digits if int(number) else None
    weighted = sum(int(digit) * (9 - i) for i, digit in enumerate(number))
    return digits if weighted % 101 % 100 == check else None


def municipality(cell: str) -> str | None:
    """The ОКТМО of a municipality: 8 digits, or the first 8 of 11 that end in 000 or 001.

    One leading zero that Excel dropped is put back. Whether the code exists and is in force is the
    business of the table of municipalities.
    """
    digits = _digits(cell)
    if digits is None:
        return None
    if len(digits) in (7, 10):
        digits = "0" + digits
    if len(digits) == 11 and digits[8:] in ("000", "001"):
        digits = digits[:8]
    return digits if len(digits) == 8 and digits.strip("0") else None


def _digits(cell: str) -> str | None:
    """The digits of a cell that holds an identifier and nothing else."""
    plain = cell.removesuffix(".0").removesuffix(",0")
    mantissa, _, power = plain.casefold().replace(",", ".", 1).partition("e")
    if power.removeprefix("+").isdigit() and mantissa.replace(".", "", 1).isdigit():
        # a number that Excel shows as 1.2345678901E+10; fewer digits than that are lost for good
        whole, _, rest = mantissa.partition(".")
        shift = int(power.removeprefix("+"))
        return whole + rest.ljust(shift, "0") if len(rest) == shift else None
    plain = plain.translate({ord(char): None for char in " -–—\u00a0"})
    return plain if plain.isascii() and plain.isdigit() else None


def _each(cells: pl.Series, read: Callable[[str], str | None], fault: str) -> Parsed:
    def parse(distinct: pl.Series) -> pl.DataFrame:
        found = [read(cell) for cell in distinct.to_list()]
        return pl.DataFrame(
            {"value": found, "fault": [None if value else fault for value in found]},
            schema={"value": pl.String, "fault": pl.String},
        )

    return parse_each(cells, parse)
