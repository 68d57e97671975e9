"""Bytes to text: which encoding a file is in, decided by what the text then looks like."""

from __future__ import annotations

import re
from codecs import getincrementaldecoder
from collections import Counter
from itertools import islice
from math import log
from pathlib import Path

from otdacha.errors import FileProblem
from otdacha.language import text

_MARKS = (
    (b"\xff\xfe\0\0", "utf-32"),  # before UTF-16, whose mark it begins with
    (b"\0\0\xfe\xff", "utf-32"),
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
_CYRILLIC = ("cp1251", "cp866", "koi8-r")
_SAMPLE = 200_000
_WORDS = 20_000
_PIECE = 1 << 20
_ASCII = bytes(range(0x80))

# How often the letters of Russian occur, per mille (Национальный корпус русского языка).
_LETTERS = dict(
    zip(
        "оеаинтсрвлкмдпуяыьгзбчйхжшюцщэфъё",
        (
            *(110, 85, 80, 74, 67, 63, 55, 47, 45, 44, 35, 32, 30, 28, 26, 20, 19, 17, 17, 16),
            *(16, 14, 12, 10, 9, 7, 6, 5, 4, 3, 3, 0.4, 0.4),
        ),
        strict=True,
    )
)
_RARE = log(0.0001)
_LIKELY = {letter: log(share / 1000) for letter, share in _LETTERS.items()}


def decode(data: bytes, file: Path, declared: str | None = None) -> tuple[str, str]:
    """The text of `data` and the name of its encoding, as `as_utf8` finds it."""
    content, encoding = as_utf8(data, file, declared)
    return content.decode("utf-8"), encoding


def as_utf8(data: bytes, file: Path, declared: str | None = None) -> tuple[bytes, str]:
    """The text of `data` in UTF-8 without a mark, and the name of the encoding it was in.

    UTF-8 and UTF-16 prove themselves; among the one-byte encodings the one wins in which the text
    reads most like Russian (letter frequencies; no capitals inside words; no Latin letter next to
    a Cyrillic one). declared: the encoding the user has told. A file in UTF-8 is not copied.

    Raises FileProblem where the declared encoding does not fit, where two encodings are mixed, and
    where the file is no text at all.
    """
    if declared is not None:
        return _declared(data, file, declared), declared
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _declared(data, file, encoding), encoding
    if b"\0" in data[:_SAMPLE]:
        wide = _utf16(data[:_SAMPLE])
        if wide is None:
            raise FileProblem(
                text(
                    "{file}: this is not a table: the file is neither text nor Excel nor Parquet.",
                    file=file.name,
                )
            )
        return _declared(data, file, wide), wide
    wrong = _first_not_utf8(data)
    if wrong is None:
        return data, "utf-8"
    _refuse_mixed(data, file, wrong)
    encoding = guess_one_byte(data)
    return data.decode(encoding, "replace").encode(), encoding


def _first_not_utf8(data: bytes) -> int | None:
    """The place of the first byte that is no UTF-8; the text is looked at piece by piece."""
    decoder = getincrementaldecoder("utf-8")()
    for start in range(0, len(data), _PIECE):
        waiting = len(decoder.getstate()[0])
        try:
            decoder.decode(data[start : start + _PIECE], start + _PIECE >= len(data))
        except UnicodeDecodeError as fault:
            return start - waiting + fault.start
    return None


def guess_one_byte(data: bytes) -> str:
    """The one-byte encoding in which the bytes read most like Russian, else like Latin script."""
    words = re.finditer(rb"[A-Za-z]*[\x80-\xff][A-Za-z\x80-\xff]*", data)
    sample = b" ".join(word[0] for word in islice(words, _WORDS))[:_SAMPLE]
    scores = {encoding: _likelihood(sample.decode(encoding, "replace")) for encoding in _CYRILLIC}
    scores["cp1252"] = _latin_likelihood(sample.decode("cp1252", "replace"))
    return max(scores, key=lambda encoding: scores[encoding])


def _likelihood(sample: str) -> float:
    capitals_inside = len(re.findall("[а-яё][А-ЯЁ]", sample))
    mixed = len(re.findall("[A-Za-z][А-Яа-яЁё]|[А-Яа-яЁё][A-Za-z]", sample))
    letters = _beyond_ascii(sample)
    likely = sum(count * _LIKELY.get(char.lower(), _RARE) for char, count in letters.items())
    return likely - 6.0 * (capitals_inside + mixed)


def _latin_likelihood(sample: str) -> float:
    """Accents stand between plain letters; two of them in a row are as good as never."""
    letters = _beyond_ascii(sample)
    accents = sum(count for char, count in letters.items() if char.isalpha())
    others = letters.total() - accents
    in_a_row = len(re.findall("[^\x00-\x7f]{2}", sample))
    return 4.0 * log(0.4) * accents + _RARE * (others + in_a_row)


def _beyond_ascii(sample: str) -> Counter[str]:
    """How often each character occurs that is not in ASCII, so not the same in all encodings."""
    return Counter({char: count for char, count in Counter(sample).items() if char > "\x7f"})


def _utf16(sample: bytes) -> str | None:
    """Text of Russian or English in UTF-16 has a zero or a 4 in every second byte."""
    even = sum(byte in (0, 4) for byte in sample[0::2])
    odd = sum(byte in (0, 4) for byte in sample[1::2])
    half = len(sample) / 2
    if odd > 0.9 * half and even < 0.5 * half:
        return "utf-16-le"
    if even > 0.9 * half and odd < 0.5 * half:
        return "utf-16-be"
    return None


def _declared(data: bytes, file: Path, encoding: str) -> bytes:
    try:
        return data.decode(encoding).encode()
    except LookupError as fault:
        raise FileProblem(
            text(
                "{file}: nobody knows the encoding {encoding}; "
                "try utf-8, cp1251, cp866, koi8-r or utf-16.",
                file=file.name,
                encoding=encoding,
            )
        ) from fault
    except UnicodeDecodeError as fault:
        raise FileProblem(
            text(
                "{file}, line {row}: the text is not in the encoding {encoding}. "
                "Leave the encoding out to have it detected, or save the file as UTF-8.",
                file=file.name,
                row=data.count(b"\n", 0, fault.start) + 1,
                encoding=encoding,
            )
        ) from fault


def _refuse_mixed(data: bytes, file: Path, first: int) -> None:
    """Bytes that are mostly UTF-8 letters but not all: two encodings were pasted together."""
    looked_at = data[: 10 * _SAMPLE]
    high = len(looked_at.translate(None, delete=_ASCII))
    in_utf8 = 2 * len(re.findall(rb"[\xd0\xd1][\x80-\xbf]", looked_at))
    if in_utf8 > 0.5 * high:
        raise FileProblem(
            text(
                "{file}, line {row}: the file is in UTF-8 but this line is in another encoding. "
                "Open it in an editor, put that line right and save the file as UTF-8.",
                file=file.name,
                row=data.count(b"\n", 0, first) + 1,
            )
        )
