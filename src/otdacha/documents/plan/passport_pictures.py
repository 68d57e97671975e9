"""The drawings of the passport: who pays, what other budgets bring, and other ways to choose."""

from __future__ import annotations

import io
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from docx.document import Document as Word
from docx.oxml.ns import qn
from docx.shared import Mm
from docxtpl import DocxTemplate, InlineImage

from otdacha.documents.plan.charts import frontier_of, funding_of, rivals_of
from otdacha.documents.plan.passport_template import PICTURES
from otdacha.language import Language, Text, text
from otdacha.programme.plan import Plan

_WIDTH = 165
"""Millimetres."""


@dataclass(frozen=True)
class Drawing:
    """A picture of a document. alternative: what it shows, for those who do not see it."""

    png: bytes
    caption: str
    alternative: str


def drawings_of(plan: Plan, language: Language) -> dict[str, Drawing]:
    """Those that the plan can give, by their place in the template, numbered as they come."""
    charts = {
        "funding_picture": funding_of(plan, language),
        "frontier_picture": frontier_of(plan, language),
        "rivals_picture": rivals_of(plan, language),
    }
    captions: Mapping[str, Text] = {
        "funding_picture": text("Who pays in each year"),
        "frontier_picture": text("What other budgets would bring"),
        "rivals_picture": text("The plan and other ways to give out the same money"),
    }
    there = [(place, chart) for place in PICTURES if (chart := charts[place]) is not None]
    return {
        place: Drawing(
            png=chart.png(),
            caption=text("Figure {number}. {what}", number=number, what=captions[place]).said(
                language
            ),
            alternative=f"{chart.title}. {chart.description}",
        )
        for number, (place, chart) in enumerate(there, start=1)
    }


def places_of(template: DocxTemplate, drawings: Mapping[str, Drawing]) -> dict[str, Any]:
    """What stands in the places of the template; nothing where there is no drawing."""
    found: dict[str, Any] = {}
    for place in PICTURES:
        drawing = drawings.get(place)
        found[place] = (
            InlineImage(template, io.BytesIO(drawing.png), width=Mm(_WIDTH)) if drawing else ""
        )
        found[f"{place}_caption"] = drawing.caption if drawing else ""
    return found


def describe(word: Word, drawings: Collection[Drawing]) -> None:
    """Give each drawing its alternative text, whatever order a template has put them in."""
    known = {drawing.png: drawing for drawing in drawings}
    for inline in word.element.body.iter(qn("wp:inline")):
        (blip,) = inline.iter(qn("a:blip"))
        drawing = known.get(word.part.related_parts[blip.get(qn("r:embed"))].blob)
        if drawing is not None:
            (properties,) = inline.iter(qn("wp:docPr"))
            properties.set("title", drawing.caption)
            properties.set("descr", drawing.alternative)
