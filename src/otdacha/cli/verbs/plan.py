"""`otdacha plan`: next years' training inside the budget, from the evidence."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from otdacha.cli.faults import Usage
from otdacha.cli.tables import figure, table
from otdacha.cli.verb import Answer, Verb, argument, option
from otdacha.cli.voice import Voice
from otdacha.language import Text, ntext, text

if TYPE_CHECKING:
    from otdacha.programme.plan import Plan

SHOWN = 12
"""Lines that are printed."""


def plan(
    voice: Voice,
    directory: Annotated[Path, argument(text("Folder of the workspace."), text("DIR"))],
    release: Annotated[
        Path | None,
        option(
            "--release",
            text("Release whose figures are believed (otherwise the newest of the workspace)."),
            text("RELEASE"),
        ),
    ] = None,
    parameters: Annotated[
        Path | None,
        option(
            "--parameters",
            text("Rules of money and duty (otherwise the workspace's programme.toml)."),
            text("FILE"),
        ),
    ] = None,
    year: Annotated[
        int | None,
        option("--year", text("First year of the plan (otherwise the first with a budget).")),
    ] = None,
    today: Annotated[
        str | None,
        option(
            "--today",
            text("Plan as of this day: what has begun by then is not planned (otherwise today)."),
            text("YYYY-MM-DD"),
        ),
    ] = None,
) -> Answer:
    from otdacha.programme.parameters.file import load_parameters
    from otdacha.programme.plan import make_plan
    from otdacha.records import open_workspace
    from otdacha.release import load

    workspace = open_workspace(directory)
    with voice.progress() as progress:
        made = make_plan(
            workspace,
            load(release) if release else None,
            load_parameters(parameters) if parameters else None,
            today=_as_of(today),
            first_year=year,
            progress=progress,
        )
    ready = text("The plan {plan} is ready: {path}", plan=made.id, path=made.path)
    return Answer(plan_document(made), [ready, *plan_shown(voice, made)])


def _as_of(written: str | None) -> dt.date:
    try:
        return dt.date.fromisoformat(written) if written else dt.date.today()
    except ValueError as fault:
        raise Usage(
            text(
                "{option}: {written} is no day. Write it as 2026-11-20.",
                option="--today",
                written=written,
            )
        ) from fault


def plan_document(made: Plan) -> dict[str, Any]:
    """A plan as a document for machines."""
    manifest = made.manifest
    kept = ("plan", "years", "release", "evidence", "because", "invented", "figures")
    return {
        "path": str(made.path),
        **{name: manifest[name] for name in kept},
        "lines": made.tables["lines"].to_dicts(),
        "unmet": made.tables["unmet"].drop("class").to_dicts(),
    }


def plan_shown(voice: Voice, made: Plan) -> list[Any]:
    """A plan in sentences and a table of its dearest lines."""
    figures, manifest = made.figures, made.manifest
    shown: list[Any] = [
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
        _lines(voice, made),
    ]
    count = made.tables["lines"].height
    if count > SHOWN:
        shown.append(
            text("These are the dearest {shown} lines of {count}.", shown=SHOWN, count=count)
        )
    return shown


def _rests_on(manifest: Any) -> Text:
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


PLAN = Verb(
    "plan",
    plan,
    text(
        "Plan the training of the years ahead inside the budget.\n"
        "Takes needs, offers and budgets from the records and what training brings from the newest "
        "release; puts each rouble where services improve most, what the law asks for first; says "
        "how far from the best plan it can be."
    ),
    "otdacha plan union",
)
