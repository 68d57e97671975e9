"""The parts a Word document is built from, as Russian offices expect them: ГОСТ Р 7.0.97-2016.

A4, margins of 30, 10, 20 and 20 mm, Times New Roman 14, pages numbered at the top from the second
on, real headings, tables whose heads are repeated on every page and whose rows are never split.
"""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from collections.abc import Collection, Sequence

from docx import Document
from docx.document import Document as Word
from docx.enum.section import WD_ORIENT
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor
from docx.table import Table, _Cell, _Row
from docx.text.paragraph import Paragraph

FONT = "Times New Roman"
WIDTH = 170
"""Millimetres between the margins."""
LEFT, RIGHT = WD_ALIGN_PARAGRAPH.LEFT, WD_ALIGN_PARAGRAPH.RIGHT
CENTRE, JUSTIFIED = WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.JUSTIFY
_BUILT = (2000, 1, 1, 0, 0, 0)


def new_document(locale: str) -> Word:
    """An empty document with its page, its styles and its page numbers. locale: as in "ru-RU"."""
    word = Document()
    section = word.sections[0]
    section.orientation = WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin, section.right_margin = Mm(30), Mm(10)
    section.top_margin = section.bottom_margin = Mm(20)
    section.header_distance = section.footer_distance = Mm(10)
    section.different_first_page_header_footer = True
    _styled(word, locale)
    number = section.header.paragraphs[0]
    number.style = word.styles["Small"]
    number.alignment = CENTRE
    _field(number, "PAGE")
    return word


def _styled(word: Word, locale: str) -> None:
    normal = word.styles["Normal"]
    _lettered(normal, 14)
    spoken = OxmlElement("w:lang")
    spoken.set(qn("w:val"), locale)
    normal.element.get_or_add_rPr().append(spoken)
    normal.paragraph_format.space_after = Pt(0)
    normal.paragraph_format.line_spacing = 1.1
    for level, size in ((1, 14), (2, 14)):
        style = word.styles[f"Heading {level}"]
        _lettered(style, size)
        style.font.bold, style.font.italic = True, False
        style.font.color.rgb = RGBColor(0, 0, 0)
        shape = style.paragraph_format
        shape.alignment = CENTRE if level == 1 else LEFT
        shape.space_before, shape.space_after = Pt(14), Pt(8)
        shape.keep_with_next = True
    for name, size in (("Cells", 11), ("Narrow cells", 9), ("Small", 10)):
        style = word.styles.add_style(name, 1)
        style.base_style = normal
        _lettered(style, size)
        style.paragraph_format.line_spacing = 1.0
    caption = word.styles["Caption"]
    _lettered(caption, 12)
    caption.font.bold, caption.font.italic = False, False
    caption.font.color.rgb = RGBColor(0, 0, 0)
    caption.paragraph_format.keep_with_next = True
    caption.paragraph_format.space_before, caption.paragraph_format.space_after = Pt(8), Pt(4)


def _lettered(style: object, size: int) -> None:
    style.font.name, style.font.size = FONT, Pt(size)  # type: ignore[attr-defined]
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()  # type: ignore[attr-defined]
    for kind in list(fonts.attrib):
        if "Theme" in kind:
            del fonts.attrib[kind]
    for kind in ("ascii", "hAnsi", "cs", "eastAsia"):
        fonts.set(qn(f"w:{kind}"), FONT)


def _field(paragraph: Paragraph, said: str) -> None:
    for kind, inside in (("begin", None), (None, said), ("end", None)):
        run = paragraph.add_run()
        if kind:
            char = OxmlElement("w:fldChar")
            char.set(qn("w:fldCharType"), kind)
            run._r.append(char)
        else:
            code = OxmlElement("w:instrText")
            code.set(qn("xml:space"), "preserve")
            code.text = inside
            run._r.append(code)


def paragraph(
    word: Word, said: str, *, align: WD_ALIGN_PARAGRAPH = JUSTIFIED, style: str = "Normal",
    bold: bool = False, indented: bool = True, before: int | None = None,
) -> Paragraph:  # fmt: skip
    made = word.add_paragraph(style=style)
    made.alignment = align
    if before is not None:
        made.paragraph_format.space_before = Pt(before)
    if indented:
        made.paragraph_format.first_line_indent = Mm(12.5)
    made.add_run(said).bold = bold
    return made


def repeated(word: Word, each: str, among: str, said: str) -> list[Paragraph]:
    """A paragraph for each item of a list; the lines that say so vanish when it is filled in."""
    return [
        paragraph(word, f"{{%p for {each} in {among} %}}", indented=False),
        paragraph(word, said),
        paragraph(word, "{%p endfor %}", indented=False),
    ]


def grid(
    word: Word, heads: Sequence[str], widths: Sequence[float], row: Sequence[str], among: str,
    *, total: Sequence[str] = (), style: str = "Cells", figures_from: int = 1,
    words_last: bool = False,
) -> Table:  # fmt: skip
    """A table with a row for each item of `among`, called `row` in it.

    widths: in millimetres. total: a last row in bold. figures_from: the first column that is set
    to the right; all after it are, but the last where that holds words.
    """
    table: Table = word.add_table(rows=0, cols=len(heads))
    table.style = "Table Grid"
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    table.autofit = False
    if style == "Narrow cells":
        _close_edges(table)
    head = _new_row(table)
    _marked(head, "w:tblHeader")
    for cell, said in zip(head.cells, heads, strict=True):
        _filled(cell, said, style, bold=True, align=CENTRE)
    _new_row(table).cells[0].text = f"{{%tr for row in {among} %}}"
    figures = range(figures_from, len(heads) - words_last)
    _row(table, row, style, figures, bold=False)
    _new_row(table).cells[0].text = "{%tr endfor %}"
    if total:
        _row(table, total, style, figures, bold=True)
    for one in table.rows:
        _marked(one, "w:cantSplit")
        for cell, width in zip(one.cells, widths, strict=True):
            cell.width = Mm(width)
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Mm(width)
    return table


def form(word: Word, entries: Sequence[tuple[str, str]], numbered: Collection[str] = ()) -> Table:
    """Two columns: what is asked, and the answer. An answer `[x]` is a list, an item per line; the
    items of those that are `numbered` begin with their number."""
    table: Table = word.add_table(rows=0, cols=2)
    table.style = "Table Grid"
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    table.autofit = False
    for column, width in zip(table.columns, (50, 120), strict=True):
        column.width = Mm(width)
    for label, answer in entries:
        row = _new_row(table)
        _filled(row.cells[0], label, "Cells", bold=True)
        if answer.startswith("["):
            cell = row.cells[1]
            cell.paragraphs[0].add_run(f"{{%p for item in {answer[1:-1]} %}}")
            number = "{{ loop.index }}) " if answer in numbered else ""
            cell.add_paragraph(style="Cells").add_run(number + "{{ item }}")
            cell.add_paragraph().add_run("{%p endfor %}")
        else:
            _filled(row.cells[1], answer, "Cells")
        for cell, width in zip(row.cells, (50, 120), strict=True):
            cell.width = Mm(width)
    return table


def _close_edges(table: Table) -> None:
    """Less room at the sides of its cells, so that no word of a head is broken."""
    edges = OxmlElement("w:tblCellMar")
    for side in ("left", "right"):
        edge = OxmlElement(f"w:{side}")
        edge.set(qn("w:w"), "45")
        edge.set(qn("w:type"), "dxa")
        edges.append(edge)
    table._tbl.tblPr.append(edges)


def _row(table: Table, said: Sequence[str], style: str, figures: range, *, bold: bool) -> None:
    for at, (cell, one) in enumerate(zip(_new_row(table).cells, said, strict=True)):
        _filled(cell, one, style, bold=bold, align=RIGHT if at in figures else LEFT)


def _new_row(table: Table) -> _Row:
    row: _Row = table.add_row()  # type: ignore[no-untyped-call]
    return row


def _filled(
    cell: _Cell, said: str, style: str, *, bold: bool = False, align: WD_ALIGN_PARAGRAPH = LEFT
) -> None:
    inside = cell.paragraphs[0]
    inside.style = style
    inside.alignment = align
    inside.add_run(said).bold = bold


def _marked(row: _Row, kind: str) -> None:
    row._tr.get_or_add_trPr().append(OxmlElement(kind))


def as_template(word: Word, title: str) -> bytes:
    """A template as a Word file: `{{ source }}` at the foot of every page, the same bytes each
    time. title: what the file says of itself."""
    section = word.sections[0]
    for footer in (section.footer, section.first_page_footer):
        inside = footer.paragraphs[0]
        inside.style = word.styles["Small"]
        inside.add_run("{{ source }}")
    properties = word.core_properties
    properties.author, properties.comments = "Otdacha", ""
    properties.title = title
    properties.created = properties.modified = dt.datetime(2000, 1, 1)
    stream = io.BytesIO()
    word.save(stream)
    return same_bytes(stream.getvalue())


def same_bytes(content: bytes) -> bytes:
    """A Word file without the moment it was packed, so that the same content is the same file."""
    packed = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old,
        zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            new.writestr(zipfile.ZipInfo(name, _BUILT), old.read(name), zipfile.ZIP_DEFLATED)
    return packed.getvalue()
