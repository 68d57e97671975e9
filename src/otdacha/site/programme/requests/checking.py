"""What is wrong with the needs of a form, said at the field: the door's checks, and two more."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from otdacha.language import Text, text
from otdacha.records import REASONS, tried
from otdacha.site.programme.requests.asked import LONGEST, Asked
from otdacha.site.programme.requests.fields import MUNICIPALITY, TABLE, Known


@dataclass(frozen=True)
class Wrong:
    """What is wrong. need: from 0, None: what all needs share; field: None: the need as a whole."""

    need: int | None
    field: str | None
    said: Text


@dataclass(frozen=True)
class Looked:
    """rows: the needs as they would be stored, where nothing is wrong with any. unusual: what is
    not wrong and yet to be looked at."""

    rows: pl.DataFrame
    wrong: tuple[Wrong, ...]
    unusual: tuple[Text, ...]


def looked_at(form: Asked, there: Known) -> Looked:
    """Check a form against the rules of the table of needs and what the site knows."""
    trial = tried(TABLE, form.rows)
    empty = {place for place, need in enumerate(form.needs) if not any(need.values())}
    nothing = text("Nothing is filled in here: fill it in, or take the need away.")
    wrong = [Wrong(place, "reason", nothing) for place in sorted(empty)]
    wrong += [
        Wrong(place, name, text("More than {most} characters.", most=LONGEST))
        for place, name in sorted(form.too_long)
    ]
    of_all: dict[str, Wrong] = {}
    for fault in trial.faults:
        said = REASONS[fault.reason]
        if fault.column == MUNICIPALITY:
            of_all.setdefault(fault.reason, Wrong(None, MUNICIPALITY, said))
        elif fault.row in empty:
            continue  # said already, in words that fit a form
        elif fault.column == "need" or fault.column is None:
            wrong.append(Wrong(fault.row, "need", said))
        else:
            wrong.append(Wrong(fault.row, fault.column, said))
    towns = {code for code, _ in there.towns}
    if towns and not of_all and form.municipality not in towns:
        said = text("This municipality is not known here. Choose one of the list.")
        of_all["unknown"] = Wrong(None, MUNICIPALITY, said)
    return Looked(trial.rows, (*of_all.values(), *wrong), _unusual(form, there))


def _unusual(form: Asked, there: Known) -> tuple[Text, ...]:
    """Topics that nobody offers yet: such a need waits until somebody does."""
    offered = {topic.casefold() for topic in there.topics}
    if not offered:
        return ()
    new = [need["topic"] for need in form.needs if need["topic"].casefold() not in offered | {""}]
    return tuple(
        text(
            "Nobody offers the topic “{topic}” yet: the need waits until somebody does.", topic=one
        )
        for one in dict.fromkeys(new)
    )
