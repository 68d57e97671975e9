"""A plan on a terminal, and as a document for machines."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from otdacha.cli.plan_explained import explained_shown, results_shown
from otdacha.cli.tables import figure, table
from otdacha.language import Text, ntext, text

if TYPE_CHECKING:
    import polars as pl

    from otdacha.cli.verb import Shown
    from otdacha.cli.voice import Voice
    from otdacha.programme.moved import Moved
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
    change = _change(made)
    if change is not None:
        document["moved"] = {
            "stay": change.stay,
            "gone": change.gone,
            "come": change.come,
            "lines": change.lines.to_dicts(),
        }
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
        *_replanned(voice, made),
        _lines(voice, made),
    ]
    count = made.tables["lines"].height
    if count > SHOWN:
        shown.append(
            text("These are the dearest {shown} lines of {count}.", shown=SHOWN, count=count)
        )
    return [*shown, *results_shown(voice, made), *explained_shown(voice, made)]


def papers_of(made: Plan) -> list[Text]:
    """How to have a plan as documents."""
    return [
        text("The passport of the programme, in Word: otdacha passport {path}", path=made.path),
        text("The plan by municipality, in Excel: otdacha workbook {path}", path=made.path),
        text("Open data of the plan: otdacha export {path}", path=made.path),
    ]


def unmatched_shown(unmatched: pl.DataFrame) -> list[Shown]:
    """What of contracts, attendance and payments fits no line of a plan, by its reason.

    unmatched: schema `otdacha.programme.execution.UNMATCHED`.
    """
    from otdacha.programme.execution.wording import UNMATCHED

    return [
        ntext(
            "{table}: {count} row does not fit the plan. {reason}",
            "{table}: {count} rows do not fit the plan. {reason}",
            table=what,
            count=rows,
            reason=UNMATCHED[reason],
        )
        for what, reason, rows in unmatched.iter_rows()
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


def _change(made: Plan) -> Moved | None:
    from otdacha.programme.beside import plan_before
    from otdacha.programme.moved import moved

    before = plan_before(made)
    return None if before is None else moved(before, made)


def _replanned(voice: Voice, made: Plan) -> list[Shown]:
    """What was kept of the plan before, and what has moved."""
    import polars as pl

    from otdacha.programme.execution.wording import EASED

    known = made.manifest.get("replanned_from")
    if known is None:
        return []
    on = dt.date.fromisoformat(known["on"]).strftime("%d.%m.%Y")
    shown: list[Shown] = [
        ntext(
            "Made anew from plan {before} as of {day}. Kept as signed: {count} seat, {signed} ₽.",
            "Made anew from plan {before} as of {day}. Kept as signed: {count} seats, {signed} ₽.",
            count=known["seats"],
            before=known["id"],
            day=on,
            signed=figure(known["signed"], voice.language),
        )
    ]
    shown += [
        text(
            "What is signed breaks a rule by itself; the rest keeps it as far as it can: {rule}.",
            rule=EASED[rule],
        )
        for rule in known["eased"]
    ]
    shown += unmatched_shown(
        pl.DataFrame(known["unmatched"], schema=["what", "reason", "rows"], orient="row")
    )
    change = _change(made)
    if change is None:
        return [*shown, text("The plan before is not there, so what has moved cannot be shown.")]
    shown.append(
        text(
            "Seats as before: {stay}. No longer planned: {gone}. New: {come}.",
            stay=change.stay,
            gone=change.gone,
            come=change.come,
        )
    )
    otherwise = change.lines.filter(pl.col("change") != "stays")
    if otherwise.height:
        shown.append(_moved(voice, otherwise))
    return shown


def _moved(voice: Voice, lines: pl.DataFrame) -> Any:
    from otdacha.programme.moved import CHANGES

    return table(
        voice,
        {
            "change": text("What has moved"),
            "started": text("Begins"),
            "municipality": text("Municipality"),
            "provider": text("Organisation"),
            "programme": text("Programme"),
            "seats": text("People"),
            "cost": text("Cost, ₽"),
        },
        [
            (
                CHANGES[row["change"]],
                row["started"].strftime("%d.%m.%Y") if row["started"] else None,
                row["municipality_name"] or row["municipality"],
                row["provider_name"] or row["provider"],
                row["name"] or row["offer"],
                f"{row['before']} → {row['after']}",
                " → ".join(
                    figure(row[name], voice.language) for name in ("cost_before", "cost_after")
                ),
            )
            for row in lines.head(SHOWN).iter_rows(named=True)
        ],
        title=text(
            "The lines that have moved: {shown} of {count}",
            shown=min(SHOWN, lines.height),
            count=lines.height,
        ),
        numbers=("seats", "cost"),
    )
