"""The passport of the programme as a Word file that can be edited and signed."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

from docx.enum.text import WD_COLOR_INDEX
from docx.oxml.ns import qn
from docx.text.run import Run
from docxtpl import DocxTemplate
from jinja2 import StrictUndefined, TemplateError
from jinja2.sandbox import SandboxedEnvironment

from otdacha.documents.plan.docx_parts import same_bytes
from otdacha.documents.plan.fields import Fields
from otdacha.documents.plan.passport_content import content
from otdacha.documents.plan.passport_pictures import (
    Drawing,
    describe,
    drawings_of,
    places_of,
)
from otdacha.documents.plan.passport_template import passport_template
from otdacha.documents.plan.writing import made, put
from otdacha.errors import FileProblem, ProgrammeProblem
from otdacha.language import Language, text
from otdacha.programme.plan import Plan
from otdacha.release import Release

_UNSEEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
"""What XML cannot hold."""


def write_passport(
    plan: Plan,
    path: Path,
    language: Language = "ru",
    fields: Fields | None = None,
    template: Path | None = None,
    *,
    release: Release | None = None,
) -> Path:
    """Write the passport of a plan's programme as a Word file to `path`, and give back its path.

    fields: what only the union knows (`load_fields`); what is not given is a highlighted place to
    fill in. template: a Word file made with `write_passport_template` and changed; by default the
    one that ships. release: the one the plan was made from, for figures of it in the text. The same
    plan and fields give the same bytes.

    Raises FileProblem where the template is no Word file or names what a passport does not have,
    ProgrammeProblem where the release is not the plan's, WorkspaceProblem where the file cannot be
    written.
    """
    if release is not None:
        _refuse_another(plan, release)
    said = _shown(content(plan, language, fields or Fields(), release))
    drawings = drawings_of(plan, language)
    word = _filled(template, said, drawings, language)
    describe(word, drawings.values())
    asked = text("[fill in: {what}]", what="").said(language).rstrip("]")
    for run in word.element.body.iter(qn("w:r")):
        if asked in Run(run, word).text:
            Run(run, word).font.highlight_color = WD_COLOR_INDEX.YELLOW
    properties = word.core_properties
    properties.title = str(said["title"])
    properties.created = properties.modified = made(plan).replace(tzinfo=None)
    stream = io.BytesIO()
    word.save(stream)
    return put(path, same_bytes(stream.getvalue()))


def _filled(
    template: Path | None,
    said: dict[str, Any],
    drawings: Mapping[str, Drawing],
    language: Language,
) -> Any:
    try:
        held = passport_template(language) if template is None else template.read_bytes()
        filled = DocxTemplate(io.BytesIO(held))
        # a template comes from somebody: it may say what is in the content and do nothing else
        said = {**said, **places_of(filled, drawings)}
        filled.render(said, SandboxedEnvironment(undefined=StrictUndefined), autoescape=True)
    except OSError as fault:
        raise FileProblem(
            text("{file} cannot be read: {fault}.", file=template, fault=fault.strerror)
        ) from fault
    except TemplateError as fault:
        raise FileProblem(
            text(
                "{file}: the template asks for something that a passport does not have ({fault}). "
                "Compare it with a new one.",
                file=template,
                fault=fault,
            )
        ) from fault
    except (ValueError, KeyError, BadZipFile) as fault:
        raise FileProblem(
            text("{file}: this is not a Word file (.docx).", file=template)
        ) from fault
    return filled.docx


def _refuse_another(plan: Plan, release: Release) -> None:
    known = plan.manifest["release"]
    if known is None or known["hash"] != release.hash:
        raise ProgrammeProblem(
            text(
                "Plan {plan} was not made from this release {release}. Give the one that its "
                "manifest names.",
                plan=plan.id,
                release=release.id,
            )
        )


def _shown(value: Any) -> Any:
    """The content without signs that no document can hold."""
    if isinstance(value, str):
        return _UNSEEN.sub(" ", value)
    if isinstance(value, dict):
        return {key: _shown(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_shown(one) for one in value]
    return value
