"""A programme as a row of a table, and the one way in which a price is written."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from otdacha.documents.figures import Figure, count_figure, per_10000
from otdacha.documents.numbers import NO_BREAK, Numbers
from otdacha.language import text
from otdacha.release.states import WORDS, State
from otdacha.site.bank.edition import Edition
from otdacha.site.bank.models import Programme


@dataclass(frozen=True)
class Offer:
    """One programme; hours, form and price say why they are not there."""

    name: str
    href: str
    organisation: str
    organisation_href: str
    listed: bool
    chosen: bool
    topic: str
    topic_href: str
    hours: Figure
    form: Figure
    price: Figure
    trained: Figure
    per_10000: Figure


def offers(edition: Edition, programmes: Iterable[Programme], chosen: int = 0) -> list[Offer]:
    """Programmes, each loaded with its organisation, in the order given.

    chosen: the key in the database of the one whose page it is.
    """
    return [_offer(edition, one, chosen=one.pk == chosen) for one in programmes]


def _offer(edition: Edition, programme: Programme, *, chosen: bool) -> Offer:
    numbers, organisation = edition.numbers, programme.organisation
    slug = programme.topic_slug
    return Offer(
        name=programme.name or text("Programme without a name").said(edition.language),
        href=edition.url("programme", provider=organisation.provider, key=programme.key),
        organisation=organisation.name,
        organisation_href=edition.url("organisation", provider=organisation.provider),
        listed=organisation.listed,
        chosen=chosen,
        topic=programme.topic,
        topic_href=edition.url("topic", topic=slug) if slug else "",
        hours=_known(programme.hours and _plain(programme.hours, numbers), numbers),
        form=_known(programme.form, numbers),
        price=price(programme.price, numbers),
        trained=count_figure(programme.row, "trained", numbers),
        per_10000=per_10000(programme.row, edition.measures[0], numbers),
    )


def price(amount: float | None, numbers: Numbers) -> Figure:
    """A price in roubles, or that nobody has said it."""
    return _known(None if amount is None else roubles(amount, numbers), numbers)


def roubles(amount: float, numbers: Numbers) -> str:
    """A sum of money; its sign never stands on a line of its own."""
    return f"{_plain(amount, numbers)}{NO_BREAK}₽"


def _plain(value: float, numbers: Numbers) -> str:
    """Without decimals where it has none."""
    return numbers.decimal(value, 0 if float(value).is_integer() else 2)


def _known(said: str | float | None, numbers: Numbers) -> Figure:
    """What records may say, or that they do not."""
    state = State.NOT_COLLECTED
    return Figure(str(said)) if said else Figure(WORDS[state].said(numbers.language), state=state)
