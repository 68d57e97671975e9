"""A scenario of pay on a terminal, and as a document for machines."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from otdacha.cli.tables import UNKNOWN, figure, table
from otdacha.language import Text, text

if TYPE_CHECKING:
    from otdacha.cli.verb import Shown
    from otdacha.cli.voice import Voice
    from otdacha.documents.figures import Figure
    from otdacha.pay.scenario import Scenario

SHOWN = 12
"""Rows of a table that are printed."""


def scenario_document(made: Scenario) -> dict[str, Any]:
    """A scenario as a document for machines; nobody's pseudonym is in it."""
    from otdacha.pay.tables import PRIVATE

    kept = ("scenario", "title", "years", "release", "invented", "figures", "leaving", "choice")
    return {
        "path": str(made.path),
        **{name: made.manifest.get(name) for name in kept},
        **{
            name: [_plain(row) for row in frame.iter_rows(named=True)]
            for name, frame in made.tables.items()
            if name not in PRIVATE
        },
    }


def scenario_shown(voice: Voice, made: Scenario) -> list[Shown]:
    """A scenario in sentences and tables: what it costs and who pays, what it brings, how sure."""
    from otdacha.documents.pay.writing import INVENTED
    from otdacha.documents.words import period

    figures = made.figures
    return [
        *([INVENTED] if made.manifest["invented"] else []),
        text(
            "{title}: {cost} ₽ in {years}, of which {federal} ₽ from the federal budget.",
            title=made.manifest["title"][voice.language],
            cost=figure(figures["cost"], voice.language),
            years=period(made.years),
            federal=figure(figures["sources"].get("federal", 0.0), voice.language),
        ),
        *_bought(voice, made),
        _measures(voice, made),
        *_chosen(voice, made),
        _money(voice, made),
        *_bound(voice, made),
        *_left_out(voice, made),
    ]


def papers_of_scenario(made: Scenario) -> list[Text]:
    """How to have a scenario as documents, and on the site."""
    return [
        text("The letter with proposals, in Word: otdacha letter {path}", path=made.path),
        text("The scenario by municipality, in Excel: otdacha workbook {path}", path=made.path),
        text("Open data of the scenario: otdacha export {path}", path=made.path),
        text("Show it on the site: otdacha publish {path}", path=made.path),
    ]


def _bought(voice: Voice, made: Scenario) -> list[Text]:
    from otdacha.documents.numbers import Numbers

    numbers = Numbers(voice.language)
    figures, known = made.figures, made.manifest["leaving"]
    if figures["avoided"] is None:
        return [
            text(
                "How many would stay cannot be estimated: {exits} people have left in the months "
                "on record. More would have to leave, and pay to differ among them.",
                exits=known["exits"],
            )
        ]
    said = [
        text(
            "{avoided} fewer people are expected to leave (95 %: {lower} to {upper}). That follows "
            "from {exits} exits from {first} to {last}, compared within municipalities; it is an "
            "association and no proof.",
            avoided=figure(figures["avoided"], voice.language, 1),
            lower=figure(figures["avoided_lower"], voice.language, 1),
            upper=figure(figures["avoided_upper"], voice.language, 1),
            exits=known["exits"],
            first=numbers.day(date.fromisoformat(known["first"])),
            last=numbers.day(date.fromisoformat(known["last"])),
        )
    ]
    placebo = known.get("placebo")
    if placebo is not None:
        said.append(text("{sentence}", sentence=placebo[voice.language]))
    return said


def _measures(voice: Voice, made: Scenario) -> Any:
    language = voice.language
    rows = made.tables["measures"].iter_rows(named=True)
    return table(
        voice,
        {
            "number": text("No."),
            "measure": text("Measure"),
            "amount": text("How much"),
            "people": text("People"),
            "cost": text("Cost, ₽"),
        },
        [
            (
                row["number"],
                row[f"name_{language}"],
                row[f"amount_{language}"],
                row["people"],
                figure(float(row["cost"]), language),
            )
            for row in rows
        ],
        numbers=("number", "people", "cost"),
    )


def _chosen(voice: Voice, made: Scenario) -> list[Shown]:
    """How sure it is that the levels are the best, beside simpler ways to spend as much; nothing
    where there was nothing to choose."""
    from otdacha.documents.numbers import Numbers
    from otdacha.documents.pay.ways import ways
    from otdacha.documents.pay.writing import verdict_of

    verdict = verdict_of(made, voice.language)
    if not verdict:
        return []
    return [
        text("{sentence}", sentence=verdict),
        table(
            voice,
            {
                "rule": text("How to choose"),
                "cost": text("Cost, ₽"),
                "municipalities": text("Municipalities"),
                "avoided": text("Exits avoided"),
                "ahead": text("The chosen one avoids more by"),
                "sure": text("Is it sure?"),
            },
            [
                (
                    one.name,
                    figure(float(one.cost or 0), voice.language),
                    one.municipalities,
                    _with_range(one.avoided),
                    UNKNOWN if one.ahead is None else _with_range(one.ahead),
                    one.sure or UNKNOWN,
                )
                for one in ways(made.tables["rivals"], Numbers(voice.language))
            ],
            title=text("As much money, spent otherwise"),
            numbers=("cost", "municipalities", "avoided", "ahead"),
        ),
    ]


def _with_range(said: Figure) -> str:
    return f"{said.main} ({said.below})" if said.below else said.main


def _money(voice: Voice, made: Scenario) -> Any:
    from otdacha.programme.wording import SOURCES

    language = voice.language
    return table(
        voice,
        {
            "year": text("Year"),
            "source": text("Source"),
            "needed": text("Needed, ₽"),
            "available": text("Available, ₽"),
            "lacking": text("Lacking, ₽"),
        },
        [
            (
                str(row["year"]),
                SOURCES[row["source"]],
                *(
                    UNKNOWN if row[name] is None else figure(float(row[name]), language)
                    for name in ("needed", "available", "lacking")
                ),
            )
            for row in made.tables["money"].iter_rows(named=True)
        ],
        numbers=("needed", "available", "lacking"),
    )


def _bound(voice: Voice, made: Scenario) -> list[Text]:
    """Towns whose pay would be above the norm that binds them."""
    import polars as pl

    above = made.tables["limits"].filter(pl.col("state") == "above")["municipality"].n_unique()
    unknown = made.tables["limits"].filter(pl.col("state") == "unknown")["municipality"].n_unique()
    said = []
    if above:
        said.append(
            text("Municipalities above the norm of article 136 of the Budget Code: {count}.",
                 count=above)
        )  # fmt: skip
    if unknown:
        said.append(
            text(
                "Municipalities of which it is not known whether they keep the norm of article "
                "136, for want of grants or norm in the records: {count}.",
                count=unknown,
            )
        )
    return said


def _left_out(voice: Voice, made: Scenario) -> list[Any]:
    """What was not counted with, and why; nothing where everything was."""
    from otdacha.documents.pay.words import left_out_of, measure_names
    from otdacha.pay.making.left_out import WHY
    from otdacha.pay.wording import said

    rows = made.tables["excluded"].rows(named=True)
    if not rows:
        return []
    measures = measure_names(made, voice.language)
    return [
        table(
            voice,
            {"of": text("Of what"), "rows": text("Rows"), "why": text("Why")},
            [
                (
                    left_out_of(row["table"], measures, voice.language),
                    row["rows"],
                    said(WHY, row["reason"]),
                )
                for row in rows
            ],
            title=text("Not counted with"),
            numbers=("rows",),
        )
    ]


def _plain(row: dict[str, Any]) -> dict[str, Any]:
    """Money as numbers, days as ISO."""

    def plain(value: Any) -> Any:
        if isinstance(value, Decimal):
            return float(value)
        return value.isoformat() if isinstance(value, date) else value

    return {name: plain(value) for name, value in row.items()}
