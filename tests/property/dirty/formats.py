"""Drafts to bytes: text in any dialect, workbooks of five kinds, web pages, Parquet."""

from __future__ import annotations

import csv
import datetime as dt
import io
import zipfile
from collections.abc import Callable, Iterator
from html import escape

import openpyxl
import polars as pl
import xlsxwriter

from tests.property.dirty.biff import biff
from tests.property.dirty.drafts import Draft, Formula

_FIRST_1904 = "days counted from 1904"
_SEPARATORS = {"separated by commas": ",", "separated by tabs": "\t", "separated by bars": "|"}
_ENCODINGS = ("cp1251", "cp866", "koi8-r", "utf-16", "utf-16-le", "utf-32", "utf-8-sig")


def shown(cell: object) -> str:
    """A cell as a spreadsheet program in Russian writes it into text."""
    match cell:
        case None:
            return ""
        case bool():
            return "ИСТИНА" if cell else "ЛОЖЬ"
        case dt.date():
            return f"{cell:%d.%m.%Y}"
        case float():
            return str(cell).replace(".", ",")
        case Formula():
            return shown(cell.value)
    return str(cell)


def _csv(draft: Draft) -> bytes:
    separator = next((_SEPARATORS[name] for name in _SEPARATORS if name in draft.traits), ";")
    end = "\r\n" if "CRLF" in draft.traits else "\n"
    encoding = next((name for name in _ENCODINGS if name in draft.traits), "utf-8")
    quoting = csv.QUOTE_ALL if "every cell quoted" in draft.traits else csv.QUOTE_MINIMAL
    content = io.StringIO(newline="")
    if "the line sep=" in draft.traits:
        content.write(f"sep={separator}{end}")
    writer = csv.writer(content, delimiter=separator, lineterminator=end, quoting=quoting)
    behind = [""] if "a separator behind each row" in draft.traits else []
    for row in draft.grid():
        writer.writerow([*map(shown, row), *behind] if row else [])
    written = content.getvalue()
    if "CR" in draft.traits:  # an old Mac knows no other line break, in cells neither
        written = written.replace("\n", "\r")
    return written.encode(encoding)


def _xlsx(draft: Draft) -> bytes:
    if "written by openpyxl" in draft.traits or "uncomputed" in draft.traits:
        return _by_openpyxl(draft)
    target = io.BytesIO()
    options = {
        "in_memory": True,
        "constant_memory": "strings inside cells" in draft.traits,
        "date_1904": _FIRST_1904 in draft.traits,
        "strings_to_urls": False,
    }
    book = xlsxwriter.Workbook(target, options)
    style = book.add_format({"num_format": "dd.mm.yyyy"})
    for name, rows, hidden in _pages(draft):
        sheet = book.add_worksheet(name)
        if hidden:
            sheet.hide()
        for i, row in enumerate(rows):
            for j, cell in enumerate(row):
                _write(sheet, i, j, cell, style, computed="computed cells" in draft.traits)
        if name == "Данные":
            for first, left, last, right in _merges(draft):
                sheet.merge_range(first, left, last, right, "")
                _write(sheet, first, left, rows[first][left], style, computed=False)
            sheet.activate()
            sheet.set_first_sheet()
    book.close()
    return target.getvalue()


def _write(sheet: object, i: int, j: int, cell: object, style: object, *, computed: bool) -> None:
    write: Callable[..., object] = sheet.write  # type: ignore[attr-defined]
    if isinstance(cell, Formula):
        sheet.write_formula(i, j, cell.formula, None, cell.value)  # type: ignore[attr-defined]
    elif isinstance(cell, dt.date):
        sheet.write_datetime(i, j, cell, style)  # type: ignore[attr-defined]
    elif computed and isinstance(cell, str) and '"' not in cell and cell.strip():
        sheet.write_formula(i, j, f'="{cell}"', None, cell)  # type: ignore[attr-defined]
    elif isinstance(cell, str):
        sheet.write_string(i, j, cell)  # type: ignore[attr-defined]
    elif cell is not None:
        write(i, j, cell)


def _by_openpyxl(draft: Draft) -> bytes:
    book = openpyxl.Workbook()
    book.remove(book.active)  # type: ignore[arg-type]
    for name, rows, hidden in _pages(draft):
        sheet = book.create_sheet(name)
        sheet.sheet_state = "hidden" if hidden else "visible"
        for i, row in enumerate(rows, start=1):
            for j, cell in enumerate(row, start=1):
                known = cell.formula if isinstance(cell, Formula) else cell
                sheet.cell(i, j, known)
        if name == "Данные":
            for first, left, last, right in _merges(draft):
                sheet.merge_cells(
                    start_row=first + 1,
                    start_column=left + 1,
                    end_row=last + 1,
                    end_column=right + 1,
                )
    book.active = len(book.sheetnames) - 1
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def _pages(draft: Draft) -> Iterator[tuple[str, list[list[object]], bool]]:
    """Name, rows and whether it is hidden of each sheet, from the left."""
    if "a legend on the first sheet" in draft.traits:
        yield "Пояснения", [["ОКТМО", "код города"], ["Часы", "академические"]], False
    if "a hidden older copy first" in draft.traits:
        yield "Старое", [*draft.head, *(line.cells for line in draft.lines[:2])], True
    yield "Данные", _without_joined(draft), False


def _without_joined(draft: Draft) -> list[list[object]]:
    top = [[*row] for row in (*draft.above, *draft.head)]
    for line in draft.lines:
        top.append([None if j in line.joined else cell for j, cell in enumerate(line.cells)])
    return top


def _merges(draft: Draft) -> Iterator[tuple[int, int, int, int]]:
    """First row, left column, last row, right column of every merged range."""
    above = len(draft.above)
    for at, left, right in draft.wide:
        yield above + at, left, above + at, right
    first = above + len(draft.head)
    for column in range(len(draft.inputs)):
        joined = [at for at, line in enumerate(draft.lines) if column in line.joined]
        for at in joined:
            if at - 1 not in joined:
                last = at
                while last + 1 in joined:
                    last += 1
                yield first + at - 1, column, first + last, column


def _spans(draft: Draft) -> tuple[dict[tuple[int, int], tuple[int, int]], set[tuple[int, int]]]:
    """Height and width of the merged cells by their first, and the cells they cover."""
    spans, covered = {}, set()
    for first, left, last, right in _merges(draft):
        spans[first, left] = (last - first + 1, right - left + 1)
        covered |= {(i, j) for i in range(first, last + 1) for j in range(left, right + 1)} - {
            (first, left)
        }
    return spans, covered


def _html(draft: Draft) -> bytes:
    encoding = "cp1251" if "html in cp1251" in draft.traits else "utf-8"
    spans, covered = _spans(draft)
    rows = []
    for i, row in enumerate(draft.grid()):
        cells = []
        for j, cell in enumerate(row):
            if (i, j) in covered:
                continue
            tall, wide = spans.get((i, j), (1, 1))
            said = escape(shown(cell)).replace("\n", "<br>").replace("\u00a0", "&nbsp;")
            said = f"<span>{said}</span>" if "cells with spans" in draft.traits else said
            cells.append(f"<td rowspan={tall} colspan={wide}>{said}</td>")
        rows.append(f"<tr>{''.join(cells)}</tr>")
    page = (
        f'<html><head><meta charset="{encoding}"><title>Выгрузка</title></head><body>'
        f"<table border=1>{''.join(rows)}</table></body></html>"
    )
    return page.encode(encoding)


def _xml(draft: Draft) -> bytes:
    spans, covered = _spans(draft)
    rows = []
    for i, row in enumerate(draft.grid()):
        cells = []
        for j, cell in enumerate(row):
            if (i, j) in covered or cell is None:
                continue
            tall, wide = spans.get((i, j), (1, 1))
            kind, said = "String", shown(cell)
            if isinstance(cell, dt.date):
                kind, said = "DateTime", f"{cell.isoformat()}T00:00:00.000"
            elif isinstance(cell, bool):
                kind, said = "Boolean", str(int(cell))
            elif isinstance(cell, int | float):
                kind, said = "Number", str(cell)
            merged = f' ss:MergeDown="{tall - 1}" ss:MergeAcross="{wide - 1}"'
            said = escape(said).replace("\n", "&#10;")
            cells.append(
                f'<Cell ss:Index="{j + 1}"{merged * ((tall, wide) != (1, 1))}>'
                f'<Data ss:Type="{kind}">{said}</Data></Cell>'
            )
        if cells:
            rows.append(f'<Row ss:Index="{i + 1}">{"".join(cells)}</Row>')
    return (
        '<?xml version="1.0" encoding="utf-8"?><?mso-application progid="Excel.Sheet"?>'
        '<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" '
        'xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet">'
        f'<Worksheet ss:Name="Лист1"><Table>{"".join(rows)}</Table></Worksheet></Workbook>'
    ).encode()


def _ods(draft: Draft) -> bytes:
    office = "urn:oasis:names:tc:opendocument:xmlns"
    rows = []
    for row in draft.grid():
        cells = []
        for cell in row:
            if cell is None or cell == "":
                cells.append("<table:table-cell/>")
                continue
            kind = 'office:value-type="string"'
            if isinstance(cell, dt.date):
                kind = f'office:value-type="date" office:date-value="{cell.isoformat()}"'
            elif isinstance(cell, bool):
                kind = f'office:value-type="boolean" office:boolean-value="{str(cell).lower()}"'
            elif isinstance(cell, int | float):
                kind = f'office:value-type="float" office:value="{cell}"'
            said = "".join(f"<text:p>{escape(p)}</text:p>" for p in shown(cell).split("\n"))
            cells.append(f"<table:table-cell {kind}>{said}</table:table-cell>")
        rows.append(f"<table:table-row>{''.join(cells)}</table:table-row>")
    rows.append(
        '<table:table-row table:number-rows-repeated="1048000">'
        '<table:table-cell table:number-columns-repeated="16384"/></table:table-row>'
    )
    content = (
        '<?xml version="1.0" encoding="UTF-8"?><office:document-content '
        f'xmlns:office="{office}:office:1.0" xmlns:table="{office}:table:1.0" '
        f'xmlns:text="{office}:text:1.0"><office:body><office:spreadsheet>'
        f'<table:table table:name="Лист1">{"".join(rows)}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("mimetype", kind, zipfile.ZIP_STORED)
        archive.writestr(
            "META-INF/manifest.xml",
            f'<manifest:manifest xmlns:manifest="{office}:manifest:1.0">'
            f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{kind}"/>'
            "</manifest:manifest>",
        )
        archive.writestr("content.xml", content, zipfile.ZIP_DEFLATED)
    return target.getvalue()


def _xls(draft: Draft) -> bytes:
    return biff(draft.grid())


def _parquet(draft: Draft) -> bytes:
    columns = {}
    for i, header in enumerate(draft.head[-1]):
        cells = [line.cells[i] for line in draft.lines]
        kinds = {type(cell) for cell in cells if cell is not None}
        if len(kinds) > 1 and kinds != {int, float}:
            cells = [None if cell is None else shown(cell) for cell in cells]
        columns[str(header)] = pl.Series(cells, strict=False)
    target = io.BytesIO()
    pl.DataFrame(columns).write_parquet(target)
    return target.getvalue()


WRITERS: dict[str, tuple[str, Callable[[Draft], bytes]]] = {
    "csv": (".csv", _csv),
    "xlsx": (".xlsx", _xlsx),
    "xls": (".xls", _xls),
    "html": (".xls", _html),
    "xml": (".xls", _xml),
    "ods": (".ods", _ods),
    "parquet": (".parquet", _parquet),
}
"""Each format: the ending of its name, and how a draft is written in it."""


def name_of(draft: Draft, format: str) -> str:
    """The name of the file, which may lie about what is in it."""
    for ending in (".csv", ".xls"):
        if f"called {ending}" in draft.traits:
            return f"file{ending}"
    return f"file{WRITERS[format][0]}"
