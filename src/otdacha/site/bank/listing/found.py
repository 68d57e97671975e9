"""The organisations of a release that a query string asks for, in the order that it asks for.

The page, its data and the API show the same: what `listing` gives.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import (
    Case,
    ExpressionWrapper,
    F,
    FloatField,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.http import QueryDict

from otdacha.language import Text
from otdacha.release.states import WITH_FIGURE
from otdacha.site.bank import search
from otdacha.site.bank.listing.asked import RELEVANCE, Asked, asked
from otdacha.site.bank.listing.query import Chosen
from otdacha.site.bank.models import Organisation, Programme, Release

PUBLISHED = tuple(state.value for state in WITH_FIGURE)
"""States of an organisation whose effect is shown."""


@dataclass(frozen=True)
class Listing:
    """A list of organisations: what was asked, and what is found.

    filtered: those found, in no order, to be counted. queryset: the same in the order asked for,
    with `cheapest`, the price of the cheapest programme that fits what is asked; None where no
    price is known. understood: how the words of the search were read, where that is not as they are
    written.
    """

    asked: Asked
    filtered: QuerySet[Organisation]
    queryset: QuerySet[Organisation]
    understood: tuple[Text, ...]

    def part(self, place: slice) -> list[Organisation]:
        """Those that stand at `place` in the order asked for, without their `figures`.

        Rows are long: they are put in order by what indexes hold, and only then read.
        """
        keys = list(self.queryset.values_list("pk", flat=True)[place])
        rows = self.queryset.order_by().defer("figures").in_bulk(keys)
        return [rows[key] for key in keys]

    @property
    def problems(self) -> tuple[Text, ...]:
        """What of the query string was not followed, and why."""
        return self.asked.problems

    @property
    def chosen(self) -> tuple[Chosen, ...]:
        """What narrows the list, beside the words of a search."""
        return self.asked.chosen


def listing(release: Release, query: QueryDict) -> Listing:
    """The organisations of `release` that `query` asks for; what it may ask: `bank.asked`."""
    wanted = asked(release.facets, query)
    found = search.find(release, wanted.words) if wanted.words else None
    base = release.organisations.all() if found is None else found.organisations
    filtered = base.filter(*_conditions(wanted, release))
    ordered = filtered.annotate(cheapest=_cheapest(wanted))
    if wanted.sort != RELEVANCE:
        ordered = ordered.order_by(*_order(wanted.sort, backwards=wanted.backwards))
    elif wanted.backwards:
        ordered = ordered.reverse()
    return Listing(
        asked=wanted,
        filtered=filtered.order_by(),
        queryset=ordered,
        understood=() if found is None else found.sentences,
    )


def _conditions(wanted: Asked, release: Release) -> list[Q]:
    conditions = []
    if region := wanted.value("region"):
        conditions.append(Q(region_slug=region))
    if kind := wanted.value("type"):
        conditions.append(Q(type=kind))
    if state := wanted.value("state"):
        conditions.append(Q(state=state))
    if wanted.listed:
        conditions.append(Q(listed=True))
    if (fitting := _fitting(wanted)) is not None:
        conditions.append(Q(pk__in=fitting.filter(release=release).values("organisation")))
    elif wanted.price is not None:
        conditions.append(Q(price__lte=wanted.price))
    return conditions


def _fitting(wanted: Asked) -> QuerySet[Programme] | None:
    """Programmes that have topic, form and price at once.

    None where neither a topic nor a form is chosen: the price of the cheapest programme of an
    organisation is known.
    """
    kinds = {
        field: value
        for field, name in (("topic_slug", "topic"), ("form", "form"))
        if (value := wanted.value(name))
    }
    if not kinds:
        return None
    fitting = Programme.objects.filter(**kinds).order_by()
    return fitting if wanted.price is None else fitting.filter(price__lte=wanted.price)


def _cheapest(wanted: Asked) -> Any:
    fitting = _fitting(wanted)
    if fitting is None:
        return F("price")
    own = fitting.filter(organisation=OuterRef("pk"), price__isnull=False).order_by("price")
    return Subquery(own.values("price")[:1], output_field=FloatField())


def _order(sort: str, *, backwards: bool) -> list[Any]:
    """What has no figure to be ordered by stands last, both ways; ties stand as released."""
    if sort == "effect":
        if not backwards:
            return ["position"]
        # those without an effect stand last in the release, and do here
        worst_first = ExpressionWrapper(Value(0) - F("position"), output_field=IntegerField())
        published = When(state__in=PUBLISHED, then=worst_first)
        turned = Case(published, default=F("position"), output_field=IntegerField())
        return [turned]
    if sort == "name":
        return ["-alphabetical", "position"] if backwards else ["alphabetical", "position"]
    figure, downwards = {"price": (F("cheapest"), False), "trained": (F("trained"), True)}[sort]
    if downwards != backwards:
        return [figure.desc(nulls_last=True), "position"]
    return [figure.asc(nulls_last=True), "position"]
