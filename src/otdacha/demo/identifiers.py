"""Identifiers with right check digits and a shape that no register ever gave."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

_INN_WEIGHTS = (2, 4, 10, 3, 5, 9, 4, 6, 8)


def invented_inn(number: int) -> str:
    """An ИНН of ten digits of the tax office 0000, which does not exist."""
    digits = f"0000{number:05d}"
    total = sum(w * int(d) for w, d in zip(_INN_WEIGHTS, digits, strict=True))
    return f"{digits}{total % 11 % 10}"


def with_wrong_check_digit(identifier: str) -> str:
    """The same identifier with another last digit."""
    return identifier[:-1] + str((int(identifier[-1]) + 1) % 10)


def invented_ogrn(number: int) -> str:
    """An ОГРН of thirteen digits of the year 00 and the region 00: the register began in 2002."""
    digits = f"10000{number:07d}"
    return f"{digits}{int(digits) % 11 % 10}"


def invented_snils(rng: np.random.Generator, count: int) -> NDArray[np.int64]:
    """`count` different СНИЛС (eleven digits) that begin with 99, far above those given out."""
    first_nine = 990_000_000 + rng.choice(10_000_000, size=count, replace=False)
    digits = first_nine[:, None] // 10 ** np.arange(8, -1, -1) % 10
    check = digits @ np.arange(9, 0, -1) % 101 % 100
    return np.asarray(first_nine * 100 + check, dtype=np.int64)


def invented_phones(rng: np.random.Generator, count: int) -> list[str]:
    """Phone numbers of the code 000, which is not given to anybody."""
    numbers = rng.integers(0, 10_000_000, size=count)
    return [f"+7 (000) {n // 10_000:03d}-{n // 100 % 100:02d}-{n % 100:02d}" for n in numbers]
