"""Lines of a plan as rows of a table."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from otdacha.language import Text, text
from otdacha.programme.wording import LINE_WHY
from otdacha.programme.wording import said as explained
from otdacha.site.programme.edition import PlanEdition
from otdacha.site.programme.models import Line
from otdacha.site.programme.words import EVIDENCE, SOURCES, said


@dataclass(frozen=True)
class Row:
    """One line in the reader's words. paid: source and its part; href: where more of it stands;
    why: the reasons that hold for it; runner_up: the next best run."""

    town: str
    town_href: str
    year: int
    name: str
    topic: str
    provider: str
    provider_href: str
    evidence: Text
    proven: bool
    dates: str
    place: str
    seats: str
    price: str
    cost: str
    paid: list[tuple[Text, str]]
    benefit: str
    interval: str
    why: list[Text]
    runner_up: Text | None


def rows_of(edition: PlanEdition, lines: Iterable[Line]) -> list[Row]:
    """The lines as rows; organisations lead to their evidence where the site has it."""
    known = list(lines)
    pages = edition.organisations({line.provider for line in known})
    places = dict(edition.plan.towns.values_list("code", "name"))
    return [_row(edition, line, pages, places) for line in known]


def _row(
    edition: PlanEdition, line: Line, pages: Mapping[str, str], places: Mapping[str, str]
) -> Row:
    row = line.row
    return Row(
        town=row["municipality_name"] or line.municipality,
        town_href=edition.url("plan_town", town=line.municipality),
        year=line.year,
        name=row["name"] or row["programme"] or line.offer,
        topic=line.topic,
        provider=row["provider_name"] or line.provider,
        provider_href=pages.get(line.provider, ""),
        evidence=said(EVIDENCE, line.evidence),
        proven=line.evidence == "proven",
        dates=dates(edition, row["started"], row["finished"]),
        place=place(edition, row["town"], places),
        seats=edition.numbers.whole(line.seats),
        price=edition.rubles(round(row["fee"] * 100)),
        cost=edition.rubles(line.cost),
        paid=[
            (words, edition.rubles(getattr(line, code)))
            for code, words in SOURCES.items()
            if getattr(line, code)
        ],
        benefit=edition.benefit(line.benefit),
        interval=edition.between(row.get("lower"), row.get("upper")),
        why=[explained(code, LINE_WHY) for code in (row.get("why") or "").split()],
        runner_up=_runner_up(edition, row),
    )


def _runner_up(edition: PlanEdition, row: Mapping[str, Any]) -> Text | None:
    """The next best run and what it would lose; None where no other could take these people."""
    if row.get("runner_up_offer") is None:
        return None
    named = row["runner_up_year"], row["runner_up_provider"], row["runner_up_offer"]
    course, provider = edition.courses.get(named, (named[2], named[1]))
    told = {"course": course, "provider": provider, "year": named[0]}
    loss = row["runner_up_loss"]
    if loss is None:
        return text("Next best for most of them: {course}, {provider}, {year}.", **told)
    if edition.benefit(loss) == edition.benefit(0.0):
        return text("Next best: {course}, {provider}, {year}; it would lose nothing.", **told)
    return text(
        "Next best: {course}, {provider}, {year}; it would lose {loss} of the improvement.",
        loss=edition.benefit(loss),
        **told,
    )


def dates(edition: PlanEdition, started: str | None, finished: str | None) -> str:
    """From when to when a run is held, as far as it is known."""
    known = [dt.date.fromisoformat(day) for day in (started, finished) if day]
    return " – ".join(edition.numbers.day(day) for day in known)


def place(edition: PlanEdition, town: str | None, places: Mapping[str, str]) -> str:
    """Where a run is held: a town by its name, or at a distance."""
    if town is None:
        return text("at a distance").said(edition.language)
    return places.get(town, town)
