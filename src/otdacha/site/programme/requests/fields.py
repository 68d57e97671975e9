"""The fields of a need on the form: what is asked, and what can be chosen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from otdacha.effects.result import COMPOSITE
from otdacha.language import Language, Text, text
from otdacha.records.choices import CHOICES
from otdacha.records.explained import COLUMNS, GROUPS
from otdacha.records.tables import table_of
from otdacha.site.bank.edition import Edition, edition_of
from otdacha.site.bank.models import Municipality, Programme
from otdacha.site.programme.edition import PlanEdition

TABLE = "needs"
MUNICIPALITY = "municipality"
INPUTS = table_of(TABLE).inputs
PRIORITIES = ("1", "2", "3", "4", "5")


@dataclass(frozen=True)
class Field:
    """One field. kind: how it is filled in; options: value and words of what can be chosen, or of
    what is proposed for a text."""

    name: str
    label: Text
    hint: Text
    kind: Literal["text", "day", "choice"] = "text"
    options: Sequence[tuple[str, Text]] = field(default=())
    needed: bool = False


@dataclass(frozen=True)
class Group:
    """Fields that belong together."""

    title: Text
    fields: tuple[Field, ...]


@dataclass(frozen=True)
class Known:
    """What the site knows of what can be asked for. towns: code and name; indicators likewise."""

    towns: Sequence[tuple[str, str]]
    topics: Sequence[str]
    indicators: Sequence[tuple[str, str]]


def known(language: Language, plan: PlanEdition | None) -> Known:
    """What the plan knows, and the data bank beside it."""
    bank = plan.release or plan.bank if plan else edition_of(language, None, None)
    measures = bank.measures if bank else ()
    return Known(
        towns=_towns(plan, bank),
        topics=_topics(plan, bank),
        indicators=[(one.id, one.name) for one in measures if one.id != COMPOSITE],
    )


def _towns(plan: PlanEdition | None, bank: Edition | None) -> list[tuple[str, str]]:
    names: dict[str, str] = {}
    if bank is not None:
        found = Municipality.objects.filter(release=bank.release)
        names |= dict(found.values_list("code", "name"))
    if plan is not None:
        names |= dict(plan.plan.towns.values_list("code", "name"))
    return sorted(names.items(), key=lambda town: (town[1], town[0]))


def _topics(plan: PlanEdition | None, bank: Edition | None) -> list[str]:
    offers = plan.table("offers") if plan else None
    if offers is not None:
        return sorted(offers["topic"].drop_nulls().unique())
    if bank is None:
        return []
    found = Programme.objects.filter(release=bank.release).exclude(topic="")
    return sorted(set(found.values_list("topic", flat=True)))


def town_field(there: Known) -> Field:
    """The municipality that asks, one for all its needs."""
    return Field(
        MUNICIPALITY,
        text("Your municipality"),
        text("Where the people work who are to be trained.")
        if there.towns
        else COLUMNS[TABLE][MUNICIPALITY].what,
        "choice" if there.towns else "text",
        _same(there.towns),
        needed=True,
    )


def groups(there: Known) -> tuple[Group, ...]:
    """The fields of one need, as they are asked."""
    reasons = tuple(CHOICES["reason"].items())
    return (
        Group(
            text("Who is to be trained"),
            (
                _field("people", text("How many people"), text("An empty field means one.")),
                _field(
                    "unit",
                    text("Department"),
                    text("As it is called in the files of staff. No names of people."),
                ),
                _field(
                    "position_group",
                    text("Group of positions"),
                    text("May stay empty."),
                    "choice",
                    [(group, text("{value}", value=group)) for group in GROUPS],
                ),
            ),
        ),
        Group(
            text("What for, and by when"),
            (
                _field(
                    "topic",
                    text("Topic"),
                    text("Best one of those that are offered; they are proposed as you write."),
                    options=[(topic, text("{value}", value=topic)) for topic in there.topics],
                ),
                _field(
                    "reason", text("Reason"), COLUMNS[TABLE]["reason"].what, "choice", reasons, True
                ),
                _field("by", text("To be finished by"), COLUMNS[TABLE]["by"].what, "day"),
                _field(
                    "priority",
                    text("Priority"),
                    COLUMNS[TABLE]["priority"].what,
                    "choice",
                    [(one, text("{value}", value=one)) for one in PRIORITIES],
                ),
            ),
        ),
        Group(
            text("The result that is expected from it"),
            (
                _field(
                    "indicator",
                    text("Indicator"),
                    COLUMNS[TABLE]["indicator"].what,
                    "choice" if there.indicators else "text",
                    _same(there.indicators),
                ),
                _field(
                    "change",
                    text("By how much"),
                    text(
                        "In the unit of the indicator: a part as 0.05, days as 2; plus is better."
                    ),
                ),
                _field(
                    "expected_by",
                    text("Result expected by"),
                    COLUMNS[TABLE]["expected_by"].what,
                    "day",
                ),
            ),
        ),
        Group(
            text("For your own files"),
            (
                _field(
                    "need",
                    text("Your number of this need"),
                    text(
                        "Give the number again to correct a need that was sent before. Without one "
                        "the site gives one, the same for the same need."
                    ),
                ),
            ),
        ),
    )


def names() -> tuple[str, ...]:
    """What the fields of a need are called."""
    return tuple(one.name for group in groups(Known((), (), ())) for one in group.fields)


def _field(
    name: str,
    label: Text,
    hint: Text,
    kind: Literal["text", "day", "choice"] = "text",
    options: Sequence[tuple[str, Text]] = (),
    needed: bool = False,
) -> Field:
    return Field(name, label, hint, kind, options, needed)


def _same(pairs: Sequence[tuple[str, str]]) -> list[tuple[str, Text]]:
    """Values whose words are the same in every language."""
    return [(value, text("{value}", value=words)) for value, words in pairs]
