"""An organisation as a row of a table with its effect on every indicator."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from otdacha.documents.figures import Figure, count_figure, effect_figure
from otdacha.release.states import WITH_FIGURE
from otdacha.site.bank.edition import Edition
from otdacha.site.bank.models import Organisation

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Standing:
    """An organisation; effects are empty where `state` says why there are none.

    chosen: it is the one whose page it is.
    """

    name: str
    href: str
    region: str
    listed: bool
    chosen: bool
    state: str
    effects: tuple[Figure, ...]
    trained: Figure


def standings(edition: Edition, organisations: Iterable[Organisation]) -> list[Standing]:
    """The organisations in the order given. Their `row` and `figures` are read."""
    return [
        standing(edition, one.row, {row["indicator"]: row for row in one.figures["effects"]})
        for one in organisations
    ]


def standing(
    edition: Edition, row: Row, effects: Mapping[str, Row], *, chosen: bool = False
) -> Standing:
    """row: of the released table `providers`. effects: indicator → its row of `effects`."""
    known = row["state"] in WITH_FIGURE
    return Standing(
        name=row["name"] or row["provider"],
        href=edition.url("organisation", provider=row["provider"]),
        region=row["region"] or "",
        listed=bool(row["listed"]),
        chosen=chosen,
        state=row["state"],
        effects=tuple(
            effect_figure(effects[measure.id], measure, edition.numbers)
            for measure in edition.measures
            if known
        ),
        trained=count_figure(row, "trained", edition.numbers),
    )
