"""Whom a comparison is of, and its chart."""

from __future__ import annotations

from collections.abc import Sequence

from django.http import QueryDict

from otdacha.documents.charts import Chart, comparison
from otdacha.language import Text, text
from otdacha.site.bank.edition import Edition
from otdacha.site.bank.edition.drawn import of_organisation, quantity, threshold
from otdacha.site.bank.listing.query import cleaned
from otdacha.site.bank.models import Organisation

MOST = 6
"""Organisations that are compared with each other, at most."""


def named_organisations(
    edition: Edition, query: QueryDict, problems: list[Text]
) -> list[Organisation]:
    """The organisations that are named, in that order, each once."""
    named = list(dict.fromkeys(name for each in query.getlist("o") if (name := cleaned(each))))
    if len(named) > MOST:
        problems.append(
            text(
                "{count} organisations are named; the first {most} are compared.",
                count=len(named),
                most=MOST,
            )
        )
    named = named[:MOST]
    known = {one.provider: one for one in edition.release.organisations.filter(provider__in=named)}
    problems += [
        text("This release has no organisation “{name}”.", name=name[:60])
        for name in named
        if name not in known
    ]
    return [known[name] for name in named if name in known]


def comparison_chart(edition: Edition, chosen: Sequence[Organisation]) -> Chart:
    """Their effects with intervals on one scale."""
    return comparison(
        [of_organisation(edition, one) for one in chosen],
        quantity(edition),
        threshold=threshold(edition),
    )
