"""A municipality as a row of a table."""

from __future__ import annotations

from dataclasses import dataclass

from otdacha.documents.figures import Figure, count_figure
from otdacha.site.bank.edition import Edition
from otdacha.site.bank.edition.towns import anchor
from otdacha.site.bank.models import Municipality


@dataclass(frozen=True)
class Place:
    """A municipality with its counts, or their states in words."""

    name: str
    anchor: str
    region: str
    region_href: str
    trained: Figure
    providers: Figure


def place(edition: Edition, one: Municipality) -> Place:
    """The row of a municipality; anchor: what the row is called in addresses."""
    slug = one.region_slug
    return Place(
        name=one.name,
        anchor=anchor(one),
        region=one.region,
        region_href=edition.url("region", region=slug) if slug else "",
        trained=count_figure(one.row, "trained", edition.numbers),
        providers=count_figure(one.row, "providers", edition.numbers),
    )
