"""A plan on a terminal, and as a document for machines."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from otdacha.cli.plan_explained import explained_shown, results_shown
from otdacha.cli.plan_moved import change_of, moved_document, replanned_shown
from otdacha.cli.tables import figure, table
from otdacha.language import Text, ntext, text

if TYPE_CHECKING:
    from otdacha.cli.verb import Shown
    from otdacha.cli.voice import Voice
    from otdacha.programme.plan import Plan

SHOWN = 12
"""Rows of a table that are printed."""
EXPLAINED = ("results", "rivals", "frontier", "shadow", "sensitivity", "robustness")
"""Tables that say what is expected of a plan and why it is as it is; most only where asked for."""


def plan_document(made: Plan) -> dict[str, Any]:
    """A plan as a document for machines; nobody's pseudonym is in it."""
    manifest = made.manifest
    kept = ("plan", "years", "release", "evidence", "because", "invented", "figures")
    document = {
        "path": str(made.path),
        **{name: manifest[name] for name in kept},
        "replanned_from": manifest.get("replanned_from"),
        "lines": made.tables["lines"].to_dicts(),
        "unmet": made.tables["unmet"].drop("class").to_dicts(),
        **{name: made.tables[name].to_dicts() for name in EXPLAINED if name in made.tables},
    }
    change = change_of(made)
    if change is not None:
        document["moved"] = moved_document(change)
    return document


def plan_shown(voice: Voice, made: Plan) -> list[Shown]:
    """A plan in sentences and tables: what it comes to, its dearest lines, and why it is so."""
    from otdacha.documents.plan.writing import INVENTED

    figures, manifest = made.figures, made.manifest
    shown: list[Shown] = [
        *([INVENTED] if manifest["invented"] else []),
        ntext(
            "{count} person of {needed} who need training; {cost} ₽ of {budget} ₽.",
            "{count} people of {needed} who need training; {cost} ₽ of {budget} ₽.",
            count=figures["people"],
            needed=figures["needed"],
            cost=figure(figures["cost"], voice.language),
            budget=figure(figures["budget"], voice.language),
        ),
        _rests_on(manifest),
        text(
            "No other plan inside these rules is better by more than {gap} %.",
            gap=figure(100 * figures["gap"], voice.language, 2),
        ),
        *replanned_shown(voice, made, SHOWN),
        _lines(voice, made),
    ]
    count = made.tables["lines"].height
    if count > SHOWN:
        shown.append(
            text("These are the dearest {shown} lines of {count}.", shown=SHOWN, count=count)
        )
    return [*shown, *results_shown(voice, made), *explained_shown(voice, made)]


def papers_of_plan(made: Plan) -> list[Text]:
    """How to have a plan as documents."""
    return [
        text("The passport of the programme, in Word: otdacha passport {path}", path=made.path),
        text("The plan by municipality, in Excel: otdacha workbook {path}", path=made.path),
        text("Open data of the plan: otdacha export {path}", path=made.path),
    ]


def _rests_on(manifest: Mapping[str, Any]) -> Text:
    if manifest["evidence"]:
        return text(
            "Places go where the figures of release {release} say that services gain most.",
            release=manifest["release"]["id"],
        )
    because = manifest["because"]
    return text(
        "It goes by the priority of needs alone, not by what training brings. {because}",
        because=text(because["en"]) if because else "",
    )


def _lines(voice: Voice, made: Plan) -> Any:
    dearest = made.tables["lines"].sort("cost", descending=True, maintain_order=True).head(SHOWN)
    rows = dearest.select(
        "year", "municipality_name", "provider_name", "name", "seats", "cost"
    ).iter_rows()
    return table(
        voice,
        {
            "year": text("Year"),
            "municipality": text("Municipality"),
            "provider": text("Organisation"),
            "programme": text("Programme"),
            "seats": text("People"),
            "cost": text("Cost, ₽"),
        },
        [(str(year), *words, seats, round(cost)) for year, *words, seats, cost in rows],
        numbers=("seats", "cost"),
    )
