"""A Word template filled in with what a document says: texts, rows of tables, drawings.

A template comes from somebody: it may say what is in the content and do nothing else.
"""

from __future__ import annotations

import datetime as dt
import io
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

from docx.document import Document as Word
from docx.enum.text import WD_COLOR_INDEX
from docx.image.image import Image
from docx.oxml.ns import qn
from docx.shared import Mm
from docx.text.run import Run
from docxtpl import DocxTemplate, InlineImage
from jinja2 import StrictUndefined, TemplateError
from jinja2.sandbox import SandboxedEnvironment
from pydantic import BaseModel

from otdacha.documents.docx_parts import same_bytes
from otdacha.errors import FileProblem
from otdacha.language import Language, Text, text

_UNSEEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
"""What XML cannot hold."""
_WIDTH, _HEIGHT = 165, 215
"""Of a drawing at most, in millimetres: it stands on one page with its caption."""
LOCALE: Mapping[Language, str] = {"ru": "ru-RU", "en": "en-GB"}


@dataclass(frozen=True)
class Drawing:
    """A picture of a document. alternative: what it shows, for those who do not see it."""

    png: bytes
    caption: str
    alternative: str


@dataclass(frozen=True)
class Form:
    """A template to be filled in. shipped: it, where `own` is not given. pictures: the places of
    drawings, each with a `…_caption`. strange: what is said where it names what the document does
    not have; its text has `{file}` and `{fault}`."""

    shipped: bytes
    own: Path | None
    pictures: tuple[str, ...]
    strange: Text


@dataclass(frozen=True)
class Given:
    """What only the signer knows, in `language`. fields: as the file of fields says it; asked_for:
    what stands highlighted in the place of a field that is not given."""

    fields: BaseModel
    asked_for: Mapping[str, Text]
    language: Language

    def one(self, field: str) -> str:
        """A field that is a text."""
        return getattr(self.fields, field) or self._open(field)

    def lines(self, field: str) -> list[str]:
        """A field that is a list of texts."""
        return list(getattr(self.fields, field)) or [self._open(field)]

    def _open(self, field: str) -> str:
        return to_fill_in(self.asked_for[field]).said(self.language)


def to_fill_in(what: Text | str) -> Text:
    """What stands in the place of a field that is not given."""
    return text("[fill in: {what}]", what=what)


def word_file(
    form: Form,
    content: Mapping[str, Any],
    drawings: Mapping[str, Drawing],
    title: str,
    made: dt.datetime,
    language: Language,
) -> bytes:
    """The form filled in; what is still to be filled in is highlighted. The same bytes each time.

    Raises FileProblem where the form is no Word file or names what is not in the content.
    """
    word = _filled(form, _shown(dict(content)), drawings)
    _describe(word, drawings.values())
    asked = to_fill_in("").said(language).rstrip("]")
    for run in word.element.body.iter(qn("w:r")):
        if asked in Run(run, word).text:
            Run(run, word).font.highlight_color = WD_COLOR_INDEX.YELLOW
    properties = word.core_properties
    properties.title = title
    properties.created = properties.modified = made.replace(tzinfo=None)
    stream = io.BytesIO()
    word.save(stream)
    return same_bytes(stream.getvalue())


def _filled(form: Form, said: dict[str, Any], drawings: Mapping[str, Drawing]) -> Any:
    try:
        held = form.shipped if form.own is None else form.own.read_bytes()
        filled = DocxTemplate(io.BytesIO(held))
        said = {**said, **_places(filled, form, drawings)}
        filled.render(said, SandboxedEnvironment(undefined=StrictUndefined), autoescape=True)
    except OSError as fault:
        raise FileProblem(
            text("{file} cannot be read: {fault}.", file=form.own, fault=fault.strerror)
        ) from fault
    except TemplateError as fault:
        values = {**form.strange.values, "file": form.own, "fault": fault}
        raise FileProblem(Text(form.strange.template, values)) from fault
    except (ValueError, KeyError, BadZipFile) as fault:
        raise FileProblem(
            text("{file}: this is not a Word file (.docx).", file=form.own)
        ) from fault
    return filled.docx


def _places(template: DocxTemplate, form: Form, drawings: Mapping[str, Drawing]) -> dict[str, Any]:
    """What stands in the places of drawings; nothing where there is none."""
    found: dict[str, Any] = {}
    for place in form.pictures:
        drawing = drawings.get(place)
        found[place] = _on_a_page(template, drawing.png) if drawing else ""
        found[f"{place}_caption"] = drawing.caption if drawing else ""
    return found


def _on_a_page(template: DocxTemplate, png: bytes) -> InlineImage:
    """A drawing as wide as the text, or less where it and its caption would not fit on a page."""
    drawn = Image.from_blob(png)
    fits = drawn.px_height * _WIDTH <= _HEIGHT * drawn.px_width
    size = {"width": Mm(_WIDTH)} if fits else {"height": Mm(_HEIGHT)}
    return InlineImage(template, io.BytesIO(png), **size)


def _describe(word: Word, drawings: Collection[Drawing]) -> None:
    """Give each drawing its alternative text, whatever order a template has put them in."""
    known = {drawing.png: drawing for drawing in drawings}
    for inline in word.element.body.iter(qn("wp:inline")):
        (blip,) = inline.iter(qn("a:blip"))
        drawing = known.get(word.part.related_parts[blip.get(qn("r:embed"))].blob)
        if drawing is not None:
            (properties,) = inline.iter(qn("wp:docPr"))
            properties.set("title", drawing.caption)
            properties.set("descr", drawing.alternative)


def _shown(value: Any) -> Any:
    """The content without signs that no document can hold."""
    if isinstance(value, str):
        return _UNSEEN.sub(" ", value)
    if isinstance(value, dict):
        return {key: _shown(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_shown(one) for one in value]
    return value
