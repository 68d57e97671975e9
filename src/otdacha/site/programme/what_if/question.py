"""A question as it is asked by a form, checked, and named by what it is about."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from otdacha.language import Text, text
from otdacha.site.programme.edition import PlanEdition
from otdacha.site.programme.models import Plan
from otdacha.site.programme.words import SOURCES

LEARNING, CAUTION = "learning", "caution"


@dataclass(frozen=True)
class Slider:
    """One thing that can be moved. value, most: in whole percent, from 0; own: the plan's own."""

    name: str
    label: Text
    note: Text | None
    own: int
    most: int
    value: int


@dataclass(frozen=True)
class Question:
    """values: what each slider stands at, in percent."""

    values: Mapping[str, int]
    problems: tuple[Text, ...] = field(default=())

    def key(self, plan: Plan) -> str:
        """Names the question and the plan that it is asked of: the same has the same answer."""
        said = json.dumps([plan.hash, dict(sorted(self.values.items()))])
        return sha256(said.encode()).hexdigest()[:32]


def sliders(edition: PlanEdition, values: Mapping[str, int]) -> list[Slider]:
    """What can be moved in this plan: its sources of money, and what evidence makes possible."""
    facts = edition.plan.manifest["parameters"]
    sources = [code for code in SOURCES if code in edition.plan.sources]
    made = [
        Slider(
            code,
            text("{source}, in percent of what there is", source=SOURCES[code]),
            None,
            100,
            200,
            values.get(code, 100),
        )
        for code in sources
    ]
    if not edition.evident:
        return made
    learning = round(100 * facts["learning_share"])
    caution = round(100 * facts["caution"]["weight"])
    return [
        *made,
        Slider(
            LEARNING,
            text("Places to learn from, in percent of all"),
            text("Kept for organisations of which too little is known yet."),
            learning,
            50,
            values.get(LEARNING, learning),
        ),
        Slider(
            CAUTION,
            text("Caution, in percent"),
            text("0: what is best on average; 100: only the worst turns count."),
            caution,
            100,
            values.get(CAUTION, caution),
        ),
    ]


def asked(edition: PlanEdition, form: Mapping[str, Any]) -> Question:
    """Read a form. Of a slider's two fields the one that was moved counts; the number, if both.

    `NAME` is the field of the number, `NAME-slider` that of the slider, `NAME-was` what both were.
    """
    values: dict[str, int] = {}
    problems: list[Text] = []
    for slider in sliders(edition, {}):
        was = _whole(form.get(f"{slider.name}-was", ""))
        number, moved = form.get(slider.name, ""), form.get(f"{slider.name}-slider", "")
        given = moved if moved and _whole(number) == was and _whole(moved) != was else number
        value = slider.own if given == "" else _whole(given)
        if value is None or value > slider.most:
            problems.append(
                text(
                    "{name}: “{value}” is not a whole number from 0 to {most}.",
                    name=slider.label,
                    value=str(given)[:20],
                    most=slider.most,
                )
            )
            value = slider.own
        values[slider.name] = value
    return Question(values, tuple(problems))


def _whole(given: str) -> int | None:
    return int(given) if re.fullmatch("[0-9]{1,3}", given.strip()) else None
