"""Files that are small and would fill the memory or never end: made here, opened nowhere."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
from pyarrow import parquet

_SHEET = "xl/worksheets/sheet1.xml"
_NAMESPACE = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_LAUGHS = "".join(f'<!ENTITY a{i + 1} "{f"&a{i};" * 10}">' for i in range(9))
_DTD = f'<!DOCTYPE x [<!ENTITY a0 "ha">{_LAUGHS}]>'


def workbook(sheet: bytes, further: dict[str, bytes] | None = None) -> bytes:
    """An .xlsx with this XML inside its one sheet."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(
            "[Content_Types].xml",
            '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
            '<Default Extension="xml" ContentType="application/xml"/></Types>',
        )
        archive.writestr(
            "xl/workbook.xml",
            f'<workbook xmlns="{_NAMESPACE}" xmlns:r="{_OFFICE}"><sheets>'
            '<sheet name="Лист1" sheetId="1" r:id="rId1"/></sheets></workbook>',
        )
        archive.writestr(
            "xl/_rels/workbook.xml.rels",
            '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
            f'<Relationship Id="rId1" Type="{_OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>'
            "</Relationships>",
        )
        archive.writestr(_SHEET, sheet)
        for name, content in (further or {}).items():
            archive.writestr(name, content)
    return target.getvalue()


def sheet(data: str, before: str = "") -> bytes:
    """The XML of a sheet with these rows."""
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>{before}<worksheet xmlns="{_NAMESPACE}">'
        f"<sheetData>{data}</sheetData></worksheet>"
    ).encode()


def _cell(place: str, said: str = "x") -> str:
    return f'<c r="{place}" t="inlineStr"><is><t>{said}</t></is></c>'


def _claiming(archive: bytes, name: str, size: int) -> bytes:
    """The archive whose directory claims another size of one member."""
    changed = bytearray(archive)
    for mark, at_size, at_name in ((b"PK\x03\x04", 22, 30), (b"PK\x01\x02", 24, 46)):
        start = -1
        while (start := archive.find(mark, start + 1)) >= 0:
            if archive[start + at_name :].startswith(name.encode()):
                struct.pack_into("<I", changed, start + at_size, size)
    return bytes(changed)


def _ods(rows: str) -> bytes:
    office = "urn:oasis:names:tc:opendocument:xmlns"
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr(
            "content.xml",
            f'<office:document-content xmlns:office="{office}:office:1.0" '
            f'xmlns:table="{office}:table:1.0" xmlns:text="{office}:text:1.0"><office:body>'
            f'<office:spreadsheet><table:table table:name="1">{rows}</table:table>'
            "</office:spreadsheet></office:body></office:document-content>",
        )
    return target.getvalue()


def _old_xml(table: str, before: str = "") -> bytes:
    return (
        f'<?xml version="1.0"?>{before}'
        '<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" '
        'xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"><Worksheet ss:Name="1">'
        f"<Table>{table}</Table></Worksheet></Workbook>"
    ).encode()


def _parquet(columns: int, rows: int) -> bytes:
    nothing = pa.nulls(rows, pa.string())
    target = io.BytesIO()
    parquet.write_table(pa.table({f"c{i}": nothing for i in range(columns)}), target)
    return target.getvalue()


BOMBS: dict[str, tuple[str, Callable[[], bytes], str]] = {
    "an archive that claims to unpack to 3 GB": (
        "a.xlsx",
        lambda: _claiming(workbook(sheet(_cell("A1"))), _SHEET, 3 << 30),
        "unpacks to more than 2048 MB",
    ),
    "an archive that claims 1 kB and holds 200 MB": (
        "a.xlsx",
        lambda: _claiming(workbook(sheet(" " * (200 << 20))), _SHEET, 1_000),
        "it is damaged",
    ),
    "a cell in the first and one in the last place of a sheet": (
        "a.xlsx",
        lambda: workbook(
            sheet(f'<row r="1">{_cell("A1")}</row><row r="1048576">{_cell("XFD1048576")}</row>')
        ),
        "reaches to row 1048576 and column 16384",
    ),
    "a thousand million rows": (
        "a.xlsx",
        lambda: workbook(
            sheet(f'<row r="1">{_cell("A1")}</row><row r="1000000000">{_cell("B1000000000")}</row>')
        ),
        "reaches to row 1000000000",
    ),
    "ten million columns in a workbook": (
        "a.xlsx",
        lambda: workbook(sheet(f'<row r="1">{"<c><v>1</v></c>" * 10_000_000}</row>')),
        "column ",
    ),
    "a column beyond all columns": (
        "a.xlsx",
        lambda: workbook(sheet(f'<row r="1">{_cell("ABCDEF1")}</row>')),
        "and column 12850896",
    ),
    "entities in shared strings": (
        "a.xlsx",
        lambda: workbook(
            sheet(_cell("A1")),
            {
                "xl/sharedStrings.xml": f"{_DTD}<sst><si><t>&a9;</t></si></sst>".encode(),
            },
        ),
        "defines XML entities",
    ),
    "entities in a sheet": (
        "a.xlsx",
        lambda: workbook(sheet(_cell("A1", "&a9;"), _DTD)),
        "defines XML entities",
    ),
    "an archive of six thousand files": (
        "a.xlsx",
        lambda: workbook(sheet(_cell("A1")), {f"x/{i}.xml": b"<a/>" for i in range(6_000)}),
        "the archive holds 6004 files",
    ),
    "an OpenDocument cell repeated in every place": (
        "a.ods",
        lambda: _ods(
            '<table:table-row table:number-rows-repeated="1048576"><table:table-cell '
            'office:value-type="float" office:value="1" table:number-columns-repeated="16384"/>'
            "</table:table-row>"
        ),
        "reaches to row 1048576 and column 16384",
    ),
    "a far row and a far column in Excel's XML": (
        "a.xls",
        lambda: _old_xml(
            '<Row><Cell ss:Index="16384"><Data ss:Type="String">x</Data></Cell></Row>'
            '<Row ss:Index="1000000000"><Cell><Data ss:Type="String">x</Data></Cell></Row>'
        ),
        "and column 16384",
    ),
    "entities in Excel's XML": (
        "a.xls",
        lambda: _old_xml('<Row><Cell><Data ss:Type="String">&a9;</Data></Cell></Row>', _DTD),
        "defines XML entities",
    ),
    "a web page of merged cells": (
        "a.xls",
        lambda: b"<html><table><tr>" + b"<td colspan=1000>x" * 1_000 + b"</table></html>",
        "and column 17000",
    ),
    "a Parquet file of 320 million nothings": (
        "a.parquet",
        lambda: _parquet(32, 10_000_000),
        "reaches to row 10000000 and column 32",
    ),
    "a header of ten million columns": (
        "a.csv",
        lambda: b"a;" * 10_000_000 + b"\n1;2;3\n",
        "column 10000001",
    ),
    "a header of ten million columns in one cell's quotes": (
        "a.csv",
        lambda: b'"' + b"a;" * 10_000_000 + b"\n1;2;3\n",
        "column 10000001",
    ),
}
"""By name: the file's name, its bytes, and what the refusal must say."""


def planted(folder: Path) -> dict[str, Path]:
    """Every bomb as a file."""
    files = {}
    for number, (name, (called, make, _)) in enumerate(BOMBS.items()):
        place = folder / str(number)
        place.mkdir()
        (place / called).write_bytes(make())
        files[name] = place / called
    return files
