"""Who is who without saying who: keyed hashes of identities, made before anything is written.

HMAC-SHA256 (RFC 2104) with the workspace's own key, cut to 128 bits. Without the key nobody can try
names or numbers; with it two workspaces still cannot be joined. A key that has been changed is a
chain: each generation hashes what the one before made (docs/decisions/0020-people.md).
"""

from __future__ import annotations

import hmac
import unicodedata
from collections.abc import Callable, Sequence
from typing import TypeAlias

import polars as pl

from otdacha.records.identifiers import as_snils
from otdacha.records.values import Parsed, as_dates, parse_each

KEY_BYTES = 32
Keys: TypeAlias = tuple[bytes, ...]
"""The key of every generation, the first one first."""
_LATIN = str.maketrans("aceopxykmthb", "асеорхукмтнв")
_FIELD = "\x1f"


def pseudonym(keys: Keys, prefix: str, identity: str) -> str:
    """A prefix that tells what the identity was made of, and 32 hexadecimal digits."""
    first, *later = keys
    return renewed(_hashed(first, prefix, identity), later)


def renewed(old: str, keys: Sequence[bytes]) -> str:
    """A pseudonym carried through further generations of the key; the prefix stays."""
    for key in keys:
        old = _hashed(key, old[0], old)
    return old


def _hashed(key: bytes, prefix: str, identity: str) -> str:
    digest = hmac.digest(key, f"{prefix}{_FIELD}{identity}".encode(), "sha256")
    return prefix + digest[:16].hex()


def person_by_snils(cells: pl.Series, keys: Keys) -> Parsed:
    """Pseudonyms "s..." of people by their СНИЛС; a wrong one is the fault `bad_snils`."""
    numbers = as_snils(cells)
    return Parsed(_keyed(numbers.value, keys, "s"), numbers.fault)


def person_by_name(names: pl.Series, birth_dates: pl.Series, keys: Keys) -> Parsed:
    """Pseudonyms "n..." by full name and birth date; null where either is missing.

    The fault is that of a birth date that cannot be read.
    """
    days = as_dates(birth_dates)
    frame = pl.DataFrame([_per_cell(names, folded_name).alias("name"), days.value.alias("day")])
    joint = pl.concat_str("name", pl.col("day").cast(pl.String), separator=_FIELD)
    return Parsed(_keyed(frame.select(joint)["name"], keys, "n"), days.fault)


def badge(municipalities: pl.Series, numbers: pl.Series, keys: Keys) -> pl.Series:
    """Pseudonyms "b..." by municipality and personnel number (табельный номер)."""
    frame = pl.DataFrame(
        [municipalities.alias("municipality"), _per_cell(numbers, folded_badge).alias("badge")]
    )
    joint = pl.concat_str("municipality", "badge", separator=_FIELD)
    return _keyed(frame.select(joint)["municipality"], keys, "b")


def renewed_columns(
    rows: pl.DataFrame, columns: Sequence[str], keys: Sequence[bytes]
) -> pl.DataFrame:
    """Rows whose pseudonyms in `columns` are carried through further generations of the key."""
    if not keys:
        return rows
    return rows.with_columns(
        _per_cell(rows[name], lambda old: renewed(old, keys)).alias(name)
        for name in columns
        if name in rows.columns
    )


def folded_name(name: str) -> str:
    """A name as it is compared: case, ё/е, spaces, dots and Latin look-alikes do not matter."""
    plain = unicodedata.normalize("NFC", name).casefold().replace("ё", "е")
    if any("а" <= char <= "я" for char in plain):
        plain = plain.translate(_LATIN)
    return " ".join(plain.replace("–", "-").replace("—", "-").replace(".", " ").split())


def folded_badge(number: str) -> str:
    """A personnel number as it is compared: case, spaces and leading zeros do not matter."""
    plain = "".join(number.casefold().removesuffix(".0").split())
    return plain.lstrip("0") or "0"


def _keyed(identities: pl.Series, keys: Keys, prefix: str) -> pl.Series:
    return _per_cell(identities, lambda identity: pseudonym(keys, prefix, identity))


def _per_cell(cells: pl.Series, change: Callable[[str], str]) -> pl.Series:
    def parse(distinct: pl.Series) -> pl.DataFrame:
        changed = pl.Series("value", [change(cell) for cell in distinct.to_list()], pl.String)
        return changed.to_frame().with_columns(pl.lit(None, pl.String).alias("fault"))

    return parse_each(cells, parse).value
