"""A search for planted secrets in everything that was written or printed, however it is wrapped."""

from __future__ import annotations

import gzip
import html
import io
import re
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path

import polars as pl

ENCODINGS = ("utf-8", "utf-16-le", "utf-16-be", "utf-32-le", "cp1251", "cp866", "koi8-r")
WIDTHS = {"utf-16-le": 2, "utf-16-be": 2, "utf-32-le": 4}
"""Bytes of a letter: a text may begin at any of them."""
_LOOK_ALIKES = str.maketrans("aceopxykmthb", "асеорхукмтнв")
_ESCAPED = re.compile(r"\\u([0-9a-fA-F]{4})")
_BETWEEN_DIGITS = re.compile(r"(?<=\d)[ \u00a0()+–—-]{1,3}(?=\d)")


def leaks(folder: Path, secrets: Iterable[str]) -> list[tuple[str, str]]:
    """(file, secret) for each secret that is in the name or the content of a file in `folder`."""
    found = []
    for path in sorted(folder.rglob("*")):
        name = str(path.relative_to(folder))
        content = list(said_in(path.read_bytes())) if path.is_file() else []
        found += [(name, secret) for secret in secrets_in([name, *content], secrets)]
    return found


def secrets_in(texts: Iterable[str], secrets: Iterable[str]) -> list[str]:
    """The secrets in these texts: case, ё/е, look-alikes and marks between digits aside."""
    plain = "\n".join(map(_plain, texts))
    return [secret for secret in secrets if _plain(secret) in plain]


def said_in(data: bytes) -> Iterator[str]:
    """Everything that the bytes of a file say, as texts: raw, decoded, unpacked, decompressed."""
    for encoding in ENCODINGS:
        for start in range(WIDTHS.get(encoding, 1)):
            yield data[start:].decode(encoding, "replace")
    if data.startswith(b"PAR1"):
        frame = pl.read_parquet(io.BytesIO(data))
        for column in frame.get_columns():
            yield column.name
            yield from column.cast(pl.String).drop_nulls().unique().to_list()
        yield str(pl.read_parquet_metadata(io.BytesIO(data)))
    if data.startswith(b"\x1f\x8b"):
        yield from said_in(gzip.decompress(data))
    if data.startswith(b"PK\x03\x04"):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for member in archive.namelist():
                yield member
                yield from said_in(archive.read(member))


def _plain(said: str) -> str:
    said = html.unescape(_ESCAPED.sub(lambda code: chr(int(code[1], 16)), said))
    said = said.casefold().replace("ё", "е").translate(_LOOK_ALIKES)
    return _BETWEEN_DIGITS.sub("", said)
