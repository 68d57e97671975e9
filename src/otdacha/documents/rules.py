"""The rules of a methodology file, one by one: what each is called, its value, what it means."""

from __future__ import annotations

from dataclasses import dataclass

from otdacha.documents.numbers import Numbers
from otdacha.documents.rule_words import RULES
from otdacha.language import text
from otdacha.methodology import Methodology


@dataclass(frozen=True)
class Rule:
    """One rule in the reader's words; key: where it stands in the file."""

    key: str
    name: str
    value: str
    meaning: str


@dataclass(frozen=True)
class Rules:
    """The rules of one part of the file."""

    part: str
    title: str
    rules: tuple[Rule, ...]


@dataclass(frozen=True)
class Measured:
    """An indicator as the methodology file defines it."""

    name: str
    why: str
    unit: str
    better: str
    weight: str
    author: str
    checked_by: str
    reviewed: str
    next_review: str
    placebo: bool


def indicators(methodology: Methodology, numbers: Numbers) -> list[Measured]:
    """What is measured, in the order of the file."""
    language = numbers.language
    return [
        Measured(
            name=one.name.said(language),
            why=one.why.said(language),
            unit=one.unit.said(language),
            better=(
                text("more is better") if one.better == "higher" else text("less is better")
            ).said(language),
            weight=numbers.percent(methodology.weights[one.id]),
            author=one.author,
            checked_by=one.checked_by,
            reviewed=numbers.day(one.reviewed),
            next_review=numbers.day(one.next_review),
            placebo=one.placebo,
        )
        for one in methodology.indicators
    ]


def rules(methodology: Methodology, numbers: Numbers) -> list[Rules]:
    """Every rule of the file but the indicators, part by part."""
    return [
        Rules(
            part=part,
            title=title.said(numbers.language),
            rules=tuple(
                Rule(
                    key=f"{part}.{key}",
                    name=told.name.said(numbers.language),
                    value=told.shown(getattr(getattr(methodology, part), key), numbers),
                    meaning=told.meaning.said(numbers.language),
                )
                for key, told in known.items()
            ),
        )
        for part, (title, known) in RULES.items()
    ]
