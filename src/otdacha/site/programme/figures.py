"""Numbers of people as they may be shown: a number, or that it is suppressed."""

from __future__ import annotations

from otdacha.documents.figures import Figure
from otdacha.release.states import WORDS, State
from otdacha.site.programme.edition import PlanEdition


def people(edition: PlanEdition, count: int | None, below: str = "") -> Figure:
    """A number of people; where it is not shown, its state."""
    if count is None:
        state = State.SUPPRESSED
        return Figure(main=WORDS[state].said(edition.language), state=state)
    return Figure(main=edition.numbers.whole(count), below=below)
