"""Organisations side by side: what is compared from line to line, one cell for each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from otdacha.documents.figures import Figure, Measure, effect_figure
from otdacha.language import text
from otdacha.release.states import WORDS, State
from otdacha.site.bank.edition import Edition
from otdacha.site.bank.models import Organisation
from otdacha.site.bank.rows.entries import entries


@dataclass(frozen=True)
class Line:
    """One thing that is compared; below: its unit."""

    label: str
    below: str
    cells: tuple[Figure, ...]


def side_by_side(
    edition: Edition, organisations: Sequence[Organisation], topics: Mapping[str, Sequence[str]]
) -> list[Line]:
    """The headline, every indicator, and what stands behind them. topics: by provider."""
    shown = entries(edition, organisations)
    others = (
        (text("Places"), [one.places for one in shown]),
        (text("Grade"), [one.grade for one in shown]),
        (text("People followed"), [one.people for one in shown]),
        (text("People trained"), [one.trained for one in shown]),
        (text("Municipalities"), [one.municipalities for one in shown]),
        (text("Cheapest programme"), [one.price for one in shown]),
        (text("Topics"), [_taught(topics.get(one.provider, ()), edition) for one in shown]),
    )
    return [
        *(
            Line(
                measure.name,
                f"{measure.unit}; {measure.better}",
                tuple(_effect(edition, one, measure) for one in organisations),
            )
            for measure in edition.measures
        ),
        *(Line(label.said(edition.language), "", tuple(cells)) for label, cells in others),
    ]


def _effect(edition: Edition, organisation: Organisation, measure: Measure) -> Figure:
    """Its effect on one indicator, or why there is none."""
    for row in organisation.figures["effects"]:
        if row["indicator"] == measure.id:
            return effect_figure(row, measure, edition.numbers)
    return _state(State(organisation.state), edition)


def _taught(topics: Sequence[str], edition: Edition) -> Figure:
    return Figure("; ".join(topics)) if topics else _state(State.NOT_COLLECTED, edition)


def _state(state: State, edition: Edition) -> Figure:
    return Figure(WORDS[state].said(edition.language), state=state)
