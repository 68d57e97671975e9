"""Excel 97-2003 (.xls): the least that makes a workbook, by [MS-XLS] and [MS-CFB].

No well-kept library writes this format any more, but the files are still about.
"""

from __future__ import annotations

import datetime as dt
import struct

from tests.property.dirty.drafts import Formula

_SECTOR = 512
_FREE, _END, _FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
_DATE_STYLE = 16  # the first style after the fifteen that every workbook begins with


def _record(kind: int, content: bytes) -> bytes:
    return struct.pack("<HH", kind, len(content)) + content


def _string(said: str) -> bytes:
    """A string with a length of two bytes, in UTF-16."""
    return struct.pack("<HB", len(said.encode("utf-16-le")) // 2, 1) + said.encode("utf-16-le")


def _beginning(kind: int) -> bytes:
    return _record(0x0809, struct.pack("<HHHHII", 0x0600, kind, 0x0DBB, 0x07CC, 0, 6))


def _style(number_format: int) -> bytes:
    return _record(0x00E0, struct.pack("<HHH", 0, number_format, 0) + bytes(14))


def _cell(row: int, column: int, cell: object) -> bytes:
    place = struct.pack("<HHH", row, column, 0)
    match cell:
        case bool():
            return _record(0x0205, place + bytes([cell, 0]))
        case dt.date():
            dated = struct.pack("<HHH", row, column, _DATE_STYLE)
            return _record(0x0203, dated + struct.pack("<d", (cell - dt.date(1899, 12, 30)).days))
        case int() | float():
            return _record(0x0203, place + struct.pack("<d", cell))
        case Formula():
            raise TypeError("formulas are written as .xlsx only")
    return _record(0x0204, place + _string(str(cell)))


def biff(rows: list[list[object]]) -> bytes:
    """A workbook of one sheet with these cells."""
    sheet = _beginning(0x0010)
    width = max(len(row) for row in rows)
    sheet += _record(0x0200, struct.pack("<IIHHH", 0, len(rows), 0, width, 0))
    for i, row in enumerate(rows):
        for j, cell in enumerate(row):
            if cell is not None:
                sheet += _cell(i, j, cell)
    sheet += _record(0x000A, b"")
    name = "Лист1".encode("utf-16-le")
    styles = _style(0) * _DATE_STYLE + _style(14)
    codepage = _record(0x0042, struct.pack("<H", 1200))
    before = _beginning(0x0005) + codepage + styles
    place = len(before) + 4 + 8 + len(name) + 4  # behind this record and the end of the globals
    bound = _record(0x0085, struct.pack("<IBBBB", place, 0, 0, len(name) // 2, 1) + name)
    return _compound(before + bound + _record(0x000A, b"") + sheet)


def _compound(stream: bytes) -> bytes:
    """A compound file with the one stream `Workbook`."""
    stream += bytes(max(0, 4096 - len(stream)))  # shorter ones would lie in a stream of their own
    stream += bytes(-len(stream) % _SECTOR)
    length = len(stream) // _SECTOR
    sectors = length + 1
    fats = 1
    while fats * (_SECTOR // 4) < sectors + fats:
        fats += 1
    chain = [_FAT] * fats + [_END] + [fats + 2 + i for i in range(length - 1)] + [_END]
    chain += [_FREE] * (fats * (_SECTOR // 4) - len(chain))
    directory = _entry("Root Entry", 5, child=1, start=_END, size=0)
    directory += _entry("Workbook", 2, child=_FREE, start=fats + 1, size=len(stream))
    directory += bytes(_SECTOR - len(directory))
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16)
    header += struct.pack("<HHHHH6xIIIIIIIII", 0x3E, 3, 0xFFFE, 9, 6, 0, fats, fats, 0, 4096,
                          _END, 0, _END, 0)  # fmt: skip
    header += struct.pack(f"<{109}I", *[*range(fats), *[_FREE] * (109 - fats)])
    return header + struct.pack(f"<{len(chain)}I", *chain) + directory + stream


def _entry(name: str, kind: int, *, child: int, start: int, size: int) -> bytes:
    said = name.encode("utf-16-le")
    return (
        said + bytes(64 - len(said)) + struct.pack("<HBBIII", len(said) + 2, kind, 1, _FREE,
                                                   _FREE, child)
        + bytes(36) + struct.pack("<III", start, size, 0)
    )  # fmt: skip
