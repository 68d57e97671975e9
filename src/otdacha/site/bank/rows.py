"""Organisations and programmes as rows of tables that more than one page has."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from otdacha.documents.figures import Figure, count_figure, effect_figure, per_10000
from otdacha.documents.numbers import Numbers
from otdacha.language import text
from otdacha.release.states import WORDS, State
from otdacha.site.bank.edition import Edition
from otdacha.site.bank.models import Organisation, Programme


@dataclass(frozen=True)
class Standing:
    """An organisation with its effect on every indicator; effects are empty where `state` says why
    there are none."""

    name: str
    url: str
    region: str
    listed: bool
    state: str
    effects: tuple[Figure, ...]
    trained: Figure


@dataclass(frozen=True)
class Course:
    """A programme with what its organisation's effect is for its price."""

    name: str
    url: str
    organisation: str
    organisation_url: str
    listed: bool
    form: Figure
    hours: Figure
    price: Figure
    trained: Figure
    per_10000: Figure


def standings(organisations: Iterable[Organisation], edition: Edition) -> list[Standing]:
    """The organisations in the order given. Their `row` and `figures` are read."""
    return [_standing(one, edition) for one in organisations]


def _standing(one: Organisation, edition: Edition) -> Standing:
    published = one.state == State.PUBLISHED
    own = {row["indicator"]: row for row in one.figures["effects"]} if published else {}
    return Standing(
        name=one.name,
        url=edition.url("organisation", provider=one.provider),
        region=one.region,
        listed=one.listed,
        state=one.state,
        effects=tuple(
            effect_figure(own[measure.id], measure, edition.numbers)
            for measure in edition.measures
            if published
        ),
        trained=count_figure(one.row, "trained", edition.numbers),
    )


def courses(programmes: Iterable[Programme], edition: Edition) -> list[Course]:
    """The programmes in the order given, each loaded with its organisation."""
    return [_course(one, edition) for one in programmes]


def _course(one: Programme, edition: Edition) -> Course:
    numbers, provider = edition.numbers, one.organisation.provider
    return Course(
        name=one.name,
        url=edition.url("programme", provider=provider, key=one.key),
        organisation=one.organisation.name,
        organisation_url=edition.url("organisation", provider=provider),
        listed=one.organisation.listed,
        form=_given(one.form, numbers),
        hours=_given(numbers.decimal(one.hours, 0) if one.hours is not None else "", numbers),
        price=_given(roubles(one.price, numbers) if one.price is not None else "", numbers),
        trained=count_figure(one.row, "trained", numbers),
        per_10000=per_10000(one.row, edition.measures[0], numbers),
    )


def roubles(amount: float, numbers: Numbers) -> str:
    """A price in whole roubles."""
    return text("{amount} ₽", amount=numbers.decimal(amount, 0)).said(numbers.language)


def _given(value: str, numbers: Numbers) -> Figure:
    """What was handed in, or that nothing was."""
    if value:
        return Figure(value)
    missing = State.NOT_COLLECTED
    return Figure(WORDS[missing].said(numbers.language), state=missing)
